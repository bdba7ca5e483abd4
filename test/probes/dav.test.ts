import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HOUR } from '../../src/core/time/time.ts'
import { caldav } from '../../src/probes/caldav.ts'
import { carddav } from '../../src/probes/carddav.ts'
import { groupware, type Instead, LOGIN, multistatus } from '../servers/dav.ts'
import { answering, type Serve } from '../servers/web.ts'
import { type Place, world } from '../servers/world.ts'
import { configure, probeOf } from './settings.ts'

const SITE = 'https://dav.test'
const HOME = `/SOGo/dav/${LOGIN.user}`
const login = LOGIN

async function office(instead: Instead = new Map(), places: Readonly<Record<string, Place>> = {}) {
  return world({ 'dav.test:443': { serve: groupware(instead) }, ...places })
}

const xml = (text: string): Serve => answering(207, text, { 'content-type': 'application/xml' })

describe.each([
  ['caldav', caldav, '1 calendar', 'the calendar', 'Calendar'],
  ['carddav', carddav, '2 address books', 'the address book', 'Contacts'],
] as const)('%s', (name, kind, things, thing, folder) => {
  it('finds them from the bare name', async () => {
    const { look, heard } = await office()
    const { outcome, phases } = await look(probeOf(kind, SITE, { login }))
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(outcome.note).toMatch(new RegExp(`^logged in, finds ${things}, TLSv1\\.3, \\d+ days left$`))
    expect(heard.map((line) => line.split(' ').slice(2).join(' '))).toEqual([
      `PROPFIND /.well-known/${name}`,
      'PROPFIND /SOGo/dav/',
      `PROPFIND ${HOME}/`,
      `PROPFIND ${HOME}/${folder}/`,
    ])
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'well-known', 'principal', 'home'])
  })

  it('finds one by its address', async () => {
    const { look, heard } = await office()
    const { outcome } = await look(probeOf(kind, `${SITE}${HOME}/${folder}/personal/`, { login }))
    expect(outcome.note).toMatch(new RegExp(`^logged in, finds ${thing}, TLS`))
    expect(heard).toHaveLength(1)
  })

  it('without a login is content with being asked for one', async () => {
    const { look } = await office()
    const { outcome } = await look(probeOf(kind, SITE))
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/^asks for a login \(401\), TLSv1\.3, /) })
  })
})

