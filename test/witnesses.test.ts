// The moments of our line live in memory, where a clock that is set moves them.
import { expect, it } from 'vitest'
import type { Witness } from '../src/core/check.ts'
import { needsOf, standing, type Testimony, unprovenLine } from '../src/core/verdict/blindness.ts'
import { shiftMoments } from '../src/core/verdict/known.ts'
import { createWitnesses, nameOf } from '../src/witnesses.ts'
import { POLICY } from './core/policy.ts'
import { fakeTime } from './servers/time.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
const WITNESSES: readonly Witness[] = [1, 2].map((n) => ({ kind: 'dns', address: `192.0.2.${n}`, port: 53 }))

it('a line that was bad before the clock was set back an hour is trusted again after `taint`', async () => {
  const time = fakeTime()
  let set = Date.UTC(2026, 10, 23)
  let dead = false
  const now = () => set + time.ticks()
  const memory = { line: unprovenLine(needsOf(WITNESSES), now()) }
  const ask = async (witness: Witness): Promise<Testimony> => {
    const name = witness.kind === 'dns' ? witness.address : ''
    return { witness: name, at: now(), layers: { v4: !dead }, took: dead ? null : 10, offset: null }
  }
  const { ticks, after } = time
  const witnesses = createWitnesses({ memory, now, ticks, after, ask, troubled: () => false })
  const worth = () => standing(memory.line, { dns: false, family: 4, port: 53 }, POLICY, now())
  witnesses.set(WITNESSES, [], POLICY)
  await time.pass(POLICY.witnessEvery)
  expect(worth()).toBe('good')

  dead = true
  await time.pass(5 * POLICY.witnessEvery)
  expect(worth()).toBe('bad')
  dead = false
  await time.pass(2 * POLICY.witnessEvery)
  expect(worth()).toBe('tainted')

  set -= HOUR
  memory.line = shiftMoments(memory.line, -HOUR)
  await time.pass(POLICY.taint + POLICY.witnessEvery)
  expect(worth()).toBe('good')
  witnesses.stop()
})

it('the road into the provider counts as bad for `taint` after it came back, so that what still times out is no outage', async () => {
  const time = fakeTime()
  let cut = false
  const memory = { line: unprovenLine(needsOf(WITNESSES), 0) }
  const ask = async (witness: Witness): Promise<Testimony> => {
    const road = witness.kind === 'tcp'
    const silent = road && cut
    return {
      witness: road ? 'road' : '',
      at: time.ticks(),
      layers: { v4: !silent },
      took: silent ? null : 10,
      offset: null,
    }
  }
  const { ticks, after } = time
  const witnesses = createWitnesses({ memory, now: ticks, ticks, after, ask, troubled: () => true })
  witnesses.set(WITNESSES, [{ kind: 'tcp', host: '192.0.2.9', port: 443 }], POLICY)
  await time.pass(POLICY.witnessEvery)
  expect(memory.line.path).toBe(true)
  cut = true
  await time.pass(2 * POLICY.witnessEvery)
  expect(memory.line.path).toBe(false)
  cut = false
  await time.pass(2 * POLICY.witnessEvery)
  expect(memory.line.path).toBe(false)
  const cutUntil = ticks()
  await time.pass(POLICY.taint + POLICY.witnessEvery)
  expect(memory.line.path).toBe(true)
  expect(memory.line.pathSince).toBeGreaterThan(cutUntil)
  // Nobody can testify for it any longer: a configuration that is read again begins no new doubt.
  witnesses.set(WITNESSES, [], POLICY)
  expect(memory.line).toMatchObject({ path: true, pathSince: Number.NEGATIVE_INFINITY })
  witnesses.stop()
})

it('a port that is asked for rarely is proven as soon as the line is back', async () => {
  const time = fakeTime()
  let dead = false
  const all: readonly Witness[] = [...WITNESSES, { kind: 'tcp', host: '192.0.2.25', port: 25 }]
  const memory = { line: unprovenLine(needsOf(all), 0) }
  const ask = async (witness: Witness): Promise<Testimony> => {
    const layers = witness.kind === 'tcp' ? { v4: !dead, 'port:25': !dead } : { v4: !dead }
    return { witness: nameOf(witness), at: time.ticks(), layers, took: dead ? null : 10, offset: null }
  }
  const { ticks, after } = time
  const witnesses = createWitnesses({ memory, now: ticks, ticks, after, ask, troubled: () => false })
  witnesses.set(all, [], POLICY)
  await time.pass(POLICY.witnessEvery)
  dead = true
  await time.pass(POLICY.witnessEvery)
  await witnesses.askAll()
  expect(memory.line.layers['port:25']?.good).toBe(false)
  dead = false
  await time.pass(2 * POLICY.witnessEvery)
  expect(memory.line.layers['port:25']?.good).toBe(true)
  witnesses.stop()
})

it.each([
  [false, 5],
  [true, 1],
])('while a check fails (%s) a port that closes is noticed within %i minutes', async (troubled, minutes) => {
  const time = fakeTime()
  let closed = false
  const all: readonly Witness[] = [...WITNESSES, { kind: 'tcp', host: '192.0.2.25', port: 25 }]
  const memory = { line: unprovenLine(needsOf(all), 0) }
  const ask = async (witness: Witness): Promise<Testimony> => {
    const layers = witness.kind === 'tcp' ? { v4: true, 'port:25': !closed } : { v4: true }
    return { witness: nameOf(witness), at: time.ticks(), layers, took: 10, offset: null }
  }
  const { ticks, after } = time
  const witnesses = createWitnesses({ memory, now: ticks, ticks, after, ask, troubled: () => troubled })
  witnesses.set(all, [], POLICY)
  await time.pass(POLICY.witnessEvery)
  closed = true
  await time.pass((minutes - 1) * MINUTE)
  expect(memory.line.layers['port:25']?.good).toBe(true)
  await time.pass(MINUTE)
  expect(memory.line.layers['port:25']?.good).toBe(false)
  witnesses.stop()
})
