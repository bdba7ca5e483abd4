// Does everything that must move still move? For `/healthz`, the dead man's switch and the watchdog.

import type { Check } from '../core/check.ts'
import { MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import type { Health } from '../http/health.ts'

/** When each part last moved, in monotonic milliseconds; null: not yet. */
export interface Movements {
  readonly ticks: Millis
  /** The start, or when the configuration was last taken: nothing can be late before. */
  readonly begun: Millis
  /** The last look that was started. */
  readonly looked: Millis | null
  /** See `shortestInterval`. */
  readonly interval: Millis | null
  /** The last tick that was remembered. */
  readonly remembered: Millis | null
  /** Why results.db takes nothing, null when it does. */
  readonly paused: string | null
  readonly served: Millis | null
  /** Why the folder can't be written, null when it can. */
  readonly unwritten: string | null
}

/** Late is: no look for a minute or twice `interval`, no tick remembered for 30 s, no page for three minutes. */
export function healthOf(moved: Movements): Health {
  const since = (at: Millis | null) => moved.ticks - Math.max(at ?? moved.begun, moved.begun)
  const ago = (at: Millis | null) => (at === null ? 'not yet' : `${Math.round((moved.ticks - at) / 1000)} s ago`)
  const looking = moved.interval === null || since(moved.looked) < Math.max(2 * moved.interval, MINUTE)
  const parts = {
    scheduler: { ok: looking, note: moved.interval === null ? 'no checks' : `last look ${ago(moved.looked)}` },
    store: {
      ok: since(moved.remembered) < 30 * SECOND && moved.paused === null,
      note: moved.paused === null ? `last tick ${ago(moved.remembered)}` : 'results can’t be written',
    },
    publisher: {
      ok: since(moved.served) < 3 * MINUTE && moved.unwritten === null,
      note: moved.unwritten === null ? `last page ${ago(moved.served)}` : 'the folder can’t be written',
    },
  }
  return { ok: Object.values(parts).every((part) => part.ok), parts }
}

/** The same for the watchdog: faults of the disk don't count. They are told to admins, and starting anew mends none. */
export function movingOf(moved: Movements): Health {
  return healthOf({ ...moved, paused: null, unwritten: null })
}

/** Within this time some look must have started; null: nothing is looked at. A look that hangs holds up its next one. */
export function shortestInterval(checks: readonly Check[]): Millis | null {
  const intervals = checks.flatMap(({ heartbeat, rule }) => (heartbeat ? [] : [Math.max(rule.every, rule.timeout)]))
  return intervals.length === 0 ? null : Math.min(...intervals)
}
