// A domain on loopback: its DNS and its web, for a discovery to find its way about.
import type { Answer } from 'dns-packet'
import { createAuthority } from '../../src/demo/certificates.ts'
import { discover } from '../../src/discovery/discover.ts'
import type { Discovery } from '../../src/discovery/found.ts'
import { createLookups } from '../../src/discovery/lookups.ts'
import { certificateNames } from '../../src/discovery/names.ts'
import type { Sources } from '../../src/discovery/sources.ts'
import { createVisitor } from '../../src/discovery/visit.ts'
import type { Network } from '../../src/net/network.ts'
import { loopback } from '../servers/loopback.ts'
import { openNames, type Said } from '../servers/names.ts'
import { type Serve, web } from '../servers/web.ts'

export interface Domain {
  readonly domain: string
  /** Undefined: the DNS is silent. */
  readonly names: (name: string, type: string) => Said | undefined
  /** All its web servers; `host` is whom they were asked as. */
  readonly serve: (host: string, ...rest: Parameters<Serve>) => void
  /** Names in the certificate that all of them show. */
  readonly certified: readonly string[]
  readonly progress?: (what: string) => void
}

/** DNS that holds these records and no others. */
export function holding(records: readonly Answer[]): Domain['names'] {
  return (name, type) => ({ answers: records.filter((record) => record.name === name && record.type === type) })
}

/** Discovers the domain; also what its web servers were asked for (`host/path`). */
export async function explore({ domain, names, serve, certified, progress = () => {} }: Domain) {
  const asked: string[] = []
  const authority = createAuthority()
  const port = await web(
    (request, response) => {
      const host = String(request.headers.host).replace(/:\d+$/, '')
      asked.push(`${host}${request.url}`)
      serve(host, request, response)
    },
    authority.issue({ names: certified }),
  )
  const dns = await openNames(names)
  const network: Network = {
    ...loopback({ ca: [authority.certificate] }),
    detour: (_: string, wanted: number) => (wanted === 443 ? { host: '127.0.0.1', port } : undefined),
  }
  try {
    const found: Discovery = await discover(domain, sourcesIn(network, [`127.0.0.1:${dns.port}`], progress))
    return { found, asked }
  } finally {
    await dns.close()
  }
}

export function sourcesIn(network: Network, resolvers: readonly string[], progress = (_: string) => {}): Sources {
  return {
    lookups: createLookups(resolvers),
    visit: createVisitor(network, Date.now),
    namesAt: (host) => certificateNames(host, network, Date.now),
    progress,
  }
}

/** Entries of the checks that would be written, by service. */
export function entriesOf({ found }: Discovery): Readonly<Record<string, readonly unknown[]>> {
  return Object.fromEntries(found.map(({ id, checks }) => [id, checks.map(({ entry }) => entry)]))
}
