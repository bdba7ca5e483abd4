import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import { DAY } from '../../src/core/time/time.ts'
import { createAuthority } from '../../src/demo/certificates.ts'
import { folderWith, SITE } from './folders.ts'
import { vigie } from './host.ts'

const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

test('The table has a row for each check, by service, with what was seen.', async () => {
  const web = await serve((_, response) => response.end('bonjour'))
  const checks = folderWith({
    'site.yaml': SITE,
    'mail.yaml': `service: { fr: Courriel de l’été, en: Summer mail }
checks:
  - tcp: 127.0.0.1:1
    id: smtp
    allow_private: true
  - tcp: 127.0.0.1:2
    id: private
  - heartbeat: 24h
    id: queue
`,
    'web.yaml': `service: Web\nchecks: [{ http: "http://127.0.0.1:${web}/", allow_private: true }]\n`,
  })
  const { code, out, err } = await vigie(['check', '--checks', checks])
  expect([code, err]).toEqual([1, ''])
  const lines = out.split('\n').map((line) => line.replace(/ +\d+ ms /, ' 9 ms '))
  expect(lines.filter((line) => /^ {2}\w+\./.test(line))).toEqual([
    '  mail.smtp     tcp        ✗ refused 9 ms  connection refused',
    expect.stringMatching(/^ {2}mail\.private {2}tcp {8}\? blocked 9 ms {2}127\.0\.0\.1 is a private address;?$/),
    expect.stringMatching(/^ {2}mail\.queue {4}heartbeat {2}· waits +waits to be pinged every 24h$/),
    '  web.http      http       ✓ ok 9 ms  200, 7 B',
  ])
})

test('As JSON it is an array of the contract’s objects, in the order of the configuration.', async () => {
  const web = await serve((_, response) => response.end('bonjour'))
  const checks = folderWith({
    'site.yaml': SITE,
    'web.yaml': `service: Web
checks:
  - { http: "http://127.0.0.1:${web}/", allow_private: true }
  - { tcp: "127.0.0.1:1", allow_private: true }
  - { http: "http://127.0.0.1:${web}/", id: secret, login: { user: a, password: "\${secret:none}" } }
  - heartbeat: 1h
`,
  })
  const at = Date.UTC(2026, 10, 23, 9)
  const { code, out } = await vigie(['check', '--checks', checks, '--json'], { wall: () => at })
  const results = JSON.parse(out) as Record<string, unknown>[]
  expect(code).toBe(1)
  const about = { service: 'web', site: 'home', at: '2026-11-23T09:00:00.000Z', tls: null }
  expect(results).toEqual([
    {
      ...about,
      check: 'web.http',
      kind: 'http',
      target: `http://127.0.0.1:${web}/`,
      ok: true,
      reason: null,
      note: '200, 7 B',
      took_ms: expect.any(Number),
      phases: {
        resolve: expect.any(Number),
        connect: expect.any(Number),
        processing: expect.any(Number),
        transfer: expect.any(Number),
      },
    },
    {
      ...about,
      check: 'web.tcp',
      kind: 'tcp',
      target: '127.0.0.1:1',
      ok: false,
      reason: 'refused',
      note: 'connection refused',
      took_ms: expect.any(Number),
      phases: { resolve: expect.any(Number), connect: expect.any(Number) },
    },
    expect.objectContaining({ check: 'web.secret', ok: null, reason: 'config', took_ms: 0, phases: {}, tls: null }),
    {
      ...about,
      check: 'web.heartbeat',
      kind: 'heartbeat',
      target: '1h',
      ok: null,
      reason: null,
      note: 'waits to be pinged every 1h',
      took_ms: 0,
      phases: {},
    },
  ])
  const { took_ms, phases } = results[0] as { took_ms: number; phases: Record<string, number> }
  const sum = Object.values(phases).reduce((total, phase) => total + phase, 0)
  expect(Math.abs(sum - took_ms)).toBeLessThanOrEqual(2)
})

test('What is fine but slow, or has a certificate that ends soon, is fine with a reason.', async () => {
  const authority = createAuthority()
  const now = Date.now()
  const issued = authority.issue({ names: ['localhost'], from: now - 90 * DAY, until: now + 10 * DAY + 60_000 })
  const secured = await listen(
    createTls({ key: issued.key, cert: issued.certificate }, (socket) => socket.on('error', () => {})),
  )
  const web = await serve((_, response) => setTimeout(() => response.end('x'), 60))
  const checks = folderWith({
    'site.yaml': SITE,
    'root.pem': authority.certificate,
    'web.yaml': `service: Web
checks:
  - { http: "http://127.0.0.1:${web}/", slow: 20ms, allow_private: true }
  - { tls: "localhost:${secured}", ca: root.pem, allow_private: true }
`,
  })
  const { code, out } = await vigie(['check', '--checks', checks, '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject([
    { check: 'web.http', ok: true, reason: 'slow', tls: null },
    { check: 'web.tls', ok: true, reason: 'expiring', tls: { version: 'TLSv1.3', days: 10 } },
  ])
  const { out: table } = await vigie(['check', '--checks', checks])
  expect(table).toMatch(/^ {2}web\.http +http +! slow /m)
  expect(table).toMatch(/^1 slow, 1 with a certificate or domain that expires soon; /m)
})

