import type { IncomingMessage, ServerResponse } from 'node:http'
import fc from 'fast-check'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { HOUR } from '../../src/core/time/time.ts'
import { http } from '../../src/probes/http.ts'
import { lookWith } from '../servers/looking.ts'
import { web } from '../servers/web.ts'
import { configure, probeOf } from './settings.ts'

const TOKEN = 's3cr3t-t0ken'

interface Scene {
  /** What the first step answers. */
  readonly first?: (request: IncomingMessage, response: ServerResponse, body: string) => void
  readonly second?: (request: IncomingMessage, response: ServerResponse, body: string) => void
  readonly path?: string
  readonly keys?: object
  readonly step?: object
}

const granting = (_: IncomingMessage, response: ServerResponse) =>
  response.end(JSON.stringify({ token: TOKEN, nested: { list: [1, 'two words'] }, none: null }))

/** Both steps at one server; what it heard. */
async function scene({ first = granting, second = (_, r) => r.end('fine'), path = '/two', ...written }: Scene = {}) {
  const heard: { url: string; method: string; headers: IncomingMessage['headers']; body: string }[] = []
  const port = await web((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      heard.push({ url: request.url!, method: request.method!, headers: request.headers, body })
      if (request.url === '/one') first(request, response, body)
      else second(request, response, body)
    })
  })
  const origin = `http://web.test:${port}`
  const keys = {
    allow_private: true,
    headers: { Authorization: 'Token {TOKEN}' },
    ...written.keys,
    first: { url: `${origin}/one`, method: 'POST', body: 'user=probe', take: { TOKEN: 'token' }, ...written.step },
  }
  const probe = probeOf(http, origin + path, keys)
  return { origin, heard, look: async () => (await lookWith(probe)).outcome }
}

