// A replica of the hoster on loopback, with all that a site asks of the world: names, roads, witnesses, relays, jobs.
// It has no way out: what it doesn't stand in for can't be reached. Each road can be broken (faults.ts).
import { isIP, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Configuration, checksOf, type Relay, type Witness } from '../core/check.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import type { Ending } from '../net/ending.ts'
import type { Endpoint, Network } from '../net/network.ts'
import { connect as open } from '../net/system.ts'
import { createAddresses } from './addresses.ts'
import { createBrokenDoors } from './broken.ts'
import { createAuthority } from './certificates.ts'
import { type Door, LOOPBACK } from './door.ts'
import { createFaults, type Faults, type Place } from './faults.ts'
import { type SendPing, sendHeartbeats } from './heartbeats.ts'
import { createIdentities, expired, foreign, good, type Papers } from './identities.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { openNames, openNowhere, type Zone, zoneOf } from './names.ts'
import { hostOf, plain, REGISTRIES, RELAY, RESOLVER, type Seat, siteOf } from './places.ts'
import { portsOf, RELAY_PORT, WEB } from './ports.ts'
import { createPostOffice } from './post-office.ts'

export interface Replica {
  readonly network: Network
  /** The configured witnesses and path: the network stands in for those hosts. */
  readonly witnesses: readonly Witness[]
  readonly path: readonly Witness[]
  /** One real SMTP server that takes everything and sends nothing on. */
  readonly relays: readonly Relay[]
  /** What the relay took. */
  readonly mailbox: Mailbox
  /** Ends everything; ports are free afterwards. */
  stop(): Promise<void>
}

const DEFAULT_DOMAIN = 'nomagic.test'

/** The domain that the replica of a configuration stands in for. */
export function domainOf(configuration: Configuration): string {
  return (configuration.domain ?? DEFAULT_DOMAIN).toLowerCase()
}

export interface ReplicaOptions {
  readonly configuration: Configuration
  readonly now: () => Instant
  readonly ping: SendPing
  /** What is broken, while it lasts. Nothing when not said. */
  readonly faults?: Faults
  /** Where the relay's mails go. One of its own when not said. */
  readonly mailbox?: Mailbox
  /** The sites of the demonstration, by the port of loopback on which each listens. None when not said. */
  readonly sites?: ReadonlyMap<number, Seat>
}

