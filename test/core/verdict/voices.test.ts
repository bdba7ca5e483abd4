// Who has a say on a check.
import { describe, expect, it } from 'vitest'
import type { Check, Site } from '../../../src/core/check.ts'
import { MINUTE } from '../../../src/core/time/time.ts'
import { agree } from '../../../src/core/verdict/agreement.ts'
import { unprovenLine } from '../../../src/core/verdict/blindness.ts'
import { NO_PULSE } from '../../../src/core/verdict/heartbeat.ts'
import { nothingKnownOf } from '../../../src/core/verdict/known.ts'
import { doubted, type Hearing, isOnDuty, ownVoice, stirred, voicesOn } from '../../../src/core/verdict/voices.ts'
import type { Peer, Word } from '../../../src/core/verdict/word.ts'
import { peerOf, wordOf } from '../peers.ts'
import { checkOf, POLICY } from '../policy.ts'
import { NOW } from '../voices.ts'

const site = (id: string): Site => ({ id, url: null, key: null, where: null, role: 'full', domain: id })
const HOME = site('home')
const OFFSITE = site('offsite')
const WEB = 'web.http'
const configuration = { site: HOME, sites: [HOME, OFFSITE], configured: 10 }
const LINE = unprovenLine(new Map(), NOW)

/** Where nothing keeps us from hearing. */
const HEARING: Hearing = { line: LINE, peers: [], blind: [], now: NOW }

function knownAs(check: Check, state: 'up' | 'down' | 'unknown', fails = 0) {
  const known = nothingKnownOf(check, NOW)
  return { ...known, opinions: [{ ...known.opinions[0], state, fails, since: NOW - MINUTE }] as const }
}

function agreed(check: Check, own: 'up' | 'down' | 'unknown', peers: readonly Peer[], fails = 3) {
  const voice = ownVoice(HOME, check, knownAs(check, own, own === 'down' ? fails : 0), HEARING)
  const voices = voicesOn(check, voice, peers, configuration, NOW)
  const { state, rule, confidence } = agree(null, voices, POLICY, NOW, 'home')
  return `${voices.map((one) => one.site).join('+')}: ${state} ${rule} ${confidence.note}`
}

const down: Word = wordOf({ state: 'down', fails: 8, since: NOW - MINUTE })

