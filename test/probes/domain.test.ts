// Answers as registries give them: RFC 9083, 5.3, and the AFNIC's for .fr.
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DAY, HOUR, SECOND } from '../../src/core/time/time.ts'
import { domain } from '../../src/probes/domain.ts'
import { kinds } from '../../src/probes/index.ts'
import { answering, type Serve } from '../servers/web.ts'
import { type Place, world } from '../servers/world.ts'
import { configure, probeOf } from './settings.ts'

const NOW = Date.UTC(2026, 10, 23, 12)
const LIST = {
  version: '1.0',
  publication: '2026-11-20T20:00:01Z',
  services: [
    [['com', 'net'], ['https://rdap.verisign.test/com/v1/']],
    [
      ['fr', 're'],
      ['http://rdap.nic.test/', 'https://rdap.nic.test'],
    ],
    [['eu.org'], ['https://eu.test/rdap/']],
    [['org'], ['https://org.test/']],
    [['clear'], ['http://clear.test/']],
  ],
}

const registered = (over: object = {}) => ({
  objectClassName: 'domain',
  ldhName: 'nomagic.fr',
  status: ['active'],
  events: [
    { eventAction: 'registration', eventDate: '2016-03-01T10:00:00Z' },
    { eventAction: 'expiration', eventDate: '2027-03-01T10:00:00Z' },
  ],
  ...over,
})

interface Registry {
  list?: unknown
  said?: unknown
  serve?: Serve
  bootstrap?: Serve
  places?: Readonly<Record<string, Place>>
}

/** IANA and a registry; both may be changed while they run. */
async function registry(now: Registry = {}) {
  const json = (document: unknown): Serve =>
    answering(200, JSON.stringify(document), { 'content-type': 'application/rdap+json' })
  const places = {
    'data.iana.org:443': { serve: ((q, r) => (now.bootstrap ?? json(now.list ?? LIST))(q, r)) as Serve },
    'rdap.nic.test:443': { serve: ((q, r) => (now.serve ?? json(now.said ?? registered()))(q, r)) as Serve },
    ...now.places,
  }
  const { look, heard } = await world(places)
  return {
    heard,
    look: async (probe = probeOf(domain, 'nomagic.fr'), timeout = 10_000) => look(probe, { timeout, now: () => NOW }),
  }
}

const SILENT = () => {}
const unheard = (note: string) => ({ ok: null, reason: 'overload', note: `no word from the registry: ${note}` })

describe('domain', () => {
  it('asks IANA whom to ask, and the registry until when', async () => {
    const { look, heard } = await registry()
    const { outcome, phases } = await look()
    expect(outcome).toEqual({
      ok: true,
      note: 'registered until 2027-03-01, 97 days left',
      term: { from: Date.UTC(2016, 2, 1, 10), expires: Date.UTC(2027, 2, 1, 10) },
    })
    expect(heard).toEqual([
      'data.iana.org data.iana.org GET /rdap/dns.json',
      'rdap.nic.test rdap.nic.test GET /domain/nomagic.fr',
    ])
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'bootstrap', 'registry'])
  })

  it.each([
    ['a.fr', 'rdap.nic.test', '/domain/a.fr'],
    ['a.net', 'rdap.verisign.test', '/com/v1/domain/a.net'],
    ['a.eu.org', 'eu.test', '/rdap/domain/a.eu.org'],
    ['neu.org', 'org.test', '/domain/neu.org'],
    ['Éa.FR', 'rdap.nic.test', '/domain/xn--a-9fa.fr'],
  ])('asks about %s at %s', async (name, host, path) => {
    const places = Object.fromEntries(
      ['rdap.nic.test', 'rdap.verisign.test', 'eu.test', 'org.test'].map((one) => [
        `${one}:443`,
        { serve: answering(404) },
      ]),
    )
    const { look, heard } = await registry({ places })
    expect((await look(probeOf(domain, name))).outcome).toMatchObject({
      ok: null,
      reason: 'config',
      note: expect.stringContaining(`${host} knows no `),
    })
    expect(heard.at(-1)).toBe(`${host} ${host} GET ${path}`)
  })

  it.each([
    ['client hold'],
    ['server hold'],
    ['redemption period'],
    ['pending delete'],
    ['Pending Restore'],
    ['inactive'],
  ])('fails when the registry took it out of the DNS: %s', async (status) => {
    const { look } = await registry({ said: registered({ status: ['active', status] }) })
    expect((await look()).outcome).toEqual({
      ok: false,
      reason: 'content',
      note: `out of the DNS: ${status.toLowerCase()}; registered until 2027-03-01`,
    })
  })

  it('leaves it to the rule when an end is near, also when it is past', async () => {
    const ends = (eventDate: string) => registered({ events: [{ eventAction: 'expiration', eventDate }] })
    const near = await registry({ said: ends('2026-12-01T00:00:00.000+01:00') })
    expect((await near.look()).outcome).toMatchObject({ ok: true, note: 'registered until 2026-11-30, 7 days left' })
    const past = await registry({ said: ends('2026-11-20T00:00:00Z') })
    const { outcome } = await past.look()
    expect(outcome).toMatchObject({ ok: true, note: 'registered until 2026-11-20, 4 days ago' })
    expect(outcome).toMatchObject({ term: { from: Date.UTC(2025, 10, 20) } })
  })

  it('says when the registry names no end', async () => {
    const { look } = await registry({ said: registered({ events: [] }) })
    expect((await look()).outcome).toEqual({ ok: true, note: 'the registry does not say until when' })
  })

  it('knows of registries that can not be asked', async () => {
    const { look, heard } = await registry()
    for (const name of ['a.example', 'a.clear']) {
      expect((await look(probeOf(domain, name))).outcome).toEqual({
        ok: null,
        reason: 'config',
        note: `${name.slice(1)} has no registry that can be asked (RDAP)`,
      })
    }
    expect(heard).toHaveLength(2)
  })
})

