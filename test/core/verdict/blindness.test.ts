// Is it them or us? Rows are the sentences of the section "Blindness".
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Witness } from '../../../src/core/check.ts'
import type { Via } from '../../../src/core/observation.ts'
import { MINUTE, SECOND } from '../../../src/core/time/time.ts'
import {
  blindness,
  hasWitnessOn,
  isClosed,
  judgeLine,
  type Layer,
  type Line,
  layersOf,
  median,
  needsOf,
  type Testimony,
  type Trust,
  trustIn,
  unprovenLine,
  usualOf,
  usualSpeed,
} from '../../../src/core/verdict/blindness.ts'
import { POLICY } from '../policy.ts'

const START = Date.UTC(2026, 10, 23, 9)

const byName: Witness = { kind: 'https', url: 'https://www.fdn.example/' }
const other: Witness = { kind: 'https', url: 'https://quad.example:8443/status?x=1' }
const resolver: Witness = { kind: 'dns', address: '80.67.169.12', port: 53 }
const second: Witness = { kind: 'dns', address: '9.9.9.9', port: 53 }
const six: Witness = { kind: 'dns', address: '2001:910:800::12', port: 53 }
const mail: Witness = { kind: 'tcp', host: 'mx.elsewhere.example', port: 25 }
const mailSix: Witness = { kind: 'tcp', host: '2001:db8::25', port: 25 }
const chat: Witness = { kind: 'tcp', host: '192.0.2.9', port: 5222 }
const plain: Witness = { kind: 'tcp', host: '192.0.2.7', port: 443 }
const bracketed: Witness = { kind: 'https', url: 'https://[2001:db8::1]:443/' }

const layerRows: readonly (readonly [Witness, readonly Layer[], string])[] = [
  [byName, ['dns', 'v4', 'tls'], 'a page by its name proves our resolver, IPv4 and that it answers itself'],
  [other, ['dns', 'v4', 'tls'], 'a page on an odd port proves no more than that'],
  [resolver, ['v4'], 'a DNS server by its address proves IPv4 and not our resolver'],
  [six, ['v6'], 'an IPv6 address proves IPv6 only'],
  [bracketed, ['v6', 'tls'], 'a page at an IPv6 address in brackets proves IPv6, and that it answers itself'],
  [mail, ['dns', 'v4', 'port:25'], 'a witness on port 25 proves the way out of that port'],
  [chat, ['v4', 'port:5222'], 'a witness on port 5222 proves the way out of that port'],
  [plain, ['v4'], 'a port that everybody lets out proves nothing about ports'],
]

const needRows: readonly (readonly [readonly Witness[], Readonly<Partial<Record<Layer, number>>>, string])[] = [
  [[], {}, 'without witnesses nothing is needed'],
  [[byName], { dns: 1, v4: 1 }, 'where only one can testify, one is enough'],
  [[byName, other, resolver], { dns: 2, v4: 2, tls: 1 }, 'two different witnesses must answer, however many there are'],
  [[byName, mail], { dns: 1, v4: 1, 'port:25': 1 }, 'a closed port 25 does not make the line bad'],
  [[byName, resolver, mailSix], { dns: 1, v4: 2, v6: 1, 'port:25': 1 }, 'port 25 over IPv6 takes nothing off IPv4'],
  [[byName, other, mail, mailSix], { dns: 2, v4: 2, v6: 1, tls: 1, 'port:25': 2 }, 'two on a port must both answer'],
]

function says(witness: string, layers: Partial<Record<Layer, boolean>>, offset: number | null = null): Testimony {
  return { witness, at: START, layers, took: 20, offset }
}

const five = needsOf([byName, other, resolver, second, mail])
const allGood = [says('a', { dns: true, v4: true }), says('b', { dns: true, v4: true })]

function lineAfter(...steps: readonly (readonly [number, readonly Testimony[]])[]): Line {
  return steps.reduce<Line>(
    (line, [seconds, heard]) => judgeLine(line, heard, true, five, true, START + seconds * SECOND),
    unprovenLine(five, START),
  )
}

describe('what witnesses can testify for', () => {
  for (const [witness, layers, sentence] of layerRows) {
    it(sentence, () => expect([...layersOf(witness)].sort()).toEqual([...layers].sort()))
  }
  for (const [witnesses, needs, sentence] of needRows) {
    it(sentence, () => expect(Object.fromEntries(needsOf(witnesses))).toEqual(needs))
  }
})

