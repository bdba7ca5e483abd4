// What must never happen to an agreement, whatever any number of sites say.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../../src/core/time/time.ts'
import type { Agreement } from '../../../src/core/verdict/agreement.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { tries } from '../../tries.ts'
import { agreed, DOWN, disagreed, NOW, UP } from '../voices.ts'

describe('an agreement', () => {
  const word = fc.tuple(
    fc.constantFrom('up', 'up1', 'degraded', 'down1', 'down3', 'down7', 'down8', 'down20', 'unknown', 'unheard'),
    fc.constantFrom('', '-road', '-line', '-road-line'),
  )
  const sites = fc.array(word, { minLength: 1, maxLength: 4 }).map((list) => list.map((parts) => parts.join('')))
  const befores = fc.constantFrom(
    null,
    UP,
    DOWN,
    agreed('unknown unknown'),
    agreed('degraded degraded'),
    agreed('up down3', UP, NOW - 30 * SECOND),
    agreed('up down3', DOWN, NOW - 30 * SECOND),
    disagreed('up down3', 0),
    agreed('up down3', agreed('up down3', UP, NOW - 11 * MINUTE), NOW),
    agreed('up down3-road', UP, NOW - 5 * MINUTE),
  )
  const green = (state: State) => state === 'up' || state === 'degraded'

  it('something is agreed whatever is said, it never begins in the future, and sites are counted right', () => {
    fc.assert(
      fc.property(befores, sites, (before, words) => {
        const said = agreed(words.join(' '), before)
        expect(['up', 'degraded', 'partial', 'down', 'unknown']).toContain(said.state)
        expect(said.since).toBeLessThanOrEqual(NOW)
        expect(said.confidence.confirmed).toBeLessThanOrEqual(said.confidence.of)
        expect(said.confidence.of).toBeLessThanOrEqual(words.length)
        expect(said.confidence.sites).toHaveLength(said.confidence.confirmed)
        if (said.confidence.note === 'confirmed') expect(said.confidence.confirmed).toBeGreaterThanOrEqual(2)
      }),
      tries(500),
    )
  })

  it('adding an unknown site never turns green to red', () => {
    fc.assert(
      fc.property(befores, sites, fc.constantFrom('unknown', 'unheard', 'unknown-line'), (before, words, added) => {
        if (!green(agreed(words.join(' '), before).state)) return
        expect(green(agreed([...words, added].join(' '), before).state)).toBe(true)
      }),
      tries(2000),
    )
  })

  it('adding a down never turns red to green', () => {
    fc.assert(
      fc.property(befores, sites, fc.constantFrom('down1', 'down3', 'down8', 'down3-road'), (before, words, added) => {
        if (agreed(words.join(' '), before).state !== 'down') return
        expect(green(agreed([...words, added].join(' '), before).state)).toBe(false)
      }),
      tries(2000),
    )
  })

  it('down needs two that say so, one alone with eight fails and a good path, or a single site', () => {
    fc.assert(
      fc.property(sites, (words) => {
        if (agreed(words.join(' '), UP).state !== 'down') return
        const downs = words.filter((one) => one.startsWith('down') && !one.includes('line'))
        const alone = downs.some((one) => Number(/\d+/.exec(one)?.[0]) >= 8 && !one.includes('road'))
        expect(downs.length >= 2 || alone || (words.length === 1 && downs.length === 1)).toBe(true)
      }),
      tries(2000),
    )
  })

  it('a restart between any two steps changes nothing', () => {
    fc.assert(
      fc.property(fc.array(sites, { minLength: 2, maxLength: 8 }), (steps) => {
        let straight: Agreement | null = null
        let restarted: Agreement | null = null
        steps.forEach((words, index) => {
          const now = NOW + index * 25 * SECOND
          straight = agreed(words.join(' '), straight, now)
          restarted = agreed(words.join(' '), JSON.parse(JSON.stringify(restarted)) as Agreement | null, now)
          expect(restarted).toEqual(straight)
        })
      }),
    )
  })
})
