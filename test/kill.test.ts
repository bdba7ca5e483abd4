// kill -9 at any moment: counts are kept, nothing is told twice or never. `VIGIE_KILLS=100` for a long run by hand.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { freePort } from './servers/ports.ts'
import { startRelay } from './servers/relay.ts'

const KILLS = Number(process.env.VIGIE_KILLS ?? 10)
const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** A site that is started, killed and started again on the same data folder. */
async function mortal(policy: string, target: string, relay: number, witnesses: readonly number[] = []) {
  const root = mkdtempSync(join(tmpdir(), 'vigie-kill-'))
  const checks = join(root, 'checks')
  mkdirSync(checks)
  writeFileSync(
    join(checks, 'site.yaml'),
    `name: Essai\nsites: { home: {} }\n${policy}
witnesses: [${witnesses.map((port) => `"127.0.0.1:${port}"`).join(', ')}]
mail: { from: "vigie@elsewhere.example", relays: ["smtp://127.0.0.1:${relay}"] }
alerts: [ { email: admins@elsewhere.example, on: [down, up] } ]\n`,
  )
  writeFileSync(join(checks, 'web.yaml'), `service: Web\nchecks:\n  - http: ${target}\n    allow_private: true\n`)
  const port = await freePort()
  let child: ChildProcess | null = null
  open.push(() => rmSync(root, { recursive: true, force: true }))
  open.push(() => child?.kill('SIGKILL'))
  const status = async (): Promise<{ status: string; failures: number; since: string } | null> => {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/api/vigie/status.json`)
      const { services } = (await answer.json()) as {
        services: { status: string; since: string; checks: { sites: Record<string, { failures: number }> }[] }[]
      }
      const [service] = services
      return {
        status: service!.status,
        since: service!.since,
        failures: Object.values(service!.checks[0]!.sites)[0]!.failures,
      }
    } catch {
      return null
    }
  }
  return {
    status,
    async start() {
      const started = spawn(
        process.execPath,
        ['dist/main.js', 'run', '--checks', checks, '--data', join(root, 'data'), '--listen', `127.0.0.1:${port}`],
        { stdio: 'ignore' },
      )
      child = started
      for (let n = 0; n < 400 && (await status()) === null; n++) await new Promise((done) => setTimeout(done, 25))
      return async () => {
        started.kill('SIGKILL')
        await new Promise((done) =>
          started.signalCode !== null || started.exitCode !== null ? done(null) : started.once('exit', done),
        )
      }
    },
    async until(holds: () => Promise<boolean> | boolean) {
      for (let n = 0; n < 400; n++) {
        if (await holds()) return
        await new Promise((done) => setTimeout(done, 50))
      }
      throw new Error(`never so: ${JSON.stringify(await status())}`)
    },
  }
}

async function brokenTarget() {
  let fine = true
  const server = createServer((_request, response) => {
    response.statusCode = fine ? 200 : 500
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(() => new Promise((done) => server.close(done)))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    set: (to: boolean) => {
      fine = to
    },
  }
}

/** A host that accepts connections, as a witness. */
async function somebodyElse(): Promise<number> {
  const server = createTcp((socket) => socket.destroy())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push(() => new Promise((done) => server.close(done)))
  return (server.address() as AddressInfo).port
}

it(`keeps an outage through ${KILLS} kills: one mail, the same since, and one mail when it ends`, async () => {
  const relay = await startRelay()
  open.push(() => relay.close())
  const target = await brokenTarget()
  const site = await mortal('policy: { every: 400ms, retry: 200ms, timeout: 300ms }', target.url, relay.port)
  let kill = await site.start()
  await site.until(async () => (await site.status())?.status === 'operational')
  target.set(false)
  await site.until(() => relay.received.length > 0)
  await site.until(async () => (await site.status())?.status === 'major_outage')
  const since = (await site.status())?.since
  for (let n = 0; n < KILLS; n++) {
    await kill()
    kill = await site.start()
    expect(await site.status()).toMatchObject({ status: 'major_outage', since })
    await new Promise((done) => setTimeout(done, Math.random() * 600))
  }
  const ids = new Set(relay.received.map(({ headers }) => headers['message-id']))
  expect(ids.size).toBe(1)
  target.set(true)
  await site.until(() => relay.received.some(({ headers }) => headers['in-reply-to'] !== undefined))
  await kill()
}, 600_000)

it('counts fails on through kills until it is down', async () => {
  const relay = await startRelay()
  open.push(() => relay.close())
  const target = await brokenTarget()
  const witnesses = await Promise.all([1, 2, 3].map(() => somebodyElse()))
  const policy = 'policy: { every: 400ms, retry: 250ms, timeout: 200ms, fall: 12, witness_every: 400ms }'
  const site = await mortal(policy, target.url, relay.port, witnesses)
  let kill = await site.start()
  await site.until(async () => (await site.status())?.status === 'operational')
  target.set(false)
  let most = 0
  for (let life = 0; life < 12; life++) {
    const before = most
    await site.until(async () => ((await site.status())?.failures ?? 0) >= before + 2)
    most = (await site.status())?.failures ?? 0
    await kill()
    kill = await site.start()
    const now = await site.status()
    expect(now?.failures).toBeGreaterThanOrEqual(most)
    if (now?.status === 'major_outage') break
  }
  await site.until(async () => (await site.status())?.status === 'major_outage')
  await site.until(() => relay.received.length === 1)
  await kill()
}, 120_000)
