import { describe, expect, it } from 'vitest'
import { maintenanceFact } from '../../../src/core/said/maintenance.ts'
import { readPlan } from '../../../src/core/said/maintenance-submission.ts'
import { NOTHING_PREPARED, readSubmission } from '../../../src/core/said/submission.ts'
import { DAY, iso, MINUTE, SECOND } from '../../../src/core/time/time.ts'
import { NOON, statement } from '../sayings.ts'

function planAt(now: number, times: object) {
  const handed = { title: 'Mise à jour', text: 'Nous mettons à jour.', services: ['pads'], ...times }
  const around = { languages: ['fr'], services: ['pads'], timezone: 'Europe/Paris', now } as const
  return readSubmission(handed, around, (submission) => readPlan(submission, NOTHING_PREPARED))
}

describe('the times of a maintenance', () => {
  it.each([0, 1, 30 * SECOND, MINUTE - 1])(
    'may be 31 days apart, also when it begins %s ms after a minute',
    (after) => {
      const read = planAt(NOON + after, { begins: 'now', for: '31d' })
      expect(read).toMatchObject({ read: { plan: { begins: NOON, ends: NOON + 31 * DAY } } })
      if ('mistakes' in read) throw new Error('refused')
      const said = { ...read.read, id: 'mmmmmmmmmmmm', by: 'alice', at: NOON, key: null }
      expect(maintenanceFact(statement('maintenance.plan', said, 'home', 1))).not.toBeNull()
    },
  )

  it.each([0, 30 * SECOND])('are no further apart, %s ms after a minute', (after) => {
    const ends = iso(NOON + after + 31 * DAY + SECOND)
    expect(planAt(NOON + after, { begins: 'now', ends })).toEqual({
      mistakes: [{ field: 'ends', message: 'comes more than 31 days after `begins`' }],
    })
  })

  it('are not cut short by whole minutes', () => {
    const read = planAt(NOON + 30 * SECOND, { begins: 'now', for: '10m' })
    expect(read).toMatchObject({ read: { plan: { begins: NOON, ends: NOON + 11 * MINUTE } } })
  })
})
