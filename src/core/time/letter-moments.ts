// Moments as mails and drafts say them, in the hoster's time zone: the hour alone today, dated else. A mail is read on another
// day than it was written: nothing is "yesterday".
import type { Language } from '../text.ts'
import { calendarOf, type DateParts } from './date-parts.ts'
import { type Instant, MINUTE } from './time.ts'
import { clocksOf } from './wall-time.ts'

/** How moments are said: in which language and zone (IANA name), and what counts as today. */
export interface Clock {
  readonly language: Language
  readonly timezone: string
  readonly now: Instant
}

/** What stands before an hour, and before a date. */
interface Before {
  readonly hour: string
  readonly date: string
}

interface Phrases {
  readonly since: Before
  readonly at: Before
  /** Between a date and its hour. */
  readonly joint: string
  readonly from: Before
  readonly to: Before
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  fr: {
    since: { hour: 'depuis ', date: 'depuis le ' },
    at: { hour: 'à ', date: 'le ' },
    joint: ' à ',
    from: { hour: 'de ', date: 'du ' },
    to: { hour: ' à ', date: ' au ' },
  },
  en: {
    since: { hour: 'since ', date: 'since ' },
    at: { hour: 'at ', date: 'on ' },
    joint: ', ',
    from: { hour: 'from ', date: 'from ' },
    to: { hour: ' to ', date: ' to ' },
  },
}

/** `depuis 14:02`, `depuis le 22 novembre à 23:58`; `since 14:02`, `since 22 November, 23:58`. */
export function since(at: Instant, clock: Clock): string {
  return moment(at, clock, PHRASES[clock.language].since)
}

/** `à 14:02`, `le 22 novembre à 23:58`; `at 14:02`, `on 22 November, 23:58`. */
export function at(instant: Instant, clock: Clock): string {
  return moment(instant, clock, PHRASES[clock.language].at)
}

/** `de 14:02 à 15:14`, `du 22 novembre à 23:58 au 23 novembre à 00:10`; `from 14:02 to 15:14`; in one minute, `à 14:02`. */
export function span(from: Instant, to: Instant, clock: Clock): string {
  const phrases = PHRASES[clock.language]
  const [start, end] = [partsOf(from, clock), partsOf(to, clock)]
  const sameDay = start.ordinal === end.ordinal
  if (to - from < MINUTE && sameDay && start.time === end.time) return at(from, clock)
  const hours = `${phrases.from.hour}${start.time}${phrases.to.hour}${end.time}`
  if (sameDay) return isToday(start, clock) ? hours : `${phrases.at.date}${dateOf(start, clock)} ${hours}`
  return `${phrases.from.date}${fully(start, clock)}${phrases.to.date}${fully(end, clock)}`
}

/** `2026-11-23 14:02:41`: what a command takes. */
export function stamp(at: Instant, { timezone }: Clock): string {
  return new Date(clocksOf(timezone).show(at)).toISOString().slice(0, 19).replace('T', ' ')
}

function moment(at: Instant, clock: Clock, before: Before): string {
  const parts = partsOf(at, clock)
  return isToday(parts, clock) ? `${before.hour}${parts.time}` : `${before.date}${fully(parts, clock)}`
}

function partsOf(at: Instant, { language, timezone }: Clock): DateParts {
  return calendarOf(language, timezone).partsOf(at)
}

function isToday({ ordinal }: DateParts, clock: Clock): boolean {
  return ordinal === partsOf(clock.now, clock).ordinal
}

function fully(parts: DateParts, clock: Clock): string {
  return `${dateOf(parts, clock)}${PHRASES[clock.language].joint}${parts.time}`
}

/** With its year when that isn't this one. */
function dateOf({ date, year }: DateParts, clock: Clock): string {
  return year === partsOf(clock.now, clock).year ? date : `${date} ${year}`
}
