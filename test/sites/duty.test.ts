// Whose turn it is, from what another site said in the ledger.
import { expect, it } from 'vitest'
import type { Statement } from '../../src/core/ledger/statement.ts'
import { subjectsOf } from '../../src/core/letter/correspondence.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import { unprovenLine } from '../../src/core/verdict/blindness.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import type { Peer } from '../../src/core/verdict/word.ts'
import { createDuty } from '../../src/sites/duty.ts'
import { peerOf } from '../core/peers.ts'
import { configurationOf, POLICY } from '../core/policy.ts'

const ALICE = 'alice@admins.example'
const item = { check: 'mail.imap', service: { en: 'Mail' }, kind: 'auth', note: 'refused' } as const

function letterAt(since: number, at = since): Letter {
  return {
    key: `k${since}`,
    event: 'attention',
    thread: 't',
    at,
    news: { kind: 'attention', items: [{ ...item, since }] },
  }
}

const site = (id: string) => ({ id, url: null, key: null, where: null, role: 'full' as const, domain: id })

type Queued = Parameters<ReturnType<typeof createDuty>['isOurs']>[0]

/** The duty of a site, what it marks as sent elsewhere, and how it hears of the ledger. */
function dutyOf(
  own: string,
  peers: () => readonly Peer[],
  { now, due = [], sites = ['home', 'offsite'] }: { now(): number; due?: readonly Queued[]; sites?: readonly string[] },
) {
  const marked: string[] = []
  let tell: (news: readonly Statement[]) => void = () => {}
  const duty = createDuty({
    memory: {
      configuration: { sites: sites.map(site), site: site(own), policy: POLICY },
      line: unprovenLine(new Map(), 0),
    } as unknown as Parameters<typeof createDuty>[0]['memory'],
    ledger: {
      statements: () => [],
      onNews: (listener) => {
        tell = listener
        return () => {}
      },
      sentElsewhere: (id, _, by) => marked.push(`${id} by ${by}`),
      due: () => due as ReturnType<Parameters<typeof createDuty>[0]['ledger']['due']>,
    },
    peers,
    changed: () => {},
    now,
    ticks: now,
  })
  return { isOurs: duty.isOurs, marked, tell: (news: readonly Statement[]) => tell(news) }
}

it('what another site mailed of an outage by the name it had then is mailed, whatever it is called now', () => {
  const now = Date.UTC(2026, 10, 23, 12)
  const outage = { outage: 'web-early', service: 'web' } as const
  const news = { kind: 'down', affected: [outage], children: [], suspected: null } as unknown as Letter['news']
  const letter: Letter = { key: 'web-early:down', event: 'down', thread: 'web-early', at: now, news }
  const queued = { id: 7, letter, recipient: ALICE, attempts: 0, uncertain: false }
  for (const renamedFirst of [false, true]) {
    const { isOurs, marked, tell } = dutyOf('offsite', () => [peerOf('home')], { now: () => now, due: [queued] })
    const said = { origin: 'home', seq: 1, hlc: { at: now, count: 0 }, seen: {} }
    const about = { letter: 'web-late:down', to: ALICE, about: ['web-late:down'] }
    const renamed = { id: 'web-late', service: 'web', audience: 'members', became: 'web-early' }
    const words = [
      { ...said, type: 'alert.sent', payload: about },
      { ...said, type: 'outage.close', payload: renamed },
    ]
    tell([words[renamedFirst ? 1 : 0]!])
    expect(marked).toEqual([])
    tell([words[renamedFirst ? 0 : 1]!])
    expect(marked).toEqual(['7 by home'])
    expect(isOurs(queued)).toBe(false)
  }
})

it('after a start nothing is mailed before all others were heard, for fifty seconds at most; what is ours alone is', () => {
  let now = Date.UTC(2026, 10, 23, 12)
  let met = false
  const start = () => dutyOf('home', () => [peerOf('offsite', {}, { heard: false, met })], { now: () => now })
  const queued = { id: 7, letter: letterAt(now), recipient: ALICE, attempts: 0, uncertain: false }
  const own = { ...queued, letter: { ...queued.letter, news: { kind: 'test' } as unknown as Letter['news'] } }
  const duty = start()
  now += 49 * SECOND
  expect([duty.isOurs(queued), duty.isOurs(own)]).toEqual([false, true])
  now += SECOND
  expect(duty.isOurs(queued)).toBe(true)
  met = true
  expect(start().isOurs(queued)).toBe(true)
})

