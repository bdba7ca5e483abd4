// A small demonstration: the real site on a stage, its control page, all on free ports, at a pace for tests.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createApp } from '../../src/app.ts'
import { readConfiguration } from '../../src/config/read.ts'
import { openControl } from '../../src/demo/control.ts'
import { type Outlook, outlookOf } from '../../src/demo/outlook.ts'
import { type Pace, QUICK } from '../../src/demo/pace.ts'
import type { Seat } from '../../src/demo/places.ts'
import { createStage, type Stage } from '../../src/demo/stage.ts'
import { ICONS } from '../../src/page/pages/icons.ts'
import { openViews } from '../../src/page/pages/views.ts'
import { CONDITIONS } from '../../src/page/words/words.ts'
import { kinds } from '../../src/probes/index.ts'
import { openKey } from '../../src/twin/key.ts'

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
  rule: { every: 1_000, retry: 150, timeout: 900, slow: 400 },
  policy: {
    ...QUICK.policy,
    hold: 500,
    taint: 500,
    witnessEvery: 300,
    mailAfter: 2_000,
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
  readonly twin: string
  readonly control: string
  /** The folder of the first site. */
  readonly data: string
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
  const folders = { home: data, twin: join(root, 'twin') }
  const seat = async (folder: string) => ({ listen: await freePlace(), key: openKey(folder).publicKey })
  const stage = createStage(PACE, { home: await seat(folders.home), twin: await seat(folders.twin) }, Date.now)
  const read = (one: Seat) => {
    const reading = readConfiguration({ dir, environment: {}, data, kinds, listen: '127.0.0.1:0' })
    if (reading.configuration === null) throw new Error(JSON.stringify(reading.mistakes))
    return { ...reading, configuration: stage.prepare(reading.configuration, one) }
  }
  const log: string[] = []
  const build = async (one: Seat) => {
    const app = await createApp({
      data: folders[one],
      views: resolve('views'),
      checks: dir,
      reading: read(one),
      read: () => read(one),
      wall: Date.now,
      monotonic: () => performance.now(),
      log: (level, message) => void log.push(`${one} ${level} ${message}`),
      version: '0',
      replicate: stage.start(one),
    })
    if (!('start' in app)) throw new Error('another process has it')
    return app
  }
  const { start, reload, stop: end } = await build('home')
  const second = await build('twin')
  const control = await openControl({
    host: '127.0.0.1',
    port: 0,
    stage,
    render: openViews(resolve('views')).render,
    style: readFileSync('views/demo.css', 'utf8'),
    look: { icons: ICONS, words: CONDITIONS },
    now: Date.now,
  })
  const { url: twin } = await second.start()
  const { url: site } = await start()
  stage.listens('home', site)
  stage.listens('twin', twin)

  return { stage, site, twin, control: control.url, data, outlook, until, calm, reload, stop }

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
    const well = ({ services }: Outlook) => [...services.values()].every(({ status }) => status === 'operational')
    await until('calm', well, 30_000)
    // Mails of its end follow; none for half a second: that was all.
    const mails = () => stage.mailbox.all().length
    for (let before = -1; before !== mails() || !well((await outlookOf(twin)) ?? NOTHING); ) {
      before = mails()
      await new Promise((done) => setTimeout(done, 500))
    }
  }

  async function stop(): Promise<void> {
    stage.stop()
    await control.close()
    await end()
    await second.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

const NOTHING: Outlook = {
  status: 'unknown',
  sentence: { fr: '', en: '' },
  services: new Map([['', { status: 'unknown', condition: 'unknown' }]]),
}

async function freePlace() {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return { host: '127.0.0.1', port }
}
