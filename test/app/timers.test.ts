import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTimers } from '../../src/app/timers.ts'
import { DAY } from '../../src/core/time/time.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

describe('the timers of a site', () => {
  it('call back once, unless they are taken back', () => {
    const timers = createTimers()
    const called: string[] = []
    timers.after(5, () => called.push('kept'))
    timers.after(5, () => called.push('taken back'))()
    vi.advanceTimersByTime(DAY)
    expect(called).toEqual(['kept'])
  })

  it('do nothing once the site has ended, be it asked before or after', () => {
    const timers = createTimers()
    const called: string[] = []
    timers.after(5, () => called.push('before'))
    timers.stop()
    timers.after(5, () => called.push('after'))
    vi.advanceTimersByTime(DAY)
    expect(called).toEqual([])
  })

  it('wait for months without firing at once', () => {
    const timers = createTimers()
    const called: string[] = []
    timers.after(1e12, () => called.push('too soon'))
    vi.advanceTimersByTime(20 * DAY)
    expect(called).toEqual([])
    timers.stop()
  })
})
