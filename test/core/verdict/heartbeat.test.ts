// A check that waits to be pinged: every hour, ten minutes of grace. Rows are the sentences of "Heartbeats".
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Heartbeat } from '../../../src/core/check.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time/time.ts'
import {
  dueOf,
  feel,
  joinPulse,
  judgeHeartbeat,
  NO_PULSE,
  outcomeOf,
  type Ping,
  type Pulse,
} from '../../../src/core/verdict/heartbeat.ts'
import { noOpinion, type Opinion } from '../../../src/core/verdict/verdict.ts'

const START = Date.UTC(2026, 10, 23, 9)
const HOURLY: Heartbeat = { period: HOUR, grace: 10 * MINUTE, token: null }

interface Known {
  readonly pulse: Pulse
  readonly opinion: Opinion
}

const NEVER: Known = { pulse: NO_PULSE, opinion: noOpinion(START) }

function pingOf(word: string, at: number): Ping | null {
  if (word === '') return null
  const exit = /^\d+$/.test(word) ? Number(word) : null
  return { kind: exit !== null || word === 'ok' ? 'success' : (word as Ping['kind']), exit, rid: null, at }
}

type Minutes = readonly (readonly [number, number])[]

/**
 * `0:ok 60:fail 75:`: the minute and what was heard then, nothing when only time passed. Judged at each of them.
 * `blind` are the minutes between which our line was bad, `cut` those between which the road was.
 */
function live(steps: string, blind: Minutes = [], from: Known = NEVER, cut: Minutes = []): Known {
  const wasBlind = (start: number, end: number) =>
    blind.some(([one, other]) => START + one * MINUTE < end && START + other * MINUTE > start)
  const roadSince = (now: number) =>
    cut.some(([one, other]) => at(one) <= now && now < at(other))
      ? null
      : Math.max(Number.NEGATIVE_INFINITY, ...cut.map(([, other]) => at(other)).filter((end) => end <= now))
  return steps.split(' ').reduce<Known>((known, step) => {
    const [minute, word] = step.split(':') as [string, string]
    const now = START + Number(minute) * MINUTE
    const ping = pingOf(word, now)
    const pulse = ping === null ? known.pulse : feel(known.pulse, ping)
    const ears = { blindBetween: wasBlind, roadSince: roadSince(now) }
    return { pulse, opinion: judgeHeartbeat(known.opinion, pulse, HOURLY, ears, now) }
  }, from)
}

function at(minute: number): number {
  return START + minute * MINUTE
}

const rows: readonly (readonly [string, Opinion['state'], Opinion['reason'], string])[] = [
  ['0:', 'unknown', null, 'never pinged is unknown'],
  ['0: 600:', 'unknown', null, 'never pinged is unknown however long'],
  ['0:log', 'unknown', null, 'a log line is no ping'],
  ['0:ok', 'up', null, 'a ping is up at once'],
  ['0:0', 'up', null, 'exit code 0 is up'],
  ['0:ok 60:', 'up', null, 'due is up'],
  ['0:ok 69.9:', 'up', null, 'late within the grace is up'],
  ['0:ok 70:', 'down', 'late', 'missing at period + grace is down'],
  ['0:ok 70: 200:', 'down', 'late', 'missing stays down'],
  ['0:ok 70: 71:ok', 'up', null, 'the ping that comes after all is up at once'],
  ['0:fail', 'down', 'status', '/fail is down at once'],
  ['0:3', 'down', 'status', 'a non-zero code is down at once'],
  ['0:ok 10:fail', 'down', 'status', '/fail is down before anything is due'],
  ['0:fail 70:', 'down', 'status', 'failed is not missing'],
  ['0:fail 5:ok', 'up', null, 'the good end after a failed one is up at once'],
  ['0:ok 65:log 70:', 'down', 'late', 'a log line does not put off what is missing'],
  ['0:start', 'unknown', null, 'a first start says nothing yet'],
  ['0:start 5:ok', 'up', null, 'a start and an end is up'],
  ['0:start 5:1', 'down', 'status', 'a start and a bad end is down'],
  ['0:start 9.9:', 'unknown', null, 'a first run may take the grace'],
  ['0:start 10:', 'down', 'late', 'a first start without an end is down'],
  ['0:start 9:start 18:start', 'down', 'late', 'starts again and again without an end are down'],
  ['0:ok 60:start', 'up', null, 'a start in time is up'],
  ['0:ok 68:start 75:', 'up', null, 'a run that began in time may take the grace'],
  ['0:ok 60:start 70:', 'down', 'late', 'a start without an end is down'],
  ['0:ok 60:start 65:ok', 'up', null, 'a start with its end is up'],
  ['0:ok 70: 75:start', 'down', 'late', 'a start alone brings nothing back that was missing'],
  ['0:ok 60:start 70: 120:start', 'down', 'late', 'a start alone brings nothing back that never ended'],
  ['0:ok 70: 75:start 80:ok', 'up', null, 'only the end of a run brings it back'],
  ['0:ok 70:start', 'down', 'late', 'a start at the moment when it is missing is too late'],
  ['0:fail 5:start', 'down', 'status', 'a start alone brings nothing back that failed'],
  ['0:fail 5:start 8:ok', 'up', null, 'the good end of the next run brings it back'],
]

