import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HOUR } from '../../src/core/time/time.ts'
import { matrix } from '../../src/probes/matrix.ts'
import { parseServerName } from '../../src/probes/matrix-delegation.ts'
import { createHomeserver, type Homeserver, PASSWORD, USER } from '../servers/matrix.ts'
import { answering, type Serve } from '../servers/web.ts'
import { authority, type Place, world } from '../servers/world.ts'
import { configure, probeOf } from './settings.ts'

const NAME = 'example.test'
const CLIENT = { federation: false }

/** The usual house: the name is a website that points at matrix.NAME. */
function house(home: Homeserver, places: Readonly<Record<string, Partial<Place>>> = {}, services = {}) {
  const usual = { [`${NAME}:443`]: { serve: home.serve }, [`matrix.${NAME}:443`]: { serve: home.serve } }
  return world({ ...usual, ...(places as Record<string, Place>) }, services)
}

const json = (document: unknown, status = 200): Serve => answering(status, JSON.stringify(document))
const to = (server: string) => [200, { 'm.server': server }] as const
const paths = (heard: readonly string[]) => heard.map((line) => line.replace(/^.* (\/[^?]*).*$/, '$1'))

describe('matrix', () => {
  it('finds client and federation side and believes its keys', async () => {
    const { look, heard } = await house(createHomeserver(NAME))
    const { outcome, phases, took } = await look(probeOf(matrix, NAME))
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(outcome.note).toMatch(
      /^answers at matrix\.example\.test; federation at matrix\.example\.test:443 by well-known \(Replica\), TLSv1\.3, \d+ days left$/,
    )
    expect(paths(heard)).toEqual([
      '/.well-known/matrix/client',
      '/_matrix/client/versions',
      '/_matrix/client/v3/login',
      '/.well-known/matrix/server',
      '/_matrix/key/v2/server',
      '/_matrix/federation/v1/version',
    ])
    expect(Object.keys(phases)).toEqual([
      'resolve',
      'connect',
      'tls',
      'well-known',
      'versions',
      'flows',
      'keys',
      'version',
    ])
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
  })

  it('asks nothing of the federation when told so, and nobody for a base that is known', async () => {
    const { look, heard } = await house(createHomeserver(NAME))
    const { outcome } = await look(probeOf(matrix, NAME, { ...CLIENT, base: `https://matrix.${NAME}/` }))
    expect(outcome.note).toMatch(/^answers at matrix\.example\.test; federation not asked, /)
    expect(paths(heard)).toEqual(['/_matrix/client/versions', '/_matrix/client/v3/login'])
  })

  it('tells the certificate that ends first', async () => {
    const home = createHomeserver(NAME)
    const soon = authority.issue({ names: [`fed.${NAME}`], until: Date.now() + 5.5 * 86_400_000 })
    home.instead.set('/.well-known/matrix/server', to(`fed.${NAME}:8448`))
    const { look } = await house(home, { [`fed.${NAME}:8448`]: { serve: home.serve, certificate: soon } })
    expect((await look(probeOf(matrix, NAME))).outcome.note).toMatch(/5 days left$/)
  })
})

