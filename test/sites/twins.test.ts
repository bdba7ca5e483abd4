// Who calls whom and when: the talk of two sites over a wire that a test can cut, on a clock that a test moves.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Check } from '../../src/core/check.ts'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { unprovenLine } from '../../src/core/verdict/blindness.ts'
import { nothingKnownOf } from '../../src/core/verdict/known.ts'
import { createTwins, type Twins } from '../../src/sites/twins.ts'
import { checkOf, configurationOf } from '../core/policy.ts'
import { type FakeTime, fakeTime } from '../servers/time.ts'
import { createSides, pass, type Side, ticksNow, word } from '../twin/sides.ts'

interface Station {
  readonly side: Side
  readonly twins: Twins
  readonly looked: string[]
  /** Whom it called. */
  readonly called: string[]
  /** Its site.yaml names these sites from now on. */
  configure(ids: readonly string[]): void
}

let time: FakeTime
let stations: Record<string, Station>
let end: () => void
/** Directions that carry nothing, as `home>offsite`; and sites whose calls nobody answers, as `home`. */
let cut: Set<string>
let carried: number
/** Bytes a millisecond of the line between them. */
let rate: number

const CHECK: Check = checkOf('web.http')

beforeEach(() => {
  time = fakeTime()
  cut = new Set()
  carried = 0
  rate = Number.POSITIVE_INFINITY
  const { sides, close } = createSides('home', 'offsite')
  end = close
  stations = Object.fromEntries(sides.map((side) => [side.site, stationOf(side, ['home', 'offsite'])]))
})
afterEach(() => {
  for (const { twins } of Object.values(stations)) twins.stop()
  end()
})

function stationOf(side: Side, ids: readonly string[], hidden: readonly string[] = []): Station {
  const sitesOf = (named: readonly string[]) =>
    named.map((id) => ({
      id,
      url: hidden.includes(id) ? null : `http://${id}.test/`,
      key: null,
      where: null,
      role: 'full' as const,
      domain: id,
    }))
  const sites = sitesOf(ids)
  const configuration = {
    ...configurationOf([], { sites, site: sites.find(({ id }) => id === side.site)! }),
    edition: 'c1',
  }
  const looked: string[] = []
  const called: string[] = []
  const twins = createTwins({
    memory: {
      configuration,
      checks: new Map([[CHECK.id, nothingKnownOf(CHECK, 0)]]),
      checkById: new Map([[CHECK.id, CHECK]]),
      line: unprovenLine(new Map(), 0),
    },
    exchange: side.exchange,
    carry: async (to, envelope, within) => {
      carried++
      called.push(to.id)
      const late = time.ticks() + within
      const wire = async (from: string, there: string, { length }: Buffer) => {
        const takes = 20 + length / rate
        await wait(Math.min(takes, late - time.ticks()))
        if (time.ticks() >= late) throw new Error('no answer')
        if (cut.has(`${from}>${there}`) || cut.has(side.site)) {
          await wait(late - time.ticks())
          throw new Error('no answer')
        }
      }
      await wire(side.site, to.id, envelope.body)
      const answer = await stations[to.id]!.twins.answer(envelope, '192.0.2.1')
      if (answer === null || typeof answer === 'string') throw new Error(String(answer))
      await wire(to.id, side.site, answer.body)
      return answer
    },
    changedAt: () => null,
    now: () => time.ticks(),
    ticks: ticksNow,
    after: time.after,
    heard: () => {},
    lookAt: (checks) => looked.push(...checks),
    log: () => {},
  })
  const configure = (named: readonly string[]) => {
    Object.assign(configuration, { sites: sitesOf(named) })
    twins.set()
  }
  return { side, twins, looked, called, configure }
}

const wait = (length: number) => new Promise<void>((resolve) => time.after(length, resolve))

/** Time passes, here and for the sides. */
async function elapse(millis: number) {
  for (let left = millis; left > 0; left -= 10) {
    pass(10)
    await time.pass(10)
  }
}

