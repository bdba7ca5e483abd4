import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FailReason, Observation, UnknownReason } from '../../src/core/observation.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../../src/core/time/time.ts'
import { calendar } from '../../src/store/digest.ts'
import { openResults, type Results } from '../../src/store/results.ts'
import { observation } from './observations.ts'

const PARIS = 'Europe/Paris'
/** Sunday of the autumn change in Paris, 25 hours; of the spring change, 23. */
const AUTUMN = Date.UTC(2026, 9, 25)
const SPRING = Date.UTC(2026, 2, 29)

let dir: string
let now: number
let results: Results
const folders: string[] = []

beforeEach(fresh)
afterEach(() => results.close())
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function fresh(): void {
  dir = mkdtempSync(join(tmpdir(), 'vigie-rollup-'))
  folders.push(dir)
  now = AUTUMN
  results = openResults(dir, { now: () => now })
}

function rollUp(at: Instant, timezone = PARIS): void {
  now = at
  while (results.rollUp(at, timezone, true));
}

/** Everything the store knows of a check, for comparing. */
function everything(check: string) {
  return {
    five: results.fiveMinutes(check, AUTUMN - 3 * DAY, AUTUMN + 3 * DAY),
    hours: results.hours(check, AUTUMN - 3 * DAY, AUTUMN + 3 * DAY),
    days: results.days(check, '2026-10-20', '2026-10-30'),
  }
}

interface Simple {
  readonly check: string
  readonly at: Instant
  readonly took: Millis
  readonly reason: FailReason | UnknownReason | null
}

function observed({ check, at, took, reason }: Simple): Observation {
  const outcome =
    reason === null
      ? { ok: true as const, note: '' }
      : reason === 'offline'
        ? { ok: null, reason, note: '' }
        : { ok: false as const, reason: reason as FailReason, note: '' }
  return observation(at, { check, took, outcome })
}

/** The same from the looks alone, written as one would explain it. */
function naive(looks: readonly Simple[], check: string, slotOf: (ended: Instant) => Instant) {
  const slots = new Map<Instant, Simple[]>()
  for (const look of looks.filter((one) => one.check === check)) {
    const slot = slotOf(look.at + look.took)
    slots.set(slot, [...(slots.get(slot) ?? []), look])
  }
  return [...slots]
    .sort(([a], [b]) => a - b)
    .map(([at, here]) => {
      const good = here
        .filter(({ reason }) => reason === null)
        .map(({ took }) => took)
        .sort((a, b) => a - b)
      const others: Record<string, number> = {}
      for (const { reason } of here) if (reason !== null) others[reason] = (others[reason] ?? 0) + 1
      const rank = (share: number) => (good.length === 0 ? null : good[Math.ceil(good.length * share) - 1]!)
      return { at, site: 'home', strand: null, ok: good.length, others, median: rank(0.5), p95: rank(0.95) }
    })
}

const looksAround = (start: Instant, hours: number): fc.Arbitrary<Simple[]> =>
  fc.uniqueArray(fc.integer({ min: 0, max: hours * 3600 }), { minLength: 1, maxLength: 120 }).chain((seconds) =>
    fc.tuple(
      ...seconds.map((second) =>
        fc.record({
          check: fc.constantFrom('a.one', 'b.two'),
          at: fc.constant(start + second * 1000),
          took: fc.integer({ min: 0, max: 999 }),
          reason: fc.constantFrom(null, null, null, 'timeout' as const, 'status' as const, 'offline' as const),
        }),
      ),
    ),
  )

