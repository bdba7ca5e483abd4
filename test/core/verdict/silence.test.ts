import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/time/time.ts'
import type { Letter } from '../../../src/core/verdict/letter.ts'
import { followRoads } from '../../../src/core/verdict/road.ts'
import { deafBetween, followSilences, type Silences } from '../../../src/core/verdict/silence.ts'
import type { Peer } from '../../../src/core/verdict/word.ts'
import { peerOf, wordOf } from '../peers.ts'
import { checkOf, POLICY } from '../policy.ts'

function follow(
  steps: readonly (readonly [at: number, peer: Peer])[],
  blind: Parameters<typeof followSilences>[3] = [],
) {
  let silences: Silences = {}
  const letters: Letter[] = []
  const withdrawn: string[] = []
  for (const [at, peer] of steps) {
    const after = followSilences('home', silences, [peer], blind, POLICY, at)
    silences = after.silences
    letters.push(...after.letters)
    withdrawn.push(...after.withdraw)
  }
  const writers = new Set(letters.flatMap(({ news }) => (news.kind === 'twin' ? (news.by ?? []) : [])))
  return { silences, letters: letters.map(({ event, key }) => `${event} ${key}`), withdrawn, writers: [...writers] }
}

const quiet = (since: number) => peerOf('offsite', {}, { heard: false, since })
const heard = peerOf('offsite')

describe('a site that is not heard', () => {
  it('is told of once after a while, and once when it is back', () => {
    const { letters, withdrawn, writers } = follow([
      [0, quiet(0)],
      [9 * MINUTE, quiet(0)],
      [10 * MINUTE, quiet(0)],
      [20 * MINUTE, quiet(0)],
      [30 * MINUTE, heard],
      [31 * MINUTE, heard],
    ])
    expect(letters).toEqual(['twin twin:offsite:0', 'twin twin:offsite:0:over'])
    expect(withdrawn).toEqual(['twin:offsite:0'])
    expect(writers).toEqual(['home'])
  })

  it('is blind for a moment when it is back, which is no news of its own unless it lasts', () => {
    const condition = {
      blind: { since: 0, layers: ['v4'] },
      mails: true,
      version: '',
      configuration: '',
      configured: 0,
    }
    const blind = peerOf('offsite', {}, { since: 30 * MINUTE, condition })
    const steps = [
      [0, quiet(0)],
      [20 * MINUTE, quiet(0)],
      [30 * MINUTE, blind],
      [31 * MINUTE, blind],
    ] as const
    const told = ['twin twin:offsite:0', 'twin twin:offsite:0:over']
    expect(follow([...steps, [32 * MINUTE, heard]]).letters).toEqual(told)
    expect(follow([...steps, [39 * MINUTE, blind]]).letters).toEqual(told)
    expect(follow([...steps, [41 * MINUTE, blind]]).letters).toEqual([...told, 'blind blind:offsite:0'])
  })

  it('is no news when it is back soon, nor while our own line is bad', () => {
    expect(
      follow([
        [0, quiet(0)],
        [9 * MINUTE, heard],
      ]).letters,
    ).toEqual([])
    const ours = [{ from: 5 * MINUTE, to: null, layers: ['v4'], told: false }]
    expect(
      follow(
        [
          [0, quiet(0)],
          [10 * MINUTE, quiet(0)],
        ],
        ours,
      ).letters,
    ).toEqual([])
  })

  it('may have missed pings meanwhile', () => {
    const { silences } = follow([
      [0, quiet(0)],
      [9 * MINUTE, heard],
    ])
    expect(deafBetween(silences, 'offsite', 5 * MINUTE, 6 * MINUTE)).toBe(true)
    expect(deafBetween(silences, 'offsite', 10 * MINUTE, 11 * MINUTE)).toBe(false)
    expect(deafBetween(silences, '', 0, MINUTE)).toBe(false)
  })
})

it('a site whose line is bad is told of once, and says itself when that is over', () => {
  const blind = peerOf('offsite', {}, { condition: { ...heard.condition!, blind: { since: 0, layers: ['v4'] } } })
  const { letters } = follow([
    [0, blind],
    [10 * MINUTE, blind],
    [20 * MINUTE, heard],
  ])
  expect(letters).toEqual(['blind blind:offsite:0'])
})

it('a site that alone can not reach services is told of with the address to let in', () => {
  const check = checkOf('web.http')
  const peer = peerOf('home', { 'web.http': wordOf({ state: 'down', fails: 3 }) }, { address: '192.0.2.7' })
  const agreement = { state: 'up', since: 0, reason: null, rule: '2b', disagreeSince: 0 } as const
  const confidence = { confirmed: 1, of: 2, sites: ['offsite'], note: 'road' } as const
  const known = {
    checks: new Map([['web.http', { agreement: { ...agreement, confidence } }]]),
    checkById: new Map([['web.http', check]]),
    serviceById: new Map([['web', { name: { en: 'Website' } }]]),
  } as unknown as Parameters<typeof followRoads>[2]
  const first = followRoads({}, [peer], known, POLICY, MINUTE)
  expect(first.letters).toEqual([])
  const { silences, letters } = followRoads(first.silences, [peer], known, POLICY, 10 * MINUTE)
  expect(letters.map(({ news }) => news)).toEqual([
    { kind: 'road', site: 'home', since: 0, address: '192.0.2.7', services: [{ en: 'Website' }] },
  ])
  expect(followRoads(silences, [peer], known, POLICY, 20 * MINUTE).letters).toEqual([])
  expect(followRoads(silences, [peerOf('home')], known, POLICY, 21 * MINUTE).silences['road:home']?.[0]?.to).toBe(
    21 * MINUTE,
  )
})
