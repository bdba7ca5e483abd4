// The admin pages and the API of a site that looks at nothing: a ledger, a board, accounts and a server.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createAdmitting } from '../../../src/app/admitting.ts'
import { createSpeaking } from '../../../src/app/speaking.ts'
import { readConfiguration } from '../../../src/config/read.ts'
import { needsOf, unprovenLine } from '../../../src/core/verdict/blindness.ts'
import type { LastPing } from '../../../src/core/verdict/heartbeat.ts'
import type { Peer } from '../../../src/core/verdict/word.ts'
import type { Memory } from '../../../src/memory.ts'
import { openViews } from '../../../src/page/pages/views.ts'
import { kinds } from '../../../src/probes/index.ts'
import { type Ledger, openLedger } from '../../../src/store/ledger.ts'
import { openKey } from '../../../src/twin/key.ts'
import { sealer } from '../../../src/twin/seal.ts'
import { blankMemory } from '../../blank-memory.ts'
import { type RunningSite, runSite } from '../site.ts'

export interface House extends RunningSite {
  readonly data: string
  readonly ledger: Ledger
  readonly access: ReturnType<typeof createSpeaking>['access']
  readonly board: ReturnType<typeof createSpeaking>['board']
  readonly post: ReturnType<typeof createSpeaking>['post']
  readonly views: ReturnType<typeof openViews>
  /** What is known of other sites. */
  readonly peers: Peer[]
  /** Checks that were to be looked at. */
  readonly hurried: string[]
  readonly memory: Memory
  readonly configured: ReturnType<typeof createSpeaking>['configured']
  /** What jobs said last, by check. */
  readonly pings: Map<string, LastPing>
}

export interface HouseOptions {
  readonly proxy?: readonly string[]
  /** More of site.yaml. */
  readonly more?: string
  /** More files of `checks/`. */
  readonly files?: Readonly<Record<string, string>>
}

export async function openHouse({ proxy = [], more = '', files = {} }: HouseOptions = {}): Promise<House> {
  const root = mkdtempSync(join(tmpdir(), 'vigie-house-'))
  const dir = join(root, 'checks')
  const data = join(root, 'data')
  mkdirSync(dir)
  mkdirSync(data)
  writeFileSync(
    join(dir, 'site.yaml'),
    `name: Essai\nlanguages: [fr, en]\ntimezone: Europe/Paris\nsites: { home: {} }\n${more}`,
  )
  writeFileSync(join(dir, 'web.yaml'), 'service: { fr: Site web, en: Website }\nchecks:\n  - http: https://web.test/\n')
  writeFileSync(join(dir, 'mail.yaml'), 'service: { fr: Courriel, en: E-mail }\nchecks:\n  - tcp: mx.test:25\n')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  const { configuration, mistakes } = readConfiguration({ dir, environment: {}, data, kinds, listen: '127.0.0.1:0' })
  if (configuration === null) throw new Error(JSON.stringify(mistakes))
  const now = () => Date.now()
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now })
  const memory = blankMemory(configuration, now(), unprovenLine(needsOf([]), now()))
  const views = openViews('views')
  const hurried: string[] = []
  const pings = new Map<string, LastPing>()
  const peers: Peer[] = []
  const common = {
    key: openKey(data),
    ledger,
    memory,
    views,
    version: 'test',
    now,
    ticks: () => performance.now(),
    write: () => {},
    peers: () => peers,
    wrote: () => {},
    warn: () => {},
  }
  const { board, api, token, ...speaking } = createSpeaking(common)
  const admitting = createAdmitting({
    ...common,
    ...speaking,
    board,
    api,
    display: { told: () => null },
    metrics: { lastLooks: () => [] },
    heartbeats: { last: (check) => pings.get(check) ?? null },
    rounds: { hurry: (check) => hurried.push(check) },
    data,
  })
  const site = await runSite({ ...admitting, api, proxy })
  writeFileSync(join(data, 'run.json'), JSON.stringify({ url: site.url, token }))
  const { close } = site
  return Object.assign(site, {
    data,
    ledger,
    memory,
    board,
    hurried,
    pings,
    peers,
    views,
    access: speaking.access,
    post: speaking.post,
    configured: speaking.configured,
    close: async () => {
      await close()
      ledger.close()
      rmSync(root, { recursive: true, force: true })
    },
  })
}

export interface Route {
  readonly method: string
  readonly path: string
}

/** Every route there is, from the tree that Fastify prints, a node a line. */
export function routesOf({ app }: Pick<House, 'app'>): readonly Route[] {
  const above: string[] = []
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, segment, methods] = /^(.*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line) ?? []
      if (indent === undefined) return []
      const depth = indent.length / 4
      above.length = depth
      above[depth] = segment!
      const path = above.join('')
      return methods === undefined ? [] : methods.split(', ').map((method) => ({ method, path }))
    })
}
