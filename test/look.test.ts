import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { ConfiguredCheck } from '../src/config/check.ts'
import type { Check } from '../src/core/check.ts'
import type { Outcome } from '../src/core/observation.ts'
import { createLooker, type LookerDeps } from '../src/look.ts'
import type { Ending } from '../src/net/ending.ts'
import { failed } from '../src/net/failure.ts'
import type { Probe } from '../src/net/look.ts'
import type { Network } from '../src/net/network.ts'
import { createNetwork } from '../src/net/system.ts'

const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

test('A look carries check, strand, site and time beside what the probe saw.', async () => {
  const { looker } = lookerWith(async (look) => {
    look.mark('greeting')
    return { ok: true, note: '220 ready' }
  })
  const seen = await looker.look(checkOf({}), 6)
  expect(seen).toMatchObject({ check: 'mail.smtp', strand: 6, site: 'home', at: 1_000 })
  expect(seen.outcome).toEqual({ ok: true, note: '220 ready' })
  expect(Object.keys(seen.phases)).toEqual(['greeting'])
})

test('What a look reckons from the time, days left say, it reckons from when it began.', async () => {
  let clock = 1_000
  const probe: Probe = async (look) => {
    clock += 5
    return { ok: true, note: String(look.now()) }
  }
  const seen = await lookerWith(probe, {}, { now: () => clock }).looker.look(checkOf({}), null)
  expect([seen.at, seen.outcome.note]).toEqual([1_000, '1000'])
})

test('The strand decides the address family, else the check does.', async () => {
  const families: unknown[] = []
  const { looker } = lookerWith(async (look) => {
    families.push(look.family)
    return { ok: true, note: '' }
  })
  await looker.look(checkOf({ family: 'both' }), 6)
  await looker.look(checkOf({ family: 4 }), null)
  await looker.look(checkOf({ family: null }), null)
  expect(families).toEqual([6, 4, null])
})

test('Secrets are taken out of notes, also where a note would be cut in the middle of one.', async () => {
  const secret = 'correct-horse-battery-hunter'
  const note = `${'x'.repeat(185)} ${secret} ${secret}`
  const outcome: Outcome = { ok: true, note, attention: [{ kind: 'finding', note: `said ${secret}\n` }] }
  const { looker } = lookerWith(async () => outcome, { secrets: ['hunter', secret] })
  const seen = await looker.look(checkOf({}), null)
  expect(JSON.stringify(seen)).not.toMatch(/correct|hunter/)
  expect(seen.outcome).toMatchObject({ attention: [{ kind: 'finding', note: 'said …' }] })
})

test('Secrets are taken out of the notes of thrown failures as well.', async () => {
  const probe: Probe = () => Promise.reject(failed({ ok: false, reason: 'protocol', note: 'says hunter2' }))
  const { looker } = lookerWith(probe, { secrets: ['hunter2'] })
  expect((await looker.look(checkOf({}), null)).outcome).toEqual({ ok: false, reason: 'protocol', note: 'says …' })
})

test('A check without its secret is unknown and nothing is dialled.', async () => {
  const { looker } = lookerWith(() => Promise.reject(new Error('looked')))
  const seen = await looker.look(checkOf({ unusable: 'the secret "probe" is missing' }), null)
  expect(seen.outcome).toEqual({ ok: null, reason: 'config', note: 'the secret "probe" is missing' })
  expect(seen).toMatchObject({ took: 0, phases: {} })
})

test('A check that a reload took away is unknown.', async () => {
  const { looker } = lookerWith(async () => ({ ok: true, note: '' }))
  expect((await looker.look(checkOf({ id: 'mail.gone' }), null)).outcome).toMatchObject({ ok: null, reason: 'config' })
})

test('A fault of ours is told, and never looks like an outage.', async () => {
  const { looker, bugs } = lookerWith(() => Promise.reject(new TypeError('x is not a function')))
  const seen = await looker.look(checkOf({}), null)
  expect(seen.outcome).toMatchObject({ ok: null, reason: 'config', note: 'a fault in vigie: x is not a function' })
  expect(bugs).toEqual([['x is not a function', 'mail.smtp']])
})

test('No connection to port 25 while another port of that host answers is our own line.', async () => {
  const { looker } = await mailServerWithout25()
  const seen = await looker.look(checkOf({ target: '203.0.113.5:25' }), null)
  expect(seen.outcome).toMatchObject({ ok: null, reason: 'blocked' })
  expect(seen.via.port).toBe(25)
})

