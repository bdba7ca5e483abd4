// How long it was what, against a count second by second. Rows are the sentence "Uptime".
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recentSpans, type Span, shareOf, tally, uptimeOf, withStatus } from '../../../src/core/history/history.ts'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import type { Status } from '../../../src/core/verdict/service.ts'

const START = Date.UTC(2026, 10, 23)

const WORDS: Readonly<Record<string, Status>> = {
  ok: 'operational',
  slow: 'degraded_performance',
  part: 'partial_outage',
  out: 'major_outage',
  plan: 'under_maintenance',
  blind: 'unknown',
}

/** `ok4 out1`: four hours of operational, then one of a major outage, one after the other; `gap2` is nothing at all. */
function spansOf(words: string): readonly Span[] {
  let at = START
  return words.split(' ').flatMap((word) => {
    const [, name, hours] = /^([a-z]+)(\d+)$/.exec(word)!
    const from = at
    at += Number(hours) * HOUR
    return name === 'gap' ? [] : [{ from, to: at, status: WORDS[name!]! }]
  })
}

const rows: readonly (readonly [string, number, number | null, string])[] = [
  ['ok10', 10, 1, 'ten hours up are 1'],
  ['ok9 out1', 10, 0.9, 'a major outage counts'],
  ['out10', 10, 0, 'ten hours down are 0'],
  ['ok9 part1', 10, 1, 'partial time does not count: it is a figure of its own'],
  ['ok9 slow1', 10, 1, 'degraded time does not count'],
  ['ok4 blind5 out1', 10, 0.8, 'blind time is left out'],
  ['ok4 plan5 out1', 10, 0.8, 'maintenance is left out'],
  ['ok4 gap5 out1', 10, 0.8, 'time of which nothing is known is blind'],
  ['blind5 plan5', 10, null, 'nothing measured is no figure, not 100 %'],
]

describe('uptime', () => {
  for (const [words, hours, share, sentence] of rows) {
    it(sentence, () => {
      const sum = tally(spansOf(words), START, START + hours * HOUR)
      if (share === null) expect(shareOf(sum)).toBeNull()
      else expect(shareOf(sum)).toBeCloseTo(share, 12)
    })
  }

  it('tells partial, blind and maintenance apart', () => {
    expect(tally(spansOf('ok1 part2 out3 plan4 blind5 gap6 slow7'), START, START + 28 * HOUR)).toEqual({
      outage: 3 * HOUR,
      partial: 2 * HOUR,
      degraded: 7 * HOUR,
      blind: 11 * HOUR,
      maintenance: 4 * HOUR,
      measured: 13 * HOUR,
    })
  })

  it('is of the days asked for, and of less when there is less', () => {
    const open: readonly Span[] = [...spansOf('out24 ok24'), { from: START + 2 * DAY, to: null, status: 'operational' }]
    expect(uptimeOf(open, 90, START + 4 * DAY)).toMatchObject({ days: 4, share: 0.75, outage: DAY, blind: 0 })
    expect(uptimeOf(open, 3, START + 4 * DAY)).toMatchObject({ days: 3, share: 1, outage: 0, blind: 0 })
    expect(uptimeOf([], 90, START)).toMatchObject({ share: null, outage: 0, blind: 0 })
  })

  it('counts an open span until now and not beyond', () => {
    const open: readonly Span[] = [{ from: START, to: null, status: 'major_outage' }]
    expect(tally(open, START - HOUR, START + HOUR)).toMatchObject({ outage: HOUR, blind: HOUR, measured: HOUR })
    expect(tally(open, START - 2 * HOUR, START - HOUR)).toMatchObject({ outage: 0, blind: HOUR })
  })
})

