// One clock for everything: it runs with the monotonic clock and is set by the wall clock. Lengths of time never suffer
// from somebody setting the time; a jump is told apart from drift and announced.
import type { Instant, Millis } from '../core/time/time.ts'

export interface Clock {
  /** The wall clock as it was at the last `check`, moved on by the monotonic one. */
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
  /** Compares with the wall clock, follows drift, and says by how much it jumped (0: it didn't). Call it every second. */
  check(): Millis
}

/** A difference from this on is a jump; less is drift and followed at once. */
const JUMP: Millis = 5_000

/** Takes the wall clock for right as it is now; both in milliseconds. `now` is whole, `ticks` is not. */
export function createClock(wall: () => number, monotonic: () => number): Clock {
  let base = wall() - monotonic()
  return {
    now: () => Math.round(base + monotonic()),
    ticks: monotonic,
    check: () => {
      const difference = wall() - monotonic() - base
      base += difference
      return Math.abs(difference) >= JUMP ? Math.round(difference) : 0
    },
  }
}
