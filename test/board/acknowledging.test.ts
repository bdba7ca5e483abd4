import { describe, expect, it } from 'vitest'
import { createAcknowledging } from '../../src/board/acknowledging.ts'
import { createBoard } from '../../src/board/board.ts'
import type { Statement } from '../../src/core/ledger/statement.ts'
import { saidThen } from '../../src/core/said/as-of.ts'
import type { Memory } from '../../src/memory.ts'
import type { Ledger } from '../../src/store/ledger.ts'
import { NOON, statement } from '../core/sayings.ts'

const site = (id: string, url: string | null, role = 'full') => ({ id, url, role, key: null, where: null, domain: id })
const HOME = site('home', 'https://etat.example/')

/** As signatures go, but of no key: whoever says so signed it. */
const SEAL = {
  vouch: (said: string) => `home${said.length}`.padEnd(86, '-'),
  isVouched: (from: string, said: string, signature: string) => signature === `${from}${said.length}`.padEnd(86, '-'),
}

const GAVE_WAY = { id: 'web-late', service: 'web', audience: 'members', became: 'web-early' }

it('an outage is taken on by a name it had, once, and whoever reads back finds that under each', () => {
  const said: Statement[] = [statement('outage.close', GAVE_WAY, 'home', 1)]
  let hear: (news: readonly Statement[]) => void = () => {}
  const board = createBoard({
    statements: () => said,
    say: () => undefined as never,
    onMended: () => () => {},
    onNews: (listener) => {
      hear = listener
      return () => {}
    },
  })
  const living = new Map<string, string>()
  const letters: string[] = []
  const ledger = {
    living: () => living,
    remember: (decision: Parameters<Ledger['remember']>[0]) => {
      for (const { letter } of decision.letters) letters.push(letter.key)
      for (const { type, payload } of decision.entries) {
        said.push(statement(type, payload, 'home', said.length + 1))
        hear(said.slice(-1))
      }
    },
  } as unknown as Ledger
  const memory = {
    services: new Map([['web', { outages: { members: { id: 'web-early', since: NOON }, admins: null } }]]),
    serviceById: new Map(),
    alerts: { alarms: {} },
    configuration: { alerts: [], site: HOME, sites: [HOME] },
  } as unknown as Memory
  const acknowledging = createAcknowledging({
    memory,
    board,
    ledger,
    ...SEAL,
    wrote: () => {},
    now: () => NOON,
  })
  const news = { kind: 'down', affected: [], children: [], suspected: null }
  const letter = { key: 'web-late:down', event: 'down', thread: 'web-late', at: NOON, news } as never
  const token = acknowledging.link(letter, 'a@example.org')!.split('/').at(-1)!
  expect(acknowledging.about(token)).toMatchObject([{ id: 'web-early', acknowledgement: null }])
  expect(acknowledging.take(['web-late'], 'alice')).toMatchObject([{ by: 'alice' }])
  expect(acknowledging.take(['web-early'], 'bob')).toMatchObject([{ by: 'alice' }])
  expect(acknowledging.accept(token)).toBe(true)
  expect(letters).toEqual(['web-early:ack'])
  expect(acknowledging.take(['web-other'], 'bob')).toEqual([])
  const { acknowledgements } = saidThen(said, 'web', NOON)
  for (const name of ['web-late', 'web-early']) expect(acknowledgements.get(name)?.by).toBe('alice')
})

