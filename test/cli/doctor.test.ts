import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { examineLine } from '../../src/cli/doctor/line.ts'
import { examineMail } from '../../src/cli/doctor/mail.ts'
import type { Place } from '../../src/cli/doctor/place.ts'
import { version } from '../../src/cli/version.ts'
import { positionOf } from '../../src/config/position.ts'
import { readConfiguration } from '../../src/config/read.ts'
import type { Finding } from '../../src/core/shown/diagnosis.ts'
import { createNetwork } from '../../src/net/system.ts'
import { kinds } from '../../src/probes/index.ts'
import { openResults } from '../../src/store/results.ts'
import { openNames } from '../servers/names.ts'
import { closedPort, startRelay } from '../servers/relay.ts'
import { startSite } from '../servers/site.ts'
import { web } from '../servers/web.ts'
import { folderWith } from './folders.ts'
import { vigie } from './host.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const end of open.splice(0).reverse()) await end()
})

const WEB = 'service: Web\nchecks:\n  - tcp: 127.0.0.1:1\n    allow_private: true\n'

function site(more: string): string {
  return `name: Essai\ndomain: nomagic.example\nsites: { home: {} }\n${more}\n`
}

async function listener(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(() => server.close())
  return (server.address() as { port: number }).port
}

/** Findings by item. */
async function examine(
  siteFile: string,
  data = folderWith(),
  files: Readonly<Record<string, string>> = { 'web.yaml': WEB },
) {
  const checks = folderWith({ 'site.yaml': siteFile, ...files })
  const { code, out, err } = await vigie(['doctor', '--json', '--checks', checks, '--data', data])
  expect(err).toBe('')
  const findings = JSON.parse(out) as readonly Finding[]
  return { code, findings, of: (item: string) => findings.find((one) => one.item === item) }
}

test('A site with nothing configured has warnings, each with its remedy, and fails as nobody would be told.', async () => {
  const { code, findings, of } = await examine(site(''))
  expect(code).toBe(1)
  for (const item of ['config', 'vigie', 'address', 'deadman', 'witnesses', 'path', 'clock'])
    expect([item, of(item)?.level]).toEqual([item, 'warn'])
  for (const item of ['relays', 'alerts']) expect([item, of(item)?.level]).toEqual([item, 'fail'])
  expect(findings.map(({ item }) => item)).toEqual(expect.arrayContaining(['dns', 'clock', 'disk']))
  for (const { level, remedy } of findings) expect(remedy === null).toBe(level === 'ok')
  const replica = await examine(site('replica: true'))
  expect([replica.code, replica.of('alerts')?.level]).toEqual([0, 'warn'])
})

test('Where no witness has a name the resolver itself is asked, and the disk where data will be.', async () => {
  const names = await openNames(() => ({ answers: [] }))
  open.push(names.close)
  const dir = folderWith({ 'site.yaml': site(''), 'web.yaml': WEB })
  const { configuration, plans } = readConfiguration({ dir, environment: {}, data: dir, kinds })
  const dns = async (resolvers: readonly string[]) => {
    const network = { ...createNetwork({ ca: [] }), resolvers: () => resolvers }
    const world = { network, witnesses: [], path: [], channels: [], stop: async () => {} }
    const reading = { configuration: configuration!, plans, warnings: [] }
    const found = await examineLine(world, Date.now, reading as never, (keys) => keys.join('.'))
    return found.find(({ item }) => item === 'dns')
  }
  expect(await dns([`127.0.0.1:${names.port}`])).toMatchObject({ level: 'ok' })
  expect(await dns([`127.0.0.1:${await closedPort()}`])).toMatchObject({ level: 'fail' })
  expect(await dns([])).toMatchObject({ level: 'fail' })
  expect(names.heard).toEqual(['udp SOA .'])
  const data = join(folderWith(), 'not', 'yet')
  const { of } = await examine(site(''), data)
  expect([of('data')?.level, of('disk')?.says.includes('free'), existsSync(data)]).toEqual(['warn', true, false])
})

