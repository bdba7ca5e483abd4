// results.db: what was measured. It may be lost without losing meaning, so nothing that is wrong with it ever stops a
// look, a page or a mail: no function here throws because of a disk or a file.
import { join } from 'node:path'
import type { Change, Subject } from '../core/history/change.ts'
import type { Span } from '../core/history/history.ts'
import type { Piece, Want } from '../core/history/measure.ts'
import type { Observation } from '../core/observation.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import { errorCode, setAside, trouble } from './database.ts'
import { type Look, type LookRow, rowOf } from './looks.ts'
import type { Kept, Parties } from './measures.ts'
import { type Batch, openResultsFile, type ResultsFile } from './results-file.ts'
import type { Day, Stretch } from './rollup.ts'

/** `paused`: nothing can be written just now (disk full, read-only …). `lost`: history begins at `since`. */
export type Condition =
  | { readonly kind: 'good' }
  | { readonly kind: 'paused'; readonly since: Instant; readonly note: string }
  | { readonly kind: 'lost'; readonly since: Instant }

/** Readers tell what was committed; without a file they tell of nothing. Times: `from` is included, `to` is not. */
export interface Results {
  /** Keeps time, duration and reason; all of it of the last look of each check, and for good with `detail`. */
  look(observation: Observation, detail: boolean): void
  /** Kept for ever; commits at once. */
  changed(change: Change): void
  /** Commits what waits. Happens by itself every minute, at 250 looks and at a change. */
  flush(): void
  condition(): Condition
  /**
   * The last moment at which we lived: after it nothing was measured. By the clock of then: where it was set back since,
   * that lies ahead. Null: never.
   */
  measuredUntil(): Instant | null
  changesOf(id: string, subject: Subject, from: Instant, to: Instant): readonly Change[]
  /** The same of what another site wrote down, as far as it was handed over. */
  changesElsewhere(site: string, id: string, subject: Subject, from: Instant, to: Instant): readonly Change[]
  /** How a service stood, without gaps, from its first change known. */
  statusSpans(service: string, from: Instant): readonly Span[]
  /** The same of every service that ever had a status. */
  allStatusSpans(from: Instant): ReadonlyMap<string, readonly Span[]>
  /** The last look of each check, family and site, as of the last change, hour or stop. */
  lastLooks(): readonly Observation[]
  /** Looks kept with their phases, note and certificate; for 13 months. */
  detailsOf(check: string, from: Instant, to: Instant): readonly Observation[]
  /** For seven days; those that ended between the two. */
  looksOf(check: string, from: Instant, to: Instant): readonly Look[]
  /** For 35 days; those that began between the two and are rolled up. */
  fiveMinutes(check: string, from: Instant, to: Instant): readonly Stretch[]
  /** For 13 months. */
  hours(check: string, from: Instant, to: Instant): readonly Stretch[]
  /** For ever. Days as `YYYY-MM-DD`, both included. */
  days(check: string, from: string, to: string): readonly Day[]
  /**
   * Adds looks up to five minutes, hours and days (of `timezone`) and forgets what is old, for about 30 ms; true: there
   * is more to do. Does nothing on a clock that is not `trusted`: it would forget the wrong things.
   */
  rollUp(now: Instant, timezone: string, trusted: boolean): boolean
  /** What to ask of another site: what it measured, and what we did before this file was made. */
  wants(parties: Parties): readonly Want[]
  /** Answers another site; null: nothing can be read just now. */
  offer(want: Want, own: string): Piece | null
  /** Takes an answer. */
  keep(piece: Piece, parties: Parties): Kept
  close(): void
}

const COMMIT_ROWS = 250
const COMMIT_EVERY: Millis = MINUTE
/** What waits in memory while nothing can be written; the oldest goes first. */
const MOST = { looks: 5_000, details: 500, changes: 5_000 } as const
const ROLL_FOR: Millis = 30
/** For so long the page says that history was lost: as far back as it shows any. */
const SAID_FOR: Millis = 90 * DAY

/**
 * Opens or makes `dir`'s results.db, and sets a broken one aside. Commits each minute from now on until `close`, after
 * which nothing is kept; that timer keeps no process alive. `now`: the wall clock.
 */
