// Repeating work over five years, both clock changes included, as python3-dateutil reads the same rule. A
// time that a clock skips is read by the clock before the change (RFC 5545, 3.3.5): dateutil's `resolve_imaginary`.
import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { expand, readRecurrence } from '../../src/core/time/recurrence.ts'
import { clocksOf } from '../../src/core/time/wall-time.ts'
import { whenPresent } from './present.ts'

const PYTHON = `
import json, sys
from datetime import datetime, timezone
from dateutil import rrule, tz
cases = json.load(sys.stdin)
out = []
for case in cases:
    zone = tz.gettz(case["timezone"])
    first = datetime.fromisoformat(case["first"]).replace(tzinfo=zone)
    before = datetime.fromtimestamp(case["before"] / 1000, timezone.utc)
    times = []
    for at in rrule.rrulestr("RRULE:" + case["rule"], dtstart=first):
        at = tz.resolve_imaginary(at)
        if at.astimezone(timezone.utc) >= before: break
        times.append(int(at.astimezone(timezone.utc).timestamp() * 1000))
    out.append(times)
print(json.dumps(out))
`

const RULES = [
  'FREQ=WEEKLY',
  'FREQ=WEEKLY;BYDAY=SU',
  'FREQ=WEEKLY;BYDAY=MO,WE,SA',
  'FREQ=WEEKLY;INTERVAL=3;BYDAY=SA,SU',
  'FREQ=WEEKLY;COUNT=40;BYDAY=FR',
  'FREQ=WEEKLY;UNTIL=20290301T030000Z',
  'FREQ=MONTHLY',
  'FREQ=MONTHLY;BYMONTHDAY=31',
  'FREQ=MONTHLY;BYMONTHDAY=-1,15',
  'FREQ=MONTHLY;BYDAY=1MO',
  'FREQ=MONTHLY;BYDAY=-1SU',
  'FREQ=MONTHLY;BYDAY=5FR',
  'FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU,-2TH',
  'FREQ=MONTHLY;BYDAY=SU',
]

/** By the clock: an ordinary night, the hour that is skipped in spring, the one that comes twice in autumn, midnight. */
const FIRSTS = ['2026-01-25T22:00:00', '2026-01-31T02:30:00', '2026-02-28T02:00:00', '2026-03-29T00:00:00']

const ZONES = ['Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Etc/UTC']

whenPresent(['python3', '/usr/lib/python3/dist-packages/dateutil/rrule.py'])('python3-dateutil', () => {
  it('expands every rule as we do, for five years in four timezones', () => {
    const before = Date.UTC(2031, 1, 1)
    const cases = RULES.flatMap((rule) =>
      FIRSTS.flatMap((first) => ZONES.map((timezone) => ({ rule, first, timezone, before }))),
    )
    const input = JSON.stringify(cases)
    const theirs = JSON.parse(execFileSync('/usr/bin/python3', ['-c', PYTHON], { input, encoding: 'utf8' })) as unknown
    const ours = cases.map(({ rule, first, timezone }) => {
      const read = readRecurrence(rule)
      if ('wrong' in read) throw new Error(read.wrong)
      const begins = clocksOf(timezone).moment(Date.parse(`${first}Z`))
      return [...expand(read, begins, timezone, before)]
    })
    expect(ours.flat().length).toBeGreaterThan(20_000)
    expect(ours).toEqual(theirs)
  })
})
