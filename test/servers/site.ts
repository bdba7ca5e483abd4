// A whole site on loopback: its own checks/ and data/, the real app, any free port.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createApp } from '../../src/app.ts'
import { readConfiguration } from '../../src/config/read.ts'
import { kinds } from '../../src/probes/index.ts'
import type { Supervisor } from '../../src/process/watchdog.ts'
import type { Replicate } from '../../src/world.ts'

export interface Seen {
  readonly id: string
  readonly status: string
  readonly state: string
  readonly note: string
}

export interface TestSite {
  readonly url: string
  readonly data: string
  /** The folder of its configuration. */
  readonly checks: string
  readonly log: readonly string[]
  /** Writes a file of `checks/`; the site reads it by itself. */
  write(name: string, text: string): void
  reload(): void
  get(path: string): Promise<string>
  /** From `/api/vigie/status.json`, by service. */
  status(): Promise<ReadonlyMap<string, Seen>>
  /** Waits until it is so; fails naming what it was instead. */
  until(what: string, holds: () => Promise<boolean> | boolean, within?: number): Promise<void>
  stop(): Promise<void>
}

/** Policy of a site that makes up its mind in a second or two. */
export const QUICK = `policy: { every: 400ms, retry: 200ms, timeout: 300ms, witness_every: 400ms, taint: 1s, mail_after: 2s }`

export interface SiteOptions {
  /** Other clocks than the real ones. */
  readonly wall?: () => number
  readonly monotonic?: () => number
  /** A data folder that another site left. */
  readonly data?: string
  readonly supervisor?: Supervisor
  /** What stands in for the world, where `replica: true` asks for it. */
  readonly replicate?: Replicate
  /** Where secrets come from. */
  readonly environment?: Readonly<Record<string, string>>
  /** Which of several sites it is; the first when not said. */
  readonly site?: string
  /** Where it listens; any free port when not said. */
  readonly listen?: string
}

/** `files`: what stands in `checks/`. */
export async function startSite(files: Readonly<Record<string, string>>, options: SiteOptions = {}): Promise<TestSite> {
  const root = mkdtempSync(join(tmpdir(), 'vigie-site-'))
  const dir = join(root, 'checks')
  const data = options.data ?? join(root, 'data')
  mkdirSync(dir)
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text)
  for (const [name, text] of Object.entries(files)) write(name, text)
  const read = () =>
    readConfiguration({
      dir,
      environment: options.environment ?? {},
      data,
      kinds,
      site: options.site,
      listen: options.listen ?? '127.0.0.1:0',
    })
  const reading = read()
  const { configuration } = reading
  if (configuration === null) throw new Error(JSON.stringify(reading.mistakes, null, 1))
  const log: string[] = []
  const app = await createApp({
    data,
    views: resolve('views'),
    checks: dir,
    reading: { ...reading, configuration },
    read,
    version: 'test',
    wall: options.wall ?? Date.now,
    monotonic: options.monotonic ?? (() => performance.now()),
    supervisor: options.supervisor ?? null,
    ...(options.replicate === undefined ? {} : { replicate: options.replicate }),
    log: (level, message) => {
      log.push(`${level} ${message}`)
    },
  })
  if ('heldBy' in app) throw new Error(`held by ${app.heldBy}`)
  const { url } = await app.start()
  const get = async (path: string) => (await fetch(url + path)).text()
  const status = async () => {
    const document = JSON.parse(await get('/api/vigie/status.json')) as {
      services: { id: string; status: string; state: string; confidence: { note: string } }[]
    }
    return new Map(
      document.services.map(({ id, status, state, confidence }) => [id, { id, status, state, note: confidence.note }]),
    )
  }
  return {
    url,
    data,
    checks: dir,
    log,
    write,
    reload: app.reload,
    get,
    status,
    until: async (what, holds, within = 15_000) => {
      const end = performance.now() + within
      while (!(await holds())) {
        if (performance.now() > end)
          throw new Error(`not ${what}: ${JSON.stringify([...(await status()).values()])} ${log.join('\n')}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    stop: async () => {
      await app.stop()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
