// The tokens of heartbeats, for whoever doesn't own the data folder.
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { withSnapshot } from './snapshot.ts'

/** Check to token, as far as `DIR/ledger.db` has them by now; empty when it can't be read. */
export function readTokens(dir: string): ReadonlyMap<string, string> {
  try {
    return withSnapshot(join(dir, 'ledger.db'), tokensIn) ?? new Map()
  } catch {
    return new Map()
  }
}

function tokensIn(file: string): ReadonlyMap<string, string> {
  const db = new Sqlite(file)
  try {
    const rows = db.prepare<[], { check_id: string; token: string }>('SELECT check_id, token FROM tokens').all()
    return new Map(rows.map(({ check_id, token }) => [check_id, token]))
  } finally {
    db.close()
  }
}
