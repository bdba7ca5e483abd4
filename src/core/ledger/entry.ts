// One entry of the ledger, in the form that twins exchange (contract 5). How it is sealed is in twin/seal.ts.
import { type Instant, MINUTE, type Millis } from '../time/time.ts'

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

/** Bytes of one entry, as `weightOf` counts them: more than the longest texts take in two languages. */
export const LONGEST_ENTRY = 192 * 1024

/** What an entry has beside its payload, the names it has seen and its type, about. */
export const WRAPPING = 300

const encoder = new TextEncoder()

/** Bytes that an entry takes on a disk, about. */
export function weightOf({ payload, seen, type }: Pick<Unsealed, 'payload' | 'seen' | 'type'>): number {
  return WRAPPING + payload.length + encoder.encode(JSON.stringify(seen)).length + encoder.encode(type).length
}

const WITHHELD_SIGNATURE = 32

/**
 * What an observer gets in place of an entry that says who may log in: its place in the chain, and its hash where the
 * signature was. The entry after it, which is signed, vouches for that hash.
 */
export function withheld({ origin, seq, hlc, type, prev }: Entry, hash: string): Entry {
  const bytes = Uint8Array.from(hash.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return { origin, seq, hlc, seen: {}, type, payload: new Uint8Array(), prev, signature: bytes }
}

/** By its length: a signature has 64 bytes, a hash 32. */
export function isWithheld({ signature }: Pick<Entry, 'signature'>): boolean {
  return signature.length === WITHHELD_SIGNATURE
}

/** What observers don't get: accounts, their credentials and keys. */
export function isConfidential({ type }: Pick<Entry, 'type'>): boolean {
  return type.startsWith('account.')
}

/** A site's voice: whoever holds it speaks for the site. The store needs no more of cryptography than this. */
export interface Sealer {
  seal(fields: Unsealed): Entry
  /** True when this very voice said it. */
  isOwn(entry: Entry): boolean
  /** In hex; the next entry's `prev`. */
  hashOf(entry: Entry): string
}

/** An entry as a site's store has it: what the next of its origin must follow. */
export interface Head {
  readonly seq: number
  readonly hlc: Hlc
  /** In hex. */
  readonly hash: string
}

/** What fits the seal's 32 bits. */
const MOST_COUNT = 0xffff_fffe

/** A clock that is further ahead than this is kept, but nobody sets theirs by it. */
export const FURTHEST_AHEAD: Millis = 5 * MINUTE

/**
 * The site that an origin speaks for. A site that lost part of its past goes on under a new name, its next incarnation:
 * `home`, then `home.2`, `home.3` …
 */
export function siteOf(origin: string): string {
  return origin.replace(/\.[1-9]\d{0,8}$/, '')
}

/** Nobody loses its memory oftener: of a site that seems to, no further name is taken. */
export const MOST_INCARNATIONS = 200

/** 1 for `home`, 2 for `home.2`. */
export function incarnationOf(origin: string): number {
  return Number(/\.([1-9]\d{0,8})$/.exec(origin)?.[1] ?? 1)
}

/** The name of a site's nth incarnation; `incarnationOf` and `siteOf` read it. */
export function originOf(site: string, incarnation: number): string {
  return incarnation === 1 ? site : `${site}.${incarnation}`
}

/**
 * The clock of the next entry: after what this site said last, and after what it has of others unless that is more than
 * five minutes ahead of the wall clock.
 */
export function nextClock(own: Hlc | null, others: readonly Hlc[], now: Instant): Hlc {
  const credible = others.filter(({ at }) => at <= now + FURTHEST_AHEAD)
  return tick([...credible, ...(own === null ? [] : [own])].reduce<Hlc | null>(later, null), now)
}

function later(a: Hlc | null, b: Hlc): Hlc {
  return a === null || isAfter(b, a) ? b : a
}

/** True when `a` comes later. */
export function isAfter(a: Hlc, b: Hlc): boolean {
  return a.at > b.at || (a.at === b.at && a.count > b.count)
}

/** The clock of the next entry: after `before` whatever the wall clock says. Null: nothing was said yet. */
export function tick(before: Hlc | null, now: Instant): Hlc {
  const at = Math.floor(now)
  if (before === null || at > before.at) return { at, count: 0 }
  return before.count < MOST_COUNT ? { at: before.at, count: before.count + 1 } : { at: before.at + 1, count: 0 }
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
