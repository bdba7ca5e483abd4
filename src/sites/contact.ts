// What is remembered of the talk with one other site.
import type { Site } from '../core/check.ts'
import { differing, type TwinStatus } from '../core/shown/twin-status.ts'
import { type Instant, iso, isoOrNull, type Millis, SECOND } from '../core/time/time.ts'
import type { Condition, Peer } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import type { DialogueView } from '../twin/dialogue.ts'

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
  /** Ticks of the last message said, of the last question heard, of the last answer. */
  said: Millis
  asked: Millis
  answered: Millis
  /** There is something it was not told yet. */
  news: boolean
  cancel: () => void
  cancelUrge: () => void
  /** Answers a question that is held back. */
  release: (() => void) | null
  /** Null: not tried yet. */
  reached: boolean | null
  /** Why the last call failed; where it can't be called, why its last question was refused. */
  trouble: string | null
  /** Whose key was wrong in that. */
  wrongKey: 'ours' | 'its' | null
  /** The address it comes from; null: it never called. */
  address: string | null
  /** The address it sees us come from. */
  seenAt: string | null
  /** Ticks of its first fresh word since it was not heard; null: it is heard, or gone. */
  back: Millis | null
  peer: Peer
}

const NEVER = Number.NEGATIVE_INFINITY

/** Nothing was said or heard: all there is is news to it, and it counts as unheard since `now`. */
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
    answered: NEVER,
    news: true,
    cancel: nothing,
    cancelUrge: nothing,
    release: null,
    reached: null,
    trouble: null,
    wrongKey: null,
    address: null,
    seenAt: null,
    back: null,
    peer: {
      site: site.id,
      heard: false,
      lately: false,
      met: false,
      since: now,
      address: null,
      condition: null,
      words: new Map(),
    },
  }
}

/** Why the talk failed; an error's `cause` says whose key was wrong, if one was. */
export function noteTrouble(contact: Contact, error: unknown): void {
  const { message, cause } = error instanceof Error ? error : new Error(String(error))
  contact.trouble = message
  contact.wrongKey = cause === 'ours' || cause === 'its' ? cause : null
}

/** A fresh word came in. `seenAt`: the address it sees us come from. */
export function noteWord(contact: Contact, seenAt: string | null, ticks: Millis): void {
  contact.seenAt = seenAt ?? contact.seenAt
  if (!contact.peer.heard) contact.back ??= ticks
}

/** What a site says of itself, where it did not sign for its configuration: that counts as older than any. */
const unsigned = new WeakMap<Condition, Condition>()

function asSigned(condition: Condition | null, signed: boolean): Condition | null {
  if (condition === null || signed) return condition
  const known = unsigned.get(condition) ?? { ...condition, configured: 0 }
  unsigned.set(condition, known)
  return known
}

/** So long a site that is there again has for telling what it said meanwhile; where that is much, it is heard before. */
const CATCHING_UP: Millis = 10 * SECOND

/** What is so now, beside the contact. */
export interface Present {
  readonly now: Instant
  readonly ticks: Millis
  /** How long a word is fresh. */
  readonly fresh: Millis
  /** It has entries that we lack. */
  readonly owed: boolean
  /** The ledger has its word that this configuration is as new as it says. */
  signed(condition: Condition): boolean
}

/**
 * The site as it is known now; the same object while nothing changed. What it said and mailed while it was not heard comes
 * with its second message: by the opinions of its first alone we would open and mail anew what it did already.
 */
export function peerNow(contact: Contact, dialogue: DialogueView | undefined, present: Present): Peer {
  const { peer, address } = contact
  const { fresh, now, ticks } = present
  const age = ticks - (dialogue?.heard ?? NEVER)
  const tells = !peer.heard && present.owed && contact.back !== null && ticks - contact.back < CATCHING_UP
  const heard = age <= fresh && !tells
  const lately = age <= fresh / 2 && !tells
  if (heard || age > fresh) contact.back = null
  const said = dialogue?.hearer.condition() ?? null
  const condition = asSigned(said, said !== null && present.signed(said))
  const words = dialogue?.hearer.words() ?? peer.words
  const same = peer.heard === heard && peer.lately === lately && peer.address === address
  if (same && peer.condition === condition && peer.words === words) return peer
  const since = peer.heard === heard ? peer.since : now
  return { site: peer.site, heard, lately, met: peer.met || heard, since, address, condition, words }
}

/** How the talk with the site stands, for people. `signed`: when it changed its configuration, by its word in the ledger. */
export function twinStatusOf(
  { site, peer, reached, trouble, wrongKey, address, seenAt }: Contact,
  dialogue: DialogueView | undefined,
  { configuration, checkById }: Pick<Memory, 'configuration' | 'checkById'>,
  signed: Instant | null,
): Omit<TwinStatus, 'calls' | 'complete' | 'ahead_s' | 'sees'> {
  const { condition } = peer
  const newer = condition !== null && condition.configured > configuration.configured
  const same = condition?.configuration === configuration.edition
  return {
    site: peer.site,
    heard: peer.heard,
    since: iso(peer.since),
    met: peer.met,
    blind: condition?.blind == null ? null : { ...condition.blind, since: iso(condition.blind.since) },
    version: condition?.version ?? null,
    configuration: condition === null ? null : same ? 'same' : newer ? 'newer' : 'older',
    signed: isoOrNull(signed),
    differs: differing(peer, checkById.values()),
    reached,
    trouble,
    wrong_key: wrongKey,
    callable: site.url !== null || configuration.site.url !== null,
    address,
    seen_at: seenAt,
    refused: Object.fromEntries(dialogue?.refused ?? []),
  }
}