describe('other servers find it', () => {
  const keysAt = (heard: readonly string[]) => heard.find((line) => line.endsWith('/_matrix/key/v2/server'))

  it.each<[string, string, string | null, string, Record<string, string[]>, string]>([
    // Name; m.server, null: none; where it is; service records; SNI and Host (server-server API, "Resolving server names").
    ['2: a port in the name', 'example.test:8000', null, 'example.test:8000', {}, 'example.test example.test:8000'],
    ['1: an address', '192.0.2.7', null, '192.0.2.7:8448', {}, '- 192.0.2.7'],
    ['1: an address and a port', '192.0.2.7:81', null, '192.0.2.7:81', {}, '- 192.0.2.7:81'],
    ['1: an IPv6 address', '[2001:db8::7]', null, '[2001:db8::7]:8448', {}, '- [2001:db8::7]'],
    ['3.1: delegated to an address', NAME, '192.0.2.7', '192.0.2.7:8448', {}, '- 192.0.2.7'],
    [
      '3.2: delegated to a port',
      NAME,
      'm.example.test:81',
      'm.example.test:81',
      {},
      'm.example.test m.example.test:81',
    ],
    [
      '3.2: even to the port of the web',
      NAME,
      'm.example.test:443',
      'm.example.test:443',
      {},
      'm.example.test m.example.test:443',
    ],
    [
      '3.3: delegated, then a service',
      NAME,
      'm.example.test',
      'host.test:82',
      { '_matrix-fed._tcp.m.example.test': ['host.test:82'], '_matrix._tcp.m.example.test': ['old.test:1'] },
      'm.example.test m.example.test',
    ],
    [
      '3.4: the older service',
      NAME,
      'm.example.test',
      'host.test:82',
      { '_matrix._tcp.m.example.test': ['host.test:82'] },
      'm.example.test m.example.test',
    ],
    [
      '3.5: delegated, nothing more',
      NAME,
      'm.example.test',
      'm.example.test:8448',
      {},
      'm.example.test m.example.test',
    ],
    [
      '4: a service of the name',
      NAME,
      null,
      'host.test:83',
      { '_matrix-fed._tcp.example.test': ['host.test:83'] },
      'example.test example.test',
    ],
    [
      '5: the older one',
      NAME,
      null,
      'host.test:83',
      { '_matrix._tcp.example.test': ['host.test:83'] },
      'example.test example.test',
    ],
    [
      '4: a second host when the first is gone',
      NAME,
      null,
      'host.test:83',
      { '_matrix-fed._tcp.example.test': ['gone.test:83', 'host.test:83'] },
      'example.test example.test',
    ],
    ['6: nothing at all', NAME, null, 'example.test:8448', {}, 'example.test example.test'],
  ])('by step %s', async (_, name, delegated, place, services, asked) => {
    const home = createHomeserver(name)
    home.instead.set('/.well-known/matrix/server', delegated === null ? [404, {}] : to(delegated))
    const certified = asked.startsWith('- ') ? '192.0.2.7 2001:db8::7'.split(' ') : [asked.split(' ')[0]!]
    const places = { 'client.test:443': { serve: home.serve }, [place]: { serve: home.serve, names: certified } }
    const { look, heard } = await house(home, places, services)
    const { outcome } = await look(probeOf(matrix, name, { base: 'https://client.test/' }))
    expect(outcome).toMatchObject({ ok: true })
    expect(keysAt(heard)).toBe(`${asked} GET /_matrix/key/v2/server`)
    expect(heard.at(-1)).toBe(`${asked} GET /_matrix/federation/v1/version`)
  })

  it('after redirects of the well-known document', async () => {
    const home = createHomeserver(NAME)
    home.instead.set('/.well-known/matrix/server', (_, r) =>
      r.writeHead(308, { location: `https://www.${NAME}/m` }).end(),
    )
    const { look } = await house(home, { [`www.${NAME}:443`]: { serve: json({ 'm.server': `matrix.${NAME}:443` }) } })
    expect((await look(probeOf(matrix, NAME))).outcome.ok).toBe(true)
  })

  it('or not, when the domain says that there is none', async () => {
    const home = createHomeserver(NAME)
    home.instead.set('/.well-known/matrix/server', [404, {}])
    const { look } = await house(home, {}, { [`_matrix-fed._tcp.${NAME}`]: ['.:0'] })
    expect((await look(probeOf(matrix, NAME))).outcome).toMatchObject({
      ok: false,
      reason: 'dns',
      note: '_matrix-fed._tcp says that there is no such service',
    })
  })
})

