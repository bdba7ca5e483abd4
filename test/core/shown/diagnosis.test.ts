import { describe, expect, it } from 'vitest'
import {
  bytes,
  judgeAnswers,
  judgeCertificate,
  judgeClock,
  judgeCopy,
  judgeDisk,
  judgeWear,
} from '../../../src/core/shown/diagnosis.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../../src/core/time/time.ts'

describe('what doctor makes of', () => {
  it.each([
    [[100, -200, 300], 'ok', 'right, by 3 witnesses'],
    [[40 * SECOND, 41 * SECOND, 900 * SECOND], 'warn', '41 s behind, by 3 witnesses'],
    [[-3 * MINUTE, -3 * MINUTE], 'fail', '3 min ahead, by 2 witnesses'],
    [[], 'warn', 'no witness told the time, so nobody can say'],
  ])('a clock %j: %s', (offsets, level, says) => {
    expect(judgeClock(offsets)).toMatchObject({ level, says })
  })

  it.each([
    [20e9, 30e9, 'ok'],
    [3e9, 30e9, 'warn'],
    [0.3e9, 30e9, 'fail'],
    [40e6, 100e6, 'fail'],
  ])('a disk with %d of %d bytes free: %s', (free, whole, level) => {
    expect(judgeDisk(free, whole, 'data').level).toBe(level)
  })

  it.each([
    [10e6, DAY, 'ok', '10 MB written a day'],
    [300e6, DAY, 'warn', '300 MB written a day'],
    [300e6, 10 * MINUTE, 'ok', '300 MB written in 10 min: too early to say'],
  ])('%d bytes written in %d ms: %s', (written, lived, level, says) => {
    expect(judgeWear(written, lived)).toMatchObject({ level, says })
  })

  it.each([
    [60 * DAY, 'ok', '60 days left'],
    [13 * DAY, 'warn', '13 days left'],
    [1 * DAY, 'fail', '1 day left'],
    [-HOUR, 'fail', 'expired'],
  ])('a certificate for another %d ms: %s', (left, level, says) => {
    expect(judgeCertificate(left, 0)).toMatchObject({ level, says })
  })

  it.each([
    [20 * HOUR, 9 * DAY, 'ok'],
    [3 * DAY, 9 * DAY, 'warn'],
    [null, 3 * HOUR, 'ok'],
    [null, 3 * DAY, 'warn'],
  ])('a copy %s old, of a ledger %s old: %s', (age, lived, level) => {
    expect(judgeCopy(age, lived).level).toBe(level)
  })

  it('answers: all, enough, too few', () => {
    const one = (name: string, answers: boolean) => ({ name, answers, note: 'nothing' })
    expect(judgeAnswers('x', [one('a', true), one('b', true)], 2, 'r').level).toBe('ok')
    expect(judgeAnswers('x', [one('a', true), one('b', true), one('c', false)], 2, 'r')).toMatchObject({
      level: 'warn',
      says: '2 of 3 answer; silent: c (nothing)',
      remedy: 'r',
    })
    expect(judgeAnswers('x', [one('a', true), one('b', false)], 2, 'r').level).toBe('fail')
  })

  it('answers: what several fail at is said once', () => {
    const silent = (name: string, note: string) => ({ name, answers: false, note })
    const asked = [silent('a', 'no such name'), silent('b', 'refused'), silent('c', 'no such name')]
    expect(judgeAnswers('x', asked, 1, 'r').says).toBe('0 of 3 answer; silent: a, c (no such name); b (refused)')
  })

  it('sizes, in units of thousands', () => {
    expect([0, 999, 1_000, 1_500_000, 83e9].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '1.5 MB', '83 GB'])
  })
})