test('A check of both address families is one object: one family alone failing leaves it fine, with a note.', async () => {
  const port = await listen(createTcp((socket) => socket.on('error', () => {}).end()))
  const both = (to: number) => `service: Web\nchecks: [{ tcp: "localhost:${to}", family: both, allow_private: true }]\n`
  const one = await vigie(['check', '--json', '--checks', folderWith({ 'site.yaml': SITE, 'web.yaml': both(port) })])
  expect(one.code).toBe(0)
  expect(JSON.parse(one.out)).toMatchObject([{ ok: true, reason: null, note: expect.stringMatching(/IPv6/) }])
  const none = await vigie(['check', '--json', '--checks', folderWith({ 'site.yaml': SITE, 'web.yaml': both(1) })])
  expect(none.code).toBe(1)
  expect(JSON.parse(none.out)).toMatchObject([{ ok: false, reason: 'refused' }])
})

test('What fails is unknown where no witness proves our line, and fails where they do.', async () => {
  const web = `service: Web\nchecks: [{ tcp: "127.0.0.1:1", allow_private: true }]\n`
  const witness = () => listen(createTcp((socket) => socket.on('error', () => {}).end()))
  const alive = [await witness(), await witness(), await witness()]
  const looked = async (...ports: readonly number[]) => {
    const witnesses = `witnesses: [${ports.map((port) => `"127.0.0.1:${port}"`).join(', ')}]\n`
    const checks = folderWith({ 'site.yaml': SITE + witnesses, 'web.yaml': web })
    const { code, out } = await vigie(['check', '--json', '--checks', checks])
    return [code, ...(JSON.parse(out) as object[])]
  }
  expect(await looked(1, 2, 3)).toEqual([
    1,
    expect.objectContaining({
      ok: null,
      reason: 'offline',
      note: 'connection refused; no witness proves our own line',
    }),
  ])
  expect(await looked(...alive)).toEqual([1, expect.objectContaining({ ok: false, reason: 'refused' })])
})

test('Only what is named is looked at: checks by their id, services by theirs.', async () => {
  const web = 'service: Web\nchecks: [{ heartbeat: 1h }, { heartbeat: 1h, id: other }]\n'
  const checks = folderWith({ 'site.yaml': SITE, 'web.yaml': web, 'mail.yaml': web, 'files.yaml': web })
  const seen = async (...ids: string[]) => {
    const { out } = await vigie(['check', ...ids, '--json', '--checks', checks])
    return (JSON.parse(out) as { check: string }[]).map(({ check }) => check)
  }
  expect(await seen('web.other')).toEqual(['web.other'])
  expect(await seen('web.other', 'mail')).toEqual(['mail.heartbeat', 'mail.other', 'web.other'])
  expect(await seen()).toHaveLength(6)
})

test('What another site looks at is left out, and said, unless it is named.', async () => {
  const key = (letter: string) => `key: "ed25519:${Buffer.alloc(32, letter).toString('base64')}"`
  const checks = folderWith({
    'site.yaml': `name: Essai\nsites:\n  home: { url: "https://a.example", ${key('a')} }\n  offsite: { url: "https://b.example", ${key('b')} }\n`,
    'web.yaml':
      'service: Web\nchecks: [{ tcp: "127.0.0.1:1", from: offsite, allow_private: true }, { heartbeat: 1h }]\n',
  })
  const all = await vigie(['check', '--checks', checks])
  expect([all.code, all.out]).toEqual([0, expect.not.stringContaining('web.tcp')])
  expect(all.err).toMatch(/^1 check left out/)
  expect(await vigie(['check', 'web.tcp', '--checks', checks])).toMatchObject({ code: 1, err: '' })
  expect((await vigie(['check', '--checks', checks, '--site', 'offsite'])).out).toContain('web.tcp')
})

test('An id that isn’t there is wrong use, with the one that was meant.', async () => {
  const checks = folderWith({ 'site.yaml': SITE, 'mail.yaml': 'service: Mail\nchecks: [{ heartbeat: 1h }]\n' })
  expect(await vigie(['check', 'mial', '--checks', checks])).toEqual({
    code: 2,
    out: '',
    err: 'vigie check: there is no check or service "mial": did you mean "mail"?\n',
  })
  expect((await vigie(['check', 'mail.hartbeat', '--checks', checks])).err).toContain('"mail.heartbeat"')
})

test('A configuration with mistakes is not looked at.', async () => {
  const { code, out, err } = await vigie(['check', '--checks', folderWith({ 'site.yaml': 'name: Essai\n' })])
  expect([code, out]).toEqual([2, ''])
  expect(err).toMatch(/site\.yaml:1:1: /)
})

test('On a terminal a line tells what is waited for, and goes away.', async () => {
  const silent = await listen(createTcp((socket) => socket.on('error', () => {})))
  const checks = folderWith({
    'site.yaml': SITE,
    'web.yaml': `service: Web\nchecks: [{ tcp: "127.0.0.1:${silent}", banner: x, timeout: 200ms, retry: 200ms, allow_private: true }]\n`,
  })
  const { err, out } = await vigie(['check', '--checks', checks], { columns: 80, environment: { NO_COLOR: '1' } })
  expect(err).toContain('\r\x1b[K0 of 1, waiting for web.tcp')
  expect(err).toMatch(/\r\x1b\[K$/)
  expect(out).toContain('✗ timeout')
})

test('The shipped configuration is all well in the replica.', async () => {
  const { code, out } = await vigie(['check', '--checks', 'checks', '--json'])
  const results = JSON.parse(out) as { check: string; ok: boolean | null; reason: string | null }[]
  expect(results.filter(({ ok, reason }) => ok !== true && reason !== null)).toEqual([])
  expect(results.length).toBeGreaterThan(20)
  expect(code).toBe(0)
})

function serve(listener: RequestListener): Promise<number> {
  return listen(createServer(listener))
}

async function listen(server: Server): Promise<number> {
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
