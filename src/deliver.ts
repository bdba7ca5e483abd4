// Sends what is due. Letters wait in the outbox until a relay took them; what a failure means for the next try is
// decided here and nowhere else. Nothing waits for this: whoever wakes it goes on at once.
import type { Attempt, Channel } from './channels/channel.ts'
import type { Configuration } from './core/check.ts'
import { concern, endedBy, outdates, tellsEnd } from './core/letter/correspondence.ts'
import { type Circumstances, type Message, testMessage, writeMessage } from './core/letter/message.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from './core/time/time.ts'
import type { Letter } from './core/verdict/letter.ts'
import type { Outbox, QueuedLetter } from './store/outbox.ts'

/** What delivery needs of the outbox. */
export type DeliveryOutbox = Pick<
  Outbox,
  'due' | 'nextDue' | 'shift' | 'began' | 'sent' | 'failed' | 'withdraw' | 'sentOf'
>

export interface DeliveryNeeds extends Circumstances {
  readonly outbox: DeliveryOutbox
  /** The relays in their order, ready to use. None: letters wait. */
  readonly channels: () => readonly Channel[]
  readonly now: () => Instant
  /** Calls back once, later; returns what takes that back. */
  readonly after: (delay: Millis, then: () => void) => () => void
  readonly onSent: (letter: Letter, at: Instant) => void
  /** Nothing could be sent for five minutes; said once until something is sent again. */
  readonly onTrouble: (note: string) => void
  /** The outbox can't be read or written: letters wait for it. */
  readonly onHindered: (error: unknown) => void
  /** Every relay refused it for good for a whole day: it is given up. */
  readonly onGivenUp: (letter: Letter, recipient: string, note: string) => void
  /** It is this site's turn to send it; asked again a little later when it isn't. */
  readonly isOurs: (queued: QueuedLetter) => boolean
}

export interface Delivery {
  /** Something may be due. Returns at once; a call during a run is not lost. */
  wake(): void
  /** The wall clock was set: nothing is put off or given up because of it. */
  jumped(by: Millis): void
  /** Tries everything that is due and what becomes due meanwhile; then sets the next run. Rejects when the outbox does. */
  run(): Promise<void>
  /** No further send begins. Resolves when those under way have ended. */
  stop(): Promise<void>
}

const AT_ONCE = 2

/** The first wait after a failure; it doubles with every round. */
const WAIT: Millis = 30 * SECOND
/** The same where the letter may have arrived. */
const WAIT_UNCERTAIN: Millis = 120 * SECOND
const LONGEST_WAIT: Millis = 15 * MINUTE
/** Where every relay refused for good. */
const LONGEST_REFUSED: Millis = HOUR
const GIVEN_UP_AFTER: Millis = DAY

/** A relay that failed is asked last for so long. */
const REST: Millis = 5 * MINUTE
const TROUBLE_AFTER: Millis = 5 * MINUTE

/** What is due may have to wait behind another letter: the outbox is not asked again sooner … */
const SOONEST: Millis = 2 * SECOND
/** … nor later, because wall clocks jump. */
const LATEST: Millis = MINUTE

interface Failure {
  readonly relay: string
  readonly note: string
  readonly again: boolean
  readonly uncertain: boolean
}

