import { describe, expect, test } from 'vitest'
import { at, type Clock, since, span, stamp } from '../../../src/core/time/letter-moments.ts'

const instant = (text: string) => Date.parse(text)
const clock = (language: Clock['language']): Clock => ({
  language,
  timezone: 'Europe/Paris',
  now: instant('2026-11-23T13:12:00Z'),
})

const ROWS: readonly (readonly [string, string, string, string, string])[] = [
  ['2026-11-23T13:02:00Z', 'depuis 14:02', 'à 14:02', 'since 14:02', 'at 14:02'],
  [
    '2026-11-22T22:58:00Z',
    'depuis le 22 novembre à 23:58',
    'le 22 novembre à 23:58',
    'since 22 November, 23:58',
    'on 22 November, 23:58',
  ],
  [
    '2025-11-01T09:00:00Z',
    'depuis le 1er novembre 2025 à 10:00',
    'le 1er novembre 2025 à 10:00',
    'since 1 November 2025, 10:00',
    'on 1 November 2025, 10:00',
  ],
]

describe('a moment in a mail', () => {
  test.each(ROWS)('%s is said as a person says it (%s)', (written, ...said) => {
    const [fr, en] = [clock('fr'), clock('en')]
    const one = instant(written)
    expect([since(one, fr), at(one, fr), since(one, en), at(one, en)]).toEqual(said)
  })

  test('stands for a command as clocks show it, in summer time and in winter time', () => {
    expect(stamp(instant('2026-11-23T13:02:41.900Z'), clock('fr'))).toBe('2026-11-23 14:02:41')
    expect(stamp(instant('2026-07-23T13:02:41Z'), clock('fr'))).toBe('2026-07-23 15:02:41')
  })
})

const SPANS: readonly (readonly [string, string, string, string])[] = [
  ['2026-11-23T13:02:00Z', '2026-11-23T13:02:40Z', 'à 14:02', 'at 14:02'],
  ['2026-11-23T12:02:00Z', '2026-11-23T13:02:00Z', 'de 13:02 à 14:02', 'from 13:02 to 14:02'],
  [
    '2026-11-03T12:02:00Z',
    '2026-11-03T13:02:00Z',
    'le 3 novembre de 13:02 à 14:02',
    'on 3 November from 13:02 to 14:02',
  ],
  [
    '2026-11-22T22:58:00Z',
    '2026-11-22T23:10:00Z',
    'du 22 novembre à 23:58 au 23 novembre à 00:10',
    'from 22 November, 23:58 to 23 November, 00:10',
  ],
]

test.each(SPANS)('from %s to %s is %s', (from, to, fr, en) => {
  const [first, last] = [instant(from), instant(to)]
  expect([span(first, last, clock('fr')), span(first, last, clock('en'))]).toEqual([fr, en])
})
