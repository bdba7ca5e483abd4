// What becomes of the world that was looked at when another configuration brings another one.
import { expect, it } from 'vitest'
import { createWorlds } from '../../src/app/worlds.ts'
import type { World } from '../../src/world.ts'

function worldsFrom(names: readonly string[]) {
  const ended: string[] = []
  const warnings: string[] = []
  const waiting: (() => void)[] = []
  const [first, ...others] = names.map(
    (name): World => ({
      network: {} as World['network'],
      witnesses: [],
      path: [],
      channels: [],
      stop: async () => {
        ended.push(name)
        if (name === 'stubborn') throw new Error('it goes on')
      },
    }),
  )
  const worlds = createWorlds(first!, {
    after: (_delay, run) => {
      waiting.push(run)
      return () => {}
    },
    warn: (message) => warnings.push(message),
  })
  const later = async () => {
    for (const run of waiting.splice(0)) run()
    await new Promise((done) => setImmediate(done))
  }
  return { worlds, first, others, ended, warnings, later }
}

it('lives on for the looks that are under way, and ends by itself', async () => {
  const { worlds, first, others, ended, later } = worldsFrom(['old', 'new'])
  expect(worlds.current()).toBe(first)
  worlds.enter(others[0]!)
  expect([worlds.current(), ended]).toEqual([others[0], []])
  await later()
  expect(ended).toEqual(['old'])
  await worlds.stop()
  expect(ended).toEqual(['old', 'new'])
})

it('ends with the site when its time has not come yet', async () => {
  const { worlds, others, ended } = worldsFrom(['old', 'new'])
  worlds.enter(others[0]!)
  await worlds.stop()
  expect(ended).toEqual(['old', 'new'])
})

it('is only told of when it can’t be ended', async () => {
  const { worlds, others, warnings, later } = worldsFrom(['stubborn', 'new'])
  worlds.enter(others[0]!)
  await later()
  expect(warnings).toEqual(['Error: it goes on'])
})
