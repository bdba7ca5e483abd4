// The time a service was measured down. Rows are the sentences of "Changes".
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isForMembers, recordOf } from '../../../src/core/history/outage-record.ts'
import { MINUTE, SECOND } from '../../../src/core/time/time.ts'
import type { Agreement } from '../../../src/core/verdict/agreement.ts'
import { begunAt, followOutage, type Outage } from '../../../src/core/verdict/outage.ts'
import type { State } from '../../../src/core/verdict/state.ts'

const START = Date.UTC(2026, 10, 23, 9)
const MAIL = { service: 'mail', audience: 'members', planned: false } as const

/** `down@-30` is a check that is down since 30 s before the step. */
function agreements(words: string, now: number): ReadonlyMap<string, Agreement> {
  return new Map(
    words.split(' ').map((word, index) => {
      const [state, back] = word.split('@-') as [State, string?]
      const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' } as const
      const since = now - Number(back ?? 0) * SECOND
      return [`mail.${index}`, { state, since, reason: null, confidence, rule: '1', disagreeSince: null }]
    }),
  )
}

/** Steps a minute apart; an ended outage is over with its step. */
function follow(...steps: readonly string[]): Outage | null {
  let outage: Outage | null = null
  steps.forEach((words, index) => {
    const now = START + index * MINUTE
    outage = followOutage(outage?.ended == null ? outage : null, MAIL, agreements(words, now), now)
  })
  return outage
}

const rows: readonly (readonly [readonly string[], 'none' | 'open' | 'over', string])[] = [
  [['up up'], 'none', 'all well opens nothing'],
  [['down up'], 'open', 'opens with down'],
  [['partial up'], 'open', 'opens with partial'],
  [['unknown up'], 'none', 'unknown opens nothing'],
  [['degraded degraded'], 'none', 'degraded opens nothing'],
  [['down', 'up'], 'over', 'ends when the check is up'],
  [['down', 'degraded'], 'over', 'ends when the check is degraded'],
  [['partial', 'up'], 'over', 'a partial one ends as well'],
  [['down', 'unknown'], 'open', 'unknown ends nothing'],
  [['down', 'unknown', 'up'], 'over', 'ends when the check is up after it was unknown'],
  [['down', 'unknown', 'down'], 'open', 'goes on when the check is down after it was unknown'],
  [['down', 'partial'], 'open', 'goes on as partial'],
  [['down up', 'up down'], 'open', 'goes on when another check falls meanwhile'],
  [['down up', 'up down', 'up up'], 'over', 'ends when every check that fell is back'],
  [['down up', 'up unknown'], 'over', 'does not wait for a check that never fell'],
  [['down down', 'up unknown'], 'open', 'waits for every check that fell'],
  [['down up', 'down unknown', 'up unknown'], 'over', 'a check that turned unknown meanwhile did not fall'],
]

