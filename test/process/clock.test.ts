import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/process/clock.ts'

function clocks() {
  let wall = Date.parse('2026-11-23T09:00:00Z')
  let monotonic = 1_000
  return {
    clock: createClock(
      () => wall,
      () => monotonic,
    ),
    pass: (length: number) => {
      wall += length
      monotonic += length
    },
    set: (by: number) => {
      wall += by
    },
  }
}

describe('the clock', () => {
  it('runs with the monotonic clock between two checks, whatever the wall clock does', () => {
    const one = clocks()
    const before = one.clock.now()
    one.set(3_600_000)
    one.pass(500)
    expect(one.clock.now() - before).toBe(500)
  })

  it.each([3_600_000, -3_600_000, 320 * 86_400_000, -Date.parse('2026-11-23T09:00:00Z')])(
    'says by how much it was set: %i ms',
    (by) => {
      const one = clocks()
      one.set(by)
      expect(one.clock.check()).toBe(by)
      expect(one.clock.now()).toBe(Date.parse('2026-11-23T09:00:00Z') + by)
      expect(one.clock.check()).toBe(0)
    },
  )

  it('follows drift without a word', () => {
    const one = clocks()
    one.set(900)
    expect(one.clock.check()).toBe(0)
    expect(one.clock.now()).toBe(Date.parse('2026-11-23T09:00:00.900Z'))
  })
})
