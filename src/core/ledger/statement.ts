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

/** In the order that every site gives them, each once. */
export function inOrder<T extends Made>(made: readonly T[]): readonly T[] {
  if (made.length === 1) return made
  const sorted = [...made].sort(compare)
  return sorted.filter(({ origin, seq }, at) => sorted[at - 1]?.origin !== origin || sorted[at - 1]?.seq !== seq)
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
