import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/time/time.ts'
import { unprovenLine } from '../../../src/core/verdict/blindness.ts'
import { followSpells } from '../../../src/core/verdict/spell.ts'
import type { Peer } from '../../../src/core/verdict/word.ts'
import { peerOf } from '../peers.ts'
import { POLICY } from '../policy.ts'

const LINE = unprovenLine(new Map([['v4', 2]]), 0)
const BAD = { ...LINE, layers: { v4: { good: false, since: 0, lastBad: 0 } } }
const GOOD = { ...LINE, layers: { v4: { good: true, since: 30 * MINUTE, lastBad: 0 } } }

/** The letters of a line that is bad for half an hour. */
function told(peers: readonly Peer[]): readonly string[] {
  const begun = followSpells([], BAD, POLICY, 0, peers)
  const lasted = followSpells(begun.spells, BAD, POLICY, 10 * MINUTE, peers)
  const over = followSpells(lasted.spells, GOOD, POLICY, 30 * MINUTE, peers)
  return [...begun.letters, ...lasted.letters, ...over.letters].map(({ key }) => key)
}

const conditionOf = (since: number | null, mails = true) => ({
  ...peerOf('offsite').condition!,
  mails,
  blind: since === null ? null : { since, layers: ['v4'] },
})

describe('our own line that stays bad', () => {
  it('is told, and its end, where there is one site', () => {
    expect(told([])).toEqual(['blind:0', 'blind:0:over'])
  })

  it('is left to another site that hears us, sees and can mail', () => {
    expect(told([peerOf('offsite')])).toEqual(['blind:0:over'])
    expect(told([peerOf('offsite', {}, { condition: conditionOf(0) })])).toEqual(['blind:0', 'blind:0:over'])
    expect(told([peerOf('offsite', {}, { condition: conditionOf(null, false) })])).toEqual(['blind:0', 'blind:0:over'])
  })

  it('is told when it is over where nobody is heard: nothing gets out before', () => {
    expect(told([peerOf('offsite', {}, { heard: false })])).toEqual(['blind:0:over'])
  })
})

it('goes on over a restart, and its end is told when the line is judged again', () => {
  const spells = [{ from: 0, to: null, layers: ['v4'], told: true }]
  const started = followSpells(spells, LINE, POLICY, 30 * MINUTE, [])
  expect(started).toEqual({ spells, letters: [], withdraw: [] })
  const over = followSpells(started.spells, GOOD, POLICY, 31 * MINUTE, [])
  expect([over.letters.map(({ key }) => key), over.withdraw]).toEqual([['blind:0:over'], ['blind:0']])
})

describe('a line that is cut, of which names fail first', () => {
  const bad = { good: false, since: 0, lastBad: 0 }

  it('is told with all that was bad, and the same list stays while nothing joins', () => {
    const begun = followSpells([], { ...LINE, layers: { dns: bad } }, POLICY, 0, [])
    const cut = { ...LINE, layers: { dns: bad, v4: bad } }
    const grown = followSpells(begun.spells, cut, POLICY, MINUTE, [])
    expect(grown.spells).toMatchObject([{ layers: ['dns', 'v4'], told: false }])
    expect(followSpells(grown.spells, { ...LINE, layers: { dns: bad } }, POLICY, MINUTE, []).spells).toBe(grown.spells)
    expect(followSpells(begun.spells, cut, POLICY, 10 * MINUTE, []).letters[0]?.news).toMatchObject({
      layers: ['dns', 'v4'],
    })
  })
})
