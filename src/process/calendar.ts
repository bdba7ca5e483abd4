// What happens at an hour of the day: the daily mail, the nightly roll-up and copy. node-cron drives only this, in UTC (in
// local time it goes blind for an hour at the autumn clock change) and is set anew after a clock jump (it would run once
// for every missed minute, or not at all).
import { type ScheduledTask, schedule } from 'node-cron'
import type { Instant } from '../core/time/time.ts'

export interface CalendarDeps {
  /** The hour at the site, 0 to 23, and the date there, `2026-11-23`. */
  local(): { readonly hour: number; readonly date: string }
  /** At 08:00 at the site, and at each full hour after it, with the same date: `late`, for a site that did not run then. */
  morning(date: string, late: boolean): void
  /** Once a night: roll up, copy, prune. */
  night(): void
}

export interface Calendar {
  /** The wall clock was set: what is due is reckoned anew. */
  jumped(): void
  stop(): void
}

const MORNING_HOUR = 8

/**
 * From now on: at minute 0 of each hour it asks what time it is at the site, at 02:30 UTC comes the night. A vigie that
 * starts after 08:00 has its morning at the next full hour.
 */
export function startCalendar(deps: CalendarDeps): Calendar {
  let tasks = start()
  return {
    jumped: () => {
      stop()
      tasks = start()
    },
    stop,
  }

  function start(): readonly ScheduledTask[] {
    const utc = { timezone: 'Etc/UTC' }
    return [schedule('0 0 * * * *', everyHour, utc), schedule('0 30 2 * * *', () => deps.night(), utc)]
  }

  /** 08:00 at the site is another hour of UTC in summer: ask every hour what time it is there. */
  function everyHour() {
    const { hour, date } = deps.local()
    if (hour >= MORNING_HOUR) deps.morning(date, hour > MORNING_HOUR)
  }

  function stop() {
    for (const task of tasks) void task.destroy()
  }
}

/** What a clock on the wall shows in a timezone. */
export function localTime(now: Instant, timeZone: string): { readonly hour: number; readonly date: string } {
  const options = { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' } as const
  const parts = new Map(
    new Intl.DateTimeFormat('en-CA', options).formatToParts(now).map(({ type, value }) => [type, value]),
  )
  return { hour: Number(parts.get('hour')), date: `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}` }
}
