// Who the replica says it is: a certificate for every name that it stands in for, made when first asked for.
import { createSecureContext, type SecureContext } from 'node:tls'
import { DAY, type Instant } from '../core/time/time.ts'
import type { Authority } from './certificates.ts'
import type { Identity } from './door.ts'

const LIFETIME = 90 * DAY
const RENEWED_AFTER = 30 * DAY

/** What a certificate says: for whom, from when, until when. */
export type Papers = (names: readonly string[], now: Instant) => Parameters<Authority['issue']>[0]

/** As it should be. */
export const good: Papers = (names, now) => ({ names, from: now - DAY, until: now + LIFETIME })

/** Nobody renewed it. */
export const expired: Papers = (names, now) => ({ names, from: now - LIFETIME - DAY, until: now - DAY })

/** Good, but somebody else's: what a web server with a host too many shows. */
export const foreign: Papers = (_, now) => good(['www.elsewhere.example'], now)

const MOST_NAMES = 500

/**
 * Certificates of 90 days, renewed after 30 as an ACME client would. Who names nobody, or somebody that the replica
 * doesn't stand in for, gets one for its `addresses`.
 */
export function createIdentities(
  authority: Authority,
  now: () => Instant,
  standsInFor: (name: string) => boolean,
  addresses: readonly string[],
  papers: Papers = good,
): Identity {
  const known = new Map<string, { readonly context: SecureContext; readonly since: Instant }>()

  return {
    secureContext: issue(addresses),
    SNICallback: (name, done) => done(null, contextFor(name.toLowerCase())),
  }

  function contextFor(name: string): SecureContext {
    const found = known.get(name)
    if (found && Math.abs(now() - found.since) < RENEWED_AFTER) return found.context
    if (known.size >= MOST_NAMES) known.clear()
    const context = issue(standsInFor(name) ? [name] : addresses)
    known.set(name, { context, since: now() })
    return context
  }

  function issue(names: readonly string[]): SecureContext {
    const { key, certificate } = authority.issue(papers(names, now()))
    return createSecureContext({ key, cert: certificate })
  }
}