describe('a heartbeat', () => {
  for (const [steps, state, reason, sentence] of rows) {
    it(sentence, () => expect(live(steps).opinion).toMatchObject({ state, reason }))
  }

  it('tells late, missing, failed and never ended apart', () => {
    const notes = ['0:ok 65:', '0:ok 70:', '0:fail', '0:7', '0:ok 60:start 70:', '0:'].map(
      (steps) => live(steps).opinion.note,
    )
    expect(new Set(notes).size).toBe(6)
    expect(live('0:ok 65:').opinion.note).toMatch(/^late/)
    expect(live('0:ok 60:').opinion.note).toBe('')
    expect(live('0:ok 70:').opinion.note).toMatch(/^missing/)
    expect(live('0:ok 60:start 70:').opinion.note).toMatch(/never finished/)
    expect(live('0:7').opinion.note).toContain('7')
    expect(live('0:ok 59:').opinion.note).toBe('')
  })

  it('is missing since period + grace, failed since the ping', () => {
    expect(live('0:ok 90:').opinion.since).toBe(at(70))
    expect(live('0:ok 70: 200:').opinion.since).toBe(at(70))
    expect(live('0:ok 30:fail').opinion.since).toBe(at(30))
    expect(live('0:ok 70: 80:fail').opinion.since).toBe(at(70))
    expect(live('0:ok 70: 80:ok 100:ok').opinion).toMatchObject({ since: at(80), lastGood: at(100) })
  })

  it('that failed or is missing has failed at least once', () => {
    expect(live('0:fail').opinion.fails).toBe(1)
    expect(live('0:ok 70:').opinion.fails).toBe(1)
    expect(live('0:ok 70: 80:ok').opinion.fails).toBe(0)
  })

  it('says when it is due', () => {
    expect(dueOf(NO_PULSE, HOURLY)).toBeNull()
    expect(dueOf(live('0:ok').pulse, HOURLY)).toEqual({ due: at(60), missing: at(70) })
    expect(dueOf(live('0:ok 58:start').pulse, HOURLY)).toEqual({ due: at(58), missing: at(68) })
  })

  it('notes how long a run took', () => {
    const { pulse } = live('0:start 4:ok')
    expect(pulse.ended).toMatchObject({ ok: true, runtime: 4 * MINUTE })
    expect(outcomeOf(pingOf('ok', at(4))!, pulse)).toEqual({ ok: true, note: 'finished, ran 240 s' })
    expect(live('0:ok').pulse.ended?.runtime).toBeNull()
  })

  it('is an observation when a run ends, not when it starts', () => {
    expect(outcomeOf(pingOf('start', START)!, live('0:start').pulse)).toBeNull()
    expect(outcomeOf(pingOf('log', START)!, NO_PULSE)).toBeNull()
    expect(outcomeOf(pingOf('fail', START)!, live('0:fail').pulse)).toMatchObject({ ok: false, reason: 'status' })
    expect(outcomeOf(pingOf('9', START)!, live('0:9').pulse)).toMatchObject({ ok: false, note: 'exit code 9' })
  })

  it('pairs a start with its own end when runs overlap', () => {
    const ping = (kind: Ping['kind'], rid: string, minute: number): Ping => ({ kind, exit: null, rid, at: at(minute) })
    const overlapping = [ping('start', 'a', 0), ping('start', 'b', 1), ping('success', 'a', 2)].reduce(
      feel,
      live('0:ok').pulse,
    )
    expect(overlapping).toMatchObject({ startedAt: at(1), rid: 'b', ended: { ok: true, runtime: null } })
    expect(feel(overlapping, ping('success', 'b', 3))).toMatchObject({
      startedAt: null,
      ended: { runtime: 2 * MINUTE },
    })
  })
})

