// Response times as lines: how they stood, how the slow ones did, and where looks failed.
import type { Point } from '../../core/history/almanac.ts'
import type { Instant, Millis } from '../../core/time/time.ts'

/** The drawing's own units; the page stretches it. */
export const PLOT_WIDTH = 1_000
export const PLOT_HEIGHT = 200

export interface Plot {
  /** What the upper edge stands for; the ground is nought. */
  readonly top: Millis
  /** Half of the looks were faster. Empty: there were no good ones. */
  readonly median: string
  /** Between the median and what nineteen of twenty looks stayed under. */
  readonly band: string
  /** A stroke on the ground for each stretch with failed looks. */
  readonly failed: string
  /** The slowest point that leaves the drawing, if one does. */
  readonly above: Point | null
}

export interface PlotSpan {
  readonly from: Instant
  readonly to: Instant
  /** Points stand in the middle of what they sum up: this long after their moment. */
  readonly middle: Millis
  /** Points further apart than this are not joined: between them nothing is known. */
  readonly apart: Millis
}

/** Draws points of one check, oldest first. Null when there is nothing to draw. */
export function plotOf(points: readonly Point[], span: PlotSpan): Plot | null {
  const shown = points.filter(({ at }) => at + span.middle >= span.from && at + span.middle <= span.to)
  if (shown.length === 0) return null
  const measured = shown.flatMap(({ at, median, p95 }) =>
    median === null ? [] : [{ at: at + span.middle, median, p95: Math.max(median, p95 ?? median) }],
  )
  const top = topOf(measured.map(({ p95 }) => p95))
  const x = (at: Instant) => Math.round(((at - span.from) / (span.to - span.from)) * PLOT_WIDTH)
  const y = (took: Millis) => Math.round(PLOT_HEIGHT * (1 - Math.min(1, took / top)))
  const runs: (typeof measured)[] = []
  for (const point of measured) {
    const run = runs.at(-1)
    if (run !== undefined && point.at - run.at(-1)!.at <= span.apart) run.push(point)
    else runs.push([point])
  }
  const slowest = shown.reduce<Point | null>((so, point) => ((point.p95 ?? 0) > (so?.p95 ?? top) ? point : so), null)
  return {
    top,
    median: runs.map((run) => line(run.map(({ at, median }) => [x(at), y(median)]))).join(''),
    band: runs.map((run) => area(run.map(({ at, median, p95 }) => [x(at), y(median), y(p95)]))).join(''),
    failed: shown
      .filter(({ failed }) => failed > 0)
      .map(({ at }) => `M${x(at + span.middle)} ${PLOT_HEIGHT}v-24`)
      .join(''),
    above: slowest,
  }
}

function line(points: readonly (readonly [number, number])[]): string {
  const [[x, y]] = points as [readonly [number, number]]
  if (points.length === 1) return `M${x - 2} ${y}h4`
  return `M${points.map(([px, py]) => `${px} ${py}`).join('L')}`
}

function area(points: readonly (readonly [number, number, number])[]): string {
  const wide =
    points.length > 1
      ? points
      : points.flatMap(([x, low, high]) => [[x - 2, low, high] as const, [x + 2, low, high] as const])
  const there = wide.map(([x, , high]) => `${x} ${high}`)
  const back = [...wide].reverse().map(([x, low]) => `${x} ${low}`)
  return `M${[...there, ...back].join('L')}z`
}

/** The first of 1, 2, 5, 10, 20 … milliseconds that holds 98 of 100: one look that hung doesn't flatten all others. */
function topOf(tooks: readonly Millis[]): Millis {
  const sorted = [...tooks].sort((a, b) => a - b)
  const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.98))] ?? 0
  for (let unit = 10; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (high * 1.1 <= unit * step) return unit * step
  }
}
