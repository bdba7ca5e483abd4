// Sessions: who a cookie stands for. Known in memory and kept in the ledger's file: a full disk lets nobody in or out.
import type { Account } from '../core/said/account.ts'
import { DAY, HOUR, type Instant, type Millis } from '../core/time/time.ts'
import type { Session, SessionStore } from '../store/sessions.ts'
import { digestOf, newToken } from './secrets.ts'

/** From the login on, whatever is done meanwhile: no visit makes one last longer. */
export const LASTS: Readonly<Record<'trusted' | 'passing', Millis>> = { trusted: 30 * DAY, passing: 12 * HOUR }

export interface Sessions {
  /** Begins one and returns its secret, for the cookie: always a fresh one (session fixation). */
  begin(account: Account, how: { readonly trusted: boolean; readonly device: string }): string
  /** Whose secret this is. Null: nobody's, over, or begun with another credential. */
  find(secret: string): Session | null
  /** Those that still hold. */
  of(account: string): readonly Session[]
  /** By the digest of its secret; one that isn't there is fine. */
  end(digest: string): void
}

export interface SessionsDeps {
  readonly store: SessionStore
  readonly account: (name: string) => Account | undefined
  readonly now: () => Instant
  /** The disk refuses: what could not be written, in words. */
  readonly warn: (note: string) => void
}

/**
 * Reads the store once, now. What it refuses later goes to `warn` and holds in memory until the process ends. When one
 * was seen is written once an hour; those that are over go when the next begins.
 */
export function createSessions({ store, account, now, warn }: SessionsDeps): Sessions {
  const known = new Map(store.sessions().map((session) => [session.digest, session]))
  return {
    begin: (owner, { trusted, device }) => {
      forgetOld()
      const secret = newToken()
      const at = now()
      const until = at + LASTS[trusted ? 'trusted' : 'passing']
      const { name, mark } = owner
      keep({ digest: digestOf(secret), account: name, mark, made: at, seen: at, until, device: device.slice(0, 60) })
      return secret
    },
    find: (secret) => {
      const session = known.get(digestOf(secret))
      if (session === undefined || !isLiving(session)) return null
      if (Math.abs(now() - session.seen) >= HOUR) keep({ ...session, seen: now() })
      return session
    },
    of: (name) => [...known.values()].filter((session) => session.account === name && isLiving(session)),
    end,
  }

  function isLiving(session: Session): boolean {
    return session.until > now() && account(session.account)?.mark === session.mark
  }

  function keep(session: Session) {
    known.set(session.digest, session)
    attempt(() => store.keepSession(session))
  }

  function end(digest: string) {
    if (known.delete(digest)) attempt(() => store.dropSession(digest))
  }

  function forgetOld() {
    for (const session of known.values()) if (!isLiving(session)) end(session.digest)
  }

  function attempt(write: () => void) {
    try {
      write()
    } catch (error) {
      warn(`a session could not be written: ${String(error)}`)
    }
  }
}
