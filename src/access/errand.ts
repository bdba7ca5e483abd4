// What `vigie admin` wants done: by the process that runs, asked over HTTP, or by the command itself when none does.
import { isAccountName, isScope, type Scope } from '../core/said/account.ts'
import type { Instant } from '../core/time/time.ts'
import type { Access } from './accounts.ts'

export type Errand =
  | { readonly does: 'invite' | 'recover' | 'remove' | 'revoke'; readonly name: string }
  | { readonly does: 'token'; readonly name: string; readonly scopes: readonly Scope[] }
  | { readonly does: 'list' }

export interface Listing {
  /** `codes`: recovery codes that are left. */
  readonly accounts: readonly { readonly name: string; readonly created: Instant; readonly codes: number }[]
  /** Links that are still good. */
  readonly invitations: readonly { readonly name: string; readonly expires: Instant }[]
  readonly keys: readonly {
    readonly name: string
    readonly scopes: readonly Scope[]
    readonly made: Instant
    readonly by: string
  }[]
}

export type Result =
  /** A one-time link: its path. */
  | { readonly path: string; readonly expires: Instant }
  /** An API key, which is shown this once. */
  | { readonly key: string }
  | { readonly gone: true }
  | { readonly list: Listing }
  | { readonly refused: string }

/** Null: it is none. */
export function readErrand(given: unknown): Errand | null {
  if (typeof given !== 'object' || given === null) return null
  const { does, name, scopes } = given as Record<string, unknown>
  if (does === 'list') return { does }
  if (typeof name !== 'string') return null
  if (does === 'token') return Array.isArray(scopes) && scopes.every(isScope) ? { does, name, scopes } : null
  return does === 'invite' || does === 'recover' || does === 'remove' || does === 'revoke' ? { does, name } : null
}

/** Why this can be no name, of an account or a key; null: it can. */
export function wrongName(name: string): string | null {
  if (isAccountName(name)) return null
  return `${JSON.stringify(name)}: a name is of lowercase letters, digits, "." "_" "-", at most 32`
}

/** Does it in the name of `by`. Throws what the ledger throws. */
export function doErrand(access: Access, errand: Errand, by: string, now: Instant): Result {
  if (errand.does === 'list') return { list: listOf(access, now) }
  const { name } = errand
  const strange = wrongName(name)
  if (strange !== null) return { refused: strange }
  const known = access.known().accounts.has(name)
  switch (errand.does) {
    case 'invite':
      if (known) return { refused: `${name} has an account; \`vigie admin recover ${name}\` gives a new access` }
      return linkFor(access, name, by)
    case 'recover':
      if (!known) return { refused: `there is no account ${name}; \`vigie admin invite ${name}\` makes one` }
      return linkFor(access, name, by)
    case 'remove':
      return access.remove(name, by) ? { gone: true } : { refused: `there is no account ${name}` }
    case 'token':
      if (errand.scopes.length === 0) return { refused: 'a key that may do nothing is of no use: name its scopes' }
      return { key: access.createToken(name, errand.scopes, by) }
    case 'revoke':
      return access.revokeToken(name, by) ? { gone: true } : { refused: `there is no key ${name}` }
  }
}

function linkFor(access: Access, name: string, by: string): Result {
  const { token, expires } = access.invite(name, by)
  return { path: `/admin/welcome/${token}`, expires }
}

function listOf(access: Access, now: Instant): Listing {
  const { accounts, invitations, tokens } = access.known()
  const byName = <T extends { readonly name: string }>(all: readonly T[]) =>
    all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return {
    accounts: byName([...accounts.values()]).map(({ name, created, credential }) => ({
      name,
      created,
      codes: credential.codes.length,
    })),
    invitations: byName([...invitations.values()])
      .filter(({ expires }) => expires > now)
      .map(({ name, expires }) => ({ name, expires })),
    keys: byName([...tokens.values()]).map(({ name, scopes, made, by }) => ({ name, scopes, made, by })),
  }
}
