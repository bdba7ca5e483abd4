// One entry of the ledger, in the form that twins exchange (contract 5). How it is sealed is in twin/seal.ts.
import type { Instant } from './time.ts'

/**
 * Hybrid logical clock: wall time where it can be, never running backwards, `count` telling apart what happened in
 * one millisecond or while the wall clock stood behind. It orders; when something happened is said by the payload.
 */
export interface Hlc {
  readonly at: Instant
  readonly count: number
}

/** What is signed. */
export interface Unsealed {
  /** The site that says it. */
  readonly origin: string
  /** 1, 2, 3 … of this origin, without gaps: a missing entry is noticed. */
  readonly seq: number
  readonly hlc: Hlc
  /** The last entry of each other origin that was there when this one was made: what it could have known. */
  readonly seen: Readonly<Record<string, number>>
  /** What kind of fact: `alert.sent`, `incident.update` … */
  readonly type: string
  /** JSON in UTF-8, kept and passed on byte for byte as signed. */
  readonly payload: Uint8Array
  /** Hash of the entry before of this origin, in hex; empty for the first. */
  readonly prev: string
}

export interface Entry extends Unsealed {
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array
}

/** A site's voice: whoever holds it speaks for the site. The store needs no more of cryptography than this. */
export interface Sealer {
  seal(fields: Unsealed): Entry
  /** In hex; the next entry's `prev`. */
  hashOf(entry: Entry): string
}

/** The clock of the next entry: after `before` whatever the wall clock says. Null: nothing was said yet. */
export function tick(before: Hlc | null, now: Instant): Hlc {
  const at = Math.floor(now)
  if (before === null || at > before.at) return { at, count: 0 }
  return { at: before.at, count: before.count + 1 }
}

/** Where an entry stands among all others. */
export type Place = Pick<Unsealed, 'origin' | 'seq' | 'hlc'>

/** Orders entries the same way on every site: by clock, then by origin, then by number. Negative: `a` comes first. */
export function compare(a: Place, b: Place): number {
  if (a.hlc.at !== b.hlc.at) return a.hlc.at - b.hlc.at
  if (a.hlc.count !== b.hlc.count) return a.hlc.count - b.hlc.count
  if (a.origin !== b.origin) return a.origin < b.origin ? -1 : 1
  return a.seq - b.seq
}
