// The moments of our line live in memory, where a clock that is set moves them.

import { expect, it } from 'vitest'
import { readConfiguration } from '../src/config/read.ts'
import type { Witness } from '../src/core/check.ts'
import { HOUR, MINUTE, SECOND } from '../src/core/time/time.ts'
import { type Layer, layersOf, needsOf, type Testimony, trustIn, unprovenLine } from '../src/core/verdict/blindness.ts'
import { shiftMoments } from '../src/core/verdict/known.ts'
import { nameOf } from '../src/core/verdict/witness.ts'
import { kinds } from '../src/probes/index.ts'
import { createWitnesses, type WitnessesDeps } from '../src/witnesses.ts'
import { POLICY } from './core/policy.ts'
import { fakeTime } from './servers/time.ts'

const WITNESSES: readonly Witness[] = [1, 2].map((n) => ({ kind: 'dns', address: `192.0.2.${n}`, port: 53 }))
const named = (host: string): Witness => ({ kind: 'tcp', host, port: 443 })
const NAMED = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => named(`${name}.example`))
const ROAD = named('road.provider.example')

/** Witnesses by that clock; no site tells the time unless it is said. */
function askers({
  time: { ticks, after },
  memory,
  ask,
  troubled = false,
  siteClock = () => null,
}: Pick<WitnessesDeps, 'memory' | 'ask'> &
  Partial<Pick<WitnessesDeps, 'siteClock'>> & {
    readonly time: ReturnType<typeof fakeTime>
    readonly troubled?: boolean
  }) {
  return createWitnesses({ memory, now: ticks, ticks, after, ask, troubled: () => troubled, siteClock })
}

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
  const witnesses = createWitnesses({ memory, now, ticks, after, ask, troubled: () => false, siteClock: () => null })
  const worth = () => trustIn(memory.line, { dns: false, family: 4, port: 53 }, POLICY, now())
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
  const { ticks } = time
  const witnesses = askers({ time, memory, ask, troubled: true })
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

it.each([
  ['says nothing of the road while no other is found', () => true, true],
  ['tells that the road is bad where others are', (road: boolean) => road, false],
])('a name in the provider that is not found %s', async (_, isLost, path) => {
  const time = fakeTime()
  let lost: (road: boolean) => boolean = () => false
  // What others say of names is not known yet when the road's answers.
  let late = { road: 10, other: 20 }
  const memory = { line: unprovenLine(needsOf(NAMED), 0) }
  const ask = async (witness: Witness): Promise<Testimony> => {
    const found = !lost(witness === ROAD)
    await new Promise<void>((resolve) => time.after(witness === ROAD ? late.road : late.other, resolve))
    const layers = found ? { dns: true, v4: true } : { dns: false }
    return { witness: nameOf(witness), at: time.ticks(), layers, took: found ? 10 : null, offset: null }
  }
  const witnesses = askers({ time, memory, ask, troubled: true })
  witnesses.set(NAMED, [ROAD], POLICY)
  await time.pass(POLICY.witnessEvery)
  lost = isLost
  await time.pass(POLICY.witnessEvery + SECOND)
  expect(memory.line.path).toBe(path)
  // All are found again, and others say so first.
  lost = () => false
  late = { road: 500, other: 20 }
  await time.pass(POLICY.witnessEvery)
  expect(memory.line.path).toBe(path)
  witnesses.stop()
})

it('a line without witnesses counts as good since the start, or since there are none, however often that is read', async () => {
  const time = fakeTime()
  const memory = { line: unprovenLine(needsOf([]), 0) }
  const ask = async (): Promise<Testimony> => ({ witness: '', at: 0, layers: {}, took: 10, offset: null })
  const { ticks } = time
  const witnesses = askers({ time, memory, ask })
  witnesses.set([], [], POLICY)
  await time.pass(MINUTE)
  witnesses.set([], [], POLICY)
  expect(memory.line).toMatchObject({ since: 0, tested: false })
  witnesses.set(WITNESSES, [], POLICY)
  await time.pass(MINUTE)
  const without = ticks()
  expect(without).toBeGreaterThan(0)
  witnesses.set([], [], POLICY)
  expect(memory.line).toMatchObject({ since: without, tested: false })
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
  const witnesses = askers({ time, memory, ask })
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
  const witnesses = askers({ time, memory, ask, troubled })
  witnesses.set(all, [], POLICY)
  await time.pass(POLICY.witnessEvery)
  closed = true
  await time.pass((minutes - 1) * MINUTE)
  expect(memory.line.layers['port:25']?.good).toBe(true)
  await time.pass(MINUTE)
  expect(memory.line.layers['port:25']?.good).toBe(false)
  witnesses.stop()
})

