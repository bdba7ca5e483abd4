import { describe, expect, test } from 'vitest'
import type { Point } from '../../../src/core/history/almanac.ts'
import { MINUTE } from '../../../src/core/time/time.ts'
import { PLOT_HEIGHT, PLOT_WIDTH, plotOf } from '../../../src/page/pages/plot.ts'

const at = (minutes: number, median: number | null, p95 = median, failed = 0): Point => ({
  at: minutes * MINUTE,
  good: median === null ? 0 : 5,
  failed,
  median,
  p95,
})
const span = { from: 0, to: 100 * MINUTE, middle: 0, apart: 12 * MINUTE }

describe('a plot', () => {
  test('puts time on one axis and answers on the other, the ground at nought', () => {
    const plot = plotOf([at(0, 50), at(10, 100), at(20, 0)], span)!
    expect(plot.top).toBe(200)
    expect(plot.median).toBe(`M0 150L100 100L200 ${PLOT_HEIGHT}`)
    expect(plotOf([at(95, 50), at(100, 50)], span)!.median).toBe(`M950 100L${PLOT_WIDTH} 100`)
  })

  test('draws the band from the median up to what nineteen of twenty stayed under', () => {
    expect(plotOf([at(0, 50, 80), at(10, 50, 90)], span)!.band).toBe('M0 40L100 20L100 100L0 100z')
  })

  test('joins nothing over a time without looks, and shows a lone point', () => {
    const plot = plotOf([at(0, 50), at(10, 50), at(50, 50)], span)!
    expect(plot.median).toBe('M0 100L100 100M498 100h4')
  })

  test('marks failures on the ground, also where nothing answered', () => {
    const plot = plotOf([at(10, null, null, 3)], span)!
    expect([plot.median, plot.band, plot.failed]).toEqual(['', '', `M100 ${PLOT_HEIGHT}v-24`])
  })

  test('is not flattened by one look that hung, and says so', () => {
    const points = Array.from({ length: 100 }, (_, n) => at(n, 40, n === 60 ? 9_000 : 60))
    const plot = plotOf(points, span)!
    expect(plot.top).toBe(100)
    expect(plot.above).toMatchObject({ p95: 9_000 })
    expect(plot.band).not.toContain(' -')
  })

  test('is none without points in its time', () => {
    expect(plotOf([], span)).toBeNull()
    expect(plotOf([at(-5, 50), at(101, 50)], span)).toBeNull()
  })
})
