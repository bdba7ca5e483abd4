// A replica of the hoster on loopback, with all that a site asks of the world: names, roads, witnesses, relays, jobs.
// It has no way out: what it doesn't stand in for can't be reached.
import { isIP, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Configuration, checksOf, type Relay, type Witness } from '../core/check.ts'
import type { Instant } from '../core/time.ts'
import type { Endpoint, Network } from '../net/network.ts'
import { connect as open } from '../net/system.ts'
import { createAuthority } from './certificates.ts'
import { converse, type Dialogue, type Door, LOOPBACK, openDoor } from './door.ts'
import { type Ping, sendHeartbeats } from './heartbeats.ts'
import { createIdentities } from './identities.ts'
import { imap, pop3, sieve, ssh } from './mail.ts'
import { openNames, zoneOf } from './names.ts'
import { type Mail, smtp } from './smtp.ts'
import { openWeb } from './web.ts'
import { xmpp } from './xmpp.ts'

export interface Replica {
  readonly network: Network
  /** The configured witnesses and path: the network stands in for those hosts. */
  readonly witnesses: readonly Witness[]
  readonly path: readonly Witness[]
  /** One real SMTP server that takes everything and sends nothing on. */
  readonly relays: readonly Relay[]
  /** What the relay took, oldest first: the last hundred. */
  mailbox(): readonly Received[]
  /** Ends everything; ports are free afterwards. */
  stop(): Promise<void>
}

export interface Received extends Mail {
  readonly at: Instant
}

const KEPT_MAILS = 100
const DEFAULT_DOMAIN = 'nomagic.test'

/** Opens every door, each on a free port of 127.0.0.1, and begins to ping the configured heartbeats. */
export async function startReplica(options: {
  readonly configuration: Configuration
  readonly now: () => Instant
  readonly ping: Ping
}): Promise<Replica> {
  const { witnesses, path, domain: configured } = options.configuration
  const domain = (configured ?? DEFAULT_DOMAIN).toLowerCase()
  const others = new Set([...witnesses, ...path].map(hostOf))
  const mails: Received[] = []
  const authority = createAuthority()
  const identity = createIdentities(authority, options.now, standsInFor, [LOOPBACK, ...[...others].filter(isIP)])

  const relay = await openDoor((socket) => converse(socket, relayDialogue(), identity, 'plain'))
  const names = await openNames(zoneOf(domain, standsInFor), domain)
  const web = await openWeb(domain, identity)
  const doors = await openDoors()
  const all: readonly Door[] = [relay, names, web, ...doors.values()]
  const ports = new Set(all.map(({ port }) => port))
  const contexts = new Map<string, SecureContext>()
  const silence = sendHeartbeats(checksOf(options.configuration), options.ping)

  return {
    network: {
      resolve,
      resolvers: () => [`${LOOPBACK}:${names.port}`],
      connect,
      detour,
      trust,
      permits: (address) => address === LOOPBACK,
    },
    witnesses,
    path,
    relays: [
      { name: `smtp://${LOOPBACK}:${relay.port}`, host: LOOPBACK, port: relay.port, secure: false, login: null },
    ],
    mailbox: () => [...mails],
    async stop() {
      silence()
      await Promise.all(all.map((door) => door.close()))
    },
  }

  /** A name under the domain, or a host of somebody else's that is asked as a witness or on the path. */
  function standsInFor(host: string): boolean {
    return host === domain || host.endsWith(`.${domain}`) || others.has(host)
  }

  async function resolve(name: string, family: 4 | 6, signal: AbortSignal): Promise<readonly string[]> {
    signal.throwIfAborted()
    const host = plain(name)
    if (isIP(host)) return isIP(host) === family ? [host] : []
    if (!standsInFor(host)) throw failure('ENOTFOUND', `${host} is not part of the replica`)
    return family === 4 ? [LOOPBACK] : []
  }

  async function connect(endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
    signal.throwIfAborted()
    const ours = endpoint.address === LOOPBACK && ports.has(endpoint.port)
    if (!ours) throw failure('ENETUNREACH', 'the replica has no way out')
    return open(endpoint, signal)
  }

  function detour(name: string, port: number): { host: string; port: number } | undefined {
    const host = plain(name)
    if (host === LOOPBACK) return port === 53 ? { host, port: names.port } : undefined
    if (!standsInFor(host)) return undefined
    return { host: isIP(host) ? LOOPBACK : host, port: (port === 53 ? names : (doors.get(port) ?? web)).port }
  }

  function trust(extra: readonly string[] = []): SecureContext {
    const key = extra.join('')
    const context = contexts.get(key) ?? createSecureContext({ ca: [authority.certificate, ...extra] })
    contexts.set(key, context)
    return context
  }

  async function openDoors(): Promise<Map<number, Door>> {
    const opened = [...dialogues(domain)].map(async ([port, dialogue]) => {
      const stage = DIRECT_TLS.includes(port) ? 'direct' : 'plain'
      return [port, await openDoor((socket) => converse(socket, dialogue, identity, stage))] as const
    })
    return new Map(await Promise.all(opened))
  }

  function relayDialogue(): Dialogue {
    return smtp({ host: 'relay.elsewhere.example', starttls: false, login: false, take: keep })
  }

  function keep(mail: Mail): void {
    mails.push({ ...mail, at: options.now() })
    if (mails.length > KEPT_MAILS) mails.shift()
  }
}

/** What waits behind each well-known port. Every other port is a web server's. */
function dialogues(domain: string): ReadonlyMap<number, Dialogue> {
  const mx = smtp({ host: `mx.${domain}`, starttls: true, login: false })
  const submission = smtp({ host: `mail.${domain}`, starttls: true, login: true })
  const client = xmpp('client', domain)
  const server = xmpp('server', domain)
  return new Map([
    [22, ssh],
    [25, mx],
    [110, pop3],
    [143, imap],
    [465, submission],
    [587, submission],
    [993, imap],
    [995, pop3],
    [4190, sieve],
    [5222, client],
    [5223, client],
    [5269, server],
    [5270, server],
  ])
}

/** Ports where TLS comes first (RFC 8314; XEP-0368). */
const DIRECT_TLS: readonly number[] = [465, 993, 995, 5223, 5270]

function hostOf(witness: Witness): string {
  if (witness.kind === 'https') return plain(new URL(witness.url).hostname)
  return plain(witness.kind === 'dns' ? witness.address : witness.host)
}

/** As names are compared: lower case, no final dot, no brackets. */
function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code })
}
