// Everything that is to happen later on one site, so that nothing happens once it has ended.
import type { Millis } from '../core/time/time.ts'

export interface Timers {
  /** Calls back once; returns what takes that back. */
  after(delay: Millis, run: () => void): () => void
  /** Takes everything back; what is asked for from now on never happens. */
  stop(): void
}

/** The longest that a timer of Node's waits. */
const LONGEST: Millis = 2 ** 31 - 1

/** Timers of Node's. */
export function createTimers(): Timers {
  const waiting = new Set<NodeJS.Timeout>()
  let stopped = false
  return { after, stop }

  function after(delay: Millis, run: () => void): () => void {
    if (stopped) return () => {}
    const timer = setTimeout(
      () => {
        waiting.delete(timer)
        run()
      },
      Math.min(delay, LONGEST),
    )
    waiting.add(timer)
    return () => {
      clearTimeout(timer)
      waiting.delete(timer)
    }
  }

  function stop(): void {
    stopped = true
    for (const timer of waiting) clearTimeout(timer)
    waiting.clear()
  }
}