describe('a status that changed', () => {
  const write = (words: string) => {
    const closed = spansOf(words)
    return [...closed.slice(0, -1), { ...closed.at(-1)!, to: null }] as readonly Span[]
  }
  const at = (hour: number) => START + hour * HOUR
  const rows: readonly (readonly [
    readonly Span[],
    Status,
    number,
    readonly (readonly [number, number | null, string])[],
    string,
  ])[] = [
    [[], 'operational', 0, [[0, null, 'ok']], 'is the first'],
    [
      write('ok4'),
      'major_outage',
      4,
      [
        [0, 4, 'ok'],
        [4, null, 'out'],
      ],
      'ends the one before',
    ],
    [
      write('ok4'),
      'major_outage',
      3,
      [
        [0, 3, 'ok'],
        [3, null, 'out'],
      ],
      'begins in the past: what was said of that time is taken back',
    ],
    [
      write('ok2 blind2'),
      'major_outage',
      1,
      [
        [0, 1, 'ok'],
        [1, null, 'out'],
      ],
      'takes back whole spans',
    ],
    [write('ok2 out2'), 'operational', 0, [[0, null, 'ok']], 'takes back everything'],
    [write('ok4'), 'operational', 4, [[0, null, 'ok']], 'goes on when it is the same'],
    [write('ok2 out2'), 'operational', 2, [[0, null, 'ok']], 'goes on where the one between is taken back'],
    [
      spansOf('ok2'),
      'operational',
      3,
      [
        [0, 2, 'ok'],
        [3, null, 'ok'],
      ],
      'leaves a gap where nobody looked',
    ],
  ]
  for (const [before, status, since, wanted, sentence] of rows) {
    it(sentence, () => {
      const spans = withStatus(before, status, at(since))
      expect(spans).toEqual(
        wanted.map(([from, to, word]) => ({ from: at(from), to: to === null ? null : at(to), status: WORDS[word] })),
      )
    })
  }

  it('leaves out what ended before a moment', () => {
    expect(recentSpans(write('ok2 out2 ok2'), at(3)).map(({ from }) => from)).toEqual([at(2), at(4)])
    expect(recentSpans(write('ok2 out2'), at(100))).toHaveLength(1)
    expect(recentSpans([], at(1))).toEqual([])
  })
})

describe('against a count second by second', () => {
  const status = fc.constantFrom(...Object.values(WORDS))
  const change = fc.record({ status, after: fc.integer({ min: 0, max: 60 }), back: fc.integer({ min: 0, max: 40 }) })

  /** What each second was, when a status is painted over everything from its beginning on. */
  function painted(changes: readonly { status: Status; after: number; back: number }[]) {
    const seconds: (Status | null)[] = Array(1000).fill(null)
    let spans: readonly Span[] = []
    let now = 100
    for (const one of changes) {
      now += one.after
      const since = now - one.back
      seconds.fill(one.status, since)
      spans = JSON.parse(JSON.stringify(withStatus(spans, one.status, since * 1000))) as readonly Span[]
    }
    return { seconds, spans }
  }

  it('spans say what was painted', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const { seconds, spans } = painted(changes)
        seconds.forEach((wanted, second) => {
          const at = second * 1000
          const found = spans.filter((span) => span.from <= at && (span.to === null || span.to > at))
          expect(found.length).toBe(wanted === null ? 0 : 1)
          if (wanted !== null) expect(found[0]?.status).toBe(wanted)
        })
      }),
      { numRuns: 50 },
    )
  })

  it('lengths are the seconds counted, and the share follows', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 999 }), fc.integer({ min: 0, max: 999 }))
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), range, (changes, range) => {
        const { seconds, spans } = painted(changes)
        const [from, to] = [Math.min(...range), Math.max(...range)]
        const count = (...wanted: (Status | null)[]) =>
          seconds.slice(from, to).filter((one) => wanted.includes(one)).length * 1000
        const sum = tally(spans, from * 1000, to * 1000)
        expect(sum).toEqual({
          outage: count('major_outage'),
          partial: count('partial_outage'),
          degraded: count('degraded_performance'),
          blind: count('unknown', null),
          maintenance: count('under_maintenance'),
          measured: count('operational', 'degraded_performance', 'partial_outage', 'major_outage'),
        })
        const share = shareOf(sum)
        if (sum.measured === 0) expect(share).toBeNull()
        else expect(share).toBeCloseTo(1 - sum.outage / sum.measured, 12)
      }),
    )
  })
})
