// Simulated time: it jumps from event to event, and promises settle in between.
import type { Millis } from '../../src/core/time/time.ts'

export interface Timeline {
  /** Since the beginning. */
  now(): Millis
  /** Runs once after so many milliseconds; returns how to call it off. */
  after(delay: Millis, run: () => void): () => void
  /** Lets time pass until then. */
  until(end: Millis): Promise<void>
}

interface Event {
  readonly at: Millis
  readonly number: number
  run: (() => void) | null
}

export function createTimeline(): Timeline {
  const heap: Event[] = []
  let now = 0
  let number = 0
  return { now: () => now, after, until }

  function after(delay: Millis, run: () => void): () => void {
    const event: Event = { at: now + Math.max(0, delay), number: number++, run }
    push(event)
    return () => {
      event.run = null
    }
  }

  async function until(end: Millis): Promise<void> {
    await settled()
    for (let event = heap[0]; event !== undefined && event.at <= end; event = heap[0]) {
      pop()
      if (event.run === null) continue
      now = event.at
      event.run()
      await settled()
    }
    now = end
  }

  function push(event: Event) {
    let at = heap.push(event) - 1
    for (let up = (at - 1) >> 1; at > 0 && isSooner(event, heap[up]!); at = up, up = (at - 1) >> 1) {
      heap[at] = heap[up]!
      heap[up] = event
    }
  }

  function pop() {
    const last = heap.pop()!
    if (heap.length === 0) return
    heap[0] = last
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= heap.length) return
      const child = left + 1 < heap.length && isSooner(heap[left + 1]!, heap[left]!) ? left + 1 : left
      if (!isSooner(heap[child]!, last)) return
      heap[at] = heap[child]!
      heap[child] = last
      at = child
    }
  }
}

function isSooner(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number)
}

/**
 * All promises that can settle have: nothing in a simulation waits for anything but simulated time, and a tick's turn
 * comes once no promise is left to go on.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
