// Work that repeats: the part of RFC 5545's RRULE that people use for it, by the clocks of a timezone. A night of work
// begins at the same time by the clock in summer and in winter.
import { DAY, type Instant } from './time.ts'
import { clocksOf } from './wall-time.ts'

export interface Recurrence {
  readonly every: 'week' | 'month'
  /** 1: each, 2: every other … */
  readonly interval: number
  /** 0 is Monday. `nth`: 1 the first of the month, -1 its last; null: each. Empty: the weekday or day of the first time. */
  readonly weekdays: readonly { readonly day: number; readonly nth: number | null }[]
  /** Days of the month, -1 its last. */
  readonly monthDays: readonly number[]
  /** The last moment it may begin. */
  readonly until: Until | null
  /** How often in all. */
  readonly count: number | null
}

/** A moment, or a day of the timezone, which it includes: 2026-11-23 as if it were UTC. */
type Until = { readonly at: Instant } | { readonly day: number }

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const MOST = { interval: 99, count: 1000 }

/** What an RRULE means, or what is wrong with it: `FREQ=WEEKLY;BYDAY=TU`, `FREQ=MONTHLY;BYDAY=1MO;UNTIL=20271231`. */
export function readRecurrence(rule: string): Recurrence | { readonly wrong: string } {
  const parts = new Map<string, string>()
  for (const part of rule
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [, key, value] = /^([A-Z]+)=([A-Z0-9,+-]+)$/.exec(part) ?? []
    if (key === undefined || value === undefined)
      return { wrong: `not understood: ${JSON.stringify(part.slice(0, 40))}` }
    if (parts.has(key)) return { wrong: `${key} is there twice` }
    parts.set(key, value)
  }
  const strange = [...parts.keys()].find((key) => !KNOWN.includes(key))
  if (strange !== undefined) return { wrong: `${strange.slice(0, 20)} is not among ${KNOWN.join(', ')}` }
  const frequency = parts.get('FREQ')
  if (frequency !== 'WEEKLY' && frequency !== 'MONTHLY') return { wrong: 'FREQ must be WEEKLY or MONTHLY' }
  const every = frequency === 'WEEKLY' ? 'week' : 'month'
  const weekdays = (parts.get('BYDAY')?.split(',') ?? []).map(readWeekday)
  const monthDays = (parts.get('BYMONTHDAY')?.split(',') ?? []).map(Number)
  if (weekdays.some((day) => day === null)) return { wrong: 'BYDAY must be days such as MO,TH or 1MO or -1SU' }
  if (every === 'week' && weekdays.some((day) => day?.nth != null))
    return { wrong: 'BYDAY of a week takes no number: MO, not 1MO' }
  if (every === 'week' && monthDays.length > 0) return { wrong: 'BYMONTHDAY goes with FREQ=MONTHLY' }
  if (monthDays.some((day) => !Number.isInteger(day) || day === 0 || Math.abs(day) > 31))
    return { wrong: 'BYMONTHDAY must be days from 1 to 31, or -1 for the last' }
  if (weekdays.length > 0 && monthDays.length > 0) return { wrong: 'BYDAY and BYMONTHDAY exclude each other' }
  const interval = whole(parts.get('INTERVAL') ?? '1', MOST.interval)
  if (interval === null) return { wrong: `INTERVAL must be from 1 to ${MOST.interval}` }
  const count = parts.has('COUNT') ? whole(parts.get('COUNT')!, MOST.count) : null
  if (parts.has('COUNT') && count === null) return { wrong: `COUNT must be from 1 to ${MOST.count}` }
  const until = parts.has('UNTIL') ? readUntil(parts.get('UNTIL')!) : null
  if (parts.has('UNTIL') && until === null) return { wrong: 'UNTIL must be 20271231 or 20271231T230000Z' }
  if (count !== null && until !== null) return { wrong: 'COUNT and UNTIL exclude each other' }
  return { every, interval, weekdays: weekdays.flatMap((day) => day ?? []), monthDays, until, count }
}

const KNOWN = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'UNTIL', 'COUNT']

function readWeekday(text: string): Recurrence['weekdays'][number] | null {
  const [, number, word] = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(text) ?? []
  return word === undefined ? null : { day: WEEKDAYS.indexOf(word), nth: number === undefined ? null : Number(number) }
}

function readUntil(text: string): Until | null {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(text) ?? []
  const date = `${year}-${month}-${day}`
  const at = Date.parse(`${date}T${hour ?? '00'}:${minute ?? '00'}:${second ?? '00'}Z`)
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== date) return null
  return hour === undefined ? { day: at } : { at }
}

function whole(text: string, most: number): number | null {
  const value = Number(text)
  return Number.isInteger(value) && value >= 1 && value <= most ? value : null
}

/**
 * When it begins, from the first time on and before `before`, in order. A first time that the rule doesn't name is none, as
 * calendars have it. Clock changes: a time that is skipped or comes twice is read as RFC 5545, 3.3.5 says.
 */
export function* expand(rule: Recurrence, first: Instant, timezone: string, before: Instant): Generator<Instant> {
  const clocks = clocksOf(timezone)
  const face = clocks.show(first)
  const time = face - startOf(face)
  let left = rule.count ?? Number.POSITIVE_INFINITY
  for (let step = 0; step < LONGEST; step += rule.interval) {
    for (const day of rule.every === 'week' ? daysOfWeek(rule, face, step) : daysOfMonth(rule, face, step)) {
      if (day + time < face) continue
      const at = clocks.moment(day + time)
      if (at >= before || left === 0 || isAfter(rule.until, day, at)) return
      left -= 1
      yield at
    }
  }
}

/** Weeks or months: whatever goes on for longer is wrong. */
const LONGEST = 12_000

function isAfter(until: Until | null, day: number, at: Instant): boolean {
  if (until === null) return false
  return 'at' in until ? at > until.at : day > until.day
}

function daysOfWeek({ weekdays }: Recurrence, face: number, weeks: number): readonly number[] {
  const monday = startOf(face) - weekdayOf(face) * DAY + weeks * 7 * DAY
  const days = weekdays.length === 0 ? [weekdayOf(face)] : [...new Set(weekdays.map(({ day }) => day))]
  return days.sort((a, b) => a - b).map((day) => monday + day * DAY)
}

function daysOfMonth({ weekdays, monthDays }: Recurrence, face: number, months: number): readonly number[] {
  const begun = new Date(face)
  const from = Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + months, 1)
  const length = (Date.UTC(begun.getUTCFullYear(), begun.getUTCMonth() + months + 1, 1) - from) / DAY
  const all = Array.from({ length }, (_, at) => at + 1)
  const wanted = weekdays.length === 0 && monthDays.length === 0 ? [begun.getUTCDate()] : monthDays
  const named = wanted.map((day) => (day < 0 ? length + 1 + day : day))
  const byWeekday = weekdays.flatMap(({ day, nth }) => {
    const those = all.filter((date) => weekdayOf(from + (date - 1) * DAY) === day)
    if (nth === null) return those
    return those.at(nth > 0 ? nth - 1 : nth) ?? []
  })
  const dates = [...new Set([...named.filter((date) => all.includes(date)), ...byWeekday])]
  return dates.sort((a, b) => a - b).map((date) => from + (date - 1) * DAY)
}

function startOf(face: number): number {
  return Math.floor(face / DAY) * DAY
}

/** 0 is Monday; 1970 began on a Thursday. */
function weekdayOf(face: number): number {
  return (Math.floor(face / DAY) + 3) % 7
}