it.each(['start', 'success', 'fail'] as const)('a %s that comes here makes us the site that heard it last', (kind) => {
  const elsewhere = { ...feel(NO_PULSE, { kind: 'success', exit: null, rid: null, at: at(0) }), by: 'offsite' }
  expect(feel(elsewhere, { kind, exit: null, rid: null, at: at(3) })).not.toHaveProperty('by')
})

describe('what is shown of a heartbeat', () => {
  it('is when it was last heard and how long the run took', () => {
    expect(live('0:start').opinion).toMatchObject({ at: at(0), took: null })
    expect(live('0:start 4:ok 30:').opinion).toMatchObject({ at: at(4), took: 4 * MINUTE, lastGood: at(4) })
  })

  it('pairs with an end that does not say which run it was', () => {
    const start: Ping = { kind: 'start', exit: null, rid: 'a', at: at(0) }
    const end: Ping = { kind: 'success', exit: null, rid: null, at: at(3) }
    expect(feel(feel(NO_PULSE, start), end)).toMatchObject({ startedAt: null, ended: { runtime: 3 * MINUTE } })
    expect(feel(feel(NO_PULSE, { ...start, rid: null }), { ...end, rid: 'b' }).startedAt).toBeNull()
  })
})

describe('a heartbeat while our line is blind', () => {
  const rows: readonly (readonly [string, Minutes, Opinion['state'], string])[] = [
    ['0:ok 70:', [[61, 62]], 'unknown', 'blind between due and grace: missing is unknown'],
    ['0:ok 70:', [[69, 80]], 'unknown', 'blind at any moment of it is enough'],
    ['0:ok 70:', [[20, 30]], 'down', 'blind before it was due is no excuse'],
    ['0:ok 75:', [[71, 74]], 'down', 'blind after the grace is no excuse'],
    ['0:ok 70: 119:', [[61, 62]], 'unknown', 'it stays unknown until the next due time'],
    ['0:ok 70: 129:', [[61, 62]], 'unknown', 'the next one has its grace too'],
    ['0:ok 70: 130:', [[61, 62]], 'down', 'the next one that does not come either is down'],
    [
      '0:ok 70: 130:',
      [
        [61, 62],
        [125, 126],
      ],
      'unknown',
      'blind at the next one again is unknown again',
    ],
    [
      '0:ok 70: 130: 190:',
      [
        [61, 62],
        [125, 126],
      ],
      'down',
      'the third one that does not come is down',
    ],
    ['0:ok 70: 130: 185:', [[61, 62]], 'down', 'what was missing is not excused by what follows'],
    ['0:ok 70: 130:', [[125, 126]], 'down', 'what was missing is not excused by a blind moment later'],
    ['0:ok 70: 100:ok', [[61, 62]], 'up', 'a ping ends it'],
    ['0:ok 70: 75:start', [[61, 62]], 'unknown', 'a start alone does not'],
    ['0:ok 10:fail 70:', [[61, 62]], 'down', 'what failed is down all the same'],
    ['0:ok 60:start 70:', [[65, 66]], 'unknown', 'an end that may have come unheard is unknown'],
  ]
  for (const [steps, blind, state, sentence] of rows) {
    it(sentence, () => expect(live(steps, blind).opinion.state).toBe(state))
  }

  it('is missing since the one that surely did not come', () => {
    expect(live('0:ok 70: 131:', [[61, 62]]).opinion.since).toBe(at(130))
    expect(live('0:ok 70: 119:', [[61, 62]]).opinion).toMatchObject({ since: at(70), reason: 'offline' })
  })
})