const hears = (site: string) => stations[site]!.twins.peers()[0]!.heard

function start() {
  for (const { twins } of Object.values(stations)) twins.set()
}

describe('two sites', () => {
  it('hear each other within a second, and then with few messages', async () => {
    start()
    await elapse(SECOND)
    expect([hears('home'), hears('offsite')]).toEqual([true, true])
    carried = 0
    await elapse(MINUTE)
    expect(carried).toBeGreaterThanOrEqual(5)
    expect(carried).toBeLessThanOrEqual(9)
    expect([hears('home'), hears('offsite')]).toEqual([true, true])
  })

  it('do not hear one that has more to tell before it told it, and wait ten seconds for that at most', async () => {
    stations.home!.side.exchange.owed = () => true
    start()
    await elapse(9 * SECOND)
    expect([hears('home'), hears('offsite')]).toEqual([false, true])
    await elapse(2 * SECOND)
    expect(hears('home')).toBe(true)

    cut = new Set(['home>offsite', 'offsite>home'])
    await elapse(MINUTE)
    expect([hears('home'), hears('offsite')]).toEqual([false, false])
    cut.clear()
    const back = async () => {
      for (let second = 0; second < MINUTE / SECOND; second++, await elapse(SECOND)) if (hears('offsite')) return second
      return Number.NaN
    }
    expect(await back()).toBeLessThan(50)
    expect(hears('home')).toBe(false)
    await elapse(11 * SECOND)
    expect(hears('home')).toBe(true)
  })

  it.each(['home', 'offsite'])(
    'hear each other although nobody can call %s, and its news comes at once',
    async (hidden) => {
      const sides = Object.values(stations).map(({ side }) => side)
      stations = Object.fromEntries(sides.map((side) => [side.site, stationOf(side, ['home', 'offsite'], [hidden])]))
      start()
      await elapse(12 * SECOND)
      expect([hears('home'), hears('offsite')]).toEqual([true, true])
      for (const [from, to] of [
        ['home', 'offsite'],
        ['offsite', 'home'],
      ] as const) {
        await elapse(3 * SECOND)
        stations[from]!.side.words.set(CHECK.id, word({ fails: 1 }))
        stations[from]!.twins.wake()
        await elapse(500)
        expect(stations[to]!.twins.peers()[0]!.words.get(CHECK.id)?.fails).toBe(1)
        expect(stations[to]!.looked).toEqual([CHECK.id])
      }
    },
  )

  it('say whose key is wrong where only the other calls, until a good word comes', async () => {
    const sides = Object.values(stations).map(({ side }) => side)
    stations = Object.fromEntries(sides.map((side) => [side.site, stationOf(side, ['home', 'offsite'], ['home'])]))
    const { home, offsite } = stations as { home: Station; offsite: Station }
    offsite.twins.set()
    const said = home.side.exchange.say('offsite', { wait: 0, seenAt: null })
    const strange = { ...said, signature: Buffer.alloc(64).toString('base64') }
    expect(await offsite.twins.answer(strange, '192.0.2.9')).toBe('signature')
    expect(offsite.twins.standings()[0]).toMatchObject({
      trouble: 'what calls from 192.0.2.9 signs with another key',
      wrong_key: 'its',
      callable: true,
    })
    expect(await offsite.twins.answer(said, '192.0.2.9')).toHaveProperty('signature')
    expect(offsite.twins.standings()[0]).toMatchObject({ trouble: 'it calls and takes no answer', wrong_key: 'ours' })
    start()
    await elapse(12 * SECOND)
    expect(offsite.twins.standings()[0]).toMatchObject({ heard: true, trouble: null, wrong_key: null })
  })

  it('do without one direction: whoever can call does', async () => {
    start()
    await elapse(5 * SECOND)
    cut.add('home')
    await elapse(2 * MINUTE)
    expect([hears('home'), hears('offsite')]).toEqual([true, true])
    cut = new Set(['offsite'])
    await elapse(2 * MINUTE)
    expect([hears('home'), hears('offsite')]).toEqual([true, true])
  })

  it('hear nothing over a wire that carries one way only, and each other again when it is mended', async () => {
    start()
    await elapse(5 * SECOND)
    cut.add('home>offsite')
    await elapse(2 * MINUTE)
    expect([hears('home'), hears('offsite')]).toEqual([false, false])
    cut.clear()
    await elapse(50 * SECOND)
    expect([hears('home'), hears('offsite')]).toEqual([true, true])
  })

  it('know within fresh that the other is gone, and hear it when it is back', async () => {
    start()
    await elapse(5 * SECOND)
    cut = new Set(['home>offsite', 'offsite>home'])
    await elapse(30 * SECOND)
    expect(hears('home')).toBe(true)
    await elapse(20 * SECOND)
    expect([hears('home'), hears('offsite')]).toEqual([false, false])
  })

  it('call each other rarely while the other is gone, whatever news there is, and hear it within a minute of its return', async () => {
    start()
    await elapse(5 * SECOND)
    cut = new Set(['home>offsite', 'offsite>home'])
    await elapse(2 * MINUTE)
    carried = 0
    for (let n = 0; n < 60; n++) {
      for (const { twins } of Object.values(stations)) twins.wake()
      await elapse(5 * SECOND)
    }
    expect(carried).toBeLessThanOrEqual(16)
    cut.clear()
    await elapse(50 * SECOND)
    expect([hears('home'), hears('offsite')]).toEqual([true, true])
  })

  it('hear each other at once when a line is shown to work that was dead for long', async () => {
    start()
    await elapse(5 * SECOND)
    cut = new Set(['home>offsite', 'offsite>home'])
    // Home calls by itself each forty seconds: next 25 s from then.
    await elapse(5 * MINUTE + 15 * SECOND)
    cut.clear()
    await elapse(SECOND)
    expect(hears('home')).toBe(false)
    stations.offsite!.twins.wake(true)
    await elapse(500)
    expect(hears('home')).toBe(true)
  })

  it('say nothing of a call that got lost before another was answered', async () => {
    start()
    await elapse(5 * SECOND)
    cut = new Set(['home>offsite', 'offsite>home'])
    await elapse(5 * MINUTE)
    const { twins } = stations.home!
    const trouble = () => twins.standings()[0]!.trouble
    // It begins another call, which is lost, and is answered beside it.
    const { called } = stations.home!
    for (called.length = 0; called.length === 0; ) await elapse(100)
    cut.clear()
    twins.wake(true)
    await elapse(500)
    expect(trouble()).toBe(null)
    for (let second = 0; second < 20; second++, await elapse(SECOND)) expect(trouble()).toBe(null)
  })
})

