// Who is looked at, and when. One monotonic timer over all checks: spread over the interval by their ids, never the same
// one twice at once, again after `retry` when a look failed. The wall clock has no part in it.
import { createHash } from 'node:crypto'
import type { Check } from './core/check.ts'
import type { Millis } from './core/time/time.ts'

/** What came of a look, as far as its door is concerned; null: nothing that tells of it. */
export type Came = 'answer' | 'silence' | null

/** A thing to look at again and again: a check, or one address family of it. */
export interface Turn {
  readonly key: string
  readonly check: Check
  readonly strand: 4 | 6 | null
}

export interface ScheduleDeps {
  /** Monotonic milliseconds. */
  ticks(): Millis
  /** Runs once after so many milliseconds; returns how to call it off. */
  after(delay: Millis, run: () => void): () => void
  /** Looks; settles when `pace` knows what came of it. Never rejects. */
  look(turn: Turn): Promise<Came>
  /** How soon after a look the next one is due: `every`, or `retry` while something is open. */
  pace(turn: Turn): Millis
  /** Has no opinion yet: is looked at within ten seconds of the start. */
  unknown(turn: Turn): boolean
  /** Started later than a quarter of its interval after it was due. */
  late(turn: Turn, by: Millis): void
  /**
   * What is dialled: four looks at a time go to one address and port. While they time out there the door opens wider, to 32:
   * who lets everything wait is not hurt, and each look takes its whole time.
   */
  door(turn: Turn): string
}

export interface Schedule {
  /** Takes these turns; those that stay keep their place in the interval. */
  set(turns: readonly Turn[]): void
  /** Looks at a check now, unless it is being looked at. */
  hurry(check: string): void
  /** True: a look of this turn is under way, or is due and waits at its door. */
  isComing(key: string): boolean
  stop(): void
  /** When the last look was started, in ticks; null before the first. */
  lastStart(): Millis | null
}

const MOST_AT_ONCE = 256
const MOST_AT_A_DOOR = 4
const MOST_AT_A_SILENT_DOOR = 32

/** A check without an opinion is looked at within this time of the start. */
const FIRST_LOOKS: Millis = 10_000

/** A timer may fire this much before its time. */
const EARLY: Millis = 1

interface Place {
  turn: Turn
  due: Millis
  /** Taken out of the schedule while it stood in the queue. */
  gone: boolean
  /** Its fixed place in the interval, 0 to 1. */
  readonly phase: number
  running: boolean
  /** At its door. */
  waiting: boolean
  /** Asked for while it ran, or before its time. */
  hurried: boolean
}

/**
 * At most 256 looks are under way. A check's place in its interval comes of its key alone, so that a restart keeps all
 * spread out; looks that were missed are not made up for. `stop` ends it for good, but no look under way.
 */
