import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createTimers } from '../../src/app/timers.ts'

describe('the timers of a site', () => {
  it('call back once, unless they are taken back', async () => {
    const timers = createTimers()
    const called: string[] = []
    timers.after(5, () => called.push('kept'))
    timers.after(5, () => called.push('taken back'))()
    await pause(30)
    expect(called).toEqual(['kept'])
  })

  it('do nothing once the site has ended, be it asked before or after', async () => {
    const timers = createTimers()
    const called: string[] = []
    timers.after(5, () => called.push('before'))
    timers.stop()
    timers.after(5, () => called.push('after'))
    await pause(30)
    expect(called).toEqual([])
  })

  it('wait for months without firing at once', async () => {
    const timers = createTimers()
    const called: string[] = []
    timers.after(1e12, () => called.push('too soon'))
    await pause(10)
    expect(called).toEqual([])
    timers.stop()
  })
})