test('Witnesses that are silent are named; with fewer than two it fails.', async () => {
  const [good, silent] = [await listener(), await closedPort()]
  const one = await examine(site(`witnesses: ["127.0.0.1:${good}", "127.0.0.1:${silent}"]`))
  expect([one.code, one.of('witnesses')]).toEqual([
    1,
    expect.objectContaining({ level: 'fail', says: expect.stringContaining(`127.0.0.1:${silent}`) }),
  ])
  const two = await examine(
    site(`witnesses: ["127.0.0.1:${good}", "127.0.0.1:${await listener()}", "127.0.0.1:${silent}"]`),
  )
  expect(two.of('witnesses')?.level).toBe('warn')
  expect(two.of('IPv4')).toMatchObject({ level: 'ok', says: '2 of 3 answer over it' })
  expect(two.of('clock')?.level).toBe('warn')
})

test('Relays are knocked at without sending; one that takes mails is enough, none is a failure.', async () => {
  const relay = await startRelay()
  open.push(relay.close)
  const dead = await closedPort()
  const mail = (ports: readonly number[]) =>
    `mail: { from: "v@elsewhere.example", relays: [${ports.map((port) => `"smtp://127.0.0.1:${port}"`).join(', ')}] }\nalerts: [ { email: a@elsewhere.example } ]`
  const both = await examine(site(mail([dead, relay.port])))
  expect([both.of('relay 1')?.level, both.of('relay 2')?.level, both.code]).toEqual(['warn', 'ok', 0])
  const none = await examine(site(mail([dead])))
  expect([none.of('relay 1')?.level, none.code]).toEqual(['fail', 1])
  expect(relay.received).toEqual([])
})

test('A relay whose secret is missing is named, and is not "none".', async () => {
  const alerts = 'alerts: [ { email: a@elsewhere.example } ]'
  const lacking = '"smtps://u:${secret:relay}@relay.elsewhere"'
  const alone = await examine(site(`mail: { from: "v@elsewhere.example", relays: [${lacking}] }\n${alerts}`))
  expect([alone.of('relays'), alone.code]).toEqual([
    expect.objectContaining({ level: 'fail', says: expect.stringContaining('without the secret "relay"') }),
    1,
  ])
})

test('A relay that stays silent holds nobody up for long.', async () => {
  const silent = {
    name: 'smtp://silent',
    send: () => new Promise<never>(() => {}),
    knock: () => new Promise<never>(() => {}),
  }
  const alerts = 'alerts: [ { email: a@elsewhere.example } ]'
  const file = site(`mail: { from: "v@elsewhere.example", relays: ["smtp://127.0.0.1:1"] }\n${alerts}`)
  const dir = folderWith({ 'site.yaml': file, 'web.yaml': WEB })
  const { configuration } = readConfiguration({ dir, environment: {}, data: dir, kinds })
  const place: Place = (keys, text) => positionOf(dir, keys, text)
  const [first] = await examineMail({ channels: [silent] }, configuration!, place, 200)
  expect(first).toMatchObject({ level: 'fail', says: 'smtp://silent: no answer within 0.2 s' })
})

test('Remedies name the line of site.yaml, and a reason that many share is said once.', async () => {
  const mail = 'mail:\n  from: v@elsewhere.example\n'
  const relays = '  relays:\n    - "smtps://one.invalid"\n    - "smtp://two.invalid:587"\n'
  const alerts = 'alerts: [ { email: a@elsewhere.example } ]\n'
  const witnesses = 'witnesses: ["https://one.invalid/", "https://two.invalid/"]\n'
  const file = site(`${witnesses}${mail}${relays}${alerts}`)
  const dir = folderWith({ 'site.yaml': file, 'web.yaml': WEB })
  const { out, code } = await vigie(['doctor', '--json', '--checks', dir, '--data', folderWith()])
  const of = (item: string) => (JSON.parse(out) as readonly Finding[]).find((one) => one.item === item)
  expect(code).toBe(1)
  expect(of('relay 1')?.remedy).toContain(`${dir}/site.yaml:8.`)
  expect(of('relay 2')?.remedy).toContain(`${dir}/site.yaml:9.`)
  expect(of('witnesses')?.remedy).toContain(`${dir}/site.yaml:4.`)
  expect(of('address')?.remedy).toContain(`${dir}/site.yaml:3.`)
  expect(of('deadman')?.remedy).toContain(`${dir}/site.yaml.`)
  expect(of('witnesses')?.says).toMatch(/silent: https:\/\/one\.invalid\/, https:\/\/two\.invalid\/ \([^()]+\)$/)
  expect(JSON.stringify(JSON.parse(out))).not.toMatch(/\bour\b|ENOTFOUND/)
})

