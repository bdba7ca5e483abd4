// A small demonstration: the real site on a stage, its control page, all on free ports, at a pace for tests.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createApp } from '../../src/app.ts'
import { readConfiguration } from '../../src/config/read.ts'
import { openControl } from '../../src/demo/control.ts'
import { type Outlook, outlookOf } from '../../src/demo/outlook.ts'
import { type Pace, QUICK } from '../../src/demo/pace.ts'
import { createStage, type Stage } from '../../src/demo/stage.ts'
import { ICONS } from '../../src/page/icons.ts'
import { openViews } from '../../src/page/views.ts'
import { CONDITIONS } from '../../src/page/words.ts'
import { kinds } from '../../src/probes/index.ts'

const FILES: Readonly<Record<string, string>> = {
  'site.yaml': `
name: Nomagic
domain: nomagic.test
groups: [ all: { fr: Tous, en: All } ]
sites: { home: {} }
witnesses: ["192.0.2.1:53", "192.0.2.2:53", "https://w1.example/", "https://w2.example/", "https://w3.example/"]
path: ["https://road.example/"]
replica: true
mail: { from: "Vigie <vigie@elsewhere.example>", relays: ["smtp://relay.elsewhere.example"] }
alerts: [ email: admins@elsewhere.example ]
`,
  'servers.yaml': 'service: { fr: Serveurs, en: Servers }\nchecks: [ tcp: "hetzner.${domain}:22" ]\n',
  'mail.yaml': `service: { fr: Courriel, en: E-mail }
group: all
depends: [servers]
checks:
  - { tls: "mail.\${domain}:587", id: submission, starttls: smtp }
  - { tls: "mail.\${domain}:993", id: imap }
`,
  'files.yaml':
    'service: { fr: Fichiers, en: Files }\ndepends: [servers]\nchecks: [ http: "https://files.${domain}/" ]\n',
  'website.yaml':
    'service: { fr: Site, en: Website }\ndepends: [servers]\nchecks: [ http: "https://www.${domain}/" ]\n',
  'backups.yaml':
    'service: { fr: Sauvegardes, en: Backups }\naudience: admins\nchecks: [ { heartbeat: 24h, id: nightly } ]\n',
}

/** Makes up its mind within a second or two. */
const PACE: Pace = {
  rule: { every: 800, retry: 100, timeout: 600, slow: 200 },
  policy: {
    ...QUICK.policy,
    hold: 500,
    taint: 500,
    witnessEvery: 300,
    mailAfter: 500,
    flap: { changes: 30, within: 60_000, calm: 60_000 },
    digest: { services: 5, within: 500 },
  },
  heartbeat: { period: 1_000, grace: 500 },
  stretch: 0.02,
}

export interface Demonstration {
  readonly stage: Stage
  /** Where the page is, and where the controls. */
  readonly site: string
  readonly control: string
  outlook(): Promise<Outlook>
  /** Waits until it is so; fails with what it was instead. */
  until(what: string, holds: (outlook: Outlook) => boolean, within?: number): Promise<void>
  calm(): Promise<void>
  reload(): void
  stop(): Promise<void>
}

export async function startDemonstration(): Promise<Demonstration> {
  const root = mkdtempSync(join(tmpdir(), 'vigie-playing-'))
  const dir = join(root, 'checks')
  const data = join(root, 'data')
  mkdirSync(dir)
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(dir, name), text)
  const stage = createStage(PACE, Date.now)
  const read = () => {
    const reading = readConfiguration({ dir, environment: {}, data, kinds, listen: '127.0.0.1:0' })
    if (reading.configuration === null) throw new Error(JSON.stringify(reading.mistakes))
    return { ...reading, configuration: stage.prepare(reading.configuration) }
  }
  const log: string[] = []
  const app = await createApp({
    data,
    views: resolve('views'),
    checks: dir,
    reading: read(),
    read,
    wall: Date.now,
    monotonic: () => performance.now(),
    log: (level, message) => void log.push(`${level} ${message}`),
    version: '0',
    replicate: stage.start,
  })
  if (!('start' in app)) throw new Error('another process has it')
  const { start, reload, stop: end } = app
  const control = await openControl({
    host: '127.0.0.1',
    port: 0,
    stage,
    render: openViews(resolve('views')).render,
    style: readFileSync('views/demo.css', 'utf8'),
    look: { icons: ICONS, words: CONDITIONS },
    now: Date.now,
  })
  const { url: site } = await start()
  stage.listens(site)

  return { stage, site, control: control.url, outlook, until, calm, reload, stop }

  async function outlook(): Promise<Outlook> {
    const seen = await outlookOf(site)
    if (seen === null) throw new Error('the site does not answer')
    return seen
  }

  async function until(what: string, holds: (outlook: Outlook) => boolean, within = 15_000): Promise<void> {
    const end = performance.now() + within
    for (let seen = await outlookOf(site); seen === null || !holds(seen); seen = await outlookOf(site)) {
      const services = JSON.stringify([...(seen?.services ?? [])])
      if (performance.now() > end) throw new Error(`not ${what}: ${seen?.sentence.en} ${services} ${log.join('\n')}`)
      await new Promise((done) => setTimeout(done, 50))
    }
  }

  async function calm(): Promise<void> {
    stage.player.stop()
    stage.faults.clearAll()
    await until('calm', ({ services }) => [...services.values()].every(({ status }) => status === 'operational'))
  }

  async function stop(): Promise<void> {
    stage.stop()
    await control.close()
    await end()
    rmSync(root, { recursive: true, force: true })
  }
}
