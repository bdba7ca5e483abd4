// Follows pictures in passes, one at a time: what comes meanwhile is the next pass's, and of that the newest alone.
import type { Picture } from '../../core/shown/picture.ts'
import type { Pace } from './pace.ts'

export interface Follower {
  follow(picture: Picture): void
  /** A picture waits for the next pass. */
  waits(): boolean
  /** No pass begins any more. */
  stopped(): boolean
  /** Resolves when nothing waits; nobody rests meanwhile. */
  settled(): Promise<void>
  /** Resolves when the pass under way has ended. */
  stop(): Promise<void>
}

/** `pass` takes its picture when it is ready for it, and never rejects. `pace`: at which it rests. */
export function createFollower(pace: Pace, pass: (take: () => Picture) => Promise<void>): Follower {
  let wanted: Picture | null = null
  let working: Promise<void> | null = null
  let ended = false

  return {
    follow: (picture) => {
      wanted = picture
      if (!ended) working ??= work()
    },
    waits: () => wanted !== null,
    stopped: () => ended,
    settled: async () => {
      const rest = pace.hurry()
      while (working !== null) await working
      rest()
    },
    stop: async () => {
      ended = true
      pace.hurry()
      await working
    },
  }

  async function work(): Promise<void> {
    await null // so that it never ends before `working` is set
    while (wanted !== null && !ended) await pass(take)
    working = null
  }

  function take(): Picture {
    const picture = wanted!
    wanted = null
    return picture
  }
}
