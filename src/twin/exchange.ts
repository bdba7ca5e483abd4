// One site's side of all exchanges: what it says to another, what it makes of what it hears. It knows no clock, no timer
// and no network but those it is given, so that a simulator runs this very code.
//
// Whoever calls says: this is what I have, this is what you lack, these are my opinions; the answer says the same. A word
// is fresh when it repeats a nonce that we sent a moment ago: clocks are never compared. An answer repeats that of its
// question. Whose word isn't fresh may be long gone, and somebody says it again: it is told what this site thinks, as its
// page does, and nothing of ledgers and measures.
import { type Entry, FURTHEST_AHEAD, isConfidential, isWithheld, siteOf, withheld } from '../core/ledger/entry.ts'
import { type Instant, type Millis, SECOND } from '../core/time/time.ts'
import {
  createDialogue,
  type Dialogue,
  type DialogueView,
  endRests,
  noteTaken,
  placeOf,
  type Rejection,
} from './dialogue.ts'
import { createSpeaker, type Own } from './digest.ts'
import { createIntake, type TakenIn, type TwinLedger } from './intake.ts'
import type { SiteKey } from './key.ts'
import { answering, asking, hearing, type Measures, NOTHING, owedIn } from './lane.ts'
import { hashOf } from './seal.ts'
import { claimOf, close, ENTRIES_ROOM, type Envelope, type Message, MOST_ENTRIES, open, roomOf } from './wire.ts'

export interface ExchangeDeps {
  readonly site: string
  readonly key: SiteKey
  /** The public key of a site of ours; null: it is none. */
  keyOf(site: string): string | null
  isObserver(site: string): boolean
  /** Every other site is an observer. */
  isOnlyFull(site: string): boolean
  readonly ledger: TwinLedger
  /** Absent: nothing of what was measured is handed over. */
  readonly measures?: Measures
  /** What this site thinks now. */
  own(): Own
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
  /** So many random bytes, in hex. */
  random(bytes: number): string
  /** How long a word is fresh. */
  fresh(): Millis
}

/** What became of a message. */
export interface Taken extends TakenIn {
  readonly from: string
  readonly nonce: string
  /** It repeats a nonce we sent a moment ago. */
  readonly fresh: boolean
  /** How long an answer may be held back. */
  readonly wait: Millis
  /** The address the sender saw us come from. */
  readonly seenAt: string | null
}

export interface Manner {
  /** How long an answer to it may be held back. */
  readonly wait?: Millis
  /** The question that it answers; absent: it asks. */
  readonly answers?: Pick<Taken, 'nonce' | 'fresh'>
  /** The address that the site comes from. */
  readonly seenAt?: string | null
}

export interface Exchange {
  /** Says what is to be said to a site. */
  say(to: string, how: Manner): Envelope
  /**
   * Takes what came in: a question, or the answer to one of ours. Throws for nothing that may be in it, only where the
   * disk can't be read.
   */
  hear(envelope: Envelope, kind: 'question' | 'answer'): Taken | Rejection
  /** Undefined until something was heard or said. */
  dialogue(site: string): DialogueView | undefined
  /** True when the site lacks something we have. */
  lacks(site: string): boolean
  /** True when the site has something that we lack and want, as it said last. */
  owed(site: string): boolean
  /** How far in our future the last thing that the site signed is dated, 0 where nobody minds: its clock is wrong, or ours. */
  ahead(site: string): Millis
  /** How long until what the site asked of measures can be said; 0: now. Infinity: it asked for none. */
  owes(site: string): Millis
  /** For how long no measures are to be asked of the site; 0: some are. Infinity: not before both are in step. */
  rest(site: string): Millis
  /** The wall clock was set. */
  shift(by: Millis): void
}

/** One nonce serves for all that is said within so long: whoever asks without end pushes no older one out. */
const NONCE_SERVES: Millis = SECOND

/**
 * One for a process: what it says bears a name made now and a number that grows, by which others know what is said
 * twice.
 */
