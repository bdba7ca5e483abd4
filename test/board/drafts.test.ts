import { expect, it } from 'vitest'
import { createAttendant } from '../../src/board/attendant.ts'
import { createBoard } from '../../src/board/board.ts'
import { createDrafts } from '../../src/board/drafts.ts'
import { createPost } from '../../src/board/post.ts'
import type { Statement } from '../../src/core/ledger/statement.ts'
import { MINUTE } from '../../src/core/time/time.ts'
import type { Memory } from '../../src/memory.ts'
import { NOON } from '../core/sayings.ts'

const LATE = 'web-late'
const EARLY = 'web-early'

/** A site whose web is down under a name; what it says goes into one ledger, with what another site says. */
function stage() {
  const listeners: ((news: readonly Statement[]) => void)[] = []
  const said: Statement[] = []
  const hear = (origin: string, type: string, payload: unknown) => {
    const statement = {
      origin,
      seq: said.length + 1,
      hlc: { at: NOON + said.length, count: 0 },
      seen: { home: said.length, offsite: said.length },
      type,
      payload,
    }
    said.push(statement)
    for (const listener of listeners) listener([statement])
  }
  const board = createBoard({
    statements: () => said,
    say: (type, payload) => hear('home', type, payload) as never,
    onMended: () => () => {},
    onNews: (listener) => {
      listeners.push(listener)
      return () => {}
    },
  })
  const outage = { id: LATE, since: NOON, opened: NOON, confirmed: true, confirmedAt: NOON }
  const known = { status: 'major_outage', cause: null, outages: { members: outage, admins: null } }
  const configuration = {
    languages: ['fr'],
    timezone: 'Europe/Paris',
    services: [{ id: 'web', name: { fr: 'Le site' }, audience: 'members', checks: [] }],
    drafts: { publishAfter: MINUTE },
    site: { id: 'home', role: 'full' },
    sites: [{ id: 'home' }, { id: 'offsite' }],
    templates: [],
  }
  const services = new Map([['web', known]])
  const memory = {
    services,
    checks: new Map(),
    serviceById: new Map([['web', configuration.services[0]]]),
    configuration,
  } as unknown as Memory
  const now = () => NOON + 10 * MINUTE
  const drafts = createDrafts({
    memory,
    board,
    ledger: { living: () => new Map(), remember: () => true } as unknown as Parameters<
      typeof createDrafts
    >[0]['ledger'],
    voices: () => [],
    able: () => null,
    now,
  })
  const random = (length: number) => new Uint8Array(length)
  const post = createPost({ board, drafts, take: () => [], configuration: () => memory.configuration, now, random })
  const attendant = createAttendant({ memory, board, post, write: () => {}, now })
  return {
    ...{ board, drafts, attendant, post, hear },
    /** The outage goes by the other site's name. */
    giveWay: () => {
      hear('offsite', 'outage.open', { id: EARLY, service: 'web', audience: 'members', since: NOON })
      hear('home', 'outage.open', { id: EARLY, service: 'web', audience: 'members', since: NOON })
      hear('home', 'outage.close', { id: LATE, service: 'web', audience: 'members', became: EARLY })
      services.set('web', { ...known, outages: { members: { ...outage, id: EARLY }, admins: null } })
    },
    end: () => services.set('web', { ...known, outages: { members: null as never, admins: null } }),
  }
}

it('what was told or thrown away under a name that gave way does not come back, nor ends before its time', () => {
  const { board, drafts, attendant, giveWay, end } = stage()
  attendant.attend()
  const [first] = board.incidents()
  expect(first).toMatchObject({ automatic: true, outages: [LATE], status: 'investigating' })
  giveWay()
  expect(drafts.all()).toEqual([])
  attendant.attend()
  expect(board.incidents()).toMatchObject([{ id: first!.id, outages: [EARLY], status: 'investigating' }])
  end()
  attendant.attend()
  expect(board.incidents()).toMatchObject([{ id: first!.id, status: 'resolved' }])

  const other = stage()
  expect(other.drafts.dismiss(LATE)).toBe(true)
  other.giveWay()
  expect(other.drafts.all()).toEqual([])
})

it('an admin who reads of a draft under its former name publishes it all the same', () => {
  const { drafts, giveWay } = stage()
  giveWay()
  expect(drafts.get(LATE)?.outages).toEqual([EARLY])
})

it('published on two sites that did not hear each other, it is one, and what vigie published gives way to a person', () => {
  for (const by of ['vigie', 'alice']) {
    const { board, attendant, giveWay, hear } = stage()
    attendant.attend()
    const [own] = board.incidents()
    const words = { title: own!.title, text: own!.updates[0].text, status: 'investigating', impact: 'major' }
    const about = { services: ['web'], started: NOON, raises: 'none', outages: [EARLY], update: 'uuuuuuuuuuuu' }
    hear('offsite', 'incident.open', { id: 'bbbbbbbbbbbb', by, at: own!.created - 1, key: null, ...words, ...about })
    attendant.attend()
    expect(board.incidents().length).toBe(2)
    giveWay()
    attendant.attend()
    attendant.attend()
    const id = by === 'vigie' ? own!.id : 'bbbbbbbbbbbb'
    expect(board.incidents()).toMatchObject([{ id, status: 'investigating', automatic: by === 'vigie', updates: [{}] }])
    for (const name of [own!.id, 'bbbbbbbbbbbb']) expect(board.incident(name)?.id).toBe(id)
  }
})

it('has one name wherever it is published from, by vigie or by hand', () => {
  const [one, other] = [stage(), stage()]
  one.attendant.attend()
  const from = { by: 'alice', key: null }
  const published = other.post.incident.open({ draft: LATE, text: 'Nous regardons.' }, from)
  expect('done' in published && published.done.id).toBe(one.board.incidents()[0]!.id)
})
