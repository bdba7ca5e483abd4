import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthority, type Issued } from '../../src/demo/certificates.ts'
import { http } from '../../src/probes/http.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['web.test', 'other.test'] })
const ca = [authority.certificate]

type Serve = (request: IncomingMessage, response: ServerResponse) => void
const closing: (() => void)[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const close of closing.splice(0)) close()
})

async function web(serve: Serve, certificate?: Issued): Promise<number> {
  const server = certificate
    ? createTlsServer({ key: certificate.key, cert: certificate.certificate }, serve)
    : createServer(serve)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as { port: number }).port
}

async function look(serve: Serve, keys: object = {}, path = '/') {
  const port = await web(serve)
  return lookWith(probeOf(http, `http://web.test:${port}${path}`, { ...keys }))
}

const answer =
  (status: number, body = '', headers = {}): Serve =>
  (_, response) =>
    response.writeHead(status, headers).end(body)

describe('http', () => {
  it('asks as a polite visitor and times each phase', async () => {
    let asked: IncomingMessage | undefined
    const { outcome, phases, took } = await look(
      (request, response) => {
        asked = request
        response.end('hello')
      },
      {},
      '/a%20b?c=d',
    )
    expect(outcome).toEqual({ ok: true, note: '200, 5 B' })
    expect(asked).toMatchObject({
      method: 'GET',
      url: '/a%20b?c=d',
      headers: { 'user-agent': 'vigie', connection: 'close' },
    })
    expect(asked?.headers.host).toMatch(/^web\.test:\d+$/)
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'processing', 'transfer'])
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(1)
  })

  it('reads the certificate over https, phase and all', async () => {
    const port = await web(answer(200, 'x'.repeat(12_345)), issued)
    const { outcome, phases } = await lookWith(probeOf(http, `https://web.test:${port}/`), { ca })
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(outcome.note).toMatch(/^200, 12 kB, TLSv1\.3, \d+ days left$/)
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer'])
  })

  it('sends nothing to a bad certificate', async () => {
    const heard = vi.fn()
    const port = await web(
      (request, response) => {
        heard(request.url)
        response.end()
      },
      authority.issue({ names: ['elsewhere.test'] }),
    )
    const keys = { login: { user: 'probe', password: 'secret' }, method: 'POST', body: 'secret' }
    const { outcome } = await lookWith(probeOf(http, `https://web.test:${port}/`, keys), { ca })
    expect(outcome).toMatchObject({ ok: false, reason: 'certificate', tls: { version: 'TLSv1.3' } })
    expect(heard).not.toHaveBeenCalled()
  })

  it('sends method, headers and body', async () => {
    let body = ''
    let asked: IncomingMessage | undefined
    const keys = { method: 'POST', headers: { 'X-Ask': 'please', 'User-Agent': 'other' }, body: 'a=1' }
    const { outcome } = await look((request, response) => {
      asked = request
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => response.end())
    }, keys)
    expect(outcome.ok).toBe(true)
    expect(body).toBe('a=1')
    expect(asked).toMatchObject({ method: 'POST', headers: { 'x-ask': 'please', 'user-agent': 'other' } })
  })

  it('judges the status', async () => {
    expect((await look(answer(503))).outcome).toEqual({ ok: false, reason: 'status', note: '503' })
    expect((await look(answer(301, '', { location: 'https://web.test/x?token=1' }))).outcome).toEqual({
      ok: false,
      reason: 'status',
      note: '301 to https://web.test/x',
    })
    expect((await look(answer(418), { status: [200, '400-420'] })).outcome.ok).toBe(true)
    expect((await look(answer(204), { status: 200 })).outcome.ok).toBe(false)
  })

  it('judges what the body contains and does not contain', async () => {
    const page = answer(200, '<p>Bienvenue à bord</p>')
    expect((await look(page, { contains: ['Bienvenue', 'à bord'], absent: 'error' })).outcome.ok).toBe(true)
    expect((await look(page, { contains: ['Bienvenue', 'Welcome'] })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
      note: 'does not contain "Welcome"',
    })
    expect((await look(page, { absent: 'bord' })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
      note: 'contains "bord"',
    })
    const latin = (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' }).end(Buffer.from('é', 'latin1'))
    expect((await look(latin, { contains: 'é' })).outcome.ok).toBe(true)
  })

  it('judges fields of JSON', async () => {
    const page = answer(200, JSON.stringify({ status: 'ok', queue: { sizes: [3, 40] }, ready: true, gone: null }))
    const fits = async (json: object) => (await look(page, { json })).outcome
    expect(
      await fits({ status: 'ok', 'queue.sizes.0': '<= 3', 'queue.sizes.1': '>= 5', ready: 'true', gone: 'null' }),
    ).toMatchObject({ ok: true })
    expect(await fits({ status: '!= ok' })).toMatchObject({
      ok: false,
      reason: 'content',
      note: 'status is ok, not != ok',
    })
    expect(await fits({ 'queue.sizes.1': '< 40' })).toMatchObject({ ok: false })
    expect(await fits({ 'queue.length': '1' })).toMatchObject({ ok: false, note: 'queue.length is missing' })
    expect((await look(answer(200, '<html>'), { json: { a: '1' } })).outcome).toMatchObject({
      note: 'the answer is not JSON',
    })
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
  ])('unpacks %s', async (coding, pack) => {
    const page = (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(200, { 'content-encoding': coding }).end(pack('hello '.repeat(1_000)))
    expect((await look(page, { contains: 'hello' })).outcome).toEqual({ ok: true, note: '200, 6 kB' })
  })

  it('fails what can not be unpacked', async () => {
    for (const coding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip']) {
      const { outcome } = await look(answer(200, 'this is not packed', { 'content-encoding': coding }))
      expect(outcome).toMatchObject({ ok: false, reason: 'protocol' })
    }
  })

  it('reads as far as max_bytes and judges what it read', async () => {
    const page = answer(200, `${'x'.repeat(50_000)}end`)
    expect((await look(page, { contains: 'xx', max_bytes: 1_000 })).outcome).toEqual({
      ok: true,
      note: '200, more than 1 kB',
    })
    expect((await look(page, { contains: 'end', max_bytes: 1_000 })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
    })
    expect((await look(page, { contains: 'end', max_bytes: 50_003 })).outcome).toEqual({ ok: true, note: '200, 50 kB' })
  })

  it('reads its own keys', () => {
    const keys = [
      'body',
      'method',
      'headers',
      'max_bytes',
      'status',
      'redirects',
      'contains',
      'absent',
      'json',
      'login',
    ]
    expect([...configure(http, 'https://web.test/').read].sort()).toEqual(keys.sort())
  })

  it.each([
    [{ status: 99 }, 'status'],
    [{ status: ['299-200'] }, 'status'],
    [{ status: 'ok' }, 'status'],
    [{ json: { a: '> many' } }, 'json'],
    [{ body: 'x' }, 'body'],
    [{ headers: { 'bad name': 'x' } }, 'headers'],
    [{ headers: { a: 'two\r\nlines' } }, 'headers'],
    [{ headers: { 'Content-Length': '3' } }, 'headers'],
  ])('complains about %j', (keys, key) => {
    expect(configure(http, 'https://web.test/', keys).complaints).toEqual([expect.stringMatching(`^${key}: `)])
  })
})

