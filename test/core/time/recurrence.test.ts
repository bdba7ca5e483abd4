import { describe, expect, it } from 'vitest'
import { expand, readRecurrence } from '../../../src/core/time/recurrence.ts'
import { DAY } from '../../../src/core/time/time.ts'

/** Monday 2 November 2026, 22:00 in Paris. */
const FIRST = Date.parse('2026-11-02T21:00:00Z')

function days(rule: string, most = 6): readonly string[] {
  const read = readRecurrence(rule)
  if ('wrong' in read) throw new Error(read.wrong)
  return [...expand(read, FIRST, 'Europe/Paris', FIRST + 1000 * DAY)]
    .slice(0, most)
    .map((at) => new Date(at).toISOString().slice(0, 10))
}

describe('a rule of repetition', () => {
  it.each([
    ['FREQ=WEEKLY', ['2026-11-02', '2026-11-09', '2026-11-16']],
    ['FREQ=WEEKLY;BYDAY=TU,TH', ['2026-11-03', '2026-11-05', '2026-11-10']],
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU', ['2026-11-02', '2026-11-08', '2026-11-16']],
    ['FREQ=MONTHLY', ['2026-11-02', '2026-12-02', '2027-01-02']],
    ['FREQ=MONTHLY;BYDAY=1MO', ['2026-11-02', '2026-12-07', '2027-01-04']],
    ['FREQ=MONTHLY;BYDAY=-1SU', ['2026-11-29', '2026-12-27', '2027-01-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=31', ['2026-12-31', '2027-01-31', '2027-03-31']],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', ['2026-11-30', '2026-12-31', '2027-01-31']],
    ['RRULE:FREQ=WEEKLY;COUNT=2', ['2026-11-02', '2026-11-09']],
    ['FREQ=WEEKLY;UNTIL=20261109', ['2026-11-02', '2026-11-09']],
    ['FREQ=WEEKLY;UNTIL=20261109T205959Z', ['2026-11-02']],
  ])('%s', (rule, wanted) => {
    expect(days(rule, wanted.length + (rule.match(/COUNT|UNTIL/) ? 1 : 0))).toEqual(wanted)
  })

  it.each([
    ['', 'not understood'],
    ['FREQ=DAILY', 'WEEKLY or MONTHLY'],
    ['FREQ=WEEKLY;BYHOUR=3', 'BYHOUR is not among'],
    ['FREQ=WEEKLY;FREQ=MONTHLY', 'twice'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'no number'],
    ['FREQ=MONTHLY;BYDAY=9MO', 'such as'],
    ['FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1', 'exclude'],
    ['FREQ=MONTHLY;BYMONTHDAY=32', '1 to 31'],
    ['FREQ=WEEKLY;INTERVAL=0', 'INTERVAL'],
    ['FREQ=WEEKLY;COUNT=1000000', 'COUNT'],
    ['FREQ=WEEKLY;UNTIL=20261301', 'UNTIL'],
    ['FREQ=WEEKLY;COUNT=2;UNTIL=20271231', 'exclude'],
  ])('refuses %s and says why', (rule, why) => {
    expect(readRecurrence(rule)).toMatchObject({ wrong: expect.stringContaining(why) as string })
  })

  it('ends where nothing can come: no endless search', () => {
    expect(days('FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31')).toEqual([])
  })
})