describe('a witness on a port', () => {
  it('is one that is asked there over TCP', () => {
    expect(hasWitnessOn([byName, mail], 25)).toBe(true)
    expect(hasWitnessOn([byName, mail], 587)).toBe(false)
    expect(hasWitnessOn([resolver], 53)).toBe(false)
    expect(hasWitnessOn([], 25)).toBe(false)
  })
})

describe('a layer', () => {
  const rows: readonly (readonly [readonly Testimony[], Partial<Record<Layer, boolean>>, string])[] = [
    [allGood, { dns: true, v4: true }, 'is good when two different witnesses answered'],
    [[allGood[0]!], { dns: false, v4: false }, 'is bad when only one answered'],
    [[allGood[0]!, allGood[0]!], { dns: false, v4: false }, 'is not proven by the same witness twice'],
    [[], { dns: false, v4: false }, 'is bad when nobody answered'],
    [
      [says('a', { dns: false }), says('b', { dns: false }), says('c', { v4: true }), says('d', { v4: true })],
      { dns: false, v4: true },
      'is judged apart: the resolver is dead, IPv4 works',
    ],
    [
      [
        says('a', { dns: true, v4: false, tls: false }),
        says('b', { dns: true, v4: false, tls: false }),
        ...['c', 'd'].map((resolver) => says(resolver, { v4: true })),
      ],
      { dns: true, v4: true, tls: false },
      'of certificates is bad where a captive portal answers for everybody, resolvers included',
    ],
    [
      [says('a', { dns: true, v4: true, tls: true }), says('b', { dns: true, v4: false, tls: false })],
      { tls: true },
      'of certificates is good with one that is right: the other host may be gone',
    ],
    [
      [says('a', { dns: false }), says('c', { v4: true }), says('d', { v4: true })],
      { dns: false, tls: true },
      'of certificates is not bad because no name was found',
    ],
    [
      [...allGood, says('m', { dns: true, v4: false, 'port:25': false })],
      { dns: true, v4: true, 'port:25': false },
      'of a port may be closed while the line is good',
    ],
    [
      [...allGood, says('m', { dns: true, v4: true, 'port:25': true })],
      { 'port:25': true },
      'of a port is good with the one witness that there is',
    ],
  ]
  for (const [heard, good, sentence] of rows) {
    it(sentence, () => {
      const line = lineAfter([0, heard])
      for (const [layer, wanted] of Object.entries(good)) expect(line.layers[layer as Layer]?.good, layer).toBe(wanted)
    })
  }

  it('remembers since when it is good or bad, and the last bad moment', () => {
    const line = lineAfter([0, allGood], [10, []], [20, []], [30, allGood], [40, allGood])
    expect(line.layers.v4).toEqual({ good: true, since: START + 30 * SECOND, lastBad: START + 20 * SECOND })
    expect(lineAfter([0, allGood], [10, []], [20, []]).layers.v4?.since).toBe(START + 10 * SECOND)
  })
})

const NAMED: Via = { dns: true, family: 4, port: 443 }

