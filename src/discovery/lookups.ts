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

/** What a name server says when it is asked and there is nothing. */
const NO_SUCH_NAME = 'ENOTFOUND'
const NO_SUCH_RECORD = 'ENODATA'

const PATIENCE = 5 * SECOND
const MOST = 5

/**
 * `servers`: `address` or `address:port`. What can't be found, or not in time, is empty: DNS is asked, not judged.
 * `unanswered` is called for each question to which nobody knew the answer.
 */
export function createLookups(servers: readonly string[], unanswered: () => void = () => {}): Lookups {
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
    try {
      return (await within(servers, ask)).slice(0, MOST)
    } catch (error) {
      if (![NO_SUCH_NAME, NO_SUCH_RECORD].includes(codeOf(error))) unanswered()
      return []
    }
  }
}

/** Whether there is such a name; `silent`: Node's code of why nobody says so. Without an answer here all others mean nothing. */
export async function known(name: string, servers: readonly string[]): Promise<'yes' | 'no' | { silent: string }> {
  try {
    await within(servers, (resolver) => resolver.resolveSoa(name))
    return 'yes'
  } catch (error) {
    const code = codeOf(error)
    if (code === NO_SUCH_NAME) return 'no'
    return code === NO_SUCH_RECORD ? 'yes' : { silent: code }
  }
}

async function within<T>(servers: readonly string[], ask: (resolver: Resolver) => Promise<T>): Promise<T> {
  const resolver = new Resolver({ timeout: 2 * SECOND, tries: 2 })
  resolver.setServers([...servers])
  const timer = setTimeout(() => resolver.cancel(), PATIENCE)
  try {
    return await ask(resolver)
  } finally {
    clearTimeout(timer)
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}