it('several are taken on together, in one letter, a reply to what was told of the first', () => {
  const taken = new Set<string>()
  const decisions: Parameters<Ledger['remember']>[0][] = []
  const outage = (id: string) => ({ outages: { members: { id, since: NOON }, admins: null } })
  const memory = {
    services: new Map(['host', 'mail', 'web'].map((id) => [id, outage(`${id}-1`)])),
    serviceById: new Map(),
    alerts: { alarms: { 'host-1': { told: 'down', letter: 'l', thread: 'told' } } },
    configuration: { alerts: [], site: HOME, sites: [HOME] },
  } as unknown as Memory
  const acknowledging = createAcknowledging({
    memory,
    board: {
      isSame: (one, other) => one === other,
      acknowledgement: (id) => (taken.has(id) ? { outage: id, by: 'alice', at: NOON } : null),
    },
    ledger: {
      remember: (decision) => {
        decisions.push(decision)
        for (const { payload } of decision.entries) taken.add((payload as { readonly outage: string }).outage)
      },
    },
    ...SEAL,
    wrote: () => {},
    now: () => NOON,
  })
  expect(acknowledging.take(['host-1', 'web-1', 'gone-1', 'host-1'], 'alice')).toHaveLength(2)
  expect([...taken]).toEqual(['host-1', 'web-1'])
  const letters = decisions.flatMap((decision) => decision.letters.map(({ letter }) => letter))
  expect(letters).toMatchObject([{ key: 'host-1:ack', thread: 'told' }])
  expect(acknowledging.take(['web-1', 'mail-1'], 'bob').map(({ outage }) => outage)).toEqual(['web-1', 'mail-1'])
  expect(decisions.at(-1)!.letters).toMatchObject([
    { letter: { key: 'mail-1:ack', thread: 'mail-1', news: { outages: [{ id: 'mail-1' }] } } },
  ])
})

describe('the link of a mail', () => {
  const letter = { key: 'web-1:down', event: 'down', thread: 'web-1', at: NOON, news: { kind: 'down' } } as never
  const at = (own: ReturnType<typeof site>, ...others: readonly ReturnType<typeof site>[]) => {
    const memory = {
      services: new Map(),
      alerts: { alarms: {} },
      configuration: { alerts: [], site: own, sites: [own, ...others] },
    } as unknown as Memory
    const nothing = { board: { isSame: () => false } as never, ledger: {} as never, wrote: () => {}, now: () => NOON }
    return createAcknowledging({ memory, ...SEAL, ...nothing })
  }
  const offsite = site('offsite', 'https://paris.example/')

  it('leads to a full site that has an address where this one has none, and is known there', () => {
    const hidden = site('home', null)
    const link = at(hidden, site('friend', 'https://ami.example/', 'observer'), offsite).link(letter, 'a@example.org')
    expect(link).toMatch(/^https:\/\/paris\.example\/admin\/ack\//)
    const token = link!.split('/').at(-1)!
    expect(at(offsite, hidden).about(token)).toEqual([])
    expect(at(offsite).about(token), 'from a site nobody knows').toBeNull()
    expect(at(offsite, { ...hidden, role: 'observer' }).about(token), 'from an observer').toBeNull()
    expect(at(offsite, hidden).about(token.replace(/-$/, 'A')), 'altered').toBeNull()
    expect(at(hidden, site('friend', 'https://ami.example/', 'observer')).link(letter, 'a@example.org')).toBeNull()
  })

  it('is in a mail that a service comes and goes while an outage is open that it tells of', () => {
    const alarm = { told: 'unstable', letter: 'web-1:unstable', thread: 'web-1' }
    const linkOf = (kind: string, open: string | null) => {
      const memory = {
        services: new Map([['web', { outages: { members: open && { id: open, since: NOON }, admins: null } }]]),
        serviceById: new Map(),
        alerts: { alarms: { 'web-3': alarm } },
        configuration: { alerts: [], site: HOME, sites: [HOME] },
      } as unknown as Memory
      const board = { isSame: (one: string, other: string) => one === other, acknowledgement: () => null }
      const needs = { memory, board, ledger: {} as never, ...SEAL, wrote: () => {}, now: () => NOON }
      return createAcknowledging(needs).link({ ...(letter as object), news: { kind } } as never, 'a@example.org')
    }
    for (const kind of ['unstable', 'settled']) {
      expect(linkOf(kind, 'web-3')).toMatch(/\/admin\/ack\//)
      expect(linkOf(kind, 'web-4')).toBeNull()
      expect(linkOf(kind, null)).toBeNull()
    }
    expect(linkOf('up', 'web-3')).toBeNull()
  })

  it('is in no mail of an observer, whose word that would not be', () => {
    const friend = site('friend', 'https://ami.example/', 'observer')
    expect(at(friend, offsite).link(letter, 'a@example.org')).toBeNull()
  })
})