/** The shipped list, or more, over a line of which parts can be taken away; counts what it costs. */
function listed(more: readonly Witness[] = [], troubled = false) {
  const shipped = readConfiguration({ dir: 'checks', environment: {}, data: 'no-such-folder', kinds }).configuration!
  const all = [...shipped.witnesses, ...more]
  const time = fakeTime()
  const { ticks, after } = time
  const gone = new Set<string>()
  const memory = { line: unprovenLine(needsOf(all), 0) }
  const line = { dead: false, asked: 0 }
  const ask = async (witness: Witness, within: number): Promise<Testimony> => {
    line.asked++
    const name = nameOf(witness)
    const layers = layersOf(witness)
    const nameless = line.dead || gone.has(name)
    await new Promise<void>((resolve) => after(line.dead ? within : 30, resolve))
    const ok = !line.dead && !nameless
    const said = nameless && layers.includes('dns') ? (['dns'] as const) : layers
    return {
      witness: name,
      at: ticks(),
      layers: Object.fromEntries(said.map((layer) => [layer, ok])),
      took: ok ? 30 : null,
      offset: null,
    }
  }
  const witnesses = askers({ time, memory, ask, troubled })
  witnesses.set(all, [], POLICY)
  /** For how long each layer was bad while so much time passed, in seconds. */
  const watch = async (length: number) => {
    const bad: Partial<Record<Layer, number>> = {}
    for (let passed = 0; passed < length; passed += SECOND) {
      await time.pass(SECOND)
      for (const [layer, state] of Object.entries(memory.line.layers)) {
        if (!state!.good) bad[layer as Layer] = (bad[layer as Layer] ?? 0) + 1
      }
    }
    return bad
  }
  return { time, line, memory, gone, watch, witnesses, named: all.filter((one) => layersOf(one).includes('dns')) }
}

it.each([1, 2, 3])(
  'the shipped list blinds nobody where %i of its names are gone, and is asked hardly more',
  async (many) => {
    const { time, line, gone, named, watch, witnesses } = listed()
    await time.pass(MINUTE)
    line.asked = 0
    expect(await watch(HOUR)).toEqual({})
    const usual = line.asked
    for (const one of named.slice(2, 2 + many)) gone.add(nameOf(one))
    line.asked = 0
    expect(await watch(HOUR)).toEqual({})
    // Those that are gone are asked besides; everybody at most once for each, when it was first missed.
    expect(line.asked).toBeLessThanOrEqual(usual * 1.3 + many * (named.length + 4))
    witnesses.stop()
  },
)

it.each([
  ['port', ':25', (n: number): Witness => ({ kind: 'tcp', host: `192.0.2.${n}`, port: 25 }), 'port:25'],
  ['family', ' IPv6', (n: number): Witness => ({ kind: 'dns', address: `2001:db8::${n}`, port: 53 }), 'v6'],
] as const)('two and three witnesses of one %s (%s) prove it all the time', async (_word, _name, witness, layer) => {
  for (const many of [2, 3]) {
    for (const troubled of [false, true]) {
      const { time, gone, watch, witnesses, line, memory } = listed(
        [1, 2, 3].slice(0, many).map((n) => witness(n)),
        troubled,
      )
      await time.pass(MINUTE)
      line.asked = 0
      expect(await watch(2 * HOUR), `${many}`).toEqual({})
      expect(line.asked).toBeLessThanOrEqual(2 * (480 + (troubled ? 120 : 24)) + 2)
      expect(memory.line.layers[layer]?.good).toBe(true)
      // Of three one may be gone.
      gone.add(nameOf(witness(1)))
      const bad = await watch(2 * HOUR)
      if (many === 3) expect(bad).toEqual({})
      else expect(memory.line.layers[layer]?.good).toBe(false)
      witnesses.stop()
    }
  }
})

