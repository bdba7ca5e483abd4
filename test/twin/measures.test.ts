// What two sites measured, handed over by the slow lane between real files of results.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Change } from '../../src/core/history/change.ts'
import type { Piece } from '../../src/core/history/measure.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import { MOST_ELSEWHERE } from '../../src/store/measures.ts'
import { openResults, type Results } from '../../src/store/results.ts'
import { outageOf } from '../page/past.ts'
import { call, createSides, NOON, pass, type Side, ticksNow } from './sides.ts'

const CHECKS = ['web.http', 'mail.smtp']
const KNOWN = new Set([...CHECKS, 'web', 'mail'])
const EVER = Number.MAX_SAFE_INTEGER

let end: () => void
let folders: string[]
let home: Side
let offsite: Side
let results: Record<string, Results>
/** The wall clock of what is measured before sites meet. */
let at: number
/** Ticks of noon. */
let noon: number

beforeEach(() => {
  const { sides, close } = createSides('home', 'offsite')
  ;[home, offsite] = sides as [Side, Side]
  end = close
  folders = []
  noon = ticksNow()
  home.off = offsite.off = -noon
  at = now() - 20 * DAY
  results = {}
  for (const side of sides) open(side)
  at = now()
})
afterEach(() => {
  for (const one of Object.values(results)) one.close()
  end()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const now = () => NOON + ticksNow() - noon
const other = (site: string) => (site === 'home' ? 'offsite' : 'home')

/** A file of results of its own; a second one is what is left after a loss. */
function open(side: Side) {
  const dir = mkdtempSync(join(tmpdir(), 'vigie-measures-'))
  folders.push(dir)
  results[side.site]?.close()
  const file = openResults(dir, { now: () => at })
  results[side.site] = file
  const parties = (site: string) => ({ own: side.site, other: site, isKnown: (id: string) => KNOWN.has(id) })
  side.measures = {
    wants: (site) => file.wants(parties(site)),
    offer: (want) => file.offer(want, side.site),
    keep: (site, piece) => file.keep(piece, parties(site)).more,
  }
}

/** Looks once a quarter of an hour, rolled up by night, until now. */
function measure(site: string, days: number, took: number) {
  const file = results[site]!
  for (let time = now() - days * DAY; time < now() - MINUTE; time += 15 * MINUTE) {
    for (const [index, check] of CHECKS.entries()) {
      const outcome = { ok: true, note: '' } as const
      file.look({ check, site, strand: null, at: time + index, took, phases: [], outcome } as never, false)
    }
  }
  file.flush()
  while (file.rollUp(now() - 6 * HOUR, 'Europe/Paris', true));
}

function turn(site: string, change: Partial<Change> & Pick<Change, 'at' | 'state'>) {
  results[site]!.changed({ subject: 'status', id: 'web', since: change.at, rule: '', sites: {}, ...change })
}

/** Exchanges as two sites do that hear each other for so long; the bytes of the calls. */
function meet(length: number): number {
  let bytes = 0
  for (let left = length; left > 0; left -= 5 * SECOND) {
    const { question, answer } = call(home, offsite)
    bytes += question.body.length + answer.body.length
    pass(5 * SECOND)
    at = now()
  }
  return bytes
}

const day = (offset: number) => new Date(NOON - offset * DAY).toISOString().slice(0, 10)
const everything = (site: string) => {
  const file = results[site]!
  return CHECKS.flatMap((check) => [
    file.days(check, day(90), day(0)),
    file.hours(check, NOON - 90 * DAY, NOON + DAY),
    file.fiveMinutes(check, NOON - 34 * DAY, NOON),
  ]).map((rows) => [...rows].map((row) => JSON.stringify(row)).sort())
}
const spans = (site: string) =>
  results[site]!.statusSpans('web', 0).map((span) => [span.status, (span.from - NOON) / HOUR])

describe('measures', () => {
  it('of both sites are with both after some calls: days, hours, and the last minutes too', () => {
    measure('home', 3, 20)
    measure('offsite', 3, 50)
    const bytes = meet(MINUTE)
    expect(bytes).toBeLessThan(400_000)
    for (const site of ['home', 'offsite']) {
      const theirs = results[site]!.days('web.http', day(3), day(0)).filter((row) => row.site === other(site))
      expect(theirs.map(({ ok, median }) => [ok, median])).toContainEqual([96, site === 'home' ? 50 : 20])
      const recent = results[site]!.fiveMinutes('web.http', NOON - HOUR, NOON).filter((row) => row.site === other(site))
      expect(recent.map((row) => row.at)).toEqual([
        NOON - HOUR,
        NOON - 45 * MINUTE,
        NOON - 30 * MINUTE,
        NOON - 15 * MINUTE,
      ])
    }
  })

  it('cost next to nothing once they are in step, and say nothing twice', () => {
    measure('home', 3, 20)
    meet(MINUTE)
    const before = everything('offsite')
    expect(meet(10 * MINUTE)).toBeLessThan(160_000)
    expect(everything('offsite')).toEqual(before)
  })

  it('come all the same after the clock of who asks was months ahead for a moment', () => {
    measure('home', 3, 20)
    const parties = { own: 'offsite', other: 'home', isKnown: () => true }
    const ahead = now() + 60 * DAY
    at = ahead
    const wants = results.offsite!.wants(parties)
    at = now()
    const pieces = wants.map((want) => results.home!.offer(want, 'home')!)
    at = ahead
    for (const piece of pieces) results.offsite!.keep(piece, parties)
    at = now()
    meet(MINUTE)
    expect(results.offsite!.fiveMinutes('web.http', NOON - 4 * DAY, NOON)).toHaveLength(3 * 96)
  })

  it('come back to a site whose file was lost, as they were', () => {
    measure('home', 3, 20)
    measure('offsite', 2, 50)
    turn('home', { at: NOON - 60 * HOUR, state: 'operational' })
    turn('home', { at: NOON - 30 * HOUR, state: 'major_outage' })
    turn('home', { at: NOON - 29 * HOUR, state: 'operational' })
    const record = outageOf('web', NOON - 30 * HOUR, HOUR)
    turn('home', { at: NOON - 29 * HOUR, subject: 'outage', state: 'ended', sites: record })
    turn('home', { at: NOON - 50 * HOUR, subject: 'line', id: 'home', state: 'bad', sites: { layers: ['v4'] } })
    meet(2 * MINUTE)
    const [sums, stood] = [everything('home'), spans('home')]
    open(home)
    home.restart()
    turn('home', { at: now(), state: 'operational' })
    expect(spans('home')).toHaveLength(1)
    meet(2 * MINUTE)
    const missing = everything('home').map((rows, index) => sums[index]!.filter((row) => !rows.includes(row)))
    expect(missing.flat()).toEqual([])
    const gap = [
      ['unknown', -10 / 60],
      ['operational', 2 / 60],
    ]
    expect(spans('home')).toEqual([...stood, ...gap])
    expect(results.home!.changesOf('web', 'outage', 0, EVER).map(({ sites }) => sites)).toEqual([record])
    expect(results.home!.changesOf('home', 'line', 0, EVER)).toHaveLength(1)
    meet(20 * MINUTE)
    expect(spans('home')).toEqual([...stood, ...gap])
    expect(results.home!.changesOf('web', 'outage', 0, EVER)).toHaveLength(1)
  })

  it('of another site fill the time until a start without a file; what they leave was not measured', () => {
    measure('home', 2, 20)
    turn('home', { at: NOON - 40 * HOUR, state: 'operational' })
    turn('offsite', { at: NOON - 40 * HOUR, state: 'operational' })
    meet(2 * MINUTE)
    pass(5 * HOUR)
    at = now()
    turn('offsite', { at: now() - 2 * HOUR, state: 'unknown' })
    turn('offsite', { at: now() - HOUR, state: 'operational' })
    open(home)
    home.restart()
    turn('home', { at: now(), state: 'operational' })
    const start = (now() - NOON) / HOUR
    meet(2 * MINUTE)
    expect(spans('home')).toEqual([
      ['operational', -40],
      ['unknown', start - 2],
      ['operational', start - 1],
    ])
  })

  it('of another site stand where nothing was measured here, and nowhere else', () => {
    turn('home', { at: NOON - 10 * HOUR, state: 'operational' })
    turn('home', { at: NOON - 8 * HOUR, state: 'unknown' })
    turn('home', { at: NOON - 4 * HOUR, state: 'operational' })
    turn('offsite', { at: NOON - 20 * HOUR, state: 'operational' })
    turn('offsite', { at: NOON - 9 * HOUR, state: 'major_outage' })
    turn('offsite', { at: NOON - 7 * HOUR, state: 'operational' })
    turn('offsite', { at: NOON - 5 * HOUR, state: 'unknown' })
    meet(MINUTE)
    expect(spans('home')).toEqual([
      ['operational', -20],
      ['major_outage', -8],
      ['operational', -7],
      ['unknown', -5],
      ['operational', -4],
    ])
  })

  it('of thirty days apart are there within two minutes of slow calls for what pages draw, with bounds on the way', () => {
    measure('home', 18, 20)
    for (let n = 0; n < 600; n++)
      turn('home', { at: NOON - 18 * DAY + n * HOUR * 0.7, state: n % 2 ? 'operational' : 'major_outage' })
    expect(meet(2 * MINUTE)).toBeLessThan(2_000_000)
    expect(results.offsite!.days('web.http', day(19), day(0)).length).toBeGreaterThan(16)
    expect(results.offsite!.changesElsewhere('home', 'web', 'status', 0, EVER)).toHaveLength(600)
  })

  it('that no night has added up yet are all handed over, however many checks were looked at', () => {
    const file = results.home!
    const from = Math.floor((NOON - 2 * HOUR) / (5 * MINUTE))
    const ids = Array.from({ length: 300 }, (_, at) => `c${at}.http`)
    const outcome = { ok: true, note: '' } as const
    for (let slot = from; slot < from + 20; slot++) {
      const begun = slot * 5 * MINUTE
      for (const check of ids)
        file.look({ check, site: 'home', strand: null, at: begun, took: 20, phases: [], outcome } as never, false)
    }
    file.flush()
    const slots: number[] = []
    for (let place = from, more = true; more; ) {
      const piece: Piece = file.offer({ stream: 'five_minutes', site: 'home', from: place }, 'home')!
      slots.push(...piece.sums.map(({ slot }) => slot))
      ;({ next: place, more } = piece)
    }
    expect(slots).toHaveLength(ids.length * 20)
  })

  it('that were decided in one moment, or are long, are all handed over', () => {
    const many = Array.from({ length: 400 }, (_, at) => at)
    for (const n of many) turn('home', { at: NOON - HOUR, since: NOON - 2 * HOUR + n, state: 'major_outage' })
    for (const n of many) turn('home', { at: NOON - n, state: 'operational', sites: { note: 'x'.repeat(5_000) } })
    meet(2 * MINUTE)
    expect(results.offsite!.changesElsewhere('home', 'web', 'status', 0, EVER)).toHaveLength(2 * many.length)
  })

  it('that nobody asked for, of strangers, of the future or of unknown checks are not kept', () => {
    const sum = {
      slot: Math.floor(NOON / HOUR) - 1,
      check: 'web.http',
      strand: null,
      ok: 5,
      others: {},
      median: 1,
      p95: 2,
    }
    const offers = (piece: Partial<Piece>) => {
      offsite.measures = {
        ...offsite.measures,
        offer: (want) => ({ ...want, next: want.from + 1, more: false, sums: [], changes: [], ...piece }),
      }
      call(home, offsite)
      call(home, offsite)
      return everything('home').flat()
    }
    const line = {
      at: NOON - HOUR,
      subject: 'line',
      id: 'home',
      since: NOON,
      state: 'bad',
      rule: '',
      sites: { layers: ['v4'] },
    } as const
    const record = {
      ...line,
      subject: 'outage',
      id: 'web',
      state: 'down',
      sites: { id: 'web-1', service: 'web' },
    } as const
    expect(
      offers({
        stream: 'hours',
        sums: [
          { ...sum, check: 'nobody.http' },
          { ...sum, slot: sum.slot + 100 },
        ],
      }),
    ).toEqual([])
    pass(HOUR)
    expect(offers({ stream: 'hours', site: 'elsewhere', sums: [sum] })).toEqual([])
    pass(HOUR)
    expect(offers({ stream: 'changes', changes: [line, record] })).toEqual([])
    expect(results.home!.changesElsewhere('offsite', 'home', 'line', 0, EVER)).toEqual([])
    expect(results.home!.changesElsewhere('offsite', 'web', 'outage', 0, EVER)).toEqual([])
  })

  it('of this very site are kept for the time before its file was made, and no lie about what came after', () => {
    measure('home', 2, 20)
    const before = everything('home')
    const parties = { own: 'home', other: 'offsite', isKnown: () => true }
    const lie = { check: 'web.http', strand: null, ok: 4_000_000_000, others: {}, median: 9, p95: 9 }
    for (const [stream, length] of [
      ['days', DAY],
      ['hours', HOUR],
      ['five_minutes', 5 * MINUTE],
    ] as const) {
      const slots = [-0.5, 0, 0.5].map((days) => Math.floor((NOON + days * DAY) / length))
      const sums = slots.map((slot) => ({ ...lie, slot }))
      results.home!.keep({ stream, site: 'home', from: 0, next: 1, more: true, sums, changes: [] }, parties)
    }
    expect(everything('home')).toEqual(before)
    const slot = Math.floor((NOON - 21 * DAY) / HOUR)
    const sums = [{ ...lie, slot, ok: 60 }]
    results.home!.keep({ stream: 'hours', site: 'home', from: 0, next: 1, more: false, sums, changes: [] }, parties)
    expect(results.home!.hours('web.http', 0, NOON).filter(({ at }) => at === slot * HOUR)).toMatchObject([{ ok: 60 }])
  })

  it('of this very site come back up to a bound, also those of one moment', () => {
    const parties = { own: 'home', other: 'offsite', isKnown: () => true }
    const moment = NOON - 21 * DAY
    let from = 0
    for (let round = 0; round < 4; round++) {
      const changes = Array.from({ length: 1_000 }, (_, n): Change => {
        const since = moment - round * 1_000 - n
        return { at: moment, subject: 'status', id: 'web', since, state: 'unknown', rule: '', sites: {} }
      })
      results.home!.keep(
        { stream: 'changes', site: 'home', from, next: ++from, more: true, sums: [], changes },
        parties,
      )
    }
    expect(results.home!.changesOf('web', 'status', 0, EVER)).toHaveLength(2_000)
  })

  it('are kept up to a bound, and more than that is not left out silently', () => {
    results.home!.close()
    const db = new Sqlite(join(folders[0]!, 'results.db'))
    db.prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MOST_ELSEWHERE - 1})
       INSERT INTO elsewhere (site, subject, id, at, since, state, rule, sites)
       SELECT 'offsite', 'status', 'web', i, i, 'operational', '', 'null' FROM n`,
    ).run()
    db.close()
    results.home = openResults(folders[0]!, { now: () => at })
    const change = {
      at: NOON - HOUR,
      subject: 'status',
      id: 'web',
      since: NOON - HOUR,
      state: 'operational',
      rule: '',
      sites: {},
    }
    const keep = (later: number) => {
      const changes = [{ ...change, at: change.at + later, since: change.since + later } as Change]
      const piece: Piece = { stream: 'changes', site: 'offsite', from: 0, next: NOON, more: false, sums: [], changes }
      return results.home!.keep(piece, { own: 'home', other: 'offsite', isKnown: (id) => KNOWN.has(id) })
    }
    expect(keep(0)).toMatchObject({ rows: 1, full: false })
    expect(keep(1)).toMatchObject({ rows: 0, full: true })
  })

  it('never replace what is known by less', () => {
    measure('home', 2, 20)
    meet(MINUTE)
    const before = everything('offsite')
    const parties = { own: 'offsite', other: 'home', isKnown: () => true }
    for (const stream of ['days', 'hours', 'five_minutes'] as const) {
      const piece = results.offsite!.offer({ stream, site: 'home', from: 0 }, 'offsite')!
      expect(piece.sums.length).toBeGreaterThan(0)
      results.offsite!.keep({ ...piece, sums: piece.sums.map((sum) => ({ ...sum, ok: 0, median: 9 })) }, parties)
    }
    expect(everything('offsite')).toEqual(before)
  })
})