describe('a broken server', () => {
  const spoil = (path: string, status: number, document: unknown) => (home: Homeserver) => {
    home.instead.set(path, [status, document])
  }
  const act = (path: string, serve: Serve) => (home: Homeserver) => {
    home.instead.set(path, serve)
  }
  const federation = 'federation at matrix.example.test:443: '

  it.each<[string, (home: Homeserver) => void, string, string]>([
    ['no programs find it', spoil('/.well-known/matrix/client', 502, {}), 'status', 'well-known client: 502'],
    [
      'a document without a base',
      spoil('/.well-known/matrix/client', 200, {}),
      'content',
      'well-known client: no https base_url of m.homeserver',
    ],
    [
      'a base in the clear',
      spoil('/.well-known/matrix/client', 200, { 'm.homeserver': { base_url: 'http://x.test' } }),
      'content',
      'well-known client: no https base_url of m.homeserver',
    ],
    [
      'a document in HTML',
      act('/.well-known/matrix/client', answering(200, '<html>')),
      'content',
      'well-known client: the answer is not JSON',
    ],
    [
      'redirects without end',
      act('/.well-known/matrix/client', answering(302, '', { location: '/.well-known/matrix/client' })),
      'status',
      'well-known client: 302',
    ],
    ['a bad gateway', spoil('/_matrix/client/versions', 502, {}), 'status', 'versions: 502'],
    [
      'a website instead',
      act('/_matrix/client/versions', answering(200, '<!doctype html>')),
      'content',
      'versions: the answer is not JSON',
    ],
    ['no versions', spoil('/_matrix/client/versions', 200, { versions: [] }), 'content', 'versions: it speaks none'],
    ['only a cache that answers', spoil('/_matrix/client/v3/login', 502, {}), 'status', 'flows: 502'],
    [
      'a refusal of strangers',
      spoil('/_matrix/client/v3/login', 403, { errcode: 'M_FORBIDDEN' }),
      'status',
      'flows refused (403 M_FORBIDDEN)',
    ],
    ['no flows', spoil('/_matrix/client/v3/login', 200, { flows: [] }), 'content', 'flows: it offers no way to log in'],
    [
      'federation that is off',
      spoil('/_matrix/key/v2/server', 404, { errcode: 'M_UNRECOGNIZED' }),
      'status',
      `${federation}keys: 404 (by well-known)`,
    ],
    [
      'keys of another',
      (home) => home.instead.set('/_matrix/key/v2/server', [200, createHomeserver('other.test').keys()]),
      'content',
      `${federation}the keys are of other.test, not example.test`,
    ],
    [
      'a wrong signature',
      (home) =>
        home.instead.set('/_matrix/key/v2/server', [
          200,
          home.keys((d) => {
            d.old_verify_keys = { x: {} }
          }),
        ]),
      'content',
      `${federation}the signature of ed25519:a_1 is wrong`,
    ],
    [
      'a list of keys',
      spoil('/_matrix/key/v2/server', 200, []),
      'content',
      `${federation}keys: the answer is no object`,
    ],
    [
      'keys that are too deep',
      act('/_matrix/key/v2/server', answering(200, '['.repeat(60_000))),
      'content',
      `${federation}keys: the answer is not JSON`,
    ],
    [
      'keys without end',
      act('/_matrix/key/v2/server', answering(200, `{"a":"${'x'.repeat(200_000)}"}`)),
      'content',
      `${federation}keys: the answer is too long`,
    ],
    ['no version', spoil('/_matrix/federation/v1/version', 500, {}), 'status', `${federation}version: 500`],
    [
      'a delegation to nowhere',
      spoil('/.well-known/matrix/server', 200, { 'm.server': 'gone.test:1' }),
      'refused',
      'federation at gone.test:1: connection refused (by well-known)',
    ],
    [
      'a delegation that says nothing',
      spoil('/.well-known/matrix/server', 200, { 'm.server': 'not a name' }),
      'refused',
      'federation at example.test: connection refused (by port 8448; well-known server: no m.server in it)',
    ],
    [
      'a delegation that fails',
      spoil('/.well-known/matrix/server', 503, {}),
      'refused',
      'federation at example.test: connection refused (by port 8448; well-known server: 503)',
    ],
    [
      'a delegation that goes round',
      act('/.well-known/matrix/server', answering(302, '', { location: '/.well-known/matrix/server' })),
      'refused',
      'federation at example.test: connection refused (by port 8448; well-known server: more than 5 redirects)',
    ],
  ])('is seen with %s', async (_, breakIt, reason, note) => {
    const home = createHomeserver(NAME)
    breakIt(home)
    const { look } = await house(home)
    expect((await look(probeOf(matrix, NAME))).outcome).toMatchObject({ ok: false, reason, note })
  })

  it.each([
    ['the website', `${NAME}:443`, /^certificate is for elsewhere\.test, not example\.test$/],
    ['the server', `matrix.${NAME}:443`, /^certificate is for elsewhere\.test, not matrix\.example\.test$/],
  ])('is seen with a foreign certificate of %s', async (_, place, note) => {
    const home = createHomeserver(NAME)
    const { look } = await house(home, { [place]: { serve: home.serve, names: ['elsewhere.test'] } })
    expect((await look(probeOf(matrix, NAME))).outcome).toMatchObject({
      ok: false,
      reason: 'certificate',
      note: expect.stringMatching(note),
      tls: { version: 'TLSv1.3' },
    })
  })

  it('is seen with a certificate for the host of its service record instead of its name', async () => {
    const home = createHomeserver(NAME)
    home.instead.set('/.well-known/matrix/server', [404, {}])
    const { look } = await house(
      home,
      { 'host.test:83': { serve: home.serve } },
      { [`_matrix-fed._tcp.${NAME}`]: ['host.test:83'] },
    )
    expect((await look(probeOf(matrix, NAME))).outcome).toMatchObject({
      ok: false,
      reason: 'certificate',
      note: 'federation at example.test: certificate is for host.test, not example.test (by _matrix-fed._tcp; well-known server: 404)',
    })
  })

  it('is seen with expired keys, unless our clock is to blame', async () => {
    const home = createHomeserver(NAME)
    const { look } = await house(home)
    const { outcome } = await look(probeOf(matrix, NAME), { now: () => Date.now() + 2 * 86_400_000 })
    expect(outcome).toMatchObject({
      ok: false,
      reason: 'content',
      dated: true,
      note: expect.stringContaining('expired'),
    })
  })

  it('that drips is given up in time, and told where', async () => {
    const home = createHomeserver(NAME)
    home.instead.set('/_matrix/key/v2/server', (_, response) => {
      response.writeHead(200)
      const timer = setInterval(() => response.write(' '), 20)
      response.on('close', () => clearInterval(timer))
    })
    const { look } = await house(home)
    const { outcome, took } = await look(probeOf(matrix, NAME), { timeout: 600 })
    expect(outcome).toEqual({ ok: false, reason: 'timeout', note: 'no answer (matrix.example.test:443) within 600ms' })
    expect(took).toBeLessThan(1_600)
  })
})

