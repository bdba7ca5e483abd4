// An account's address (RFC 7622), as administrators write it.
import type { Login } from '../../core/settings.ts'

export interface Account {
  readonly domain: string
  /** What servers are told: the part before the @. */
  readonly login: Login
}

/** `probe` or `probe@example.org`; null for what is no account, or has no domain where none is given. */
export function parseAccount({ user, password }: Login, domain: string | null): Account | null {
  const [, local, host] = /^([^@/\s]+)(?:@([^@/\s]+))?$/.exec(user) ?? []
  const where = host?.toLowerCase() ?? domain
  return local === undefined || where === null ? null : { domain: where, login: { user: local, password } }
}
