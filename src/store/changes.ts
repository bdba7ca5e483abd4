// Every change of opinion, agreement and status, for ever, and what services' days are drawn from.
import type Sqlite from 'better-sqlite3'
import type { Change, Subject } from '../core/history/change.ts'
import { filled, type Span } from '../core/history/history.ts'
import type { Instant } from '../core/time/time.ts'
import type { Status } from '../core/verdict/service.ts'

interface ChangeRow extends Omit<Change, 'sites' | 'note'> {
  readonly sites: string
  readonly note: string | null
}

type StatusRow = Pick<Change, 'id' | 'at' | 'since' | 'state'>

export type Changes = ReturnType<typeof prepareChanges>

/** Reading and writing changes in an open database; throws its errors. */
export function prepareChanges(db: Sqlite.Database) {
  const insert = db.prepare(
    'INSERT INTO changes (at, subject, id, since, state, rule, sites, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const select = db.prepare<[string, string, Instant, Instant], ChangeRow>(
    `SELECT at, subject, id, since, state, rule, sites, note FROM changes
     WHERE subject = ? AND id = ? AND at >= ? AND at < ? ORDER BY number`,
  )
  const services = db.prepare<[], string>("SELECT DISTINCT id FROM changes WHERE subject = 'status'").pluck()
  // From the last one before `from` on: what a service was when the time asked for began.
  const statuses = db.prepare<[string, string, Instant], StatusRow>(
    `SELECT id, at, since, state FROM changes WHERE subject = 'status' AND id = ? AND number >= coalesce(
       (SELECT max(number) FROM changes WHERE subject = 'status' AND id = ? AND at < ?), ${Number.MIN_SAFE_INTEGER}) ORDER BY number`,
  )
  const lastAt = db.prepare<[Instant], number | null>('SELECT max(at) FROM changes WHERE at <= ?').pluck()
  const sites = db.prepare<[], string>('SELECT DISTINCT site FROM elsewhere').pluck()
  const elsewhere = db.prepare<[string, string, string, Instant, Instant], ChangeRow>(
    `SELECT at, subject, id, since, state, rule, sites, note FROM elsewhere
     WHERE site = ? AND subject = ? AND id = ? AND at >= ? AND at < ? ORDER BY at, since`,
  )
  const changesElsewhere = (site: string, id: string, subject: Subject, from: Instant, to: Instant) =>
    elsewhere.all(site, subject, id, from, to).map(changeOf)
  const moment = db.prepare<[string], number>('SELECT at FROM moments WHERE name = ?').pluck()
  /** With the time between what came back of a file that was lost and the first change of this one: nobody measured it. */
  const withGap = (rows: readonly StatusRow[]): readonly StatusRow[] => {
    const [made, lived] = [moment.get('made') ?? 0, moment.get('lived')]
    const first = rows.findIndex(({ at }) => at >= made)
    const before = rows[(first < 0 ? rows.length : first) - 1]
    if (lived === undefined || before === undefined || lived >= made) return rows
    const gap = { id: before.id, at: made, since: Math.max(lived, before.at), state: 'unknown' }
    return rows.toSpliced(rows.indexOf(before) + 1, 0, gap)
  }
  const spansOf = (service: string, from: Instant) => {
    const own = spansFrom(withGap(statuses.all(service, service, from)), from)
    return sites.all().reduce((spans, site) => {
      const theirs = changesElsewhere(site, service, 'status', 0, Number.MAX_SAFE_INTEGER)
      return filled(spans, spansFrom(theirs, from))
    }, own)
  }

  return {
    write: ({ at, subject, id, since, state, rule, sites, note }: Change): void => {
      insert.run(
        Math.round(at),
        subject,
        id,
        Math.round(since),
        state,
        rule,
        JSON.stringify(sites ?? null),
        note ?? null,
      )
    },
    changesOf: (id: string, subject: Subject, from: Instant, to: Instant): readonly Change[] =>
      select.all(subject, id, from, to).map(changeOf),
    /** What another site wrote down, as far as it was handed over. */
    changesElsewhere,
    /** What nobody measured here is what another site measured. */
    statusSpans: spansOf,
    allStatusSpans: (from: Instant): ReadonlyMap<string, readonly Span[]> =>
      new Map(services.all().map((service) => [service, spansOf(service, from)])),
    /** The last change decided by `now`. */
    lastAt: (now: Instant): Instant | null => lastAt.get(now) ?? null,
  }
}

function changeOf({ sites, note, ...rest }: ChangeRow): Change {
  return { ...rest, sites: JSON.parse(sites) as unknown, ...(note === null ? {} : { note }) }
}

/** A change holds from its `since` on, over whatever was said of that time before. Times before `from` are cut off. */
function spansFrom(rows: readonly StatusRow[], from: Instant): readonly Span[] {
  const starts: { from: Instant; status: Status }[] = []
  for (const { at, since, state } of rows) {
    const start = Math.max(Math.min(since, at), from)
    while (starts.length > 0 && starts.at(-1)!.from >= start) starts.pop()
    const status = state as Status
    if (starts.at(-1)?.status !== status) starts.push({ from: start, status })
  }
  return starts.map((span, index) => ({ ...span, to: starts[index + 1]?.from ?? null }))
}