describe('looks rolled up', () => {
  it.each([
    ['the autumn change', AUTUMN - 30 * HOUR],
    ['the spring change', SPRING - 30 * HOUR],
  ])('are what counting them by hand comes to, around %s', { timeout: 60_000 }, (_, start) => {
    fc.assert(
      fc.property(looksAround(start, 60), fc.integer({ min: 0, max: 60 }), (looks, first) => {
        fresh()
        const end = start + 4 * DAY
        for (const look of looks) results.look(observed(look), false)
        rollUp(start + first * HOUR)
        rollUp(end)
        const days = calendar(PARIS)
        for (const check of ['a.one', 'b.two']) {
          const five = naive(looks, check, (ended) => Math.floor(ended / (5 * MINUTE)) * 5 * MINUTE)
          const hours = naive(looks, check, (ended) => Math.floor(ended / HOUR) * HOUR)
          expect(results.fiveMinutes(check, start, end)).toEqual(five)
          expect(results.hours(check, start, end)).toEqual(hours)
          const found = results.days(check, '2026-01-01', '2026-12-31')
          const wanted = naive(looks, check, (ended) => Date.parse(days.dayOf(ended)))
          expect(found.map(({ day, ok, others }) => [day, ok, others])).toEqual(
            wanted.map(({ at, ok, others }) => [new Date(at).toISOString().slice(0, 10), ok, others]),
          )
        }
        results.close()
      }),
      { numRuns: 25 },
    )
    fresh()
  })

  it('count a day of 25 hours and one of 23 as what they are', () => {
    for (const [day, hours] of [
      [AUTUMN, 25],
      [SPRING, 23],
    ] as const) {
      fresh()
      for (let at = day - 3 * HOUR; at < day + 27 * HOUR; at += HOUR) results.look(observation(at, { took: 5 }), false)
      rollUp(day + 2 * DAY)
      const name = new Date(day).toISOString().slice(0, 10)
      expect(results.days('mail.smtp', name, name)).toMatchObject([{ day: name, ok: hours }])
      results.close()
    }
    fresh()
  })

  it("weigh an hour in a day's median by its looks", () => {
    const day = AUTUMN + 2 * DAY
    for (let n = 0; n < 10; n += 1) results.look(observation(day + n * MINUTE, { took: 10 }), false)
    results.look(observation(day + 2 * HOUR, { took: 900 }), false)
    rollUp(day + DAY)
    expect(results.days('mail.smtp', '2026-10-27', '2026-10-27')).toMatchObject([{ ok: 11, median: 10, p95: 900 }])
  })

  it('twice are the same as once', () => {
    for (let n = 0; n < 3000; n += 1) {
      const reason = n % 50 === 0 ? 'refused' : null
      results.look(observed({ check: 'a.one', at: AUTUMN - DAY + n * MINUTE, took: n % 97, reason }), false)
    }
    rollUp(AUTUMN + 3 * DAY)
    const once = everything('a.one')
    expect(once.days).toHaveLength(3)
    rollUp(AUTUMN + 3 * DAY)
    rollUp(AUTUMN + 3 * DAY + 5 * HOUR)
    expect(everything('a.one')).toEqual(once)
  })

  it('add up again what a clock set back puts where it was added up before', () => {
    const early = Array.from({ length: 100 }, (_, n) => ({
      check: 'a.one',
      at: AUTUMN + n * MINUTE,
      took: 5,
      reason: null,
    }))
    const late = early.map((look) => ({ ...look, at: look.at + 30_000, took: 9 }))
    for (const look of early) results.look(observed(look), false)
    rollUp(AUTUMN + 2 * DAY)
    for (const look of late) results.look(observed(look), false)
    rollUp(AUTUMN + 2 * DAY)
    expect(results.hours('a.one', AUTUMN, AUTUMN + DAY).map(({ ok }) => ok)).toEqual([120, 80])
    expect(results.days('a.one', '2026-10-25', '2026-10-25')).toMatchObject([{ ok: 200 }])
  })

  it('miss no look that comes while they are added up', () => {
    const looks = Array.from({ length: 30_000 }, (_, n) => ({
      check: 'a.one',
      at: AUTUMN + n * 5000,
      took: 5,
      reason: null,
    }))
    for (const look of looks) results.look(observed(look), false)
    now = AUTUMN + 3 * DAY
    let clock = performance.now()
    vi.spyOn(performance, 'now').mockImplementation(() => (clock += 10))
    for (let piece = 0; piece < 10; piece += 1) expect(results.rollUp(now, PARIS, true)).toBe(true)
    vi.restoreAllMocks()
    for (const look of looks) results.look(observed({ ...look, at: look.at + 1000 }), false)
    results.flush()
    rollUp(now)
    const hours = results.hours('a.one', AUTUMN, AUTUMN + 2 * DAY)
    expect(hours.reduce((sum, { ok }) => sum + ok, 0)).toBe(60_000)
    expect(new Set(hours.slice(0, -1).map(({ ok }) => ok))).toEqual(new Set([1440]))
  })

  it('survive looks of 1970: what was added up and forgotten stays as it was', () => {
    for (let n = 0; n < 1000; n += 1) results.look(observation(AUTUMN + n * 10 * MINUTE, { took: 7 }), false)
    const at = AUTUMN + 10 * DAY + 30 * MINUTE
    rollUp(at)
    const added = () => ({
      hours: results.hours('mail.smtp', AUTUMN, at),
      days: results.days('mail.smtp', '2026-10-20', '2026-11-10'),
    })
    const before = added()
    results.look(observation(1000), false)
    rollUp(at)
    expect(added()).toEqual(before)
    expect(results.days('mail.smtp', '1970-01-01', '1970-01-02')).toEqual([])
    expect(results.looksOf('mail.smtp', 0, AUTUMN)).toEqual([])
  })

  it('go on where a stop interrupted them', () => {
    for (let n = 0; n < 20_000; n += 1)
      results.look(observation(AUTUMN + n * 5000, { check: `s.c${n % 7}`, took: n % 31 }), false)
    results.rollUp(AUTUMN + 2 * DAY, PARIS, true)
    results.close()
    results = openResults(dir, { now: () => now })
    rollUp(AUTUMN + 2 * DAY)
    const total = Array.from({ length: 7 }, (_, n) => results.hours(`s.c${n}`, AUTUMN, AUTUMN + 2 * DAY)).flat()
    expect(total.reduce((sum, { ok }) => sum + ok, 0)).toBe(20_000)
  })
})

