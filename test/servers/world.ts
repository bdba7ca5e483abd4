// A small internet on loopback: named places with certificates of their own, and service records between them.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { TLSSocket } from 'node:tls'
import type { Answer } from 'dns-packet'
import { onTestFinished } from 'vitest'
import { createAuthority, type Issued } from '../../src/demo/certificates.ts'
import type { Probe } from '../../src/net/look.ts'
import type { Network } from '../../src/net/network.ts'
import type { Looked, LookOptions } from '../../src/net/run.ts'
import { lookWith } from './looking.ts'
import { loopback } from './loopback.ts'
import { openNames } from './names.ts'
import type { Serve } from './web.ts'

export interface Place {
  readonly serve: Serve
  /** Names in the certificate; the place's own host when not said. */
  readonly names?: readonly string[]
  readonly certificate?: Issued
}

export interface World {
  readonly network: Network
  /** Requests in order: `SNI Host GET /path`. */
  readonly heard: string[]
  look(probe: Probe, options?: Partial<LookOptions>): Promise<Looked>
}

/** Test machines are busy: who wants to see a deadline says so. */
const PATIENT = 10_000

export const authority = createAuthority()

/** Opens each place (`host:port`) until the test ends. `services`: SRV records, `_x._tcp.name` to `host:port`s. */
export async function world(
  places: Readonly<Record<string, Place>>,
  services: Readonly<Record<string, readonly string[]>> = {},
): Promise<World> {
  const heard: string[] = []
  const ports = new Map<string, number>()
  for (const [place, { serve, names, certificate }] of Object.entries(places)) {
    const host = place.slice(0, place.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
    const { key, certificate: cert } = certificate ?? authority.issue({ names: names ?? [host] })
    const server = createServer({ key, cert }, (request: IncomingMessage, response: ServerResponse) => {
      const { servername } = request.socket as TLSSocket & { servername: string | false }
      heard.push(`${servername || '-'} ${request.headers.host} ${request.method} ${request.url}`)
      serve(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ports.set(place, (server.address() as { port: number }).port)
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
  }
  const names = await openNames((name, type) => {
    const targets = type === 'SRV' ? services[name] : undefined
    return targets === undefined ? { rcode: 3 } : { answers: targets.map((target, at) => srv(name, target, at)) }
  })
  onTestFinished(() => names.close())
  const network: Network = {
    ...loopback({ ca: [authority.certificate], resolvers: [`127.0.0.1:${names.port}`] }),
    // Where nobody lives, nobody listens: port 1 of loopback.
    detour: (host, port) => ({
      host: '127.0.0.1',
      port: ports.get(`${host.includes(':') ? `[${host}]` : host}:${port}`) ?? 1,
    }),
  }
  return { network, heard, look: (probe, options) => lookWith(probe, { network, timeout: PATIENT, ...options }) }
}

function srv(name: string, place: string, priority: number): Answer {
  const at = place.lastIndexOf(':')
  const data = { target: place.slice(0, at) || '.', port: Number(place.slice(at + 1)), priority, weight: 0 }
  return { type: 'SRV', name, ttl: 60, data }
}
