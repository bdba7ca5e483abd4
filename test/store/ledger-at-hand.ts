// A ledger in a folder of its own for each test, with a clock the test sets.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach } from 'vitest'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { type Decision, type Ledger, openLedger } from '../../src/store/ledger.ts'
import { openKey, type SiteKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'

export const NOON = Date.UTC(2026, 10, 23, 12)
export const ALICE = 'alice@admins.example'

/** What the tests of a file share; call once, at its top. */
export function ledgerAtHand(name: string) {
  const hand = {
    /** Removed at the end. */
    folders: [] as string[],
    dir: '',
    key: null as unknown as SiteKey,
    now: NOON,
    ledger: null as unknown as Ledger,
    open: () => openLedger(hand.dir, { site: 'home', sealer: sealer(hand.key), now: () => hand.now }),
    reopen() {
      hand.ledger.close()
      hand.ledger = hand.open()
    },
    /** Letters to Alice, as one decision. */
    post(...keys: readonly string[]) {
      hand.ledger.remember(decision({ letters: keys.map((key) => ({ letter: letter(key), recipients: [ALICE] })) }))
    },
    /** What the site said in its log, oldest first. */
    said: (): readonly { type: string; payload: unknown }[] =>
      hand.ledger
        .entries('home', 0, 1000)
        .map(({ type, payload }) => ({ type, payload: JSON.parse(Buffer.from(payload).toString()) as unknown })),
  }
  beforeEach(() => {
    hand.dir = mkdtempSync(join(tmpdir(), `vigie-${name}-`))
    hand.folders.push(hand.dir)
    hand.key = openKey(hand.dir)
    hand.now = NOON
    hand.ledger = hand.open()
  })
  afterEach(() => hand.ledger.close())
  afterAll(() => {
    for (const folder of hand.folders) rmSync(folder, { recursive: true, force: true })
  })
  return hand
}

export function letter(key: string, thread = 'outage-1', at = NOON): Letter {
  return { key, event: 'down', thread, at, news: { kind: 'test' } }
}

export function decision(part: Partial<Decision>): Decision {
  return { living: new Map(), letters: [], entries: [], ...part }
}
