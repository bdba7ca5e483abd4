// Entries that nobody needs any longer are taken out of the ledger, by a checkpoint that their own site signed.
import type Sqlite from 'better-sqlite3'
import { CHECKPOINT, type Folded, foldedBy, isFoldable, missingOf, type Range } from '../core/ledger/checkpoint.ts'
import { type Entry, siteOf } from '../core/ledger/entry.ts'
import { statementOf } from '../core/ledger/statement.ts'
import { OUTAGE_CLOSE, renameOf } from '../core/said/outage-names.ts'
import type { Instant } from '../core/time/time.ts'
import { type EntryRow, entryOf } from './entry-row.ts'

/** Fewer than this are not worth a checkpoint. */
const LEAST = 200

/** All of it for use inside a transaction. */
export interface Folding {
  /** Takes out what a checkpoint names, as far as it is old and of a kind that may go. How many that were. */
  apply(checkpoint: Entry): number
  /** What this site can take out of its own past; null: nothing worth it. `covered`: what every other site has. */
  choose(site: string, covered: (origin: string) => number): Folded | null
  /** The number of the newest checkpoint of a site, and its origin. */
  newest(site: string): { readonly origin: string; readonly seq: number } | null
}

interface Row {
  readonly seq: number
  readonly type: string
  readonly at: Instant
}

/**
 * `now` says what is old, or the checkpoint, where that was signed earlier: nobody is made to forget by a clock that is
 * ahead.
 */
export function prepareFolding(db: Sqlite.Database, now: () => Instant): Folding {
  const between = db.prepare<[string, number, number], Row>(
    'SELECT seq, type, at FROM entries WHERE origin = ? AND seq BETWEEN ? AND ? ORDER BY seq',
  )
  const one = db.prepare<[string, number], EntryRow>('SELECT * FROM entries WHERE origin = ? AND seq = ?')
  const heads = db.prepare<[], { origin: string; seq: number }>('SELECT origin, seq FROM heads')
  const checkpoints = db.prepare<[string], { origin: string; seq: number }>(
    'SELECT origin, seq FROM entries WHERE type = ? ORDER BY at DESC, count DESC',
  )
  return {
    apply(checkpoint) {
      const until = Math.min(now(), checkpoint.hlc.at)
      const gone = Object.entries(foldedBy(checkpoint) ?? {}).flatMap(([origin, ranges]) =>
        ranges.flatMap(([from, to]) =>
          between
            .all(origin, from, to)
            .filter((row) => mayGo(origin, row, until))
            .map(({ seq }) => ({ origin, seq })),
        ),
      )
      if (gone.length === 0) return 0
      liftRule(db, 'entries_remain', () => {
        const drop = db.prepare('DELETE FROM entries WHERE origin = ? AND seq = ?')
        for (const { origin, seq } of gone) drop.run(origin, seq)
      })
      return gone.length
    },
    choose(site, covered) {
      const folded: Record<string, readonly Range[]> = {}
      let count = 0
      for (const { origin, seq: last } of heads.all().filter((head) => siteOf(head.origin) === site)) {
        const all = between.all(origin, 1, last)
        const known = Math.min(covered(origin), last - 1)
        const kept = all.filter((row) => row.seq > known || !mayGo(origin, row, now()))
        const missing = missingOf(
          kept.map(({ seq }) => seq),
          last,
        )
        if (missing === null) return null
        count += all.length - kept.length
        if (missing.length > 0) folded[origin] = missing
      }
      return count < LEAST ? null : folded
    },
    newest: (site) => checkpoints.all(CHECKPOINT).find(({ origin }) => siteOf(origin) === site) ?? null,
  }

  /** That an outage gave way to another is needed as long as what people said of either. */
  function mayGo(origin: string, { seq, type, at }: Row, until: Instant): boolean {
    if (!isFoldable(type, at, until)) return false
    return type !== OUTAGE_CLOSE || !isRename(entryOf(one.get(origin, seq)!))
  }
}

/** It says that an outage gave way to another. */
export function isRename(entry: Entry): boolean {
  return renameOf(statementOf(entry)) !== null
}

/** Entries remain, as they are: a rule is lifted within the transaction that must, and holds again after it. */
export function liftRule(db: Sqlite.Database, name: 'entries_remain' | 'entries_stay', work: () => void): void {
  const rule = db
    .prepare<[string], string>("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?")
    .pluck()
    .get(name)
  db.exec(`DROP TRIGGER ${name}`)
  work()
  db.exec(rule!)
}
