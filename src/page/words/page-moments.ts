// Moments as members read them: short today, `hier` for yesterday, dated before that; always in the hoster's time zone.
import type { Language } from '../../core/text.ts'
import { calendarOf, type DateParts } from '../../core/time/date-parts.ts'
import type { Instant } from '../../core/time/time.ts'

export interface Moments {
  /** After "since": `14:02`, `hier à 23:10`, `le 3 novembre à 14:02`; `yesterday at 23:10`, `3 November at 14:02`. */
  since(at: Instant): string
  /** The same without the hour of what is longer ago than yesterday: `le 3 nov.`, `3 Nov`. */
  sinceDay(at: Instant): string
  /** After "it happened": `à 14:02`, `hier à 23:10`, `le 3 novembre à 14:02`; `at 14:02`, `on 3 November at 14:02`. */
  when(at: Instant): string
  /** `jusqu’à 14:02`, `jusqu’au 3 novembre à 14:02`; `until 14:02`, `until 3 November at 14:02`. */
  until(at: Instant): string
  /** With its date, whatever today is: `23 novembre 2026 à 14:02`, `23 November 2026 at 14:02`. */
  whole(at: Instant): string
  /** `14:02` */
  clock(at: Instant): string
  /** `3 novembre`, with its year when that isn't this one. */
  day(at: Instant): string
  /** `3 nov.`, `3 Nov` */
  shortDay(at: Instant): string
  /** `novembre 2026` */
  month(at: Instant): string
  /** The clock of the hoster: `heure d’Europe centrale`, `Central European Time`. */
  readonly zone: string
}

/** What stands before the hour of today, before yesterday, and before a date. */
interface Before {
  readonly hour: string
  readonly yesterday: string
  readonly date: string
}

interface Phrases {
  readonly yesterday: string
  /** Between a day and its hour. */
  readonly at: string
  readonly since: Before
  readonly when: Before
  readonly until: Before
}

const PHRASES: Readonly<Record<Language, Phrases>> = {
  fr: {
    yesterday: 'hier',
    at: ' à ',
    since: { hour: '', yesterday: '', date: 'le ' },
    when: { hour: 'à ', yesterday: '', date: 'le ' },
    until: { hour: 'jusqu’à ', yesterday: 'jusqu’', date: 'jusqu’au ' },
  },
  en: {
    yesterday: 'yesterday',
    at: ' at ',
    since: { hour: '', yesterday: '', date: '' },
    when: { hour: 'at ', yesterday: '', date: 'on ' },
    until: { hour: 'until ', yesterday: 'until ', date: 'until ' },
  },
}

/** How moments are said in a language and a zone (an IANA name Node knows, else RangeError) when it is `now`. */
export function momentsOf(language: Language, timezone: string, now: Instant): Moments {
  const phrases = PHRASES[language]
  const { partsOf, shortDate, zoneAt } = calendarOf(language, timezone)
  const today = partsOf(now)
  return {
    since: (at) => said(at, phrases.since),
    sinceDay,
    when: (at) => said(at, phrases.when),
    until: (at) => said(at, phrases.until),
    whole,
    clock: (at) => partsOf(at).time,
    day: (at) => dateOf(partsOf(at)),
    shortDay: shortDate,
    month,
    zone: zoneAt(now),
  }

  function said(at: Instant, before: Before): string {
    const seen = partsOf(at)
    if (seen.ordinal === today.ordinal) return `${before.hour}${seen.time}`
    const yesterday = seen.ordinal === today.ordinal - 1
    const day = yesterday ? `${before.yesterday}${phrases.yesterday}` : `${before.date}${dateOf(seen)}`
    return `${day}${phrases.at}${seen.time}`
  }

  function sinceDay(at: Instant): string {
    if (partsOf(at).ordinal >= today.ordinal - 1) return said(at, phrases.since)
    return `${phrases.since.date}${shortDate(at)}`
  }

  function whole(at: Instant): string {
    const { date, year, time } = partsOf(at)
    return `${date} ${year}${phrases.at}${time}`
  }

  function month(at: Instant): string {
    const seen = partsOf(at)
    return `${seen.month} ${seen.year}`
  }

  function dateOf({ date, year }: DateParts): string {
    return year === today.year ? date : `${date} ${year}`
  }
}
