// The nightly work: rolls results up, forgets what is old, copies the ledger. In small bites, and never on a clock that
// may be wrong: it would forget the wrong things.
import { setTimeout as pause } from 'node:timers/promises'
import type { Instant } from '../core/time/time.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Results } from '../store/results.ts'

/**
 * Settles when all is done, and rests between bites. Rejects with what the ledger throws. The copy is made whatever the
 * clock.
 */
export async function runNight(deps: {
  readonly results: Results
  readonly ledger: Ledger
  readonly timezone: string
  /** Our clock agrees with that of others, see `Line`. */
  readonly trusted: boolean
  /** The last entry of an origin that every other site has. */
  readonly covered: (origin: string) => number
  readonly now: Instant
}): Promise<void> {
  const { results, ledger, timezone, trusted, now } = deps
  while (results.rollUp(now, timezone, trusted)) await pause(200)
  if (trusted) {
    ledger.prune(now)
    ledger.fold(deps.covered)
  }
  ledger.copy()
}