describe('a heartbeat over a bad road', () => {
  const rows: readonly (readonly [string, Minutes, boolean, string])[] = [
    ['0:ok 70:', [], true, 'a good road explains nothing'],
    ['0:ok 70:', [[20, 30]], true, 'one that was bad before it was due explains nothing'],
    ['0:ok 70:', [[55, 80]], false, 'one that is bad may have kept it away'],
    ['0:ok 70:', [[55, 65]], false, 'one that came back while it was late, too'],
    ['0:ok 70: 80:', [[75, 85]], true, 'what was missing over a good road is missing'],
    ['0:ok 70: 119:', [[55, 80]], false, 'it may be the road until the next is missing'],
    ['0:ok 70: 125:', [[55, 80]], false, 'the next one has its grace'],
    ['0:ok 70: 130:', [[55, 80]], true, 'the next one that does not come over a good road is missing'],
    [
      '0:ok 70: 130:',
      [
        [55, 80],
        [122, 125],
      ],
      false,
      'the next one over a bad road says no more',
    ],
    [
      '0:ok 70: 130: 190:',
      [
        [55, 80],
        [122, 125],
      ],
      true,
      'the third, over a good one, does',
    ],
    ['0:ok 62:fail', [[55, 80]], true, 'what said that it failed came over the road'],
  ]
  for (const [steps, cut, path, sentence] of rows) {
    it(sentence, () => expect(live(steps, [], NEVER, cut).opinion).toMatchObject({ state: 'down', path }))
  }

  it('is unknown again once the next may have come while our line was blind', () => {
    const blind: Minutes = [[121, 200]]
    expect(live('0:ok 70: 119:', blind, NEVER, [[55, 80]]).opinion.state).toBe('down')
    expect(live('0:ok 70: 130: 201:', blind, NEVER, [[55, 80]]).opinion.state).toBe('unknown')
    expect(live('0:ok 70: 130: 250:', blind, NEVER, [[55, 80]]).opinion).toMatchObject({ state: 'down', path: true })
  })

  it('is suspected from when it is due: the road is asked about before it is missing', () => {
    expect(live('0:ok 59:').opinion.suspectSince).toBeNull()
    expect(live('0:ok 65:').opinion).toMatchObject({ state: 'up', suspectSince: at(60), path: true })
    expect(live('0:ok 65:', [], NEVER, [[61, 90]]).opinion).toMatchObject({ state: 'up', path: false })
    expect(live('0:ok 65: 66:ok').opinion.suspectSince).toBeNull()
  })

  it('is said while it is unknown, too: whoever has its pings from here goes by it', () => {
    const blind: Minutes = [[61, 62]]
    expect(live('0:ok 70:', blind, NEVER, [[55, 200]]).opinion).toMatchObject({ state: 'unknown', path: false })
    expect(live('0:ok 70:', blind).opinion).toMatchObject({ state: 'unknown', path: true })
    const unsure: Known = { ...NEVER, pulse: { ...live('0:ok').pulse, heard: 'unsure' } }
    const paths = [live('10:', [], unsure, [[5, 20]]), live('10:', [], unsure)].map(({ opinion }) => opinion.path)
    expect(paths).toEqual([false, true])
  })
})