/** Opens every door, each on a free port of 127.0.0.1, and begins to ping the configured heartbeats. */
export async function startReplica({
  configuration,
  now,
  ping,
  faults = createFaults(),
  mailbox = createMailbox(now),
  sites = new Map(),
}: ReplicaOptions): Promise<Replica> {
  const { witnesses, path } = configuration
  const domain = domainOf(configuration)
  const others = new Set([...[...witnesses, ...path].map(hostOf), REGISTRIES])
  const authority = createAuthority()
  const identify = (papers: Papers) =>
    createIdentities(authority, now, standsInFor, [LOOPBACK, ...[...others].filter(isIP)], papers)
  const identity = identify(good)
  const ports = portsOf(domain, mailbox.take, createPostOffice(domain, now))
  const addresses = createAddresses()

  const names = await openNames(zone(), domain, () => faults.road(THE_RESOLVER)?.delay ?? 0)
  const nowhere = await openNowhere()
  const doors = new Map(
    await Promise.all(ports.known.map(async (port) => [port, await ports.open(port, identity)] as const)),
  )
  const broken = createBrokenDoors(ports, { good: identity, expired: identify(expired), foreign: identify(foreign) })
  const relay = doors.get(RELAY_PORT)!
  const all = [names, nowhere, broken, ...doors.values()]
  const contexts = new Map<string, SecureContext>()
  const silence = sendHeartbeats(checksOf(configuration), ping, faults)
  const links = new Map<Socket, Place>()
  const unsubscribe = faults.onChange(() => {
    if (faults.broken().length === 0) void broken.close()
    // Sites keep their connections: a cut must be felt in those, too.
    for (const [socket, to] of links) if (!isReached(to)) socket.destroy()
  })

  return {
    network: {
      resolve,
      resolvers: () => [`${LOOPBACK}:${(isReached(THE_RESOLVER) ? names : nowhere).port}`],
      connect,
      detour,
      trust,
      permits: (address) => address === LOOPBACK || addresses.hostAt(address) !== undefined,
    },
    witnesses,
    path,
    relays: [
      { name: `smtp://${LOOPBACK}:${relay.port}`, host: LOOPBACK, port: relay.port, secure: false, login: null },
    ],
    mailbox,
    async stop() {
      silence()
      unsubscribe()
      await Promise.all(all.map((door) => door.close()))
    },
  }

  /** A name under the domain, or a host of somebody else's that is asked as a witness, on the path or for registries. */
  function standsInFor(host: string): boolean {
    return isOurs(host) || others.has(host)
  }

  function isOurs(host: string): boolean {
    return host === domain || host.endsWith(`.${domain}`)
  }

  /** A datagram that is sent there arrives, be it late. */
  function isReached(to: Place): boolean {
    const road = faults.road(to)
    return road === undefined || road.manner === 'slow'
  }

  /** As the system's resolver would answer, out of its memory when the domain's name servers can't be asked. */
  async function resolve(name: string, family: 4 | 6, ending: Ending): Promise<readonly string[]> {
    ending.throwIfAborted()
    const host = plain(name)
    if (isIP(host)) return isIP(host) === family ? [host] : []
    const road = faults.road(THE_RESOLVER)
    if (road !== undefined) await (isReached(THE_RESOLVER) ? within(road.delay, ending) : aborted(ending))
    if (!standsInFor(host)) throw failure('ENOTFOUND', `${host} is not part of the replica`)
    return [addresses.of(host, family)]
  }

  /** What each host looks like from here, whatever door really stands in for it. */
  async function connect(endpoint: Endpoint, ending: Ending): Promise<Socket> {
    ending.throwIfAborted()
    const to = placeAt(endpoint)
    if (to === undefined) throw failure('ENETUNREACH', 'the replica has no way out')
    if (to === 'nowhere') return aborted(ending)
    const { manner, delay } = faults.road(to.place) ?? { manner: null, delay: 0 }
    if (manner === 'lost') return aborted(ending)
    if (manner === 'refused') throw failure('ECONNREFUSED', `nobody listens on ${to.place.host}:${to.place.port}`)
    if (to.behind === null) return link(to, ending)
    const port = manner === null ? to.door.port : await broken.instead(manner, delay, to.behind, to.door.port)
    return open({ address: LOOPBACK, family: 4, port }, ending)
  }

  /** To another site: nothing stands in for it. */
  async function link({ place, door }: Destination, ending: Ending): Promise<Socket> {
    const socket = await open({ address: LOOPBACK, family: 4, port: door.port }, ending)
    links.set(socket, place)
    socket.on('close', () => links.delete(socket))
    return socket
  }

  /** Who is meant by an address and port, and the good door behind which he is. */
  function placeAt({ address, port, family }: Endpoint): Destination | 'nowhere' | undefined {
    if (address === LOOPBACK) {
      if (port === relay.port) return { place: { host: RELAY, port: 25, family }, behind: RELAY_PORT, door: relay }
      if (port === names.port) return { place: { ...THE_RESOLVER, family }, behind: port, door: names }
      const seat = sites.get(port)
      if (seat !== undefined) return { place: { host: siteOf(seat), port, family }, behind: null, door: { port } }
      return port === nowhere.port ? 'nowhere' : undefined
    }
    const host = addresses.hostAt(address) ?? (others.has(address) ? address : undefined)
    if (host === undefined) return undefined
    const behind = doors.has(port) ? port : WEB
    return { place: { host, port, family }, behind, door: doors.get(behind)! }
  }

  /** Connections show by their address where they go; what is asked over UDP goes by itself. */
  function detour(name: string, port: number): { host: string; port: number } | undefined {
    const host = plain(name)
    if (port !== 53 || !(host === LOOPBACK || standsInFor(host))) return undefined
    const reached = isReached(host === LOOPBACK ? THE_RESOLVER : { host, port, family: null })
    return { host: LOOPBACK, port: (reached ? names : nowhere).port }
  }

  function trust(extra: readonly string[] = []): SecureContext {
    const key = extra.join('')
    const context = contexts.get(key) ?? createSecureContext({ ca: [authority.certificate, ...extra] })
    contexts.set(key, context)
    return context
  }

  function zone(): Zone {
    const whole = zoneOf(domain, standsInFor)
    return (name, type) => {
      const unasked = isOurs(plain(name)) && !isReached({ host: `ns1.${domain}`, port: 53, family: null })
      return unasked ? 'failing' : whole(name, type)
    }
  }
}

interface Destination {
  readonly place: Place
  /** The port whose server answers there; null: another site does. */
  readonly behind: number | null
  readonly door: Pick<Door, 'port'>
}

const THE_RESOLVER: Place = { host: RESOLVER, port: 53, family: null }

/** Something comes back, but slowly. */
function within(delay: Millis, ending: Ending): Promise<void> {
  return Promise.race([sleep(delay, undefined, { ref: false }), aborted(ending)])
}

/** Nothing comes back: whoever waits gives up. */
function aborted(ending: Ending): Promise<never> {
  return new Promise((_, reject) => {
    if (ending.aborted) reject(ending.reason)
    ending.addEventListener('abort', () => reject(ending.reason))
  })
}

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code })
}
