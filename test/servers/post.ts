// A post office for tests of delivery: the real outbox in a folder of its own, a clock that only moves when told to, and
// everything that delivery said.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Attempt, Channel } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/index.ts'
import type { Message } from '../../src/core/letter/message.ts'
import { HOUR, type Instant, type Millis } from '../../src/core/time/time.ts'
import type { Letter, News } from '../../src/core/verdict/letter.ts'
import { createDelivery, type Delivery, type DeliveryOutbox } from '../../src/deliver.ts'
import { createNetwork } from '../../src/net/system.ts'
import { type Ledger, openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { START } from '../core/letters.ts'
import { configurationOf, siteOf } from '../core/policy.ts'

export const ADMIN = 'admins@elsewhere.example'
export const OTHER = 'other@elsewhere.example'
export const FROM = 'Vigie <vigie@elsewhere.example>'

/** What delivery reads of a configuration. */
export const nomagic = configurationOf([], {
  site: siteOf('home', { url: 'https://a.status.elsewhere.example/' }),
  sites: [],
  alerts: [{ email: ADMIN, on: ['down', 'up', 'partial'] }],
})

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
    knock: async () => ({ open: true, note: 'scripted' }),
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
  /** Somebody sets the wall clock. */
  setClock(by: Millis): void
  end(outage: string, at: Instant): void
  /** From now on the outbox can't be read; null: it can again. */
  hinder(error: Error | null): void
  stateOf(key: string, recipient?: string): 'waiting' | 'sent' | 'withdrawn'
  /** `began relay`, `failed relay: note`, `sent relay`, in order. */
  readonly log: readonly string[]
  /** What delivery reported: `sent KEY`, `trouble …`, `given up KEY …`. */
  readonly said: readonly string[]
  /** Timers that are set. */
  timers(): number
  /** The process dies as it is, and another one opens the same folder. */
  reborn(...relays: readonly Channel[]): Post
}

const open = new Set<{ readonly dir: string; readonly ledger: Ledger }>()

/** Closes every post that was opened; for `afterEach`. */
export function closePosts(): void {
  for (const { ledger } of open) ledger.close()
  for (const { dir } of open) rmSync(dir, { recursive: true, force: true })
  open.clear()
}

export function openPost(...relays: readonly Channel[]): Post {
  return openAt(mkdtempSync(join(tmpdir(), 'vigie-post-')), START, relays)
}

function openAt(dir: string, start: Instant, relays: readonly Channel[]): Post {
  let clock = start
  const ledger = openLedger(dir, { site: 'home', sealer: sealer(openKey(dir)), now: () => clock })
  const opened = { dir, ledger }
  open.add(opened)
  const log: string[] = []
  const said: string[] = []
  const ends = new Map<string, Instant>()
  const timers = new Set<{ readonly at: Instant; readonly then: () => void }>()

  let hindrance: Error | null = null
  const outbox: DeliveryOutbox = {
    ...ledger,
    due: (now) => {
      if (hindrance !== null) throw hindrance
      return ledger.due(now)
    },
    shift: (by) => {
      if (hindrance !== null) throw hindrance
      ledger.shift(by)
    },
    began: (id, at, relay) => {
      log.push(`began ${relay}`)
      ledger.began(id, at, relay)
    },
    sent: (id, at, relay, response) => {
      log.push(`sent ${relay}: ${response.slice(0, 3)}`)
      ledger.sent(id, at, relay, response)
    },
    failed: (id, at, relay, note, again, uncertain) => {
      log.push(`${uncertain ? 'uncertain' : 'failed'} ${relay}: ${note}; again in ${(again - at) / 1000} s`)
      ledger.failed(id, at, relay, note, again, uncertain)
    },
  }
  const delivery = createDelivery({
    acknowledge: () => null,
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
    onHindered: (error) => said.push(`hindered ${(error as Error).message}`),
    isOurs: () => true,
    onGivenUp: (letter, recipient, note) => said.push(`given up ${letter.key} to ${recipient}: ${note}`),
  })
  return {
    delivery,
    put,
    pass,
    now: () => clock,
    setClock: (by) => {
      clock += by
      delivery.jumped(by)
    },
    end: (outage, at) => ends.set(outage, at),
    hinder: (error) => {
      hindrance = error
    },
    stateOf,
    log,
    said,
    timers: () => timers.size,
    reborn,
  }

  function put(recipient: string, ...letters: readonly Letter[]) {
    const outgoing = letters.map((letter) => ({ letter, recipients: [recipient] }))
    ledger.remember({ living: new Map(), letters: outgoing, entries: [] })
  }

  function stateOf(key: string, recipient = ADMIN) {
    const is = (one: { letter: Letter; recipient: string }) => one.letter.key === key && one.recipient === recipient
    if (ledger.due(clock + HOUR).some(is)) return 'waiting'
    return ledger.attempts(1000).some((one) => one.key === key && one.recipient === recipient && one.outcome === 'sent')
      ? 'sent'
      : 'withdrawn'
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

  function reborn(...others: readonly Channel[]): Post {
    ledger.close()
    open.delete(opened)
    return openAt(dir, clock, others)
  }
}
