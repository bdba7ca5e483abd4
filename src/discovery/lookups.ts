// What a domain's DNS says of its services: a handful of questions, each with its deadline.
import { Resolver } from 'node:dns/promises'
import type { HostPort } from '../core/settings.ts'
import { SECOND } from '../core/time/time.ts'
import { isHost } from './documents.ts'

export interface Lookups {
  /** Hosts that take mail for a domain, the preferred first (RFC 5321, 5.1). */
  mx(domain: string): Promise<readonly string[]>
  /** Where a service is (RFC 2782), the preferred first; a target of "." says there is none and is left out, as is what is no host. */
  srv(name: string): Promise<readonly HostPort[]>
}

const PATIENCE = 5 * SECOND
const MOST = 5

/** `servers`: `address` or `address:port`. What can't be found, or not in time, is empty: DNS is asked, not judged. */
export function createLookups(servers: readonly string[]): Lookups {
  return {
    mx: (domain) =>
      asking(async (resolver) => {
        const found = await resolver.resolveMx(domain)
        return found
          .sort((a, b) => a.priority - b.priority)
          .map(({ exchange }) => plain(exchange))
          .filter(isHost)
      }),
    srv: (name) =>
      asking(async (resolver) => {
        const found = await resolver.resolveSrv(name)
        return found
          .sort((a, b) => a.priority - b.priority || b.weight - a.weight)
          .map(({ name: target, port }) => ({ host: plain(target), port }))
          .filter(({ host, port }) => isHost(host) && port > 0)
      }),
  }

  async function asking<T>(ask: (resolver: Resolver) => Promise<readonly T[]>): Promise<readonly T[]> {
    const resolver = new Resolver({ timeout: 2 * SECOND, tries: 2 })
    resolver.setServers([...servers])
    const timer = setTimeout(() => resolver.cancel(), PATIENCE)
    try {
      return (await ask(resolver)).slice(0, MOST)
    } catch {
      return []
    } finally {
      clearTimeout(timer)
    }
  }
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
