import { describe, expect, it } from 'vitest'
import type { Observation, Outcome } from '../../../src/core/observation.ts'
import { DAY, HOUR } from '../../../src/core/time/time.ts'
import { type Attentions, attentionLetter, expiring, mindful, untold } from '../../../src/core/verdict/attention.ts'
import { RULE } from '../policy.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const NAME = { fr: 'Site', en: 'Web' }
const tls = { version: 'TLSv1.3', from: NOON - 80 * DAY, expires: NOON + 10 * DAY }
const REFUSED: Outcome = { ok: false, reason: 'auth', note: 'login refused (401)', tls }
const WITHOUT: Outcome = { ok: true, note: '', tls, attention: [{ kind: 'auth', note: 'login refused (401)' }] }

function mindOf(...outcomes: readonly Outcome[]): Attentions {
  let known: Attentions = {}
  for (const [index, outcome] of outcomes.entries()) {
    known = mindful(known, seen(outcome), RULE, NOON + index * HOUR)
    const told = Object.entries(known).map(([key, item]) => [key, { ...item, told: true }])
    if (index < outcomes.length - 1) known = Object.fromEntries(told)
  }
  return known
}

function seen(outcome: Outcome): Observation {
  const via = { dns: false, family: 4, port: 443 } as const
  return { check: 'web.http', strand: null, site: 'home', at: NOON, took: 1, phases: {}, via, outcome }
}

const open = (known: Attentions, due: 'daily' | 'at_once' = 'daily') =>
  untold('web.http', NAME, known, due).map(({ kind }) => kind)

describe('what admins should mind', () => {
  it('is a certificate with less left than the rule allows, with the daily letter', () => {
    const known = mindOf({ ok: true, note: '', tls })
    expect(open(known, 'at_once')).toEqual([])
    expect(untold('web.http', NAME, known, 'daily')).toEqual([
      { check: 'web.http', service: NAME, kind: 'expiring', note: 'the certificate expires in 10 days', since: NOON },
    ])
    expect(open(mindOf({ ok: true, note: '', tls: { ...tls, expires: NOON + 60 * DAY } }))).toEqual([])
  })

  it('is not yet what has just as much left as the rule allows', () => {
    const rows = [
      [{ left: 10 * DAY }, false],
      [{ left: 10 * DAY + 1 }, true],
      [{ share: 10 / 90 }, false],
      [{ share: 10.1 / 90 }, true],
    ] as const
    for (const [rule, minds] of rows) expect(expiring(tls, rule, NOON)).toBe(minds)
  })

  it('is a certificate that is over, where that fails no look, in words of its own', () => {
    const left = (time: number) => mindOf({ ok: true, note: '', tls: { ...tls, expires: NOON + time } })
    expect(left(-3 * DAY)).toMatchObject({ expiring: { note: 'the certificate has expired' } })
    expect(left(1.5 * DAY)).toMatchObject({ expiring: { note: 'the certificate expires in 1 day' } })
  })

  it('is a domain whose registration ends as soon', () => {
    const until = (left: number): Outcome => ({
      ok: true,
      note: '',
      term: { from: NOON - 80 * DAY, expires: NOON + left },
    })
    expect(mindOf(until(10 * DAY))).toMatchObject({ expiring: { note: 'the domain expires in 10 days' } })
    expect(mindOf(until(HOUR))).toMatchObject({ expiring: { note: 'the domain expires within a day' } })
    expect(mindOf(until(-DAY))).toMatchObject({ expiring: { note: 'the domain has expired' } })
    expect(mindOf(until(60 * DAY))).toEqual({})
  })

  it('is told once while it lasts, and again when it comes back', () => {
    const fine: Outcome = { ok: true, note: '' }
    const expiring: Outcome = { ok: true, note: '', tls }
    expect(open(mindOf(expiring, expiring))).toEqual([])
    expect(open(mindOf(expiring, { ok: null, reason: 'offline', note: '' }, expiring))).toEqual([])
    expect(open(mindOf(expiring, { ok: false, reason: 'timeout', note: '' }, expiring))).toEqual([])
    expect(open(mindOf(expiring, fine, expiring))).toEqual(['expiring'])
  })

  it('keeps to itself what a look with a refused login could not see', () => {
    expect(open(mindOf(WITHOUT, REFUSED, WITHOUT))).toEqual([])
    expect(open(mindOf({ ok: true, note: '', tls }, REFUSED), 'at_once')).toEqual(['auth'])
  })

  it('is one letter for all of it, and none for nothing', () => {
    expect(attentionLetter([], NOON)).toBeNull()
    const letter = attentionLetter(untold('web.http', NAME, mindOf(WITHOUT), 'daily'), NOON)
    expect(letter).toMatchObject({ event: 'attention', news: { items: [{ kind: 'auth' }, { kind: 'expiring' }] } })
  })
})
