// The shipped Caddyfile, in a real Caddy, before a real vigie: the page by HTTP and HTTPS, and when vigie is gone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Daemon, type Folder, freePorts, listening, openFolder, startDaemon } from '../real/daemon.ts'
import { whenPresent } from '../real/present.ts'

const NAME = 'status.elsewhere.example'
const TOKEN = 'a-job-that-pings-us'
const PAGES = ['/', '/fr/', '/en/', '/fr/services/jobs/', '/api/vigie/status.json', '/badge/jobs.svg']
/** Too small for a compressed copy. */
const SMALL = new Set(['/api/vigie/status.json', '/badge/jobs.svg'])

interface Answer {
  readonly code: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

whenPresent(['caddy'])('the shipped Caddyfile', () => {
  let folder: Folder
  let ports: Awaited<ReturnType<typeof freePorts<'http' | 'https' | 'vigie' | 'files'>>>
  let vigie: Daemon
  let caddy: Daemon

  beforeAll(async () => {
    folder = openFolder()
    ports = await freePorts('http', 'https', 'vigie', 'files')
    writeChecks(join(folder.path, 'checks'))
    writeFileSync(join(folder.path, 'Caddyfile'), placed(readFileSync('deploy/Caddyfile', 'utf8')))
    vigie = await startVigie()
    caddy = await startDaemon({
      command: 'caddy',
      arguments: ['run', '--adapter', 'caddyfile', '--config', join(folder.path, 'Caddyfile')],
      folder: folder.path,
      ready: async () => (await listening('127.0.0.1', ports)) && (await get('/', 'https').catch(() => null)) !== null,
    })
  }, 60_000)

  afterAll(async () => {
    await caddy?.stop()
    await vigie?.stop()
    await folder?.stop()
  })

  function writeChecks(dir: string) {
    mkdirSync(dir)
    mkdirSync(join(folder.path, 'data/secrets'), { recursive: true })
    writeFileSync(join(folder.path, 'data/secrets/job'), TOKEN, { mode: 0o600 })
    writeFileSync(join(dir, 'site.yaml'), 'name: Essai\nsites: { home: {} }\nproxy: [127.0.0.1]\n')
    writeFileSync(join(dir, 'jobs.yaml'), `service: Jobs\nchecks:\n  - heartbeat: 24h\n    token: "\${secret:job}"\n`)
  }

  /** The file as it is shipped, but on free ports, with an authority of its own, and quicker to lose patience. */
  function placed(text: string): string {
    const own = `http_port ${ports.http}\n\thttps_port ${ports.https}\n\tadmin off\n\tlocal_certs\n\tskip_install_trust`
    const replacements = [
      ['\n{\n', `\n{\n\t${own}\n\tstorage file_system ${folder.path}/caddy\n`],
      ['@living 127.0.0.1:8080', `@living 127.0.0.1:${ports.vigie}`],
      ['reverse_proxy 127.0.0.1:8080', `reverse_proxy 127.0.0.1:${ports.vigie}`],
      ['127.0.0.1:8079', `127.0.0.1:${ports.files}`],
      ['http://:8079', `http://:${ports.files}`],
      ['/var/lib/vigie/public', join(folder.path, 'data/public')],
      ['response_header_timeout 5s', 'response_header_timeout 500ms'],
      ['fail_duration 5s', 'fail_duration 1s'],
      ['lb_try_duration 4s', 'lb_try_duration 200ms'],
    ] as const
    return replacements.reduce((now, [from, to]) => {
      expect(now.split(from), from).toHaveLength(2)
      return now.replace(from, to)
    }, text)
  }

  function startVigie(): Promise<Daemon> {
    const { path } = folder
    const listen = `127.0.0.1:${ports.vigie}`
    return startDaemon({
      command: process.execPath,
      arguments: [
        resolve('dist/main.js'),
        'run',
        '--checks',
        join(path, 'checks'),
        '--data',
        join(path, 'data'),
        '--listen',
        listen,
      ],
      folder: path,
      ready: (log) => log.includes('The page:'),
    })
  }

  function get(
    path: string,
    scheme: 'http' | 'https' | 'direct' = 'http',
    headers = {},
    method = 'GET',
  ): Promise<Answer> {
    const port = scheme === 'direct' ? ports.vigie : ports[scheme]
    const ask = { host: '127.0.0.1', port, path, method, headers: { host: NAME, ...headers }, agent: false }
    return new Promise((resolve, reject) => {
      const request =
        scheme === 'https'
          ? requestHttps({
              ...ask,
              servername: NAME,
              ca: readFileSync(join(folder.path, 'caddy/pki/authorities/local/root.crt')),
            })
          : requestHttp(ask)
      request.once('error', reject).once('response', async (response) => {
        const chunks: Buffer[] = []
        for await (const chunk of response) chunks.push(chunk as Buffer)
        const body = Buffer.concat(chunks).toString('latin1')
        resolve({ code: response.statusCode!, headers: response.headers, body })
      })
      request.end()
    })
  }

  const said = ({ headers }: Answer) =>
    Object.fromEntries(
      [
        'content-security-policy',
        'cache-control',
        'vary',
        'etag',
        'content-type',
        'content-encoding',
        'x-content-type-options',
      ].map((name) => [name, headers[name]]),
    )

  it.each(['http', 'https'] as const)('passes pages and their headers on as they are, by %s', async (scheme) => {
    for (const path of ['/', '/fr/', '/api/v2/summary.json']) {
      const accept = { 'accept-encoding': 'br' }
      const straight = await get(path, 'direct', accept)
      const passed = await get(path, scheme, accept)
      expect(passed.code).toBe(200)
      expect(said(passed)).toEqual(said(straight))
      expect(passed.headers['content-encoding']).toBe('br')
      const again = await get(path, scheme, { ...accept, 'if-none-match': String(passed.headers.etag) })
      expect([again.code, again.body]).toEqual([304, ''])
    }
  })

  it('tells nobody to come by HTTPS only', async () => {
    for (const scheme of ['http', 'https'] as const)
      expect((await get('/', scheme)).headers['strict-transport-security']).toBeUndefined()
  })

  it('sends admins from HTTP to HTTPS, before they type a password', async () => {
    for (const path of ['/admin', '/admin/login']) {
      const { code, headers } = await get(path)
      expect([code, headers.location]).toEqual([308, `https://${NAME}${path}`])
      expect((await get(path, 'https')).headers.location).not.toBe(headers.location)
    }
    expect((await get('/administration')).code).toBe(404)
  })

  it('lets jobs ping, by HTTP and HTTPS', async () => {
    for (const scheme of ['http', 'https'] as const) expect((await get(`/push/${TOKEN}`, scheme)).code).toBe(200)
  })

  it('waits for whoever guesses passwords, and for a site that holds its answer back: vigie is not gone', async () => {
    process.kill(vigie.pid, 'SIGSTOP')
    const called = get('/twin/v1/exchange', 'https', {}, 'POST')
    // Longer than for anything else (`response_header_timeout`), which is what is proved here.
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    process.kill(vigie.pid, 'SIGCONT')
    expect((await called).code).toBe(400)
    // Nor do its pages come from the folder now.
    const accept = { 'accept-encoding': 'br' }
    const policy = async (by: 'https' | 'direct') => (await get('/fr/', by, accept)).headers['content-security-policy']
    expect(await policy('https')).toBe(await policy('direct'))
  })

  it('serves what vigie wrote last while it does not answer or is gone, and vigie again when it is back', async () => {
    const alive = await get('/fr/', 'http')
    const kept = PAGES.map((path) => join(folder.path, 'data/public', path.replace(/\/$/, '/index.html')))
    await vigie.until('written', () => kept.every((file) => existsSync(file)))
    process.kill(vigie.pid, 'SIGSTOP')
    const frozen = await get('/fr/', 'https')
    process.kill(vigie.pid, 'SIGCONT')
    expect(frozen.code).toBe(200)
    expect(frozen.body).toContain('Essai')
    await vigie.stop()

    for (const scheme of ['http', 'https'] as const) {
      for (const path of PAGES) {
        const copy = await get(path, scheme, { 'accept-encoding': 'gzip, br' })
        expect([path, copy.code]).toEqual([path, 200])
        expect(copy.headers['content-encoding']).toBe(SMALL.has(path) ? undefined : 'gzip')
        expect(copy.headers['cache-control']).toBe('no-cache')
        const again = await get(path, scheme, {
          'accept-encoding': 'gzip, br',
          'if-none-match': String(copy.headers.etag),
        })
        expect([again.code, again.body]).toEqual([304, ''])
      }
      const page = await get('/fr/', scheme)
      expect(page.body).toBe(readFileSync(join(folder.path, 'data/public/fr/index.html'), 'latin1'))
      expect(page.headers['content-type']).toBe(alive.headers['content-type'])
      expect((await get('/api/v2/summary.json', scheme)).headers).toMatchObject({
        'access-control-allow-origin': '*',
        'content-type': expect.stringContaining('application/json'),
      })
      for (const path of ['/healthz', `/push/${TOKEN}`, '/metrics']) expect((await get(path, scheme)).code).toBe(503)
      expect((await get('/nothing/here', scheme)).code).toBe(404)
    }
    expect((await get(`/push/${TOKEN}`, 'http', {}, 'POST')).code).toBeGreaterThanOrEqual(500)

    vigie = await startVigie()
    await caddy.until('back at vigie', async () => (await get('/healthz')).body.includes('"parts"'))
    // Caddy tries it again for pages some seconds after it last found it gone.
    const policy = async () => (await get('/fr/')).headers['content-security-policy']
    await caddy.until('its pages too', async () => (await policy()) === alive.headers['content-security-policy'])
  })
})