describe('a line that carries little', () => {
  it.each(['home', 'offsite'])('brings a long ledger of %s over, and both hear each other meanwhile', async (long) => {
    // 64 kbit/s, and what is packed is a quarter as long.
    rate = 32
    const { ledger } = stations[long]!.side
    const entries = Array.from({ length: 2_000 }, (_, n) => ({
      type: 'alert.intent',
      payload: { n, to: 'x'.repeat(300) },
    }))
    ledger.remember({ living: new Map(), letters: [], entries })
    start()
    await elapse(20 * SECOND)
    for (let n = 0; n < 11; n++) {
      await elapse(10 * SECOND)
      expect([hears('home'), hears('offsite')]).toEqual([true, true])
    }
    const other = stations[long === 'home' ? 'offsite' : 'home']!.side
    expect(other.ledger.heads().get(long)?.seq).toBe(2_000)
  })
})

describe('a site that is taken out of the configuration', () => {
  it.each(['home', 'offsite'])('is told nothing any more by %s, also where a call was under way', async (site) => {
    start()
    await elapse(15 * SECOND)
    const { side, configure } = stations[site]!
    const say = vi.spyOn(side.exchange, 'say')
    configure([site])
    await elapse(2 * MINUTE)
    expect(say).not.toHaveBeenCalled()
  })
})
