// The talk with the other sites: who calls whom and when, what is done with what was heard. The protocol is in twin/.
// Of two sites the first in the configuration calls the other and lets it hold its answer back until there is news, so
// that one connection carries both ways and home behind NAT is reached at once. The other calls only when it is not
// called: one direction that works is enough.

import type { Site } from '../core/check.ts'
import type { TwinStatus } from '../core/shown/twin-status.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import { blindness } from '../core/verdict/blindness.ts'
import type { Condition, Peer } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import type { Rejection } from '../twin/dialogue.ts'
import type { Manner, Taken } from '../twin/exchange.ts'
import type { Envelope } from '../twin/wire.ts'
import { type Contact, createContact, noteTrouble, peerNow, twinStatusOf } from './contact.ts'
import { createHearing, type HearingDeps } from './hearing.ts'

export interface TwinsDeps extends HearingDeps {
  readonly memory: Pick<Memory, 'configuration' | 'checks' | 'checkById' | 'line'>
  /** When a site changed its configuration to that edition, as it signed in the ledger; null: it did not sign. */
  changedAt(site: string, edition: string): Instant | null
  /** Carries a message to a site and its answer back. Rejects when there is none within `within`. */
  carry(to: Site, envelope: Envelope, within: Millis, urgent: boolean): Promise<Envelope>
  now(): Instant
  after(delay: Millis, run: () => void): () => void
}

export interface Twins {
  /** The other sites of the configuration, from now on. */
  set(): void
  /** What is known of them now. The same objects while nothing changed. */
  peers(): readonly Peer[]
  /**
   * There is news: it is said at once instead of with the next call. `proven`: our line works again, or it is worth a try:
   * that calls got lost before makes this one no later.
   */
  wake(proven?: boolean): void
  /** A message came in from an address. Null: nothing can be answered now. */
  answer(envelope: Envelope, address: string): Promise<Envelope | Rejection | null>
  /** How the talk with each site stands, for people. */
  standings(): readonly TwinStatus[]
  /** The last entry of an origin that every other site has, as they said since the start; 0: one wasn't heard. */
  covered(origin: string): number
  jumped(by: Millis): void
  stop(): void
}

/** A site that has no news is called so often, oftener where words are to be fresher; so long it may hold its answer back. */
const EVERY: Millis = 10 * SECOND
/** So many calls may get lost before a word is no longer fresh. */
const CALLS_PER_FRESH = 4
/** A call that is answered at once takes no longer. */
const DEADLINE: Millis = 5 * SECOND
const LONGEST_WAIT: Millis = 25 * SECOND
/** News of one moment goes in one message. */
const GATHER: Millis = 30
/** No more calls than this for news that never ends. */
const LEAST_GAP: Millis = 200
/** Whoever called within so many times that needs no call from us. */
const SERVED = 1.5
/** After so many calls in a row that failed, news doesn't hurry any more, and calls get rarer, up to so many times. */
const PATIENT = 3
const RAREST = 4

