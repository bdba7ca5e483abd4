// A job's pings come out by a road, too: the one to the site that heard the last of them.
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/time/time.ts'
import { hearPings } from '../../../src/core/verdict/hearing.ts'
import { NO_PULSE } from '../../../src/core/verdict/heartbeat.ts'
import { nothingKnownOf } from '../../../src/core/verdict/known.ts'
import type { Peer } from '../../../src/core/verdict/word.ts'
import { peerOf, wordOf } from '../peers.ts'
import { checkOf } from '../policy.ts'
import { NOW } from '../voices.ts'

const BEAT = { period: 10 * MINUTE, grace: 2 * MINUTE, token: null }
const job = checkOf('job.heartbeat', { kind: 'heartbeat', heartbeat: BEAT })
const at = NOW - 15 * MINUTE
const pulse = { ...NO_PULSE, ended: { at, ok: true, exit: null, runtime: null }, lastGood: at }

/** Missing for three minutes: whether the road leaves it no excuse. `by`: who heard it last; not said: we. */
function isSure(ours: boolean, theirs: boolean, by?: string): boolean {
  const known = { ...nothingKnownOf(job, at), pulse: by === undefined ? pulse : { ...pulse, by } }
  const peers = [peerOf('offsite', { [job.id]: wordOf({ state: 'down', path: theirs }) })]
  const line = { path: ours, pathSince: NOW - 60 * MINUTE }
  const [{ state, path }] = hearPings(known, job, BEAT, peers, { blind: [], silences: {}, line }, NOW).opinions
  expect(state).toBe('down')
  return path
}

it('a ping that is known only from others than who heard it counts, too', () => {
  const run = { ...pulse, ended: { ...pulse.ended, at: at + BEAT.period }, by: 'third' }
  const peers = [peerOf('offsite', { [job.id]: wordOf({ pulse: run }) })]
  const line = { path: true, pathSince: 0 }
  const heard = hearPings(
    { ...nothingKnownOf(job, at), pulse },
    job,
    BEAT,
    peers,
    { blind: [], silences: {}, line },
    NOW,
  )
  expect(heard.opinions[0].state).toBe('up')
})

it('of what we heard last our road counts', () => {
  expect([isSure(true, true), isSure(true, false), isSure(false, true)]).toEqual([true, true, false])
})

it('of what another site heard last its road counts, as it says itself', () => {
  expect([isSure(true, true, 'offsite'), isSure(false, true, 'offsite')]).toEqual([true, true])
  expect(isSure(true, false, 'offsite')).toBe(false)
})

it('is missing only where the site that says that it heard it last misses it', () => {
  const known = { ...nothingKnownOf(job, at), pulse: { ...pulse, by: 'offsite' } }
  const opinionBeside = (peer: Peer) => {
    const deafness = { blind: [], silences: {}, line: { path: true, pathSince: NOW - 60 * MINUTE } }
    return hearPings(known, job, BEAT, [peer], deafness, NOW).opinions[0].state
  }
  const saying = (state: 'up' | 'unknown' | 'down', by = 'offsite', definition?: string) => {
    const word = wordOf({ state, pulse: { ...pulse, by } })
    return peerOf('offsite', { [job.id]: definition === undefined ? word : { ...word, definition } })
  }
  expect((['up', 'unknown', 'down'] as const).map((state) => opinionBeside(saying(state)))).toEqual([
    'unknown',
    'unknown',
    'down',
  ])
  expect(opinionBeside({ ...saying('up'), heard: false })).toBe('unknown')
  expect(opinionBeside({ ...saying('down'), heard: false })).toBe('down')
  expect(opinionBeside(peerOf('offsite', {}))).toBe('down')
  expect(opinionBeside(peerOf('offsite', { [job.id]: wordOf({ state: 'up', pulse: null }) }))).toBe('down')
  expect(opinionBeside(saying('up', 'offsite', 'another'))).toBe('down')
  expect(opinionBeside(peerOf('third', { [job.id]: wordOf({ state: 'up' }) }))).toBe('down')
})

it('two that each have it from the other miss it, both', () => {
  const known = { ...nothingKnownOf(job, at), pulse: { ...pulse, by: 'offsite' } }
  const peers = [peerOf('offsite', { [job.id]: wordOf({ state: 'up', pulse: { ...pulse, by: 'home' } }) })]
  const deafness = { blind: [], silences: {}, line: { path: true, pathSince: NOW - 60 * MINUTE } }
  expect(hearPings(known, job, BEAT, peers, deafness, NOW).opinions[0].state).toBe('down')
})
