// xmpp against a real Prosody and a real ejabberd: each way in right, then broken.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { xmpp } from '../../src/probes/xmpp.ts'
import { xmpptrip } from '../../src/probes/xmpptrip.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { openFolder } from './daemon.ts'
import { EJABBERD, type Ejabberd, startEjabberd } from './ejabberd.ts'
import { whenPresent } from './present.ts'
import { PROSODY, type Prosody, startProsody, XMPP_PASSWORD } from './prosody.ts'
import { type Certificates, writeCertificates } from './shown.ts'

const login = { user: 'probe', password: XMPP_PASSWORD }
const NOT_THERE = { host: '127.0.0.1', port: 1 }

type Keys = Readonly<Record<string, unknown>>
type Row = readonly [what: string, domain: string, port: string | null, keys: Keys, reason: string | null, note: RegExp]

let certificates: Certificates
const open: { stop(): Promise<void> }[] = []

async function start<T extends { stop(): Promise<void> }>(server: (folder: string, shown: Certificates) => Promise<T>) {
  const folder = openFolder()
  open.push(folder)
  certificates = writeCertificates(folder.path)
  const started = await server(folder.path, certificates)
  open.push(started)
  return started
}

async function stopAll() {
  for (const one of open.splice(0).reverse()) await one.stop()
}

/** `{https}` in a key stands for that port. */
function filled(keys: Keys, ports: Readonly<Record<string, number>>): Keys {
  const text = JSON.stringify(keys).replace(/\{(\w+)\}/g, (all, name: string) => String(ports[name] ?? all))
  return JSON.parse(text) as Keys
}

async function lookAt([, domain, port, keys]: Row, ports: Readonly<Record<string, number>>, timeout = 20_000) {
  const connect = port === null ? null : port === 'nobody' ? NOT_THERE : { host: '127.0.0.1', port: ports[port]! }
  return lookWith(probeOf(xmpp, domain, filled(keys, ports)), {
    network: loopback({ strict: true }),
    ca: [certificates.root],
    allowPrivate: true,
    connect,
    timeout,
  })
}

async function expectIt(row: Row, ports: Readonly<Record<string, number>>, timeout?: number) {
  const { outcome, phases, took } = await lookAt(row, ports, timeout)
  expect({ ok: outcome.ok, reason: 'reason' in outcome ? outcome.reason : null }, outcome.note).toEqual({
    ok: row[4] === null,
    reason: row[4],
  })
  expect(outcome.note).toMatch(row[5])
  expect(JSON.stringify(outcome)).not.toContain(XMPP_PASSWORD)
  expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
}

async function carry(to: number, from: number, user = 'probe', timeout = 20_000) {
  const end = (name: string, port: number) => ({
    login: { user: name, password: XMPP_PASSWORD },
    connect: `127.0.0.1:${port}`,
  })
  const probe = probeOf(xmpptrip, 'probe2@good.test', { from: end(user, from), to: end('probe2', to), within: '5s' })
  const { outcome } = await lookWith(probe, { ca: [certificates.root], allowPrivate: true, timeout })
  expect(JSON.stringify(outcome)).not.toContain(XMPP_PASSWORD)
  return outcome
}

const TLS = /TLSv1\.[23], \d+ days left$/.source
const LOGGED_IN = new RegExp(`logged in by SCRAM-SHA-(1|256), ping answered, ${TLS}`)
const WRONG = { ...login, password: 'another' }

