import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DayPicture } from '../../../src/core/history/day-picture.ts'
import type { Tally } from '../../../src/core/history/history.ts'
import { DAY, HOUR, MINUTE } from '../../../src/core/time/time.ts'
import { barsOf, HIGH, STEP, troubledOf } from '../../../src/page/pages/bars.ts'
import { daysWords, dayWords } from '../../../src/page/words/day-words.ts'

function dayOf(changes: Partial<Tally> = {}): DayPicture {
  const { blind = 0, maintenance = 0 } = changes
  const rest = { outage: 0, partial: 0, degraded: 0, blind, maintenance, measured: DAY - blind - maintenance }
  return { date: '2026-11-23', from: 0, tally: { ...rest, ...changes } }
}

const BEFORE: DayPicture = { date: '2026-11-22', from: 0, tally: null }

/** Every rectangle of a path, in the drawing's own units. */
function boxesOf(d: string) {
  let x = 0
  let y = 0
  return [...d.matchAll(/([Mm])(-?\d+) (-?\d+)h(\d+)v(\d+)h-(\d+)z/g)].map(([, move, dx, dy, width, height, back]) => {
    x = move === 'M' ? Number(dx) : x + Number(dx)
    y = move === 'M' ? Number(dy) : y + Number(dy)
    expect(back).toBe(width)
    return { x, y, width: Number(width), height: Number(height) }
  })
}

describe('bars', () => {
  test('are one path a layer, whole days drawn alike', () => {
    const { paths, width } = barsOf([BEFORE, dayOf(), dayOf(), dayOf({ outage: 17 * MINUTE })])
    expect(width).toBe(4 * STEP - 1)
    expect(paths.map(({ layer }) => layer)).toEqual(['outage', 'operational', 'whole', 'none'])
    expect(paths[1]!.d).toMatch(/^M12 0h3v\d+h-3z$/)
    expect(paths.slice(2).map(({ d }) => d)).toEqual(['M4 12h7', 'M0 23h3'])
  })

  test('show what was broken at the ground, in its measure but never too small to see', () => {
    const outage = (length: number) => boxesOf(barsOf([dayOf({ outage: length })]).paths[0]!.d)[0]!
    for (const length of [1, 17 * MINUTE, 6 * HOUR]) expect(outage(length).y + outage(length).height).toBe(HIGH)
    expect(outage(1).height).toBeGreaterThanOrEqual(8)
    expect(outage(6 * HOUR).height).toBeGreaterThan(outage(HOUR).height)
    expect(outage(DAY).height).toBe(HIGH)
  })

  test('hang what nobody measured from the top', () => {
    const blind = barsOf([dayOf({ blind: 3 * HOUR })]).paths.find(({ layer }) => layer === 'blind')!
    expect(boxesOf(blind.d)[0]!.y).toBe(0)
    expect(barsOf([dayOf({ blind: DAY, measured: 0 })]).paths.map(({ layer }) => layer)).toEqual(['blind'])
  })

  test('of any day stay inside, never overlap, and leave nothing out', () => {
    const lengths = fc.record({
      outage: fc.integer({ min: 0, max: 6 }),
      partial: fc.integer({ min: 0, max: 6 }),
      degraded: fc.integer({ min: 0, max: 6 }),
      blind: fc.integer({ min: 0, max: 6 }),
      maintenance: fc.integer({ min: 0, max: 6 }),
    })
    fc.assert(
      fc.property(
        lengths.filter((hours) => Object.values(hours).some((of) => of > 0)),
        fc.integer({ min: 0, max: 5 }),
        (hours, well) => {
          const long = Object.fromEntries(Object.entries(hours).map(([part, of]) => [part, of * HOUR])) as typeof hours
          const measured = long.outage + long.partial + long.degraded + well * HOUR
          const { paths } = barsOf([dayOf({ ...long, measured })])
          const boxes = paths.flatMap(({ d }) => boxesOf(d)).sort((a, b) => a.y - b.y)
          let top = 0
          for (const { y, height } of boxes) {
            expect(height).toBeGreaterThan(0)
            expect(y).toBeGreaterThanOrEqual(top)
            top = y + height
          }
          expect(top).toBe(HIGH)
          const drawn = paths.map(({ layer }) => layer as string)
          for (const [part, of] of Object.entries(hours)) expect(drawn.includes(part)).toBe(of > 0)
        },
      ),
    )
  })
})

describe('days in words', () => {
  const plain = (text: string) => text.replaceAll('\u00a0', ' ')

  test('say what the bars show in one sentence', () => {
    const days = [BEFORE, dayOf(), dayOf({ outage: 17 * MINUTE, blind: 3 * HOUR }), dayOf({ outage: HOUR })]
    expect(plain(daysWords(days, 'fr'))).toBe(
      '4 jours : 1 sans incident, 2 avec panne (1 h 17 min), 1 avec un temps sans mesure (3 h), 1 d’avant nos mesures.',
    )
    expect(daysWords([BEFORE], 'en')).toBe('Not measured yet.')
  })

  test('say of one day what it had', () => {
    expect(plain(dayWords(dayOf({ partial: 5 * MINUTE, maintenance: HOUR }), 'en'))).toBe(
      '5 min partly down, 1 h under maintenance',
    )
    expect(dayWords(dayOf(), 'fr')).toBe('Rien à signaler')
    const fallen = dayOf({ outage: 1 })
    expect(troubledOf([BEFORE, dayOf({ blind: 30_000 }), fallen, dayOf()])).toEqual([fallen])
  })
})
