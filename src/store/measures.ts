// What other sites ask of results.db, and what they hand over for it. Whatever comes is known to be well formed; whether
// it may be true is judged here. Taken twice, or in pieces of any size, it comes to the same.
import type Sqlite from 'better-sqlite3'
import type { Change } from '../core/history/change.ts'
import { isSound } from '../core/history/hearsay.ts'
import {
  MOST_CHANGES,
  MOST_SUMS,
  type Piece,
  STREAMS,
  type Stream,
  type Sum,
  type Want,
} from '../core/history/measure.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import { count, digestOf, FIVE_MINUTES, type Reasons, type Tally } from './digest.ts'
import { type Looks, reasonOf, strandOf } from './looks.ts'
import { KEPT, type RollUp } from './rollup.ts'

/** What is asked for oneself, and of whom. */
export interface Parties {
  readonly own: string
  readonly other: string
  /** Checks and services of the configuration; of others nothing is kept. */
  isKnown(id: string): boolean
}

const LENGTHS: Readonly<Record<Stream, Millis>> = { days: DAY, hours: HOUR, five_minutes: FIVE_MINUTES, changes: 1 }

/** Looks are on the disk a minute after they ended. */
const SETTLED: Millis = 2 * MINUTE

/** Looks added up for one piece. */
const MOST_LOOKS = 20_000

/** Changes that are kept of each other site, and those that came back: years of them. */
export const MOST_ELSEWHERE = 200_000

/** What the changes of one piece may take, in JSON. */
const CHANGES_ROOM = 300 * 1024

/** Changes that were lost and came back are numbered by their moment, below all others. */
const LOST = -(10 ** 15)
/** More than are decided in one moment. */
const MOST_AT_ONCE = 2 * MOST_CHANGES

export interface Measures {
  /** In the order in which pages want them. */
  wants(parties: Parties, now: Instant): readonly Want[]
  /** Whole slots, and all changes of a moment: the next piece begins where this one ends. */
  offer(want: Want, own: string, now: Instant): Piece
  /** In a transaction. */
  keep(piece: Piece, parties: Parties, now: Instant): Kept
}

/** How many rows it brought, whether there is more to ask for now, and whether there was no room left for some of it. */
export interface Kept {
  readonly rows: number
  readonly more: boolean
  readonly full: boolean
}

