// What a data folder remembers, read from outside while its vigie runs: results.db, and letters and pings of ledger.db, as they
// were when they were last committed (results: at every change of a status, else once a minute).
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import type { Instant } from '../core/time/time.ts'
import { ALERTS_KEY, type AlertMemory } from '../core/verdict/alert.ts'
import { type LastPing, lastPingKey } from '../core/verdict/heartbeat.ts'
import type { Letter } from '../core/verdict/letter.ts'
import { prepareChanges } from './changes.ts'
import { openDatabase } from './database.ts'
import { LEDGER } from './ledger-format.ts'
import { prepareLooks } from './looks.ts'
import type { Attempt } from './outbox.ts'
import type { Results } from './results.ts'
import { RESULTS } from './results-format.ts'
import { prepareRollUp } from './rollup.ts'
import { withSnapshot } from './snapshot.ts'

/** Readers as `Results` has them; damage is thrown here. */
export interface Archive
  extends Pick<
    Results,
    | 'changesOf'
    | 'changesElsewhere'
    | 'statusSpans'
    | 'allStatusSpans'
    | 'looksOf'
    | 'detailsOf'
    | 'lastLooks'
    | 'fiveMinutes'
    | 'hours'
    | 'days'
  > {
  /** The last moment that is in the file; null: none. Later ones may be on their way. */
  readonly asOf: Instant | null
}

/** A letter to one recipient, and what became of it. */
export interface LetterFate {
  readonly letter: Letter
  readonly recipient: string
  readonly state: 'waiting' | 'sent' | 'withdrawn'
  /** When a relay took it. */
  readonly sent: Instant | null
  /** Every try, oldest first. */
  readonly attempts: readonly Pick<Attempt, 'at' | 'relay' | 'outcome' | 'note'>[]
}

/** Hands what `DIR/results.db` holds to `work`. Null: there is none. Throws SQLite's errors, and `NEWER` and `BUSY`. */
export function withArchive<T>(dir: string, now: Instant, work: (archive: Archive) => T): T | null {
  return withSnapshot(join(dir, 'results.db'), (copy) => withDatabase(copy, RESULTS, (db) => work(archiveOf(db, now))))
}

/** The letters decided between two moments (`to` not included), oldest first; of 90 days. Throws as `withArchive`. */
export function readLetters(dir: string, from: Instant, to: Instant): readonly LetterFate[] {
  return (
    withSnapshot(join(dir, 'ledger.db'), (copy) => withDatabase(copy, LEDGER, (db) => lettersIn(db, from, to))) ?? []
  )
}

/** The last ping of each check that has one, to the site of this folder. Throws as `withArchive`. */
export function readLastPings(dir: string, checks: readonly string[]): ReadonlyMap<string, LastPing> {
  const read = (db: Sqlite.Database) => {
    const value = db.prepare<[string], string>('SELECT value FROM living WHERE key = ?').pluck()
    const known = checks.map((check) => [check, value.get(lastPingKey(check))] as const)
    return new Map(
      known.flatMap(([check, text]) => (text === undefined ? [] : [[check, JSON.parse(text) as LastPing]])),
    )
  }
  return withSnapshot(join(dir, 'ledger.db'), (copy) => withDatabase(copy, LEDGER, read)) ?? new Map()
}

/** The outages of which a mail is decided and waits for its turn, as long as no letter holds it. Throws as `withArchive`. */
export function readWaiting(dir: string): ReadonlySet<string> {
  const read = (db: Sqlite.Database) => {
    const text = db.prepare<[string], string>('SELECT value FROM living WHERE key = ?').pluck().get(ALERTS_KEY)
    const { waiting = [] } = text === undefined ? {} : (JSON.parse(text) as Partial<AlertMemory>)
    return new Set(waiting.map(({ affected }) => affected.outage))
  }
  return withSnapshot(join(dir, 'ledger.db'), (copy) => withDatabase(copy, LEDGER, read)) ?? new Set()
}

function withDatabase<T>(file: string, opening: typeof RESULTS, work: (db: Sqlite.Database) => T): T {
  const db = openDatabase(file, opening)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

function archiveOf(db: Sqlite.Database, now: Instant): Archive {
  const looks = prepareLooks(db)
  const changes = prepareChanges(db)
  const rolled = prepareRollUp(db)
  const alive = db.prepare<[Instant], number>("SELECT at FROM moments WHERE name = 'alive' AND at <= ?").pluck()
  const moments = [looks.lastEnded(now), changes.lastAt(now), alive.get(now) ?? null].filter((at) => at !== null)
  return {
    asOf: moments.length === 0 ? null : Math.max(...moments),
    changesOf: changes.changesOf,
    changesElsewhere: changes.changesElsewhere,
    statusSpans: changes.statusSpans,
    allStatusSpans: changes.allStatusSpans,
    looksOf: looks.looksOf,
    detailsOf: looks.detailsOf,
    lastLooks: looks.lastLooks,
    fiveMinutes: (check, from, to) => rolled.fiveMinutes(looks.seriesOf(check), from, to),
    hours: (check, from, to) => rolled.hours(looks.seriesOf(check), from, to),
    days: (check, from, to) => rolled.days(looks.seriesOf(check), from, to),
  }
}

interface FateRow extends Omit<LetterFate, 'letter' | 'attempts'> {
  readonly id: number
  readonly letter: string
}

function lettersIn(db: Sqlite.Database, from: Instant, to: Instant): readonly LetterFate[] {
  const letters = db.prepare<[Instant, Instant], FateRow>(
    'SELECT id, letter, recipient, state, sent FROM letters WHERE made >= ? AND made < ? ORDER BY made, id',
  )
  const attempts = db.prepare<[number], LetterFate['attempts'][number]>(
    'SELECT at, relay, outcome, note FROM attempts WHERE letter = ? ORDER BY id',
  )
  return letters.all(from, to).map(({ id, letter, ...rest }) => ({
    ...rest,
    letter: JSON.parse(letter) as Letter,
    attempts: attempts.all(id),
  }))
}
