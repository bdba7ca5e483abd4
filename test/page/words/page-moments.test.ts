import { describe, expect, test } from 'vitest'
import { percent } from '../../../src/page/words/figures.ts'
import { momentsOf } from '../../../src/page/words/page-moments.ts'

const at = (text: string) => Date.parse(text)
const NOW = at('2026-11-23T13:12:00Z')

const ROWS: readonly (readonly [string, string, string, string, string, string])[] = [
  ['2026-11-23T13:02:00Z', '14:02', 'à 14:02', '14:02', 'at 14:02', 'today'],
  ['2026-11-22T23:00:00Z', '00:00', 'à 00:00', '00:00', 'at 00:00', 'today begins at midnight of the zone'],
  ['2026-11-22T22:10:00Z', 'hier à 23:10', 'hier à 23:10', 'yesterday at 23:10', 'yesterday at 23:10', 'yesterday'],
  [
    '2026-11-03T13:02:00Z',
    'le 3 novembre à 14:02',
    'le 3 novembre à 14:02',
    '3 November at 14:02',
    'on 3 November at 14:02',
    'this year',
  ],
  [
    '2026-11-01T09:00:00Z',
    'le 1er novembre à 10:00',
    'le 1er novembre à 10:00',
    '1 November at 10:00',
    'on 1 November at 10:00',
    'the first',
  ],
  [
    '2025-07-14T10:00:00Z',
    'le 14 juillet 2025 à 12:00',
    'le 14 juillet 2025 à 12:00',
    '14 July 2025 at 12:00',
    'on 14 July 2025 at 12:00',
    'another year, in summer time',
  ],
]

describe('a moment', () => {
  test.each(ROWS)('%s is said as members say it (%s)', (written, since, when, sinceEn, whenEn) => {
    const fr = momentsOf('fr', 'Europe/Paris', NOW)
    const en = momentsOf('en', 'Europe/Paris', NOW)
    expect([fr.since(at(written)), fr.when(at(written))]).toEqual([since, when])
    expect([en.since(at(written)), en.when(at(written))]).toEqual([sinceEn, whenEn])
  })

  test('of yesterday is yesterday after a day of 25 hours too', () => {
    const afterChange = momentsOf('fr', 'Europe/Paris', at('2026-10-25T22:30:00Z'))
    expect(afterChange.since(at('2026-10-24T22:05:00Z'))).toBe('00:05')
    expect(afterChange.since(at('2026-10-24T21:55:00Z'))).toBe('hier à 23:55')
  })

  test('of longer ago is said by its short date, where there is little room', () => {
    const [fr, en] = [momentsOf('fr', 'Europe/Paris', NOW), momentsOf('en', 'Europe/Paris', NOW)]
    const [first, third] = [at('2026-11-01T09:00:00Z'), at('2026-11-03T13:02:00Z')]
    expect([fr.sinceDay(first), fr.sinceDay(third), fr.shortDay(first)]).toEqual([
      'le 1er nov.',
      'le 3 nov.',
      '1er nov.',
    ])
    expect([en.sinceDay(first), en.sinceDay(third), en.shortDay(first)]).toEqual(['1 Nov', '3 Nov', '1 Nov'])
  })

  test('carries its date and its zone when asked for', () => {
    expect(momentsOf('fr', 'Europe/Paris', NOW).whole(NOW)).toBe('23 novembre 2026 à 14:12')
    expect(momentsOf('en', 'Asia/Tokyo', NOW).whole(NOW)).toBe('23 November 2026 at 22:12')
    expect(momentsOf('en', 'Europe/Paris', NOW).zone).toBe('Central European Time')
  })
})

test('a share is rounded down, so that 100 % means no outage', () => {
  expect(percent(1, 'en')).toBe('100%')
  expect(percent(0.99999, 'en')).toBe('99.99%')
  expect(percent(0.9998, 'fr')).toBe('99,98\u00a0%')
  expect(percent(0, 'en')).toBe('0%')
})
