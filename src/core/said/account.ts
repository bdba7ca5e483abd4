// Who may log in: what was said about accounts (`account.…` entries), folded, the same on every site. A removal always
// wins: whatever was begun before it is void. Secrets are digests here, but for the one of TOTP, which can't be.
import type { Instant } from '../time/time.ts'

/** scrypt (RFC 7914) with what it was made with; salt and hash in base64url. */
export interface PasswordHash {
  readonly salt: string
  readonly hash: string
  readonly n: number
  readonly r: number
  readonly p: number
}

/** What one proves oneself with. `totp`: the secret in base32 (RFC 6238); `codes`: SHA-256 of recovery codes, in hex. */
export interface Credential {
  readonly password: PasswordHash
  readonly totp: string
  readonly codes: readonly string[]
}

export interface Account {
  readonly name: string
  readonly created: Instant
  /** Recovery codes that were used are no longer in it. */
  readonly credential: Credential
  /** Changes with the credential: sessions begun with another one are over. */
  readonly mark: string
  /** The last step of TOTP that was used; 0: none. None up to it is taken again. */
  readonly step: number
}

/** A one-time link to choose a credential: for a new account, or for one whose owner lost theirs. */
export interface Invitation {
  readonly name: string
  /** SHA-256 of the link's secret, in hex. */
  readonly digest: string
  readonly expires: Instant
  readonly by: string
}

export const SCOPES = ['incidents', 'maintenance'] as const
/** What a key may do through the API. */
export type Scope = (typeof SCOPES)[number]

/** An API key: what a script says instead of logging in. */
export interface ApiToken {
  readonly name: string
  readonly digest: string
  readonly scopes: readonly Scope[]
  readonly made: Instant
  readonly by: string
}

/** A recovery code that let somebody in twice, on sites that did not hear each other. */
export interface Reuse {
  readonly name: string
  /** Its digest. */
  readonly code: string
  /** The entries of both logins; the second is the one that should not have been. */
  readonly marks: readonly [first: string, second: string]
}

export interface Accounts {
  readonly accounts: ReadonlyMap<string, Account>
  /** By digest; also those that expired. */
  readonly invitations: ReadonlyMap<string, Invitation>
  /** By digest. */
  readonly tokens: ReadonlyMap<string, ApiToken>
  readonly reuses: readonly Reuse[]
}

/** What every fact about accounts says: who did it and when. */
interface Said {
  readonly by: string
  readonly at: Instant
}

export type AccountFact =
  | (Said & {
      readonly type: 'account.invite'
      readonly name: string
      readonly digest: string
      readonly expires: Instant
    })
  /** `invitation`: the digest of the link that was used. */
  | (Said & {
      readonly type: 'account.credential'
      readonly name: string
      readonly invitation: string
      readonly credential: Credential
    })
  /** `step`: the one of TOTP that was used; else `code`: the digest of a recovery code. */
  | (Said & {
      readonly type: 'account.login'
      readonly name: string
      readonly step: number | null
      readonly code: string | null
    })
  | (Said & { readonly type: 'account.remove'; readonly name: string })
  | (Said & {
      readonly type: 'account.token'
      readonly name: string
      readonly digest: string
      readonly scopes: readonly Scope[]
    })
  | (Said & { readonly type: 'account.revoke'; readonly name: string })

/** A name people can type and mails can carry. */
export function isAccountName(name: string): boolean {
  return /^[a-z0-9][a-z0-9._-]{0,31}$/.test(name)
}