describe('a server that', () => {
  it('has no well-known address may be the root itself', async () => {
    const instead: Instead = new Map([
      ['/.well-known/caldav', answering(404)],
      ['/', xml(multistatus('/', `<D:current-user-principal><D:href>${HOME}/</D:href></D:current-user-principal>`))],
    ])
    const { look } = await office(instead)
    expect((await look(probeOf(caldav, SITE, { login }))).outcome.note).toMatch(/^logged in, finds 1 calendar/)
  })

  it('answers everybody is fine without a login', async () => {
    const { look } = await office(new Map([['/SOGo/dav/', xml(multistatus('/', ''))]]))
    expect((await look(probeOf(caldav, SITE))).outcome.note).toMatch(/^answers without a login \(207\)/)
  })

  it.each<[string, [string, Serve], object]>([
    ['is broken', ['/.well-known/caldav', answering(502)], { reason: 'status', note: 'well-known: 502' }],
    // As SOGo does: login, principal and home come out of its memory.
    [
      'has a database that is stopped',
      [`${HOME}/Calendar/`, (q, r) => r.writeHead(q.headers.depth === '1' ? 501 : 207).end()],
      { reason: 'status', note: 'home: 501' },
    ],
    [
      'knows no well-known address, nor a root',
      ['/.well-known/caldav', answering(404)],
      { reason: 'status', note: 'propfind: 404 (well-known: 404)' },
    ],
    [
      'shows a page of the web',
      ['/.well-known/caldav', answering(200, '<!doctype html>')],
      { reason: 'status', note: 'propfind: 404 (well-known: 200)' },
    ],
    [
      'says 207 to a page',
      ['/SOGo/dav/', xml('<!doctype html><p>')],
      { reason: 'protocol', note: 'the answer is not XML' },
    ],
    [
      'sends a bomb',
      ['/SOGo/dav/', xml(`<!DOCTYPE a [<!ENTITY b "${'x'.repeat(999)}"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>`)],
      { reason: 'protocol', note: 'the XML has a DOCTYPE' },
    ],
    [
      'goes down too deep',
      ['/SOGo/dav/', xml('<a>'.repeat(20_000))],
      { reason: 'protocol', note: 'the XML is more than 32 elements deep' },
    ],
    [
      'has no end',
      ['/SOGo/dav/', xml(`<a>${'<b/>'.repeat(100_000)}`)],
      { reason: 'protocol', note: 'the XML is endless' },
    ],
    [
      'stops in the middle',
      ['/SOGo/dav/', xml(multistatus('/', '').slice(0, 200))],
      { reason: 'protocol', note: 'the XML is not complete' },
    ],
    [
      'answers something else',
      ['/SOGo/dav/', xml('<error xmlns="DAV:"/>')],
      { reason: 'content', note: 'the answer is no multistatus' },
    ],
    [
      'uses another namespace',
      ['/SOGo/dav/', xml(multistatus('/', '').replace('"DAV:"', '"urn:x"'))],
      { reason: 'content', note: 'the answer is no multistatus' },
    ],
    [
      'knows nobody',
      [
        '/SOGo/dav/',
        xml(multistatus('/', '<D:current-user-principal><D:unauthenticated/></D:current-user-principal>')),
      ],
      { reason: 'content', note: 'it does not say who is logged in (no current-user-principal)' },
    ],
    [
      'has no calendars',
      [`${HOME}/`, xml(multistatus('/', ''))],
      { reason: 'content', note: 'this account has no calendars (no calendar-home-set)' },
    ],
    ['lost the calendars', [`${HOME}/Calendar/`, answering(404)], { reason: 'status', note: 'home: 404' }],
    [
      'has something else there',
      [`${HOME}/Calendar/`, xml(multistatus('/', '<D:resourcetype/>'))],
      { reason: 'content', note: 'the home of the calendars is no collection' },
    ],
    [
      'says that the property failed',
      [
        `${HOME}/`,
        xml(
          multistatus('/', `<n1:calendar-home-set><D:href>/x</D:href></n1:calendar-home-set>`).replace(
            '200 OK',
            '500 Oops',
          ),
        ),
      ],
      { reason: 'content', note: 'this account has no calendars (no calendar-home-set)' },
    ],
    [
      'goes round in circles',
      ['/SOGo/dav/', answering(302, '', { location: '/SOGo/dav/' })],
      { reason: 'status', note: 'well-known: 302' },
    ],
    [
      'leads nowhere',
      ['/.well-known/caldav', answering(301)],
      { reason: 'status', note: '301 without a usable Location' },
    ],
    [
      'leads out of TLS',
      ['/.well-known/caldav', answering(301, '', { location: 'http://dav.test/' })],
      { reason: 'status', note: '301 from https back to http://dav.test/' },
    ],
    [
      'wants another kind of login',
      ['/SOGo/dav/', answering(401, '', { 'www-authenticate': 'Digest realm="x"' })],
      { reason: 'auth', note: 'well-known: login refused (401, it does not take Basic)' },
    ],
    ['hangs up', ['/SOGo/dav/', (q) => q.socket.destroy()], { reason: 'closed' }],
    ['is silent', ['/SOGo/dav/', () => {}], { reason: 'timeout', note: 'no answer (dav.test) within 1s' }],
    [
      'drips',
      [
        '/SOGo/dav/',
        (_, r) => {
          r.writeHead(207)
          const t = setInterval(() => r.write(' '), 20)
          r.on('close', () => clearInterval(t))
        },
      ],
      { reason: 'timeout', note: 'no answer (dav.test) within 1s' },
    ],
  ])('%s', async (_, [path, serve], expected) => {
    const { look } = await office(new Map([[path, serve]]))
    const timeout = 'reason' in expected && expected.reason === 'timeout' ? 1_000 : 10_000
    const { outcome, took } = await look(probeOf(caldav, SITE, { login }), { timeout })
    expect(outcome).toMatchObject({ ok: false, ...expected })
    expect(took).toBeLessThan(timeout + 1_000)
  })
})