describe('properties', () => {
  const step = fc.tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.constantFrom('', '', '', 'ok', '0', '1', 'fail', 'start', 'log'),
  )
  const lives = fc.array(step, { minLength: 1, maxLength: 40 }).map((list) => {
    let minute = 0
    return list.map(([after, word]) => {
      minute += after
      return `${minute}:${word}`
    })
  })
  const blinds = fc.array(fc.tuple(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 1, max: 90 })), { maxLength: 4 })
  const spans = blinds.map((list) => list.map(([from, length]) => [from, from + length] as const))

  it('a restart between any two steps changes nothing', () => {
    fc.assert(
      fc.property(lives, spans, (steps, blind) => {
        const straight = live(steps.join(' '), blind)
        const restarted = steps.reduce<Known>(
          (known, one) => live(one, blind, JSON.parse(JSON.stringify(known)) as Known),
          NEVER,
        )
        expect(restarted).toEqual(straight)
      }),
    )
  })

  it('is up only after a good end, and then never longer than period and twice the grace', () => {
    fc.assert(
      fc.property(lives, spans, (steps, blind) => {
        const { opinion, pulse } = live(steps.join(' '), blind)
        if (opinion.state !== 'up') return
        const now = START + Number(steps.at(-1)!.split(':')[0]) * MINUTE
        expect(pulse.ended?.ok).toBe(true)
        expect(now - pulse.ended!.at).toBeLessThan(HOURLY.period + 2 * HOURLY.grace)
      }),
    )
  })

  it('with an open ear nothing that is silent for period and grace is anything but down', () => {
    fc.assert(
      fc.property(lives, (steps) => {
        const before = live(steps.join(' '))
        const last = Number(steps.at(-1)!.split(':')[0])
        const { opinion } = live(`${last + 81}:`, [], before)
        expect(opinion.state).toBe(before.pulse.ended === null && before.pulse.startedAt === null ? 'unknown' : 'down')
      }),
    )
  })

  it('is never down by silence alone when our line was blind at every moment', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 30 }), (gaps) => {
        const sums = gaps.map((_, index) => gaps.slice(0, index + 1).reduce((sum, gap) => sum + gap, 0))
        const steps = ['0:ok', ...sums.map((minute) => `${minute}:`)]
        expect(live(steps.join(' '), [[0, 100_000]]).opinion.state).not.toBe('down')
      }),
    )
  })
})

describe('a ping that another site heard', () => {
  const heard = (steps: string, by = 'offsite'): Pulse => ({ ...live(steps).pulse, by })
  const own = live('10:ok').pulse
  const moved = (pulse: Pulse, by: number): Pulse => ({
    ...pulse,
    ended: { ...pulse.ended!, at: pulse.ended!.at + by },
  })
  const rows: readonly (readonly [Pulse, Pulse, boolean, string])[] = [
    [NO_PULSE, heard('10:ok'), true, 'counts here, where none was heard'],
    [NO_PULSE, heard('10:start'), true, 'counts here, when it only says that the job began'],
    [own, heard('10:ok 20:ok'), true, 'counts when it is newer than ours'],
    [own, heard('10:ok 20:fail'), true, 'counts when it says that the job failed'],
    [own, heard('5:ok'), false, 'is old when ours came later'],
    [own, moved(heard('10:ok'), -SECOND), false, 'is old when ours came a whole second later'],
    [own, moved(heard('10:ok'), 1 - SECOND), true, 'is as good as ours when clocks alone could tell them apart'],
    [own, { ...NO_PULSE, by: 'offsite' }, false, 'is none where nothing was heard'],
    [own, heard('10:ok 20:ok', 'third'), false, 'from who has it from somebody else may be ours, grown on the way'],
    [own, heard('10:ok 70:ok', 'third'), true, 'counts from them, too, when it is of a later run'],
    [NO_PULSE, heard('10:ok', 'third'), true, 'counts from them where none was heard'],
    [heard('10:ok'), moved(heard('10:ok'), SECOND - 1), false, 'is the same one, seen again by another clock'],
    [heard('10:ok'), moved(heard('10:ok'), SECOND), true, 'is the next one when it comes a second later'],
    [heard('10:ok'), moved(heard('10:fail'), 1), true, 'is another one when it says something else'],
  ]
  for (const [before, theirs, taken, sentence] of rows)
    it(sentence, () => expect(joinPulse(before, theirs, 'offsite', HOURLY)).toBe(taken ? theirs : before))
})

it('a ping a second is no trouble', () => {
  let known = NEVER
  for (let second = 0; second < 120; second++) known = live(`${(second * SECOND) / MINUTE}:ok`, [], known)
  expect(known.opinion).toMatchObject({ state: 'up', since: START })
})
