import { mkdirSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join, relative } from 'node:path'
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Language } from '../../src/core/text.ts'
import { MOMENTS } from '../page/pictures.ts'
import { type RunningSite, runSite, sayRaw } from './site.ts'

let site: RunningSite

beforeAll(async () => {
  site = await runSite()
  mkdirSync(join(site.folder, 'docs'))
  writeFileSync(join(site.folder, 'docs/index.html'), '<p>cold</p>')
  writeFileSync(join(site.folder, 'robots.txt'), 'User-agent: *\n')
  writeFileSync(join(site.folder, 'docs/.index.html.tmp'), 'half a page')
})

afterAll(() => site.close())

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** As fetch, but it neither decompresses nor follows nor tidies the path. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((done, failed) => {
    const asked = request({ host: '127.0.0.1', port: site.port, path, headers, method }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        done({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      )
    })
    asked.on('error', failed)
    asked.end()
  })
}

describe('a hot page', () => {
  test('comes whole in whichever encoding is asked for, each under an ETag of its own', async () => {
    const [plain, gz, br] = await Promise.all([
      ask('/fr/'),
      ask('/fr/', { 'accept-encoding': 'gzip' }),
      ask('/fr/', { 'accept-encoding': 'gzip, br' }),
    ])
    expect([plain.status, gz.status, br.status]).toEqual([200, 200, 200])
    expect([plain, gz, br].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'br'])
    expect(gunzipSync(gz.body)).toEqual(plain.body)
    expect(brotliDecompressSync(br.body)).toEqual(plain.body)
    expect(new Set([plain, gz, br].map(({ headers }) => headers.etag)).size).toBe(3)
    expect(plain.body.toString()).toContain('Tout fonctionne.')
  })

  test('says what it is, how long it holds and what it may do', async () => {
    const { headers, body } = await ask('/en/')
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-length': String(body.length),
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    })
    const meta = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(body.toString())![1]!
    expect(headers['content-security-policy']).toBe(`${meta}; frame-ancestors 'none'`)
    expect(headers).not.toHaveProperty('x-powered-by')
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('is not sent again to who has it, in less than 300 bytes', async () => {
    const { headers } = await ask('/fr/', { 'accept-encoding': 'br' })
    const etag = String(headers.etag)
    const again = await ask('/fr/', { 'accept-encoding': 'br', 'if-none-match': etag })
    expect([again.status, again.body.length, again.headers.etag, again.headers.vary]).toEqual([
      304,
      0,
      etag,
      'Accept-Encoding',
    ])
    expect((await ask('/fr/', { 'accept-encoding': 'gzip', 'if-none-match': etag })).status).toBe(200)
    const raw = await sayRaw(
      site.port,
      `GET /fr/ HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nIf-None-Match: ${etag}\r\nConnection: close\r\n\r\n`,
    )
    expect(raw).toMatch(/^HTTP\/1.1 304/)
    expect(raw.length).toBeLessThan(270)
  })

  test.each(['/', '/fr/', '/api/v2/components.json', '/api/vigie/status.json', '/docs/', '/robots.txt'])(
    'answers HEAD as GET, without the body: %s',
    async (path) => {
      const [head, get] = [await ask(path, {}, 'HEAD'), await ask(path)]
      expect([head.status, head.body.length]).toEqual([200, 0])
      expect(head.headers['content-type']).toBe(get.headers['content-type'])
      expect(head.headers['content-length']).toBe(String(get.body.length))
      expect(head.headers.etag).toBe(get.headers.etag)
    },
  )

  test('changes with the picture', async () => {
    const before = await ask('/fr/')
    await site.publisher.publish(() => MOMENTS.oneDown)
    const after = await ask('/fr/', { 'if-none-match': String(before.headers.etag) })
    expect(after.status).toBe(200)
    expect(after.body.toString()).toContain('Courriel\u00a0: en panne depuis 14:02.')
    await site.publisher.publish(() => MOMENTS.allWell)
  })

  test('is the same whatever the query says', async () => {
    expect((await ask('/fr/?utm=1&x=%zz')).body).toEqual((await ask('/fr/')).body)
  })

  test('is found without its slash and by its file', async () => {
    expect((await ask('/fr')).headers.location).toBe('/fr/')
    expect((await ask('/en/index.html')).headers.location).toBe('/en/')
    expect((await ask('/index.html')).headers.location).toBe('/')
  })

  test.each(['/api/v2/summary.json', '/api/v2/incidents/unresolved.json', '/api/vigie/status.json'])(
    'may be read by programs on other origins: %s',
    async (path) => {
      const { headers, body } = await ask(path)
      expect(headers['access-control-allow-origin']).toBe('*')
      expect(headers['cross-origin-resource-policy']).toBe('cross-origin')
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(JSON.parse(body.toString())).toBeTypeOf('object')
      const again = await ask(path, { origin: 'https://a.example', 'if-none-match': String(headers.etag) })
      expect([again.status, again.headers['access-control-allow-origin']]).toEqual([304, '*'])
      const preflight = await ask(
        path,
        { origin: 'https://a.example', 'access-control-request-method': 'GET' },
        'OPTIONS',
      )
      expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
    },
  )
})

