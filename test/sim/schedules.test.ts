// What must never happen (verdict.md, 5), over schedules of faults for one site and two; more sites are in sim.test.ts, so
// that both cores are busy.
import { describe, expect, it } from 'vitest'
import { makePlan } from './plan.ts'
import { simulate } from './simulate.ts'

describe('schedules', () => {
  it.each([
    [1, 300],
    [2, 140],
  ])(
    'of any faults, %i site(s), seeds 1 to %i: nothing that must never happen',
    async (count, seeds) => {
      for (let seed = 1; seed <= seeds; seed++) {
        const { failures } = await simulate(makePlan(seed, { sites: count }))
        expect(failures, `npm run sim -- --seed ${seed} --sites ${count}`).toEqual([])
      }
    },
    900_000,
  )
})