it('a line that nobody proves is bad as soon as ever, and one round of asking later at most', async () => {
  const { time, line, memory, witnesses } = listed()
  await time.pass(10 * MINUTE)
  for (let phase = 0; phase < 15; phase++) {
    line.dead = true
    line.asked = 0
    // Two turns are silent for 5 s each, then all are.
    await time.pass(2 * POLICY.witnessEvery + 2 * 5 * SECOND)
    expect(memory.line.layers).toMatchObject({ v4: { good: false }, dns: { good: false } })
    await time.pass(10 * MINUTE)
    // Nobody is asked again and again because nobody answers.
    expect(line.asked).toBeLessThanOrEqual(2 * 44 + 12)
    line.dead = false
    await time.pass(2 * MINUTE)
    expect(memory.line.layers).toMatchObject({ v4: { good: true }, dns: { good: true } })
    await time.pass(SECOND)
  }
  witnesses.stop()
})

it('where nobody answers, a look that failed is held against our line at the end of the round that it asked for', async () => {
  const { time, line, memory, witnesses } = listed()
  await time.pass(10 * MINUTE)
  line.dead = true
  const asked = time.ticks()
  let over = 0
  void witnesses.askAll().then(() => {
    over = time.ticks()
    expect(memory.line.layers).toMatchObject({ v4: { good: false }, dns: { good: false } })
  })
  await time.pass(6 * SECOND)
  expect(over - asked).toBe(5 * SECOND)
  witnesses.stop()
})

/** Witnesses that answer, and tell the time as `offset` says. */
const answering =
  (ticks: () => number, offset: () => number | null) =>
  async (witness: Witness): Promise<Testimony> => ({
    witness: nameOf(witness),
    at: ticks(),
    layers: { v4: true },
    took: 10,
    offset: offset(),
  })

it.each([
  ['a witness is not', 0, true],
  ['no witness tells the time', null, false],
])('another site is an hour ahead, and %s', async (_, offset, good) => {
  const time = fakeTime()
  const { ticks } = time
  const memory = { line: unprovenLine(needsOf(WITNESSES), 0) }
  const ask = answering(ticks, () => offset)
  let ahead: number | null = HOUR
  const siteClock = () => ahead
  const witnesses = askers({ time, memory, ask, siteClock })
  witnesses.set(WITNESSES, [], POLICY)
  await time.pass(POLICY.witnessEvery)
  expect(memory.line).toMatchObject({ clock: good, timed: true, layers: { v4: { good: true } } })
  ahead = MINUTE
  await time.pass(POLICY.witnessEvery)
  expect(memory.line.clock).toBe(true)
  witnesses.stop()
})

it('what another site alone doubts of our clock is doubted as long as it says so; what a witness doubts, until one agrees', async () => {
  const time = fakeTime()
  const { ticks } = time
  const memory = { line: unprovenLine(needsOf(WITNESSES), 0) }
  const told = { witness: null as number | null, site: HOUR as number | null }
  const ask = answering(ticks, () => told.witness)
  const siteClock = () => told.site
  const witnesses = askers({ time, memory, ask, siteClock })
  const clock = async () => {
    await time.pass(4 * POLICY.witnessEvery)
    return memory.line.clock
  }
  witnesses.set(WITNESSES, [], POLICY)
  expect(await clock()).toBe(false)
  told.site = null
  expect(await clock()).toBe(true)
  told.witness = HOUR
  expect(await clock()).toBe(false)
  told.witness = null
  told.site = HOUR
  expect(await clock()).toBe(false)
  told.site = null
  expect(await clock(), 'a witness said so').toBe(false)
  told.site = MINUTE
  expect(await clock()).toBe(true)
  witnesses.stop()
})