/** Nothing is sent before the first `run` or `wake`. */
export function createDelivery(needs: DeliveryNeeds): Delivery {
  const { outbox, now } = needs
  const busy = new Set<number>()
  const restingUntil = new Map<string, Instant>()
  const refusedSince = new Map<number, Instant>()
  /** Letters that may have arrived, as far as this process knows. */
  const doubtful = new Set<number>()
  let failingSince: Instant | null = null
  let troubleSaid = false
  /** A relay is back: what was put off because of it goes now. */
  let flush = false
  /** The clock was set back by so much while the disk refused: letters are due as much too late. */
  let unshifted: Millis = 0
  let running: Promise<void> | null = null
  let wanted = false
  let stopped = false
  let cancel = () => {}

  return { wake, jumped, run, stop }

  /** Rests and patience are reckoned anew: they were counted by a clock that was wrong. */
  function jumped(by: Millis): void {
    try {
      outbox.shift(by)
    } catch (error) {
      // What is due too early is no harm, and what comes meanwhile is due by the new clock.
      unshifted += Math.min(0, by)
      needs.onHindered(error)
    }
    restingUntil.clear()
    refusedSince.clear()
    failingSince = null
    flush = true
    wake()
  }

  function wake(): void {
    run().catch((error: unknown) => {
      needs.onHindered(error)
      sleep(LATEST)
    })
  }

  function run(): Promise<void> {
    wanted = true
    running ??= work().finally(() => {
      running = null
      if (wanted && !stopped) wake()
    })
    return running
  }

  async function stop(): Promise<void> {
    stopped = true
    cancel()
    await running?.catch(() => {})
  }

  async function work(): Promise<void> {
    cancel()
    while (wanted && !stopped) {
      wanted = false
      if (unshifted < 0) outbox.shift(unshifted)
      unshifted = 0
      await Promise.all(Array.from({ length: AT_ONCE }, lane))
    }
    flush = false
    const next = stopped ? null : outbox.nextDue()
    if (next !== null) sleep(Math.min(Math.max(next - now(), SOONEST), LATEST))
  }

  function sleep(delay: Millis): void {
    cancel()
    if (!stopped) cancel = needs.after(delay, wake)
  }

  async function lane(): Promise<void> {
    for (;;) {
      const queued = pick()
      if (queued === undefined) return
      busy.add(queued.id)
      try {
        await deliver(queued)
      } finally {
        busy.delete(queued.id)
      }
    }
  }

  /** The oldest letter that may go now. Letters about one outage reach a person in their order. */
  function pick(): QueuedLetter | undefined {
    if (stopped || needs.channels().length === 0) return undefined
    const due = new Set(outbox.due(now()).map(({ id }) => id))
    const waiting = allWaiting()
    return waiting.find(
      (queued, index) =>
        !busy.has(queued.id) &&
        (due.has(queued.id) || (flush && !queued.uncertain)) &&
        !waiting
          .slice(0, index)
          .some((earlier) => earlier.recipient === queued.recipient && concern(earlier.letter, queued.letter)) &&
        needs.isOurs(queued),
    )
  }

  function allWaiting(): readonly QueuedLetter[] {
    return outbox.due(Number.MAX_SAFE_INTEGER)
  }

  function othersTo(queued: QueuedLetter): readonly Letter[] {
    return allWaiting()
      .filter(({ id, recipient }) => id !== queued.id && recipient === queued.recipient)
      .map(({ letter }) => letter)
  }

  async function deliver(queued: QueuedLetter): Promise<void> {
    const { id, letter, recipient } = queued
    if (queued.uncertain) doubtful.add(id)
    if (!doubtful.has(id) && othersTo(queued).some((other) => outdates(other, letter))) {
      outbox.withdraw([letter.key], recipient)
      return
    }
    const ended = endedBy(letter, needs.ended)
    const root = outbox.sentOf(letter.thread).find((sent) => sent.recipient === recipient) ?? null
    const message = writeMessage(letter, recipient, root, needs, now())
    const channels = inOrder()
    const failures: Failure[] = []
    for (const channel of channels) {
      if (stopped) return
      outbox.began(id, now(), channel.name)
      const attempt = await attemptBy(channel, message)
      const at = now()
      if (attempt.taken) {
        outbox.sent(id, at, channel.name, attempt.response)
        // What may have arrived earlier without saying the end leaves that to the letter about it.
        const told = doubtful.has(id) ? [] : othersTo(queued).filter((other) => tellsEnd(letter, ended, other))
        if (told.length > 0) {
          const keys = told.map(({ key }) => key)
          outbox.withdraw(keys, recipient)
        }
        succeeded(queued, channel, at)
        return
      }
      failures.push({ ...attempt, relay: channel.name })
      if (attempt.uncertain) doubtful.add(id)
      if (attempt.again) restingUntil.set(channel.name, at + REST)
      outbox.failed(id, at, channel.name, attempt.note, at + waitAfter(queued, failures), attempt.uncertain)
      // It may have arrived: not another copy at once.
      if (attempt.uncertain) break
    }
    failed(queued, failures)
  }

  /** Relays that failed lately last, else as configured. */
  function inOrder(): readonly Channel[] {
    const at = now()
    const resting = ({ name }: Channel) => (restingUntil.get(name) ?? at) > at
    const channels = needs.channels()
    return [...channels.filter((channel) => !resting(channel)), ...channels.filter(resting)]
  }

  function waitAfter({ attempts }: QueuedLetter, failures: readonly Failure[]): Millis {
    const round = Math.floor(attempts / Math.max(1, needs.channels().length))
    const refused = failures.every(({ again }) => !again)
    const uncertain = failures.some((failure) => failure.uncertain)
    return Math.min((uncertain ? WAIT_UNCERTAIN : WAIT) * 2 ** round, refused ? LONGEST_REFUSED : LONGEST_WAIT)
  }

  function succeeded({ id, letter }: QueuedLetter, channel: Channel, at: Instant): void {
    flush ||= failingSince !== null
    failingSince = null
    troubleSaid = false
    restingUntil.delete(channel.name)
    refusedSince.delete(id)
    doubtful.delete(id)
    needs.onSent(letter, at)
  }

  function failed({ id, letter, recipient }: QueuedLetter, failures: readonly Failure[]): void {
    if (failures.length === 0) return
    const at = now()
    const note = failures.map((failure) => `${failure.relay}: ${failure.note}`).join('; ')
    flush = false
    failingSince ??= at
    if (!troubleSaid && at - failingSince >= TROUBLE_AFTER) {
      troubleSaid = true
      needs.onTrouble(note)
    }
    if (failures.some(({ again }) => again)) {
      refusedSince.delete(id)
      return
    }
    const since = refusedSince.get(id) ?? at
    refusedSince.set(id, since)
    if (at - since < GIVEN_UP_AFTER) return
    refusedSince.delete(id)
    outbox.withdraw([letter.key], recipient)
    needs.onGivenUp(letter, recipient, note)
  }
}

/** One test mail through one relay, at once and past the outbox. */
export async function testRelay(
  channel: Channel,
  recipient: string,
  configuration: Configuration,
  now: Instant,
): Promise<Attempt> {
  return attemptBy(channel, testMessage(channel.name, recipient, configuration, now))
}

/** A channel never throws; if one does, that must not cost the letter. */
async function attemptBy(channel: Channel, message: Message): Promise<Attempt> {
  try {
    return await channel.send(message)
  } catch (error) {
    return { taken: false, again: true, uncertain: true, note: error instanceof Error ? error.message : String(error) }
  }
}
