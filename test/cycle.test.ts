// The line between its ends: what comes in, and what is known then.
import { expect, it } from 'vitest'
import { DAY, MINUTE } from '../src/core/time/time.ts'
import { judgeLine, unprovenLine } from '../src/core/verdict/blindness.ts'
import { opinionOf } from '../src/core/verdict/known.ts'
import { createCycle } from '../src/cycle.ts'
import { blankMemory } from './blank-memory.ts'
import { START } from './core/letters.ts'
import { peerOf, wordOf } from './core/peers.ts'
import { checkOf, configurationOf, POLICY, serviceOf, siteOf } from './core/policy.ts'
import { silent as around } from './silent.ts'

const job = checkOf('job.heartbeat', { kind: 'heartbeat', heartbeat: { period: DAY, grace: 5 * MINUTE, token: null } })
const configuration = configurationOf([serviceOf('job', [job])])
const PAIR = [siteOf('home'), siteOf('offsite')]

const nothing = () => {}
const { ledger, chronicle, board } = around

it('a heartbeat that comes again and again says when it came last, and that it is late while it is', () => {
  let now = START
  const memory = blankMemory(configuration, now)
  const cycle = createCycle({
    memory,
    ledger,
    chronicle,
    board,
    peers: () => [],
    now: () => now,
    act: nothing,
  })
  const known = () => opinionOf(memory.checks.get(job.id)!)
  const ping = () => cycle.ping(job.id, { kind: 'success', exit: null, rid: null, at: now })
  ping()
  expect(known()).toMatchObject({ state: 'up', at: START, lastGood: START })
  now += DAY
  ping()
  expect(known()).toMatchObject({ state: 'up', since: START, at: now, lastGood: now, note: '' })
  now += DAY + MINUTE
  cycle.tick()
  expect(known()).toMatchObject({ state: 'up', note: 'late, not missing yet' })
})

it('sites that go on disagreeing are no news every second, neither for the page nor for each other', () => {
  let now = START
  const web = checkOf('web.http')
  const two = configurationOf([serviceOf('web', [web])], { sites: PAIR })
  const memory = blankMemory(two, now)
  const down = { state: 'down', since: now, fails: 3, suspectSince: now, reason: 'status', path: true } as const
  const peer = peerOf('offsite', { [web.id]: wordOf({ ...down, definition: web.definition, at: now }) }, { since: now })
  const happened: { changed: boolean; news: boolean }[] = []
  const cycle = createCycle({
    memory,
    ledger,
    chronicle,
    board,
    peers: () => [peer],
    now: () => now,
    act: ({ changed, news }) => happened.push({ changed, news }),
  })
  const via = { dns: false, family: null, port: null }
  const outcome = { ok: true, note: '' } as const
  cycle.see({ check: web.id, strand: null, site: 'home', at: now, took: 9, phases: {}, via, outcome })
  cycle.tick()
  expect(happened).toEqual([{ changed: true, news: true }])
  for (; now < START + POLICY.hold - 1000; now += 1000) cycle.tick()
  expect(happened.slice(1).filter(({ changed, news }) => changed || news)).toEqual([])
  now = START + POLICY.hold
  cycle.tick()
  expect(happened.at(-1)).toEqual({ changed: true, news: false })
  expect(memory.checks.get(web.id)?.agreement?.state).toBe('partial')
})

it('what a full disk held back is sent once it is kept, also when nothing else happens then', () => {
  let full = true
  const memory = blankMemory(configuration, START)
  const waiting: boolean[] = []
  const remember = () => {
    if (full) throw new Error('database or disk is full')
  }
  const cycle = createCycle({
    memory,
    ledger: { ...ledger, remember },
    chronicle,
    board,
    peers: () => [],
    now: () => START,
    act: ({ letters }) => waiting.push(letters),
  })
  cycle.write({ key: 'self:disk', event: 'self', thread: 'self:disk', at: START, news: { kind: 'test' } })
  expect(cycle.tick).toThrow('full')
  expect(cycle.tick).toThrow('full')
  full = false
  cycle.tick()
  cycle.tick()
  expect(waiting).toEqual([false, false, true, false])
})

it('an outage that goes on is no news with each of its looks', () => {
  let now = START
  const web = checkOf('web.http')
  const one = configurationOf([serviceOf('web', [web])])
  const memory = blankMemory(one, now)
  const news: number[] = []
  let looks = 0
  const cycle = createCycle({
    memory,
    ledger,
    chronicle,
    board,
    peers: () => [],
    now: () => now,
    act: (happened) => happened.news && news.push(looks),
  })
  for (; looks < 40; looks++) {
    const reason = looks % 2 === 0 ? 'status' : 'timeout'
    const via = { dns: false, family: null, port: null }
    const outcome = { ok: false, reason, note: '' } as const
    cycle.see({ check: web.id, strand: null, site: 'home', at: now, took: 9, phases: {}, via, outcome })
    cycle.tick()
    now += 20_000
  }
  expect(opinionOf(memory.checks.get(web.id)!)).toMatchObject({ state: 'down', fails: 40 })
  expect(news).toEqual([0, 1, 2])
})

