// When the letters of 08:00 are due, by the clock on the wall at the site.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HOUR, MINUTE } from '../../src/core/time/time.ts'
import { localTime, startCalendar } from '../../src/process/calendar.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** The mornings of a vigie in Paris that runs for so many hours from then on. */
async function mornings(from: string, hours: number): Promise<readonly string[]> {
  vi.setSystemTime(new Date(from))
  const found: string[] = []
  const calendar = startCalendar({
    local: () => localTime(Date.now(), 'Europe/Paris'),
    morning: (date, late) => found.push(`${date}${late ? ' late' : ''}`),
    night: () => {},
  })
  await vi.advanceTimersByTimeAsync(hours * HOUR + MINUTE)
  calendar.stop()
  return found
}

it('comes at eight, in winter and in summer', async () => {
  expect(await mornings('2026-11-23T05:30:00Z', 2)).toEqual(['2026-11-23'])
  expect(await mornings('2026-07-23T04:30:00Z', 2)).toEqual(['2026-07-23'])
})

it('comes at the next full hour to a site that did not run at eight', async () => {
  expect((await mornings('2026-11-23T07:10:00Z', 1))[0]).toBe('2026-11-23 late')
})

it('does not come in the night', async () => {
  expect(await mornings('2026-11-23T23:30:00Z', 7)).toEqual([])
})