export function openResults(dir: string, { now }: { readonly now: () => Instant }): Results {
  const path = join(dir, 'results.db')
  const looks: LookRow[] = []
  const details: Observation[] = []
  const changes: Change[] = []
  const lasts = new Map<string, Observation>()
  let file: ResultsFile | null = null
  let paused: { readonly since: Instant; readonly note: string } | null = null
  let rolling: { readonly at: Instant; readonly steps: Generator<void, void, void> } | null = null
  let begunAnew = Number.NEGATIVE_INFINITY
  let lastsWritten = performance.now()
  let closed = false

  commit([])
  const timer = setInterval(flush, COMMIT_EVERY)
  timer.unref()

  return {
    look: (observation, detail) => {
      push(looks, rowOf(observation), MOST.looks)
      lasts.set(`${observation.check} ${observation.strand} ${observation.site}`, observation)
      if (detail) push(details, observation, MOST.details)
      if (looks.length >= COMMIT_ROWS && paused === null) commit(dueLasts())
    },
    changed: (change) => {
      push(changes, change, MOST.changes)
      if (paused === null) commit(dueLasts(change.id))
    },
    flush,
    condition: () => {
      if (paused !== null) return { kind: 'paused', ...paused }
      const since = file?.begunAnew ?? null
      return since !== null && now() - since < SAID_FOR ? { kind: 'lost', since } : { kind: 'good' }
    },
    measuredUntil: () => read(null, (one) => one.measuredUntil()),
    changesOf: (id, subject, from, to) => read([], (one) => one.changes.changesOf(id, subject, from, to)),
    changesElsewhere: (site, id, subject, from, to) =>
      read([], (one) => one.changes.changesElsewhere(site, id, subject, from, to)),
    statusSpans: (service, from) => read([], (one) => one.changes.statusSpans(service, from)),
    allStatusSpans: (from) =>
      read<ReadonlyMap<string, readonly Span[]>>(new Map(), (one) => one.changes.allStatusSpans(from)),
    lastLooks: () => read([], (one) => one.looks.lastLooks()),
    detailsOf: (check, from, to) => read([], (one) => one.looks.detailsOf(check, from, to)),
    looksOf: (check, from, to) => read([], (one) => one.looks.looksOf(check, from, to)),
    fiveMinutes: (check, from, to) => read([], (one) => one.rollUp.fiveMinutes(one.looks.seriesOf(check), from, to)),
    hours: (check, from, to) => read([], (one) => one.rollUp.hours(one.looks.seriesOf(check), from, to)),
    days: (check, from, to) => read([], (one) => one.rollUp.days(one.looks.seriesOf(check), from, to)),
    rollUp,
    wants: (parties) => (paused === null ? read([], (one) => one.measures.wants(parties, now())) : []),
    offer: (want, own) => read(null, (one) => one.measures.offer(want, own, now())),
    keep: (piece, parties) => {
      const nothing = { rows: 0, more: false, full: false }
      return paused === null ? read(nothing, (one) => one.measures.keep(piece, parties, now())) : nothing
    },
    close: () => {
      clearInterval(timer)
      commit([...lasts])
      release(paused === null)
      closed = true
    },
  }

  function flush(): void {
    commit(dueLasts())
  }

  /** Last looks are rewritten in place, all over the file: those of one check at its change, the others every hour. */
  function dueLasts(check?: string): readonly (readonly [string, Observation])[] {
    if (performance.now() - lastsWritten >= HOUR) {
      lastsWritten = performance.now()
      return [...lasts]
    }
    return check === undefined ? [] : [...lasts].filter(([, last]) => last.check === check)
  }

  /** A broken file is set aside and what waits goes into a new one. */
  function commit(due: readonly (readonly [string, Observation])[]): void {
    if (closed) return
    const batch = {
      looks: looks.toSorted((a, b) => a.ended - b.ended),
      details,
      changes,
      lasts: due.map(([, last]) => last),
    }
    try {
      write(batch)
    } catch (error) {
      if (kindOf(error) === 'broken' && startOver()) commit(due)
      else pause(error)
      return
    }
    paused = null
    // A look of a time that is being added up: that is begun again from what is in the file.
    if (rolling !== null && (batch.looks[0]?.ended ?? rolling.at) < rolling.at) rolling = null
    looks.length = details.length = changes.length = 0
    for (const [name] of due) lasts.delete(name)
  }

  function write(batch: Batch): void {
    file ??= openResultsFile(path, now(), Number.isFinite(begunAnew))
    file.expectWhole()
    file.write(batch, now())
  }

  function read<T>(nothing: T, work: (file: ResultsFile) => T): T {
    if (file === null) return nothing
    try {
      return work(file)
    } catch (error) {
      recover(error)
      return nothing
    }
  }

  function rollUp(at: Instant, timezone: string, trusted: boolean): boolean {
    if (!trusted) return false
    if (rolling === null) flush()
    if (paused !== null || file === null) return false
    rolling ??= { at, steps: file.rollUp.rollUp(at, timezone) }
    const { steps } = rolling
    let done = false
    try {
      const until = performance.now() + ROLL_FOR
      file.together(() => {
        while (!done && performance.now() < until) done = steps.next().done === true
      })
    } catch (error) {
      done = true
      recover(error)
    }
    if (done) rolling = null
    return !done
  }

  function recover(error: unknown): void {
    if (kindOf(error) === 'broken' && startOver()) flush()
    else pause(error)
  }

  /** Sets the file aside. Not twice in a minute: then it isn't the file that is broken. */
  function startOver(): boolean {
    if (performance.now() - begunAnew < COMMIT_EVERY) return false
    try {
      release(false)
      setAside(path, now())
      begunAnew = performance.now()
      return true
    } catch (error) {
      pause(error)
      return false
    }
  }

  function release(properly: boolean): void {
    const closing = file
    file = null
    rolling = null
    try {
      closing?.close(properly)
    } catch (error) {
      kindOf(error)
    }
  }

  function pause(error: unknown): void {
    paused ??= { since: now(), note: `${errorCode(error) ?? 'unknown'}: ${(error as Error).message}` }
  }
}

/**
 * What is wrong with the file: text in it that is no JSON and moments that no calendar has are damage too. A mistake of
 * ours goes on its way.
 */
function kindOf(error: unknown): 'hindered' | 'broken' {
  const kind = error instanceof SyntaxError || error instanceof RangeError ? 'broken' : trouble(error)
  if (kind === undefined) throw error
  return kind
}

function push<T>(list: T[], item: T, most: number): void {
  if (list.length >= most) list.splice(0, Math.ceil(most / 20))
  list.push(item)
}
