import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPace } from '../../../src/page/folder/pace.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const ticks = () => performance.now()

/** Whether it ends within so long, in milliseconds. */
async function endsWithin(length: number, work: Promise<unknown>): Promise<boolean> {
  let ended = false
  void work.then(() => {
    ended = true
  })
  await vi.advanceTimersByTimeAsync(length)
  return ended
}

test('begins at once, then rests', async () => {
  const pace = createPace(150, ticks)
  expect(await endsWithin(0, pace.turn())).toBe(true)
  const second = pace.turn()
  expect(await endsWithin(149, second)).toBe(false)
  expect(await endsWithin(1, second)).toBe(true)
})

test('has no rest when the last time is long ago', async () => {
  const pace = createPace(10_000, ticks)
  await pace.turn()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(await endsWithin(0, pace.turn())).toBe(true)
})

test('ends a rest that is hurried, and has none until the hurry is over', async () => {
  const pace = createPace(10_000, ticks)
  await pace.turn()
  const resting = pace.turn()
  const end = pace.hurry()
  expect(await endsWithin(0, resting)).toBe(true)
  expect(await endsWithin(0, pace.turn())).toBe(true)
  end()
  expect(await endsWithin(9_999, pace.turn())).toBe(false)
})