describe('a registry that', () => {
  it.each<[string, Registry, object]>([
    ['is asked too often', { serve: answering(429) }, unheard('rdap.nic.test: 429')],
    ['is broken', { serve: answering(503) }, unheard('rdap.nic.test: 503')],
    ['says HTML', { serve: answering(200, '<p>') }, unheard('rdap.nic.test: the answer is not JSON')],
    ['says a list', { serve: answering(200, '[]') }, unheard('rdap.nic.test: the answer is no object')],
    [
      'has no end',
      { serve: answering(200, `{"a":"${'x'.repeat(600_000)}"}`) },
      unheard('rdap.nic.test: the answer is too long'),
    ],
    ['is deep', { serve: answering(200, '{"a":'.repeat(100_000)) }, unheard('rdap.nic.test: the answer is not JSON')],
    [
      'speaks of another',
      { said: registered({ ldhName: 'Other.FR.' }) },
      unheard('rdap.nic.test answers about other.fr'),
    ],
    [
      'goes round in circles',
      { serve: answering(302, '', { location: '/domain/nomagic.fr' }) },
      unheard('rdap.nic.test: 302'),
    ],
    [
      'leads out of TLS',
      { serve: answering(302, '', { location: 'http://x.test/' }) },
      unheard('302 from https back to http://x.test/'),
    ],
    ['hangs up', { serve: (q) => q.socket.destroy() }, unheard('connection closed without a complete answer')],
    ['is silent', { serve: SILENT }, unheard('no answer in time')],
    [
      'has a foreign certificate',
      { places: { 'rdap.nic.test:443': { serve: answering(200, '{}'), names: ['evil.test'] } } },
      unheard('certificate is for evil.test, not rdap.nic.test'),
    ],
    ['is listed nowhere, as IANA is broken', { bootstrap: answering(500) }, unheard('data.iana.org: 500')],
    [
      'is listed in rubbish',
      { list: { services: [null, 7, [], [[]], [['fr'], 'x'], [['fr'], ['https://[']]] } },
      { ok: null, reason: 'config' },
    ],
  ])('%s is no fault of the domain', async (_, now, expected) => {
    const { look } = await registry(now)
    expect((await look(undefined, now.serve === SILENT ? 800 : 10_000)).outcome).toMatchObject(expected)
  })

  it('sends on is followed', async () => {
    const places = { 'rdap2.nic.test:443': { serve: answering(200, JSON.stringify(registered())) } }
    const serve = answering(301, '', { location: 'https://rdap2.nic.test/d' })
    const { look } = await registry({ serve, places })
    expect((await look()).outcome.ok).toBe(true)
  })
})

describe('the list of registries', () => {
  afterEach(() => vi.useRealTimers())

  it('is kept for a week, and longer when IANA is silent', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const now: Registry = {}
    const { look, heard } = await registry(now)
    const probe = probeOf(domain, 'nomagic.fr')
    const lists = () => heard.filter((line) => line.includes('iana')).length
    await look(probe)
    vi.advanceTimersByTime(6 * DAY)
    await look(probe)
    expect(lists()).toBe(1)
    vi.advanceTimersByTime(2 * DAY)
    now.bootstrap = answering(503)
    expect((await look(probe)).outcome.ok).toBe(true)
    expect(lists()).toBe(2)
  })
})

it('makes an outcome of any registration', async () => {
  const now: Registry = {}
  const { look } = await registry(now)
  const probe = probeOf(domain, 'nomagic.fr')
  const any = fc.record(
    {
      status: fc.jsonValue(),
      events: fc.oneof(
        fc.jsonValue(),
        fc.array(fc.record({ eventAction: fc.constant('expiration'), eventDate: fc.jsonValue() })),
      ),
      ldhName: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(any, async (said) => {
      now.said = said
      expect((await look(probe)).outcome.note).not.toBe('')
    }),
    { numRuns: 60 },
  )
}, 30_000)

it('keeps to the pace of registries', () => {
  expect(domain.defaults?.({} as never)).toMatchObject({
    every: 24 * HOUR,
    retry: HOUR,
    timeout: 30 * SECOND,
    slow: null,
    expiresIn: { left: 30 * DAY },
  })
  expect(kinds.domain.from).toBe('any')
})

it.each(['fr', 'https://nomagic.fr', '*.nomagic.fr', '_dmarc.nomagic.fr', ''])('%s is no domain', (text) => {
  expect(configure(domain, text).complaints).toEqual([
    'target: this is no domain: write example.org, as it was registered',
  ])
})