describe('the voices on a check', () => {
  const check = checkOf(WEB)
  const job = checkOf(WEB, { from: 'any', heartbeat: { period: 1, grace: 1, token: null } })
  const rows: readonly [string, Check, 'up' | 'down' | 'unknown', readonly Peer[], string][] = [
    ['are ours alone where there is one site', check, 'down', [], 'home: down 7a one_site'],
    [
      'are ours and the fresh word of another',
      check,
      'down',
      [peerOf('offsite', { [WEB]: down })],
      'home+offsite: down 6 confirmed',
    ],
    [
      'hold back a lone down while another site is not heard',
      check,
      'down',
      [peerOf('offsite', {}, { heard: false, condition: null })],
      'home+offsite: unknown 7c verifying',
    ],
    ['are ours alone on what the other lacks', check, 'down', [peerOf('offsite')], 'home: down 7a one_site'],
    [
      'are ours alone on what an older configuration defines otherwise',
      check,
      'up',
      [peerOf('offsite', { [WEB]: { ...down, definition: 'd0' } })],
      'home: up 1 one_site',
    ],
    [
      'are not ours on what a newer configuration defines otherwise',
      check,
      'down',
      [
        peerOf(
          'offsite',
          { [WEB]: wordOf({ definition: 'd2' }) },
          { condition: { ...peerOf('x').condition!, configured: 20 } },
        ),
      ],
      'home+offsite: up 8 one_site',
    ],
    [
      'are those of the sites named',
      checkOf(WEB, { from: ['offsite'] }),
      'unknown',
      [peerOf('offsite', { [WEB]: down })],
      'offsite: down 9a one_site',
    ],
    [
      'are those of the sites named, also where none is heard: that is no fault of our line',
      checkOf(WEB, { from: ['offsite'] }),
      'up',
      [peerOf('offsite', {}, { heard: false, condition: null })],
      'offsite: unknown 10 none',
    ],
    [
      'are nobody’s where the site named does not have the check yet',
      checkOf(WEB, { from: ['offsite'] }),
      'up',
      [peerOf('offsite')],
      'home: unknown 10 none',
    ],
    [
      'are nobody’s where the site named looks at something else still',
      checkOf(WEB, { from: ['offsite'] }),
      'up',
      [peerOf('offsite', { [WEB]: wordOf({ definition: 'd0' }) })],
      'home: unknown 10 none',
    ],
    [
      'are of the site on duty where one looks at a time',
      checkOf(WEB, { from: 'any' }),
      'up',
      [peerOf('offsite', { [WEB]: down })],
      'home: up 1 one_site',
    ],
    [
      'are of whoever knows where the one on duty does not',
      checkOf(WEB, { from: 'any' }),
      'unknown',
      [peerOf('offsite', { [WEB]: down })],
      'offsite: down 9a one_site',
    ],
    [
      'are one on a heartbeat, which needs no eight looks',
      job,
      'down',
      [peerOf('offsite', {}, { heard: false })],
      'home: down 7a one_site',
    ],
    [
      'on a heartbeat are of another where we do not know',
      job,
      'unknown',
      [peerOf('offsite', { [WEB]: down })],
      'offsite: down 9a one_site',
    ],
  ]
  it('on a heartbeat are ours where we know, whoever comes first: what another heard of it we heard, too', () => {
    const own = ownVoice(OFFSITE, job, knownAs(job, 'up'), HEARING)
    const sites = { ...configuration, site: OFFSITE }
    const said = voicesOn(job, own, [peerOf('home', { [WEB]: down })], sites, NOW)
    expect(said.map((voice) => [voice.site, voice.opinion.state])).toEqual([['offsite', 'up']])
  })

  it('on a heartbeat that is down are nothing while nobody here could hear that it is over', () => {
    const line = { ...LINE, tested: true, layers: { v4: { good: false, since: NOW, lastBad: NOW } } }
    const lineOf = (state: 'up' | 'down') => ownVoice(HOME, job, knownAs(job, state), { ...HEARING, line }).line
    expect([lineOf('up'), lineOf('down')]).toEqual([true, false])
    expect(ownVoice(HOME, job, knownAs(job, 'down'), HEARING).line).toBe(true)
    const elsewhere = { ...knownAs(job, 'down'), pulse: { ...NO_PULSE, by: 'offsite' } }
    const heard = [true, false].map((is) => [peerOf('offsite', {}, { heard: is })])
    expect(heard.map((peers) => ownVoice(HOME, job, elsewhere, { ...HEARING, peers }).line)).toEqual([true, false])
    // It may have come while our line was bad, to another that isn't heard; the next that is missing was due here, too.
    const lineAfter = (ago: number, is: boolean) => {
      const blind = [{ from: 0, to: NOW - ago, layers: [], told: false }]
      const peers = [peerOf('offsite', {}, { heard: is })]
      return ownVoice(HOME, job, knownAs(job, 'down'), { ...HEARING, peers, blind }).line
    }
    expect([lineAfter(1, true), lineAfter(1, false), lineAfter(2, false)]).toEqual([true, false, true])
  })

  it('are of a line good enough where something was measured, although a part of it is cut', () => {
    const line = { ...LINE, tested: true, layers: { v4: { good: false, since: NOW, lastBad: NOW } } }
    const lines = (['up', 'down', 'unknown'] as const).map((state) =>
      [line, LINE].map((one) => ownVoice(HOME, check, knownAs(check, state), { ...HEARING, line: one }).line),
    )
    expect(lines).toEqual([
      [true, true],
      [true, true],
      [false, true],
    ])
  })

  it('are not of an observer on what only a login shows; of another site that lacks it they are', () => {
    const unable = wordOf({ state: 'unknown', reason: 'config' })
    const saying = (role: Site['role'], word: Word) =>
      voicesOn(
        check,
        ownVoice(HOME, check, knownAs(check, 'up'), HEARING),
        [peerOf('offsite', { [WEB]: word })],
        { ...configuration, sites: [HOME, { ...OFFSITE, role }] },
        NOW,
      ).map((voice) => voice.site)
    expect(saying('observer', unable)).toEqual(['home'])
    expect(saying('observer', down)).toEqual(['home', 'offsite'])
    expect(saying('full', unable)).toEqual(['home', 'offsite'])
  })

  it.each(rows)('%s', (_, of, own, peers, expected) => {
    expect(agreed(of, own, peers)).toBe(expected)
  })

  it('are of whoever stood in for the one on duty where that has not looked since', () => {
    const trip = checkOf(WEB, { from: 'any' })
    const known = knownAs(trip, 'up')
    const sayerWhere = (looked: number | null, elsewhere: number | null) => {
      const own = ownVoice(HOME, trip, { ...known, opinions: [{ ...known.opinions[0], at: looked }] }, HEARING)
      const peers = [peerOf('offsite', { [WEB]: { ...down, at: elsewhere } })]
      return voicesOn(trip, own, peers, configuration, NOW).map((voice) => voice.site)
    }
    expect(sayerWhere(NOW - 2 * MINUTE, NOW)).toEqual(['offsite'])
    expect(sayerWhere(NOW - MINUTE, NOW)).toEqual(['home'])
    expect(sayerWhere(NOW, NOW - MINUTE)).toEqual(['home'])
    expect(sayerWhere(NOW, NOW)).toEqual(['home'])
    expect(sayerWhere(null, NOW)).toEqual(['offsite'])
  })

  it('are of whoever stood in for the one on duty while that only remembers an outage and saw it well', () => {
    const trip = checkOf(WEB, { from: 'any' })
    const sayerAfter = (fails: number, elsewhere: Word) => {
      const known = knownAs(trip, 'down', fails)
      const own = ownVoice(HOME, trip, { ...known, opinions: [{ ...known.opinions[0], at: NOW }] }, HEARING)
      const peers = [peerOf('offsite', { [WEB]: elsewhere })]
      return voicesOn(trip, own, peers, configuration, NOW).map((voice) => voice.site)
    }
    const up = wordOf({ state: 'up', at: NOW })
    expect(sayerAfter(0, up)).toEqual(['offsite'])
    expect(sayerAfter(1, up), 'it fails still').toEqual(['home'])
    expect(sayerAfter(0, { ...up, at: NOW - 10 * MINUTE }), 'who looked long ago knows less').toEqual(['home'])
    expect(sayerAfter(0, { ...up, at: NOW - MINUTE }), 'and who did before it fell knows nothing of it').toEqual([
      'home',
    ])
    expect(sayerAfter(0, { ...down, fails: 0, at: NOW }), 'both remember it alike').toEqual(['home'])
  })
})

