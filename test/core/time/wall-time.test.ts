import { describe, expect, it } from 'vitest'
import { readMoment } from '../../../src/core/time/wall-time.ts'

const NOW = Date.parse('2026-11-23T14:02:11+01:00')
const PARIS = 'Europe/Paris'
const read = (text: string, now = NOW, zone = PARIS, way: 'back' | 'ahead' = 'back') => {
  const found = readMoment(text, now, zone, way)
  return 'wrong' in found ? 'wrong' : new Date(found.at).toISOString().replace('.000Z', 'Z')
}

describe('a moment', () => {
  it.each([
    ['14:02', '2026-11-23T13:02:00Z', 'of today'],
    ['14:03', '2026-11-22T13:03:00Z', 'of yesterday, where today it is yet to come'],
    ['9:05:30', '2026-11-23T08:05:30Z', 'with seconds, the hour with one digit'],
    ['2026-11-20 14:02', '2026-11-20T13:02:00Z', 'with its date'],
    ['2026-07-20 14:02', '2026-07-20T12:02:00Z', 'in summer'],
    ['2026-07-20T14:02', '2026-07-20T12:02:00Z', 'with a T'],
    ['2026-07-20', '2026-07-19T22:00:00Z', 'a day: its first'],
    ['2026-11-23T14:02:00.000Z', '2026-11-23T14:02:00Z', 'of UTC, as JSON has it'],
    ['2026-11-23T14:02+05:30', '2026-11-23T08:32:00Z', 'with an offset'],
    ['2026-10-25 02:30', '2026-10-25T00:30:00Z', 'that came twice: the first'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00Z', 'that came twice, the second named'],
    ['2026-03-29 02:30', '2026-03-29T01:00:00Z', 'that was skipped: the change'],
  ])('%s is %s: %s', (text, wanted) => {
    expect(read(text)).toBe(wanted)
  })

  it.each(['', '25:00', '14:60', 'noon', '2026-02-30', '2026-13-01', '14', '14:02Z', '2026-11-23 14', 'x 14:02'])(
    '%j is none',
    (text) => {
      expect(read(text)).toBe('wrong')
    },
  )

  it.each([
    ['2026-11-23T14:30+01:00', '14:02', '2026-11-24T13:02:00Z', 'of tomorrow, where today it is over'],
    ['2026-11-23T14:30+01:00', '15:10', '2026-11-23T14:10:00Z', 'of today, where it is yet to come'],
    ['2026-11-23T14:30+01:00', '14:30', '2026-11-24T13:30:00Z', 'of tomorrow, where it is just now'],
    [
      '2026-10-24T14:30+02:00',
      '14:02',
      '2026-10-25T13:02:00Z',
      'of tomorrow, also where that is 24 hours and a half from now',
    ],
    [
      '2026-03-28T14:30+01:00',
      '15:10',
      '2026-03-28T14:10:00Z',
      'of today, also where tomorrow’s is less than 24 hours from now',
    ],
    ['2026-11-23T14:30+01:00', '2026-11-20 14:02', '2026-11-20T13:02:00Z', 'that of its date, where it has one'],
  ])('ahead of %s %s is %s: %s', (from, text, wanted) => {
    expect(read(text, Date.parse(from), PARIS, 'ahead')).toBe(wanted)
  })

  it('says what it assumed', () => {
    expect(readMoment('2026-10-25 02:30', NOW, PARIS)).toMatchObject({ note: expect.stringContaining('twice') })
    expect(readMoment('2026-03-29 02:30', NOW, PARIS)).toMatchObject({ note: expect.stringContaining('put on') })
    expect(readMoment('14:02', NOW, PARIS)).toMatchObject({ note: null })
  })

  it('is that of other zones, too', () => {
    expect(read('14:02', NOW, 'Asia/Kathmandu')).toBe('2026-11-23T08:17:00Z')
    expect(read('2026-11-23 14:02', NOW, 'America/St_Johns')).toBe('2026-11-23T17:32:00Z')
  })
})
