import { expect, test } from 'vitest'
import { createPace } from '../../../src/page/folder/pace.ts'

const now = () => performance.now()

async function lengthOf(work: Promise<unknown>): Promise<number> {
  const began = now()
  await work
  return now() - began
}

test('begins at once, then rests', async () => {
  const pace = createPace(150, now)
  expect(await lengthOf(pace.turn())).toBeLessThan(100)
  expect(await lengthOf(pace.turn())).toBeGreaterThan(140)
})

test('has no rest when the last time is long ago', async () => {
  let clock = 0
  const pace = createPace(10_000, () => clock)
  await pace.turn()
  clock = 10_000
  expect(await lengthOf(pace.turn())).toBeLessThan(1_000)
})

test('ends a rest that is hurried, and has none until the hurry is over', async () => {
  const pace = createPace(10_000, now)
  await pace.turn()
  const resting = pace.turn()
  const end = pace.hurry()
  await resting
  await pace.turn()
  end()
  expect(await Promise.race([pace.turn().then(() => 'rested'), Promise.resolve('resting')])).toBe('resting')
  pace.hurry()
})
