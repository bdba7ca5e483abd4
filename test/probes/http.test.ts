import type { IncomingMessage, ServerResponse } from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { http } from '../../src/probes/http.ts'
import { lookWith } from '../servers/looking.ts'

import { answering, lookAtWeb, web } from '../servers/web.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['web.test', 'other.test'] })
const ca = [authority.certificate]

describe('http', () => {
  it('asks as a polite visitor and times each phase', async () => {
    let asked: IncomingMessage | undefined
    const { outcome, phases, took } = await lookAtWeb(
      (request, response) => {
        asked = request
        response.end('hello')
      },
      {},
      '/a%20b?c=d',
    )
    expect(outcome).toEqual({ ok: true, note: '200, 5 B', status: 200 })
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
    const port = await web(answering(200, 'x'.repeat(12_345)), issued)
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
    const { outcome } = await lookAtWeb((request, response) => {
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
    expect((await lookAtWeb(answering(503))).outcome).toEqual({ ok: false, reason: 'status', note: '503', status: 503 })
    expect((await lookAtWeb(answering(301, '', { location: 'https://web.test/x?token=1' }))).outcome).toEqual({
      ok: false,
      reason: 'status',
      note: '301 to https://web.test/x',
      status: 301,
    })
    expect((await lookAtWeb(answering(418), { status: [200, '400-420'] })).outcome.ok).toBe(true)
    expect((await lookAtWeb(answering(204), { status: 200 })).outcome.ok).toBe(false)
  })

  it('judges what the body contains and does not contain', async () => {
    const page = answering(200, '<p>Bienvenue à bord</p>')
    expect((await lookAtWeb(page, { contains: ['Bienvenue', 'à bord'], absent: 'error' })).outcome.ok).toBe(true)
    expect((await lookAtWeb(page, { contains: ['Bienvenue', 'Welcome'] })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
      note: 'does not contain "Welcome"',
    })
    expect((await lookAtWeb(page, { absent: 'bord' })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
      note: 'contains "bord"',
    })
    const latin = (_: IncomingMessage, response: ServerResponse) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' }).end(Buffer.from('é', 'latin1'))
    expect((await lookAtWeb(latin, { contains: 'é' })).outcome.ok).toBe(true)
  })

  it('judges fields of JSON', async () => {
    const page = answering(200, JSON.stringify({ status: 'ok', queue: { sizes: [3, 40] }, ready: true, gone: null }))
    const fits = async (json: object) => (await lookAtWeb(page, { json })).outcome
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
    expect((await lookAtWeb(answering(200, '<html>'), { json: { a: '1' } })).outcome).toMatchObject({
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
    expect((await lookAtWeb(page, { contains: 'hello' })).outcome).toEqual({ ok: true, note: '200, 6 kB', status: 200 })
  })

  it('fails what can not be unpacked', async () => {
    for (const coding of ['gzip', 'br', 'deflate', 'zstd', 'gzip, gzip']) {
      const { outcome } = await lookAtWeb(answering(200, 'this is not packed', { 'content-encoding': coding }))
      expect(outcome).toMatchObject({ ok: false, reason: 'protocol' })
    }
  })

  it('reads as far as max_bytes and judges what it read', async () => {
    const page = answering(200, `${'x'.repeat(50_000)}end`)
    expect((await lookAtWeb(page, { contains: 'xx', max_bytes: 1_000 })).outcome).toEqual({
      ok: true,
      note: '200, more than 1 kB',
      status: 200,
    })
    expect((await lookAtWeb(page, { contains: 'end', max_bytes: 1_000 })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
    })
    expect((await lookAtWeb(page, { contains: 'end', max_bytes: 50_003 })).outcome).toEqual({
      ok: true,
      note: '200, 50 kB',
      status: 200,
    })
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
      'first',
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