describe('what a look is worth', () => {
  const bad = lineAfter([0, allGood], [10, []])
  const back = lineAfter([0, allGood], [10, []], [25, allGood])
  const good = lineAfter([0, allGood])
  const dnsDead = lineAfter([0, [says('a', { v4: true, dns: false }), says('b', { v4: true, dns: false })]])
  const portal = [
    ...['a', 'b'].map((page) => says(page, { dns: true, v4: false, tls: false })),
    ...['c', 'd'].map((by) => says(by, { v4: true })),
  ]
  const caught = lineAfter([0, portal])
  const closed = lineAfter([0, [...allGood, says('m', { 'port:25': false })]])
  const addressesOnly = judgeLine(
    unprovenLine(needsOf([resolver, second]), START),
    [says('a', { v4: true }), says('b', { v4: true })],
    true,
    needsOf([resolver, second]),
    true,
    START,
  )
  const untested = unprovenLine(needsOf([]), START)
  const rows: readonly (readonly [Line, Via, number, Trust, string])[] = [
    [good, NAMED, 5, 'good', 'counts on a good line'],
    [bad, NAMED, 10, 'bad', 'is nothing while a layer that it uses is bad'],
    [back, NAMED, 26, 'tainted', 'is tainted when the line was bad a moment ago'],
    [back, NAMED, 69, 'tainted', 'is tainted for a minute after the last bad moment'],
    [back, NAMED, 70, 'good', 'counts again a minute after the last bad moment'],
    [dnsDead, NAMED, 0, 'bad', 'by name is nothing while the resolver is dead'],
    [dnsDead, { dns: false, family: 4, port: 443 }, 0, 'good', 'by address counts while the resolver is dead'],
    [caught, { dns: false, family: 4, port: 22 }, 0, 'bad', 'is nothing behind a captive portal, whatever the port'],
    [closed, { dns: true, family: 4, port: 25 }, 0, 'bad', 'at a closed port is nothing'],
    [closed, { dns: true, family: 4, port: 587 }, 0, 'good', 'at another port counts although port 25 is closed'],
    [good, { dns: true, family: 4, port: 993 }, 0, 'good', 'at a port without a witness counts'],
    [good, { dns: true, family: 6, port: 443 }, 0, 'tainted', 'over IPv6 without an IPv6 witness never fails'],
    [bad, { dns: true, family: 6, port: 443 }, 10, 'bad', 'over IPv6 is nothing while the resolver is bad'],
    [addressesOnly, NAMED, 0, 'good', 'by name counts when it came to an address'],
    [
      addressesOnly,
      { dns: true, family: null, port: null },
      0,
      'tainted',
      'without an address is not held against a name that no witness has',
    ],
    [untested, NAMED, 0, 'good', 'counts when no witnesses are configured'],
    [untested, { dns: true, family: 6, port: 25 }, 0, 'good', 'counts over IPv6 too when none are configured'],
    [unprovenLine(five, START), NAMED, 0, 'bad', 'is nothing before any witness was heard'],
    [good, { dns: false, family: null, port: null }, 0, 'good', 'counts when it needed no line at all'],
  ]
  for (const [line, via, seconds, wanted, sentence] of rows) {
    it(sentence, () => expect(trustIn(line, via, POLICY, START + seconds * SECOND)).toBe(wanted))
  }

  it('is not tainted by the time before the first witness was heard', () => {
    expect(trustIn(lineAfter([3, allGood]), NAMED, POLICY, START + 3 * SECOND)).toBe('good')
  })

  it('is tainted when the first that was heard of witnesses was silence', () => {
    expect(trustIn(lineAfter([3, []], [10, allGood]), NAMED, POLICY, START + 10 * SECOND)).toBe('tainted')
  })
})

describe('the way out of a port', () => {
  const shut = lineAfter([0, [...allGood, says('m', { dns: true, v4: true, 'port:25': false })]])
  const open = lineAfter([0, [...allGood, says('m', { dns: true, v4: true, 'port:25': true })]])
  const rows: readonly (readonly [Line, number | null, boolean, string])[] = [
    [shut, 25, true, 'is shut where its witness is silent and others answer'],
    [open, 25, false, 'is open where its witness answers'],
    [shut, 587, false, 'is not known of a port without a witness'],
    [shut, null, false, 'is nothing to a look that used no port'],
    [lineAfter([0, []]), 25, false, 'is not what ails a line that is cut as a whole'],
  ]
  for (const [line, port, closed, sentence] of rows) it(sentence, () => expect(isClosed(line, port)).toBe(closed))
})

