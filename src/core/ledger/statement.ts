// An entry of the ledger, read: what somebody said, and what they could have known when they said it.
import { compare, type Entry, type Unsealed } from './entry.ts'

/** Where an entry stands, and what its maker had seen. */
export type Made = Pick<Unsealed, 'origin' | 'seq' | 'hlc' | 'seen'>

export interface Statement extends Made {
  readonly type: string
  /** The payload's JSON; null for one that is none. */
  readonly payload: unknown
}

/** Reads an entry. Never throws, whatever a twin wrote into it. */
export function statementOf({ origin, seq, hlc, seen, type, payload }: Entry): Statement {
  return { origin, seq, hlc, seen, type, payload: parse(payload) }
}

const strict = new TextDecoder('utf-8', { fatal: true })

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strict.decode(bytes))
  } catch {
    return null
  }
}

/** True when whoever said `later` knew of `earlier`. */
export function saw(later: Made, earlier: Made): boolean {
  if (later.origin === earlier.origin) return later.seq > earlier.seq
  return (later.seen[earlier.origin] ?? 0) >= earlier.seq
}

/**
 * In the order that every site gives them, each once: by clock, and no answer before what it answers. A clock that is far
 * ahead is nobody's but its site's (`nextClock`): whoever answers has an earlier one.
 */
export function inOrder<T extends Made>(made: readonly T[]): readonly T[] {
  if (made.length === 1) return made
  const sorted = [...made].sort(compare)
  const once = sorted.filter(({ origin, seq }, at) => sorted[at - 1]?.origin !== origin || sorted[at - 1]?.seq !== seq)
  return isCausal(once) ? once : causally(once)
}

/** Nothing comes before what its maker had seen. */
function isCausal(sorted: readonly Made[]): boolean {
  const after = new Map<string, number>()
  for (const { origin, seq, seen } of sorted.toReversed()) {
    for (const [other, first] of after) if (other !== origin && (seen[other] ?? 0) >= first) return false
    after.set(origin, seq)
  }
  return true
}

/** By clock, each right after what it is the first to have seen. */
function causally<T extends Made>(sorted: readonly T[]): readonly T[] {
  const queues = new Map<string, T[]>()
  for (const { origin } of sorted) queues.set(origin, [])
  for (const one of sorted.toReversed()) queues.get(one.origin)!.push(one)
  const begun = new Set<T>()
  const ordered = new Set<T>()
  for (const one of sorted) {
    const open = [one]
    for (let last = open.at(-1); last !== undefined; last = open.at(-1)) {
      begun.add(last)
      const before = firstBefore(last)
      if (before !== undefined) open.push(before)
      else ordered.add(open.pop()!)
    }
  }
  return [...ordered]

  /** What must come before it and does not yet; what waits for it already is passed over, where sites lie. */
  function firstBefore(one: T): T | undefined {
    const heard = Object.keys(one.seen).flatMap((origin) => {
      const next = origin === one.origin ? undefined : nextOf(origin)
      return next !== undefined && saw(one, next) ? [next] : []
    })
    const own = nextOf(one.origin)
    const earlier = own !== undefined && saw(one, own) ? [...heard, own] : heard
    return earlier.length === 0 ? undefined : earlier.reduce((a, b) => (compare(b, a) < 0 ? b : a))
  }

  function nextOf(origin: string): T | undefined {
    const queue = queues.get(origin)
    while (queue !== undefined && queue.length > 0 && begun.has(queue.at(-1)!)) queue.pop()
    return queue?.at(-1)
  }
}

/** Those that nobody answered knowing them: one, unless some were said side by side. Never empty for a non-empty list. */
export function unanswered<T extends Made>(ordered: readonly T[]): readonly T[] {
  const newest = new Map<string, T>()
  for (const one of ordered) if (one.seq > (newest.get(one.origin)?.seq ?? 0)) newest.set(one.origin, one)
  const open = ordered.filter(
    (one) => newest.get(one.origin) === one && ![...newest.values()].some((other) => other !== one && saw(other, one)),
  )
  return open.length > 0 ? open : ordered.slice(-1)
}

/** One field of something that several people may change: the newest value counts. */
export interface Register<T> {
  readonly value: T
  /** Others that were written by people who did not know of the value that counts, newest first. */
  readonly rivals: readonly T[]
}

/** The field after these writes, given in order (`inOrder`). Two that did not see each other are both kept. */
export function register<T>(ordered: readonly (Made & { readonly value: T })[]): Register<T> | null {
  const newest = ordered.at(-1)
  if (newest === undefined) return null
  const mark = JSON.stringify(newest.value)
  const rivals = unanswered(ordered).filter((one) => one !== newest && JSON.stringify(one.value) !== mark)
  return { value: newest.value, rivals: rivals.map(({ value }) => value).reverse() }
}
