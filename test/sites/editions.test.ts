import { expect, it } from 'vitest'
import type { Configuration } from '../../src/core/check.ts'
import type { Statement } from '../../src/core/ledger/statement.ts'
import { HOUR } from '../../src/core/time/time.ts'
import { createContact, peerNow } from '../../src/sites/contact.ts'
import { createEditions } from '../../src/sites/editions.ts'
import type { DialogueView } from '../../src/twin/dialogue.ts'
import { createHearer } from '../../src/twin/digest.ts'
import { NOON } from '../core/sayings.ts'

const HOME = { id: 'home' }
const memory = {
  configuration: { site: HOME, sites: [HOME, { id: 'offsite' }], edition: 'e1', configured: NOON - HOUR },
} as { configuration: unknown } as { configuration: Configuration }

function ledger() {
  const listeners: ((news: readonly Statement[]) => void)[] = []
  const said: Statement[] = []
  const hear = (origin: string, payload: unknown, at = NOON) => {
    const statement = {
      origin,
      seq: said.length + 1,
      hlc: { at, count: said.length },
      seen: {},
      type: 'configuration',
      payload,
    }
    said.push(statement)
    for (const listener of listeners) listener([statement])
    return statement
  }
  return {
    said,
    hear,
    statements: () => said,
    say: (_: string, payload: unknown) => hear('home', payload),
    onNews: (listener: (news: readonly Statement[]) => void) => {
      listeners.push(listener)
      return () => {}
    },
  }
}

it('a site signs once for what it has, and again for another', () => {
  const book = ledger()
  const editions = createEditions(book, memory)
  editions.say()
  editions.say()
  createEditions(book, memory).say()
  expect(book.said.map(({ payload }) => payload)).toEqual([{ edition: 'e1', changed: NOON - HOUR }])
  expect(editions.changedAt('home', 'e1')).toBe(NOON - HOUR)
})

it('what another signed for is what it said last, of no time to come, and of no other name', () => {
  const book = ledger()
  const editions = createEditions(book, memory)
  expect(editions.changedAt('offsite', 'e2')).toBeNull()
  book.hear('offsite', { edition: 'e2', changed: NOON - 5 })
  expect(editions.changedAt('offsite', 'e2')).toBe(NOON - 5)
  for (const payload of [{ edition: 'e3', changed: NOON + HOUR }, { edition: 7 }, null]) book.hear('offsite', payload)
  expect(editions.changedAt('offsite', 'e3')).toBeNull()
  expect(editions.changedAt('offsite', 'e2')).toBe(NOON - 5)
  book.hear('offsite.2', { edition: 'e4', changed: NOON })
  expect(editions.changedAt('offsite', 'e2')).toBeNull()
})

it('a site that says its configuration is newer and did not sign for it is taken as the older', () => {
  const hearer = createHearer()
  const site = [null, 1, '1.0', 'e2', 60_000]
  hearer.hear({ epoch: 'b.1', number: 1, base: 0, site, words: {} }, NOON)
  const dialogue = { hearer } as unknown as DialogueView
  const contact = createContact({ id: 'offsite' } as Parameters<typeof createContact>[0], NOON)
  const present = { now: NOON, ticks: 0, fresh: 45_000, owed: false }
  const seen = (signed: boolean) => peerNow(contact, dialogue, { ...present, signed: () => signed })
  contact.peer = seen(true)
  expect(contact.peer.condition?.configured).toBe(NOON - 60_000)
  contact.peer = seen(false)
  expect(contact.peer.condition).toMatchObject({ configured: 0, configuration: 'e2' })
  expect(seen(false)).toBe(contact.peer)
})
