// From looks to five minutes, hours and days, and what may be forgotten once it is in them.
import type Sqlite from 'better-sqlite3'
import { DAY, HOUR, type Instant, type Millis } from '../core/time/time.ts'
import {
  calendar,
  count,
  type Digest,
  dayName,
  dayNumber,
  digestOf,
  FIVE_MINUTES,
  merge,
  type Reasons,
  type Tally,
} from './digest.ts'
import { reasonOf, type Series } from './looks.ts'

/** The digest of a stretch of time that began at `at`. */
export interface Stretch extends Digest {
  readonly site: string
  readonly strand: 4 | 6 | null
  readonly at: Instant
}

/** The digest of a day, `YYYY-MM-DD`. */
export interface Day extends Digest {
  readonly site: string
  readonly strand: 4 | 6 | null
  readonly day: string
}

/** How long each is kept; days for ever. */
export const KEPT = { looks: 7 * DAY, fiveMinutes: 35 * DAY, hours: 400 * DAY } as const

/** Rows handled before the caller gets a say again: some milliseconds, also on a Pi. */
const SLICE = 1_000

/** Series of a day added up in one go: 25 rows each. */
const SERIES = 40

interface Row {
  readonly slot: number
  readonly series: number
  readonly ok: number
  readonly others: string | null
  readonly median: number | null
  readonly p95: number | null
}

type Table = 'five_minutes' | 'hours' | 'days'

export type RollUp = ReturnType<typeof prepareRollUp>

