// A moment as the calendar and the clocks of a zone show it, in words of a language. Mails, pages and reports say theirs from
// these.
import { type Language, LOCALES } from '../text.ts'
import { DAY, type Instant, MINUTE } from './time.ts'

export interface DateParts {
  /** `23 novembre`, `1er novembre`; `23 November`. */
  readonly date: string
  readonly month: string
  readonly year: string
  /** `14:02` */
  readonly time: string
  /** The number of its calendar day; yesterday's is one less. */
  readonly ordinal: number
}

export interface Calendar {
  partsOf(at: Instant): DateParts
  /** `23 nov.`, `1er nov.`; `23 Nov`. */
  shortDate(at: Instant): string
  /** What its clocks show: `heure d’Europe centrale`, `Central European Time`. */
  zoneAt(at: Instant): string
}

/** How the number of a day is said before its month. */
const DAYS: Readonly<Record<Language, (day: string) => string>> = {
  fr: (day) => (day === '1' ? '1er' : day),
  en: (day) => day,
}

/** To build one costs more than a hundred uses of it; there is one for each language and zone. */
const calendars = new Map<string, Calendar>()
const MOST_CALENDARS = 100

/** A page tells the same few moments over and over: they are kept, by minute. */
const MOST_KEPT = 1_000

/** `timezone`: an IANA name Node knows, else RangeError. */
export function calendarOf(language: Language, timezone: string): Calendar {
  const key = `${language} ${timezone}`
  const known = calendars.get(key)
  if (known !== undefined) return known
  const calendar = createCalendar(language, timezone)
  if (calendars.size >= MOST_CALENDARS) calendars.clear()
  calendars.set(key, calendar)
  return calendar
}

function createCalendar(language: Language, timeZone: string): Calendar {
  const format = (options: Intl.DateTimeFormatOptions, locale = LOCALES[language]) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone })
  const day = { day: 'numeric', year: 'numeric' } as const
  const whole = format({ ...day, month: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const numbers = format({ ...day, month: 'numeric' }, LOCALES.en)
  const short = format({ day: 'numeric', month: 'short' })
  const zone = format({ timeZoneName: 'longGeneric' })
  const kept = new Map<number, DateParts>()
  return { partsOf, shortDate, zoneAt }

  function partsOf(at: Instant): DateParts {
    const minute = Math.floor(at / MINUTE)
    const before = kept.get(minute)
    if (before !== undefined) return before
    const part = read(whole, at)
    const [date, month, year] = numbers.format(at).split('/').map(Number)
    const parts = {
      date: `${DAYS[language](part('day'))} ${part('month')}`,
      month: part('month'),
      year: part('year'),
      time: `${part('hour')}:${part('minute')}`,
      ordinal: Date.UTC(year!, month! - 1, date!) / DAY,
    }
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(minute, parts)
    return parts
  }

  function shortDate(at: Instant): string {
    const part = read(short, at)
    return `${DAYS[language](part('day'))} ${part('month')}`
  }

  function zoneAt(at: Instant): string {
    return read(zone, at)('timeZoneName') || timeZone
  }
}

/** The parts of a moment by their kind; empty for one that isn't shown. */
function read(format: Intl.DateTimeFormat, at: Instant): (type: Intl.DateTimeFormatPartTypes) => string {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return (type) => parts.get(type) ?? ''
}