describe('an outage', () => {
  for (const [steps, wanted, sentence] of rows) {
    it(sentence, () => {
      const outage = follow(...steps)
      expect(outage === null ? 'none' : outage.ended === null ? 'open' : 'over').toBe(wanted)
    })
  }

  it('starts at the first failed look and knows when it was sure', () => {
    expect(follow('down@-45 partial@-50')).toMatchObject({
      since: START - 50 * SECOND,
      opened: START,
      confirmed: true,
      confirmedAt: START,
      checks: ['mail.0', 'mail.1'],
      ended: null,
    })
  })

  it('is confirmed from the moment a check is down, and for good', () => {
    expect(follow('partial')).toMatchObject({ confirmed: false, confirmedAt: null })
    expect(follow('partial', 'partial', 'down')).toMatchObject({ confirmed: true, confirmedAt: START + 2 * MINUTE })
    expect(follow('down', 'partial')).toMatchObject({ confirmed: true, confirmedAt: START })
    expect(follow('partial partial', 'down partial')).toMatchObject({ confirmed: true, confirmedAt: START + MINUTE })
  })

  it('begins earlier when a check that joins had failed earlier', () => {
    expect(follow('down@-10 up', 'down@-70 down@-90')).toMatchObject({
      since: START - 30 * SECOND,
      checks: ['mail.0', 'mail.1'],
    })
  })

  it('begins earlier when another site had seen the same check fail earlier', () => {
    expect(follow('down@-30', 'down@-100')).toMatchObject({ since: START - 40 * SECOND, opened: START })
  })

  it('ends at the first good look of the check that came back last', () => {
    expect(follow('down down', 'up@-40 up@-20')?.ended).toBe(START + 40 * SECOND)
    expect(follow('down', 'degraded@-15')?.ended).toBe(START + 45 * SECOND)
    expect(follow('down down', 'up@-40 degraded@-20')?.ended).toBe(START + 40 * SECOND)
  })

  it('never ends before it began', () => {
    expect(follow('down@-5', 'up@-600')?.ended).toBe(START - 5 * SECOND)
  })

  it('is planned as long as all of it was under maintenance', () => {
    const worked = { ...MAIL, planned: true }
    const begun = followOutage(null, worked, agreements('down', START), START)
    const still = followOutage(begun, worked, agreements('down', START + MINUTE), START + MINUTE)
    expect([begun?.planned, still?.planned]).toEqual([true, true])
    const after = followOutage(still, MAIL, agreements('down', START + 2 * MINUTE), START + 2 * MINUTE)
    expect(after).toMatchObject({ id: begun?.id, planned: false, since: begun?.since })
    expect(followOutage(after, worked, agreements('down', START + 3 * MINUTE), START + 3 * MINUTE)?.planned).toBe(false)
  })

  describe('that outlasts planned work', () => {
    const at = (minutes: number) => START + minutes * MINUTE
    const worked = { ...MAIL, planned: true }
    const begun = followOutage(null, worked, agreements('down@-30', at(0)), at(0))
    const after = followOutage(begun, MAIL, agreements('down@-630', at(10)), at(10))!

    it('begins for people where the work ended, and for what explains it where it fell', () => {
      expect(begunAt(begun!)).toBe(at(0) - 30 * SECOND)
      expect([after.planned, after.since, begunAt(after)]).toEqual([false, at(0) - 30 * SECOND, at(10)])
      const again = followOutage(after, worked, agreements('down@-690', at(11)), at(11))!
      const later = followOutage(again, MAIL, agreements('down@-750', at(12)), at(12))!
      expect(begunAt(later), 'other work meanwhile moves it no more').toBe(at(10))
    })

    it('is kept, and ends, as that', () => {
      const ended = followOutage(after, MAIL, agreements('up', at(30)), at(30))!
      const affected = {
        confidence: { confirmed: 1, of: 1, sites: [], note: 'one_site' },
        rule: '1',
        checks: [],
      } as never
      const record = recordOf(ended, after, affected)!
      expect(record).toMatchObject({ id: begun!.id, since: at(10), opened: at(10), ended: at(30), outlasted: true })
      expect(isForMembers(record)).toBe(true)
      expect(recordOf(after, begun, affected), 'when the work ends').toMatchObject({
        since: at(10),
        ended: null,
        outlasted: true,
      })
      expect(recordOf(begun!, null, affected), 'while it goes on').not.toHaveProperty('outlasted')
    })

    it('by no more than the looks that make sure of its end was planned', () => {
      const ended = followOutage(after, MAIL, agreements('up@-40', at(10) + 30 * SECOND), at(10) + 30 * SECOND)!
      expect(ended).toMatchObject({ planned: true, since: begun!.since, ended: at(10) - 10 * SECOND })
      expect(begunAt(ended)).toBe(begun!.since)
    })
  })

  it('ends with a check that is no longer configured', () => {
    const open = followOutage(null, MAIL, agreements('down', START), START)
    expect(followOutage(open, MAIL, new Map(), START + MINUTE)?.ended).toBe(START + MINUTE)
  })

  it('has a name of its own for ever', () => {
    const at = (now: number, audience: 'members' | 'admins' = 'members') =>
      followOutage(null, { service: 'mail', audience, planned: false }, agreements('down', now), now)!.id
    expect(new Set([at(START), at(START + 1), at(START + 999), at(START, 'admins')]).size).toBe(4)
    expect(at(START)).toMatch(/^mail-[a-z0-9]+$/)
    expect(follow('down', 'down')?.id).toBe(at(START))
  })

  it('has no end while anything that fell is down, partial or unknown, and no beginning without a down or partial', () => {
    const state = fc.constantFrom('up', 'degraded', 'partial', 'down', 'unknown')
    fc.assert(
      fc.property(fc.array(fc.tuple(state, state, state), { minLength: 1, maxLength: 20 }), (steps) => {
        const fell = new Set<number>()
        steps.forEach((states, index) => {
          const outage = follow(...steps.slice(0, index + 1).map((one) => one.join(' ')))
          const open = () => [...fell].some((at) => !['up', 'degraded'].includes(states[at]!))
          states.forEach((one, at) => {
            if (one === 'down' || one === 'partial') fell.add(at)
          })
          expect(outage !== null && outage.ended === null).toBe(open())
          if (!open()) fell.clear()
        })
      }),
    )
  })

  it('is the same after a restart between any two steps', () => {
    const state = fc.constantFrom('up@-3', 'degraded', 'partial@-9', 'down@-30', 'unknown')
    fc.assert(
      fc.property(fc.array(fc.tuple(state, state), { minLength: 1, maxLength: 15 }), (steps) => {
        let outage: Outage | null = null
        steps.forEach((words, index) => {
          const now = START + index * MINUTE
          const before: Outage | null =
            outage?.ended == null ? (JSON.parse(JSON.stringify(outage)) as Outage | null) : null
          outage = followOutage(before, MAIL, agreements(words.join(' '), now), now)
          expect(outage).toEqual(follow(...steps.slice(0, index + 1).map((one) => one.join(' '))))
        })
      }),
    )
  })
})
