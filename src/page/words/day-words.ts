// Days in words: for whoever doesn't see the bars, and for the tables behind them.
import type { DayPicture } from '../../core/history/day-picture.ts'
import { type Language, PUNCTUATION } from '../../core/text.ts'
import { lasting } from '../../core/time/lasting.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../../core/time/time.ts'
import { PARTS, type Part, partsOf, troubledOf } from '../pages/bars.ts'
import { NO_BREAK } from './words.ts'

interface DayWords {
  readonly parts: Readonly<Record<Part, string>>
  readonly days: (count: number) => string
  readonly clean: (count: number) => string
  readonly with: Readonly<Record<Part, (days: number, length: string) => string>>
  readonly before: (count: number) => string
  readonly whole: string
  readonly nothing: string
  readonly none: string
  readonly colon: string
}

const WORDS: Readonly<Record<Language, DayWords>> = {
  fr: {
    parts: {
      outage: 'en panne',
      partial: 'en partie en panne',
      degraded: 'au ralenti',
      maintenance: 'en maintenance',
      blind: 'sans mesure',
    },
    days: (count) => (count === 1 ? '1 jour' : `${count} jours`),
    clean: (count) => `${count} sans incident`,
    with: {
      outage: (days, length) => `${days} avec panne (${length})`,
      partial: (days, length) => `${days} avec panne partielle (${length})`,
      degraded: (days, length) => `${days} au ralenti (${length})`,
      maintenance: (days, length) => `${days} avec maintenance (${length})`,
      blind: (days, length) => `${days} avec un temps sans mesure (${length})`,
    },
    before: (count) => `${count} d’avant nos mesures`,
    whole: 'Rien à signaler',
    nothing: 'Pas encore mesuré',
    none: 'Pas de mesure',
    colon: PUNCTUATION.fr.colon,
  },
  en: {
    parts: {
      outage: 'down',
      partial: 'partly down',
      degraded: 'slow',
      maintenance: 'under maintenance',
      blind: 'not measured',
    },
    days: (count) => (count === 1 ? '1 day' : `${count} days`),
    clean: (count) => `${count} without trouble`,
    with: {
      outage: (days, length) => `${days} with an outage (${length})`,
      partial: (days, length) => `${days} with a partial outage (${length})`,
      degraded: (days, length) => `${days} slow (${length})`,
      maintenance: (days, length) => `${days} with maintenance (${length})`,
      blind: (days, length) => `${days} with time not measured (${length})`,
    },
    before: (count) => `${count} from before we measured`,
    whole: 'Nothing to report',
    nothing: 'Not measured yet',
    none: 'Not measured',
    colon: PUNCTUATION.en.colon,
  },
}

/** `17 min en panne, 3 h sans mesure`; said also of a day on which all was well. */
export function dayWords({ tally }: DayPicture, language: Language): string {
  const words = WORDS[language]
  if (tally === null) return words.none
  const parts = partsOf(tally)
  if (parts.length === 0) return words.whole
  return parts.map((part) => `${length(tally[part], language)} ${words.parts[part]}`).join(', ')
}

/** When the first measure of any was, where that is within these days; null: before, or there is none. Each ends now, `at`. */
export function beganIn(services: readonly (readonly DayPicture[])[], at: Instant): Instant | null {
  const first = services.flatMap((days) => {
    const index = days.findIndex(({ tally }) => tally !== null)
    const tally = days[index]?.tally ?? null
    if (tally === null) return []
    const end = days[index + 1]?.from ?? at
    const began = end - (tally.measured + tally.blind + tally.maintenance)
    return [index === 0 && began <= days[0]!.from ? Number.NEGATIVE_INFINITY : began]
  })
  const began = Math.min(...first)
  return Number.isFinite(began) ? began : null
}

/** A picture's days are told once in a language, however many pages show them. */
const told = { fr: new WeakMap<readonly DayPicture[], string>(), en: new WeakMap<readonly DayPicture[], string>() }

/** `90 jours : 88 sans incident, 2 avec panne (1 h 12 min).` What the bars show, in one sentence. */
export function daysWords(days: readonly DayPicture[], language: Language): string {
  const words = told[language].get(days) ?? wordsOf(days, language)
  told[language].set(days, words)
  return words
}

function wordsOf(days: readonly DayPicture[], language: Language): string {
  const words = WORDS[language]
  const known = days.filter(({ tally }) => tally !== null)
  if (known.length === 0) return `${words.nothing}.`
  const tallies = troubledOf(days).flatMap(({ tally }) => tally ?? [])
  const troubles = PARTS.flatMap((part) => {
    const concerned = tallies.filter((tally) => partsOf(tally).includes(part))
    const sum = concerned.reduce((so, tally) => so + tally[part], 0)
    return concerned.length === 0 ? [] : [words.with[part](concerned.length, length(sum, language))]
  })
  const clean = known.length - tallies.length
  const before = days.length - known.length
  const all = [words.clean(clean), ...troubles, ...(before > 0 ? [words.before(before)] : [])]
  return `${words.days(days.length)}${words.colon}${all.join(', ')}.`
}

const ONES: Readonly<Record<Language, readonly (readonly [Millis, string])[]>> = {
  fr: [
    [MINUTE, 'minutes'],
    [HOUR, 'heures'],
    [DAY, '24 heures'],
  ],
  en: [
    [MINUTE, 'minute'],
    [HOUR, 'hour'],
    [DAY, 'day'],
  ],
}

/** After `toutes les` or `every`: `minutes`, `5 min`; `minute`, `5 min`. */
export function often(every: Millis, language: Language): string {
  return ONES[language].find(([one]) => one === every)?.[1] ?? length(every, language)
}

/** A length whose number and unit stay together. */
export function length(of: Millis, language: Language): string {
  return lasting(of, language).replaceAll(' ', NO_BREAK)
}
