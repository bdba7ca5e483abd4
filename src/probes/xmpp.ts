// xmpp: a chat server lets members' programs, or other servers, in.
import type { Attention, Outcome, TlsFacts } from '../core/observation.ts'
import type { Login, Settings } from '../core/settings.ts'
import { factsNote } from '../net/certificate.ts'
import type { XmlElement } from '../net/xml.ts'
import type { Look, Plan, Probe, ProbeKind } from './kind.ts'
import { createLoginMemory } from './login.ts'
import { parseAccount } from './xmpp/account.ts'
import { boshStream } from './xmpp/bosh.ts'
import { enter, type Role } from './xmpp/entrance.ts'
import type { Salted } from './xmpp/scram.ts'
import { bind, logIn, mechanismsIn, ping, remembering } from './xmpp/session.ts'
import { childOf, protocol, type Stream } from './xmpp/stream.ts'
import { openWebSocket } from './xmpp/websocket.ts'

export const xmpp: ProbeKind = {
  summary: 'a chat server (XMPP) lets programs in, or other servers: TLS for its domain, ways to log in',
  example: 'example.org',
  configure,
}

/** An open way in. Over HTTP the handshake comes with the first thing said. */
interface Way {
  readonly stream: Stream
  tls(): TlsFacts | null
  /** For people: who answers. */
  readonly at: string
  readonly missed: readonly string[]
}

type Open = (look: Look) => Promise<Way>

/** Ways in over HTTP, where one is said. */
interface Detours {
  readonly bosh: URL | undefined
  readonly websocket: URL | undefined
}

function configure(settings: Settings): Plan {
  const domain = settings.targetHost()
  const role = settings.oneOf('as', ['client', 'server']) ?? 'client'
  const detours = {
    bosh: settings.url('bosh'),
    websocket: settings.url('websocket', ['wss:', 'ws:', 'https:', 'http:']),
  }
  const open = readWay(settings, domain, role, detours)
  const login = readLogin(settings, domain, role, detours)
  const proves = role === 'server' ? 'federate' : detours.bosh || detours.websocket ? 'browse' : 'connect'
  if (login !== null) return { does: 'look', probe: withLogin(open, domain, login), proves }
  return { does: 'look', probe: (look) => visit(look, open, role), proves }
}

function readWay(settings: Settings, domain: string, role: Role, detours: Detours): Open {
  const manner = settings.oneOf('tls', ['starttls', 'direct']) ?? null
  const { bosh, websocket } = detours
  if (bosh && websocket) settings.complain('websocket', 'bosh and websocket are two ways in: make it two checks')
  for (const key of ['bosh', 'websocket'] as const) {
    if (detours[key] === undefined) continue
    if (role === 'server') settings.complain(key, `servers don't use ${key} among themselves: leave it out, or \`as\``)
    if (manner !== null) settings.complain('tls', `the address in ${key} says it already: leave it out`)
  }
  if (bosh) {
    return async (look) => {
      const stream = boshStream(look, bosh, domain)
      return { stream, tls: stream.tls, at: 'BOSH', missed: [] }
    }
  }
  if (websocket) {
    return async (look) => {
      const { stream, tls } = await openWebSocket(look, websocket, domain)
      return { stream, tls: () => tls, at: 'WebSocket', missed: [] }
    }
  }
  return async (look) => {
    const { tls, ...way } = await enter(look, { domain, role, manner, connect: look.connect })
    return { ...way, tls: () => tls }
  }
}

function readLogin(settings: Settings, domain: string, role: Role, { bosh, websocket }: Detours): Login | null {
  const login = settings.login('login')
  if (login === undefined) return null
  if (role === 'server') settings.complain('login', 'other servers have no login: leave it out, or `as`')
  const clear = [bosh, websocket].some((url) => url?.protocol === 'ws:' || url?.protocol === 'http:')
  if (clear) settings.complain('login', 'a login is only sent over TLS: write https:// or wss://')
  const account = parseAccount(login, domain)
  if (account?.domain !== domain) settings.complain('login', `the user must be an account of ${domain}`)
  return account?.login ?? login
}

async function visit(look: Look, open: Open, role: Role): Promise<Outcome> {
  const way = await open(look)
  const features = await begin(look, way)
  const offered = role === 'client' ? loginsIn(features) : peersIn(features)
  await way.stream.close()
  return fine(look, way, offered)
}

/** Looks with the login, or for an hour after a refusal without it: the service may be well though our account isn't. */
function withLogin(open: Open, domain: string, login: Login): Probe {
  const memory = createLoginMemory()
  const salted: Salted = new Map()
  return async (look) => {
    const way = await open(look)
    const features = await begin(look, way)
    if (!memory.due()) {
      const offered = loginsIn(features)
      await way.stream.close()
      return fine(look, way, `${offered}, not logged in`, memory.attention())
    }
    const mechanism = await remembering(memory, () => useAccount(look, way, features, domain, login, salted))
    await way.stream.close()
    return fine(look, way, `logged in by ${mechanism}, ping answered`)
  }
}

async function useAccount(
  look: Look,
  { stream }: Way,
  before: XmlElement,
  domain: string,
  login: Login,
  salted: Salted,
): Promise<string> {
  look.begin('login')
  const { mechanism, features } = await logIn(stream, before, login, salted)
  look.mark('login')
  look.begin('bind')
  await bind(stream, features)
  look.mark('bind')
  look.begin('ping')
  await ping(stream, domain)
  look.mark('ping')
  return mechanism
}

async function begin(look: Look, { stream }: Way): Promise<XmlElement> {
  look.begin('stream')
  const features = await stream.open()
  look.mark('stream')
  return features
}

/** What a program needs: a way to log in, the old one (RFC 6120, 6) or the new (XEP-0388). */
function loginsIn(features: XmlElement): string {
  const offered = mechanismsIn(features)
  if (offered.length > 0) return offered.join(' ')
  if (childOf(features, 'authentication', 'urn:xmpp:sasl:2') !== undefined) return 'SASL2'
  throw protocol('no way to log in is offered')
}

/** How another server may prove who it is. None may be offered to a stranger without a certificate. */
function peersIn(features: XmlElement): string {
  const logins = mechanismsIn(features)
  if (logins.some((name) => name !== 'EXTERNAL')) throw protocol('this is the door for programs, not for other servers')
  const dialback = childOf(features, 'dialback', 'urn:xmpp:features:dialback') === undefined ? [] : ['dialback']
  return [...logins, ...dialback].join(' ') || 'open to other servers'
}

function fine(look: Look, { tls, at, missed }: Way, what: string, attention: readonly Attention[] = []): Outcome {
  const facts = tls()
  const note = [at, what, ...(facts === null ? [] : [factsNote(facts, look.now())])].join(', ')
  const found = missed.map((one): Attention => ({ kind: 'finding', note: `can't be reached, another answers: ${one}` }))
  const mind = [...attention, ...found]
  return {
    ok: true,
    note,
    ...(facts === null ? {} : { tls: facts }),
    ...(mind.length === 0 ? {} : { attention: mind }),
  }
}