describe('what is old', () => {
  it('is forgotten: looks after 7 days, five minutes after 35, hours after 400, days never', () => {
    results.look(observation(AUTUMN), false)
    const left = () => [
      results.looksOf('mail.smtp', 0, AUTUMN + DAY).length,
      results.fiveMinutes('mail.smtp', AUTUMN, AUTUMN + DAY).length,
      results.hours('mail.smtp', AUTUMN, AUTUMN + DAY).length,
      results.days('mail.smtp', '2026-10-25', '2026-10-25').length,
    ]
    rollUp(AUTUMN + 7 * DAY)
    expect(left()).toEqual([1, 1, 1, 1])
    rollUp(AUTUMN + 7 * DAY + HOUR)
    expect(left()).toEqual([0, 1, 1, 1])
    rollUp(AUTUMN + 35 * DAY + HOUR)
    expect(left()).toEqual([0, 0, 1, 1])
    rollUp(AUTUMN + 400 * DAY + HOUR)
    expect(left()).toEqual([0, 0, 0, 1])
    rollUp(AUTUMN + 4000 * DAY)
    expect(left()).toEqual([0, 0, 0, 1])
  })

  it('stays on a clock that is not trusted', () => {
    results.look(observation(AUTUMN), false)
    results.flush()
    expect(results.rollUp(AUTUMN + 320 * DAY, PARIS, false)).toBe(false)
    expect(results.looksOf('mail.smtp', 0, AUTUMN + DAY)).toHaveLength(1)
    expect(results.hours('mail.smtp', AUTUMN, AUTUMN + DAY)).toEqual([])
  })
})

describe('a night of many checks', () => {
  it('is done in short pieces', { timeout: 60_000 }, () => {
    const looks = 120_000
    for (let n = 0; n < looks; n += 1)
      results.look(observation(AUTUMN + n * 360, { check: `s.c${n % 500}`, took: n % 97 }), false)
    let longest = 0
    let pieces = 0
    for (let more = true; more; pieces += 1) {
      const began = performance.now()
      more = results.rollUp(AUTUMN + 9 * DAY, PARIS, true)
      longest = Math.max(longest, performance.now() - began)
    }
    console.info(`rolling up ${looks} looks of 500 checks: ${pieces} pieces, the longest ${longest.toFixed(0)} ms`)
    expect(pieces).toBeGreaterThan(1)
    expect(results.looksOf('s.c1', 0, AUTUMN + 9 * DAY)).toEqual([])
    expect(results.days('s.c1', '2026-10-25', '2026-10-25')).toMatchObject([{ ok: 240 }])
  })
})
