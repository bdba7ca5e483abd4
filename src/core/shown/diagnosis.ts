// What vigie needs to see, to mail and to be seen, judged before the night: fine, worth a look, or it would fail.

import { lasting } from '../time/lasting.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis, SECOND } from '../time/time.ts'
import { CLOCK_TOLERANCE, median } from '../verdict/blindness.ts'

export interface Finding {
  /** One word or two: `relay smtps://…`, `clock`. */
  readonly item: string
  readonly level: 'ok' | 'warn' | 'fail'
  /** What was found, one line. */
  readonly says: string
  /** What to do; null when nothing is. */
  readonly remedy: string | null
}

/** It works, and nothing is to be done. */
export function ok(item: string, says: string): Finding {
  return { item, level: 'ok', says, remedy: null }
}

/** It works today. */
export function warn(item: string, says: string, remedy: string): Finding {
  return { item, level: 'warn', says, remedy }
}

/** It would fail in the night. */
export function fail(item: string, says: string, remedy: string): Finding {
  return { item, level: 'fail', says, remedy }
}

/** Half of a minute is odd already. */
const CLOCK = { odd: 30 * SECOND, bad: CLOCK_TOLERANCE } as const

/** `offsets`: the witnesses' clocks minus ours. */
export function judgeClock(offsets: readonly Millis[]): Finding {
  const item = 'clock'
  if (offsets.length === 0)
    return warn(item, 'no witness told the time, so nobody can say', 'List a few https:// witnesses: they send a date.')
  const off = median(offsets)
  const side = off > 0 ? 'behind' : 'ahead'
  const words = `${lasting(Math.abs(off), 'en')} ${side}, by ${offsets.length} witnesses`
  if (Math.abs(off) > CLOCK.bad) return fail(item, words, 'Start a time service: `timedatectl set-ntp true`.')
  if (Math.abs(off) > CLOCK.odd) return warn(item, words, 'Is a time service running? `timedatectl` tells.')
  return ok(item, Math.abs(off) < 2 * SECOND ? `right, by ${offsets.length} witnesses` : words)
}

/** Less of the disk free than this, 0 to 1, mails admins (`self`). */
export const LEAST_FREE = 0.15

/** With so little, writes fail soon. */
const DISK = { little: LEAST_FREE, none: 0.02, bytes: 50_000_000 } as const

/**
 * In bytes. Below 2 % or 50 MB free it fails, below `LEAST_FREE` it warns; a `whole` of 0 is a disk without a size, and
 * fine.
 */
export function judgeDisk(free: number, whole: number, folder: string): Finding {
  const share = whole === 0 ? 1 : free / whole
  const words = `${bytes(free)} of ${bytes(whole)} free (${Math.floor(100 * share)} %)`
  const remedy = `Free some space where ${folder} is.`
  if (share < DISK.none || free < DISK.bytes) return fail('disk', words, remedy)
  return share < DISK.little ? warn('disk', words, remedy) : ok('disk', words)
}

/** An SD card bears some 200 MB a day for years; thirty services should write a tenth of that. */
const WORN = 200_000_000
/** What was written at the start says little about a day. */
const STEADY: Millis = 30 * MINUTE

/** `written`: bytes since vigie began, `lived` before. A day's are reckoned from half an hour on. */
export function judgeWear(written: number, lived: Millis): Finding {
  if (lived < STEADY) return ok('wear', `${bytes(written)} written in ${lasting(lived, 'en')}: too early to say`)
  const daily = (written / lived) * DAY
  const words = `${bytes(daily)} written a day`
  const remedy = 'An SD card wears out by it. Look longer apart (`every`), or move the data folder to a disk.'
  return daily > WORN ? warn('wear', words, remedy) : ok('wear', words)
}

const CERTIFICATE = { soon: 14 * DAY, now: 2 * DAY } as const

/** The certificate of the page's own address. */
export function judgeCertificate(expires: Instant, now: Instant): Finding {
  const left = expires - now
  const days = Math.floor(left / DAY)
  const words = left <= 0 ? 'expired' : `${days} ${days === 1 ? 'day' : 'days'} left`
  const remedy = 'Does whatever renews it (Caddy, certbot) still run?'
  if (left < CERTIFICATE.now) return fail('certificate', words, remedy)
  return left < CERTIFICATE.soon ? warn('certificate', words, remedy) : ok('certificate', words)
}

/** A copy is made every night; `age` null: there is none. `lived`: how long vigie has been there. */
export function judgeCopy(age: Millis | null, lived: Millis): Finding {
  const item = 'copy'
  const remedy = 'The night’s work fails: what does the log of vigie say around 02:30 UTC?'
  if (age === null)
    return lived < DAY + 2 * HOUR
      ? ok(item, 'none yet of the ledger: the first is made tonight')
      : warn(item, 'none of the ledger', remedy)
  const words = `of the ledger, ${lasting(age, 'en')} old`
  return age > 2 * DAY ? warn(item, words, remedy) : ok(item, words)
}

/** Something that was asked, and whether it answered. */
export interface Asked {
  readonly name: string
  readonly answers: boolean
  readonly note: string
}

/** `need`: with fewer answers than this it would fail. */
export function judgeAnswers(item: string, asked: readonly Asked[], need: number, remedy: string): Finding {
  const silent = asked.filter(({ answers }) => !answers)
  const good = asked.length - silent.length
  const notes = [...new Set(silent.map(({ note }) => note))].map(
    (note) => `${silent.flatMap((one) => (one.note === note ? [one.name] : [])).join(', ')} (${note})`,
  )
  if (silent.length === 0) return ok(item, asked.length === 1 ? 'it answers' : `all ${asked.length} answer`)
  const words = `${good} of ${asked.length} answer; silent: ${notes.join('; ')}`
  return good < need ? fail(item, words, remedy) : warn(item, words, remedy)
}

/** `1.2 MB`, for people; by thousands, a billion being a GB. */
export function bytes(many: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const step = many < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(many) / 3))
  const value = many / 1000 ** step
  return `${value < 10 && step > 0 ? value.toFixed(1) : Math.round(value)} ${units[step]}`
}