/** Folds facts given `inOrder` (statement.ts); `mark` names the entry that a fact came with. */
export function foldAccounts(facts: Iterable<{ readonly mark: string; readonly fact: AccountFact }>): Accounts {
  const accounts = new Map<string, Account>()
  const invitations = new Map<string, Invitation>()
  const tokens = new Map<string, ApiToken>()
  const spent = new Map<string, string>()
  const reuses: Reuse[] = []
  const forget = <T extends { readonly name: string }>(map: Map<string, T>, name: string) => {
    for (const [key, one] of map) if (one.name === name) map.delete(key)
  }
  for (const { mark, fact } of facts) {
    const { name, at, by } = fact
    const account = accounts.get(name)
    switch (fact.type) {
      case 'account.invite':
        forget(invitations, name)
        invitations.set(fact.digest, { name, digest: fact.digest, expires: fact.expires, by })
        break
      case 'account.credential':
        if (invitations.get(fact.invitation)?.name !== name) break
        forget(invitations, name)
        accounts.set(name, { name, created: account?.created ?? at, credential: fact.credential, mark, step: 0 })
        break
      case 'account.login':
        if (account !== undefined) accounts.set(name, afterLogin(account, fact))
        if (fact.code !== null) spend(fact.code, name, mark)
        break
      case 'account.remove':
        accounts.delete(name)
        forget(invitations, name)
        break
      case 'account.token':
        forget(tokens, name)
        tokens.set(fact.digest, { name, digest: fact.digest, scopes: fact.scopes, made: at, by })
        break
      case 'account.revoke':
        forget(tokens, name)
        break
    }
  }
  return { accounts, invitations, tokens, reuses }

  function spend(code: string, name: string, mark: string) {
    const first = spent.get(code)
    if (first === undefined) spent.set(code, mark)
    else reuses.push({ name, code, marks: [first, mark] })
  }
}

function afterLogin(
  account: Account,
  { step, code }: { readonly step: number | null; readonly code: string | null },
): Account {
  const { credential } = account
  return {
    ...account,
    step: Math.max(account.step, step ?? 0),
    credential: { ...credential, codes: credential.codes.filter((one) => one !== code) },
  }
}

/** Reads the payload of an `account.…` entry, whoever wrote it; null for anything that isn't one, whole. */
export function parseAccountFact(type: string, payload: unknown): AccountFact | null {
  if (typeof payload !== 'object' || payload === null) return null
  const { by, at, name, digest, expires, invitation, credential, step, code, scopes } = payload as Record<
    string,
    unknown
  >
  if (!isLine(by) || !isInstant(at) || typeof name !== 'string' || !isAccountName(name)) return null
  const said = { by, at, name }
  switch (type) {
    case 'account.invite':
      return isDigest(digest) && isInstant(expires) ? { ...said, type, digest, expires } : null
    case 'account.credential': {
      const whole = parseCredential(credential)
      return isDigest(invitation) && whole !== null ? { ...said, type, invitation, credential: whole } : null
    }
    case 'account.login':
      if (isInstant(step) && code === null) return { ...said, type, step, code }
      return step === null && isDigest(code) ? { ...said, type, step, code } : null
    case 'account.token': {
      const known = Array.isArray(scopes) && scopes.every(isScope) ? scopes : null
      return isDigest(digest) && known !== null ? { ...said, type, digest, scopes: known } : null
    }
    case 'account.remove':
    case 'account.revoke':
      return { ...said, type }
    default:
      return null
  }
}

/** False for a scope that only a newer vigie knows. */
export function isScope(scope: unknown): scope is Scope {
  return SCOPES.some((one) => one === scope)
}

function parseCredential(found: unknown): Credential | null {
  if (typeof found !== 'object' || found === null) return null
  const { password, totp, codes } = found as Record<string, unknown>
  if (typeof password !== 'object' || password === null) return null
  const { salt, hash, n, r, p } = password as Record<string, unknown>
  if (!isBase64(salt) || !isBase64(hash) || typeof totp !== 'string' || !/^[A-Z2-7]{16,128}$/.test(totp)) return null
  if (!isFactor(n, 2 ** 17) || !isFactor(r, 16) || !isFactor(p, 8)) return null
  if (!Array.isArray(codes) || codes.length > 20 || !codes.every(isDigest)) return null
  return { password: { salt, hash, n, r, p }, totp, codes }
}

/** A password of somebody else's making must not take hours or gigabytes to compare. */
function isFactor(value: unknown, most: number): value is number {
  return isInstant(value) && value >= 1 && value <= most
}

function isBase64(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{16,128}$/.test(value)
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isLine(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{C}]{1,100}$/u.test(value)
}
