// xmpptrip: what one account says, another one hears.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Outcome, TlsFacts } from '../core/observation.ts'
import type { HostPort, Settings } from '../core/settings.ts'
import { formatDuration, type Millis } from '../core/time/time.ts'
import { escapeXml, type XmlElement } from '../net/xml.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { createLoginMemory, type LoginMemory } from './login.ts'
import { soonest } from './stage.ts'
import { naming, patienceOf, readWithin, tripDefaults } from './trip.ts'
import { type Account, parseAccount } from './xmpp/account.ts'
import { enter } from './xmpp/entrance.ts'
import type { Salted } from './xmpp/scram.ts'
import { bind, logIn, ping, reasonOf, remembering } from './xmpp/session.ts'
import { CLIENT, protocol, type Stream } from './xmpp/stream.ts'

const NOBODY: Account = { domain: 'example.invalid', login: { user: '', password: '' } }

export const xmpptrip: ProbeKind = {
  summary: 'what one chat account says, another one hears: the time it takes is the figure',
  example: 'probe@example.org',
  defaults: tripDefaults,
  idle: { connect: 'write it within `from` and `to`' },
  from: 'any',
  ownFrom: true,
  configure,
}

/** One of the two accounts. */
interface End {
  readonly role: 'from' | 'to'
  readonly account: Account
  readonly connect: HostPort | null
  readonly memory: LoginMemory
  readonly salted: Salted
}

interface Trip {
  readonly from: End
  readonly to: End
  readonly within: Millis
}

/** An account that is logged in. */
interface Present {
  readonly stream: Stream
  /** Its address with the name of this session. */
  readonly address: string
  readonly tls: TlsFacts
}

function configure(settings: Settings): Plan {
  const target = parseAccount({ user: settings.target(), password: '' }, null)
  if (target === null) settings.complain(null, 'this is no address: write probe@example.org')
  const within = readWithin(settings)
  const to = readEnd(settings, 'to', target ?? NOBODY)
  const from = readEnd(settings, 'from', target ?? NOBODY)
  return { does: 'look', probe: (look) => travel(look, { from, to, within }) }
}

function readEnd(settings: Settings, role: End['role'], target: Account): End {
  const end = settings.section(role, (keys) => {
    const login = keys.login('login')
    const account = login === undefined ? undefined : parseAccount(login, target.domain)
    if (login === undefined) keys.complain(null, `${role} needs \`login\`: { user: …, password: … }`)
    if (account === null) keys.complain('login', 'the user is no account: write probe or probe@example.org')
    if (role === 'to' && account && addressOf(account) !== addressOf(target)) {
      keys.complain('login', `the user must be ${addressOf(target)}, where this trip goes`)
    }
    return { account: account ?? NOBODY, connect: keys.hostPort('connect') ?? null }
  })
  if (end === undefined) settings.complain(role, `a trip needs \`${role}\`: { login: { user: …, password: … } }`)
  const { account, connect } = end ?? { account: NOBODY, connect: null }
  return { role, account, connect, memory: createLoginMemory(), salted: new Map() }
}

function addressOf({ login, domain }: Account): string {
  return `${login.user.toLowerCase()}@${domain}`
}

async function travel(look: Look, trip: Trip): Promise<Outcome> {
  const { from, to, within } = trip
  if (!from.memory.due() || !to.memory.due()) return knock(look, trip)
  const end = performance.now() + patienceOf(within)
  const receiver = await naming(to.role, () => arrive(look, to))
  await naming(to.role, () => listen(look, receiver.stream, to.account.domain))
  const sender = await naming(from.role, () => arrive(look, from))
  const facts = soonest([receiver, sender])
  const sent = performance.now()
  const heard = await carry(look, { sender, receiver }, end)
  const took = Math.round(performance.now() - sent)
  await Promise.all([sender.stream.close(), receiver.stream.close()])
  if (heard) return { ok: true, note: `arrived after ${took} ms`, ...facts }
  return { ok: false, reason: 'late', note: `sent, but not arrived within ${formatDuration(within)}`, ...facts }
}