/** Calls nobody before `set`. After `stop` nothing is said any more, and `answer` is null. */
export function createTwins(deps: TwinsDeps): Twins {
  const { memory, exchange, ticks, after, log } = deps
  const take = createHearing(deps)
  const contacts = new Map<string, Contact>()
  let stopped = false
  return { set, peers, wake, answer, standings, covered, jumped, stop }

  function every(): Millis {
    return Math.min(EVERY, Math.floor(memory.configuration.policy.fresh / CALLS_PER_FRESH))
  }

  /** From one call that failed to the next. */
  function pause({ missed }: Contact): Millis {
    return every() * Math.min(RAREST, 2 ** Math.max(0, missed - PATIENT))
  }

  function set() {
    const { sites, site } = memory.configuration
    const own = sites.findIndex(({ id }) => id === site.id)
    const known = new Map(contacts)
    contacts.clear()
    for (const [at, other] of sites.entries()) {
      if (at === own) continue
      const before = known.get(other.id)
      known.delete(other.id)
      const contact = before ?? createContact(other, deps.now())
      contacts.set(other.id, Object.assign(contact, { site: other, first: own < at }))
      plan(contact, contact.first ? 0 : every())
    }
    for (const gone of known.values()) end(gone)
    wake()
  }

  function end(contact: Contact) {
    contact.cancel()
    contact.cancelUrge()
    contact.release?.()
  }

  function stop() {
    stopped = true
    for (const contact of contacts.values()) end(contact)
  }

  function covered(origin: string): number {
    const known = [...contacts.keys()].map((site) => exchange.dialogue(site)?.have[origin]?.[0] ?? 0)
    return Math.min(Number.MAX_SAFE_INTEGER, ...known)
  }

  function jumped(by: Millis) {
    exchange.shift(by)
    for (const contact of contacts.values()) contact.peer = { ...contact.peer, since: contact.peer.since + by }
  }

  /** By the monotonic clock: a word is fresh for so long after we asked for it, whatever any wall clock says. */
  function peers(): readonly Peer[] {
    const present = { now: deps.now(), ticks: ticks(), fresh: memory.configuration.policy.fresh }
    return [...contacts.values()].map((contact) => {
      const { id } = contact.site
      const signed = (said: Condition) => isSigned(contact, said)
      contact.peer = peerNow(contact, exchange.dialogue(id), { ...present, owed: exchange.owed(id), signed })
      return contact.peer
    })
  }

  /** It signed for a configuration that was changed after ours. */
  function isSigned({ site }: Contact, { configuration }: Condition): boolean {
    return (deps.changedAt(site.id, configuration) ?? 0) > memory.configuration.configured
  }

  /** Nothing more is said to it: we stop, or it is no site of ours any longer. */
  function isOver(contact: Contact): boolean {
    return stopped || contacts.get(contact.site.id) !== contact
  }

  function plan(contact: Contact, delay: Millis) {
    contact.cancel()
    if (!isOver(contact)) contact.cancel = after(delay, () => void call(contact))
  }

  /** The steady call: its answer may be held back until there is news. */
  async function call(contact: Contact): Promise<void> {
    if (isOver(contact) || contact.calling || contact.site.url === null) return
    const served = ticks() - contact.asked < SERVED * every()
    if (!contact.first && served) return plan(contact, every())
    const known = exchange.dialogue(contact.site.id)?.heard ?? Number.NEGATIVE_INFINITY
    contact.calling = true
    const started = ticks()
    const patience = Number.isFinite(known) && !contact.news ? Math.min(every(), exchange.rest(contact.site.id)) : 0
    const taken = await ask(contact, patience, false)
    contact.calling = false
    if (isOver(contact)) return
    const took = ticks() - started
    if (taken === null) return plan(contact, Math.max(0, pause(contact) - took))
    const owes = exchange.owes(contact.site.id)
    if (Number.isFinite(owes)) return plan(contact, Math.min(owes, every()))
    if (taken.entries.length > 0 || contact.news || !Number.isFinite(known)) return plan(contact, LEAST_GAP)
    // Answered sooner than it had to again and again: whatever is wrong, it is no reason to hurry.
    contact.quick = took < Math.min(SECOND, patience) ? contact.quick + 1 : 0
    plan(contact, Math.max(LEAST_GAP, Math.min(every(), contact.quick < 5 ? 0 : SECOND * 2 ** (contact.quick - 5))))
  }

  function wake(proven = false) {
    for (const contact of contacts.values()) {
      contact.news = true
      if (proven) contact.missed = Math.min(contact.missed, PATIENT)
      if (contact.urging || stopped) continue
      contact.urging = true
      const wait = Math.max(GATHER, LEAST_GAP - (ticks() - contact.said))
      contact.cancelUrge = after(wait, () => void tell(contact))
    }
  }

  /** News goes with an answer that is held back, else with a call beside the steady one. */
  async function tell(contact: Contact): Promise<void> {
    contact.urging = false
    if (!contact.news || isOver(contact)) return
    if (contact.release !== null) return contact.release()
    if (ticks() - contact.asked < SERVED * every() && !contact.first) return
    if (contact.site.url === null || contact.missed > PATIENT) return
    if (!contact.calling) return plan(contact, 0)
    await ask(contact, 0, true)
  }

  async function ask(contact: Contact, wait: Millis, urgent: boolean): Promise<Taken | null> {
    const { site } = contact
    const began = ticks()
    try {
      const envelope = await deps.carry(site, say(contact, { wait }), DEADLINE + wait, urgent)
      if (envelope.from !== site.id) throw new Error(`${envelope.from} answered instead of ${site.id}`)
      const taken = take(contact, envelope, 'answer')
      if (taken === 'signature') throw new Error('what answers signs with another key', { cause: 'its' })
      if (typeof taken === 'string') throw new Error(`its answer is refused: ${taken}`)
      if (contact.trouble !== null) log('info', `site ${site.id} is reached`)
      contact.reached = true
      contact.answered = ticks()
      contact.trouble = contact.wrongKey = null
      contact.missed = 0
      return taken
    } catch (error) {
      // Another call was answered meanwhile: what this one ran into is over.
      if (contact.answered > began) return null
      const first = contact.trouble === null
      contact.reached = false
      noteTrouble(contact, error)
      if (first && !isOver(contact)) log('warn', `site ${site.id} is not reached: ${contact.trouble}`)
      contact.missed++
      return null
    }
  }

  function say(contact: Contact, how: Manner): Envelope {
    contact.said = ticks()
    contact.news = false
    return exchange.say(contact.site.id, { ...how, seenAt: contact.address })
  }

  async function answer(envelope: Envelope, address: string): Promise<Envelope | Rejection | null> {
    const contact = contacts.get(envelope.from)
    if (contact === undefined) return 'foreign'
    if (stopped) return null
    let taken: Taken | Rejection
    try {
      taken = take(contact, envelope, 'question')
    } catch (error) {
      log(
        'warn',
        `what ${envelope.from} said could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      )
      return null
    }
    const called = contact.site.url === null
    if (taken === 'signature' && called)
      noteTrouble(contact, new Error(`what calls from ${address} signs with another key`, { cause: 'its' }))
    if (typeof taken === 'string') return taken
    // One that isn't fresh may be an old one that somebody says again: it is answered, and changes nothing here.
    if (!taken.fresh) {
      if (called) noteTrouble(contact, new Error('it calls and takes no answer', { cause: 'ours' }))
      return say(contact, { answers: taken })
    }
    if (called) contact.trouble = contact.wrongKey = null
    contact.asked = ticks()
    contact.address = address
    const { id } = contact.site
    const wait = Math.min(taken.wait, LONGEST_WAIT, exchange.rest(id), exchange.owes(id))
    contact.release?.()
    const silent = !contact.news && !exchange.lacks(id)
    if (wait > 0 && silent) await hold(contact, wait)
    return isOver(contact) ? null : say(contact, { answers: taken })
  }

  function hold(contact: Contact, wait: Millis): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        cancel()
        if (contact.release === release) contact.release = null
        resolve()
      }
      const cancel = after(wait, release)
      contact.release = release
    })
  }

  function standings(): readonly TwinStatus[] {
    return peers().map((peer) => {
      const contact = contacts.get(peer.site)!
      const signed = peer.condition === null ? null : deps.changedAt(peer.site, peer.condition.configuration)
      return {
        ...twinStatusOf(contact, exchange.dialogue(peer.site), memory, signed),
        sees: blindness(memory.line) === null,
        calls: ticks() - contact.asked < MINUTE,
        complete: !exchange.lacks(peer.site),
        ahead_s: Math.round(exchange.ahead(peer.site) / SECOND),
      }
    })
  }
}