describe('redirects', () => {
  it('follows them as far as it is told, and judges the last answer', async () => {
    const serve: Serve = (request, response) => {
      const left = Number(request.url!.slice(1))
      if (left === 0) response.end('arrived')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    }
    expect((await look(serve, { redirects: 3, contains: 'arrived' }, '/3')).outcome.ok).toBe(true)
    expect((await look(serve, { redirects: 2 }, '/3')).outcome).toMatchObject({
      ok: false,
      reason: 'status',
      note: expect.stringMatching(/^more than 2 redirects/),
    })
  })

  it('ends a loop', async () => {
    const { outcome } = await look((_, response) => response.writeHead(302, { location: '/' }).end(), { redirects: 10 })
    expect(outcome).toMatchObject({ ok: false, reason: 'status' })
  })

  it('does not carry login, headers and body to another origin', async () => {
    const seen: IncomingMessage[] = []
    const other = await web((request, response) => {
      seen.push(request)
      response.end()
    }, issued)
    const port = await web(
      (_, response) => response.writeHead(307, { location: `https://other.test:${other}/` }).end(),
      issued,
    )
    const keys = {
      redirects: 1,
      method: 'POST',
      body: 'secret',
      headers: { 'X-Token': 'secret' },
      login: { user: 'u', password: 'secret' },
    }
    await lookWith(probeOf(http, `https://web.test:${port}/`, keys), { ca })
    expect(seen[0]?.method).toBe('POST')
    expect(JSON.stringify(seen[0]?.headers)).not.toMatch(/secret|basic/i)
    expect(seen[0]?.headers['content-length']).not.toBe('6')
  })

  it('keeps them at home, and the body only where the status keeps the method', async () => {
    for (const [status, method, length] of [
      [307, 'POST', '6'],
      [303, 'GET', undefined],
    ] as const) {
      let seen: IncomingMessage | undefined
      const serve: Serve = (request, response) => {
        if (request.url === '/') response.writeHead(status, { location: '/next' }).end()
        else {
          seen = request
          response.end()
        }
      }
      await look(serve, {
        redirects: 1,
        method: 'POST',
        body: 'secret',
        headers: { 'X-Token': 'mine', 'Content-Type': 'text/plain' },
      })
      expect(seen).toMatchObject({ method, headers: { 'x-token': 'mine' } })
      expect(seen?.headers['content-length']).toBe(length)
      expect(seen?.headers['content-type']).toBe(status === 307 ? 'text/plain' : undefined)
    }
  })

  it('does not go from https back to http, nor out of the web', async () => {
    for (const location of ['http://web.test/', 'file:///etc/passwd', 'gopher://web.test/']) {
      const port = await web(answer(302, '', { location }), issued)
      const { outcome } = await lookWith(probeOf(http, `https://web.test:${port}/`, { redirects: 5 }), { ca })
      expect(outcome).toMatchObject({ ok: false, reason: 'status' })
    }
    expect((await look(answer(302), { redirects: 5 })).outcome).toMatchObject({
      ok: false,
      reason: 'status',
      note: '302 without a usable Location',
    })
  })

  it('refuses one into the house', async () => {
    const inside = vi.fn()
    const secret = await web((_, response) => {
      inside()
      response.end()
    })
    const outside = await web((_, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${secret}/` }).end(),
    )
    const strict = loopback({ strict: true })
    const network = {
      ...strict,
      permits: (address: string) => address === '127.0.0.2',
      detour: (host: string, port: number) => (host === 'web.test' ? { host: '127.0.0.2', port } : undefined),
      connect: (to: Parameters<typeof strict.connect>[0], signal: AbortSignal) =>
        strict.connect({ ...to, address: '127.0.0.1' }, signal),
    }
    const { outcome } = await lookWith(probeOf(http, `http://web.test:${outside}/`, { redirects: 5 }), { network })
    expect(outcome).toMatchObject({ ok: null, reason: 'blocked' })
    expect(inside).not.toHaveBeenCalled()
  })
})

describe('login', () => {
  const HOUR = 3_600_000
  const guarded =
    (tries: string[], right: () => boolean): Serve =>
    (request, response) => {
      const { authorization } = request.headers
      tries.push(authorization ?? 'none')
      response.writeHead(authorization && right() ? 200 : 401).end(authorization && right() ? 'inside' : 'outside')
    }

  it('is sent, and a refused one is tried once an hour at most', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const tries: string[] = []
    let right = false
    const port = await web(
      guarded(tries, () => right),
      issued,
    )
    const probe = probeOf(http, `https://web.test:${port}/`, {
      login: { user: 'probe', password: 'geheim' },
      contains: 'inside',
    })
    const basic = `Basic ${Buffer.from('probe:geheim').toString('base64')}`
    const once = async () => (await lookWith(probe, { ca })).outcome
    expect(await once()).toMatchObject({ ok: false, reason: 'auth', note: 'login refused (401)' })
    expect(await once()).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^401 without the login/),
      attention: [{ kind: 'auth', note: 'login refused (401)' }],
    })
    vi.advanceTimersByTime(HOUR - 1)
    await once()
    expect(tries).toEqual([basic, 'none', 'none'])
    vi.advanceTimersByTime(1)
    expect(await once()).toMatchObject({ ok: false, reason: 'auth' })
    vi.advanceTimersByTime(HOUR)
    right = true
    const good = await once()
    expect(good).toMatchObject({ ok: true })
    expect(good).not.toHaveProperty('attention')
    expect(tries.slice(3)).toEqual([basic, basic])
  })

  it('still sees the service fall while the login is not tried', async () => {
    let status = 401
    const port = await web((_, response) => response.writeHead(status).end(), issued)
    const probe = probeOf(http, `https://web.test:${port}/`, { login: { user: 'probe', password: 'geheim' } })
    await lookWith(probe, { ca })
    status = 502
    expect((await lookWith(probe, { ca })).outcome).toEqual(
      expect.objectContaining({ ok: false, reason: 'status', note: '502' }),
    )
  })

  it('is refused in the configuration over plain http', () => {
    expect(configure(http, 'http://web.test/', { login: { user: 'u', password: 'p' } }).complaints).toEqual([
      'login: a login is only sent over https',
    ])
  })
})