it('what this site sent in a past that it lost is not sent again, and what it was about to send is', () => {
  const now = Date.UTC(2026, 10, 23, 12)
  const letter = letterAt(now - 2 * SECOND)
  const queued = { id: 7, letter, recipient: ALICE, attempts: 0, uncertain: false }
  const { isOurs, marked, tell } = dutyOf('home', () => [peerOf('offsite')], { now: () => now, due: [queued] })
  const said = { origin: 'home', seq: 1, hlc: { at: now, count: 0 }, seen: {} }
  const payload = { letter: letter.key, to: ALICE, about: subjectsOf(letter) }
  tell([{ ...said, type: 'alert.intent', payload }])
  expect(isOurs(queued)).toBe(true)
  tell([{ ...said, seq: 2, type: 'alert.sent', payload }])
  expect(isOurs(queued)).toBe(false)
  expect(marked).toEqual(['7 by home'])
})

it('a letter waits two seconds where others are heard: what sites opened in one moment has one name by then', () => {
  let now = Date.UTC(2026, 10, 23, 12)
  const asked = (letter: Letter, ...peers: readonly Peer[]) => {
    const { isOurs } = dutyOf('home', () => peers, { now: () => now })
    return isOurs({ id: 7, letter, recipient: ALICE, attempts: 0 })
  }
  const fresh = letterAt(now)
  expect([asked(fresh, peerOf('offsite')), asked(fresh, peerOf('offsite', {}, { heard: false }))]).toEqual([
    false,
    true,
  ])
  now += 1999
  expect(asked(fresh, peerOf('offsite'))).toBe(false)
  now += 1
  expect(asked(fresh, peerOf('offsite'))).toBe(true)
  // Decided while they were apart.
  expect(asked(fresh, peerOf('offsite', {}, { since: now - 1 }))).toBe(false)
  now += 2 * SECOND
  expect(asked(fresh, peerOf('offsite', {}, { since: now - 2 * SECOND }))).toBe(true)
  // The clock was set back meanwhile: what lies ahead keeps nobody waiting.
  expect(asked(fresh, peerOf('offsite', {}, { since: now + HOUR }))).toBe(true)
})

it('another site is left to it, takes its time, and what it sent is sent here, too, whatever the letter is called', () => {
  let now = Date.UTC(2026, 10, 23, 12)
  const queued = { id: 7, letter: letterAt(now + 300), recipient: ALICE, attempts: 0, uncertain: false }
  const { isOurs, marked, tell } = dutyOf('offsite', () => [peerOf('home')], { now: () => now, due: [queued] })
  const say = (type: string, more: object = {}) => {
    const about = [`attention:mail.imap:auth:2026-11-23`]
    const payload = { letter: 'k1', to: ALICE, about, ...more }
    tell([{ origin: 'home', seq: 1, hlc: { at: now, count: 0 }, seen: {}, type, payload }])
  }
  expect(isOurs(queued)).toBe(false)
  say('alert.intent')
  now += 80 * SECOND
  expect(isOurs(queued)).toBe(false)
  say('alert.failed')
  expect(isOurs(queued)).toBe(true)
  say('alert.intent')
  expect(isOurs(queued)).toBe(false)
  expect(marked).toEqual([])
  say('alert.sent')
  expect(marked).toEqual(['7 by home'])
  expect(isOurs({ ...queued, recipient: 'bob@admins.example' })).toBe(false)
  now += 10 * MINUTE
  expect(isOurs({ ...queued, recipient: 'bob@admins.example' })).toBe(true)
})

it('of a blind site the first of those that see it mails, again when it is blind again, and the next when that one is silent', () => {
  const noon = Date.UTC(2026, 10, 23, 12)
  let now = noon
  const waiting: Queued[] = []
  const blindAt = (id: number, since: number) => {
    const news = { kind: 'blind' as const, site: 'home', since, until: null, layers: ['v4'] }
    const key = `blind:home:${since}`
    return {
      id,
      letter: { key, event: 'blind', thread: key, at: now, news } as Letter,
      recipient: ALICE,
      attempts: 0,
      uncertain: false,
    }
  }
  const first = blindAt(1, noon - 10 * MINUTE)
  const sites = ['home', 'offsite', 'third']
  const seenFrom = (own: string, other: string) =>
    dutyOf(own, () => [peerOf(other)], { now: () => now, due: waiting, sites })
  now += 2 * SECOND
  expect(seenFrom('offsite', 'third').isOurs(first)).toBe(true)
  const third = seenFrom('third', 'offsite')
  expect(third.isOurs(first)).toBe(false)
  const say = (type: string, since: number) => {
    const payload = { letter: `blind:home:${since}`, to: ALICE, about: ['blind:home'], at: now }
    third.tell([{ origin: 'offsite', seq: 1, hlc: { at: now, count: 0 }, seen: {}, type, payload }])
  }
  waiting.push(first)
  say('alert.sent', noon - 10 * MINUTE - 300)
  expect(third.marked).toEqual(['1 by offsite'])
  now += HOUR
  const second = blindAt(2, now - 10 * MINUTE)
  expect(third.isOurs(second)).toBe(false)
  expect(third.marked).toEqual(['1 by offsite'])
  waiting.splice(0, 1, second)
  say('alert.sent', now - 10 * MINUTE + 300)
  expect(third.marked).toEqual(['1 by offsite', '2 by offsite'])
  now += HOUR
  const last = blindAt(3, now - 10 * MINUTE)
  now += POLICY.takeover
  expect(third.isOurs(last)).toBe(true)
})

