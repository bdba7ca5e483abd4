// Moments as members read them: short today, `hier` for yesterday, dated before that; always in the hoster's time zone.
import { type Language, LOCALES } from '../../core/text.ts'
import { DAY, type Instant, MINUTE, type Millis, SECOND } from '../../core/time/time.ts'

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

interface Face {
  readonly day: string
  readonly month: string
  readonly year: string
  readonly time: string
  /** The number of its calendar day; yesterday's is one less. */
  readonly ordinal: number
}

interface Clock {
  readonly parts: Intl.DateTimeFormat
  readonly date: Intl.DateTimeFormat
  readonly shortDay: Intl.DateTimeFormat
  readonly zone: Intl.DateTimeFormat
  /** By minute: a page tells the same few moments over and over. */
  readonly faces: Map<number, Face>
}

/** Building a formatter costs more than a hundred uses of it. One configuration has one zone, so this stays small. */
const clocks = new Map<string, Clock>()

const MOST_FACES = 1_000

/** How moments are said in a language and a zone (an IANA name Node knows, else RangeError) when it is `now`. */
export function momentsOf(language: Language, timezone: string, now: Instant): Moments {
  const hands = clockOf(language, timezone)
  const today = face(now)
  return { since, sinceDay, when, until, whole, clock, day, shortDay, month, zone: zoneOf(hands, timezone, now) }

  function since(at: Instant): string {
    return when(at).replace(/^(à|at|on) /, '')
  }

  function sinceDay(at: Instant): string {
    if (face(at).ordinal >= today.ordinal - 1) return since(at)
    return `${language === 'fr' ? 'le ' : ''}${shortDay(at)}`
  }

  function when(at: Instant): string {
    const seen = face(at)
    const time = language === 'fr' ? `à ${seen.time}` : `at ${seen.time}`
    if (seen.ordinal === today.ordinal) return time
    if (seen.ordinal === today.ordinal - 1) return `${language === 'fr' ? 'hier' : 'yesterday'} ${time}`
    return `${language === 'fr' ? 'le' : 'on'} ${dateOf(seen)} ${time}`
  }

  function until(at: Instant): string {
    return language === 'fr' ? `jusqu’${when(at).replace(/^le /, 'au ')}` : `until ${since(at)}`
  }

  function whole(at: Instant): string {
    const seen = face(at)
    return `${nameOf(seen)} ${seen.year} ${language === 'fr' ? 'à' : 'at'} ${seen.time}`
  }

  function clock(at: Instant): string {
    return face(at).time
  }

  function day(at: Instant): string {
    return dateOf(face(at))
  }

  function shortDay(at: Instant): string {
    return hands.shortDay.format(at)
  }

  function month(at: Instant): string {
    const seen = face(at)
    return `${seen.month} ${seen.year}`
  }

  function face(at: Instant): Face {
    return faceOf(hands, at)
  }

  function dateOf(seen: Face): string {
    return seen.year === today.year ? nameOf(seen) : `${nameOf(seen)} ${seen.year}`
  }

  function nameOf(seen: Face): string {
    return `${language === 'fr' && seen.day === '1' ? '1er' : seen.day} ${seen.month}`
  }
}

function faceOf({ parts, date, faces }: Clock, at: Instant): Face {
  const minute = Math.floor(at / MINUTE)
  const known = faces.get(minute)
  if (known !== undefined) return known
  const found = new Map(parts.formatToParts(at).map((part) => [part.type, part.value]))
  const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? ''
  const [day, month, year] = date.format(at).split('/').map(Number)
  const face = {
    day: part('day'),
    month: part('month'),
    year: part('year'),
    time: `${part('hour')}:${part('minute')}`,
    ordinal: Date.UTC(year!, month! - 1, day!) / DAY,
  }
  if (faces.size >= MOST_FACES) faces.clear()
  faces.set(minute, face)
  return face
}

function zoneOf({ zone }: Clock, timezone: string, at: Instant): string {
  return zone.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? timezone
}

function clockOf(language: Language, timezone: string): Clock {
  const key = `${language} ${timezone}`
  const known = clocks.get(key)
  if (known !== undefined) return known
  const format = (options: Intl.DateTimeFormatOptions, locale = LOCALES[language]) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone })
  const day = { day: 'numeric', year: 'numeric' } as const
  const clock = {
    parts: format({ ...day, month: 'long', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    date: format({ ...day, month: 'numeric' }, LOCALES.en),
    shortDay: format({ day: 'numeric', month: 'short' }),
    zone: format({ timeZoneName: 'longGeneric' }),
    faces: new Map<number, Face>(),
  }
  clocks.set(key, clock)
  return clock
}

const percents: Readonly<Record<Language, Intl.NumberFormat>> = {
  fr: new Intl.NumberFormat(LOCALES.fr, { style: 'percent', maximumFractionDigits: 2 }),
  en: new Intl.NumberFormat(LOCALES.en, { style: 'percent', maximumFractionDigits: 2 }),
}

/** `99,98 %`, `99.98%`. Rounded down: 100 % means no outage at all. `share` is 0 to 1. */
export function percent(share: number, language: Language): string {
  return percents[language].format(Math.floor(share * 10_000 + 1e-6) / 10_000)
}

const decimals: Readonly<Record<Language, Intl.NumberFormat>> = {
  fr: new Intl.NumberFormat(LOCALES.fr, { maximumFractionDigits: 1 }),
  en: new Intl.NumberFormat(LOCALES.en, { maximumFractionDigits: 1 }),
}

/** How long an answer took: `41 ms`, `1,2 s`. Number and unit stay together. */
export function millis(took: Millis, language: Language): string {
  return took < SECOND ? `${Math.round(took)}\u00a0ms` : `${decimals[language].format(took / SECOND)}\u00a0s`
}
