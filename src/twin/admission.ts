// Which entries of another site's ledger come into ours: those that their site signed, that follow what is here, and no
// others. What is refused is counted, so that `vigie twin status` can say so.
import { type Folded, isFolded } from '../core/ledger/checkpoint.ts'
import {
  type Entry,
  type Head,
  isAfter,
  isConfidential,
  isWithheld,
  LONGEST_ENTRY,
  MOST_INCARNATIONS,
  siteOf,
  weightOf,
  withheld,
} from '../core/ledger/entry.ts'
import type { PastChoice } from '../core/ledger/past.ts'
import { hashOf, verify } from './seal.ts'

export type Refusal =
  /** Of no site that is configured here. */
  | 'foreign'
  /** Not signed by its site, or altered since. */
  | 'altered'
  /** Here already. */
  | 'repeated'
  /** Entries before it are missing, or all of it but its hash. */
  | 'gap'
  /** Another entry has its place already. */
  | 'fork'
  /** Its clock runs backwards, or it is too long. */
  | 'form'
  /** The ledger is full, or its site has as many names here as it may. */
  | 'full'

export interface Gate {
  /** The public key of a site; null: it is none of ours. */
  keyOf(site: string): string | null
  /** Null: nothing of it is here. */
  headOf(origin: string): Head | null
  /** The names that a site has here. */
  originsOf(site: string): readonly string[]
  /** In hex; null: it is not here. */
  hashAt(origin: string, seq: number): string | null
  /** What a site took out of its own past, by its own word. */
  foldedOf(site: string): Folded | null
  /** Of an origin of this site, the last entry that the sender is known to have as it is here; 0: of none that is known. */
  agreedOn(origin: string): number
  /** Where a site said which of its pasts counts. */
  pastChoicesOf(site: string): readonly PastChoice[]
  /** The hash of what this site took back after an entry of its own. */
  takenBack(origin: string, common: number): string | null
  /** True for an entry of ours that was withheld from us. */
  isWithheldHere(origin: string, seq: number): boolean
  /** This site's id: what others have of it must be what it said. */
  readonly site: string
  /** This site is an observer: of what should be withheld from it, it takes the hash alone. */
  readonly observer: boolean
  /** All other sites are observers: what they have of an entry is all that there is of it, if we lost it. */
  readonly alone: boolean
  /** So many entries of which only a hash is left may be taken although no signed one follows them. */
  readonly trust: number
  /** Bytes that may still be kept. */
  readonly room: number
}

export interface Parting {
  readonly origin: string
  readonly common: number | null
}

export interface Admitted {
  /** In an order in which each follows what is here. */
  readonly entries: readonly Entry[]
  /** Whole, what was withheld from us when this site was an observer. */
  readonly unveiled: readonly Entry[]
  readonly refused: ReadonlyMap<Refusal, number>
  /** How much of `trust` was used. */
  readonly trusted: number
  /** Origins of which something was refused that would only be sent again, and why. */
  readonly unwanted: ReadonlyMap<string, Refusal>
  /**
   * Others know another past of this site than it does itself: of `origin` all entries up to `common` are the same.
   * `common` null: they part before what was sent.
   */
  readonly past: Parting | null
  /** Of this site's own origins, up to where what was sent is what it said itself. */
  readonly same: ReadonlyMap<string, number>
}

