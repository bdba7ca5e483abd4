// What can be broken in the replica, and what is broken now. Doors, names and jobs ask here how the road to them is.
import type { Millis } from '../core/time/time.ts'
import type { Seat } from './places.ts'

/** How a road, or what stands at its end, is broken; the worst first: of several at once it is the one that shows. */
export const MANNERS = [
  /** What is sent there vanishes. A job: it never calls. */
  'lost',
  /** Nobody listens there. */
  'refused',
  /** Somebody listens and says nothing. */
  'silent',
  'garbage',
  /** It answers, but only to say that it can't serve. A job: it says that it failed. */
  'error',
  /** Its certificate has run out. */
  'expired',
  /** Its certificate is somebody else's. */
  'foreign',
  /** Everything works, later. */
  'slow',
] as const
export type Manner = (typeof MANNERS)[number]

/** Where somebody goes: a host under its name and the port that was meant. */
export interface Place {
  readonly host: string
  readonly port: number
  /** Null: no connection is opened (a datagram, a question). */
  readonly family: 4 | 6 | null
}

export interface Road {
  readonly manner: Manner
  /** How much later everything comes; 0 unless slow. */
  readonly delay: Millis
}

/** One thing that can be broken. */
export interface Fault {
  /** Stable: `hetzner`, `files-down`, `mail.submission-expired`. */
  readonly name: string
  /** Whom it hits alone: a service, or one check of it. Null: more than that. */
  readonly service: string | null
  readonly check: string | null
  readonly manner: Manner
  /** What it makes of the road from a site to a place; undefined: nothing. */
  road(to: Place, from: Seat): Road | undefined
}

export interface Faults {
  /** All there are now, in the order in which they are shown. */
  all(): readonly Fault[]
  /** What is broken, in the order in which it broke. */
  broken(): readonly Fault[]
  /** Breaks it; false: there is no such fault. */
  set(name: string): boolean
  /** Repairs it; false: there is no such fault. */
  clear(name: string): boolean
  clearAll(): void
  /** Others can be broken from now on; what is broken and still exists stays so. */
  offer(faults: readonly Fault[]): void
  /** How the road from a site (home when not said) to a place is broken; undefined: it is good. */
  road(to: Place, from?: Seat): Road | undefined
  /** Calls back after each change; returns what ends that. */
  onChange(told: () => void): () => void
}

/** The same faults as one site meets them. */
export function seenFrom(faults: Faults, seat: Seat): Faults {
  return { ...faults, road: (to) => faults.road(to, seat) }
}

/** Nothing is broken before the first `set`. */
export function createFaults(): Faults {
  let offered = new Map<string, Fault>()
  let broken: readonly string[] = []
  const listeners = new Set<() => void>()

  return {
    all: () => [...offered.values()],
    broken: now,
    set: (name) => change(name, [...broken.filter((one) => one !== name), name]),
    clear: (name) =>
      change(
        name,
        broken.filter((one) => one !== name),
      ),
    clearAll: () => become([]),
    offer(faults) {
      offered = new Map(faults.map((fault) => [fault.name, fault]))
      become(broken.filter((name) => offered.has(name)))
    },
    road,
    onChange(told) {
      listeners.add(told)
      return () => listeners.delete(told)
    },
  }

  function now(): readonly Fault[] {
    return broken.flatMap((name) => offered.get(name) ?? [])
  }

  function change(name: string, next: readonly string[]): boolean {
    if (!offered.has(name)) return false
    become(next)
    return true
  }

  function become(next: readonly string[]): void {
    broken = next
    for (const told of listeners) told()
  }

  function road(to: Place, from: Seat = 'home'): Road | undefined {
    const roads = now().flatMap((fault) => fault.road(to, from) ?? [])
    const worst = MANNERS.find((manner) => roads.some((one) => one.manner === manner))
    const same = roads.filter((one) => one.manner === worst)
    return worst === undefined ? undefined : { manner: worst, delay: Math.max(...same.map(({ delay }) => delay)) }
  }
}