/** Adding up in an open database, and reading what was; throws its errors. */
export function prepareRollUp(db: Sqlite.Database) {
  const firstFrom = db.prepare<[Instant], number | null>('SELECT min(ended) FROM looks WHERE ended >= ?').pluck()
  const slice = db
    .prepare<[Instant, Instant, number], [number, number, number, number]>(
      'SELECT ended, series, took, reason FROM looks WHERE ended >= ? AND ended < ? ORDER BY ended LIMIT ?',
    )
    .raw()
  const moment = db.prepare<[string], number>('SELECT at FROM moments WHERE name = ?').pluck()
  const setMoment = db.prepare(
    'INSERT INTO moments (name, at) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET at = excluded.at',
  )
  const hoursOf = db.prepare<[number, number, number], Row>(
    'SELECT slot, series, ok, others, median, p95 FROM hours WHERE slot = ? AND series >= ? AND series < ? ORDER BY series',
  )
  const hourFrom = db.prepare<[number], number | null>('SELECT min(slot) FROM hours WHERE slot >= ?').pluck()
  const lastSeries = db.prepare<[], number | null>('SELECT max(number) FROM series').pluck()
  const puts = { five_minutes: put('five_minutes'), hours: put('hours'), days: put('days') }
  const gets = { five_minutes: get('five_minutes'), hours: get('hours'), days: get('days') }

  return {
    rollUp,
    add,
    /** In the transaction that writes looks: what they would change is added up again. */
    reopen: (earliest: Instant): void => {
      const hour = floor(Math.max(earliest, moment.get('forgotten') ?? 0), HOUR)
      for (const name of ['rolled', 'days_rolled']) {
        if ((moment.get(name) ?? 0) > hour) setMoment.run(name, hour)
      }
    },
    fiveMinutes: (series: readonly Series[], from: Instant, to: Instant) =>
      stretches('five_minutes', FIVE_MINUTES, series, from, to),
    hours: (series: readonly Series[], from: Instant, to: Instant) => stretches('hours', HOUR, series, from, to),
    days: (series: readonly Series[], from: string, to: string): readonly Day[] =>
      collect('days', series, dayNumber(from), dayNumber(to) + 1).map(({ slot, ...rest }) => ({
        ...rest,
        day: dayName(slot),
      })),
  }

  /**
   * Adds up every whole hour before `now`, then every whole day, then forgets what is old. Yields after each slice of
   * work, as many of which as fit make one transaction (one each would write ten times the pages); left anywhere it is
   * begun again, and done twice it comes to the same.
   */
  function* rollUp(now: Instant, timezone: string): Generator<void, void, void> {
    const until = floor(now, HOUR)
    for (
      let hour = hourAfter(moment.get('rolled') ?? 0);
      hour !== null && hour < until;
      hour = hourAfter(hour + HOUR)
    ) {
      yield* rollHour(hour)
    }
    if ((moment.get('rolled') ?? 0) < until) setMoment.run('rolled', until)
    yield* rollDays(timezone)
    const forgotten = Math.min(floor(now - KEPT.looks, HOUR), moment.get('rolled') ?? 0)
    setMoment.run('forgotten', forgotten)
    yield* forget('looks', 'ended', forgotten)
    yield* forget('five_minutes', 'slot', Math.floor((now - KEPT.fiveMinutes) / FIVE_MINUTES))
    yield* forget('hours', 'slot', Math.floor(Math.min(now - KEPT.hours, moment.get('days_rolled') ?? 0) / HOUR))
    yield* forget('details', 'ended', now - KEPT.hours)
  }

  /** The hour of the first look at or after a moment. */
  function hourAfter(at: Instant): Instant | null {
    const ended = firstFrom.get(at) ?? null
    return ended === null ? null : floor(ended, HOUR)
  }

  function* rollHour(hour: Instant): Generator<void, void, void> {
    const whole = new Map<number, Tally>()
    const fives = new Map<number, Map<number, Tally>>()
    let from = hour
    for (;;) {
      const rows = slice.all(from, hour + HOUR, SLICE)
      for (const [ended, series, took, code] of rows) {
        const reason = reasonOf(code)
        count(tallyOf(whole, series), took, reason)
        const slot = Math.floor(ended / FIVE_MINUTES)
        if (!fives.has(slot)) fives.set(slot, new Map())
        count(tallyOf(fives.get(slot)!, series), took, reason)
      }
      if (rows.length < SLICE) break
      from = rows.at(-1)![0] + 1
      yield
    }
    for (const [slot, tallies] of fives) yield* write('five_minutes', slot, tallies, digestOf)
    yield* write('hours', hour / HOUR, whole, digestOf)
    setMoment.run('rolled', hour + HOUR)
  }

  function* rollDays(timezone: string): Generator<void, void, void> {
    const rolled = moment.get('rolled') ?? 0
    const { dayOf, endOf } = calendar(timezone)
    for (;;) {
      const slot = hourFrom.get(Math.ceil((moment.get('days_rolled') ?? 0) / HOUR)) ?? null
      const end = slot === null ? null : endOf(slot * HOUR)
      if (slot === null || end === null || end > rolled) return
      yield* rollDay(dayOf(slot * HOUR), startOf(slot * HOUR, dayOf), end)
      setMoment.run('days_rolled', end)
    }
  }

  /** The first whole hour of the day that `at` is in. */
  function startOf(at: Instant, dayOf: (at: Instant) => string): Instant {
    const day = dayOf(at)
    let hour = floor(at, HOUR)
    while (dayOf(hour - HOUR) === day) hour -= HOUR
    return hour
  }

  function* rollDay(day: string, start: Instant, end: Instant): Generator<void, void, void> {
    const last = lastSeries.get() ?? 0
    for (let first = 0; first <= last; first += SERIES) {
      const bySeries = new Map<number, Digest[]>()
      for (let hour = start; hour < end; hour += HOUR) {
        for (const row of hoursOf.all(hour / HOUR, first, first + SERIES)) {
          bySeries.set(row.series, [...(bySeries.get(row.series) ?? []), digest(row)])
        }
      }
      yield* write('days', dayNumber(day), bySeries, merge)
    }
  }

  function* write<T>(table: Table, slot: number, parts: ReadonlyMap<number, T>, digestFrom: (part: T) => Digest) {
    let rows = 0
    for (const [series, part] of [...parts].sort(([a], [b]) => a - b)) {
      add(table, slot, series, digestFrom(part))
      rows += 1
      if (rows % SLICE === 0) yield
    }
    yield
  }

  /** Durations in tenths of a millisecond. */
  function add(table: Table, slot: number, series: number, { ok, others, median, p95 }: Digest): void {
    puts[table].run(slot, series, ok, Object.keys(others).length === 0 ? null : JSON.stringify(others), median, p95)
  }

  function* forget(table: 'looks' | 'five_minutes' | 'hours' | 'details', key: 'ended' | 'slot', before: number) {
    const drop = db.prepare(`DELETE FROM ${table} WHERE ${key} < ? ORDER BY ${key} LIMIT ${SLICE}`)
    while (drop.run(before).changes === SLICE) yield
  }

  function stretches(
    table: Table,
    length: Millis,
    series: readonly Series[],
    from: Instant,
    to: Instant,
  ): readonly Stretch[] {
    const rows = collect(table, series, Math.ceil(from / length), Math.ceil(to / length))
    return rows.map(({ slot, ...rest }) => ({ ...rest, at: slot * length }))
  }

  /** One look-up a slot: the rows lie in order of time, so that writing them stays cheap. */
  function collect(table: Table, series: readonly Series[], from: number, until: number) {
    const found: (Digest & { slot: number; site: string; strand: 4 | 6 | null })[] = []
    for (let slot = from; slot < until; slot += 1) {
      for (const { number, site, strand } of series) {
        const row = gets[table].get(slot, number)
        if (row !== undefined) found.push({ slot, site, strand, ...inMillis(digest(row)) })
      }
    }
    return found
  }

  /** Fewer looks never replace more: what another site has of an hour may be all or a part of it. */
  function put(table: Table) {
    return db.prepare(
      `INSERT INTO ${table} (slot, series, ok, others, median, p95) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (slot, series) DO UPDATE
       SET ok = excluded.ok, others = excluded.others, median = excluded.median, p95 = excluded.p95
       WHERE excluded.ok + ${many('excluded.others')} >= ok + ${many(`${table}.others`)}`,
    )
  }

  function get(table: Table) {
    return db.prepare<[number, number], Row>(
      `SELECT slot, series, ok, others, median, p95 FROM ${table} WHERE slot = ? AND series = ?`,
    )
  }
}

function many(others: string): string {
  return `(SELECT coalesce(sum(value), 0) FROM json_each(coalesce(${others}, '{}')))`
}

function floor(at: Instant, length: Millis): Instant {
  return Math.floor(at / length) * length
}

function tallyOf(tallies: Map<number, Tally>, series: number): Tally {
  const known = tallies.get(series)
  if (known !== undefined) return known
  const fresh: Tally = { durations: [], others: {} }
  tallies.set(series, fresh)
  return fresh
}

/** As it is in the file: durations in tenths of a millisecond. */
function digest({ ok, others, median, p95 }: Row): Digest {
  return { ok, others: others === null ? {} : (JSON.parse(others) as Reasons), median, p95 }
}

function inMillis({ median, p95, ...rest }: Digest): Digest {
  return { ...rest, median: median === null ? null : median / 10, p95: p95 === null ? null : p95 / 10 }
}
