// How much of a service a letter says is out: never more than is known, never less (verdict.md, 4).
import { expect, it } from 'vitest'
import type { Audience, Service } from '../../../src/core/check.ts'
import { MINUTE } from '../../../src/core/time/time.ts'
import { affectedBy } from '../../../src/core/verdict/affected.ts'
import type { Agreement, Voice } from '../../../src/core/verdict/agreement.ts'
import { type CheckKnown, nothingKnownOf } from '../../../src/core/verdict/known.ts'
import type { Outage } from '../../../src/core/verdict/outage.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { checkOf } from '../policy.ts'

const START = Date.UTC(2026, 10, 23)
const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' as const }

/**
 * `imap up`: looked at since the outage began, and well; `imap failing`: up still, but its last look failed; `imap excused`:
 * ours says nothing, as our line was bad at its last look, and it is up because another site's last look, of before, was fine.
 */
function reach(story: string, { essential = '', audience = 'members' as Audience, own = 'members' as Audience } = {}) {
  const stands = story.split(', ').map((one) => one.split(' ') as [string, State | 'failing' | 'stale' | 'excused'])
  const service: Service = {
    id: 'mail',
    name: { en: 'Mail' },
    group: null,
    about: null,
    url: null,
    audience: own,
    checks: stands.map(([id]) => checkOf(`mail.${id}`, { kind: id, essential: id === essential, audience })),
  }
  const known = new Map<string, CheckKnown>()
  const voices = new Map<string, readonly Voice[]>()
  for (const [at, [, is]] of stands.entries()) {
    const check = service.checks[at]!
    const none = nothingKnownOf(check, START)
    const state = is === 'failing' || is === 'stale' || is === 'excused' ? 'up' : is
    const agreement: Agreement = { state, since: START, reason: null, confidence, rule: '7a', disagreeSince: null }
    const voiceOf = (site: string, state: Voice['opinion']['state'], looked: number): Voice => {
      const opinion = { ...none.opinions[0], state, at: looked, fails: is === 'failing' ? 1 : 0 }
      return { site, domain: site, heard: true, lately: true, line: true, opinion }
    }
    const own = state === 'partial' ? 'down' : state
    const before = START - MINUTE
    voices.set(
      check.id,
      is === 'excused'
        ? [voiceOf('home', 'unknown', START + MINUTE), voiceOf('offsite', 'up', before)]
        : [voiceOf('home', own, is === 'stale' ? before : START + MINUTE)],
    )
    known.set(check.id, { ...none, agreement })
  }
  const outage: Outage = {
    id: 'mail-1',
    service: 'mail',
    audience,
    since: START,
    opened: START + MINUTE,
    confirmed: true,
    confirmedAt: START + MINUTE,
    planned: false,
    checks: service.checks.slice(0, 1).map(({ id }) => id),
    ended: null,
  }
  const { extent, able } = affectedBy(outage, service, {
    known: (id) => known.get(id),
    voices: (id) => voices.get(id) ?? [],
  })
  return { extent, able }
}

it.each([
  ['submission down, imap up', 'part', { works: ['read'], fails: ['send'] }],
  // One look later the rest may be out as well: nothing is said of it.
  ['submission down, imap stale', 'part', { works: [], fails: ['send'] }],
  ['submission down, imap unknown', 'part', { works: [], fails: ['send'] }],
  ['submission down, imap failing, smtp up', 'part', { works: [], fails: ['send'] }],
  ['submission down, smtp up, imap stale', 'part', { works: [], fails: ['send'] }],
  ['submission down, imap excused', 'part', { works: [], fails: ['send'] }],
  // Two fail and none was seen well since.
  ['submission down, imap failing, smtp stale', 'whole', { works: [], fails: ['send'] }],
  // All of it fails, though one check alone is sure by now.
  ['submission down, imap failing', 'whole', { works: [], fails: ['send'] }],
  ['submission down, imap down', 'whole', { works: [], fails: ['read', 'send'] }],
  ['ping down, tcp up', 'part', undefined],
  // What proves nothing to members leaves nothing in doubt.
  ['submission down, imap up, ping stale', 'part', { works: ['read'], fails: ['send'] }],
] as const)('%s: %s', (story, extent, able) => {
  expect(reach(story)).toEqual({ extent, able })
})

it('is the whole where what is essential is down', () => {
  expect(reach('imap down, smtp up', { essential: 'imap' }).extent).toBe('whole')
  expect(reach('imap down, smtp up', { essential: 'smtp' }).extent).toBe('part')
})

it('is inside where members see the rest of it, and no more than that where they see none', () => {
  expect(reach('ping down', { audience: 'admins' }).extent).toBe('inside')
  expect(reach('ping down', { audience: 'admins', own: 'admins' }).extent).toBe('whole')
})

it('says why in our own words where we saw it fail in this outage, else in those of who did', () => {
  const check = checkOf('web.http')
  const service = {
    id: 'web',
    name: 'Web',
    group: null,
    about: null,
    url: null,
    audience: 'members',
    checks: [check],
  } as unknown as Service
  const agreement: Agreement = {
    state: 'partial',
    since: START,
    reason: 'timeout',
    confidence,
    rule: '2a',
    disagreeSince: START,
  }
  const outage = {
    id: 'web-1',
    service: 'web',
    audience: 'members',
    since: START,
    checks: [check.id],
  } as unknown as Outage
  const said = (at: number) => {
    const none = nothingKnownOf(check, START)
    const fault = { reason: 'certificate' as const, note: 'certificate expired', at }
    const known = {
      ...none,
      agreement,
      opinions: [{ ...none.opinions[0], state: 'up', note: '200', fault }],
    } as CheckKnown
    const { reason, note } = affectedBy(outage, service, { known: () => known, voices: () => [] }).checks[0]!
    return { reason, note }
  }
  expect(said(START - 90 * 24 * 60 * MINUTE)).toEqual({ reason: 'timeout', note: '' })
  expect(said(START + MINUTE)).toEqual({ reason: 'certificate', note: 'certificate expired' })
})

it('begins for its letters where the work ended that it outlasted, and knows what failed before', () => {
  const check = checkOf('mail.smtp')
  const none = nothingKnownOf(check, START)
  const fault = { reason: 'refused', note: 'ECONNREFUSED', at: START + MINUTE } as const
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' } as const
  const agreement = { state: 'down', since: START, reason: null, confidence, rule: '1', disagreeSince: null } as const
  const opinion = { ...none.opinions[0], lastGood: START - MINUTE, fault }
  const known = { ...none, agreement, opinions: [opinion] as const }
  const service = {
    id: 'mail',
    name: { en: 'Mail' },
    group: null,
    about: null,
    url: null,
    audience: 'members',
  } as const
  const outage = {
    id: 'mail-1',
    audience: 'members',
    since: START,
    countedFrom: START + 9 * MINUTE,
    checks: [check.id],
  } as const
  const affected = affectedBy(outage, { ...service, checks: [check] }, { known: () => known, voices: () => [] })
  expect(affected).toMatchObject({ since: START + 9 * MINUTE, lastGood: START - MINUTE })
  expect(affected.checks).toMatchObject([{ reason: 'refused', note: 'ECONNREFUSED' }])
})
