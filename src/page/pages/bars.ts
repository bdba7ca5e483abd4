// Ninety days as bars: one path a layer, so that a page of thirty services stays small. A day is built from the ground:
// what was broken stands at the bottom, in its measure but never too small to see; what nobody measured hangs from the top.
import type { DayPicture } from '../../core/history/day-picture.ts'
import type { Tally } from '../../core/history/history.ts'
import { MINUTE, type Millis } from '../../core/time/time.ts'

/**
 * From the ground up. `whole` days, and those before the first measure (`none`), are lines to be dashed a day long, whole
 * runs of them in a few letters; the others are boxes to be filled.
 */
const LAYERS = ['outage', 'partial', 'degraded', 'maintenance', 'operational', 'blind', 'whole', 'none'] as const

export type Layer = (typeof LAYERS)[number]

export interface Bars {
  /** Of the drawing: `0 0 width height`. */
  readonly width: number
  readonly height: number
  /** One path for each layer that is there, in the order of `LAYERS`. */
  readonly paths: readonly { readonly layer: Layer; readonly d: string }[]
}

/** A day is this wide with the space after it, and its bar this wide. */
export const STEP = 4
const WIDE = 3
export const HIGH = 24
const NONE_HEIGHT = 2

/** What a day may be in part, other than well. */
export type Part = 'outage' | 'partial' | 'degraded' | 'maintenance' | 'blind'

export const PARTS: readonly Part[] = ['outage', 'partial', 'degraded', 'maintenance', 'blind']

/** However short, it is seen: an outage from its first second, the others from a minute on. */
const LEAST_HEIGHT: Readonly<Record<Part, number>> = { outage: 10, partial: 8, degraded: 6, maintenance: 6, blind: 6 }
/** All of them on one day share this much. */
const MOST_LEAST = 18
const LEAST_LENGTH: Readonly<Record<Part, Millis>> = {
  outage: 1,
  partial: 1,
  degraded: MINUTE,
  maintenance: MINUTE,
  blind: MINUTE,
}

interface Block {
  readonly layer: Layer
  readonly top: number
  readonly height: number
}

/** What there is to tell of a day. */
export function partsOf(tally: Tally): readonly Part[] {
  return PARTS.filter((part) => tally[part] >= LEAST_LENGTH[part])
}

/** A picture's days are gone through once, however many pages show them. */
const troubled = new WeakMap<readonly DayPicture[], readonly DayPicture[]>()

/** Those of which there is something to tell, in the same order. */
export function troubledOf(days: readonly DayPicture[]): readonly DayPicture[] {
  const isTroubled = ({ tally }: DayPicture) =>
    tally !== null && PARTS.some((part) => tally[part] >= LEAST_LENGTH[part])
  const known = troubled.get(days) ?? days.filter(isTroubled)
  troubled.set(days, known)
  return known
}

/** Draws days, oldest on the left. */
export function barsOf(days: readonly DayPicture[]): Bars {
  const paths = new Map<Layer, { d: string; x: number; y: number }>()
  for (const { layer, from, count } of runsOf(days)) {
    const middle = layer === 'none' ? HIGH - NONE_HEIGHT / 2 : HIGH / 2
    const d = `M${from * STEP} ${middle}h${count * STEP - (STEP - WIDE)}`
    paths.set(layer, { d: `${paths.get(layer)?.d ?? ''}${d}`, x: 0, y: 0 })
  }
  for (const day of troubledOf(days)) {
    const x = days.indexOf(day) * STEP
    for (const { layer, top, height } of blocksOf(day.tally!)) {
      const path = paths.get(layer) ?? { d: '', x: 0, y: 0 }
      const move = path.d === '' ? `M${x} ${top}` : `m${x - path.x} ${top - path.y}`
      paths.set(layer, { d: `${path.d}${move}h${WIDE}v${height}h-${WIDE}z`, x, y: top })
    }
  }
  return {
    width: Math.max(1, days.length * STEP - (STEP - WIDE)),
    height: HIGH,
    paths: LAYERS.flatMap((layer) => {
      const path = paths.get(layer)
      return path === undefined ? [] : [{ layer, d: path.d }]
    }),
  }
}

/** Days in a row of which there is nothing to tell. */
function runsOf(days: readonly DayPicture[]) {
  const runs: { layer: Layer; from: number; count: number }[] = []
  const told = new Set(troubledOf(days))
  days.forEach((day, at) => {
    if (told.has(day)) return
    const layer = day.tally === null ? 'none' : 'whole'
    const run = runs.at(-1)
    if (run?.layer === layer && run.from + run.count === at) run.count++
    else runs.push({ layer, from: at, count: 1 })
  })
  return runs
}

/** One troubled day's blocks: whole units that fill the height, a unit of air above each that is not green. */
function blocksOf(tally: Tally): readonly Block[] {
  const parts = partsOf(tally)
  const whole = tally.measured + tally.blind + tally.maintenance
  const wanted = parts.reduce((sum, layer) => sum + LEAST_HEIGHT[layer], 0)
  const leastOf = (layer: Part) => Math.floor(LEAST_HEIGHT[layer] * Math.min(1, MOST_LEAST / Math.max(1, wanted)))
  const least = parts.reduce((sum, layer) => sum + leastOf(layer), 0)
  const heights = new Map<Layer, number>(
    parts.map((layer) => [layer, leastOf(layer) + Math.floor(((HIGH - least) * tally[layer]) / Math.max(1, whole))]),
  )
  const taken = [...heights.values()].reduce((sum, height) => sum + height, 0)
  const well = tally.measured - tally.outage - tally.partial - tally.degraded
  const largest = parts.reduce<Layer>(
    (so, layer) => (heights.get(layer)! > (heights.get(so) ?? 0) ? layer : so),
    'blind',
  )
  if (well >= MINUTE) heights.set('operational', HIGH - taken)
  else heights.set(largest, heights.get(largest)! + HIGH - taken)

  const blocks: Block[] = []
  let ground = HIGH
  for (const layer of LAYERS) {
    const height = heights.get(layer) ?? 0
    if (height === 0) continue
    const air = ground - height > 0 ? 1 : 0
    if (height > air) blocks.push({ layer, top: ground - height + air, height: height - air })
    ground -= height
  }
  return blocks
}