/** Handing over and taking in an open database; throws its errors. */
export function prepareMeasures(
  db: Sqlite.Database,
  looks: Pick<Looks, 'numberOf'>,
  rolled: Pick<RollUp, 'add'>,
): Measures {
  const moment = db.prepare<[string], number>('SELECT at FROM moments WHERE name = ?').pluck()
  const setMoment = db.prepare('INSERT OR REPLACE INTO moments (name, at) VALUES (?, ?)')
  const sums = (table: Exclude<Stream, 'changes'>) =>
    db
      .prepare<[number, string, number], [number, string, number, number, string | null, number | null, number | null]>(
        `SELECT slot, check_id, family, ok, others, median, p95 FROM ${table} JOIN series ON number = series
         WHERE slot >= ? AND site = ? ORDER BY slot LIMIT ?`,
      )
      .raw()
  const selects = { days: sums('days'), hours: sums('hours'), five_minutes: sums('five_minutes') }
  const unrolled = db
    .prepare<[Instant, Instant, string, number], [number, string, number, number, number]>(
      `SELECT ended, check_id, family, took, reason FROM looks JOIN series ON number = series
       WHERE ended >= ? AND ended < ? AND site = ? ORDER BY ended LIMIT ?`,
    )
    .raw()
  const columns = 'at, subject, id, since, state, rule, sites, note'
  const ownChanges = db.prepare<[Instant, number], ChangeRow>(
    `SELECT ${columns} FROM changes WHERE at >= ? ORDER BY at, number LIMIT ?`,
  )
  const theirChanges = db.prepare<[string, Instant, number], ChangeRow>(
    `SELECT ${columns} FROM elsewhere WHERE site = ? AND at >= ? ORDER BY at, since LIMIT ?`,
  )
  const hasOwn = db
    .prepare<[string, string, Instant, Instant, string], number>(
      'SELECT 1 FROM changes WHERE subject = ? AND id = ? AND at = ? AND since = ? AND state = ?',
    )
    .pluck()
  const cameBack = db.prepare<[], number>('SELECT count(*) FROM changes WHERE number < 0').pluck()
  const taken = db
    .prepare<[number, number], number>('SELECT count(*) FROM changes WHERE number >= ? AND number < ?')
    .pluck()
  const addOwn = db.prepare(
    `INSERT INTO changes (number, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING`,
  )
  const many = db.prepare<[string], number>('SELECT count(*) FROM elsewhere WHERE site = ?').pluck()
  const addTheirs = db.prepare(
    `INSERT INTO elsewhere (site, ${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  return { wants, offer, keep: (...given) => db.transaction(keep)(...given) }

  /** What to ask of another site: what it measured, and what we measured before this file was made. */
  function wants({ own, other }: Parties, now: Instant): readonly Want[] {
    const made = moment.get('made') ?? 0
    return STREAMS.flatMap((stream) => {
      const oldest = oldestOf(stream, now)
      const theirs = { stream, site: other, from: Math.max(oldest, moment.get(nameOf(stream, other, other)) ?? 0) }
      const ours = { stream, site: own, from: Math.max(oldest, moment.get(nameOf(stream, own, other)) ?? 0) }
      return ours.from * LENGTHS[stream] < made ? [theirs, ours] : [theirs]
    })
  }

  function offer(want: Want, own: string, now: Instant): Piece {
    return want.stream === 'changes' ? offerChanges(want, own) : offerSums(want, want.stream, own, now)
  }

  /** Whole slots, so that the next piece begins where this one ends. */
  function offerSums(want: Want, table: Exclude<Stream, 'changes'>, own: string, now: Instant): Piece {
    const rows = selects[table].all(want.from, want.site, MOST_SUMS).map(
      ([slot, check, family, ok, others, median, p95]): Sum => ({
        slot,
        check,
        strand: strandOf(family),
        ok,
        others: others === null ? {} : (JSON.parse(others) as Reasons),
        median,
        p95,
      }),
    )
    const slotOf = ({ slot }: Sum) => slot
    if (rows.length === MOST_SUMS) return pieceOf(whole(rows, slotOf), true)
    if (table !== 'five_minutes' || want.site !== own) return pieceOf(rows, false)
    const fresh = freshSums(Math.max(want.from, (rows.at(-1)?.slot ?? -1) + 1), own, now)
    const all = [...rows, ...fresh.sums]
    if (all.length > MOST_SUMS) return pieceOf(whole(all.slice(0, MOST_SUMS), slotOf), true)
    return { ...pieceOf(all, fresh.more), next: Math.max(want.from, fresh.next) }

    function pieceOf(sums: readonly Sum[], more: boolean): Piece {
      const last = sums.at(-1)
      return { ...want, sums, changes: [], next: last === undefined ? want.from : last.slot + 1, more }
    }
  }

  /** Five minutes that no night has added up yet. */
  function freshSums(from: number, own: string, now: Instant) {
    const start = Math.max(from * FIVE_MINUTES, now - KEPT.looks)
    const end = Math.floor((now - SETTLED) / FIVE_MINUTES)
    const rows = unrolled.all(start, end * FIVE_MINUTES, own, MOST_LOOKS)
    const more = rows.length === MOST_LOOKS
    const next = more ? Math.floor(rows.at(-1)![0] / FIVE_MINUTES) : Math.max(from, end)
    const tallies = new Map<string, { slot: number; check: string; family: number; tally: Tally }>()
    for (const [ended, check, family, took, reason] of rows) {
      const slot = Math.floor(ended / FIVE_MINUTES)
      if (slot >= next) break
      const name = `${slot} ${check} ${family}`
      const known = tallies.get(name) ?? { slot, check, family, tally: { durations: [], others: {} } }
      tallies.set(name, known)
      count(known.tally, took, reasonOf(reason))
    }
    const sums = [...tallies.values()].map(
      ({ slot, check, family, tally }): Sum => ({ slot, check, strand: strandOf(family), ...digestOf(tally) }),
    )
    return { sums, next, more }
  }

  function offerChanges(want: Want, own: string): Piece {
    const rows =
      want.site === own ? ownChanges.all(want.from, MOST_CHANGES) : theirChanges.all(want.site, want.from, MOST_CHANGES)
    const changes = rows.map(({ sites, note, ...rest }) => ({
      ...rest,
      sites: JSON.parse(sites) as unknown,
      ...(note === null ? {} : { note }),
    }))
    const fitting = changes.slice(0, fittingOf(changes))
    const more = rows.length === MOST_CHANGES || fitting.length < changes.length
    const told = more ? whole(fitting, ({ at }) => at) : fitting
    const last = told.at(-1)
    return { ...want, sums: [], changes: told, next: last === undefined ? want.from : last.at + 1, more }
  }

  /** Takes a piece that was asked for. */
  function keep(piece: Piece, { own, other, isKnown }: Parties, now: Instant): Kept {
    const { stream, site, from } = piece
    const length = LENGTHS[stream]
    // Of ourselves we know all that came after this file was made.
    const end = site === own ? (moment.get('made') ?? 0) : now + DAY
    const possible = (place: number) => place >= from && place <= end / length
    const { rows, full } =
      stream === 'changes'
        ? keepChanges(
            piece.changes.filter(({ at, since }) => possible(at) && since <= now + DAY),
            site === own ? null : other,
            { own, isKnown },
          )
        : keepSums(
            piece.sums.filter(({ slot, check }) => possible(slot) && isKnown(check)),
            stream,
            site,
          )
    if (site === own) noteLived(piece, length)
    const next = Math.min(piece.next, Math.floor(now / length) + 1)
    const name = nameOf(stream, site, other)
    // Of what was lost there is no more: not asked for again.
    const over = site === own && !piece.more ? Math.ceil((moment.get('made') ?? 0) / length) : 0
    // Where nothing came, that we began there is the word of our clock alone, which may be months ahead for a moment.
    const reached = Math.max(next > from ? next : 0, over)
    if (reached > (moment.get(name) ?? 0)) setMoment.run(name, reached)
    return { rows, more: piece.more && next > from, full }
  }

  /** Until when we lived, as far as what comes back of a lost file proves it. */
  function noteLived({ stream, sums, changes }: Piece, length: Millis) {
    const made = moment.get('made') ?? 0
    const ends = stream === 'five_minutes' ? sums.map(({ slot }) => (slot + 1) * length) : changes.map(({ at }) => at)
    const lived = ends.reduce((last, end) => (end < made ? Math.max(last, end) : last), 0)
    if (lived > (moment.get('lived') ?? 0)) setMoment.run('lived', lived)
  }

  function keepSums(sums: readonly Sum[], table: Exclude<Stream, 'changes'>, site: string) {
    for (const { slot, check, strand, ...sum } of sums)
      rolled.add(table, slot, looks.numberOf({ check, strand, site }), sum)
    return { rows: sums.length, full: false }
  }

  /** `site` null: ours, of a file that was lost. */
  function keepChanges(
    changes: readonly Change[],
    site: string | null,
    { own, isKnown }: Pick<Parties, 'own' | 'isKnown'>,
  ) {
    const made = moment.get('made') ?? 0
    let room = MOST_ELSEWHERE - ((site === null ? cameBack.get() : many.get(site)) ?? 0)
    const next = new Map<Instant, number>()
    let kept = 0
    let full = false
    for (const change of changes) {
      const { at, subject, id, since, state, rule, sites, note } = change
      const isTheirs = subject === 'line' ? id === (site ?? own) : isKnown(id)
      if (!isTheirs || !isSound(change)) continue
      full ||= room <= 0
      if (room <= 0) continue
      const row = [at, subject, id, since, state, rule, JSON.stringify(sites ?? null), note ?? null] as const
      if (site !== null) kept += addTheirs.run(site, ...row).changes
      else if (at < made && hasOwn.get(subject, id, at, since, state) === undefined) {
        const end = LOST + at + MOST_AT_ONCE
        let number = next.get(at) ?? LOST + at + taken.get(LOST + at, end)!
        while (number < end && addOwn.run(number, ...row).changes === 0) number++
        if (number < end) kept++
        next.set(at, number)
      }
      room--
    }
    return { rows: kept, full }
  }
}

type ChangeRow = Omit<Change, 'sites' | 'note'> & { readonly sites: string; readonly note: string | null }

function nameOf(stream: Stream, site: string, from: string): string {
  return `${stream} of ${site} from ${from}`
}

function oldestOf(stream: Stream, now: Instant): number {
  if (stream === 'hours') return Math.floor((now - KEPT.hours) / HOUR)
  return stream === 'five_minutes' ? Math.floor((now - KEPT.fiveMinutes) / FIVE_MINUTES) : 0
}

/** Without those of the last place, which may not be all there are, unless there is no other. */
function whole<T>(items: readonly T[], placeOf: (item: T) => number): readonly T[] {
  const last = placeOf(items.at(-1)!)
  const before = items.filter((item) => placeOf(item) < last)
  return before.length === 0 ? items : before
}

/** How many of the first changes one piece has room for; one at least. */
function fittingOf(changes: readonly Change[]): number {
  let room = CHANGES_ROOM
  const over = changes.findIndex((change) => {
    room -= JSON.stringify(change).length
    return room < 0
  })
  return over < 0 ? changes.length : Math.max(1, over)
}
