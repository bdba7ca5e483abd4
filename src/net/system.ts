// The real network: the system's resolvers, sockets and trusted roots.
import { Resolver } from 'node:dns/promises'
import { connect as open, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { familyOf, isPublic } from './address.ts'
import type { Ending } from './ending.ts'
import { failed, ofConnecting } from './failure.ts'
import { createHosts } from './hosts.ts'
import type { Endpoint, Network } from './network.ts'

export interface SystemOptions {
  /** Trusted roots for everything, as PEM, beside the system's. */
  readonly ca: readonly string[]
  /** `address` or `address:port`; the system's when not said. */
  readonly resolvers?: readonly string[]
  readonly hosts?: string
}

/** A resolver silent for so long is asked for something that each one knows. */
const DOUBT = 1_000
const NONE: readonly string[] = []
const LOOPBACK = { 4: ['127.0.0.1'], 6: ['::1'] } as const

/**
 * The network as it is. Names are asked of c-ares and never of `dns.lookup`, which hangs 10 s, two at a time, on a dead
 * resolver. Each question has a resolver of its own: it reads resolv.conf when made, so a network that comes up late or
 * a resolver that moves is noticed at once.
 */
export function createNetwork(options: SystemOptions): Network {
  const hosts = createHosts(options.hosts ?? '/etc/hosts')
  const contexts = new Map<string, SecureContext>()
  /** By the list itself, too: a bundle of roots is 200 kB, too long to be joined and compared at each look. */
  const byList = new WeakMap<readonly string[], SecureContext>()

  return { resolve, resolvers, connect, detour: () => undefined, trust, permits: isPublic }

  async function resolve(name: string, family: 4 | 6, ending: Ending): Promise<readonly string[]> {
    ending.throwIfAborted()
    const literal = familyOf(name)
    if (literal !== null) return literal === family ? [name] : []
    const plain = name.toLowerCase().replace(/\.$/, '')
    const known = hosts(plain, family)
    if (known) return known
    if (plain === 'localhost' || plain.endsWith('.localhost')) return LOOPBACK[family]
    return ask(plain, family, ending)
  }

  async function ask(name: string, family: 4 | 6, ending: Ending): Promise<readonly string[]> {
    const resolver = createResolver()
    let answersAtAll = false
    const heard = (error?: unknown) => {
      answersAtAll = error === undefined || codeOf(error) === 'ENODATA'
    }
    const doubt = setTimeout(() => resolver.resolveNs('.').then(() => heard(), heard), DOUBT)
    const cancel = () => resolver.cancel()
    ending.addEventListener('abort', cancel)
    try {
      return family === 4 ? await resolver.resolve4(name) : await resolver.resolve6(name)
    } catch (error) {
      const code = codeOf(error)
      if (code === 'ENODATA') return []
      if (answersAtAll && (code === 'ECANCELLED' || code === 'ETIMEOUT')) {
        throw failed({ ok: false, reason: 'dns', note: `the name servers of ${name} do not answer` })
      }
      throw error
    } finally {
      clearTimeout(doubt)
      ending.removeEventListener('abort', cancel)
      resolver.cancel()
    }
  }

  function createResolver(): Resolver {
    const resolver = new Resolver({ timeout: 2_000, tries: 4 })
    if (options.resolvers) resolver.setServers(options.resolvers)
    return resolver
  }

  function resolvers(): readonly string[] {
    return createResolver().getServers()
  }

  function trust(extra: readonly string[] = NONE): SecureContext {
    const context = byList.get(extra) ?? contextOf(extra.filter((pem) => !options.ca.includes(pem)))
    byList.set(extra, context)
    return context
  }

  function contextOf(more: readonly string[]): SecureContext {
    const key = more.join('\n')
    const context = contexts.get(key) ?? createContext([...options.ca, ...more])
    contexts.set(key, context)
    return context
  }
}

/**
 * The option `ca` would replace the system's roots; this adds to them. NODE_EXTRA_CA_CERTS is lost by it on Node 20:
 * whoever makes the network says it again in `ca`.
 */
function createContext(roots: readonly string[]): SecureContext {
  const context = createSecureContext()
  const native: { addCACert(pem: string): void } = context.context
  for (const pem of roots) native.addCACert(pem)
  return context
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** Opens TCP to one address, as `Network.connect` promises. */
export function connect(endpoint: Endpoint, ending: Ending): Promise<Socket> {
  return new Promise((resolve, reject) => {
    ending.throwIfAborted()
    const socket = open({
      host: endpoint.address,
      port: endpoint.port,
      family: endpoint.family,
      autoSelectFamily: false,
      noDelay: true,
    })
    const abort = () => {
      socket.destroy()
      reject(ending.reason)
    }
    ending.addEventListener('abort', abort)
    // Stays for the socket's life: an error that nobody waits for must not end the process.
    socket.on('error', (error) => {
      ending.removeEventListener('abort', abort)
      reject(ofConnecting(error))
    })
    socket.once('connect', () => {
      ending.removeEventListener('abort', abort)
      resolve(socket)
    })
  })
}
