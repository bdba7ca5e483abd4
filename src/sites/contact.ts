// What is remembered of the talk with one other site.
import type { Site } from '../core/check.ts'
import type { Instant, Millis } from '../core/time.ts'
import type { Peer } from '../core/word.ts'
import type { Session } from '../twin/line.ts'

export interface Contact {
  readonly site: Site
  /** We come before it in the configuration: calling is ours. */
  readonly first: boolean
  calling: boolean
  /** Answers in a row that were not held back although they could be. */
  quick: number
  /** Calls in a row that failed. */
  missed: number
  urging: boolean
  /** Ticks of the last message said, of the last question heard. */
  said: Millis
  asked: Millis
  /** There is something it was not told yet. */
  news: boolean
  cancel: () => void
  cancelUrge: () => void
  /** Answers a question that is held back. */
  release: (() => void) | null
  /** Null: not tried yet. */
  reached: boolean | null
  /** Why the last call failed. */
  trouble: string | null
  /** The address it comes from; null: it never called. */
  address: string | null
  /** The address it sees us come from. */
  seenAt: string | null
  peer: Peer
}

const NEVER = Number.NEGATIVE_INFINITY

export function createContact(site: Site, now: Instant): Contact {
  const nothing = () => {}
  return {
    site,
    first: false,
    calling: false,
    quick: 0,
    missed: 0,
    urging: false,
    said: NEVER,
    asked: NEVER,
    news: true,
    cancel: nothing,
    cancelUrge: nothing,
    release: null,
    reached: null,
    trouble: null,
    address: null,
    seenAt: null,
    peer: { site: site.id, heard: false, lately: false, since: now, address: null, condition: null, words: new Map() },
  }
}

/** The site as it is known now; the same object while nothing changed. `age`: how old its last word is at most. */
export function peerNow(
  { peer, address }: Contact,
  session: Session | undefined,
  age: Millis,
  fresh: Millis,
  now: Instant,
): Peer {
  const heard = age <= fresh
  const lately = age <= fresh / 2
  const condition = session?.hearer.condition() ?? null
  const words = session?.hearer.words() ?? peer.words
  const same = peer.heard === heard && peer.lately === lately && peer.address === address
  if (same && peer.condition === condition && peer.words === words) return peer
  return { site: peer.site, heard, lately, since: peer.heard === heard ? peer.since : now, address, condition, words }
}
