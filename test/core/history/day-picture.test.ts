import { expect, it } from 'vitest'
import { standOn } from '../../../src/core/history/day-picture.ts'
import { lastDays } from '../../../src/core/time/days.ts'
import { HOUR } from '../../../src/core/time/time.ts'

it('days say nothing of the time before the first span, and today ends now', () => {
  const now = Date.parse('2026-11-23T18:00:00Z')
  const days = lastDays(3, now, 'Etc/UTC')
  const begin = Date.parse('2026-11-22T12:00:00Z')
  const stood = standOn(
    days,
    [
      { from: begin, to: begin + HOUR, status: 'operational' },
      { from: begin + HOUR, to: null, status: 'major_outage' },
    ],
    now,
  )
  expect(stood[0]!.tally).toBeNull()
  expect(stood[1]!.tally).toMatchObject({ measured: 12 * HOUR, outage: 11 * HOUR })
  expect(stood[2]!.tally).toMatchObject({ measured: 18 * HOUR, outage: 18 * HOUR, blind: 0 })
})
