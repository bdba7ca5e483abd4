// results.db as long as it is open: its statements, and whether it was closed properly.
import { existsSync, readFileSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import type { Change } from '../core/history/change.ts'
import type { Observation } from '../core/observation.ts'
import { type Instant, type Millis, SECOND } from '../core/time/time.ts'
import { type Changes, prepareChanges } from './changes.ts'
import { damageOf, openDatabase } from './database.ts'
import { type LookRow, type Looks, prepareLooks } from './looks.ts'
import { type Measures, prepareMeasures } from './measures.ts'
import { RESULTS } from './results-format.ts'
import { prepareRollUp, type RollUp } from './rollup.ts'

/** What is written in one go. */
export interface Batch {
  readonly looks: readonly LookRow[]
  readonly details: readonly Observation[]
  readonly lasts: readonly Observation[]
  readonly changes: readonly Change[]
}

export interface ResultsFile {
  readonly looks: Looks
  readonly changes: Changes
  readonly rollUp: RollUp
  /** Keeping is one transaction. */
  readonly measures: Measures
  /** When history began again, because an earlier file was broken or gone. */
  readonly begunAnew: Instant | null
  /** One transaction. With nothing to write, says now and then that we live. */
  write(batch: Batch, now: Instant): void
  /** One transaction. */
  together(work: () => void): void
  /** The last moment that was written, by the clock of then. */
  measuredUntil(): Instant | null
  /** Throws when the file under us is no longer the one we opened, or was cut. */
  expectWhole(): void
  /** `properly`: nothing is wrong with it, so that the next open need not read all of it. */
  close(properly: boolean): void
}

/** So far may the newest row lie ahead of the clock, and it was not set back. */
const AHEAD: Millis = SECOND

/** Without looks, this often: what lies between the last sign of life and a start counts as not measured. */
const QUIET: Millis = 50 * SECOND

/**
 * Opens or makes it. `FILE.mark` tells a first start from a lost file, and a file closed properly and untouched since
 * from one that must be read through. `again`: it follows one that was set aside. Throws SQLite's errors; a file
 * found damaged is SQLITE_CORRUPT.
 */
export function openResultsFile(file: string, now: Instant, again: boolean): ResultsFile {
  const mark = `${file}.mark`
  const marked = readMark(mark)
  const lost = again || marked === 'lost' || (marked !== undefined && (stats(file)?.size ?? 0) === 0)
  const untouched = marked === signOf(stats(file)) && !existsSync(`${file}-wal`)
  writeMark(mark, lost ? 'lost' : 'open')

  const db = openDatabase(file, RESULTS)
  try {
    const damage = untouched ? null : damageOf(db)
    if (damage !== null) throw corrupt(damage)
    return whole()
  } catch (error) {
    db.close()
    throw error
  }

  function whole(): ResultsFile {
    const moment = db.prepare<[string], number>('SELECT at FROM moments WHERE name = ?').pluck()
    const setMoment = db.prepare('INSERT OR REPLACE INTO moments (name, at) VALUES (?, ?)')
    const looks = prepareLooks(db)
    const changes = prepareChanges(db)
    const rollUp = prepareRollUp(db)
    const measures = prepareMeasures(db, looks, rollUp)
    if (moment.get('made') === undefined) setMoment.run('made', now)
    if (lost) {
      setMoment.run('begun_anew', now)
      writeMark(mark, 'open')
    }
    let newest = newestOf(
      looks.lastEnded(Number.MAX_SAFE_INTEGER),
      changes.lastAt(Number.MAX_SAFE_INTEGER),
      moment.get('alive') ?? null,
    )
    const opened = stats(file)
    let size = opened?.size ?? 0
    let written = performance.now()

    const write = db.transaction((batch: Batch, at: Instant, last: Instant | null) => {
      looks.write(batch.looks)
      if (batch.looks[0] !== undefined) rollUp.reopen(batch.looks[0].ended)
      for (const one of batch.lasts) looks.writeLast(one)
      for (const one of batch.details) looks.writeDetail(one)
      for (const one of batch.changes) changes.write(one)
      // The newest row isn't the last that was written.
      const isSetBack = last !== null && last > at + AHEAD
      if (isSetBack) setMoment.run('set_back', last)
      if (isSetBack || isEmpty(batch)) setMoment.run('alive', at)
    })

    return {
      looks,
      changes,
      rollUp,
      measures: {
        ...measures,
        keep: (...given) => {
          try {
            return measures.keep(...given)
          } finally {
            looks.forgetNumbers()
          }
        },
      },
      begunAnew: moment.get('begun_anew') ?? null,
      write: (batch, at) => {
        if (isEmpty(batch) && performance.now() - written < QUIET) return
        const last = newestOf(newest, batch.looks.at(-1)?.ended, ...batch.changes.map((change) => change.at))
        try {
          write(batch, at, last)
          newest = isEmpty(batch) ? newestOf(last, at) : last
          written = performance.now()
        } finally {
          looks.forgetNumbers()
        }
      },
      together: (work) => db.transaction(work)(),
      measuredUntil: () => {
        const setBack = moment.get('set_back')
        // Looks that ended in one moment are kept a millisecond apart.
        const isLast = setBack !== undefined && newest !== null && Math.abs(setBack - newest) <= AHEAD
        return isLast ? (moment.get('alive') ?? null) : newest
      },
      expectWhole: () => {
        const found = stats(file)
        if (found === undefined || found.ino !== opened?.ino) throw corrupt('the file is gone')
        if (found.size < size) throw corrupt('the file was cut')
        size = found.size
      },
      close: (properly) => {
        db.close()
        if (properly) writeMark(mark, signOf(stats(file)))
      },
    }
  }
}

function isEmpty({ looks, lasts, details, changes }: Batch): boolean {
  return looks.length + lasts.length + details.length + changes.length === 0
}

function newestOf(...moments: readonly (Instant | null | undefined)[]): Instant | null {
  const known = moments.filter((one) => one !== null && one !== undefined)
  return known.length === 0 ? null : Math.max(...known)
}

function corrupt(what: string): Error {
  return Object.assign(new Error(what), { code: 'SQLITE_CORRUPT' })
}

function stats(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false })
}

function signOf(found: Stats | undefined): string {
  return found === undefined ? 'gone' : `closed ${found.ino} ${found.size} ${found.mtimeMs}`
}

function readMark(mark: string): string | undefined {
  try {
    return readFileSync(mark, 'utf8')
  } catch {
    return undefined
  }
}

/** A mark that can't be written must not stay and lie. */
function writeMark(mark: string, text: string): void {
  try {
    writeFileSync(mark, text, { mode: 0o600 })
  } catch {
    rmSync(mark, { force: true })
  }
}