/** Sifts what was sent. Pure; never throws. */
export function admit(sent: readonly Entry[], gate: Gate): Admitted {
  const heads = new Map<string, Head>()
  const admitted: Entry[] = []
  const unveiled: Entry[] = []
  const refused = new Map<Refusal, number>()
  const unwanted = new Map<string, Refusal>()
  const same = new Map<string, number>()
  const pasts: Parting[] = []
  const folded = new Map<string, Folded | null>()
  let vouched: ReadonlySet<Entry> | null = null
  let { room, trust } = gate
  for (const entry of sent) {
    const { origin } = entry
    if (pasts.some((past) => past.origin === origin)) continue
    if (isUnveiling(entry)) {
      unveiled.push(entry)
      continue
    }
    const refusal = refusalOf(entry)
    if (refusal === null) {
      admitted.push(isBarred(entry) ? withheld(entry, hashOf(entry)) : entry)
      heads.set(origin, { seq: entry.seq, hlc: entry.hlc, hash: hashOf(entry) })
      room -= weightOf(entry)
      continue
    }
    refused.set(refusal, (refused.get(refusal) ?? 0) + 1)
    if (refusal !== 'repeated' && refusal !== 'gap') unwanted.set(origin, refusal)
  }
  return { entries: admitted, unveiled, refused, trusted: gate.trust - trust, unwanted, past: pasts[0] ?? null, same }

  /** The hash that stands in its place vouches for it. */
  function isUnveiling(entry: Entry): boolean {
    const { origin, seq } = entry
    if (gate.observer || isWithheld(entry) || !gate.isWithheldHere(origin, seq)) return false
    return isSealable(entry) && hashOf(entry) === gate.hashAt(origin, seq)
  }

  /** Its sender doesn't know yet that this site is an observer. */
  function isBarred(entry: Entry): boolean {
    return gate.observer && isConfidential(entry) && !isWithheld(entry)
  }

  function refusalOf(entry: Entry): Refusal | null {
    const { origin, seq } = entry
    const key = gate.keyOf(siteOf(origin))
    if (key === null) return 'foreign'
    const own = siteOf(origin) === gate.site
    const head = heads.get(origin) ?? gate.headOf(origin)
    const last = head?.seq ?? 0
    if (seq <= last && (!own || heads.has(origin))) return 'repeated'
    const follows = seq === last + 1
    if (seq > last + 1 && !isFolded(foldedOf(siteOf(origin)), origin, last + 1, seq - 1)) return 'gap'
    if (weightOf(entry) > LONGEST_ENTRY || !isSealable(entry)) return 'form'
    const hidden = isConfidential(entry) && isWithheld(entry) && entry.payload.length === 0
    if (hidden) {
      if (!gate.observer && !gate.alone) return 'gap'
      if ((own || !gate.observer) && !isVouchedFor(entry) && !isTrusted()) return 'gap'
    } else if (!verify(entry, key)) return 'altered'
    if (own && !heads.has(origin)) {
      const past = comparePast(entry, last)
      if (past !== null) return past
    }
    if (follows && entry.prev !== (head?.hash ?? '')) return 'fork'
    if (!counts(entry)) return 'fork'
    if (head !== null && !isAfter(entry.hlc, head.hlc)) return 'form'
    return weightOf(entry) > room || (head === null && !own && isOneTooMany(origin)) ? 'full' : null
  }

  function isOneTooMany(origin: string): boolean {
    const site = siteOf(origin)
    const fresh = [...heads.keys()].filter((one) => siteOf(one) === site)
    return new Set([...gate.originsOf(site), ...fresh]).size >= MOST_INCARNATIONS
  }

  /** Asked once: to find out takes signatures. */
  function foldedOf(site: string): Folded | null {
    const known = folded.get(site)
    if (known !== undefined) return known
    const asked = gate.foldedOf(site)
    folded.set(site, asked)
    return asked
  }

  function isTrusted(): boolean {
    if (trust <= 0) return false
    trust--
    return true
  }

  /** A signed entry that was sent, too, follows it, or follows those after it. */
  function isVouchedFor(entry: Entry): boolean {
    vouched ??= vouchedIn(sent, gate.keyOf)
    return vouched.has(entry)
  }

  /** Its site did not say that another stands in its place, nor took it back. */
  function counts(entry: Entry): boolean {
    const taken = siteOf(entry.origin) === gate.site ? gate.takenBack(entry.origin, entry.seq - 1) : null
    if (taken !== null && taken === hashOf(entry)) return false
    const choice = gate
      .pastChoicesOf(siteOf(entry.origin))
      .find(({ origin, common }) => origin === entry.origin && common === entry.seq - 1)
    return choice === undefined || choice.next === hashOf(entry)
  }

  /** An entry of our own: we know it, or another in its place, or it comes after all that we know, which is null. */
  function comparePast(entry: Entry, last: number): Refusal | null {
    const { origin, seq, prev } = entry
    const agreed = Math.max(same.get(origin) ?? 0, gate.agreedOn(origin))
    const before = seq <= last + 1 ? gate.hashAt(origin, seq - 1) : null
    if (seq <= last) {
      const known = gate.hashAt(origin, seq)
      // Where it was folded here, nothing is to be compared.
      if (known === null) return 'repeated'
      if (known === hashOf(entry)) {
        same.set(origin, seq)
        return 'repeated'
      }
    } else if (seq === last + 1 ? prev === before : agreed === last) return null
    // By our own word all is gone in between: what is here of it was never there, or is old.
    const folded = seq > agreed + 1 && isFolded(foldedOf(siteOf(origin)), origin, agreed + 1, seq - 1)
    pasts.push({ origin, common: prev === before ? seq - 1 : folded ? agreed : null })
    return 'fork'
  }
}

/** Those with a hash alone that a signed one comes after. */
function vouchedIn(sent: readonly Entry[], keyOf: Gate['keyOf']): ReadonlySet<Entry> {
  const vouched = new Set<Entry>()
  const nexts = new Map<string, Entry>()
  for (const entry of sent.toReversed()) {
    const next = nexts.get(entry.origin)
    nexts.set(entry.origin, entry)
    if (!isWithheld(entry) || next?.seq !== entry.seq + 1 || next.prev !== hashOf(entry)) continue
    if (isWithheld(next) ? vouched.has(next) : verify(next, keyOf(siteOf(next.origin)) ?? '')) vouched.add(entry)
  }
  return vouched
}

function isSealable({ hlc, type, prev }: Entry): boolean {
  return hlc.at < 2 ** 45 && type !== '' && (prev === '' || /^[0-9a-f]{64}$/.test(prev))
}
