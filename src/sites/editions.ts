// Which configuration each site has, as it signed for it in the ledger: that one is newer than another is no word of the
// moment, which nobody could hold a site to, but stays where everybody can read it.
import type { Configuration } from '../core/check.ts'
import { compare, siteOf } from '../core/ledger/entry.ts'
import { type Fields, line, moment, readPayload } from '../core/ledger/payload.ts'
import type { Statement } from '../core/ledger/statement.ts'
import { type Instant, MINUTE } from '../core/time/time.ts'
import type { Ledger } from '../store/ledger.ts'

export interface Editions {
  /** Says in the ledger what this site has, unless it did. Throws what the ledger throws. */
  say(): void
  /** When a site changed the configuration that it has now, as it signed; null: it signed for none of that name. */
  changedAt(site: string, edition: string): Instant | null
}

interface Claim {
  readonly edition: string
  readonly changed: Instant
}

const TYPE = 'configuration'
const CLAIM: Fields<Claim> = { edition: line(64), changed: moment }
/** Nobody changed a file later than this after saying so. */
const AHEAD = 5 * MINUTE

/**
 * Reads what all sites signed in the ledger now, and follows it. Whoever claims a change more than five minutes after
 * saying so is not believed.
 */
export function createEditions(
  ledger: Pick<Ledger, 'statements' | 'onNews' | 'say'>,
  memory: { readonly configuration: Configuration },
): Editions {
  /** By site, the newest. */
  const claims = new Map<string, { readonly claim: Claim; readonly statement: Statement }>()
  for (const statement of ledger.statements(TYPE)) hear(statement)
  ledger.onNews((news) => {
    for (const statement of news) hear(statement)
  })
  return {
    say() {
      const { site, sites, edition, configured } = memory.configuration
      if (sites.length < 2 || claims.get(site.id)?.claim.edition === edition) return
      ledger.say(TYPE, { edition, changed: Math.floor(configured) })
    },
    changedAt(site, edition) {
      const claim = claims.get(site)?.claim
      return claim?.edition === edition ? claim.changed : null
    },
  }

  function hear(statement: Statement) {
    const claim = statement.type === TYPE ? readPayload(CLAIM, statement.payload) : null
    if (claim === null || claim.changed > statement.hlc.at + AHEAD) return
    const site = siteOf(statement.origin)
    const known = claims.get(site)
    if (known === undefined || compare(known.statement, statement) < 0) claims.set(site, { claim, statement })
  }
}
