// Looks in results.db: written in order, read by check and time.
import type Sqlite from 'better-sqlite3'
import type { FailReason, Observation, UnknownReason } from '../core/observation.ts'
import type { Instant, Millis } from '../core/time/time.ts'

/** A look as it is kept for seven days. */
export interface Look {
  readonly site: string
  readonly strand: 4 | 6 | null
  /** When it began, to the millisecond. */
  readonly at: Instant
  readonly took: Millis
  /** Null: it was fine. */
  readonly reason: FailReason | UnknownReason | null
}

/** A look on its way into the file. */
export interface LookRow {
  readonly check: string
  readonly site: string
  readonly strand: 4 | 6 | null
  /** To the millisecond; `took` may have a fraction, of which the file keeps tenths. */
  readonly ended: Instant
  readonly took: Millis
  readonly reason: FailReason | UnknownReason | null
}

export interface Series {
  /** Its number in the file. */
  readonly number: number
  readonly site: string
  readonly strand: 4 | 6 | null
}

/** Numbers of reasons in the file. Never change one; a new reason goes to the end. */
const REASONS: readonly (FailReason | UnknownReason | null)[] = [
  null,
  'dns',
  'refused',
  'unreachable',
  'timeout',
  'reset',
  'closed',
  'tls',
  'certificate',
  'auth',
  'protocol',
  'status',
  'content',
  'late',
  'listed',
  'offline',
  'resolver',
  'clock',
  'overload',
  'blocked',
  'config',
]

/** The reason of a number in the file; null is ok. A number nobody knows came from a damaged file. */
export function reasonOf(code: number): FailReason | UnknownReason | null {
  const reason = REASONS[code]
  if (reason === undefined)
    throw Object.assign(new Error(`no reason has the number ${code}`), { code: 'SQLITE_CORRUPT' })
  return reason
}

/** A look as it waits to be written. */
export function rowOf({ check, site, strand, at, took, outcome }: Observation): LookRow {
  const reason = outcome.ok === true ? null : outcome.reason
  return { check, site, strand, ended: Math.round(at + took), took, reason }
}

/** Looks that ended in one moment are kept in the order they came, each a millisecond after the other. */
const MOMENT: Millis = 250

export type Looks = ReturnType<typeof prepareLooks>

/** Reading and writing looks in an open database; throws its errors. Nothing but `write…` writes. */
export function prepareLooks(db: Sqlite.Database) {
  const insert = db.prepare(
    'INSERT INTO looks (ended, series, took, reason) VALUES (?, ?, ?, ?) ON CONFLICT (ended) DO NOTHING',
  )
  const addSeries = db.prepare('INSERT INTO series (check_id, family, site) VALUES (?, ?, ?)')
  const getSeries = db
    .prepare<[string, number, string], number>(
      'SELECT number FROM series WHERE check_id = ? AND family = ? AND site = ?',
    )
    .pluck()
  const allSeries = db.prepare<[string], { number: number; family: number; site: string }>(
    'SELECT number, family, site FROM series WHERE check_id = ? ORDER BY number',
  )
  const setLast = db.prepare(
    'INSERT INTO last (series, observation) VALUES (?, ?) ON CONFLICT (series) DO UPDATE SET observation = excluded.observation',
  )
  const lasts = db.prepare<[], string>('SELECT observation FROM last ORDER BY series').pluck()
  const addDetail = db.prepare(
    'INSERT INTO details (ended, series, observation) VALUES (?, ?, ?) ON CONFLICT (ended) DO NOTHING',
  )
  const details = db
    .prepare<[number, Instant, Instant], string>(
      'SELECT observation FROM details WHERE series = ? AND ended >= ? AND ended < ? ORDER BY ended',
    )
    .pluck()
  const select = db.prepare<
    [Instant, Instant, string],
    { number: number; ended: number; took: number; reason: number }
  >(
    `SELECT series AS number, ended, took, reason FROM looks
     WHERE ended >= ? AND ended < ? AND series IN (SELECT number FROM series WHERE check_id = ?) ORDER BY ended`,
  )
  const lastEnded = db.prepare<[Instant], number | null>('SELECT max(ended) FROM looks WHERE ended <= ?').pluck()
  // Forgotten when a transaction fails: a number given in it does not exist.
  const numbers = new Map<string, number>()
  let last = Number.NEGATIVE_INFINITY

  return {
    /** In a transaction. Rows in the order they ended. */
    write: (rows: readonly LookRow[]): void => {
      for (const row of rows) {
        const series = numberOf(row)
        const took = Math.round(row.took * 10)
        const late = last - row.ended
        last = appendAt(late >= 0 && late < MOMENT ? last + 1 : row.ended, (at) =>
          insert.run(at, series, took, REASONS.indexOf(row.reason)),
        )
      }
    },
    writeLast: (observation: Observation): void => {
      setLast.run(numberOf(observation), JSON.stringify(observation))
    },
    writeDetail: (observation: Observation): void => {
      const series = numberOf(observation)
      const text = JSON.stringify(observation)
      appendAt(Math.round(observation.at + observation.took), (at) => addDetail.run(at, series, text))
    },
    /** Of a series, which is given one when it has none. */
    numberOf,
    forgetNumbers: () => numbers.clear(),
    seriesOf: (check: string): readonly Series[] =>
      allSeries.all(check).map(({ number, family, site }) => ({ number, site, strand: strandOf(family) })),
    lastLooks: (): readonly Observation[] => lasts.all().map((text) => JSON.parse(text) as Observation),
    detailsOf: (check: string, from: Instant, to: Instant): readonly Observation[] =>
      allSeries
        .all(check)
        .flatMap(({ number }) => details.all(number, from, to))
        .map((text) => JSON.parse(text) as Observation)
        .sort((a, b) => a.at - b.at),
    looksOf: (check: string, from: Instant, to: Instant): readonly Look[] => {
      const series = new Map(allSeries.all(check).map((one) => [one.number, one]))
      return select.all(from, to, check).map(({ number, ended, took, reason }) => ({
        site: series.get(number)!.site,
        strand: strandOf(series.get(number)!.family),
        at: ended - Math.round(took / 10),
        took: took / 10,
        reason: reasonOf(reason),
      }))
    },
    /** When the last look ended, of those that ended by `now` (a clock may have been ahead). */
    lastEnded: (now: Instant): Instant | null => lastEnded.get(now) ?? null,
  }

  function numberOf({ check, strand, site }: Pick<LookRow, 'check' | 'strand' | 'site'>): number {
    const name = `${check} ${strand ?? 0} ${site}`
    const known = numbers.get(name) ?? getSeries.get(check, strand ?? 0, site)
    const number = known ?? Number(addSeries.run(check, strand ?? 0, site).lastInsertRowid)
    numbers.set(name, number)
    return number
  }
}

/** Which address family a number in the file stands for; null: not apart. */
export function strandOf(family: number): 4 | 6 | null {
  return family === 4 || family === 6 ? family : null
}

/** Puts a row at a moment, or at the next one that is free. */
function appendAt(wanted: Instant, insert: (at: Instant) => Sqlite.RunResult): Instant {
  let at = wanted
  while (insert(at).changes === 0) at += 1
  return at
}
