// Moments and lengths of time as a person would say them, in the hoster's time zone.
import type { Language } from '../text.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from './time.ts'

/** How moments are said: in which language and zone (IANA name), and what counts as today. */
export interface Clock {
  readonly language: Language
  readonly timezone: string
  readonly now: Instant
}

/** `14:02`, or with its date when that isn't today: `22 novembre à 23:58`, `22 November, 23:58`. */
export function moment(at: Instant, clock: Clock): string {
  return dated(at, clock) ? fully(at, clock) : hourOf(at, clock)
}

/** After "since": `depuis 14:02`, `depuis le 22 novembre à 23:58`, `since 14:02`. */
export function since(at: Instant, clock: Clock): string {
  if (clock.language === 'en') return `since ${moment(at, clock)}`
  return `depuis ${dated(at, clock) ? 'le ' : ''}${moment(at, clock)}`
}

/** `à 14:02`, `le 22 novembre à 23:58`; `at 14:02`, `on 22 November, 23:58`. */
export function at(instant: Instant, clock: Clock): string {
  if (clock.language === 'en') return `${dated(instant, clock) ? 'on' : 'at'} ${moment(instant, clock)}`
  return `${dated(instant, clock) ? 'le' : 'à'} ${moment(instant, clock)}`
}

/** `de 14:02 à 15:14`, `du 22 novembre à 23:58 au 23 novembre à 00:10`; `from 14:02 to 15:14`; in one minute, `à 14:02`. */
export function span(from: Instant, to: Instant, clock: Clock): string {
  if (to - from < MINUTE && moment(from, clock) === moment(to, clock)) return at(from, clock)
  if (sameDay(from, to, clock) && dated(from, clock)) {
    const [day, start, end] = [dayOf(from, clock), hourOf(from, clock), hourOf(to, clock)]
    return clock.language === 'en' ? `on ${day} from ${start} to ${end}` : `le ${day} de ${start} à ${end}`
  }
  const both = dated(from, clock) || dated(to, clock)
  const [start, end] = both ? [fully(from, clock), fully(to, clock)] : [hourOf(from, clock), hourOf(to, clock)]
  if (clock.language === 'en') return `from ${start} to ${end}`
  return both ? `du ${start} au ${end}` : `de ${start} à ${end}`
}

/** `2026-11-23 14:02:41`: what a command takes. */
export function stamp(at: Instant, clock: Clock): string {
  const { timezone: timeZone } = clock
  const time = formatOf('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
  return `${keyOfDay(at, clock)} ${time.format(at)}`
}

/** A length in at most two units: `42 s`, `3 min 20 s`, `1 h 12 min`, `2 j 3 h` (`2 d 3 h`). Never negative. */
export function lasting(length: Millis, language: Language): string {
  const seconds = Math.max(0, Math.round(length / SECOND))
  if (seconds < 60) return `${seconds} s`
  if (length < 10 * MINUTE) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(length / MINUTE)
  if (minutes < 60) return `${minutes} min`
  if (minutes < DAY / MINUTE) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(length / HOUR)
  return pair(Math.floor(hours / 24), language === 'fr' ? 'j' : 'd', hours % 24, 'h')
}

function pair(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`
}

function fully(at: Instant, clock: Clock): string {
  return `${dayOf(at, clock)}${clock.language === 'fr' ? ' à ' : ', '}${hourOf(at, clock)}`
}

function dated(at: Instant, clock: Clock): boolean {
  return !sameDay(at, clock.now, clock)
}

function sameDay(a: Instant, b: Instant, clock: Clock): boolean {
  return keyOfDay(a, clock) === keyOfDay(b, clock)
}

function keyOfDay(at: Instant, { timezone }: Clock): string {
  return formatOf('en-CA', { timeZone: timezone, dateStyle: 'short' }).format(at)
}

function hourOf(at: Instant, { timezone }: Clock): string {
  return formatOf('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at)
}

/** `22 novembre`, `1er novembre`; with its year when that isn't this one. */
function dayOf(at: Instant, { language, timezone, now }: Clock): string {
  const part = (options: Intl.DateTimeFormatOptions, when: Instant, locale: string = language) =>
    formatOf(locale, { timeZone: timezone, ...options }).format(when)
  const day = part({ day: 'numeric' }, at, 'en')
  const year = part({ year: 'numeric' }, at, 'en')
  const name = `${language === 'fr' && day === '1' ? '1er' : day} ${part({ month: 'long' }, at)}`
  return year === part({ year: 'numeric' }, now, 'en') ? name : `${name} ${year}`
}

/** To make one takes a hundred times longer than to use it; there are a few for each language and zone. */
const formats = new Map<string, Intl.DateTimeFormat>()
const MOST_FORMATS = 100

function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify([locale, options])
  const known = formats.get(key)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat(locale, options)
  if (formats.size >= MOST_FORMATS) formats.clear()
  formats.set(key, format)
  return format
}
