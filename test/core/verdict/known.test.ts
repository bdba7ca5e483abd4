import { expect, it } from 'vitest'
import {
  type CheckKnown,
  eachOpinion,
  nothingKnownOf,
  opinionFor,
  withOpinionFor,
} from '../../../src/core/verdict/known.ts'
import { isSettled, noOpinion } from '../../../src/core/verdict/verdict.ts'
import { START } from '../letters.ts'
import { checkOf } from '../policy.ts'

const STRANDS = [null, 4, 6] as const

it('a look at one address family is about its own opinion, any look about the only one', () => {
  const [four, six, seen] = ['four', 'six', 'seen'].map((note) => ({ ...noOpinion(START), note }))
  const notes = (opinions: readonly { readonly note: string }[]) => opinions.map(({ note }) => note).join(' ')
  const both = { ...nothingKnownOf(checkOf('web.http', { family: 'both' }), START), opinions: [four!, six!] as const }
  expect(STRANDS.map((strand) => opinionFor(both, strand).note)).toEqual(['four', 'four', 'six'])
  expect(STRANDS.map((strand) => notes(withOpinionFor(both, strand, seen!)))).toEqual([
    'seen six',
    'seen six',
    'four seen',
  ])
  const one = { ...both, opinions: [four!] as const }
  expect(STRANDS.map((strand) => opinionFor(one, strand).note)).toEqual(['four', 'four', 'four'])
  expect(STRANDS.map((strand) => notes(withOpinionFor(one, strand, seen!)))).toEqual(['seen', 'seen', 'seen'])
  const named = (known: CheckKnown) =>
    notes(eachOpinion(known.opinions, (opinion, strand) => ({ ...opinion, note: `${strand}` })))
  expect([named(both), named(one)]).toEqual(['4 6', 'null'])
})

it.each([
  ['up', 0, true],
  ['degraded', 0, true],
  ['up', 1, false],
  ['down', 0, false],
  ['unknown', 0, false],
] as const)('%s with %i fails is settled: %s', (state, fails, settled) => {
  expect(isSettled({ state, fails })).toBe(settled)
})
