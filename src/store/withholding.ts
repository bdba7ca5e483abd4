// What an observer may not have of the ledger, where the site was none before: taken out of entries that stay in their
// place; and put back where an observer became a full site.
import type Sqlite from 'better-sqlite3'
import { type Entry, type Sealer, withheld } from '../core/ledger/entry.ts'
import { type EntryRow, entryOf } from './entry-row.ts'
import { liftRule } from './folding.ts'

export interface Withholding {
  /**
   * Takes out of entries what lets people in, as far as all other sites have it (`covered`: up to where): nobody could
   * hand it on else. All of that is gone from the file when this returns. True: something was.
   */
  withhold(covered: (origin: string) => number): boolean
}

export interface Unveiling {
  /** The number of the first entry of an origin that is withheld; null: none is. */
  withheldFrom(origin: string): number | null
  /** Puts what was withheld into its place: entries that are what their hash says. */
  unveil(entries: readonly Entry[]): void
}

/** Set until the last trace of what was taken out is off the disk. */
const DUE = 'withholding'

/** The index on types finds them. A slash comes right after the dot. */
const CONFIDENTIAL = "type > 'account.' AND type < 'account/'"

/** `dropCopies` takes copies of the file off the disk. */
export function prepareTakingOut(
  db: Sqlite.Database,
  { hashOf }: Pick<Sealer, 'hashOf'>,
  dropCopies: () => void = () => {},
): Withholding {
  const open = db.prepare<[], EntryRow>(`SELECT * FROM entries WHERE ${CONFIDENTIAL} AND length(signature) = 64`)
  const due = db.prepare<[string], number>('SELECT 1 FROM living WHERE key = ?').pluck()
  const setDue = db.prepare("INSERT OR REPLACE INTO living (key, value) VALUES (?, '1')")
  const dropDue = db.prepare('DELETE FROM living WHERE key = ?')
  const dropSessions = db.prepare('DELETE FROM sessions')
  const replace = prepareReplacing(db)
  const takeOut = db.transaction((entries: readonly Entry[]) => {
    replace(entries.map((entry) => withheld(entry, hashOf(entry))))
    dropSessions.run()
    setDue.run(DUE)
  })
  return {
    withhold(covered) {
      const known = open.all().map(entryOf)
      const may = known.filter(({ origin, seq }) => seq <= covered(origin))
      if (may.length > 0) takeOut.immediate(may)
      if (due.get(DUE) === undefined) return false
      // Pages keep what was once on them: only a file written anew has nothing of it.
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.exec('VACUUM')
      dropCopies()
      dropDue.run(DUE)
      db.pragma('wal_checkpoint(TRUNCATE)')
      return true
    },
  }
}

/** `written` hears of what was put back, within its transaction. */
export function preparePuttingBack(db: Sqlite.Database, written: (entry: Entry) => void): Unveiling {
  const first = db
    .prepare<[string], number | null>(
      `SELECT min(seq) FROM entries WHERE ${CONFIDENTIAL} AND origin = ? AND length(signature) = 32`,
    )
    .pluck()
  const replace = prepareReplacing(db)
  const putBack = db.transaction((entries: readonly Entry[]) => {
    replace(entries)
    for (const entry of entries) written(entry)
  })
  return {
    withheldFrom: (origin) => first.get(origin) ?? null,
    unveil: (entries) => {
      if (entries.length > 0) putBack.immediate(entries)
    },
  }
}

/** Puts entries in the place of those of their number. */
function prepareReplacing(db: Sqlite.Database): (entries: readonly Entry[]) => void {
  const replace = db.prepare('UPDATE entries SET seen = ?, payload = ?, signature = ? WHERE origin = ? AND seq = ?')
  return (entries) =>
    liftRule(db, 'entries_stay', () => {
      for (const { seen, payload, signature, origin, seq } of entries)
        replace.run(JSON.stringify(seen), payload, signature, origin, seq)
    })
}
