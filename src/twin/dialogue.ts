// What one site remembers of its exchange with another.
import { siteOf } from '../core/ledger/entry.ts'
import type { Millis } from '../core/time/time.ts'
import type { Refusal } from './admission.ts'
import { createHearer, type Hearer } from './digest.ts'
import { createLane, type Lane } from './lane.ts'
import type { Message } from './wire.ts'

/** Why a message was not taken at all. */
export type Rejection = 'foreign' | 'signature' | 'form' | 'replayed'

/** What others may know of how the exchange with one site stands. */
export interface DialogueView {
  /** Our ticks before which its last fresh word can't have been said; -Infinity: never heard. */
  readonly heard: Millis
  readonly hearer: Hearer
  /** The last entry of every origin that it said it has. */
  readonly have: Message['have']
  readonly refused: ReadonlyMap<Refusal | Rejection, number>
}

export interface Dialogue {
  readonly hearer: Hearer
  heard: Millis
  /** Of the sender's boot that last proved itself fresh. */
  boot: string
  count: number
  /** The first of that boot that did; what was said before is not taken again. */
  first: number
  /** The last messages of that boot that were taken, by number. */
  readonly taken: Set<number>
  /** Of its last fresh word. */
  lastNonce: string | null
  /** Ours that may be repeated to us, and when each was sent. */
  readonly nonces: Map<string, Millis>
  have: Message['have']
  knows: Message['knows']
  theirUnwanted: readonly string[]
  readonly refused: Map<Refusal | Rejection, number>
  /** What is not asked for again before then, by origin; `key`: that of its site when it was refused. */
  readonly unwanted: Map<string, { readonly until: Millis; readonly key: string | null }>
  /** While our own past is compared with what it knows: the number we say we have, by origin. */
  readonly doubt: Map<string, number>
  /** The last of our own entries that it was seen to have as we do, by origin. */
  readonly agreed: Map<string, { readonly seq: number; readonly hash: string }>
  /** Entries of which it had a hash alone, that were taken although no signed one followed them. */
  trusted: number
  readonly lane: Lane
}

/** As after a start: no word of it is fresh, and any boot of it is the first. */
export function createDialogue(): Dialogue {
  return {
    hearer: createHearer(),
    heard: Number.NEGATIVE_INFINITY,
    boot: '',
    count: 0,
    first: 0,
    taken: new Set(),
    lastNonce: null,
    nonces: new Map(),
    have: {},
    knows: null,
    theirUnwanted: [],
    refused: new Map(),
    unwanted: new Map(),
    doubt: new Map(),
    agreed: new Map(),
    trusted: 0,
    lane: createLane(),
  }
}

/** What rested long enough, or is of a site that has another key now, is wanted again. */
export function endRests({ unwanted }: Dialogue, ticks: Millis, keyOf: (site: string) => string | null): void {
  for (const [origin, { until, key }] of unwanted)
    if (ticks >= until || keyOf(siteOf(origin)) !== key) unwanted.delete(origin)
}

/** Two calls at once overtake each other, by no more than this. */
const WINDOW = 64

/**
 * Where a message stands among those of its sender: `overtaken` by one that says newer things, which is no reason to
 * refuse it, or `replayed`.
 */
export function placeOf({ boot, count, first, taken }: Dialogue, message: Message): 'next' | 'overtaken' | 'replayed' {
  if (message.boot !== boot || message.count > count) return 'next'
  return message.count <= Math.max(first, count - WINDOW) || taken.has(message.count) ? 'replayed' : 'overtaken'
}

/** It was taken, and is not taken again. */
export function noteTaken(dialogue: Dialogue, { boot, count }: Message): void {
  if (boot !== dialogue.boot) {
    dialogue.taken.clear()
    dialogue.boot = boot
    dialogue.count = count
    dialogue.first = count
  }
  dialogue.count = Math.max(dialogue.count, count)
  dialogue.taken.add(count)
  for (const old of dialogue.taken) if (old <= dialogue.count - WINDOW) dialogue.taken.delete(old)
}