export function createSchedule(deps: ScheduleDeps): Schedule {
  const places = new Map<string, Place>()
  const queue = createQueue<Place>((place) => place.due)
  /** For each door that is open: how many looks go through it, how many may, and who waits for one to come back. */
  const doors = new Map<string, { through: number; width: number; waiting: Place[] }>()
  let running = 0
  let cancel: (() => void) | null = null
  let armed = Number.POSITIVE_INFINITY
  let last: Millis | null = null
  let stopped = false

  return {
    set,
    hurry,
    isComing: (key) => {
      const place = places.get(key)
      return place !== undefined && (place.running || place.waiting)
    },
    stop: () => {
      stopped = true
      cancel?.()
    },
    lastStart: () => last,
  }

  function set(turns: readonly Turn[]) {
    const ticks = deps.ticks()
    const wanted = new Set(turns.map((turn) => turn.key))
    for (const [key, place] of places) {
      if (wanted.has(key)) continue
      place.gone = true
      places.delete(key)
    }
    for (const turn of turns) {
      const place = places.get(turn.key)
      if (place !== undefined && place.turn.check.rule.every === turn.check.rule.every) {
        place.turn = turn
        continue
      }
      if (place !== undefined) place.gone = true
      const phase = phaseOf(turn.key)
      const { every, retry } = turn.check.rule
      const within = deps.unknown(turn)
        ? Math.min(FIRST_LOOKS, every)
        : deps.pace(turn) < every
          ? Math.min(retry, every)
          : every
      const due = ticks + phase * within
      const added = { turn, due, gone: false, phase, running: false, waiting: false, hurried: false }
      places.set(turn.key, added)
      queue.add(added)
    }
    arm()
  }

  function hurry(check: string) {
    const ticks = deps.ticks()
    for (const place of places.values()) {
      if (place.turn.check.id !== check) continue
      if (place.running) place.hurried = true
      else if (place.due > ticks) {
        place.gone = true
        const sooner = { ...place, due: ticks, gone: false }
        places.set(place.turn.key, sooner)
        queue.add(sooner)
      }
    }
    arm()
  }

  /** Starts what is due, oldest first, as far as there is room. What finds none starts when a look ends. */
  function start() {
    cancel = null
    armed = Number.POSITIVE_INFINITY
    const ticks = deps.ticks()
    while (!stopped && running < MOST_AT_ONCE) {
      const place = queue.first()
      if (place === undefined || place.due > ticks + EARLY) break
      queue.take()
      if (place.gone) continue
      const name = deps.door(place.turn)
      const door = doors.get(name) ?? { through: 0, width: MOST_AT_A_DOOR, waiting: [] }
      doors.set(name, door)
      if (door.through < door.width) void run(place, name)
      else {
        place.waiting = true
        door.waiting.push(place)
      }
    }
    arm()
  }

  async function run(place: Place, name: string) {
    const { turn } = place
    const ticks = deps.ticks()
    const door = doors.get(name)!
    let came: Came = null
    place.waiting = false
    running++
    door.through++
    place.running = true
    last = ticks
    const late = ticks - place.due
    if (late > turn.check.rule.every / 4) deps.late(turn, late)
    try {
      came = await deps.look(turn)
    } finally {
      running--
      door.through--
      door.width = widthAfter(door.width, came)
      door.waiting = door.waiting.filter((waiting) => !waiting.gone)
      while (!stopped && running < MOST_AT_ONCE && door.through < door.width && door.waiting.length > 0)
        void run(door.waiting.shift()!, name)
      if (door.through === 0 && door.waiting.length === 0) doors.delete(name)
      place.running = false
      place.due = nextDue(place, ticks)
      if (!place.gone) queue.add(place)
      arm()
    }
  }

  /** From the start of this look; back on its own place in the interval as soon as nothing is open. */
  function nextDue(place: Place, started: Millis): Millis {
    const ticks = deps.ticks()
    if (place.hurried) {
      place.hurried = false
      return ticks
    }
    const { every } = place.turn.check.rule
    const pace = deps.pace(place.turn)
    if (pace < every) return Math.max(started + pace, ticks)
    const offset = place.phase * every
    const slot = Math.floor((started - offset) / every + 1e-9) + 1
    const next = slot * every + offset
    return Math.max(next - started < every / 4 ? next + every : next, ticks)
  }

  function arm() {
    if (stopped) return
    const soonest =
      running >= MOST_AT_ONCE ? Number.POSITIVE_INFINITY : (queue.first()?.due ?? Number.POSITIVE_INFINITY)
    if (soonest >= armed) return
    cancel?.()
    armed = soonest
    cancel = deps.after(Math.max(0, soonest - deps.ticks()), start)
  }
}

/** One more for each look that timed out, half of it for each that was answered: a server that is back is not overrun. */
function widthAfter(width: number, came: Came): number {
  if (came === 'silence') return Math.min(MOST_AT_A_SILENT_DOOR, width + 1)
  return came === 'answer' ? Math.max(MOST_AT_A_DOOR, Math.floor(width / 2)) : width
}

/** A binary heap: the one with the smallest number first. What is in it must not change its number. */
function createQueue<T>(numberOf: (item: T) => number) {
  const items: T[] = []
  const less = (a: number, b: number) => numberOf(items[a]!) < numberOf(items[b]!)
  const swap = (a: number, b: number) => {
    const item = items[a]!
    items[a] = items[b]!
    items[b] = item
  }
  return {
    first: (): T | undefined => items[0],
    add(item: T) {
      let at = items.push(item) - 1
      for (let up = (at - 1) >> 1; at > 0 && less(at, up); at = up, up = (at - 1) >> 1) swap(at, up)
    },
    take(): T | undefined {
      const top = items[0]
      const end = items.pop()
      if (end === undefined || items.length === 0) return top
      items[0] = end
      let at = 0
      for (;;) {
        const left = 2 * at + 1
        const child = left + 1 < items.length && less(left + 1, left) ? left + 1 : left
        if (child >= items.length || !less(child, at)) return top
        swap(at, child)
        at = child
      }
    },
  }
}

/** A number from 0 to 1 that is always the same for an id and spread evenly over many. */
function phaseOf(id: string): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) / 2 ** 32
}
