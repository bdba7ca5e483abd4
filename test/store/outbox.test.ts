import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Letter } from '../../src/core/letter.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { type Decision, type Ledger, openLedger } from '../../src/store/ledger.ts'
import { openKey, type SiteKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const ALICE = 'alice@admins.example'
const BOB = 'bob@admins.example'

let dir: string
let key: SiteKey
let now: number
let ledger: Ledger
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-outbox-'))
  folders.push(dir)
  key = openKey(dir)
  now = NOON
  ledger = open()
})
afterEach(() => ledger.close())
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function open(): Ledger {
  return openLedger(dir, { site: 'home', sealer: sealer(key), now: () => now })
}

function reopen(): void {
  ledger.close()
  ledger = open()
}

function letter(key: string, thread = 'outage-1', at = NOON): Letter {
  return { key, event: 'down', thread, at, news: { kind: 'test' } }
}

function decision(part: Partial<Decision>): Decision {
  return { living: new Map(), letters: [], entries: [], ...part }
}

function post(...keys: readonly string[]): void {
  ledger.remember(decision({ letters: keys.map((key) => ({ letter: letter(key), recipients: [ALICE] })) }))
}

function said(): readonly { type: string; payload: unknown }[] {
  return ledger
    .entries('home', 0, 1000)
    .map(({ type, payload }) => ({ type, payload: JSON.parse(Buffer.from(payload).toString()) as unknown }))
}

