// Who may do what: accounts, their one-time links and the API keys, over what the ledger says of them.
import {
  type Account,
  type AccountFact,
  type Accounts,
  type ApiToken,
  foldAccounts,
  type Invitation,
  isAccountName,
  parseAccountFact,
  type Scope,
} from '../core/said/account.ts'
import { type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import { type Attempts, createAttempts } from './attempts.ts'
import { Busy, createPasswords, LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password.ts'
import { digestOf, newRecoveryCodes, newToken, recoveryDigest } from './secrets.ts'
import { stepOf } from './totp.ts'

/** An entry of the ledger about accounts. `mark` names it: origin and number. */
export interface Told {
  readonly mark: string
  readonly type: string
  readonly payload: unknown
}

export interface AccessDeps {
  /** Every `account.…` entry, `inOrder`. */
  readonly told: () => Iterable<Told>
  /** On the disk when it returns; throws what the ledger throws. */
  readonly say: (type: string, payload: unknown) => void
  readonly now: () => Instant
  /** Monotonic milliseconds. */
  readonly ticks: () => Millis
  readonly pause: (length: Millis) => Promise<void>
  /** False: the time may be wrong, so no code that depends on it is believed. */
  readonly clockTrusted: () => boolean
  readonly warn: (note: string) => void
}

/** For so long a one-time link is good. */
const INVITATION_LASTS: Millis = 30 * MINUTE

/** Everything in it is as it was typed. */
export interface Login {
  readonly name: string
  readonly password: string
  /** Six digits from the app, or a recovery code. */
  readonly code: string
  /** Where it comes from. */
  readonly address: string
}

/**
 * `wrong`: name, password or code, never said which. `slow`: another attempt from this address is under way, or too many
 * wait. `clock`: our clock is not to be trusted, so only a recovery code will do.
 */
export type LoginFault = 'wrong' | 'slow' | 'clock'

/**
 * `link`: no such link, used, or too old. `short`, `long`: not of 12 to 256 characters. `simple`: fewer than five
 * different ones, or hardly more than the name. `code`: not what an app shows for that secret.
 */
export type EnrolFault = 'link' | 'short' | 'long' | 'simple' | 'code'

export interface Access {
  /** As it was at the last `learn`, or our last word. */
  readonly known: () => Accounts
  /** Entries came from a twin. */
  learn(): void
  /** Makes a one-time link's secret: for a new account, or for one that exists, which then gets a new credential. */
  invite(name: string, by: string): { readonly token: string; readonly expires: Instant }
  /** The invitation a link stands for, while it is good. */
  invitation(token: string): Invitation | null
  /** Uses a link up. Returns recovery codes, which are never seen again. */
  enrol(
    token: string,
    chosen: { readonly password: string; readonly secret: string; readonly code: string },
  ): Promise<{ readonly account: Account; readonly codes: readonly string[] } | { readonly fault: EnrolFault }>
  /**
   * At the pace of guessing; a code that let somebody in is worth nothing from then on, even where the disk refuses.
   */
  login(login: Login): Promise<{ readonly account: Account } | { readonly fault: LoginFault }>
  /** The password again, before something grave. Null: it is theirs. */
  confirm(name: string, password: string, address: string): Promise<Exclude<LoginFault, 'clock'> | null>
  /** False: there was none. */
  remove(name: string, by: string): boolean
  /** Makes a key for the API, in place of one of that name. It is never seen again. */
  createToken(name: string, scopes: readonly Scope[], by: string): string
  /** False: there was none. */
  revokeToken(name: string, by: string): boolean
  /** Null: nobody's key. */
  tokenOf(secret: string): ApiToken | null
}

/** A base32 secret that belongs to nobody: comparing with it takes as long as with a real one. */
const NOBODYS = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

/**
 * Reads all that was told now, and again at each `learn` and after each word of its own. What the disk refuses is
 * thrown, but at a login, which goes to `warn` and counts. A name that can't be an account's or a key's is a
 * RangeError.
 */
export function createAccess(deps: AccessDeps): Access {
  const { now, warn } = deps
  const passwords = createPasswords()
  const attempts: Attempts = createAttempts(deps.ticks)
  /** Used here although the disk would not have it. */
  const spent = { steps: new Map<string, number>(), codes: new Set<string>() }
  let known = fold()
  return {
    known: () => known,
    learn,
    invite,
    invitation,
    enrol,
    login,
    confirm,
    remove,
    createToken,
    revokeToken,
    tokenOf: (secret) => known.tokens.get(digestOf(secret)) ?? null,
  }

  function fold(): Accounts {
    return foldAccounts(
      [...deps.told()].flatMap(({ mark, type, payload }) => {
        const fact = parseAccountFact(type, payload)
        return fact === null ? [] : [{ mark, fact }]
      }),
    )
  }

  function learn() {
    known = fold()
  }

  function say({ type, ...payload }: AccountFact) {
    deps.say(type, payload)
    learn()
  }

  function invite(name: string, by: string) {
    if (!isAccountName(name)) throw new RangeError(`${JSON.stringify(name)} is no name for an account`)
    const token = newToken()
    const expires = now() + INVITATION_LASTS
    say({ type: 'account.invite', name, digest: digestOf(token), expires, by, at: now() })
    return { token, expires }
  }

  function invitation(token: string): Invitation | null {
    const found = known.invitations.get(digestOf(token))
    const left = found === undefined ? 0 : found.expires - now()
    // A clock that was set back gives no link a longer life.
    return found !== undefined && left > 0 && left <= INVITATION_LASTS ? found : null
  }

  async function enrol(
    token: string,
    { password, secret, code }: { readonly password: string; readonly secret: string; readonly code: string },
  ): ReturnType<Access['enrol']> {
    const invited = invitation(token)
    if (invited === null) return { fault: 'link' }
    const fault = faultIn(password, invited.name)
    if (fault !== null) return { fault }
    if (deps.clockTrusted() && (await stepOf(bare(code), secret, 0, now())) === null) return { fault: 'code' }
    const hash = await passwords.hash(password)
    if (invitation(token) === null) return { fault: 'link' }
    const codes = newRecoveryCodes()
    const credential = { password: hash, totp: secret, codes: codes.flatMap((one) => recoveryDigest(one) ?? []) }
    const { name, digest } = invited
    say({ type: 'account.credential', name, invitation: digest, credential, by: name, at: now() })
    return { account: known.accounts.get(name)!, codes }
  }

  async function login({ name: typed, password, code, address }: Login): ReturnType<Access['login']> {
    const name = typed.trim().toLowerCase()
    const recovery = recoveryDigest(code)
    if (!deps.clockTrusted() && recovery === null) return { fault: 'clock' }
    const account = known.accounts.get(name)
    const done = await proven(name, password, address, async (right) => {
      const used = Math.max(account?.step ?? 0, spent.steps.get(name) ?? 0)
      const step = await stepOf(bare(code), account?.credential.totp ?? NOBODYS, used, now())
      // Somebody may have used the same code, or changed the account, while the password was compared.
      const still = known.accounts.get(name)
      if (!right || still === undefined || still.mark !== account?.mark) return null
      return spend(still, step, recovery) ? known.accounts.get(name)! : null
    })
    if (done === 'slow') return { fault: 'slow' }
    return done === null ? { fault: 'wrong' } : { account: done }
  }

  /** Marks the code as used: from here on it is worth nothing. False: it was. */
  function spend({ name, step: last, credential }: Account, step: number | null, code: string | null): boolean {
    if (step !== null && step <= Math.max(last, spent.steps.get(name) ?? 0)) return false
    if (step === null && (code === null || spent.codes.has(code) || !credential.codes.includes(code))) return false
    if (step !== null) spent.steps.set(name, step)
    else spent.codes.add(code!)
    try {
      say({ type: 'account.login', name, step, code: step === null ? code : null, by: name, at: now() })
    } catch (error) {
      // At 3 am with a full disk somebody must get in to say so.
      warn(`a login of ${name} could not be written: ${String(error)}`)
    }
    return true
  }

  /** Compares a password at the pace of guessing. `then` runs whether it is right or not; null from it: all was in vain. */
  async function proven<T>(
    name: string,
    password: string,
    address: string,
    then: (right: boolean) => Promise<T | null>,
  ): Promise<T | null | 'slow'> {
    const delay = attempts.begin(address, name)
    if (delay === null) return 'slow'
    let success = false
    try {
      await deps.pause(delay)
      const wanted = known.accounts.get(name)?.credential.password ?? null
      const proof = await then(await passwords.matches(password.slice(0, LONGEST_PASSWORD), wanted, delay))
      success = proof !== null
      return proof
    } catch (error) {
      if (error instanceof Busy) return 'slow'
      throw error
    } finally {
      attempts.end(address, name, success)
    }
  }

  async function confirm(name: string, password: string, address: string): ReturnType<Access['confirm']> {
    const done = await proven(name, password, address, async (right) => right || null)
    if (done === 'slow') return 'slow'
    return done === null ? 'wrong' : null
  }

  function remove(name: string, by: string): boolean {
    const invited = [...known.invitations.values()].some((one) => one.name === name)
    if (!known.accounts.has(name) && !invited) return false
    say({ type: 'account.remove', name, by, at: now() })
    return true
  }

  function createToken(name: string, scopes: readonly Scope[], by: string): string {
    if (!isAccountName(name)) throw new RangeError(`${JSON.stringify(name)} is no name for a key`)
    const secret = `vigie_${newToken()}`
    say({ type: 'account.token', name, digest: digestOf(secret), scopes, by, at: now() })
    return secret
  }

  function revokeToken(name: string, by: string): boolean {
    if (![...known.tokens.values()].some((one) => one.name === name)) return false
    say({ type: 'account.revoke', name, by, at: now() })
    return true
  }
}

/** Null: good enough to keep. Length counts, and that it isn't the name or one letter again and again. */
function faultIn(password: string, name: string): EnrolFault | null {
  if ([...password].length < SHORTEST_PASSWORD) return 'short'
  if (password.length > LONGEST_PASSWORD) return 'long'
  if (new Set(password).size < 5 || password.toLowerCase().replaceAll(name, '').length < SHORTEST_PASSWORD / 2)
    return 'simple'
  return null
}

/** `123 456` is how apps show it. */
function bare(code: string): string {
  return code.replace(/[\s-]/g, '')
}