describe('a site', () => {
  it('is blind when its resolver or IPv4 is bad, since the first of them', () => {
    expect(blindness(lineAfter([0, allGood], [10, []]))).toEqual({ since: START + 10 * SECOND, layers: ['dns', 'v4'] })
    const dns = [says('a', { v4: true }), says('b', { v4: true })]
    expect(blindness(lineAfter([0, allGood], [10, dns], [20, []]))).toEqual({
      since: START + 10 * SECOND,
      layers: ['dns', 'v4'],
    })
  })

  it('is blind behind a captive portal, which is not said where the line is cut', () => {
    const page = (v4: boolean) => ['a', 'b'].map((one) => says(one, { dns: true, v4, tls: false }))
    const resolvers = ['c', 'd'].map((one) => says(one, { v4: true }))
    expect(blindness(lineAfter([0, allGood], [10, [...page(false), ...resolvers]]))?.layers).toEqual(['tls'])
    expect(blindness(lineAfter([0, allGood], [10, page(false)]))?.layers).toEqual(['v4'])
  })

  it('is not blind by a closed port or by IPv6 alone', () => {
    const needs = needsOf([byName, other, resolver, six, mail])
    const line = judgeLine(unprovenLine(needs, START), allGood, true, needs, true, START)
    expect(line.layers.v6?.good).toBe(false)
    expect(line.layers['port:25']?.good).toBe(false)
    expect(blindness(line)).toBeNull()
  })

  it('is not blind before anybody was asked: a restart keeps opinions', () => {
    expect(blindness(unprovenLine(five, START))).toBeNull()
  })

  it('without witnesses is never blind and says that it cannot tell', () => {
    const none = needsOf([])
    const line = judgeLine(unprovenLine(none, START), [], true, none, true, START)
    expect(line.tested).toBe(false)
    expect(blindness(line)).toBeNull()
    expect(lineAfter([0, allGood]).tested).toBe(true)
  })

  it('passes on whether the path is good', () => {
    expect(judgeLine(unprovenLine(five, START), allGood, false, five, true, START).path).toBe(false)
    expect(unprovenLine(five, START)).toMatchObject({ path: true, clock: true, usual: true })
  })
})

describe('our clock', () => {
  const rows: readonly (readonly [readonly (number | null)[], boolean, string])[] = [
    [[0, 0, 0], true, 'is good when witnesses agree'],
    [[2 * MINUTE, 2 * MINUTE, 2 * MINUTE], true, 'is good at two minutes off'],
    [[2 * MINUTE + 1, 2 * MINUTE + 1, 2 * MINUTE + 1], false, 'is bad when it is off by more than two minutes'],
    [[-200 * SECOND, -190 * SECOND, -180 * SECOND], false, 'is bad when it is ahead as well'],
    [[0, 1, 10 * MINUTE], true, 'is not bad because of one witness that is wrong: the median counts'],
    [[0, 9 * MINUTE, 10 * MINUTE], false, 'is bad when most say so'],
    [[null, null], true, 'is taken for good while nobody tells the time'],
  ]
  for (const [offsets, good, sentence] of rows) {
    it(sentence, () => {
      const heard = offsets.map((offset, at) => says(`w${at}`, { dns: true, v4: true }, offset))
      expect(judgeLine(unprovenLine(five, START), heard, true, five, true, START).clock).toBe(good)
    })
  }

  it('stays bad while nobody tells the time', () => {
    const bad = lineAfter([0, [says('a', { v4: true }, 9 * MINUTE), says('b', { v4: true }, 9 * MINUTE)]])
    expect(judgeLine(bad, allGood, true, five, true, START + SECOND).clock).toBe(false)
  })

  it('is judged alike ahead and behind', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1 }), (seconds) => {
        const clock = (sign: number) =>
          judgeLine(
            unprovenLine(five, START),
            seconds.map((offset, at) => says(`w${at}`, {}, sign * offset * SECOND)),
            true,
            five,
            true,
            START,
          ).clock
        expect(clock(1)).toBe(clock(-1))
      }),
    )
  })
})

describe('the usual speed of witnesses', () => {
  const hour = new Map([
    ['a', [20, 22, 18, 20, 25]],
    ['b', [50, 50, 50, 50, 50]],
    ['new', [10]],
  ])
  const rows: readonly (readonly [Readonly<Record<string, number>>, boolean, string])[] = [
    [{ a: 20, b: 50 }, true, 'is what they always needed'],
    [{ a: 60, b: 150 }, true, 'is up to three times their median of an hour'],
    [{ a: 61, b: 151 }, false, 'is left beyond three times: a busy home line'],
    [{ a: 900, b: 50, c: 1 }, false, 'is left when the median of what is known is slow'],
    [{ new: 900 }, true, 'is given to a witness that is not known yet'],
    [{}, true, 'is given when nobody answered lately'],
  ]
  for (const [recent, usual, sentence] of rows) {
    it(sentence, () => {
      const answers = Object.entries(recent).map(([name, took]) => ({ took, usual: usualOf(hour.get(name) ?? []) }))
      expect(usualSpeed(answers)).toBe(usual)
    })
  }
})

describe('the median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([10, 1, 2, 4])).toBe(3)
    expect(median([])).toBe(0)
  })
})
