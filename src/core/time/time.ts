// Time as numbers. Everything inside is UTC; a Date appears only where text is made.

/** A moment: milliseconds since 1970-01-01 UTC. */
export type Instant = number

/** A length of time in milliseconds. */
export type Millis = number

export const SECOND: Millis = 1_000
export const MINUTE: Millis = 60 * SECOND
export const HOUR: Millis = 60 * MINUTE
export const DAY: Millis = 24 * HOUR

const UNITS: Readonly<Record<string, Millis>> = { ms: 1, s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** Reads `60s`, `5m`, `250ms`: an integer and one of ms s m h d (contract, 3). Undefined when it is anything else. */
export function parseDuration(text: string): Millis | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text)
  return match ? Number(match[1]) * UNITS[match[2]!]! : undefined
}

/** Writes a duration as the configuration would: the largest unit that divides it, `90s`, `5m`, `26h`. */
export function formatDuration(length: Millis): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    if (length >= UNITS[unit]! && length % UNITS[unit]! === 0) return `${length / UNITS[unit]!}${unit}`
  }
  return `${Math.round(length)}ms`
}

/** ISO 8601 in UTC with milliseconds, as every format of ours carries it. */
export function iso(at: Instant): string {
  return new Date(at).toISOString()
}

/** The same; null where there is no moment. */
export function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : iso(at)
}

/** A length in whole seconds, as documents of ours carry it. */
export function inSeconds(length: Millis): number {
  return Math.round(length / SECOND)
}
