import type { IncomingMessage } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { http } from '../../src/probes/http.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { answering, lookAtWeb, type Serve, web } from '../servers/web.ts'
import { probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['web.test', 'other.test'] })
const ca = [authority.certificate]

describe('redirects', () => {
  it('follows them as far as it is told, and judges the last answer', async () => {
    const serve: Serve = (request, response) => {
      const left = Number(request.url!.slice(1))
      if (left === 0) response.end('arrived')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    }
    expect((await lookAtWeb(serve, { redirects: 3, contains: 'arrived' }, '/3')).outcome.ok).toBe(true)
    expect((await lookAtWeb(serve, { redirects: 2 }, '/3')).outcome).toMatchObject({
      ok: false,
      reason: 'status',
      note: expect.stringMatching(/^more than 2 redirects/),
    })
  })

  it('ends a loop', async () => {
    const { outcome } = await lookAtWeb((_, response) => response.writeHead(302, { location: '/' }).end(), {
      redirects: 10,
    })
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
      await lookAtWeb(serve, {
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
      const port = await web(answering(302, '', { location }), issued)
      const { outcome } = await lookWith(probeOf(http, `https://web.test:${port}/`, { redirects: 5 }), { ca })
      expect(outcome).toMatchObject({ ok: false, reason: 'status' })
    }
    expect((await lookAtWeb(answering(302), { redirects: 5 })).outcome).toMatchObject({
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
