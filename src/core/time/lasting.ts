// Lengths of time as a person would say them.
import type { Language } from '../text.ts'
import { DAY, HOUR, MINUTE, type Millis, SECOND } from './time.ts'

/** The letter for days; those of hours, minutes and seconds are the same everywhere. */
export const DAY_UNIT: Readonly<Record<Language, string>> = { fr: 'j', en: 'd' }

/** A length in at most two units: `42 s`, `3 min 20 s`, `1 h 12 min`, `2 j 3 h` (`2 d 3 h`). Never negative. */
export function lasting(length: Millis, language: Language): string {
  const seconds = Math.max(0, Math.round(length / SECOND))
  if (seconds < 60) return `${seconds} s`
  if (length < 10 * MINUTE) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(length / MINUTE)
  if (minutes < 60) return `${minutes} min`
  if (minutes < DAY / MINUTE) return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(length / HOUR)
  return pair(Math.floor(hours / 24), DAY_UNIT[language], hours % 24, 'h')
}

function pair(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`
}