whenPresent(PROSODY)('xmpp against Prosody', () => {
  let prosody: Prosody
  beforeAll(async () => {
    prosody = await start(startProsody)
  }, 150_000)
  afterAll(stopAll, 60_000)

  it.each<Row>([
    ['STARTTLS', 'good.test', 'c2s', {}, null, new RegExp(`SCRAM-SHA-1.*${TLS}`)],
    ['STARTTLS and a login', 'good.test', 'c2s', { login }, null, LOGGED_IN],
    ['a whole address as user', 'good.test', 'c2s', { login: { ...login, user: 'probe@good.test' } }, null, LOGGED_IN],
    ['direct TLS', 'good.test', 'c2sTls', { tls: 'direct' }, null, new RegExp(TLS)],
    ['direct TLS and a login', 'good.test', 'c2sTls', { tls: 'direct', login }, null, LOGGED_IN],
    ['servers', 'good.test', 's2s', { as: 'server' }, null, new RegExp(`dialback, ${TLS}`)],
    ['servers, direct TLS', 'good.test', 's2sTls', { as: 'server', tls: 'direct' }, null, /dialback/],
    ['BOSH', 'good.test', null, { bosh: 'https://good.test:{https}/http-bind' }, null, /^BOSH, .*SCRAM-SHA-1/],
    ['BOSH in the clear', 'good.test', null, { bosh: 'http://good.test:{http}/http-bind' }, null, /^BOSH, .*SCRAM/],
    ['BOSH and a login', 'good.test', null, { bosh: 'https://good.test:{https}/http-bind', login }, null, LOGGED_IN],
    [
      'WebSocket',
      'good.test',
      null,
      { websocket: 'wss://good.test:{https}/xmpp-websocket' },
      null,
      /^WebSocket, .*SCRAM/,
    ],
    [
      'WebSocket and a login',
      'good.test',
      null,
      { websocket: 'wss://good.test:{https}/xmpp-websocket', login },
      null,
      LOGGED_IN,
    ],
  ])('%s: is fine', (...row) => expectIt(row, prosody.ports))

  it.each<Row>([
    ['a wrong password', 'good.test', 'c2s', { login: WRONG }, 'auth', /^login refused \(not-authorized\)$/],
    ['nobody of that name', 'good.test', 'c2s', { login: { ...login, user: 'nobody' } }, 'auth', /^login refused/],
    ['an expired certificate', 'expired.test', 'c2s', { login }, 'certificate', /^certificate expired/],
    ['a foreign certificate', 'foreign.test', 'c2s', { login }, 'certificate', /is for elsewhere\.test, not foreign/],
    ['a certificate that signed itself', 'self.test', 'c2s', {}, 'certificate', /^self-signed/],
    ['a missing intermediate', 'bare.test', 'c2s', {}, 'certificate', /intermediate certificate is missing/],
    ['no STARTTLS', 'clear.test', 'c2s', {}, 'protocol', /^STARTTLS is not offered$/],
    ['a domain it does not serve', 'nobody.test', 'c2s', {}, 'protocol', /does not serve nobody\.test/],
    ['… among servers', 'nobody.test', 's2s', { as: 'server' }, 'protocol', /does not serve nobody\.test/],
    ['nobody there', 'good.test', 'nobody', {}, 'refused', /refused/],
    ['the door for servers', 'good.test', 's2s', {}, 'protocol', /no way to log in/],
    ['the door for programs', 'good.test', 'c2s', { as: 'server' }, 'protocol', /for programs, not for other servers/],
    // It hangs up on what is no HTTP; others say so.
    ['a web server', 'good.test', 'http', {}, 'closed', /^connection closed/],
    ['a web server in TLS', 'good.test', 'https', { tls: 'direct' }, 'closed', /^connection closed/],
    ['no TLS where there should be', 'good.test', 'c2s', { tls: 'direct' }, 'tls', /^TLS: /],
    ['BOSH at another address', 'good.test', null, { bosh: 'https://good.test:{https}/x' }, 'status', /^404 instead/],
    ['WebSocket at another address', 'good.test', null, { websocket: 'wss://good.test:{https}/x' }, 'status', /^404/],
    ['a page, no WebSocket', 'good.test', null, { websocket: 'wss://good.test:{https}/http-bind' }, 'status', /^200/],
    [
      'BOSH and a wrong password',
      'good.test',
      null,
      { bosh: 'https://good.test:{https}/http-bind', login: WRONG },
      'auth',
      /refused/,
    ],
    [
      'WebSocket and a wrong password',
      'good.test',
      null,
      { websocket: 'wss://good.test:{https}/xmpp-websocket', login: WRONG },
      'auth',
      /refused/,
    ],
    [
      'BOSH of a domain it does not serve',
      'nobody.test',
      null,
      { bosh: 'https://good.test:{https}/http-bind' },
      'protocol',
      /BOSH/,
    ],
    [
      'WebSocket of a domain it does not serve',
      'nobody.test',
      null,
      { websocket: 'wss://good.test:{https}/xmpp-websocket' },
      'protocol',
      /does not serve/,
    ],
  ])('%s: is seen', (...row) => expectIt(row, prosody.ports))

  it('carries a message from one account to another, again and again', async () => {
    for (let turn = 0; turn < 20; turn++) {
      expect(await carry(prosody.ports.c2s, prosody.ports.c2s)).toMatchObject({
        ok: true,
        note: expect.stringMatching(/^arrived after \d+ ms$/),
      })
    }
    expect(await carry(prosody.ports.c2s, prosody.ports.c2s, 'nobody')).toMatchObject({
      ok: false,
      reason: 'auth',
      note: 'from: login refused (not-authorized)',
    })
    expect(await carry(prosody.ports.c2s, 1)).toMatchObject({ ok: false, reason: 'refused' })
  }, 60_000)

  it('sees one that hangs, and one that is gone', async () => {
    process.kill(prosody.pid, 'SIGSTOP')
    try {
      const row: Row = ['', 'good.test', 'c2s', {}, 'timeout', /^no greeting within 1s$/]
      await expectIt(row, prosody.ports, 1_000)
    } finally {
      process.kill(prosody.pid, 'SIGCONT')
    }
    await expectIt(['', 'good.test', 'c2s', { login }, null, LOGGED_IN], prosody.ports)
  }, 30_000)
})