it('two services that hang on a check of each other are both told of: neither holds the other back for ever', () => {
  let now = START
  const mail = [checkOf('mail.imap'), checkOf('mail.login', { depends: ['web.page'] })]
  const web = [checkOf('web.page'), checkOf('web.form', { depends: ['mail.imap'] })]
  const both = configurationOf([serviceOf('mail', mail), serviceOf('web', web)])
  const memory = blankMemory(both, now)
  const told: string[] = []
  const remember = ({ letters }: { letters: readonly { letter: { key: string } }[] }) =>
    void told.push(...letters.map(({ letter }) => letter.key.replace(/-\w+:/, ':')))
  const cycle = createCycle({
    memory,
    ledger: { ...ledger, remember },
    chronicle,
    board,
    peers: () => [],
    now: () => now,
    act: nothing,
  })
  for (; now < START + 30 * MINUTE; now += MINUTE) {
    for (const { id: check } of [...mail, ...web]) {
      const via = { dns: false, family: null, port: null }
      const outcome = { ok: false, reason: 'timeout', note: '' } as const
      cycle.see({ check, strand: null, site: 'home', at: now, took: 9, phases: {}, via, outcome })
    }
    cycle.tick()
  }
  expect(told).toEqual(['mail:down', 'web:down'])
})

it('a job that never pinged is agreed upon, too: unknown since it was first waited for', () => {
  let now = START
  const memory = blankMemory(configuration, now)
  const cycle = createCycle({ memory, ledger, chronicle, board, peers: () => [], now: () => now, act: nothing })
  cycle.tick()
  now += DAY
  cycle.tick()
  expect(memory.checks.get(job.id)?.agreement).toMatchObject({ state: 'unknown', since: START })
})

it('what was seen just before the clock was set is as young as it was', () => {
  let now = START
  const web = checkOf('web.http')
  const one = configurationOf([serviceOf('web', [web])])
  const memory = blankMemory(one, now)
  const cycle = createCycle({ memory, ledger, chronicle, board, peers: () => [], now: () => now, act: nothing })
  const via = { dns: false, family: null, port: null }
  const outcome = { ok: true, note: '' } as const
  cycle.see({ check: web.id, strand: null, site: 'home', at: now, took: 9, phases: {}, via, outcome })
  now += 320 * DAY
  memory.shift(320 * DAY)
  cycle.jumped(320 * DAY)
  cycle.tick()
  expect(opinionOf(memory.checks.get(web.id)!)).toMatchObject({ state: 'up', at: now })
})

it('says that it is our own line once that is known, also of what was unknown before', () => {
  let now = START
  const web = checkOf('web.http')
  const two = configurationOf([serviceOf('web', [web])], { sites: PAIR })
  const needs = new Map([['v4', 1]] as const)
  const memory = blankMemory(two, now, unprovenLine(needs, now))
  const heard = (v4: boolean) => [{ witness: 'w', at: now, layers: { v4 }, took: null, offset: null }]
  const answers = (v4: boolean) => {
    memory.line = judgeLine(memory.line, heard(v4), true, needs, true, now)
  }
  const silent = peerOf('offsite', {}, { heard: false, lately: false, since: now })
  const cycle = createCycle({
    memory,
    ledger,
    chronicle,
    board,
    peers: () => [silent],
    now: () => now,
    act: nothing,
  })
  const note = () => memory.checks.get(web.id)?.agreement?.confidence.note
  answers(true)
  const via = { dns: true, family: null, port: null }
  const outcome = { ok: null, reason: 'resolver', note: '' } as const
  cycle.see({ check: web.id, strand: null, site: 'home', at: now, took: 9, phases: {}, via, outcome })
  cycle.tick()
  expect(note()).toBe('none')
  now += MINUTE
  answers(false)
  cycle.tick()
  expect(note()).toBe('frozen')
  now += MINUTE
  answers(true)
  cycle.tick()
  expect(note()).toBe('none')
})

it('asks for a call at once when our line works again, and when a job pings us that a site unheard thinks pings it', () => {
  let now = START
  const two = configurationOf([serviceOf('job', [job])], { sites: PAIR })
  const needs = new Map([['v4', 1]] as const)
  const memory = blankMemory(two, now, unprovenLine(needs, now))
  const answers = (v4: boolean) => {
    const said = [{ witness: 'w', at: now, layers: { v4 }, took: null, offset: null }]
    memory.line = judgeLine(memory.line, said, true, needs, true, now)
  }
  const words = { [job.id]: wordOf({ definition: job.definition }) }
  let heard = false
  const happened: { news: boolean; proven: boolean }[] = []
  const act = ({ news, proven }: { news: boolean; proven: boolean }) => void happened.push({ news, proven })
  const cycle = createCycle({
    memory,
    ledger,
    chronicle,
    board,
    peers: () => [peerOf('offsite', words, { heard })],
    now: () => now,
    act,
  })
  const ping = () => cycle.ping(job.id, { kind: 'success', exit: null, rid: null, at: now })
  const proofs = () => happened.splice(0).filter(({ proven }) => proven)
  ping()
  expect(proofs(), 'the first ping moves nothing').toEqual([])
  now += MINUTE
  answers(false)
  cycle.tick()
  expect(proofs()).toEqual([])
  now += MINUTE
  answers(true)
  cycle.tick()
  cycle.tick()
  expect(proofs()).toEqual([{ news: true, proven: true }])
  const pingedThere = () => {
    const known = memory.checks.get(job.id)!
    memory.know(job.id, { ...known, pulse: { ...known.pulse, by: 'offsite' } })
    now += MINUTE
  }
  pingedThere()
  ping()
  ping()
  expect(proofs(), 'once').toEqual([{ news: true, proven: true }])
  heard = true
  cycle.tick()
  pingedThere()
  ping()
  expect(proofs(), 'whoever hears us hears of it soon enough').toEqual([])
})