describe('a page of the past', () => {
  const PATH = '/fr/services/mail/'

  test('comes to everybody, although memory holds it packed', async () => {
    const answers = await Promise.all(
      [{}, { 'accept-encoding': 'br' }, { 'accept-encoding': 'gzip, br' }].map((headers) => ask(PATH, headers)),
    )
    const [plain, odd, packed] = answers as [Answer, Answer, Answer]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(answers.map(({ headers }) => headers['content-encoding'])).toEqual([undefined, undefined, 'gzip'])
    expect(gunzipSync(packed.body)).toEqual(plain.body)
    expect(odd.body).toEqual(plain.body)
    expect(plain.headers.etag).not.toBe(packed.headers.etag)
    expect(plain.body.toString()).toContain('Courriel')
    expect((await ask(PATH, {}, 'HEAD')).headers).toMatchObject({ 'content-length': String(plain.body.length) })
  })

  test.each([{}, { 'accept-encoding': 'gzip' }])('is not sent again to who has it: %o', async (headers) => {
    const { etag } = (await ask(PATH, headers)).headers
    expect((await ask(PATH, { ...headers, 'if-none-match': String(etag) })).status).toBe(304)
  })
})

describe('the rest of the folder', () => {
  test('comes in what copy there is', async () => {
    mkdirSync(join(site.folder, 'small'))
    writeFileSync(join(site.folder, 'small/index.html'), '<p>small</p>')
    writeFileSync(join(site.folder, 'small/index.html.gz'), gzipSync('<p>small</p>'))
    const { status, headers, body } = await ask('/small/', { 'accept-encoding': 'gzip, deflate, br, zstd' })
    expect([status, headers['content-encoding'], gunzipSync(body).toString()]).toEqual([200, 'gzip', '<p>small</p>'])
    const plain = await ask('/docs/', { 'accept-encoding': 'gzip, deflate, br, zstd' })
    expect([plain.status, plain.headers['content-encoding'], plain.body.toString()]).toEqual([
      200,
      undefined,
      '<p>cold</p>',
    ])
  })

  test('is served from disk with the same promises, compressed where a compressed file lies beside', async () => {
    const cold = await ask('/docs/')
    expect(cold.body.toString()).toBe('<p>cold</p>')
    expect(cold.headers).toMatchObject({ 'cache-control': 'no-cache', 'x-content-type-options': 'nosniff' })
    expect(cold.headers['content-security-policy']).toContain("default-src 'none'")
    expect(String(cold.headers.vary)).toMatch(/^accept-encoding$/i)
    expect((await ask('/docs/', { 'if-none-match': String(cold.headers.etag) })).status).toBe(304)
    const kept = await ask('/fr/index%2ehtml', { 'accept-encoding': 'gzip' })
    expect([kept.status, kept.headers['content-encoding']]).toEqual([200, 'gzip'])
  })

  test.each([
    '/docs/.index.html.tmp',
    '/docs/%2eindex.html.tmp',
    '/../package.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/docs/..%2f..%2fx',
    '/fr/nothing',
    '//evil.example/..',
  ])('never shows what is not for showing: %s', async (path) => {
    const { status, headers, body } = await ask(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(headers['content-type']).toContain('text/html')
    expect(body.toString()).toMatch(/lang="fr".*lang="en"/s)
    expect(body.toString()).not.toContain('half a page')
  })
})

describe('what is refused', () => {
  test('is refused in both languages, with a way back and the same policy', async () => {
    const { status, headers, body } = await ask('/nowhere')
    expect(status).toBe(404)
    expect(body.toString()).toContain('Page introuvable')
    expect(body.toString()).toContain('Page not found')
    expect(body.toString()).toContain('<a href="/">')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  })

  test.each<{ readonly languages: readonly Language[] }>([{ languages: ['en'] }, { languages: ['en', 'fr'] }])(
    'is refused in the languages of the site, in their order: $languages',
    async ({ languages }) => {
      const other = await runSite({ languages: () => languages })
      const page = await (await fetch(`${other.url}/nowhere`)).text()
      await other.close()
      expect([...page.matchAll(/lang="(\w+)"/g)].map(([, language]) => language)).toEqual(['en', ...languages])
      expect(page).toMatch(/<h1>Page not found<\/h1>/)
    },
  )

  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'PURGE'])(
    '%s is not done to pages',
    async (method) => {
      const raw = await sayRaw(
        site.port,
        `${method} /fr/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      )
      expect(raw).toMatch(/^HTTP\/1.1 405 /)
      expect(raw.toLowerCase()).toContain('allow: get, head')
    },
  )

  test('a header of more than 8 kB ends the conversation', async () => {
    expect(await sayRaw(site.port, `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${'x'.repeat(9_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 431 /,
    )
  })

  test('an address that cannot be read is said to be so', async () => {
    const { status, body } = await ask('/%zz')
    expect(status).toBe(400)
    expect(body.toString()).toContain('Request not understood')
  })

  test('the folder may be named from where the process is, as `data` is', async () => {
    const other = await runSite({ publicDir: relative(process.cwd(), site.folder), hot: new Map() })
    expect((await fetch(`${other.url}/api/v2/status.json`)).status).toBe(200)
    await other.close()
  })

  test('limits stand where one member can’t use up the others’ share', () => {
    expect(site.app.server.maxConnections).toBe(512)
    expect(site.app.server.requestTimeout).toBe(10_000)
    expect(site.app.server.headersTimeout).toBe(10_000)
    expect(site.app.server.keepAliveTimeout).toBe(5_000)
  })
})
