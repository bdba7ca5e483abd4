// The one dialler: finds, connects, secures, and measures each of them.
import type { Socket } from 'node:net'
import { connect as startTls } from 'node:tls'
import type { Phases, Via } from '../core/observation.ts'
import type { HostPort } from '../core/settings.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import { familyOf, hostPort } from './address.ts'
import { factsOf, faultOf, readOnce } from './certificate.ts'
import type { Ending } from './ending.ts'
import { failed, ofResolver } from './failure.ts'
import type { Look, Secured } from './look.ts'
import type { Endpoint, Network } from './network.ts'

/** Where and how a check looks: what its configuration says beside its kind. */
export interface Aim {
  readonly network: Network
  /** 4 or 6: that family alone. Null: IPv4, or IPv6 where there is only that. */
  readonly family: 4 | 6 | null
  /** Goes there instead of the first host and port that the probe dials; names stay as they are. */
  readonly connect: HostPort | null
  readonly allowPrivate: boolean
  /** Further trusted roots, as PEM. */
  readonly ca: readonly string[]
  readonly now: () => Instant
}

export interface Dialler {
  readonly look: Look
  /** What is being waited for. */
  waiting(): { readonly phase: string; readonly of: string | null }
  /** Ends the look: closes what it opened; phases, rounded to a tenth, add up to `took`. */
  finish(): { readonly took: Millis; readonly phases: Phases; readonly via: Via }
}

/** What one look dials with. It begins to measure when it is made. `signal` says the same as `ending`, for those who need one. */
export function createDialler(aim: Aim, ending: Ending, signal: () => AbortSignal): Dialler {
  const { network } = aim
  const started = performance.now()
  const phases: Record<string, Millis> = {}
  const sockets: Socket[] = []
  const via: { dns: boolean; family: 4 | 6 | null; port: number | null } = { dns: false, family: null, port: null }
  let marked = started
  let current: { phase: string; of: string | null } | null = null
  let last = 'look'
  let pointed: string | null = null

  const look: Look = {
    signal,
    ending,
    mark,
    begin,
    locate: (to) => locate(to),
    dial: (to) => dial(to),
    dialAside: (to) => dial(to, false),
    secure,
    resolver,
    network,
    connect: aim.connect,
    family: aim.family,
    allowPrivate: aim.allowPrivate,
    now: aim.now,
  }
  return { look, waiting: () => current ?? { phase: last, of: null }, finish }

  function mark(phase: string) {
    const now = performance.now()
    phases[phase] = (phases[phase] ?? 0) + now - marked
    marked = now
    last = phase
    current = null
  }

  function begin(phase: string, of?: string) {
    current = { phase, of: of ?? null }
  }

  function finish() {
    mark(current?.phase ?? last)
    // The secured one before the plain one under it: Node frees the session of a TLS socket whose plain socket is gone at
    // the next tick, and inside the handshake's own callback that tick still runs under OpenSSL (SIGSEGV on Node 20).
    for (const socket of sockets.toReversed()) socket.destroy()
    const rounded = Object.entries(phases).map(([phase, length]) => [phase, Math.round(length * 10) / 10] as const)
    return { took: Math.round((marked - started) * 10) / 10, phases: Object.fromEntries(rounded), via: { ...via } }
  }

  async function locate(to: HostPort, hangsOnIt = true): Promise<Endpoint> {
    const wanted = connectInstead(to)
    const real = network.detour(wanted.host, wanted.port) ?? wanted
    if (hangsOnIt) via.port = wanted.port === 0 ? null : wanted.port
    begin('resolve', real.host)
    const { address, family } = await find(real.host)
    if (hangsOnIt) via.family = family
    if (!aim.allowPrivate && !network.permits(address)) {
      const note = `${address} is a private address; allow_private: true allows it`
      throw failed({ ok: null, reason: 'blocked', note })
    }
    mark('resolve')
    return { address, family, port: real.port }
  }

  /** `connect` holds for where the check points, not for where an answer sends us from there. */
  function connectInstead(to: HostPort): HostPort {
    const key = hostPort(to.host, to.port)
    pointed ??= key
    return aim.connect !== null && pointed === key ? aim.connect : to
  }

  async function find(host: string): Promise<{ readonly address: string; readonly family: 4 | 6 }> {
    const literal = familyOf(host)
    if (literal !== null) {
      if (aim.family === null || aim.family === literal) return { address: host, family: literal }
      throw failed({ ok: null, reason: 'config', note: `${host} is no IPv${aim.family} address` })
    }
    via.dns = true
    for (const family of aim.family === null ? ([4, 6] as const) : [aim.family]) {
      const [address] = await resolve(host, family)
      if (address !== undefined) return { address, family }
    }
    const missing = aim.family === null ? 'address' : `IPv${aim.family} address`
    throw failed({ ok: false, reason: 'dns', note: `${host} has no ${missing}` })
  }

  async function resolve(host: string, family: 4 | 6): Promise<readonly string[]> {
    try {
      return await network.resolve(host, family, ending)
    } catch (error) {
      throw ofResolver(error)
    }
  }

  async function dial(to: HostPort, hangsOnIt = true): Promise<Socket> {
    const endpoint = await locate(to, hangsOnIt)
    begin('connect', hostPort(endpoint.address, endpoint.port))
    const socket = await network.connect(endpoint, ending)
    sockets.push(socket)
    if (ending.aborted) socket.destroy()
    ending.throwIfAborted()
    mark('connect')
    return socket
  }

  function secure(socket: Socket, name: string, alpn?: readonly string[]): Promise<Secured> {
    begin('tls', name)
    return new Promise((resolve, reject) => {
      const secured = startTls({
        socket,
        secureContext: network.trust(aim.ca),
        // Server names are no addresses (RFC 6066, 3); without one a server shows its default certificate.
        ...(familyOf(name) === null ? { servername: name } : {}),
        ...(alpn ? { ALPNProtocols: [...alpn] } : {}),
        // The verdict is ours (certificate.ts): a bad certificate is to be read, not only refused.
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      })
      sockets.push(secured)
      readOnce(secured)
      const hungUp = () =>
        reject(failed({ ok: false, reason: 'closed', note: 'connection closed during the TLS handshake' }))
      secured.on('error', reject)
      secured.once('close', hungUp)
      secured.once('secureConnect', () => {
        mark('tls')
        secured.off('close', hungUp)
        resolve({ socket: secured, facts: factsOf(secured), fault: faultOf(secured, name, aim.now()) })
      })
    })
  }

  function resolver(): Endpoint {
    via.dns = true
    const first = network.resolvers()[0]
    if (first === undefined) throw failed({ ok: null, reason: 'resolver', note: 'no resolver is configured here' })
    return parseResolver(first)
  }
}

/** `address`, `address:port` or `[address]:port`, as `getServers` writes them. */
export function parseResolver(text: string): Endpoint {
  const match = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? (familyOf(text) === 6 ? null : /^([^:]+):(\d+)$/.exec(text))
  const address = match?.[1] ?? text
  return { address, family: familyOf(address) ?? 4, port: Number(match?.[2] ?? 53) }
}
