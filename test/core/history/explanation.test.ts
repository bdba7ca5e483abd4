// What led to a status, from what was written down of each step.
import { describe, expect, it } from 'vitest'
import type { Service } from '../../../src/core/check.ts'
import {
  type Became,
  cutsFrom,
  type Evidence,
  explain,
  type LookEvidence,
} from '../../../src/core/history/explanation.ts'
import type { OutageRecord } from '../../../src/core/history/outage-record.ts'
import { MINUTE, SECOND } from '../../../src/core/time/time.ts'
import type { Status } from '../../../src/core/verdict/service.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { checkOf } from '../policy.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 2)
const MAIL: Service = {
  id: 'mail',
  name: { en: 'E-mail' },
  group: null,
  about: null,
  url: null,
  audience: 'members',
  checks: [checkOf('mail.smtp'), checkOf('mail.imap', { essential: true })],
}

function became<S extends string>(state: S, ago: number, sites: unknown = {}): Became<S> {
  return { at: NOW - ago, since: NOW - ago, state, rule: '1', sites }
}

function look(ago: number, reason: LookEvidence['reason'] = null): LookEvidence {
  return { at: NOW - ago, site: 'home', strand: null, took: 40, reason, note: null, via: null }
}

function outage(id: string, service: string, from: number, to: number | null): OutageRecord {
  return {
    id,
    service,
    audience: 'members',
    since: NOW - from,
    opened: NOW - from,
    ended: to === null ? null : NOW - to,
    confirmed: true,
    confidence: { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' },
    rule: '7a',
    lastGood: null,
    checks: [],
  }
}

function evidence(more: Partial<Evidence> = {}, states: Readonly<Record<string, State>> = {}): Evidence {
  return {
    service: MAIL,
    at: NOW,
    taint: MINUTE,
    tested: true,
    checks: MAIL.checks.map((check) => ({
      check,
      looks: [],
      sums: [],
      agreed: [became<State>(states[check.id] ?? 'up', 5 * MINUTE)],
      next: null,
    })),
    stood: [became<Status>('operational', 5 * MINUTE)],
    flapping: [],
    spans: [{ from: NOW - 5 * MINUTE, to: null, status: 'operational' }],
    line: [],
    outages: [],
    parents: [],
    letters: [],
    waiting: new Set(),
    people: { work: [], override: null, mute: null, incidents: [], acknowledgements: new Map() },
    ...more,
  }
}

describe('a service that comes and goes', () => {
  const unstable = { ...became<'unstable'>('unstable', 3 * MINUTE), sites: { worst: 'major_outage' } }

  it('was called unstable, at its worst, until it was calm', () => {
    expect(explain(evidence({ flapping: [unstable] })).unstable).toEqual({
      since: unstable.since,
      worst: 'major_outage',
    })
    expect(explain(evidence({ flapping: [unstable, became<'calm'>('calm', MINUTE)] })).unstable).toBeNull()
    expect(explain(evidence()).unstable).toBeNull()
  })
})

describe('the reason of a status', () => {
  it.each<[State, State, string, readonly string[]]>([
    ['up', 'up', 'well', []],
    ['down', 'up', 'some_down', ['mail.smtp']],
    ['up', 'down', 'essential_down', ['mail.imap']],
    ['down', 'down', 'all_down', ['mail.smtp', 'mail.imap']],
    ['partial', 'up', 'some_down', ['mail.smtp']],
    ['unknown', 'unknown', 'all_unknown', ['mail.smtp', 'mail.imap']],
    ['up', 'unknown', 'essential_unknown', ['mail.imap']],
    ['unknown', 'up', 'well', []],
    ['degraded', 'up', 'some_degraded', ['mail.smtp']],
  ])('smtp %s and imap (essential) %s: %s', (smtp, imap, rule, checks) => {
    const found = explain(evidence({}, { 'mail.smtp': smtp, 'mail.imap': imap }))
    expect(found.because).toMatchObject({ rule, checks })
  })

  it('is maintenance where it was planned, and nothing where nothing was known', () => {
    expect(explain(evidence({ stood: [became<Status>('under_maintenance', 1)] })).because.rule).toBe('maintenance')
    expect(explain(evidence({ stood: [] }))).toMatchObject({ said: null, because: { rule: 'nothing' } })
  })
})

describe('looks', () => {
  const runOf = (looks: readonly LookEvidence[], line: Evidence['line'] = []) => {
    const [first] = evidence().checks
    return explain(evidence({ line, checks: [{ ...first!, looks }] })).checks[0]!
  }

  it('are counted from the last of another kind on', () => {
    const looks = [look(50_000), look(40_000, 'timeout'), look(30_000, 'timeout'), look(20_000, 'refused')]
    expect(runOf(looks).run).toEqual({ kind: 'fail', length: 3, since: NOW - 40_000 })
    expect(runOf([...looks, look(10_000)]).run).toEqual({ kind: 'ok', length: 1, since: NOW - 10_000 })
    expect(runOf([look(1, 'auth')]).run?.kind).toBe('ok')
    expect(runOf([look(1, 'offline')]).run?.kind).toBe('unknown')
    expect(runOf([]).run).toBeNull()
  })

  it('are excused while our line was cut, and failures so soon after, too', () => {
    const line = [became('bad', 300 * SECOND), became('good', 100 * SECOND)] as const
    const looks = [
      look(310_000, 'timeout'),
      look(200_000),
      look(90_000),
      look(60_000, 'timeout'),
      look(30_000, 'timeout'),
    ]
    const found = runOf(looks, line)
    expect(found.looks.map(({ excuse }) => excuse)).toEqual([null, 'cut', null, 'tainted', null])
    expect(found.run).toMatchObject({ kind: 'fail', length: 1 })
  })

  it('count while only what they did not need was cut', () => {
    const via = { dns: false, family: 4, port: 443 } as const
    const cut = (...layers: readonly string[]) => [became('bad', 300 * SECOND, { layers })] as const
    const excusesOf = (seen: LookEvidence['via'], line: Evidence['line']) =>
      runOf([{ ...look(200_000, 'refused'), via: seen }], line).looks.map(({ excuse }) => excuse)
    expect(excusesOf(via, cut('dns'))).toEqual([null])
    expect(excusesOf({ ...via, dns: true }, cut('dns'))).toEqual(['cut'])
    expect(excusesOf(via, cut('dns', 'v4'))).toEqual(['cut'])
    expect(excusesOf(null, cut('dns'))).toEqual(['cut'])
    expect(excusesOf(via, cut())).toEqual(['cut'])
  })

  it('carry each site’s opinion as it was written, whatever else is there', () => {
    const [first] = evidence().checks
    const sites = {
      home: { state: 'down', fails: 3, path: false, reason: 'timeout' },
      confidence: { confirmed: 1, of: 2 },
    }
    const found = explain(evidence({ checks: [{ ...first!, agreed: [became<State>('down', 1, sites)] }] })).checks[0]!
    expect(found.opinions).toEqual([{ site: 'home', state: 'down', fails: 3, path: false, reason: 'timeout' }])
    expect(found.confidence).toMatchObject({ confirmed: 1, of: 2 })
    const odd = explain(evidence({ checks: [{ ...first!, agreed: [became<State>('up', 1, null)] }] })).checks[0]!
    expect(odd).toMatchObject({ opinions: [], confidence: null })
  })
})

describe('cuts of our line', () => {
  it('begin and end; one begun twice is one, one that goes on has no end', () => {
    const line = [
      became('bad', 90),
      became('bad', 80),
      became('good', 70),
      became('good', 60),
      became('bad', 50),
    ] as const
    expect(cutsFrom(line).map(({ from, to }) => [NOW - from, to === null ? null : NOW - to])).toEqual([
      [90, 70],
      [50, null],
    ])
  })

  it('are of all parts that were bad', () => {
    const line = [became('bad', 90, { layers: ['dns'] }), became('bad', 80, { layers: ['dns', 'v4'] })] as const
    expect(cutsFrom(line)).toMatchObject([{ layers: ['dns', 'v4'] }])
  })
})

describe('a moment', () => {
  it('is told as it was said, and as it is known since', () => {
    const spans = [
      { from: NOW - 60_000, to: NOW - 10_000, status: 'operational' as const },
      { from: NOW - 10_000, to: null, status: 'major_outage' as const },
    ]
    expect(explain(evidence({ spans }))).toMatchObject({
      said: { state: 'operational' },
      known: { status: 'major_outage', from: NOW - 10_000 },
    })
  })

  it('has the outage that went on, or one of the day before, and those of what it depends on', () => {
    const own = outage('mail-1', 'mail', 60_000, 30_000)
    const theirs = outage('host-1', 'host', 70_000, 20_000)
    const parents = [
      { id: 'host', outages: [outage('host-0', 'host', 900_000, 800_000), theirs] },
      { id: 'net', outages: [] },
    ]
    expect(explain(evidence({ outages: [own], parents }))).toMatchObject({
      outage: { id: 'mail-1' },
      parents: [
        { id: 'host', outage: { id: 'host-1' } },
        { id: 'net', outage: null },
      ],
    })
    expect(explain(evidence({ at: NOW + 2 * 86_400_000, outages: [own] })).outage).toBeNull()
  })

  it('has the letters that speak of its outage, a parent’s that folds it in, too', () => {
    const own = outage('mail-1', 'mail', 60_000, null)
    const affected = (id: string) => ({ ...({} as never as object), outage: id }) as never
    const fate = (key: string, news: object) => ({
      letter: { key, event: 'down' as const, thread: key, at: NOW, news: news as never },
      recipient: 'a@example.org',
      state: 'sent' as const,
      sent: NOW,
      attempts: [],
    })
    const letters = [
      fate('own', { kind: 'down', affected: [affected('mail-1')], children: [], suspected: null }),
      fate('parent', { kind: 'down', affected: [affected('host-1')], children: [affected('mail-1')], suspected: null }),
      fate('other', { kind: 'down', affected: [affected('web-1')], children: [], suspected: null }),
      fate('end', { kind: 'up', over: [{ affected: affected('mail-1'), until: NOW }] }),
      fate('test', { kind: 'test' }),
    ]
    const found = explain(evidence({ outages: [own], letters })).letters
    expect(found.map(({ letter }) => letter.key)).toEqual(['own', 'parent', 'end'])
  })
})
