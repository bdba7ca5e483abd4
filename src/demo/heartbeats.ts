// The replica's nightly jobs: each configured heartbeat is pinged at once and then at its own pace.
import type { Check, Configuration } from '../core/check.ts'
import { type Millis, SECOND } from '../core/time.ts'

/** Tells vigie that a job ran. Throws or rejects when nobody listens yet: it is tried again. */
export type Ping = (check: Check) => void | Promise<void>

export interface Heartbeats {
  /** Goes on with the heartbeats of this configuration; those already beating keep their pace. */
  follow(configuration: Pick<Configuration, 'services'>): void
  stop(): void
}

/** Longest wait a timer of Node can hold. */
const LONGEST_TIMER: Millis = 2 ** 31 - 1

export function sendHeartbeats(ping: Ping): Heartbeats {
  const beating = new Map<string, { readonly period: Millis; timer: NodeJS.Timeout }>()

  return { follow, stop: () => follow({ services: [] }) }

  function follow(configuration: Pick<Configuration, 'services'>): void {
    const wanted = new Map(configuration.services.flatMap(({ checks }) => checks).map((check) => [check.id, check]))
    for (const [id, { period, timer }] of beating) {
      if (wanted.get(id)?.heartbeat?.period === period) continue
      clearTimeout(timer)
      beating.delete(id)
    }
    for (const check of wanted.values()) {
      if (check.heartbeat && !beating.has(check.id)) beat(check, check.heartbeat.period, 0)
    }
  }

  function beat(check: Check, period: Millis, wait: Millis): void {
    const timer = setTimeout(
      () => {
        Promise.resolve(check)
          .then(ping)
          .then(
            () => period,
            () => SECOND,
          )
          .then((next) => {
            if (beating.get(check.id)?.timer === timer) beat(check, period, next)
          })
      },
      Math.min(wait, LONGEST_TIMER),
    )
    timer.unref()
    beating.set(check.id, { period, timer })
  }
}
