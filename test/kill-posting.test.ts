// kill -9 while incidents are being posted: what was answered with 2xx is there, and nothing is there twice, though every
// post whose answer never came is repeated with its key. `VIGIE_KILLS=1000` for a long run by hand.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { incidentsIn } from '../src/cli/folder/statements.ts'
import { freePort } from './servers/ports.ts'

const KILLS = Number(process.env.VIGIE_KILLS ?? 50)
const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

it(`keeps every incident that was acknowledged, once, through ${KILLS} kills`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'vigie-posting-'))
  const [checks, data] = [join(root, 'checks'), join(root, 'data')]
  mkdirSync(checks)
  writeFileSync(join(checks, 'site.yaml'), 'name: Essai\nsites: { home: {} }\n')
  writeFileSync(
    join(checks, 'web.yaml'),
    'service: Web\nchecks:\n  - http: http://127.0.0.1:1/\n    allow_private: true\n',
  )
  const listen = `127.0.0.1:${await freePort()}`
  let child: ChildProcess | null = null
  open.push(() => rmSync(root, { recursive: true, force: true }))
  open.push(() => child?.kill('SIGKILL'))

  /** Until it answers; null: it was killed before. */
  const start = async () => {
    const started = spawn(
      process.execPath,
      ['dist/main.js', 'run', '--checks', checks, '--data', data, '--listen', listen],
      {
        stdio: 'ignore',
      },
    )
    child = started
    for (let tries = 0; tries < 1200; tries++) {
      const token = tokenOf(data, started.pid!)
      if (token !== null && (await ask(token, 'GET', '/incidents?limit=1')) !== null) return { started, token }
      await pause(25)
    }
    throw new Error('it never came up')
  }
  const ask = async (token: string, method: string, path: string, body?: object, key?: string) => {
    try {
      const answer = await fetch(`http://${listen}/admin/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return answer.ok
        ? ((await answer.json()) as { id: string; incidents: { id: string; title: { fr: string } }[] })
        : null
    } catch {
      return null
    }
  }

  const acknowledged = new Map<string, string>()
  const posted: string[] = []
  let next = 0
  let pending: string | null = null
  for (let kill = 0; kill < KILLS; kill++) {
    const { started, token } = await start()
    const gone = new Promise((done) => started.once('exit', done))
    setTimeout(() => started.kill('SIGKILL'), Math.random() * 120)
    while (started.signalCode === null) {
      // One whose answer never came is said again, as whoever posts would.
      pending ??= `n${next++}`
      if (!posted.includes(pending)) posted.push(pending)
      const made = await ask(token, 'POST', '/incidents', { title: pending, text: 'x' }, pending)
      if (made === null) break
      acknowledged.set(pending, made.id)
      pending = null
    }
    await gone
  }

  const { started, token } = await start()
  const { incidents } = (await ask(token, 'GET', '/incidents?limit=500'))!
  const titles = incidents.map(({ title }) => title.fr)
  expect(new Set(titles).size).toBe(titles.length)
  expect(titles.every((title) => posted.includes(title))).toBe(true)
  // The list is of the newest; the folder holds all.
  const kept = new Map(incidentsIn(data).map(({ id, title }) => [id, title.fr]))
  expect(new Set(kept.values()).size).toBe(kept.size)
  for (const [name, id] of acknowledged) expect(kept.get(id), name).toBe(name)
  expect(acknowledged.size).toBeGreaterThan(KILLS / 2)
  const shown = async (path: string) => (await fetch(`http://${listen}${path}`)).text()
  for (const path of [`/feed.atom`, `/api/v2/incidents.json`]) {
    for (let tries = 0; tries < 100 && !(await shown(path)).includes(titles[0]!); tries++) await pause(100)
    expect(await shown(path), path).toContain(titles[0])
  }
  started.kill('SIGKILL')
}, 900_000)

/** Of this very process: the one before left its own behind. */
function tokenOf(data: string, pid: number): string | null {
  try {
    const run = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as { pid: number; token: string }
    return run.pid === pid ? run.token : null
  } catch {
    return null
  }
}
