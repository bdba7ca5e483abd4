// What is known outlives a reload that takes a service out and puts it back.
import { expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../src/core/time/time.ts'
import { unprovenLine } from '../src/core/verdict/blindness.ts'
import { hearPings } from '../src/core/verdict/hearing.ts'
import { dated } from '../src/core/verdict/heartbeat.ts'
import { nothingKnownOf, nothingKnownOfService } from '../src/core/verdict/known.ts'
import { recall, setBackOf } from '../src/memory.ts'
import { START } from './core/letters.ts'
import { checkOf, configurationOf, serviceOf } from './core/policy.ts'

const web = checkOf('web.http')
const whole = configurationOf([serviceOf('web', [web])])
const without = configurationOf([])

it('a service that was taken out goes on where it was, not as it stood when vigie started', () => {
  const atStart = new Map([['service:web', JSON.stringify({ ...nothingKnownOfService(START), status: 'operational' })]])
  const memory = recall({
    configuration: whole,
    living: atStart,
    line: unprovenLine(new Map(), START),
    measuredUntil: START,
    clock: START,
  })
  const known = nothingKnownOf(web, START)
  const opinion = { ...known.opinions[0], state: 'down' as const, since: START + HOUR, at: START + HOUR }
  memory.know(web.id, { ...known, opinions: [opinion] })
  memory.knowService('web', { ...nothingKnownOfService(START + HOUR), status: 'major_outage' })

  memory.configure(without, START + HOUR + MINUTE)
  expect([memory.checks.size, memory.services.size]).toEqual([0, 0])
  memory.shift(-HOUR)
  memory.configure(whole, START + 2 * MINUTE)
  expect(memory.checks.get(web.id)?.opinions).toEqual([{ ...opinion, since: START, at: START }])
  expect(memory.services.get('web')).toMatchObject({ status: 'major_outage', since: START })
})

it('what an old copy of the ledger knows is as old as the copy, however lately vigie looked', () => {
  const known = nothingKnownOf(web, START - HOUR)
  const opinion = { ...known.opinions[0], state: 'down' as const, since: START - HOUR, at: START - HOUR }
  const living = new Map([[`check:${web.id}`, JSON.stringify({ ...known, opinions: [opinion] })]])
  const ageOf = (copiedAt: number | null = null) => {
    const memory = recall({
      configuration: whole,
      living,
      line: unprovenLine(new Map(), START),
      measuredUntil: START - MINUTE,
      clock: START,
      copiedAt,
    })
    return START - memory.checks.get(web.id)!.opinions[0].at!
  }
  expect([ageOf(), ageOf(START - 30 * MINUTE)]).toEqual([0, 30 * MINUTE])
})

it('what one site at a time looks at was looked at when vigie ended, however short that was ago: another may have since', () => {
  const looks = (from: 'all' | 'any') => {
    const check = checkOf('web.http', { from })
    const configured = configurationOf([serviceOf('web', [check])])
    const known = nothingKnownOf(check, START - HOUR)
    const opinion = { ...known.opinions[0], state: 'up' as const, at: START - HOUR }
    const living = new Map([[`check:${check.id}`, JSON.stringify({ ...known, opinions: [opinion] })]])
    const memory = recall({
      configuration: configured,
      living,
      line: unprovenLine(new Map(), START),
      measuredUntil: START - MINUTE,
      clock: START,
    })
    return START - memory.checks.get(check.id)!.opinions[0].at!
  }
  expect([looks('all'), looks('any')]).toEqual([0, MINUTE])
})

it('of a look from before the start nobody knows how long ago it was before somebody told the time, or once it was set', () => {
  const memory = recall({
    configuration: whole,
    living: new Map(),
    line: unprovenLine(new Map(), START),
    measuredUntil: START - MINUTE,
    clock: START,
  })
  const seen = () => [START - 1, START, START + 1].map((at) => memory.lookedAt({ at }) !== null)
  expect(memory.lookedAt({ at: null })).toBeNull()
  expect(seen()).toEqual([false, false, true])
  memory.line = { ...memory.line, timed: true, clock: true }
  expect(seen()).toEqual([true, true, true])
  memory.line = { ...memory.line, clock: false }
  expect(seen()).toEqual([false, false, true])
  memory.line = { ...memory.line, clock: true }
  memory.shift(HOUR)
  const moved = [START + HOUR, START + HOUR + 1]
  expect(moved.map((at) => memory.lookedAt({ at }))).toEqual([null, START + HOUR + 1])
  const late = recall({
    configuration: whole,
    living: new Map(),
    line: unprovenLine(new Map(), START),
    measuredUntil: START + HOUR,
    clock: START,
  })
  late.line = { ...late.line, timed: true, clock: true }
  expect([START, START + 1].map((at) => late.lookedAt({ at }))).toEqual([null, START + 1])
})

it('a copy of the ledger from before the clock was set back moves with it, and nothing else does', () => {
  const [looked, made] = [START - MINUTE, START + HOUR]
  const known = nothingKnownOf(web, made)
  const opinion = { ...known.opinions[0], state: 'down' as const, since: made - MINUTE, at: made }
  const living = new Map([[`check:${web.id}`, JSON.stringify({ ...known, opinions: [opinion] })]])
  const memory = recall({
    configuration: whole,
    living,
    line: unprovenLine(new Map(), START),
    measuredUntil: looked,
    clock: START,
    copiedAt: made,
  })
  expect(memory.checks.get(web.id)!.opinions[0]).toMatchObject({ state: 'down', since: START - MINUTE, at: START })
  expect(memory.blind).toMatchObject([{ from: looked, to: START }])
  const setBack = (measuredUntil: number | null, copiedAt: number | null = null) =>
    setBackOf({ clock: START, measuredUntil, copiedAt })
  expect([setBack(looked, made), setBack(looked), setBack(made), setBack(null)]).toEqual([-HOUR, 0, -HOUR, 0])
})

it('of a job nobody knows that it did not ping while the ledger is that of an old copy', () => {
  const job = checkOf('web.job', { kind: 'heartbeat', heartbeat: { period: HOUR, grace: 5 * MINUTE, token: null } })
  const last = { at: START - 90 * MINUTE, ok: true, exit: null, runtime: null }
  const pulse = { ended: last, lastGood: last.at, startedAt: null, rid: null }
  const beat = configurationOf([serviceOf('web', [job])])
  const living = new Map([[`check:${job.id}`, JSON.stringify({ ...nothingKnownOf(job, START - 2 * HOUR), pulse })]])
  const stateAfter = (measuredUntil: number | null, copiedAt: number | null = null) => {
    const memory = recall({
      configuration: beat,
      living,
      line: unprovenLine(new Map(), START),
      measuredUntil,
      clock: START,
      copiedAt,
    })
    const known = hearPings(memory.checks.get(job.id)!, job, job.heartbeat!, [], memory, START)
    return known.opinions[0].state
  }
  const [lately, copied] = [START - MINUTE, START - HOUR]
  expect([stateAfter(lately), stateAfter(lately, copied), stateAfter(null, copied)]).toEqual([
    'down',
    'unknown',
    'unknown',
  ])
})

it('a clock that was set back while vigie was off lets no time pass: nothing it knows is of the future', () => {
  const beat = { period: HOUR, grace: 5 * MINUTE, token: null }
  const job = checkOf('web.job', { kind: 'heartbeat', heartbeat: beat })
  const missed = START - 2 * HOUR
  const pulse = {
    ended: { at: missed, ok: true, exit: null, runtime: null },
    lastGood: missed,
    startedAt: null,
    rid: null,
  }
  const known = nothingKnownOf(job, missed)
  const down = { ...known.opinions[0], state: 'down' as const, known: 'down' as const, since: missed + 65 * MINUTE }
  const living = new Map([[`check:${job.id}`, JSON.stringify({ ...known, pulse, opinions: [down] })]])
  const configuration = configurationOf([serviceOf('web', [job])])
  const now = START - 20 * 24 * HOUR
  const memory = recall({ configuration, living, line: unprovenLine(new Map(), now), measuredUntil: START, clock: now })
  const { opinions, pulse: heard } = hearPings(memory.checks.get(job.id)!, job, beat, [], memory, now)
  expect(opinions[0]).toMatchObject({ state: 'down', since: now - 55 * MINUTE })
  expect(heard.lastGood).toBe(now - 2 * HOUR)
})

it('a ping from before a clock was set may be older than it seems: no other site takes it for a new one', () => {
  const beat = { period: HOUR, grace: 5 * MINUTE, token: null }
  const job = checkOf('web.job', { kind: 'heartbeat', heartbeat: beat })
  const pulse = {
    ended: { at: START - MINUTE, ok: true, exit: null, runtime: null },
    lastGood: null,
    startedAt: null,
    rid: null,
  }
  const opinions = [{ ...nothingKnownOf(job, START).opinions[0], state: 'up', known: 'up', since: START - DAY }]
  const living = new Map([[`check:${job.id}`, JSON.stringify({ ...nothingKnownOf(job, START), pulse, opinions })]])
  const configuration = configurationOf([serviceOf('web', [job])])
  const after = (started: number, setBy: number, timed = true) => {
    const memory = recall({
      configuration,
      living,
      line: unprovenLine(new Map(), started),
      measuredUntil: START,
      clock: started,
    })
    if (setBy !== 0) memory.shift(setBy)
    const now = started + setBy
    const known = hearPings(memory.checks.get(job.id)!, job, beat, [], memory, now)
    const { state, since } = known.opinions[0]
    if (state === 'unknown') expect(since, 'unknown from now on, and no day before').toBe(now)
    return [state, dated(known.pulse, timed) === null ? 'kept back' : 'told']
  }
  expect(after(START + MINUTE, 0)).toEqual(['up', 'told'])
  expect(after(START + MINUTE, 0, false), 'nobody told us the time yet').toEqual(['up', 'kept back'])
  expect(after(START - 20 * DAY, 0), 'set back while vigie was off').toEqual(['unknown', 'kept back'])
  expect(after(START + MINUTE, 5 * HOUR), 'stood still until then').toEqual(['unknown', 'kept back'])
  expect(after(START - 1_000, 0), 'hardly at all').toEqual(['up', 'told'])
})

it('what is older than three intervals is unknown from the start, before anybody can hear it', () => {
  const known = nothingKnownOf(web, START - HOUR)
  const opinion = { ...known.opinions[0], state: 'up' as const, since: START - HOUR, at: START - HOUR }
  const living = new Map([[`check:${web.id}`, JSON.stringify({ ...known, opinions: [opinion] })]])
  const stateAfter = (minutes: number) => {
    const until = START - minutes * MINUTE
    return recall({
      configuration: whole,
      living,
      line: unprovenLine(new Map(), START),
      measuredUntil: until,
      clock: START,
    }).checks.get(web.id)!.opinions[0].state
  }
  expect([1, 3, 4].map(stateAfter)).toEqual(['up', 'up', 'unknown'])
})

it('a time our line was blind that was told goes on over a restart, one that was not ends', () => {
  const blind = (told: boolean) =>
    new Map([['blind', JSON.stringify([{ from: START - 4 * HOUR, to: null, layers: ['v4'], told }])]])
  const after = (told: boolean) =>
    recall({
      configuration: whole,
      living: blind(told),
      line: unprovenLine(new Map(), START),
      measuredUntil: START - MINUTE,
      clock: START,
    }).blind
  expect(after(true)).toEqual([{ from: START - 4 * HOUR, to: null, layers: ['v4'], told: true }])
  expect(after(false).map(({ to }) => to)).toEqual([START, START])
})

it('what was well was well when vigie ended, not only when it last changed', () => {
  const known = nothingKnownOf(web, START - 20 * DAY)
  const opinion = { ...known.opinions[0], state: 'up', at: START - 20 * DAY, lastGood: START - 20 * DAY }
  const lastGood = (fails: number) => {
    const living = new Map([[`check:${web.id}`, JSON.stringify({ ...known, opinions: [{ ...opinion, fails }] })]])
    return recall({
      configuration: whole,
      living,
      line: unprovenLine(new Map(), START),
      measuredUntil: START - MINUTE,
      clock: START,
    }).checks.get(web.id)!.opinions[0].lastGood
  }
  expect([0, 1].map(lastGood)).toEqual([START - MINUTE, START - 20 * DAY])
})
