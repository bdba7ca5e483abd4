// kill -9 of two sites while both are posted on and exchange: afterwards both have everything that was acknowledged
// anywhere, once, and fold it to the same bytes. `VIGIE_KILLS=1000` for a long run by hand.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { openKey } from '../src/twin/key.ts'
import { freePort } from './servers/ports.ts'

const KILLS = Number(process.env.VIGIE_KILLS ?? 50)
/** Updates of one incident: no more incidents than one question lists. */
const UPDATES = Math.max(25, KILLS / 10)
const SITES = ['home', 'offsite'] as const
type Name = (typeof SITES)[number]
const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

it(`brings both sites the same, once, through ${KILLS} kills in the exchange`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'vigie-exchange-'))
  open.push(() => rmSync(root, { recursive: true, force: true }))
  const checks = join(root, 'checks')
  mkdirSync(checks)
  const ports = { home: await freePort(), offsite: await freePort() }
  const lines = SITES.map((site) => {
    mkdirSync(join(root, site))
    return `  ${site}: { url: "http://127.0.0.1:${ports[site]}", key: "${openKey(join(root, site)).publicKey}" }`
  })
  writeFileSync(join(checks, 'site.yaml'), `name: Essai\nsites:\n${lines.join('\n')}\n`)
  const web = 'service: Web\nchecks:\n  - http: http://127.0.0.1:1/\n    allow_private: true\n'
  writeFileSync(join(checks, 'web.yaml'), web)
  const children = new Map<Name, ChildProcess>()
  open.push(() => children.forEach((child) => void child.kill('SIGKILL')))

  const ask = async (site: Name, method: string, path: string, body?: object, key?: string) => {
    try {
      const { token } = JSON.parse(readFileSync(join(root, site, 'run.json'), 'utf8')) as { token: string }
      const answer = await fetch(`http://127.0.0.1:${ports[site]}/admin/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(key === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return answer.ok ? await answer.text() : null
    } catch {
      return null
    }
  }
  const start = async (site: Name): Promise<void> => {
    const listen = `127.0.0.1:${ports[site]}`
    const words = ['dist/main.js', 'run', '--checks', checks, '--data', join(root, site), '--site', site]
    const log = openSync(join(root, `${site}.log`), 'w')
    const child = spawn(process.execPath, [...words, '--listen', listen], { stdio: ['ignore', log, log] })
    closeSync(log)
    children.set(site, child)
    for (const began = performance.now(); performance.now() - began < 120_000 && child.exitCode === null; ) {
      if ((await ask(site, 'GET', '/incidents?limit=1')) !== null) return
      await pause(25)
    }
    const said = readFileSync(join(root, `${site}.log`), 'utf8')
    // While it was down somebody's connection left from its port.
    if (said.includes('something else listens there')) return start(site)
    throw new Error(`${site} never came up (${child.exitCode}): ${said}`)
  }
  const kill = async (site: Name) => {
    const child = children.get(site)!
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGKILL')
    await gone
  }

  /** Incidents with many updates: a page each, and as much to fold. What is not answered is said again with its key. */
  const acknowledged: string[] = []
  let over = false
  const say = async (site: Name, path: string, body: object, key: string) => {
    for (let tries = 0; tries < 1200; tries++) {
      const made = await ask(site, 'POST', path, body, key)
      if (made !== null) return (JSON.parse(made) as { id: string }).id
      await pause(50)
    }
    throw new Error(`${site} never took ${key}`)
  }
  const post = async (site: Name) => {
    for (let next = 0, id = ''; !over; next++) {
      const text = `${site}-${next}`
      if (next % UPDATES === 0) id = await say(site, '/incidents', { title: text, text }, text)
      else await say(site, `/incidents/${id}/updates`, { text }, text)
      acknowledged.push(text)
      await pause(200 + Math.random() * 400)
    }
  }

  await Promise.all(SITES.map(start))
  const posting = SITES.map(post)
  for (let n = 0; n < KILLS; n++) {
    const victim = SITES[Math.floor(Math.random() * 2)]!
    await pause(Math.random() * 400)
    await kill(victim)
    await start(victim)
  }
  over = true
  await Promise.all(posting)

  const told = (site: Name) => ask(site, 'GET', '/incidents?limit=500')
  const healed = performance.now()
  let both = await Promise.all(SITES.map(told))
  while (both[0] !== both[1] || both[0] === null) {
    if (performance.now() - healed > 60_000) break
    await pause(100)
    both = await Promise.all(SITES.map(told))
  }
  expect(both[0]).toBe(both[1])
  const updates = (JSON.parse(both[0]!) as { incidents: { updates: { text: { fr: string } }[] }[] }).incidents
    .flatMap((incident) => incident.updates.map(({ text }) => text.fr))
    .sort()
  expect(updates).toEqual([...new Set(acknowledged)].sort())
  expect(acknowledged.length).toBeGreaterThan(KILLS)
}, 7_200_000)