whenPresent(EJABBERD)('xmpp against ejabberd', () => {
  let ejabberd: Ejabberd
  beforeAll(async () => {
    ejabberd = await start(startEjabberd)
  }, 150_000)
  afterAll(stopAll, 60_000)

  it.each<Row>([
    ['STARTTLS and a login', 'good.test', 'c2s', { login }, null, LOGGED_IN],
    ['direct TLS and a login', 'good.test', 'c2sTls', { tls: 'direct', login }, null, LOGGED_IN],
    ['servers', 'good.test', 's2s', { as: 'server' }, null, new RegExp(TLS)],
    ['BOSH and a login', 'good.test', null, { bosh: 'https://good.test:{https}/bosh', login }, null, LOGGED_IN],
    ['WebSocket and a login', 'good.test', null, { websocket: 'wss://good.test:{https}/ws', login }, null, LOGGED_IN],
  ])('%s: is fine', (...row) => expectIt(row, ejabberd.ports))

  it.each<Row>([
    ['a wrong password', 'good.test', 'c2s', { login: WRONG }, 'auth', /^login refused \(not-authorized\)$/],
    ['a domain it does not serve', 'nobody.test', 'c2s', {}, 'protocol', /does not serve nobody\.test/],
    ['a web server in TLS', 'good.test', 'https', { tls: 'direct' }, 'closed', /^connection closed/],
    ['the door for servers', 'good.test', 's2s', {}, 'protocol', /./],
    ['no TLS where there should be', 'good.test', 'c2s', { tls: 'direct' }, 'tls', /^TLS: /],
    [
      'BOSH and a wrong password',
      'good.test',
      null,
      { bosh: 'https://good.test:{https}/bosh', login: WRONG },
      'auth',
      /refused/,
    ],
    ['WebSocket at another address', 'good.test', null, { websocket: 'wss://good.test:{https}/x' }, 'status', /^404/],
    [
      'BOSH of a domain it does not serve',
      'nobody.test',
      null,
      { bosh: 'https://good.test:{https}/bosh' },
      'protocol',
      /./,
    ],
  ])('%s: is seen', (...row) => expectIt(row, ejabberd.ports))

  it('carries a message from one account to another, again and again', async () => {
    for (let turn = 0; turn < 20; turn++) {
      expect(await carry(ejabberd.ports.c2s, ejabberd.ports.c2s)).toMatchObject({
        ok: true,
        note: expect.stringMatching(/^arrived after \d+ ms$/),
      })
    }
    expect(await carry(ejabberd.ports.c2s, ejabberd.ports.c2s, 'nobody')).toMatchObject({
      ok: false,
      reason: 'auth',
      note: 'from: login refused (not-authorized)',
    })
    expect(await carry(ejabberd.ports.c2s, 1)).toMatchObject({ ok: false, reason: 'refused' })
  }, 60_000)
})
