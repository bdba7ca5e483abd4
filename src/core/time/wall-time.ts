// A moment as a person types it, by the clocks of the hoster's timezone.
import { dater } from './days.ts'
import { DAY, HOUR, type Instant, MINUTE, SECOND } from './time.ts'

/** `note`: what was assumed about it, where there were two ways to read it. */
export type Read = { readonly at: Instant; readonly note: string | null } | { readonly wrong: string }

const FORM = /^(?:(\d{4}-\d\d-\d\d)(?:[T ]|$))?(?:(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/i

/**
 * Reads `14:02` (the last time clocks showed it by `from`, or `ahead` the first time after it), `14:02:30`,
 * `2026-11-23 14:02`, `2026-11-23` (its first moment), and ISO 8601 with an offset or `Z`. A minute that came twice at a
 * clock change is the first; one that was skipped is the change.
 */
export function readMoment(text: string, from: Instant, timezone: string, way: 'back' | 'ahead' = 'back'): Read {
  const found = FORM.exec(text.trim())
  const [, date, hour, minute = '0', second = '0', offset] = found ?? []
  const day = date === undefined ? null : Date.parse(`${date}T00:00:00Z`)
  const length = Number(hour ?? 0) * HOUR + Number(minute) * MINUTE + Number(second) * SECOND
  const fits = Number(hour ?? 0) < 24 && Number(minute) < 60 && Number(second) < 60
  const whole = day === null || (!Number.isNaN(day) && new Date(day).toISOString().slice(0, 10) === date)
  if (found === null || (date ?? hour) === undefined || !fits || !whole || (offset && !date))
    return { wrong: `no moment: ${JSON.stringify(text)}. Write 14:02, "2026-11-23 14:02" or 2026-11-23T14:02Z` }
  if (day !== null && offset !== undefined) return { at: day + length - offsetOf(offset), note: null }
  if (day !== null) return onClocks(day + length, timezone)
  const face = Date.parse(`${dater(timezone)(from)}T00:00:00Z`) + length
  const today = onClocks(face, timezone)
  if (way === 'ahead') return today.at > from ? today : onClocks(face + DAY, timezone)
  return today.at <= from ? today : onClocks(face - DAY, timezone)
}

function offsetOf(text: string): number {
  if (/^z$/i.test(text)) return 0
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(text)!
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR + Number(minutes) * MINUTE)
}

/** `face`: what clocks show, as if it were UTC. */
function onClocks(face: number, timezone: string): { readonly at: Instant; readonly note: string | null } {
  const { show } = clocksOf(timezone)
  const { moments, offsets } = momentsAt(face, show)
  const [first, second] = moments
  if (first === undefined)
    return { at: changeBefore(face - Math.min(...offsets), show), note: 'clocks never showed that: they were put on' }
  return { at: first, note: second === undefined ? null : 'clocks showed that twice; this is the first time' }
}

/** The clocks of a timezone. A face is what they show, as if it were UTC: milliseconds of a calendar without offsets. */
export interface Clocks {
  show(at: Instant): number
  /**
   * When they show a face: the first time, where they do so twice; for one that was skipped, what the clocks before the
   * change would have called so (RFC 5545, 3.3.5).
   */
  moment(face: number): Instant
}

const known = new Map<string, Clocks>()
const MOST_KNOWN = 100

/** Throws a RangeError when there is no such timezone. */
export function clocksOf(timezone: string): Clocks {
  const found = known.get(timezone)
  if (found !== undefined) return found
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' })
  const show = (at: Instant) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`)
  const moment = (face: number) => {
    const { moments, offsets } = momentsAt(face, show)
    return moments[0] ?? face - offsets[0]!
  }
  const clocks = { show, moment }
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(timezone, clocks)
  return clocks
}

/** When clocks show a face, in order, and the offsets of the day before and the day after it. */
function momentsAt(face: number, show: (at: Instant) => number) {
  const offsets = [...new Set([face - DAY, face + DAY].map((at) => show(at) - at))]
  const moments = offsets.map((offset) => face - offset).filter((at) => show(at) === face)
  return { offsets, moments: moments.sort((a, b) => a - b) }
}

/** The moment before `at` where clocks were put on, to the minute. */
function changeBefore(at: Instant, show: (at: Instant) => number): Instant {
  let [low, high] = [at - 3 * HOUR, at]
  const offset = show(low) - low
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE
    if (show(middle) - middle === offset) low = middle
    else high = middle
  }
  return Math.floor(high / MINUTE) * MINUTE
}
