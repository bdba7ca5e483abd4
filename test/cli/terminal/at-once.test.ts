import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { together } from '../../../src/cli/terminal/at-once.ts'

test('Never more at once than allowed, nor more at one door, and everything in its order.', async () => {
  const inside = new Map<string, number>()
  let most = 0
  let mostAtDoor = 0
  const jobs = Array.from({ length: 60 }, (_, at) => ({
    door: `door ${at % 3 === 0 ? 'busy' : at}`,
    async run() {
      const door = at % 3 === 0 ? 'busy' : String(at)
      inside.set(door, (inside.get(door) ?? 0) + 1)
      most = Math.max(
        most,
        [...inside.values()].reduce((sum, count) => sum + count, 0),
      )
      mostAtDoor = Math.max(mostAtDoor, inside.get(door)!)
      await sleep((at * 7) % 5)
      inside.set(door, inside.get(door)! - 1)
      return at
    },
  }))
  expect(await together(jobs, { atOnce: 16, atOneDoor: 4 })).toEqual(jobs.map((_, at) => at))
  expect([most, mostAtDoor]).toEqual([16, 4])
})

test('A busy door doesn’t keep others waiting.', async () => {
  const order: string[] = []
  const job = (door: string, name: string, length: number) => ({
    door,
    run: async () => {
      await sleep(length)
      order.push(name)
    },
  })
  await together([job('a', 'a1', 30), job('a', 'a2', 30), job('b', 'b1', 1)], { atOnce: 2, atOneDoor: 1 })
  expect(order).toEqual(['b1', 'a1', 'a2'])
})

test('Nothing to do is done at once; what goes wrong is not swallowed.', async () => {
  expect(await together([], { atOnce: 1, atOneDoor: 1 })).toEqual([])
  const broken = { door: 'a', run: () => Promise.reject(new Error('broken')) }
  await expect(together([broken], { atOnce: 1, atOneDoor: 1 })).rejects.toThrow('broken')
})
