// The days that were not whole, as a table of the home page: what befell several services at once is said once.
import type { ServicePicture } from '../../core/shown/picture.ts'
import { list, PUNCTUATION, say } from '../../core/text.ts'
import { dayWords } from '../words/day-words.ts'
import { troubledOf } from './bars.ts'
import type { Page } from './frame.ts'

/** Older days are in the history. */
const ROWS = 20

/** More services than this are counted, not named. */
const NAMED = 4

export interface TroubledDays {
  readonly rows: readonly { readonly date: string; readonly day: string; readonly what: string }[]
  /** `Et 3 jours plus anciens :`; null: these are all. */
  readonly older: string | null
}

/** Newest first; null when every day was whole. */
export function troubledDays({ picture, language, prose, moments, set }: Page): TroubledDays | null {
  const days = new Map<string, { from: number; told: Map<string, ServicePicture[]> }>()
  for (const service of picture.services) {
    for (const day of troubledOf(service.days)) {
      const entry = days.get(day.date) ?? { from: day.from, told: new Map<string, ServicePicture[]>() }
      const words = dayWords(day, language)
      entry.told.set(words, [...(entry.told.get(words) ?? []), service])
      days.set(day.date, entry)
    }
  }
  if (days.size === 0) return null
  const sorted = [...days].sort(([a], [b]) => (a < b ? 1 : -1))
  return {
    rows: sorted.slice(0, ROWS).map(([date, { from, told }]) => ({
      date,
      day: moments.day(from),
      what: set(
        [...told]
          .map(([words, services]) => `${whoOf(services)}${PUNCTUATION[language].colon}${words}`)
          .join(PUNCTUATION[language].semicolon),
      ),
    })),
    older: sorted.length > ROWS ? set(prose.older(sorted.length - ROWS)) : null,
  }

  function whoOf(services: readonly ServicePicture[]): string {
    if (services.length === picture.services.length && services.length > 1) return prose.everyService
    if (services.length > NAMED) return prose.services(services.length)
    return list(
      services.map(({ service }) => say(service.name, language)),
      language,
    )
  }
}
