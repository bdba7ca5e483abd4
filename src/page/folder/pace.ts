// How often a thing is done that everybody asks for at once: the first time without delay, then with a rest between.
import type { Millis } from '../../core/time/time.ts'

export interface Pace {
  /** Resolves when the next time may begin: so long after the last one began, or at once while hurried. */
  turn(): Promise<void>
  /** Nobody rests until what this returns is called. */
  hurry(): () => void
}

/** `ticks`: monotonic. */
export function createPace(apart: Millis, ticks: () => Millis): Pace {
  let last = Number.NEGATIVE_INFINITY
  let hurries = 0
  let wake: (() => void) | null = null
  return { turn, hurry }

  async function turn(): Promise<void> {
    const rest = last + apart - ticks()
    if (hurries === 0 && rest > 0) await sleep(rest)
    last = ticks()
  }

  function hurry(): () => void {
    hurries += 1
    wake?.()
    return () => {
      hurries -= 1
    }
  }

  function sleep(rest: Millis): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(awake, rest)
      wake = awake
      function awake() {
        clearTimeout(timer)
        wake = null
        resolve()
      }
    })
  }
}

/** Between two files others have their turn. */
export function breath(): Promise<void> {
  return new Promise((resume) => setImmediate(resume))
}
