// The stretch of time a report is of: a month, a year or whole days of the hoster's timezone.
import { dater, startOfDay } from './days.ts'
import type { Instant } from './time.ts'

/** `to` is not included; both are midnights of the timezone. */
export interface Period {
  /** How it was named: `2026-11`, `2026`, or `2026-11-03..2026-11-12`, both days included. */
  readonly name: string
  readonly kind: 'month' | 'year' | 'days'
  readonly from: Instant
  readonly to: Instant
}

export interface Asked {
  /** `2026-11` */
  readonly month: string | undefined
  /** `2026` */
  readonly year: string | undefined
  /** `2026-11-03`, the first and the last day. */
  readonly from: string | undefined
  readonly to: string | undefined
}

/** What was asked for; nothing: the last month that is over. Else what is wrong, in words. */
export function periodOf(asked: Asked, now: Instant, timezone: string): Period | { readonly wrong: string } {
  const { month, year, from, to } = asked
  const ways = [month, year, from ?? to].filter((one) => one !== undefined)
  if (ways.length > 1) return { wrong: '--month, --year and --from with --to are three ways to say it: take one' }
  const today = dater(timezone)(now)
  const period =
    year !== undefined
      ? yearOf(year, timezone)
      : from !== undefined || to !== undefined
        ? daysOf(from, to ?? today, timezone)
        : monthOf(month ?? monthBefore(today.slice(0, 7)), timezone)
  if ('wrong' in period) return period
  return period.from < now ? period : { wrong: `${period.name} is yet to come` }
}

/** The month that is running. */
export function monthAt(now: Instant, timezone: string): Period {
  return wholeMonth(dater(timezone)(now).slice(0, 7), timezone)
}

function yearOf(year: string, timezone: string): Period | { readonly wrong: string } {
  if (!/^\d{4}$/.test(year)) return { wrong: `--year wants a year like 2026, not ${JSON.stringify(year)}` }
  const next = String(Number(year) + 1).padStart(4, '0')
  return { name: year, kind: 'year', ...between(`${year}-01-01`, `${next}-01-01`, timezone) }
}

function monthOf(month: string, timezone: string): Period | { readonly wrong: string } {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month))
    return { wrong: `--month wants a month like 2026-11, not ${JSON.stringify(month)}` }
  return wholeMonth(month, timezone)
}

function wholeMonth(month: string, timezone: string): Period {
  return { name: month, kind: 'month', ...between(`${month}-01`, `${monthAfter(month)}-01`, timezone) }
}

function daysOf(from: string | undefined, to: string, timezone: string): Period | { readonly wrong: string } {
  if (from === undefined) return { wrong: '--to wants --from beside it' }
  const strange = [from, to].find((date) => !isDate(date))
  if (strange !== undefined) return { wrong: `a day looks like 2026-11-03, not ${JSON.stringify(strange)}` }
  if (to < from) return { wrong: `--to ${to} is before --from ${from}` }
  return { name: `${from}..${to}`, kind: 'days', ...between(from, dayAfter(to), timezone) }
}

function between(from: string, to: string, timezone: string) {
  return { from: startOfDay(from, timezone), to: startOfDay(to, timezone) }
}

function isDate(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

function dayAfter(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return new Date(Date.UTC(year!, month! - 1, day! + 1)).toISOString().slice(0, 10)
}

function monthAfter(month: string): string {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year!, number!, 1)).toISOString().slice(0, 7)
}

function monthBefore(month: string): string {
  const [year, number] = month.split('-').map(Number)
  return new Date(Date.UTC(year!, number! - 2, 1)).toISOString().slice(0, 7)
}
