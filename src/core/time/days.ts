// Days of a timezone. Hours that a clock change skips or repeats belong to the day they are in.
import { DAY, HOUR, type Instant } from './time.ts'

/** One day: 23, 24 or 25 hours. */
export interface CalendarDay {
  /** `2026-11-23` */
  readonly date: string
  readonly from: Instant
  readonly to: Instant
}

/** Looked up once a day: to find a midnight takes seven tries. */
let found: { readonly days: readonly CalendarDay[]; readonly timezone: string } | null = null

/** The last `count` days, oldest first; the last is today and ends at its midnight. */
export function lastDays(count: number, now: Instant, timezone: string): readonly CalendarDay[] {
  const today = found?.days.at(-1)
  const known = today !== undefined && today.from <= now && now < today.to
  if (!known || found?.timezone !== timezone || found.days.length !== count)
    found = { days: findDays(count, now, timezone), timezone }
  return found.days
}

function findDays(count: number, now: Instant, timezone: string): readonly CalendarDay[] {
  const dateOf = dater(timezone)
  const days: CalendarDay[] = []
  let to = midnightAfter(now, dateOf)
  while (days.length < count) {
    const from = midnightAfter(to - DAY - 2 * HOUR, dateOf, to)
    days.unshift({ date: dateOf(from), from, to })
    to = from
  }
  return days
}

/** When a date begins in a timezone; one that the timezone skipped begins where the next does. */
export function startOfDay(date: string, timezone: string): Instant {
  const dateOf = dater(timezone)
  // No zone is further ahead than 14 hours: the date has begun nowhere yet.
  let at = Date.parse(`${date}T00:00:00Z`) - 15 * HOUR
  while (dateOf(at) < date) at = midnightAfter(at, dateOf)
  return at
}

/** Dates of a timezone, `2026-11-23`. */
export function dater(timezone: string): (at: Instant) => string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' })
  return (at) => format.format(at)
}

/** The first midnight after a moment: on whole quarters of an hour, where all zones change day. At most `limit`. */
function midnightAfter(at: Instant, dateOf: (at: Instant) => string, limit = Number.POSITIVE_INFINITY): Instant {
  const quarter = HOUR / 4
  const day = dateOf(at)
  let low = Math.floor(at / quarter)
  let high = low + (DAY + 2 * HOUR) / quarter
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (dateOf(middle * quarter) === day) low = middle
    else high = middle
  }
  return Math.min(high * quarter, limit)
}