describe('an account', () => {
  afterEach(() => vi.useRealTimers())
  const login = { user: USER, password: PASSWORD }

  it('is logged in once and syncs at every look', async () => {
    const home = createHomeserver(NAME)
    const { look, heard } = await house(home)
    const probe = probeOf(matrix, NAME, { ...CLIENT, login })
    for (let time = 0; time < 3; time++) {
      expect((await look(probe)).outcome.note).toMatch(/^logged in and synced; federation not asked/)
    }
    expect(home.logins).toEqual([expect.stringMatching(/^VIGIE[0-9A-F]{10}$/)])
    const { searchParams } = new URL(heard.at(-1)!.replace(/^.* /, ''), 'https://x')
    expect(Object.fromEntries(searchParams)).toMatchObject({ timeout: '0', set_presence: 'offline' })
  })

  it('is logged in anew when the server forgot its token', async () => {
    const home = createHomeserver(NAME)
    const { look } = await house(home)
    const probe = probeOf(matrix, NAME, { ...CLIENT, login })
    await look(probe)
    home.tokens.clear()
    expect((await look(probe)).outcome.ok).toBe(true)
    expect(home.logins).toHaveLength(2)
  })

  it.each([
    ['password', { login: { user: USER, password: 'wrong-donkey' } }, 'login refused (403 M_FORBIDDEN)'],
    ['token', { token: 'syt_wrong_donkey' }, 'sync refused (401 M_UNKNOWN_TOKEN)'],
  ])('whose %s is refused is no outage, and left alone for an hour', async (_, keys, note) => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const home = createHomeserver(NAME)
    const { look, heard } = await house(home)
    const probe = probeOf(matrix, NAME, { ...CLIENT, ...keys })
    expect((await look(probe)).outcome).toMatchObject({ ok: false, reason: 'auth', note })
    const asked = () => heard.filter((line) => / POST | \/_matrix\/client\/v3\/sync/.test(line)).length
    expect(asked()).toBe(1)
    const { outcome } = await look(probe)
    expect(outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^answers without the login at/),
      attention: [{ kind: 'auth', note }],
    })
    expect(JSON.stringify(outcome)).not.toContain('donkey')
    expect(asked()).toBe(1)
    vi.advanceTimersByTime(HOUR)
    await look(probe)
    expect(asked()).toBe(2)
  })

  it('waits as long as it is asked to', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const home = createHomeserver(NAME)
    home.instead.set('/_matrix/client/v3/sync', [429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 90_000 }])
    const { look, heard } = await house(home)
    const probe = probeOf(matrix, NAME, { ...CLIENT, login })
    expect((await look(probe)).outcome.note).toMatch(/^login put off: the server asks to wait 90s; /)
    expect((await look(probe)).outcome.note).toMatch(/^answers without the login/)
    expect(heard.filter((line) => line.includes('/sync'))).toHaveLength(1)
    home.instead.clear()
    vi.advanceTimersByTime(90_000)
    expect((await look(probe)).outcome.note).toMatch(/^logged in and synced/)
    expect(home.logins).toHaveLength(1)
  })

  it('is never shown to a bad certificate', async () => {
    const home = createHomeserver(NAME)
    const { look, heard } = await house(home, {
      [`matrix.${NAME}:443`]: { serve: home.serve, names: ['elsewhere.test'] },
    })
    expect((await look(probeOf(matrix, NAME, { login }))).outcome).toMatchObject({ ok: false, reason: 'certificate' })
    expect(heard.filter((line) => line.startsWith('matrix.'))).toEqual([])
  })

  it.each([
    [
      'a login without a token',
      '/_matrix/client/v3/login',
      { user_id: '@a:b' },
      'login: no access_token in the answer',
    ],
    [
      'a token of two lines',
      '/_matrix/client/v3/login',
      { access_token: 'a\r\nb' },
      'login: no access_token in the answer',
    ],
    ['a sync without a position', '/_matrix/client/v3/sync', {}, 'sync: no position in the answer'],
  ])('meets %s', async (_, path, document, note) => {
    const home = createHomeserver(NAME)
    home.instead.set(path, [200, document])
    const { look } = await house(home)
    expect((await look(probeOf(matrix, NAME, { ...CLIENT, login }))).outcome).toMatchObject({
      ok: false,
      reason: 'content',
      note,
    })
  })

  it('meets a server that repeats what it was told', async () => {
    const home = createHomeserver(NAME)
    home.instead.set('/_matrix/client/v3/sync', (request, response) =>
      response
        .writeHead(500)
        .end(JSON.stringify({ errcode: request.headers.authorization, error: request.headers.authorization })),
    )
    const { look } = await house(home)
    expect((await look(probeOf(matrix, NAME, { ...CLIENT, login }))).outcome).toMatchObject({
      reason: 'status',
      note: 'sync: 500',
    })
  })
})