describe('http in two steps', () => {
  it('asks first and takes along what it got', async () => {
    const { heard, look } = await scene({ step: { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } } })
    expect(await look()).toEqual({ ok: true, note: '200, 4 B', status: 200 })
    expect(heard).toMatchObject([
      {
        url: '/one',
        method: 'POST',
        body: 'user=probe',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      { url: '/two', method: 'GET', headers: { authorization: `Token ${TOKEN}` } },
    ])
  })

  it('fills in addresses and bodies as they are written there', async () => {
    const take = { T: 'nested.list.1', N: 'nested.list.0' }
    const asJson = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":"{T}","n":{N},"x":{}}',
    }
    const { heard, look } = await scene({ path: '/two/{T}?n={N}', step: { take }, keys: asJson })
    expect((await look()).ok).toBe(true)
    expect(heard[1]).toMatchObject({ url: '/two/two%20words?n=1', body: '{"a":"two words","n":1,"x":{}}' })

    const quoting = await scene({
      first: (_, r) => r.end(JSON.stringify({ token: 'a"&b' })),
      keys: asJson,
      step: { take: { T: 'token', N: 'token' } },
    })
    await quoting.look()
    expect(JSON.parse(quoting.heard[1]!.body.replace('{}', '0').replace('"n":a\\"&b', '"n":1'))).toMatchObject({
      a: 'a"&b',
    })
    const form = { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 't={TOKEN}' }
    const coding = await scene({ first: (_, r) => r.end('{"token":"a&b=c"}'), keys: form })
    await coding.look()
    expect(coding.heard[1]!.body).toBe('t=a%26b%3Dc')
  })

  it('takes a whole answer, which may be an address of the same server', async () => {
    const step = { take: { LINK: '.' } }
    const led = await scene({
      first: (request, r) => r.end(JSON.stringify(`http://${request.headers.host}/seafhttp/files/1?x=2`)),
      path: '/{LINK}',
      keys: { headers: {} },
      step,
    })
    expect((await led.look()).ok).toBe(true)
    expect(led.heard[1]!.url).toBe('/seafhttp/files/1?x=2')

    const astray = await scene({
      first: (_, r) => r.end('"https://evil.test/x"'),
      path: '/{LINK}',
      keys: { headers: { A: 'b' } },
      step,
    })
    expect(await astray.look()).toEqual({
      ok: false,
      reason: 'content',
      note: 'LINK leads to another server ({LINK})'.replace('{LINK}', 'https://evil.test'),
    })
    expect(astray.heard).toHaveLength(1)
  })

  it.each([
    ['a status', (_: unknown, r: ServerResponse) => r.writeHead(503).end(), 'status', 'first: 503'],
    [
      'no JSON',
      (_: unknown, r: ServerResponse) => r.end('<html>'),
      'content',
      'first: nothing to take for TOKEN at token',
    ],
    [
      'a null',
      (_: unknown, r: ServerResponse) => r.end('{"token":null}'),
      'content',
      'first: nothing to take for TOKEN at token',
    ],
    [
      'an object',
      (_: unknown, r: ServerResponse) => r.end('{"token":{}}'),
      'content',
      'first: nothing to take for TOKEN at token',
    ],
    ['nothing in it', (_: unknown, r: ServerResponse) => r.end('{"token":""}'), 'content', 'first: TOKEN is empty'],
    [
      'too much',
      (_: unknown, r: ServerResponse) => r.end(JSON.stringify({ token: 'x'.repeat(9_000) })),
      'content',
      'first: TOKEN is too long',
    ],
    [
      'a second line',
      (_: unknown, r: ServerResponse) => r.end(JSON.stringify({ token: 'a\r\nX: y' })),
      'content',
      "what was taken can't stand in the header authorization",
    ],
    [
      'a redirect',
      (_: unknown, r: ServerResponse) => r.writeHead(302, { location: '/two' }).end(),
      'status',
      'first: 302',
    ],
    [
      'deep JSON',
      (_: unknown, r: ServerResponse) => r.end('['.repeat(60_000)),
      'content',
      'first: nothing to take for TOKEN at token',
    ],
    [
      'endless JSON',
      (_: unknown, r: ServerResponse) => r.end(`{"a":"${'x'.repeat(200_000)}`),
      'content',
      'first: nothing to take for TOKEN at token',
    ],
    [
      'nobody',
      (_: unknown, r: ServerResponse) => r.destroy(),
      'closed',
      'first: connection closed without a complete answer',
    ],
  ])('says when the first step brings %s', async (_, first, reason, note) => {
    const { heard, look } = await scene({ first })
    expect(await look()).toEqual({ ok: false, reason, note })
    expect(heard).toHaveLength(1)
  })

  it('never shows what it took', async () => {
    const echo = async (second: NonNullable<Scene['second']>, keys: object = {}) =>
      (await (await scene({ second, path: '/two?t={TOKEN}', keys })).look()).note
    expect(await echo((_, r) => r.writeHead(302, { location: `/x/${TOKEN}` }).end())).toMatch(
      /302 to .*\/x\/\{TOKEN\}$/,
    )
    expect(await echo((_, r) => r.end(JSON.stringify({ state: TOKEN })), { json: { state: 'ok' } })).toBe(
      'state is {TOKEN}, not ok',
    )
  })

  describe('when the login is refused', () => {
    afterEach(() => vi.useRealTimers())

    it('does not try again for an hour, and still sees whether it answers', async () => {
      vi.useFakeTimers({ toFake: ['performance'] })
      onTestFinished(() => {
        vi.useRealTimers()
      })
      const asked: string[] = []
      let alive = true
      const { look } = await scene({
        first: (request, r, body) => {
          asked.push(`${request.method} ${body}`)
          r.writeHead(alive ? (request.method === 'POST' ? 401 : 405) : 502).end()
        },
      })
      expect(await look()).toEqual({ ok: false, reason: 'auth', note: 'first: login refused (401)' })
      expect(await look()).toMatchObject({
        ok: true,
        note: '405 without the login, 0 B',
        attention: [{ kind: 'auth', note: 'first: login refused (401)' }],
      })
      alive = false
      expect(await look()).toMatchObject({ ok: false, reason: 'status', note: '502' })
      vi.advanceTimersByTime(HOUR)
      await look()
      expect(asked).toEqual(['POST user=probe', 'GET ', 'GET ', 'POST user=probe'])
    })
  })

  it('makes an outcome of whatever the first step says', async () => {
    let said = ''
    const { look } = await scene({ first: (_, r) => r.end(said) })
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.string().map((token) => JSON.stringify({ token })),
        ),
        async (text) => {
          said = text
          expect((await look()).ok).not.toBeNull()
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([
    [{ take: { T: 't' } }, { headers: { A: '{T}' } }, ['first.url: first needs `url`: whom to ask before']],
    [{ url: 'https://a.test/' }, {}, ['first.take: first needs `take`: { TOKEN: path.in.the.answer }']],
    [
      { url: 'https://a.test/', take: { token: 't' } },
      {},
      ['first.take: "token" is no name: capitals, digits and _', 'first: nothing here has a place for {token}'],
    ],
    [{ url: 'https://a.test/', take: { T: 't' } }, {}, ['first: nothing here has a place for {T}']],
    [
      { url: 'https://a.test/', body: 'x', take: { T: 't' } },
      { headers: { A: '{T}' } },
      ['first.body: GET carries no body: say method: POST'],
    ],
    [
      { url: 'https://a.test/', take: { T: 't' } },
      { headers: { A: '{T}' }, login: { user: 'u', password: 'p' } },
      ['login: `first` logs in by itself: one or the other'],
    ],
    [
      { url: 'http://a.test/', take: { T: 't' } },
      { headers: { A: '{T}' } },
      ['first: a token is only asked for over https, or in your own network (allow_private: true)'],
    ],
  ])('complains about %j', (first, keys, complaints) => {
    expect(configure(http, 'https://web.test/', { ...keys, first }).complaints).toEqual(complaints)
  })
})
