// The replica's nightly jobs: each configured heartbeat is pinged at once and then at its own pace.
import type { Check } from '../core/check.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import type { Faults } from './faults.ts'
import { JOB } from './places.ts'

/** Tells vigie that a job ran, and how it ended. When it throws or rejects nobody listens yet: the job calls again. */
export type SendPing = (check: Check, ok: boolean) => void | Promise<void>

/** How soon a job calls again when nobody listened. */
const AGAIN: Millis = SECOND

/** Longest wait a timer of Node can hold. */
const LONGEST_TIMER: Millis = 2 ** 31 - 1

/** Begins to ping; returns what ends it. A job that breaks or is repaired runs at once. */
export function sendHeartbeats(checks: readonly Check[], ping: SendPing, faults: Faults): () => void {
  const timers = new Map<string, NodeJS.Timeout>()
  const jobs = checks.flatMap((check) => (check.heartbeat ? [{ check, period: check.heartbeat.period }] : []))
  const known = new Map<string, string | undefined>()
  let stopped = false
  for (const { check, period } of jobs) beat(check, period, 0)
  const unsubscribe = faults.onChange(() => {
    for (const { check, period } of jobs) if (known.get(check.id) !== conditionOf(check)) beat(check, period, 0)
  })

  return () => {
    stopped = true
    unsubscribe()
    for (const timer of timers.values()) clearTimeout(timer)
  }

  function conditionOf({ id }: Check): string | undefined {
    return faults.road({ host: id, port: JOB, family: null })?.manner
  }

  function beat(check: Check, period: Millis, wait: Millis): void {
    clearTimeout(timers.get(check.id))
    known.set(check.id, conditionOf(check))
    const timer = setTimeout(() => void call(check, period), Math.min(wait, LONGEST_TIMER))
    timers.set(check.id, timer.unref())
  }

  async function call(check: Check, period: Millis): Promise<void> {
    const condition = conditionOf(check)
    let next = period
    try {
      if (condition !== 'lost') await ping(check, condition === undefined)
    } catch {
      next = AGAIN
    }
    if (!stopped && condition === conditionOf(check)) beat(check, period, next)
  }
}
