import { describe, expect, it } from 'vitest'
import type { Check } from '../../src/core/check.ts'
import { healthOf, type Movements, movingOf, shortestInterval } from '../../src/showing/health.ts'

const HOUR = 3_600_000

/** An hour after the start, all moved a second ago. */
const well: Movements = {
  ticks: 2 * HOUR,
  begun: HOUR,
  looked: 2 * HOUR - 1_000,
  interval: 60_000,
  remembered: 2 * HOUR - 1_000,
  paused: null,
  served: 2 * HOUR - 1_000,
  unwritten: null,
}

const still = (moved: Partial<Movements>, judge = healthOf) => {
  const { ok, parts } = judge({ ...well, ...moved })
  const names = Object.entries(parts).flatMap(([name, part]) => (part.ok ? [] : [name]))
  expect(ok).toBe(names.length === 0)
  return names
}

describe('the health of a site', () => {
  it.each([
    ['all moved lately', {}, []],
    ['no look for two minutes', { looked: well.ticks - 120_000 }, ['scheduler']],
    [
      'no look for two minutes, but one is due every five only',
      { looked: well.ticks - 120_000, interval: 300_000 },
      [],
    ],
    ['no look for an hour, but nothing to look at', { looked: null, interval: null }, []],
    ['no tick for half a minute', { remembered: well.ticks - 30_000 }, ['store']],
    ['results that take nothing', { paused: 'no space' }, ['store']],
    ['no page for three minutes', { served: well.ticks - 180_000 }, ['publisher']],
    ['a folder that can’t be written', { unwritten: 'no space' }, ['publisher']],
    ['nothing ever moved', { looked: null, remembered: null, served: null }, ['scheduler', 'store', 'publisher']],
    [
      'nothing moved yet, right after the start',
      { looked: null, remembered: null, served: null, begun: well.ticks },
      [],
    ],
    ['the last look long ago, by a configuration just taken', { looked: HOUR, begun: well.ticks - 10_000 }, []],
  ] as const)('%s', (_what, moved, parts) => {
    expect(still(moved)).toEqual(parts)
  })

  it('leaves faults of the disk out for the watchdog, and nothing else', () => {
    expect(still({ paused: 'no space', unwritten: 'no space' }, movingOf)).toEqual([])
    expect(still({ looked: HOUR, remembered: HOUR, served: HOUR }, movingOf)).toHaveLength(3)
  })
})

describe('the shortest interval', () => {
  const check = (every: number, timeout: number, heartbeat: unknown = null) =>
    ({ rule: { every, timeout }, heartbeat }) as unknown as Check

  it('is that of the check that is looked at most often', () => {
    expect(shortestInterval([check(60_000, 10_000), check(300_000, 10_000)])).toBe(60_000)
  })

  it('counts a look that may take longer than its interval by what it may take', () => {
    expect(shortestInterval([check(10_000, 300_000)])).toBe(300_000)
  })

  it('is none when all that is waited for comes by itself', () => {
    expect(shortestInterval([check(60_000, 10_000, {})])).toBeNull()
    expect(shortestInterval([])).toBeNull()
  })
})
