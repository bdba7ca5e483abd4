// Wants and pieces (core/history/measure.ts) as they travel: sums as rows of numbers beside the list of checks they are of.
import { type Change, SUBJECTS } from '../core/history/change.ts'
import {
  MOST_CHANGES,
  MOST_SUMS,
  type Piece,
  STREAMS,
  type Stream,
  type Sum,
  type Want,
} from '../core/history/measure.ts'
import { isReason, type Reason } from '../core/observation.ts'
import { isCount, isList, isRecord, isText, isWhole } from '../core/untrusted.ts'

const MOST_WANTS = 4 * STREAMS.length
const MOST_FIELDS = 32
const LONGEST_ID = 200
/** What sites said of a change, and the record of an outage. */
const LONGEST_JSON = 16 * 1024
const MOST_CHECKS = 10_000

/** What `wantsOf` reads. */
export function wantTuple({ stream, site, from }: Want): readonly unknown[] {
  return [stream, site, from]
}

/** Null: those are none. What only a newer vigie knows of is passed over, here and below: the rest holds. */
export function wantsOf(value: unknown): readonly Want[] | null {
  if (value === undefined) return []
  return isList(value, MOST_WANTS) ? value.flatMap((want) => wantOf(want) ?? []) : null
}

function wantOf(value: unknown): Want | null {
  if (!isList(value, MOST_FIELDS)) return null
  const [stream, site, from] = value
  return isStream(stream) && isText(site, LONGEST_ID) && isWhole(from) ? { stream, site, from } : null
}

/**
 * What `piecesOf` reads. `checks` are `ID FAMILY` with 0 for neither, a row is slot, place in `checks`, good looks,
 * median, p95 and, where there are any, the others by reason; durations in tenths of a millisecond.
 */
export function pieceDocument({ stream, site, from, next, more, sums, changes }: Piece) {
  const checks = new Map<string, number>()
  const rows = sums.map(({ slot, check, strand, ok, others, median, p95 }) => {
    const name = `${check} ${strand ?? 0}`
    const at = checks.get(name) ?? checks.size
    checks.set(name, at)
    return [slot, at, ok, median, p95, ...(Object.keys(others).length === 0 ? [] : [others])]
  })
  return { stream, site, from, next, more, checks: [...checks.keys()], rows, changes }
}

/** Null: they are none, or one of them isn't. Rows and changes within one that aren't understood are passed over. */
export function piecesOf(value: unknown): readonly Piece[] | null {
  if (value === undefined) return []
  if (!isList(value, MOST_WANTS)) return null
  const pieces = value.map(pieceOf)
  return pieces.every((piece) => piece !== null) ? pieces : null
}

function pieceOf(value: unknown): Piece | null {
  if (!isRecord(value)) return null
  const { stream, site, from, next, more, checks, rows, changes } = value
  if (!isStream(stream) || !isText(site, LONGEST_ID) || !isWhole(from) || !isWhole(next) || next < from) return null
  if (typeof more !== 'boolean' || !isList(checks, MOST_CHECKS) || !isList(rows, MOST_SUMS)) return null
  if (!isList(changes, MOST_CHANGES)) return null
  const names = checks.map(nameOf)
  const sums = rows.flatMap((row) => sumOf(row, names) ?? [])
  return { stream, site, from, next, more, sums, changes: changes.flatMap((change) => changeOf(change) ?? []) }
}

function nameOf(value: unknown): Pick<Sum, 'check' | 'strand'> | null {
  const [, check, family] = (isText(value, LONGEST_ID) && /^([a-z0-9.-]+) ([046])$/.exec(value)) || []
  if (check === undefined) return null
  return { check, strand: family === '4' ? 4 : family === '6' ? 6 : null }
}

function sumOf(value: unknown, names: readonly (Pick<Sum, 'check' | 'strand'> | null)[]): Sum | null {
  if (!isList(value, MOST_FIELDS)) return null
  const [slot, at, ok, median, p95, others = {}] = value
  const name = isCount(at) ? names[at] : null
  if (name == null || !isWhole(slot) || !isCount(ok) || !isTook(median) || !isTook(p95)) return null
  if (!isRecord(others) || !Object.entries(others).every(([reason, many]) => isReason(reason) && isCount(many)))
    return null
  return {
    slot,
    ...name,
    ok,
    others: others as Readonly<Partial<Record<Reason, number>>> as Sum['others'],
    median,
    p95,
  }
}

function changeOf(value: unknown): Change | null {
  if (!isRecord(value)) return null
  const { at, subject, id, since, state, rule, sites, note } = value
  const named = SUBJECTS.find((one) => one === subject)
  if (named === undefined || !isWhole(at) || !isWhole(since) || !isText(id, LONGEST_ID)) return null
  if (!isText(state, 40) || !isText(rule, 40) || !(note === undefined || isText(note, 1_000))) return null
  if (JSON.stringify(sites ?? null).length > LONGEST_JSON) return null
  const change = { at, subject: named, id, since, state, rule, sites: sites ?? null }
  return note === undefined ? change : { ...change, note }
}

function isStream(value: unknown): value is Stream {
  return STREAMS.some((stream) => stream === value)
}

function isTook(value: unknown): value is number | null {
  return value === null || isCount(value)
}
