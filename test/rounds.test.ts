// Schedule, looks, judge and age as they are wired together; time, and what a look brings back, are the test's.
import { describe, expect, it } from 'vitest'
import type { Observation } from '../src/core/observation.ts'
import { MINUTE, type Millis, SECOND } from '../src/core/time/time.ts'
import { opinionOf } from '../src/core/verdict/known.ts'
import { createCycle } from '../src/cycle.ts'
import { createRounds } from '../src/rounds.ts'
import { blankMemory } from './blank-memory.ts'
import { START } from './core/letters.ts'
import { checkOf, configurationOf, RULE, serviceOf } from './core/policy.ts'
import { fakeTime } from './servers/time.ts'
import { silent } from './silent.ts'

const nothing = () => {}
const JUDGED: Millis = 100

/** One site that looks at so many checks behind one proxy. */
function behindOneDoor(many: number, every: Millis) {
  const time = fakeTime()
  const { ticks, after } = time
  const now = () => START + ticks()
  const rule = { ...RULE, every, retry: Math.min(RULE.retry, every) }
  const services = Array.from({ length: many }, (_, n) => {
    const id = `s${n}`
    return serviceOf(id, [checkOf(`${id}.http`, { rule })])
  })
  const configuration = configurationOf(services)
  const memory = blankMemory(configuration, now())
  const proxy = { dead: false, atOnce: 0, most: 0 }
  const cycle = createCycle({
    memory,
    ...silent,
    peers: () => [],
    coming: (check, strand) => rounds.isComing(check, strand),
    now,
    act: nothing,
  })
  let judging: Promise<void> | null = null
  const judged = () => {
    judging ??= new Promise((resolve) =>
      after(JUDGED, () => {
        judging = null
        cycle.tick()
        resolve()
      }),
    )
    return judging
  }
  const rounds = createRounds({
    memory,
    looker: {
      door: () => 'proxy:443',
      look: async ({ id }, strand): Promise<Observation> => {
        const at = now()
        const { dead } = proxy
        proxy.most = Math.max(proxy.most, ++proxy.atOnce)
        const took = dead ? rule.timeout : 50
        await new Promise<void>((resolve) => after(took, resolve))
        proxy.atOnce--
        const via = { dns: true, family: 4, port: 443 } as const
        const outcome = dead ? ({ ok: false, reason: 'timeout', note: '' } as const) : ({ ok: true, note: '' } as const)
        return { check: id, strand, site: configuration.site.id, at, took, phases: {}, via, outcome }
      },
    },
    witnesses: { ready: async () => {}, askAll: async () => {} },
    peers: () => [],
    see: cycle.see,
    judged,
    now,
    ticks,
    after,
  })
  rounds.set(configuration)
  const states = () => [...memory.checks.values()].map((known) => opinionOf(known).state)
  /** Second by second: when how many were down, and at most unknown. */
  const watch = async (length: Millis) => {
    const seen = { first: Number.POSITIVE_INFINITY, all: Number.POSITIVE_INFINITY, unknown: 0 }
    for (let passed = SECOND; passed <= length; passed += SECOND) {
      await time.pass(SECOND)
      cycle.tick()
      const down = states().filter((state) => state === 'down').length
      if (down > 0) seen.first = Math.min(seen.first, passed)
      if (down === many) seen.all = Math.min(seen.all, passed)
      seen.unknown = Math.max(seen.unknown, states().filter((state) => state === 'unknown').length)
    }
    return seen
  }
  return { time, proxy, rounds, states, watch }
}

describe('behind a proxy that swallows everything', () => {
  it.each([
    [30, 20 * SECOND, 75 * SECOND, 30 * MINUTE],
    [80, MINUTE, 140 * SECOND, 10 * MINUTE],
    [150, 20 * SECOND, 3 * MINUTE, 8 * MINUTE],
  ])('%i checks are all down soon, and none is unknown for want of a look', async (many, every, within, length) => {
    const { proxy, watch, states, rounds } = behindOneDoor(many, every)
    await watch(3 * every)
    expect(new Set(states())).toEqual(new Set(['up']))
    expect(proxy.most).toBeLessThanOrEqual(4)
    proxy.dead = true
    const seen = await watch(length)
    expect(seen.unknown).toBe(0)
    expect(seen.all).toBeLessThanOrEqual(within)
    expect(proxy.most).toBeLessThanOrEqual(32)
    proxy.dead = false
    expect((await watch(RULE.timeout + 3 * every)).unknown).toBe(0)
    expect(new Set(states())).toEqual(new Set(['up']))
    rounds.stop()
  })
})
