// What a site takes out of its own past: entries that nobody needs any longer, named in an entry of its own so that
// whoever finds them missing knows that nobody else took them. What people said stays for ever.

import { DAY, type Instant, type Millis } from '../time/time.ts'
import { type Entry, MOST_INCARNATIONS, siteOf } from './entry.ts'

/** The type of its entries, for ever. */
export const CHECKPOINT = 'ledger.checkpoint'

/** Numbers that are gone, from and to, both included. */
export type Range = readonly [from: number, to: number]

/** By origin: all that is gone of it, in order. */
export type Folded = Readonly<Record<string, readonly Range[]>>

/** Bytes of all entries: when they are more, nothing of other sites comes in. What people say is little. */
export const LEDGER_BOUND = 64 * 1024 * 1024

/** Older than this nobody needs to know who was about to mail what. */
const FOLDED_AFTER: Millis = 90 * DAY

const MOST_RANGES = 3_000

/** Of a kind that may be folded once it is old: mails, outages' names that never gave way, earlier checkpoints. */
export function isFoldable(type: string, at: Instant, now: Instant): boolean {
  const kind = type.startsWith('alert.') || type.startsWith('outage.') || type === CHECKPOINT
  return kind && now - at > FOLDED_AFTER
}

/** What is missing between 1 and `last`, given the numbers that are there, in order; null: in too many pieces. */
export function missingOf(present: readonly number[], last: number): readonly Range[] | null {
  const ranges: Range[] = []
  let next = 1
  for (const seq of [...present, last + 1]) {
    if (seq > next) ranges.push([next, seq - 1])
    next = seq + 1
  }
  return ranges.length > MOST_RANGES ? null : ranges
}

/** What a checkpoint says is gone, of its own site's origins alone; null: it is none. Never throws. */
export function foldedBy(entry: Pick<Entry, 'origin' | 'type' | 'payload'>): Folded | null {
  if (entry.type !== CHECKPOINT) return null
  try {
    const { folded } = JSON.parse(new TextDecoder().decode(entry.payload)) as { folded?: unknown }
    if (typeof folded !== 'object' || folded === null) return null
    const own = Object.entries(folded).filter(([origin]) => siteOf(origin) === siteOf(entry.origin))
    const sound = own.every(
      ([, ranges]) => Array.isArray(ranges) && ranges.length <= MOST_RANGES && ranges.every(isRange),
    )
    return sound && own.length <= MOST_INCARNATIONS ? (Object.fromEntries(own) as Folded) : null
  } catch {
    return null
  }
}

/** True when every number from `from` to `to` was folded. */
export function isFolded(folded: Folded | null, origin: string, from: number, to: number): boolean {
  return (folded?.[origin] ?? []).some(([first, last]) => first <= from && to <= last)
}

function isRange(value: unknown): value is Range {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    value.every(Number.isSafeInteger) &&
    value[0] >= 1 &&
    value[0] <= value[1]
  )
}