const LINE = unprovenLine(new Map([['v4', 2]]), 0)

it('That our line is bad is tried once over it; its end is told instead of both.', () => {
  const memory = {
    configuration: configurationOf([]),
    line: { ...LINE, layers: { v4: { good: false, since: 0, lastBad: 0 } } },
  }
  const duty = createDuty({
    memory,
    ledger: { statements: () => [], onNews: () => () => {}, sentElsewhere: () => {}, due: () => [] },
    peers: () => [],
    changed: () => {},
    now: () => 0,
    ticks: () => 0,
  })
  const letter = (until: number | null): Letter => ({
    key: 'k',
    event: 'blind',
    thread: 'k',
    at: 0,
    news: { kind: 'blind', since: 0, until, layers: ['v4'] },
  })
  const asked = (attempts: number, until: number | null = null) =>
    duty.isOurs({ id: 1, letter: letter(until), recipient: 'a@b.example', attempts })
  expect([asked(0), asked(1), asked(1, 5)]).toEqual([true, false, true])
  memory.line = { ...LINE, layers: { v4: { good: true, since: 0, lastBad: 0 } } }
  expect(asked(1)).toBe(true)
})

it('a letter that was decided before the clock was set back waits no longer than others', () => {
  const letter = { ...letterAt(Date.UTC(2026, 10, 23, 13)), event: 'down' } as Letter
  const queued = { id: 7, letter, recipient: ALICE, attempts: 0, uncertain: false }
  let ticks = 0
  const memory = {
    configuration: { sites: [site('home'), site('offsite')], site: site('offsite'), policy: POLICY },
    line: unprovenLine(new Map(), 0),
  } as unknown as Parameters<typeof createDuty>[0]['memory']
  const turns = (heard: boolean) => {
    const duty = createDuty({
      memory,
      ledger: { statements: () => [], onNews: () => () => {}, sentElsewhere: () => {}, due: () => [] },
      peers: () => (heard ? [peerOf('home')] : []),
      changed: () => {},
      now: () => letter.at - 60 * MINUTE + ticks,
      ticks: () => ticks,
    })
    ticks = 0
    return [0, POLICY.takeover - SECOND, POLICY.takeover].map((at) => {
      ticks = at
      return duty.isOurs(queued)
    })
  }
  expect(turns(false)).toEqual([true, true, true])
  expect(turns(true)).toEqual([false, false, true])
})

it('a letter from the future has waited as long as it has, whatever another site says of mailing meanwhile', () => {
  let now = Date.UTC(2026, 10, 23, 12)
  const queued = { id: 7, letter: letterAt(now + HOUR), recipient: ALICE, attempts: 0, uncertain: false }
  const { isOurs, tell } = dutyOf('offsite', () => [peerOf('home')], { now: () => now, due: [queued] })
  expect(isOurs(queued)).toBe(false)
  now += POLICY.takeover
  const payload = { letter: 'other', to: ALICE, about: ['other'] }
  tell([{ origin: 'home', seq: 1, hlc: { at: now, count: 0 }, seen: {}, type: 'alert.sent', payload }])
  expect(isOurs(queued)).toBe(true)
})

it('forgets what was said a week ago, also while something else is said again and again', () => {
  const noon = Date.UTC(2026, 10, 23, 12)
  let now = noon
  const queued = { id: 7, letter: letterAt(noon), recipient: ALICE, attempts: 0, uncertain: false }
  const { isOurs, marked, tell } = dutyOf('offsite', () => [peerOf('home')], { now: () => now })
  const say = (about: string) => {
    const payload = { letter: about, to: ALICE, about: [about] }
    tell([{ origin: 'home', seq: 1, hlc: { at: now, count: 0 }, seen: {}, type: 'alert.sent', payload }])
  }
  say('blind:home')
  say('attention:mail.imap:auth:2026-11-23')
  for (; now < noon + 8 * DAY; now += DAY) say('blind:home')
  isOurs(queued)
  expect(marked).toEqual([])
})
