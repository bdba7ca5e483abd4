import { describe, expect, it } from 'vitest'
import { lastDays } from '../../../src/core/time/days.ts'
import { DAY, HOUR } from '../../../src/core/time/time.ts'

describe('days of a timezone', () => {
  it.each([
    ['summer time begins', '2026-03-29', 23],
    ['winter time begins', '2026-10-25', 25],
    ['nothing changes', '2026-11-23', 24],
  ])('have their hours when %s', (_when, date, hours) => {
    const days = lastDays(5, Date.parse(`${date}T12:00:00Z`) + 2 * DAY, 'Europe/Paris')
    const day = days.find((one) => one.date === date)!
    expect((day.to - day.from) / HOUR).toBe(hours)
  })

  it.each(['Europe/Paris', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Auckland', 'Etc/UTC'])(
    'follow each other without gaps in %s',
    (zone) => {
      const now = Date.parse('2026-11-23T18:00:00Z')
      const days = lastDays(400, now, zone)
      expect(new Set(days.map(({ date }) => date)).size).toBe(400)
      for (const [index, day] of days.entries()) if (index > 0) expect(day.from).toBe(days[index - 1]!.to)
      expect(days.at(-1)!.from).toBeLessThanOrEqual(now)
      expect(days.at(-1)!.to).toBeGreaterThan(now)
    },
  )
})
