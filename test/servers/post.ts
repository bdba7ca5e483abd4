// A post office for tests of delivery: an outbox in memory that keeps the promises of the real one, a clock that only
// moves when told to, and everything that delivery said.
import type { Attempt, Channel } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/index.ts'
import type { Configuration } from '../../src/core/check.ts'
import type { Letter, News } from '../../src/core/letter.ts'
import type { Message } from '../../src/core/message.ts'
import { HOUR, type Instant, type Millis } from '../../src/core/time.ts'
import { createDelivery, type Delivery, type Outbox, type QueuedLetter } from '../../src/deliver.ts'
import { createNetwork } from '../../src/net/system.ts'
import { START } from '../core/letters.ts'

interface Kept extends QueuedLetter {
  state: 'waiting' | 'sent' | 'withdrawn'
  due: Instant
  at: Instant
  attempts: number
  uncertain: boolean
}

export const ADMIN = 'admins@elsewhere.example'
export const OTHER = 'other@elsewhere.example'
export const FROM = 'Vigie <vigie@elsewhere.example>'

/** What delivery reads of a configuration. */
export const nomagic = {
  name: 'Nomagic',
  languages: ['fr', 'en'],
  timezone: 'Europe/Paris',
  site: { url: 'https://a.status.elsewhere.example/' },
  alerts: [{ email: ADMIN, on: ['down', 'up', 'partial'] }],
} as unknown as Configuration

export const taken: Attempt = { taken: true, response: '250 queued' }
export const broken: Attempt = { taken: false, again: true, uncertain: false, note: 'ECONNREFUSED' }
export const refused: Attempt = { taken: false, again: false, uncertain: false, note: '550 no such user' }
export const unsure: Attempt = {
  taken: false,
  again: true,
  uncertain: true,
  note: 'no answer in time after the message',
}

/** A channel that answers as told and remembers what it was given. */
export function scripted(name: string, answer: (message: Message) => Attempt | Promise<Attempt>) {
  const given: Message[] = []
  const channel: Channel = {
    name,
    send: async (message) => {
      given.push(message)
      return answer(message)
    },
  }
  return { channel, given }
}

/** The real one: mail over SMTP to a relay on loopback. */
export function channelTo(port: number, name: string, timeout: Millis = 300): Channel {
  const relay = { name, host: '127.0.0.1', port, secure: false, login: null }
  return channels.mail.open({
    relay,
    from: FROM,
    network: createNetwork({ ca: [] }),
    ca: [],
    now: () => START,
    timeout,
  })
}

export function letterOf(key: string, news: News, more: Partial<Letter> = {}): Letter {
  return { key, event: 'down', thread: 'mail-1', at: START, news, ...more }
}

/** Test letters, each a thread of its own. */
export function loose(...keys: readonly string[]): readonly Letter[] {
  return keys.map((key) => letterOf(key, { kind: 'test' }, { thread: key }))
}

export interface Post {
  readonly delivery: Delivery
  /** Puts letters into the outbox, as a verdict does. */
  put(recipient: string, ...letters: readonly Letter[]): void
  /** Moves the clock, firing what was set for then, and waits until delivery rests at each. */
  pass(length: Millis): Promise<void>
  now(): Instant
  end(outage: string, at: Instant): void
  stateOf(key: string, recipient?: string): string | undefined
  /** `began relay`, `failed relay: note`, `sent relay`, in order. */
  readonly log: readonly string[]
  /** What delivery reported: `sent KEY`, `trouble …`, `given up KEY …`. */
  readonly said: readonly string[]
  /** Timers that are set. */
  timers(): number
}

export function openPost(...relays: readonly Channel[]): Post {
  let clock = START
  const kept: Kept[] = []
  const log: string[] = []
  const said: string[] = []
  const ends = new Map<string, Instant>()
  const timers = new Set<{ readonly at: Instant; readonly then: () => void }>()

  const waiting = () => kept.filter(({ state }) => state === 'waiting')
  const byId = (id: number) => kept.find((one) => one.id === id)!
  const outbox: Outbox = {
    due: (now) =>
      waiting()
        .filter(({ due }) => due <= now)
        .map((one) => ({ ...one })),
    nextDue: () => (waiting().length === 0 ? null : Math.min(...waiting().map(({ due }) => due))),
    began: (id, _at, relay) => {
      const one = byId(id)
      one.attempts += 1
      one.uncertain = true
      log.push(`began ${relay}`)
    },
    sent: (id, at, relay, response) => {
      const one = byId(id)
      if (one.state !== 'waiting') throw new Error(`${one.letter.key} was ${one.state}`)
      one.state = 'sent'
      one.at = at
      log.push(`sent ${relay}: ${response.slice(0, 3)}`)
    },
    failed: (id, at, relay, note, again, uncertain) => {
      const one = byId(id)
      one.due = Math.min(again, at + HOUR)
      one.uncertain = uncertain
      log.push(`${uncertain ? 'uncertain' : 'failed'} ${relay}: ${note}; again in ${(again - at) / 1000} s`)
    },
    withdraw: (keys, recipient) => {
      const gone = waiting().filter(({ letter, recipient: to }) => keys.includes(letter.key) && to === recipient)
      for (const one of gone) one.state = 'withdrawn'
      return gone.length
    },
    sentOf: (thread) =>
      kept.filter(({ state, letter }) => state === 'sent' && letter.thread === thread).sort((a, b) => a.at - b.at),
  }
  const delivery = createDelivery({
    outbox,
    configuration: () => nomagic,
    channels: () => relays,
    ended: (outage) => ends.get(outage) ?? null,
    now: () => clock,
    after: (delay, then) => {
      const timer = { at: clock + delay, then }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    onSent: (letter) => said.push(`sent ${letter.key}`),
    onTrouble: (note) => said.push(`trouble ${note}`),
    onGivenUp: (letter, recipient, note) => said.push(`given up ${letter.key} to ${recipient}: ${note}`),
  })
  return {
    delivery,
    put,
    pass,
    now: () => clock,
    end: (outage, at) => ends.set(outage, at),
    stateOf: (key, recipient) =>
      kept.find(({ letter, recipient: to }) => letter.key === key && (recipient ?? to) === to)?.state,
    log,
    said,
    timers: () => timers.size,
  }

  function put(recipient: string, ...letters: readonly Letter[]) {
    for (const letter of letters) {
      const id = kept.length + 1
      kept.push({ id, letter, recipient, attempts: 0, uncertain: false, state: 'waiting', due: letter.at, at: 0 })
    }
  }

  async function pass(length: Millis) {
    const until = clock + length
    for (;;) {
      const next = [...timers].sort((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > until) break
      timers.delete(next)
      clock = Math.max(clock, next.at)
      next.then()
      await delivery.run()
    }
    clock = until
  }
}
