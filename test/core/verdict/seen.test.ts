// Nothing is said to work because it worked before (verdict.md, 4).
import { expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/time/time.ts'
import { isSuspect, isTimely, SUSPECT, wasSeenSince } from '../../../src/core/verdict/seen.ts'
import { checkOf, RULE } from '../policy.ts'
import { NOW, voices } from '../voices.ts'

it.each([
  ['up up', true],
  ['degraded up', true],
  ['up', true],
  // One who knows is enough, and nobody else need know.
  ['unknown up', true],
  ['up unheard', true],
  ['unknown unknown', false],
  ['unheard unheard', false],
  // It fails, here or there, though not for sure.
  ['up1 up', false],
  ['up up2', false],
  ['unknown1 up', false],
  ['up down3', false],
  ['unknown up3', false],
  // Our own look was excused, so it says nothing; the other's fails.
  ['unknown up1', false],
  // A bad road explains its own fails where another sees it well, and only there.
  ['up down3-road', true],
  ['up1-road up', true],
  ['up1-road up1-road', false],
  ['unknown up1-road', false],
  ['up down3-line', true],
])('%s: seen well is %s', (words, seen) => {
  expect(wasSeenSince(voices(words), NOW - MINUTE, 1)).toBe(seen)
})

it('was seen only by a look that is younger than the outage', () => {
  expect(wasSeenSince(voices('up up'), NOW, 1)).toBe(true)
  expect(wasSeenSince(voices('up up'), NOW + 1, 1)).toBe(false)
  expect(wasSeenSince([], 0, 1)).toBe(false)
})

it('goes on being seen well through a blip, where two fails are asked for', () => {
  expect(wasSeenSince(voices('up1'), NOW - MINUTE, SUSPECT)).toBe(true)
  expect(wasSeenSince(voices('up2'), NOW - MINUTE, SUSPECT)).toBe(false)
})

it('a blip is no suspicion where two fails are asked for', () => {
  expect(isSuspect(voices('up1 up'), SUSPECT)).toBe(false)
  expect(isSuspect(voices('up2 up'), SUSPECT)).toBe(true)
  expect(isSuspect(voices('up1 up'), 1)).toBe(true)
  expect(isSuspect(voices('up up'), 1)).toBe(false)
})

it('nobody waits for what is looked at seldom, or for a job', () => {
  expect(isTimely(checkOf('mail.sieve', { rule: { ...RULE, every: 5 * MINUTE } }))).toBe(true)
  expect(isTimely(checkOf('mail.domain', { rule: { ...RULE, every: 60 * MINUTE } }))).toBe(false)
  const heartbeat = { period: MINUTE, grace: MINUTE, token: null }
  expect(isTimely(checkOf('job.run', { heartbeat }))).toBe(false)
})