test('So it is where a look comes to port 25 second, as a round trip of mail does.', async () => {
  const { looker } = await mailServerWithout25({}, true, async (look) => {
    await look.dial({ host: '203.0.113.9', port: 587 })
    look.mark('select')
    await look.dial({ host: '203.0.113.5', port: 25 })
    return { ok: true, note: '' }
  })
  const seen = await looker.look(checkOf({ target: 'probe@mx.example' }), null)
  expect(seen.outcome).toMatchObject({ ok: null, reason: 'blocked' })
})

test('A witness on port 25 knows better: then its silence is the server’s.', async () => {
  const { looker } = await mailServerWithout25({ witnessOn: (port) => port === 25 })
  const seen = await looker.look(checkOf({ target: '203.0.113.5:25' }), null)
  expect(seen.outcome).toMatchObject({ ok: false, reason: 'timeout' })
})

test('A mail server that answers nowhere is down, not blocked.', async () => {
  const { looker } = await mailServerWithout25({}, false)
  const seen = await looker.look(checkOf({ target: '203.0.113.5:25' }), null)
  expect(seen.outcome).toMatchObject({ ok: false, reason: 'timeout' })
})

test('A server that takes the call on port 25 and then says nothing is down, not blocked.', async () => {
  const port = await listen()
  const network = { detour: () => ({ host: '127.0.0.1', port }) }
  const silent: Probe = async (look) => {
    await look.dial({ host: '203.0.113.5', port: 25 })
    look.begin('greeting')
    return new Promise<never>(() => {})
  }
  const { looker } = lookerWith(silent, {}, { network: () => ({ ...createNetwork({ ca: [] }), ...network }) })
  const seen = await looker.look(checkOf({ target: '203.0.113.5:25' }), null)
  expect(seen.outcome).toMatchObject({ ok: false, reason: 'timeout' })
})

test('The door is what is dialled, whatever the path or the kind.', () => {
  const { looker } = lookerWith(async () => ({ ok: true, note: '' }))
  const doors = [
    'https://Files.example/login',
    'http://files.example:443/',
    'files.example:443',
    '[2001:db8::1]:25',
    'example',
  ]
  expect(doors.map((target) => looker.door({ check: checkOf({ target }), strand: null }))).toEqual([
    'files.example:443',
    'files.example:443',
    'files.example:443',
    '2001:db8::1:25',
    'example',
  ])
  const { looker: pointed } = lookerWith(async () => ({ ok: true, note: '' }), {
    connect: { host: 'Elsewhere', port: 8443 },
  })
  expect(pointed.door({ check: checkOf({ target: 'https://files.example/' }), strand: null })).toBe('elsewhere:8443')
})

function lookerWith(probe: Probe, configured: Partial<ConfiguredCheck> = {}, deps: Partial<LookerDeps> = {}) {
  const bugs: [string, string][] = []
  const plan = {
    plan: { does: 'look', probe },
    origin: '',
    connect: null,
    allowPrivate: true,
    ca: [],
    secrets: [],
    ...configured,
  } as const
  const looker = createLooker({
    network: () => createNetwork({ ca: [] }),
    plan: (id) => (id === 'mail.smtp' ? plan : undefined),
    site: () => 'home',
    now: () => 1_000,
    witnessOn: () => false,
    onBug: (error, check) => bugs.push([(error as Error).message, check]),
    ...deps,
  })
  return { looker, bugs }
}

/** A mail server whose port 25 is swallowed on the way, its 587 reachable or not. */
async function mailServerWithout25(deps: Partial<LookerDeps> = {}, answers = true, probe: Probe = dialling25) {
  const port = await listen()
  const real = createNetwork({ ca: [] })
  const network: Network = {
    ...real,
    detour: (host, wanted) => (wanted === 587 && answers ? { host: '127.0.0.1', port } : { host, port: wanted }),
    connect: (endpoint, ending) => (endpoint.port === port ? real.connect(endpoint, ending) : swallowed(ending)),
  }
  return lookerWith(probe, {}, { network: () => network, ...deps })
}

const dialling25: Probe = async (look) => {
  await look.dial({ host: '203.0.113.5', port: 25 })
  return { ok: true, note: '' }
}

function swallowed(ending: Ending): Promise<never> {
  return new Promise((_, reject) => ending.addEventListener('abort', () => reject(ending.reason)))
}

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}))
  open.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

function checkOf(own: Partial<Check>): Check {
  return {
    id: 'mail.smtp',
    service: 'mail',
    kind: 'smtp',
    target: 'mx.example:25',
    rule: { every: 60_000, timeout: 200, retry: 15_000, fall: 3, rise: 2, slow: 3_000, expiresIn: { share: 0.2 } },
    family: null,
    depends: [],
    essential: false,
    audience: 'members',
    from: 'all',
    heartbeat: null,
    definition: 'd1',
    unusable: null,
    ...own,
  }
}
