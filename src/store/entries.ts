// The entries of the ledger: appended, never changed.
import type Sqlite from 'better-sqlite3'
import { compare, type Entry, type Hlc, type Sealer, tick } from '../core/entry.ts'
import { type Statement, statementOf } from '../core/statement.ts'
import type { Instant } from '../core/time.ts'

export interface Entries {
  /** Says something as this site. Only inside a transaction, together with what it records. */
  append(type: string, payload: unknown): Entry
  /** Of one origin, in order, after `afterSeq`. */
  entries(origin: string, afterSeq: number, limit: number): readonly Entry[]
  /** Of every origin, in the order of `compare`: types that are a family's name (`ack`) or begin with it (`incident.open`). */
  statements(...families: readonly string[]): readonly Statement[]
  /** The last number of every origin. */
  vector(): Readonly<Record<string, number>>
}

interface Head {
  readonly origin: string
  readonly seq: number
  readonly at: number
  readonly count: number
  readonly hash: string
}

type EntryRow = Omit<Entry, 'hlc' | 'seen'> & { readonly at: number; readonly count: number; readonly seen: string }

/** The head is read anew each time: a transaction that failed must leave no gap behind. */
export function prepareEntries(db: Sqlite.Database, site: string, sealer: Sealer, now: () => Instant): Entries {
  const heads = db.prepare<[], Head>('SELECT origin, seq, at, count, hash FROM heads')
  const setHead = db.prepare(
    `INSERT INTO heads (origin, seq, at, count, hash) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (origin) DO UPDATE SET seq = excluded.seq, at = excluded.at, count = excluded.count, hash = excluded.hash`,
  )
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

  return {
    append: (type, payload) => {
      const all = heads.all()
      const head = all.find(({ origin }) => origin === site) ?? null
      const entry = sealer.seal({
        origin: site,
        seq: (head?.seq ?? 0) + 1,
        hlc: tick(newest(all), now()),
        seen: vectorOf(all.filter(({ origin }) => origin !== site)),
        type,
        payload: Buffer.from(JSON.stringify(payload), 'utf8'),
        prev: head?.hash ?? '',
      })
      const { origin, seq, hlc, seen, prev, signature } = entry
      insert.run(origin, seq, hlc.at, hlc.count, JSON.stringify(seen), type, entry.payload, prev, signature)
      setHead.run(origin, seq, hlc.at, hlc.count, sealer.hashOf(entry))
      return entry
    },
    entries: (origin, afterSeq, limit) => select.all(origin, afterSeq, limit).map(entryOf),
    statements: (...families) =>
      families
        .flatMap((family) => ofFamily.all(family, `${family}.`, `${family}/`))
        .map((row) => statementOf(entryOf(row)))
        .sort(compare),
    vector: () => vectorOf(heads.all()),
  }
}

/** What is said next comes after all that is known, whoever said it. */
function newest(heads: readonly Head[]): Hlc | null {
  return heads.reduce<Hlc | null>(
    (last, head) =>
      last === null || head.at > last.at || (head.at === last.at && head.count > last.count) ? head : last,
    null,
  )
}

function vectorOf(heads: readonly Head[]): Readonly<Record<string, number>> {
  return Object.fromEntries(heads.map(({ origin, seq }) => [origin, seq]))
}

function entryOf({ at, count, seen, ...rest }: EntryRow): Entry {
  return { ...rest, hlc: { at, count }, seen: JSON.parse(seen) as Readonly<Record<string, number>> }
}
