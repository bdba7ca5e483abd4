// The replica's nightly jobs: each configured heartbeat is pinged at once and then at its own pace.
import type { Check } from '../core/check.ts'
import { type Millis, SECOND } from '../core/time.ts'

/** Tells vigie that a job ran. When it throws or rejects nobody listens yet: the job calls again. */
export type Ping = (check: Check) => void | Promise<void>

/** How soon a job calls again when nobody listened. */
const AGAIN: Millis = SECOND

/** Longest wait a timer of Node can hold. */
const LONGEST_TIMER: Millis = 2 ** 31 - 1

/** Begins to ping; returns what ends it. */
export function sendHeartbeats(checks: readonly Check[], ping: Ping): () => void {
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false
  for (const check of checks) if (check.heartbeat) beat(check, check.heartbeat.period, 0)

  return () => {
    stopped = true
    for (const timer of timers.values()) clearTimeout(timer)
  }

  function beat(check: Check, period: Millis, wait: Millis): void {
    const timer = setTimeout(() => void call(check, period), Math.min(wait, LONGEST_TIMER))
    timers.set(check.id, timer.unref())
  }

  async function call(check: Check, period: Millis): Promise<void> {
    let next = period
    try {
      await ping(check)
    } catch {
      next = AGAIN
    }
    if (!stopped) beat(check, period, next)
  }
}
