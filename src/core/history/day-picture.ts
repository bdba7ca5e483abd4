// How a service stood on each day, from its spans.
import type { CalendarDay } from '../time/days.ts'
import type { Instant } from '../time/time.ts'
import { type Span, type Tally, tally } from './history.ts'

/** A day of a service; today's ends now. Before the first span nothing is known: `tally` null. */
export interface DayPicture {
  readonly date: string
  readonly from: Instant
  readonly tally: Tally | null
}

/** Days that are over, of spans that are what they were: added up once. */
const over = new WeakMap<readonly Span[], WeakMap<CalendarDay, DayPicture>>()

/** Each of these days of a service, from its spans. */
export function standOn(days: readonly CalendarDay[], spans: readonly Span[], now: Instant): readonly DayPicture[] {
  const begin = spans[0]?.from ?? Number.POSITIVE_INFINITY
  const known = over.get(spans) ?? new WeakMap<CalendarDay, DayPicture>()
  over.set(spans, known)
  return days.map((day) => {
    if (day.to > now) return stand(day, now)
    const stood = known.get(day) ?? stand(day, day.to)
    known.set(day, stood)
    return stood
  })

  function stand({ date, from, to }: CalendarDay, until: Instant): DayPicture {
    const end = Math.min(to, until)
    return { date, from, tally: end <= begin ? null : tally(spans, Math.max(from, begin), end) }
  }
}
