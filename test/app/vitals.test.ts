// Nothing is late before it could have begun.
import { expect, it } from 'vitest'
import { createVitals } from '../../src/app/vitals.ts'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { readFiles, SERVICE } from '../config/folders.ts'

it('has as long to move after another configuration as after the start', () => {
  const { configuration } = readFiles({ 'web.yaml': SERVICE })
  let ticks = 0
  const vitals = createVitals({
    memory: { configuration: configuration! },
    results: { condition: () => ({ kind: 'paused', note: 'the disk is full', since: 0 }) },
    rounds: { lastStart: () => null },
    beat: { remembered: () => ticks },
    publisher: { state: () => ({ served: ticks, failure: null }) },
    ticks: () => ticks,
  })
  const looking = () => vitals.health().parts.scheduler!.ok
  ticks = 3 * MINUTE
  expect(looking()).toBe(false)
  vitals.begin()
  expect(looking()).toBe(true)
  ticks += MINUTE - SECOND
  expect(looking()).toBe(true)
  ticks += 2 * MINUTE
  expect(looking()).toBe(false)
  vitals.begin()
  expect([vitals.health().ok, vitals.moving().ok]).toEqual([false, true])
})