/** For an hour after a refusal only whether both servers let somebody in. */
async function knock(look: Look, { from, to }: Trip): Promise<Outcome> {
  const seen: { readonly tls: TlsFacts }[] = []
  for (const end of [to, from]) {
    const { stream, tls } = await naming(end.role, () => open(look, end))
    seen.push({ tls })
    await stream.close()
  }
  const attention = [from, to].flatMap(({ role, memory }) =>
    memory.attention().map((one) => ({ ...one, note: `${role}: ${one.note}` })),
  )
  return { ok: true, note: 'both servers answer, not logged in', ...soonest(seen), attention }
}

async function open(look: Look, { account, connect }: End) {
  const { stream, tls } = await enter(look, { domain: account.domain, role: 'client', manner: null, connect })
  look.begin('stream')
  const features = await stream.open()
  look.mark('stream')
  return { stream, tls, features }
}

async function arrive(look: Look, end: End): Promise<Present> {
  const { stream, tls, features: before } = await open(look, end)
  look.begin('login')
  const { features } = await remembering(end.memory, () => logIn(stream, before, end.account.login, end.salted))
  look.mark('login')
  look.begin('bind')
  const address = await bind(stream, features)
  look.mark('bind')
  return { stream, address, tls }
}

/** Is there for messages to this session alone: a priority below zero draws no others (RFC 6121, 4.7.2.3). */
async function listen(look: Look, stream: Stream, domain: string): Promise<void> {
  look.begin('ping')
  stream.send(`<presence xmlns='${CLIENT}'><priority>-1</priority></presence>`)
  // Answered in order: the presence is known by then.
  await ping(stream, domain)
  look.mark('ping')
}

/** True when the message came before the end. Throws where it came back, or one of the two was cut off. */
async function carry(
  look: Look,
  { sender, receiver }: { readonly sender: Present; readonly receiver: Present },
  end: Millis,
): Promise<boolean> {
  const token = randomUUID()
  const over = new AbortController()
  const wait = Math.max(0, end - performance.now())
  look.begin('delivery', receiver.address)
  sender.stream.send(messageTo(receiver.address, token))
  try {
    const heard = await Promise.race([
      quiet(until(receiver.stream, (stanza) => stanza.name === 'message' && bodyOf(stanza).includes(token))),
      quiet(until(sender.stream, (stanza) => isReturned(stanza, token))),
      quiet(sleep(wait, null, { signal: AbortSignal.any([look.signal(), over.signal]) })),
    ])
    if (heard !== null && isReturned(heard, token)) throw protocol(`the message came back${reasonOf(heard)}`)
    look.mark('delivery')
    return heard !== null
  } finally {
    over.abort()
  }
}

/** For one session alone: stored nowhere, copied to nobody (XEP-0334, XEP-0280). */
function messageTo(address: string, token: string): string {
  return (
    `<message xmlns='${CLIENT}' type='chat' id='${token}' to='${escapeXml(address)}'><body>vigie ${token}</body>` +
    "<no-store xmlns='urn:xmpp:hints'/><no-copy xmlns='urn:xmpp:hints'/><private xmlns='urn:xmpp:carbons:2'/></message>"
  )
}

async function until(stream: Stream, wanted: (stanza: XmlElement) => boolean): Promise<XmlElement> {
  for (;;) {
    const stanza = await stream.next()
    if (wanted(stanza)) return stanza
  }
}

function isReturned({ name, attributes }: XmlElement, token: string): boolean {
  return name === 'message' && attributes.type === 'error' && attributes.id === token
}

function bodyOf({ attributes, children }: XmlElement): string {
  return attributes.type === 'error' ? '' : (children.find(({ name }) => name === 'body')?.text ?? '')
}

/** The same promise, which nobody has to wait for. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}
