import { expect, test } from 'vitest'
import { resultOf } from '../../../src/cli/check/result.ts'
import type { Check } from '../../../src/core/check.ts'
import type { Observation, Outcome } from '../../../src/core/observation.ts'
import { DAY } from '../../../src/core/time/time.ts'

const AT = Date.UTC(2026, 10, 23, 9)
const FINE: Outcome = { ok: true, note: '250 ready' }
const DOWN: Outcome = { ok: false, reason: 'refused', note: 'connection refused' }
const UNSEEN: Outcome = { ok: null, reason: 'offline', note: 'no network here' }

test.each([
  ['both fine', FINE, FINE, true, null, '250 ready'],
  ['IPv6 down', FINE, DOWN, true, null, '250 ready; not reachable over IPv6: connection refused'],
  ['IPv4 down', DOWN, FINE, true, null, '250 ready; not reachable over IPv4: connection refused'],
  ['IPv6 unseen', FINE, UNSEEN, true, null, '250 ready; IPv6 unknown: no network here'],
  ['both down', DOWN, DOWN, false, 'refused', 'connection refused'],
  ['one down, one unseen', UNSEEN, DOWN, false, 'refused', 'connection refused; IPv4 unknown: no network here'],
  ['both unseen', UNSEEN, UNSEEN, null, 'offline', 'no network here'],
] as const)('With %s, one object says so.', (_, four, six, ok, reason, note) => {
  expect(resultOf(checkOf(3_000), [lookOf(four, 4), lookOf(six, 6)])).toMatchObject({ ok, reason, note })
})

test('Slower than the rule is slow, as fast as it is not; a kind without slow never is.', () => {
  const at = (took: number, slow: number | null) => resultOf(checkOf(slow), [{ ...lookOf(FINE, null), took }]).reason
  expect([at(3_000, 3_000), at(3_001, 3_000), at(60_000, null)]).toEqual([null, 'slow', null])
})

test('What is left of a certificate is compared with the rule, and said in whole days.', () => {
  const tls = { version: 'TLSv1.3', from: AT - 80 * DAY, expires: AT + 19.5 * DAY }
  const { reason, tls: said } = resultOf(checkOf(3_000), [lookOf({ ...FINE, tls }, null)])
  expect(reason).toBe('expiring')
  expect(said).toEqual({ version: 'TLSv1.3', expires: '2026-12-12T21:00:00.000Z', days: 19 })
  const later = { ...tls, expires: AT + 21 * DAY }
  expect(resultOf(checkOf(3_000), [lookOf({ ...FINE, tls: later }, null)]).reason).toBe(null)
})

test('A bad certificate is shown as well: its dates are what one wants to know.', () => {
  const tls = { version: 'TLSv1.2', from: AT - 80 * DAY, expires: AT - 1 }
  const look = lookOf({ ok: false, reason: 'certificate', note: 'certificate expired', tls }, null)
  expect(resultOf(checkOf(3_000), [look])).toMatchObject({ ok: false, reason: 'certificate', tls: { days: -1 } })
})

function checkOf(slow: number | null): Check {
  const rule = { every: 60_000, timeout: 10_000, retry: 15_000, fall: 3, rise: 2, slow, expiresIn: { share: 0.2 } }
  return {
    id: 'mail.smtp',
    service: 'mail',
    kind: 'smtp',
    target: 'mx.example:25',
    rule,
    family: 'both',
    depends: [],
    essential: false,
    audience: 'members',
    from: 'all',
    heartbeat: null,
    definition: 'd1',
    unusable: null,
  }
}

function lookOf(outcome: Outcome, strand: 4 | 6 | null): Observation {
  const via = { dns: true, family: strand, port: 25 }
  return { check: 'mail.smtp', strand, site: 'home', at: AT, took: 40, phases: { connect: 40 }, via, outcome }
}
