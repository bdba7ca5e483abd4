// Time that a test moves: timers fire in order, promises settle in between.
import type { Millis } from '../../src/core/time/time.ts'

export interface FakeTime {
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
  /** Lets so much time pass. */
  pass(length: Millis): Promise<void>
}

export function fakeTime(): FakeTime {
  let now = 0
  let number = 0
  const timers = new Map<number, { at: Millis; run: () => void }>()
  const settle = async () => {
    for (let round = 0; round < 20; round++) await Promise.resolve()
  }
  return {
    ticks: () => now,
    after: (delay, run) => {
      const id = number++
      timers.set(id, { at: now + Math.max(0, delay), run })
      return () => {
        timers.delete(id)
      }
    },
    async pass(length) {
      const end = now + length
      for (;;) {
        await settle()
        const next = [...timers]
          .filter(([, timer]) => timer.at <= end)
          .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0]
        if (next === undefined) break
        timers.delete(next[0])
        now = Math.max(now, next[1].at)
        next[1].run()
      }
      now = end
      await settle()
    },
  }
}
