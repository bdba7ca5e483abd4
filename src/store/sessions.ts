// Who is logged in here. Not exchanged: a session is of the site it began on.
import type Sqlite from 'better-sqlite3'
import type { Instant } from '../core/time/time.ts'

export interface Session {
  /** SHA-256 of what the cookie says, in hex. */
  readonly digest: string
  readonly account: string
  /** The account's credential when it began (core/said/account.ts). */
  readonly mark: string
  readonly made: Instant
  /** When it was last used, to the hour. */
  readonly seen: Instant
  readonly until: Instant
  /** What the browser says it is, shortened. */
  readonly device: string
}

export interface SessionStore {
  sessions(): readonly Session[]
  /** Adds it, or changes `seen` of a known one. */
  keepSession(session: Session): void
  dropSession(digest: string): void
}

/** On the disk when each returns; throws what it refuses. Those that are over are among `sessions`, too. */
export function prepareSessions(db: Sqlite.Database): SessionStore {
  const all = db.prepare<[], Session>('SELECT digest, account, mark, made, seen, until, device FROM sessions')
  const keep = db.prepare(
    `INSERT INTO sessions (digest, account, mark, made, seen, until, device) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (digest) DO UPDATE SET seen = excluded.seen`,
  )
  const drop = db.prepare('DELETE FROM sessions WHERE digest = ?')
  return {
    sessions: () => all.all(),
    keepSession: ({ digest, account, mark, made, seen, until, device }) => {
      keep.run(digest, account, mark, made, seen, until, device)
    },
    dropSession: (digest) => {
      drop.run(digest)
    },
  }
}