test('Mails that go only to what they tell of are a failure.', async () => {
  const ours = await examine(site('alerts: [ { email: admins@mail.nomagic.example } ]'))
  expect(ours.of('alerts')).toMatchObject({ level: 'fail', says: expect.stringContaining('under nomagic.example') })
  const more = await examine(site('alerts: [ { email: a@nomagic.example }, { email: a@notnomagic.example } ]'))
  expect(more.of('alerts')?.level).toBe('warn')
})

test('A running vigie is found, with its page and its health; its death is a failure.', async () => {
  const running = await startSite({
    'site.yaml': 'name: Essai\nsites: { home: {} }\n',
    'web.yaml': WEB,
    'job.yaml': 'service: Job\nchecks:\n  - heartbeat: 24h\n',
  })
  open.push(running.stop)
  const files = { 'web.yaml': WEB, 'job.yaml': 'service: Job\nchecks:\n  - heartbeat: 24h\n' }
  const alive = await examine(site(''), running.data, files)
  expect(alive.of('vigie')).toMatchObject({ says: expect.stringContaining(`pid ${process.pid}`) })
  for (const [which, level] of [
    [version(), 'ok'],
    ['0.0.1', 'warn'],
  ]) {
    const run = JSON.stringify({ pid: process.pid, url: running.url, version: which })
    writeFileSync(join(running.data, 'run.json'), run)
    expect((await examine(site(''), running.data, files)).of('vigie')?.level).toBe(level)
  }
  expect([alive.of('health')?.level, alive.of('page')?.level]).toEqual(['ok', 'ok'])
  expect([alive.of('ledger.db')?.says, alive.of('results.db')?.says]).toEqual(['sound', 'sound'])
  expect(alive.of('heartbeats')).toMatchObject({ level: 'warn', says: 'never heard: job.heartbeat' })
  expect(alive.of('secrets')?.level).toBe('ok')
  const gone = folderWith({ 'run.json': JSON.stringify({ pid: 1, url: `http://127.0.0.1:${await closedPort()}` }) })
  const dead = await examine(site(''), gone)
  expect([dead.code, dead.of('vigie')?.level]).toEqual([1, 'fail'])
})

test('The configured address must show this page, and fresh.', async () => {
  const running = await startSite({ 'site.yaml': 'name: Essai\nsites: { home: {} }\n', 'web.yaml': WEB })
  open.push(running.stop)
  const own = `name: Essai\nsites: { home: { url: "${running.url}" } }\n`
  expect((await examine(own)).of('address')).toMatchObject({ level: 'ok' })
  const other = `name: Essai\nsites: { elsewhere: { url: "${running.url}" } }\n`
  expect((await examine(other)).of('address')).toMatchObject({
    level: 'fail',
    says: expect.stringContaining('site "home"'),
  })
  const keys = ['A', 'B'].map((letter) => `key: "ed25519:${letter.repeat(42)}A="`)
  const hidden = `name: Essai\nsites: { home: { ${keys[0]} }, there: { ${keys[1]}, url: "${running.url}" } }\n`
  expect((await examine(hidden)).of('address')).toMatchObject({
    level: 'ok',
    says: `site home has no url: its mails and feeds lead to ${running.url}/`,
  })
  const nobody = `name: Essai\nsites: { home: { url: "http://127.0.0.1:${await closedPort()}" } }\n`
  expect((await examine(nobody)).of('address')).toMatchObject({ level: 'fail' })
})