describe('duty', () => {
  const check = checkOf(WEB, { from: 'any' })
  const offsite = { site: OFFSITE, sites: [HOME, OFFSITE], configured: 10 }
  const home = peerOf('home', { [WEB]: wordOf() })

  it('is of the first that is heard lately, sees and has this very check', () => {
    expect(isOnDuty(check, [peerOf('offsite', { [WEB]: wordOf() })], configuration)).toBe(true)
    expect(isOnDuty(check, [home], offsite)).toBe(false)
    expect(isOnDuty(check, [{ ...home, lately: false }], offsite)).toBe(true)
    expect(isOnDuty(check, [peerOf('home')], offsite)).toBe(true)
    const blind = { ...home.condition!, blind: { since: 0, layers: ['v4'] } }
    expect(isOnDuty(check, [{ ...home, condition: blind }], offsite)).toBe(true)
  })

  it('is of everybody else by name', () => {
    expect(isOnDuty(checkOf(WEB), [home], offsite)).toBe(true)
    expect(isOnDuty(checkOf(WEB, { from: ['home'] }), [home], offsite)).toBe(false)
  })
})

describe('what another site says anew', () => {
  it('is what changed, and everything when it falls silent or comes back', () => {
    const before = peerOf('offsite', { a: wordOf(), b: wordOf() })
    const after = { ...before, words: new Map([...before.words, ['b', down]]) }
    expect([...stirred([before], [after], ['a', 'b', 'c'])]).toEqual(['b'])
    expect([...stirred([before], [before], ['a'])]).toEqual([])
    expect([...stirred([before], [{ ...before, heard: false }], ['a', 'b', 'c'])]).toEqual(['a', 'b', 'c'])
  })

  it.each<readonly [string, Partial<Word>, boolean]>([
    ['its state', { state: 'down' }, true],
    ['its count', { fails: 1 }, true],
    ['when it began', { since: 7 }, true],
    ['its road', { path: false }, true],
    ['its line', { line: false }, true],
    ['what it looks at', { definition: 'd2' }, true],
    ['nothing but the moment of its look', { at: 7 }, false],
  ])('is a reason to agree again when it changes %s', (_, change, stirs) => {
    const [before, after] = [wordOf(), wordOf(change)].map((word) => peerOf('offsite', { [WEB]: word }))
    expect([...stirred([before!], [after!], [])]).toEqual(stirs ? [WEB] : [])
    expect([...stirred([peerOf('offsite')], [after!], [])]).toEqual([WEB])
  })

  it('is a reason to agree on everything again when it reads other files', () => {
    const before = peerOf('offsite', { a: wordOf() })
    const condition = { ...before.condition!, configured: 20 }
    expect([...stirred([before], [peerOf('offsite', { a: wordOf() }, { condition })], ['a', 'b'])]).toEqual(['a', 'b'])
  })

  it('is a reason to look when it begins to doubt what we do not', () => {
    const check = checkOf(WEB)
    const ours = new Map([[WEB, knownAs(check, 'up')]])
    const doubt = new Map([[WEB, wordOf({ fails: 1 })]])
    expect(doubted(ours, new Map([[WEB, wordOf()]]), doubt)).toEqual([WEB])
    expect(doubted(ours, doubt, doubt)).toEqual([])
    expect(doubted(new Map([[WEB, knownAs(check, 'down', 3)]]), new Map(), doubt)).toEqual([])
  })
})