export function createExchange(deps: ExchangeDeps): Exchange {
  const { ledger, ticks, now, measures = NOTHING } = deps
  const takeIn = createIntake(deps)
  const boot = deps.random(8)
  const speaker = createSpeaker(boot)
  const dialogues = new Map<string, Dialogue>()
  let count = 0
  return { say, hear, dialogue: (site) => dialogues.get(site), lacks, owed, ahead, owes, rest, shift }

  function dialogueWith(site: string): Dialogue {
    const known = dialogues.get(site)
    if (known !== undefined) return known
    const dialogue = createDialogue()
    dialogues.set(site, dialogue)
    return dialogue
  }

  function say(to: string, { wait = 0, answers, seenAt = null }: Manner): Envelope {
    const dialogue = dialogueWith(to)
    const known = answers?.fresh ?? Number.isFinite(dialogue.heard)
    const entries = known ? lackedBy(dialogue, to) : []
    const checkpoints = missedIn(entries, dialogue)
    const inStep = known && Number.isFinite(dialogue.heard) && entries.length === 0 && !isBehind(dialogue)
    endRests(dialogue, ticks(), deps.keyOf)
    const message: Message = {
      boot,
      count: ++count,
      nonce: nonceFor(dialogue),
      echo: answers?.nonce ?? dialogue.lastNonce,
      have: haveFor(dialogue),
      unwanted: [...dialogue.unwanted.keys()],
      entries,
      checkpoints,
      knows: dialogue.hearer.knows(),
      digest: speaker.speak(deps.own(), dialogue.knows, now()),
      wait,
      seenAt,
      wants: inStep ? asking(dialogue.lane, () => measures.wants(to), ticks()) : [],
      pieces: inStep ? answering(dialogue.lane, measures.offer, ticks()) : [],
    }
    return close(message, answers === undefined ? 'POST' : 'ANSWER', deps.site, to, deps.key)
  }

  function nonceFor({ nonces }: Dialogue): string {
    let last: string | null = null
    for (const [nonce, sent] of nonces) {
      if (ticks() - sent > deps.fresh()) nonces.delete(nonce)
      else if (ticks() - sent < NONCE_SERVES) last = nonce
    }
    const nonce = last ?? deps.random(12)
    if (last === null) nonces.set(nonce, ticks())
    return nonce
  }

  /** What was withheld from us while we were an observer is asked for again, and all after it, where anybody has it. */
  function haveFor(dialogue: Dialogue): Message['have'] {
    const none = deps.isObserver(deps.site) || deps.isOnlyFull(deps.site)
    const have = [...ledger.heads()].map(([origin, { seq, hash }]) => {
      const missing = none ? null : ledger.withheldFrom(origin)
      const doubted = dialogue.doubt.get(origin) ?? (missing === null ? undefined : missing - 1)
      const [last, its] = doubted === undefined ? [seq, hash] : [doubted, ledger.hashAt(origin, doubted) ?? '']
      return [origin, [last, claimOf(its)]] as const
    })
    return Object.fromEntries(have)
  }

  /** The oldest first of each origin, our own before others'. */
  function lackedBy(dialogue: Dialogue, to: string): readonly Entry[] {
    const entries: Entry[] = []
    const observer = deps.isObserver(to)
    const isOwn = (origin: string) => Number(siteOf(origin) === deps.site)
    let room = ENTRIES_ROOM
    for (const [origin, { seq }] of [...ledger.heads()].sort(([a], [b]) => isOwn(b) - isOwn(a))) {
      if (dialogue.theirUnwanted.includes(origin)) continue
      const theirs = dialogue.have[origin]?.[0] ?? 0
      if (theirs >= seq) continue
      for (const entry of ledger.entries(origin, theirs, MOST_ENTRIES - entries.length)) {
        // What was withheld from us, and all after it, others get from those who have it.
        if (isWithheld(entry) && !takesWithheld(to)) break
        room -= roomOf(entry)
        if (room < 0) return entries
        const hidden = observer && isConfidential(entry) && !isWithheld(entry)
        entries.push(hidden ? withheld(entry, hashOf(entry)) : entry)
      }
      if (entries.length >= MOST_ENTRIES) return entries
    }
    return entries
  }

  /** It is content with the hash of an entry: as an observer, or where nobody else has more of it. */
  function takesWithheld(to: string): boolean {
    return deps.isObserver(to) || deps.isOnlyFull(to)
  }

  /** The word of each site of which something is missing there. */
  function missedIn(entries: readonly Entry[], dialogue: Dialogue): readonly Entry[] {
    const last = new Map<string, number>()
    const sites = new Set<string>()
    for (const { origin, seq } of entries) {
      if (seq !== (last.get(origin) ?? dialogue.have[origin]?.[0] ?? 0) + 1) sites.add(siteOf(origin))
      last.set(origin, seq)
    }
    return [...sites].flatMap((site) => ledger.checkpoint(site) ?? [])
  }

  function lacks(site: string): boolean {
    const dialogue = dialogues.get(site)
    if (dialogue === undefined) return true
    return [...ledger.heads()].some(([origin, { seq }]) => {
      const theirs = dialogue.have[origin]?.[0] ?? 0
      if (theirs >= seq || dialogue.theirUnwanted.includes(origin)) return false
      return takesWithheld(site) || !ledger.entries(origin, theirs, 1).some(isWithheld)
    })
  }

  function owed(site: string): boolean {
    const dialogue = dialogues.get(site)
    return dialogue !== undefined && isBehind(dialogue)
  }

  /** The site has entries that we want and don't have. */
  function isBehind(dialogue: Dialogue): boolean {
    const heads = ledger.heads()
    return Object.entries(dialogue.have).some(
      ([origin, [seq]]) => !dialogue.unwanted.has(origin) && seq > (heads.get(origin)?.seq ?? 0),
    )
  }

  function owes(site: string): Millis {
    const dialogue = dialogues.get(site)
    return dialogue === undefined ? Infinity : owedIn(dialogue.lane, ticks())
  }

  function ahead(site: string): Millis {
    const last = [...ledger.heads()].filter(([origin]) => siteOf(origin) === site).map(([, { hlc }]) => hlc.at)
    const far = Math.max(0, ...last.map((at) => at - deps.now()))
    return far > FURTHEST_AHEAD ? far : 0
  }

  function rest(site: string): Millis {
    const dialogue = dialogues.get(site)
    if (dialogue === undefined || !Number.isFinite(dialogue.heard) || isBehind(dialogue) || lacks(site)) return Infinity
    return Math.max(0, Math.ceil(dialogue.lane.due - ticks()))
  }

  function hear(envelope: Envelope, kind: 'question' | 'answer'): Taken | Rejection {
    const publicKey = envelope.from === deps.site ? null : deps.keyOf(envelope.from)
    // No dialogue is kept with strangers: they must not make this grow.
    if (publicKey === null) return 'foreign'
    const dialogue = dialogueWith(envelope.from)
    const message = open(envelope, kind === 'answer' ? 'ANSWER' : 'POST', deps.site, publicKey)
    if (typeof message === 'string') return reject(dialogue, message)
    const place = placeOf(dialogue, message)
    if (place === 'replayed') return reject(dialogue, place)
    const { nonce, wait, seenAt } = message
    const said = { from: envelope.from, nonce, seenAt }
    if (place === 'overtaken') {
      noteTaken(dialogue, message)
      return { ...said, ...takeIn(dialogue, message), fresh: false, wait: 0 }
    }
    const sent = message.echo === null ? undefined : dialogue.nonces.get(message.echo)
    const fresh = sent !== undefined && ticks() - sent <= deps.fresh()
    const taken = takeIn(dialogue, message)
    dialogue.knows = message.knows
    if (fresh) {
      noteTaken(dialogue, message)
      dialogue.have = message.have
      dialogue.theirUnwanted = message.unwanted
      dialogue.lastNonce = nonce
      if (dialogue.hearer.hear(message.digest, now())) dialogue.heard = Math.max(dialogue.heard, sent)
      hearing(dialogue.lane, message, (piece) => measures.keep(envelope.from, piece), ticks())
    }
    return { ...said, ...taken, fresh, wait }
  }

  function reject(dialogue: Dialogue, why: Rejection): Rejection {
    dialogue.refused.set(why, (dialogue.refused.get(why) ?? 0) + 1)
    return why
  }

  function shift(by: Millis) {
    for (const { hearer } of dialogues.values()) hearer.shift(by)
  }
}