test('What others can read, and what is damaged, is a failure that names the file.', async () => {
  const data = folderWith({ 'secrets/relay': 'hush', 'ledger.db': 'noise '.repeat(2000) })
  openResults(data, { now: () => Date.now() }).close()
  chmodSync(join(data, 'secrets/relay'), 0o604)
  const { code, of } = await examine(site(''), data)
  expect(code).toBe(1)
  expect(of('secrets')).toMatchObject({ level: 'fail', remedy: expect.stringContaining('secrets/relay') })
  expect(of('ledger.db')).toMatchObject({ level: 'fail', says: expect.stringContaining('not a database') })
  expect(of('results.db')?.level).toBe('ok')
})

test('With the replica it asks the replica, and nothing would fail.', async () => {
  const { code, out: painted } = await vigie(['doctor', '--checks', 'checks', '--data', folderWith()], { columns: 80 })
  const out = painted.replace(/\x1b\[\d+m/g, '')
  expect(code).toBe(0)
  expect(out).toMatch(/OK\s+witnesses\s+all 12 answer/)
  expect(out).toMatch(/OK\s+clock\s+right, by \d+ witnesses/)
  expect(out).toContain('The replica stood in for the world')
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('A folder this user may not write to is a failure.', async () => {
  const data = folderWith()
  mkdirSync(join(data, 'inner'))
  writeFileSync(join(data, 'inner/x'), '')
  chmodSync(join(data, 'inner'), 0o500)
  const { of } = await examine(site(''), join(data, 'inner'))
  if (process.getuid?.() !== 0) expect(of('data')?.level).toBe('fail')
  chmodSync(join(data, 'inner'), 0o700)
})

test('Of each other site what the vigie that runs knows of it; of each copy how it stands.', async () => {
  const key = `ed25519:${'A'.repeat(43)}=`
  const other = `ed25519:${'B'.repeat(42)}A=`
  const sites = `sites: { home: { url: "https://a.elsewhere.example", key: "${key}" }, offsite: { key: "${other}" } }`
  const file = `name: Essai\ndomain: nomagic.example\n${sites}\npublish: [{ to: /srv/one }, { to: /srv/two }, { to: /srv/three }, { to: /srv/four }, { to: /srv/five }, { to: /srv/six }]\n`
  const at = '2026-11-23T12:00:00.000Z'
  const good = { to: '/srv/one', at, fault: null, good: at, log: [] }
  const bad = { ...good, to: '/srv/two', fault: 'EACCES: permission denied' }
  const others = [
    { ...good, to: '/srv/three', by: 'offsite' },
    { ...good, to: '/srv/four', by: '', there: false },
    { ...good, to: '/srv/six', by: 'offsite', there: false },
  ]
  const data = folderWith({ 'copies.json': JSON.stringify([good, bad, ...others]) })
  const stopped = await examine(file, data)
  expect(stopped.of('offsite')).toMatchObject({ level: 'warn', says: 'not known: no vigie runs here' })
  expect(stopped.findings.filter(({ item }) => item === 'copy').map(({ level, says }) => [level, says])).toEqual([
    ['ok', expect.stringMatching(/^\/srv\/one: made .* ago$/)],
    ['warn', expect.stringMatching(/^\/srv\/two: last made .* ago; the last try: EACCES: permission denied$/)],
    ['ok', '/srv/three: site offsite makes it'],
    ['warn', '/srv/four: made by no site, as none is full'],
    ['warn', '/srv/five: not made yet'],
    ['warn', '/srv/six: site offsite makes it, and is not heard'],
  ])

  const status = { site: 'offsite', heard: false, since: new Date(Date.now() - 600_000).toISOString(), trouble: null }
  const port = await web((request, response) => {
    if (request.url !== '/twin/v1/status') return response.writeHead(404).end()
    response.end(
      JSON.stringify([{ ...status, refused: {}, callable: true, wrong_key: null, sees: true, reached: false }]),
    )
  })
  const running = { pid: process.pid, url: `http://127.0.0.1:${port}`, token: 'x' }
  const { of, code } = await examine(file, folderWith({ 'run.json': JSON.stringify(running) }))
  expect([code, of('offsite')]).toEqual([
    1,
    expect.objectContaining({
      level: 'fail',
      says: 'not heard for 10 min',
      remedy: expect.stringContaining('Does vigie run at offsite'),
    }),
  ])
})
