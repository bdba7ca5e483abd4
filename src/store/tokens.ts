// The tokens of heartbeats, for whoever doesn't own the data folder.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'

/**
 * Check to token, as far as `DIR/ledger.db` has them by now; empty when it can't be read. A copy is read: opening a
 * database in WAL mode writes files beside it, and those must not belong to whoever was only curious.
 */
export function readTokens(dir: string): ReadonlyMap<string, string> {
  const file = join(dir, 'ledger.db')
  if (!existsSync(file)) return new Map()
  const folder = mkdtempSync(join(tmpdir(), 'vigie-'))
  try {
    const copy = join(folder, 'ledger.db')
    copyFileSync(file, copy)
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
    return tokensIn(copy)
  } catch {
    return new Map()
  } finally {
    rmSync(folder, { recursive: true, force: true })
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
