import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compare, type Hlc, tick, type Unsealed } from '../../../src/core/ledger/entry.ts'

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 })

describe('the clock of entries', () => {
  it('follows the wall clock while that goes forward', () => {
    expect(tick(null, 1000.7)).toEqual({ at: 1000, count: 0 })
    expect(tick({ at: 1000, count: 5 }, 1001)).toEqual({ at: 1001, count: 0 })
  })

  it('goes on counting when the wall clock stands or jumps back', () => {
    expect(tick({ at: 1000, count: 5 }, 1000)).toEqual({ at: 1000, count: 6 })
    expect(tick({ at: 1000, count: 5 }, 0)).toEqual({ at: 1000, count: 6 })
  })

  it('never runs backwards, whatever the wall clock does', () => {
    fc.assert(
      fc.property(fc.array(instant, { minLength: 2 }), (moments) => {
        const clocks: Hlc[] = []
        for (const now of moments) clocks.push(tick(clocks.at(-1) ?? null, now))
        return clocks.every((hlc, i) => i === 0 || compare(said(clocks[i - 1]!), said(hlc)) < 0)
      }),
    )
  })
})

describe('the order of entries', () => {
  it('is by clock, then origin, then number', () => {
    const list = [
      said({ at: 1, count: 0 }, 'b', 9),
      said({ at: 1, count: 1 }, 'a'),
      said({ at: 1, count: 1 }, 'b'),
      said({ at: 1, count: 1 }, 'b', 2),
      said({ at: 2, count: 0 }, 'a'),
    ]
    fc.assert(
      fc.property(fc.shuffledSubarray(list, { minLength: list.length }), (mixed) => {
        expect([...mixed].sort(compare)).toEqual(list)
      }),
    )
  })
})

function said(hlc: Hlc, origin = 'home', seq = 1): Unsealed {
  return { origin, seq, hlc, seen: {}, type: 't', payload: new Uint8Array(), prev: '' }
}
