// What looks add up to: of five minutes, of an hour, of a day.

import { quantile } from '../core/history/quantile.ts'
import type { FailReason, UnknownReason } from '../core/observation.ts'
import { dater } from '../core/time/days.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../core/time/time.ts'

export type Reasons = Readonly<Partial<Record<FailReason | UnknownReason, number>>>

/**
 * Looks of one series that ended in one stretch of time. Its durations are in the unit of what it was made of: tenths of a
 * millisecond in the file, milliseconds for whoever reads it (`Stretch`, `Day`).
 */
export interface Digest {
  /** How many were fine. */
  readonly ok: number
  /** The others: how many of each reason, the target's fault or ours. */
  readonly others: Reasons
  /** Of the good looks' durations; null when there were none. */
  readonly median: number | null
  readonly p95: number | null
}

export const FIVE_MINUTES: Millis = 5 * MINUTE

/** The digest of looks themselves; exact, in tenths of a millisecond. */
export function digestOf(looks: Tally): Digest {
  const sorted = Float64Array.from(looks.durations).sort()
  return {
    ok: sorted.length,
    others: looks.others,
    median: quantile(sorted, 0.5),
    p95: quantile(sorted, 0.95),
  }
}

/** Looks of one series as they are counted together. */
export interface Tally {
  readonly durations: number[]
  readonly others: Partial<Record<FailReason | UnknownReason, number>>
}

/** Adds one look; `took` in tenths of a millisecond. */
export function count(tally: Tally, took: number, reason: FailReason | UnknownReason | null): void {
  if (reason === null) tally.durations.push(took)
  else tally.others[reason] = (tally.others[reason] ?? 0) + 1
}

/**
 * A day from its hours: counts are exact; of the durations the hours' medians and p95s are taken, each hour weighing as
 * much as it had good looks.
 */
export function merge(parts: readonly Digest[]): Digest {
  const others: Partial<Record<FailReason | UnknownReason, number>> = {}
  for (const part of parts) {
    for (const [reason, many] of Object.entries(part.others) as [FailReason | UnknownReason, number][]) {
      others[reason] = (others[reason] ?? 0) + many
    }
  }
  return {
    ok: parts.reduce((sum, { ok }) => sum + ok, 0),
    others,
    median: weighted(parts, 'median', 0.5),
    p95: weighted(parts, 'p95', 0.95),
  }
}

/** Days of a time zone, as `YYYY-MM-DD`. An hour belongs to the day in which it begins. */
export function calendar(timezone: string): { dayOf(at: Instant): string; endOf(at: Instant): Instant } {
  const dayOf = dater(timezone)
  return {
    dayOf,
    /** The first whole hour (UTC) that belongs to a later day. A day has 23 to 25 hours, once in history 48. */
    endOf: (at) => {
      const day = dayOf(at)
      let hour = Math.floor(at / HOUR) * HOUR + HOUR
      while (dayOf(hour) === day) hour += HOUR
      return hour
    },
  }
}

/** A calendar day as the number it's kept under, and back. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY
}

/** `2026-11-23`, of what `dayNumber` made of it: a date, in no timezone. */
export function dayName(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10)
}

function weighted(parts: readonly Digest[], field: 'median' | 'p95', share: number): number | null {
  const known = parts.flatMap((part) => (part[field] === null ? [] : [{ value: part[field], weight: part.ok }]))
  const total = known.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  for (const { value, weight } of known.sort((a, b) => a.value - b.value)) {
    below += weight
    if (below >= share * total) return value
  }
  return null
}