describe('the login', () => {
  afterEach(() => vi.useRealTimers())

  it.each([
    [
      'a redirect',
      '/.well-known/caldav',
      answering(301, '', { location: 'https://evil.test/x?y' }),
      'well-known: 301 to https://evil.test/x, where the login is not sent: write that address',
    ],
    [
      'a principal',
      '/SOGo/dav/',
      xml(multistatus('/', '<D:current-user-principal><D:href>https://evil.test/</D:href></D:current-user-principal>')),
      'the answer leads to another server',
    ],
    [
      'a home',
      `${HOME}/`,
      xml(multistatus('/', '<n1:calendar-home-set><D:href>//evil.test/</D:href></n1:calendar-home-set>')),
      'the answer leads to another server',
    ],
  ])('does not follow %s to another server', async (_, path, serve, note) => {
    const { look, heard } = await office(new Map([[path, serve]]), { 'evil.test:443': { serve: answering(207) } })
    expect((await look(probeOf(caldav, SITE, { login }))).outcome).toMatchObject({ ok: false, reason: 'content', note })
    expect(heard.filter((line) => line.startsWith('evil'))).toEqual([])
  })

  it('is not needed to follow one', async () => {
    const elsewhere = new Map([
      ['/.well-known/caldav', answering(301, '', { location: 'https://other.test/SOGo/dav/' })],
    ])
    const { look } = await office(elsewhere, { 'other.test:443': { serve: groupware() } })
    expect((await look(probeOf(caldav, SITE))).outcome.ok).toBe(true)
  })

  it('is not sent to a bad certificate', async () => {
    const { look, heard } = await world({ 'dav.test:443': { serve: groupware(), names: ['elsewhere.test'] } })
    expect((await look(probeOf(caldav, SITE, { login }))).outcome).toMatchObject({
      ok: false,
      reason: 'certificate',
      note: 'certificate is for elsewhere.test, not dav.test',
    })
    expect(heard).toEqual([])
  })

  it('when refused is no outage and is left alone for an hour', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const tried: (string | undefined)[] = []
    const serve = groupware()
    const { look } = await world({
      'dav.test:443': {
        serve: (request, response) => {
          tried.push(request.headers.authorization && 'login')
          serve(request, response)
        },
      },
    })
    const probe = probeOf(caldav, `${SITE}/SOGo/dav/`, { login: { user: 'probe', password: 'wrong-donkey' } })
    expect((await look(probe)).outcome).toMatchObject({
      ok: false,
      reason: 'auth',
      note: 'propfind: login refused (401)',
    })
    expect((await look(probe)).outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^asks for a login/),
      attention: [{ kind: 'auth', note: 'propfind: login refused (401)' }],
    })
    vi.advanceTimersByTime(HOUR)
    await look(probe)
    expect(tried).toEqual(['login', undefined, 'login'])
  })

  it('is refused in the configuration over plain http', () => {
    const { complaints, read } = configure(caldav, 'http://dav.test/', { login })
    expect(complaints).toEqual(['login: a login is only sent over https'])
    expect([...read]).toEqual(['login'])
  })
})

it('makes an outcome of whatever stands in a multistatus', async () => {
  let said = ''
  const { look } = await office(new Map([['/SOGo/dav/', (_, r) => r.writeHead(207).end(said)]]))
  const piece = fc.oneof(
    fc.constantFrom(
      '<D:href>',
      '</D:href>',
      '<D:current-user-principal>',
      '</D:current-user-principal>',
      '<D:resourcetype/>',
      '/x',
      'https://',
      '&lt;',
      '<![CDATA[',
      ']]>',
      'http://[::1',
    ),
    fc.string({ maxLength: 6 }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      said = multistatus('/', pieces.join(''))
      expect((await look(probeOf(caldav, SITE, { login }))).outcome.ok).toBe(false)
    }),
    { numRuns: 60 },
  )
}, 30_000)
