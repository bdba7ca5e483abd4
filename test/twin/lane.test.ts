import { expect, it } from 'vitest'
import type { Piece, Want } from '../../src/core/history/measure.ts'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { answering, asking, createLane, hearing } from '../../src/twin/lane.ts'

const WANT: Want = { stream: 'five_minutes', site: 'home', from: 0 }
const SUM = { slot: 1, check: 'web.http', strand: null, ok: 5, others: {}, median: 1, p95: 2 }
const FULL: Piece = { ...WANT, next: 1, more: true, sums: Array.from({ length: 5_000 }, () => SUM), changes: [] }

it('answers a site that never stops asking no more than a lost month at once, and then 2 MB a minute', () => {
  const lane = createLane()
  let rows = 0
  const ask = (from: number, to: number) => {
    for (let ticks = from; ticks < to; ticks += 50) {
      hearing(lane, { wants: [WANT, { ...WANT, site: 'offsite' }], pieces: [] }, () => true, ticks)
      for (const { sums } of answering(lane, (want) => ({ ...FULL, ...want }), ticks)) rows += sums.length
    }
  }
  ask(0, 5 * MINUTE)
  expect(rows * 30).toBeLessThan(46e6)
  rows = 0
  ask(5 * MINUTE, 10 * MINUTE)
  expect(rows * 30).toBeLessThan(11e6)
  expect(rows * 30).toBeGreaterThan(8e6)
})

it('leaves two thirds of the time free, however slow the line is', () => {
  const lane = createLane()
  for (const took of [100, 5 * SECOND]) {
    const now = lane.due === Number.NEGATIVE_INFINITY ? 0 : lane.due
    expect(asking(lane, () => [WANT], now)).toEqual([WANT])
    hearing(lane, { wants: [], pieces: [FULL] }, () => true, now + took)
    expect(asking(lane, () => [WANT], now + 3 * took - 1)).toEqual([])
    expect(lane.due).toBe(now + 3 * took)
  }
})
