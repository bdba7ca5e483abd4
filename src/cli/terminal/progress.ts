// A line that says what is still being waited for, rewritten in place; nothing where nobody watches.
import type { Screen } from './screen.ts'
import { cut } from './width.ts'

export interface Progress {
  /** Something is being waited for from now on. */
  begin(name: string): void
  end(name: string): void
  /** Takes the line away. */
  clear(): void
}

/** `of`: how many there will be. Redrawn at most every so many milliseconds of the monotonic clock. */
export function showProgress(screen: Screen, of: number, monotonic: () => number): Progress {
  if (!screen.live) return { begin: () => {}, end: () => {}, clear: () => {} }
  const pending = new Set<string>()
  let done = 0
  let drawn = Number.NEGATIVE_INFINITY

  return {
    begin(name) {
      pending.add(name)
      draw()
    },
    end(name) {
      pending.delete(name)
      done++
      draw()
    },
    clear: () => screen.write('\r\x1b[K'),
  }

  function draw() {
    const now = monotonic()
    if (now - drawn < REDRAWN_EVERY && pending.size > FEW && done < of) return
    drawn = now
    const text = `${done} of ${of}${pending.size === 0 ? '' : `, waiting for ${[...pending].join(', ')}`}`
    screen.write(`\r\x1b[K${screen.paint(cut(text, screen.columns - 1), 'dim')}`)
  }
}

const REDRAWN_EVERY = 50
/** The last ones are named at once: they are what one waits for. */
const FEW = 5
