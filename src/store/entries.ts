// The entries of the ledger: appended, never changed; taken away only where a site's past has to be mended.
import Sqlite from 'better-sqlite3'
import { CHECKPOINT } from '../core/ledger/checkpoint.ts'
import {
  compare,
  type Entry,
  type Head,
  LONGEST_ENTRY,
  nextClock,
  type Sealer,
  WRAPPING,
  weightOf,
} from '../core/ledger/entry.ts'
import { inOrder, type Statement, statementOf } from '../core/ledger/statement.ts'
import type { Instant } from '../core/time/time.ts'
import { type EntryRow, entryOf } from './entry-row.ts'
import { prepareFolding } from './folding.ts'
import { type Mending, prepareMending } from './mending.ts'

export interface Entries extends Mending {
  /** Says something as this site. Only inside a transaction, together with what it records. */
  append(type: string, payload: unknown): Entry
  /** Of one origin, in order, after `afterSeq`. */
  entries(origin: string, afterSeq: number, limit: number): readonly Entry[]
  /** Of every origin, `inOrder`: types that are a family's name (`ack`) or begin with it (`incident.open`). */
  statements(...families: readonly string[]): readonly Statement[]
  /** The newest of those families first. */
  latestStatements(limit: number, ...families: readonly string[]): readonly Statement[]
  /** The last entry of every origin. */
  heads(): ReadonlyMap<string, Head>
  /** The hash of an entry, in hex; null: it is not here. */
  hashAt(origin: string, seq: number): string | null
  /**
   * Keeps what other sites said, or what this one once did: each must come after the head of its origin, and whoever
   * calls has looked at the seals and at what is missing in between. All or nothing, on the disk when it returns. True:
   * by a site's own word, what was here of its past is not what it said, and is gone: what counts is to be fetched.
   */
  keep(entries: readonly Entry[]): boolean
  /** Bytes that entries take, about. */
  size(): number
  /** A transaction was thrown away: what was counted in it is not there. */
  undone(): void
  /**
   * Takes old mails and the like out of this site's own past, where every other site has them, and says so in a
   * checkpoint. `covered`: the last entry of an origin that all others have.
   */
  fold(covered: (origin: string) => number): void
  /** The newest checkpoint of a site: what is missing of it went by its own word. Null: there is none. */
  checkpoint(site: string): Entry | null
}

interface HeadRow {
  readonly origin: string
  readonly seq: number
  readonly at: number
  readonly count: number
  readonly hash: string
}

