// How those who read a site's commands read: by its clocks, in the first language of its page.
import type { Language } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import type { Call, Host } from '../command.ts'
import { read } from '../reading.ts'

export interface Readers {
  readonly timezone: string
  readonly language: Language
}

/** UTC and English where the configuration can't be read. */
export function readersOf(call: Call, { environment }: Host): Readers {
  const { configuration } = read(call, environment)
  return { timezone: configuration?.timezone ?? 'UTC', language: configuration?.languages[0] ?? 'en' }
}

/** `2026-11-28 07:22`, by the clocks of the timezone. */
export function minuteOf(at: Instant | string, timezone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(typeof at === 'string' ? Date.parse(at) : at)
}
