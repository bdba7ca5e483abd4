// What must never happen to an opinion, whatever is seen.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judge, noOpinion, type Opinion } from '../../../src/core/verdict/verdict.ts'
import { LOOKS, lookAt, opinionsAfter, START, when } from '../looks.ts'
import { RULE } from '../policy.ts'

describe('an opinion', () => {
  const word = fc.constantFrom(...Object.keys(LOOKS))
  const words = fc.array(word, { minLength: 1, maxLength: 60 }).map((list) => list.join(' '))

  it('a restart between any two looks changes nothing', () => {
    fc.assert(
      fc.property(words, (looks) => {
        const straight = opinionsAfter(looks)
        let opinion = noOpinion(START)
        looks.split(' ').forEach((one, index) => {
          const [seen, ours] = lookAt(one, when(index))
          opinion = judge(JSON.parse(JSON.stringify(opinion)) as Opinion, seen, RULE, ours)
          expect(opinion).toEqual(straight[index])
        })
      }),
    )
  })

  it('down is only said right after three fails that counted, in a row', () => {
    const counts = ['fail', 'nopath', 'expired', 'fail-wrong-clock']
    fc.assert(
      fc.property(words, (looks) => {
        const list = looks.split(' ').filter((one) => one !== 'overload')
        if (list.length === 0) return
        const states = opinionsAfter(list.join(' ')).map(({ state }) => state)
        states.forEach((state, index) => {
          if (state !== 'down' || states[index - 1] === 'down') return
          expect(list.slice(Math.max(0, index - 2), index + 1).every((one) => counts.includes(one))).toBe(true)
          expect(index).toBeGreaterThanOrEqual(2)
        })
      }),
    )
  })

  it('no look over a bad or tainted line ever makes it down or degraded', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('blind-fail', 'blind-ok', 'tainted-fail', 'tainted-ok', 'busy', 'expired?')),
        (list) => {
          if (list.length === 0) return
          for (const { state } of opinionsAfter(list.join(' '))) expect(['up', 'unknown']).toContain(state)
        },
      ),
    )
  })
})