/** `written` hears of every entry, within its transaction. */
export function prepareEntries(
  db: Sqlite.Database,
  site: string,
  sealer: Sealer,
  now: () => Instant,
  written: (entry: Entry) => void,
): Entries {
  const selectHeads = db.prepare<[], HeadRow>('SELECT origin, seq, at, count, hash FROM heads')
  const setHead = db.prepare(
    `INSERT INTO heads (origin, seq, at, count, hash) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (origin) DO UPDATE SET seq = excluded.seq, at = excluded.at, count = excluded.count, hash = excluded.hash`,
  )
  const dropHead = db.prepare('DELETE FROM heads WHERE origin = ?')
  const insert = db.prepare(
    `INSERT INTO entries (origin, seq, at, count, seen, type, payload, prev, signature)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const select = db.prepare<[string, number, number], EntryRow>(
    'SELECT * FROM entries WHERE origin = ? AND seq > ? ORDER BY seq LIMIT ?',
  )
  // A slash comes right after the dot.
  const ofFamily = db.prepare<[string, string, string], EntryRow>(
    'SELECT * FROM entries WHERE type = ? OR (type > ? AND type < ?)',
  )
  const latestOfFamily = db.prepare<[string, string, string, number], EntryRow>(
    'SELECT * FROM entries WHERE type = ? OR (type > ? AND type < ?) ORDER BY at DESC, count DESC LIMIT ?',
  )
  const selectPrev = db
    .prepare<[string, number], string>('SELECT prev FROM entries WHERE origin = ? AND seq = ?')
    .pluck()
  const sum = db
    .prepare<[], number>(
      `SELECT coalesce(sum(length(payload) + length(CAST(seen || type AS BLOB)) + ${WRAPPING}), 0) FROM entries`,
    )
    .pluck()
  const folding = prepareFolding(db, now)
  let bytes: number | null = null
  let known: readonly HeadRow[] | null = null

  const keep = db.transaction((found: readonly Entry[]): boolean => {
    let stepped = false
    for (const entry of found) {
      const head = heads().find(({ origin }) => origin === entry.origin)
      const last = head?.seq ?? 0
      if (entry.seq <= last || (entry.seq === last + 1 && entry.prev !== (head?.hash ?? '')))
        throw new Error(`entry ${entry.seq} of ${entry.origin} does not follow the one before`)
      write(entry)
      stepped = stepBack(entry) || stepped
    }
    return stepped
  })
  const fold = db.transaction((covered: (origin: string) => number) => {
    const folded = folding.choose(site, covered)
    const payload = Buffer.from(JSON.stringify({ folded }), 'utf8')
    if (folded !== null && payload.length < LONGEST_ENTRY / 2) appendBytes(CHECKPOINT, payload)
  })
  const { stepBack, ...mending } = prepareMending(db, {
    site,
    sealer,
    now,
    origins: () => heads().map(({ origin }) => origin),
    hashAt,
    after: (origin, seq) => select.all(origin, seq, Number.MAX_SAFE_INTEGER).map(entryOf),
    ofType: (type) => ofFamily.all(type, `${type}.`, `${type}/`).map(entryOf),
    append: appendBytes,
    setHead: setHeadTo,
  })

  return {
    append: (type, payload) => appendBytes(type, Buffer.from(JSON.stringify(payload), 'utf8')),
    entries: (origin, afterSeq, limit) => select.all(origin, afterSeq, limit).map(entryOf),
    statements: (...families) =>
      inOrder(
        families
          .flatMap((family) => ofFamily.all(family, `${family}.`, `${family}/`))
          .map((row) => statementOf(entryOf(row))),
      ),
    latestStatements: (limit, ...families) =>
      families
        .flatMap((family) => latestOfFamily.all(family, `${family}.`, `${family}/`, limit))
        .map((row) => statementOf(entryOf(row)))
        .sort((a, b) => compare(b, a))
        .slice(0, limit),
    heads: () =>
      new Map(heads().map(({ origin, seq, at, count, hash }) => [origin, { seq, hash, hlc: { at, count } }])),
    hashAt,
    ...mending,
    keep: (found) => found.length > 0 && keep.immediate(found),
    fold: (covered) => fold.immediate(covered),
    checkpoint: (of) => {
      const found = folding.newest(of)
      return found === null ? null : (select.all(found.origin, found.seq - 1, 1).map(entryOf)[0] ?? null)
    },
    size: () => {
      bytes ??= sum.get() ?? 0
      return bytes
    },
    undone: () => {
      bytes = null
    },
  }

  /** Nobody else writes here. Within a transaction they are read each time: one that fails must leave no gap behind. */
  function heads(): readonly HeadRow[] {
    if (db.inTransaction) return selectHeads.all()
    known ??= selectHeads.all()
    return known
  }

  function hashAt(origin: string, seq: number): string | null {
    if (seq === 0) return ''
    const head = heads().find((one) => one.origin === origin && one.seq === seq)
    return selectPrev.get(origin, seq + 1) ?? head?.hash ?? hashOfOne(origin, seq)
  }

  /** What comes after it is gone. */
  function hashOfOne(origin: string, seq: number): string | null {
    const [entry] = select.all(origin, seq - 1, 1).map(entryOf)
    return entry?.seq === seq ? sealer.hashOf(entry) : null
  }

  function appendBytes(type: string, payload: Uint8Array): Entry {
    const origin = mending.origin()
    const all = heads()
    const head = all.find((one) => one.origin === origin) ?? null
    const others = all.filter((one) => one.origin !== origin)
    const entry = sealer.seal({
      origin,
      seq: (head?.seq ?? 0) + 1,
      hlc: nextClock(head, others, now()),
      seen: Object.fromEntries(others.map(({ origin, seq }) => [origin, seq])),
      type,
      payload,
      prev: head?.hash ?? '',
    })
    write(entry)
    return entry
  }

  function write(entry: Entry) {
    known = null
    const { origin, seq, hlc, seen, type, payload, prev, signature } = entry
    insert.run(origin, seq, hlc.at, hlc.count, JSON.stringify(seen), type, payload, prev, signature)
    setHead.run(origin, seq, hlc.at, hlc.count, sealer.hashOf(entry))
    written(entry)
    if (type === CHECKPOINT && folding.apply(entry) > 0) bytes = null
    if (bytes !== null) bytes += weightOf(entry)
  }

  /** Entries went. */
  function setHeadTo(origin: string, last: Entry | null) {
    known = null
    bytes = null
    if (last === null) dropHead.run(origin)
    else setHead.run(origin, last.seq, last.hlc.at, last.hlc.count, sealer.hashOf(last))
  }
}

/** Every entry of a ledger that nobody has open, by origin, in order. */
export function* entriesIn(file: string): Generator<Entry, void, undefined> {
  const db = new Sqlite(file)
  try {
    for (const row of db.prepare<[], EntryRow>('SELECT * FROM entries ORDER BY origin, seq').iterate())
      yield entryOf(row)
  } finally {
    db.close()
  }
}