describe('the configuration', () => {
  it('has these keys', () => {
    expect([...configure(matrix, NAME).read].sort()).toEqual(['base', 'federation', 'login', 'token'])
  })

  it.each([
    ['https://example.test', {}, ['target: this is no server name: write example.org, as in @somebody:example.org']],
    [NAME, { login: { user: 'u', password: 'p' }, token: 't' }, ['token: a login or a token: one or the other']],
    [NAME, { base: 'http://x.test', token: 't' }, ['base: a login is only sent over https']],
  ])('%s with %j is a mistake', (target, keys, complaints) => {
    expect(configure(matrix, target, keys).complaints).toEqual(complaints)
  })

  it.each([
    ['example.test', { host: 'example.test', port: null }],
    ['1.2.3.4:8448', { host: '1.2.3.4', port: 8448 }],
    ['[::1]:8448', { host: '::1', port: 8448 }],
    ['[example]', undefined],
    ['example.test:0', undefined],
    ['example.test:70000', undefined],
    ['a b', undefined],
    ['ex@mple.test', undefined],
    ['x'.repeat(300), undefined],
    ['', undefined],
    ['1.2.3.400', undefined],
  ])('reads the server name %s', (text, expected) => {
    expect(parseServerName(text)).toEqual(expected)
  })

  it('reads whatever a document calls a server name', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV6(), fc.stringMatching(/^[[\]:.a-f0-9]{1,20}$/)), (text) => {
        const { host } = parseServerName(text) ?? { host: 'none.test' }
        expect(URL.canParse(`https://${host.includes(':') ? `[${host}]` : host}/`)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