describe('the outbox', () => {
  it('has a letter due at once that was decided before the clock was set back', () => {
    ledger.remember(decision({ letters: [{ letter: letter('early', 't', NOON + 30 * MINUTE), recipients: [ALICE] }] }))
    expect(ledger.due(NOON)).toHaveLength(1)
  })

  it('holds a letter once for each recipient, whoever decides it again', () => {
    const both = decision({ letters: [{ letter: letter('down 1'), recipients: [ALICE, BOB] }] })
    ledger.remember(both)
    ledger.remember(both)
    expect(ledger.due(now).map(({ recipient }) => recipient)).toEqual([ALICE, BOB])
    const [first] = ledger.due(now)
    ledger.sent(first!.id, now, 'smtp://relay:25', '250 ok')
    ledger.remember(both)
    expect(ledger.due(now).map(({ recipient }) => recipient)).toEqual([BOB])
    expect(ledger.unsent()).toBe(1)
  })

  it('gives letters oldest first, whole, and says when the next is due', () => {
    expect(ledger.nextDue()).toBeNull()
    now = NOON + 5000
    ledger.remember(decision({ letters: [{ letter: letter('later', 't', now), recipients: [ALICE] }] }))
    now = NOON
    post('sooner')
    expect(ledger.due(NOON + 5000).map((one) => one.letter)).toEqual([
      letter('sooner'),
      letter('later', 't', NOON + 5000),
    ])
    expect(ledger.due(NOON).map((one) => one.letter.key)).toEqual(['sooner'])
    expect(ledger.nextDue()).toBe(NOON)
  })

  it('puts a refused letter off and counts the tries', () => {
    post('a')
    const { id } = ledger.due(now)[0]!
    ledger.began(id, now, 'smtp://one:25')
    ledger.failed(id, now + 10, 'smtp://one:25', '421 busy', now + MINUTE, false)
    expect(ledger.due(now + MINUTE - 1)).toEqual([])
    expect(ledger.nextDue()).toBe(now + MINUTE)
    expect(ledger.due(now + MINUTE)).toMatchObject([{ id, attempts: 1, uncertain: false, recipient: ALICE }])
    ledger.began(id, now + MINUTE, 'smtp://two:25')
    ledger.failed(id, now + MINUTE, 'smtp://two:25', 'no answer', now + 2 * MINUTE, true)
    expect(ledger.due(now + 2 * MINUTE)).toMatchObject([{ attempts: 2, uncertain: true }])
    ledger.began(id, now + 2 * MINUTE, 'smtp://one:25')
    ledger.sent(id, now + 2 * MINUTE + 5, 'smtp://one:25', '250 2.0.0 queued as 1')
    expect(ledger.due(now + DAY)).toEqual([])
    expect(ledger.nextDue()).toBeNull()
    expect(ledger.attempts(10).map(({ relay, outcome, note }) => [relay, outcome, note])).toEqual([
      ['smtp://one:25', 'sent', '250 2.0.0 queued as 1'],
      ['smtp://two:25', 'uncertain', 'no answer'],
      ['smtp://one:25', 'failed', '421 busy'],
    ])
    expect(ledger.attempts(1)).toHaveLength(1)
    expect(said().map(({ type }) => type)).toEqual([
      'alert.intent',
      'alert.failed',
      'alert.intent',
      'alert.failed',
      'alert.intent',
      'alert.sent',
    ])
    expect(said()[1]!.payload).toEqual({
      letter: 'a',
      about: ['a'],
      to: ALICE,
      relay: 'smtp://one:25',
      at: now + 10,
      note: '421 busy',
      uncertain: false,
    })
  })

  it('knows after a kill between begun and sent that it may have gone out', () => {
    post('a')
    ledger.began(ledger.due(now)[0]!.id, now, 'smtp://one:25')
    reopen()
    expect(ledger.due(now)).toMatchObject([{ attempts: 1, uncertain: true }])
    expect(ledger.attempts(1)).toMatchObject([{ outcome: 'begun' }])
  })

  it('does not wait for a moment that only a wrong clock named', () => {
    post('a')
    const { id } = ledger.due(now)[0]!
    now = NOON + 320 * DAY
    ledger.began(id, now, 'r')
    ledger.failed(id, now, 'r', 'no', now + DAY, false)
    expect(ledger.due(now + HOUR)).toHaveLength(1)
    now = NOON
    expect(ledger.nextDue()).toBe(NOON)
    expect(ledger.due(NOON)).toHaveLength(1)
  })

  it('takes back what is superseded, with what supersedes it, and to one recipient if told so', () => {
    post('a', 'b')
    ledger.remember(decision({ letters: [{ letter: letter('c'), recipients: [ALICE, BOB] }], withdraw: ['a', 'b'] }))
    expect(ledger.due(now).map(({ letter, recipient }) => [letter.key, recipient])).toEqual([
      ['c', ALICE],
      ['c', BOB],
    ])
    expect(ledger.withdraw(['c', 'unheard of'], BOB)).toBe(1)
    expect(ledger.due(now).map(({ recipient }) => recipient)).toEqual([ALICE])
    expect(ledger.withdraw(['c'])).toBe(1)
    expect(ledger.unsent()).toBe(0)
    post('a')
    expect(ledger.unsent(), 'news taken back stays so').toBe(0)
  })

  it('does not take back what went out', () => {
    post('a')
    ledger.sent(ledger.due(now)[0]!.id, now, 'r', '250')
    expect(ledger.withdraw(['a'])).toBe(0)
    expect(ledger.sentOf('outage-1')).toHaveLength(1)
  })

  it('says what went out of a thread, when it was first told, and how much a recipient got', () => {
    post('a', 'b', 'c')
    expect(ledger.toldAt('outage-1')).toBeNull()
    for (const [index, { id }] of ledger.due(now).slice(0, 2).entries())
      ledger.sent(id, NOON + 1000 * (index + 1), 'r', '250')
    expect(ledger.sentOf('outage-1')).toEqual([
      { letter: letter('a'), recipient: ALICE, at: NOON + 1000 },
      { letter: letter('b'), recipient: ALICE, at: NOON + 2000 },
    ])
    expect(ledger.toldAt('outage-1')).toBe(NOON + 1000)
    expect(ledger.toldAt('other')).toBeNull()
    now = NOON + HOUR
    expect(ledger.sentSince(ALICE, now - HOUR)).toEqual([NOON + 1000, NOON + 2000])
    expect(ledger.sentSince(ALICE, NOON + 1000)).toEqual([NOON + 2000])
    expect(ledger.sentSince(BOB, now - HOUR)).toEqual([])
    now = NOON + 1500
    expect(ledger.sentSince(ALICE, NOON), 'a mail of the future is a clock that was wrong').toEqual([NOON + 1000])
  })

  it('forgets letters 90 days after they were done with, and never one that waits', () => {
    post('a', 'b', 'c')
    const [a] = ledger.due(now)
    ledger.began(a!.id, now, 'r')
    ledger.sent(a!.id, now, 'r', '250')
    ledger.withdraw(['b'])
    ledger.prune(NOON + 90 * DAY)
    expect(ledger.sentOf('outage-1')).toHaveLength(1)
    ledger.prune(NOON + 90 * DAY + 1)
    expect(ledger.sentOf('outage-1')).toEqual([])
    expect(ledger.attempts(10)).toEqual([])
    expect(ledger.due(now).map(({ letter }) => letter.key)).toEqual(['c'])
  })
})
