// Services that half work, by what their programs meet: state, reason, sentence, mail; and no secret in any of it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { createFaults, type Manner } from '../../src/demo/faults.ts'
import { createMailbox, type Mailbox } from '../../src/demo/mailbox.ts'
import { startReplica } from '../../src/demo/replica.ts'
import { connect } from '../../src/net/system.ts'
import type { Replicate } from '../../src/world.ts'
import { openDoor } from '../servers/door.ts'
import { createHomeserver } from '../servers/matrix.ts'
import { GOOD, type Script, scripted, tagOf } from '../servers/script.ts'
import type { TestSite } from '../servers/site.ts'
import { web } from '../servers/web.ts'
import { openStage, stands } from './stage.ts'

const stage = openStage()
const authority = createAuthority()
const CANARY = 'kanarienvogel-4711'
const ENVIRONMENT = { VIGIE_SECRET_WORD: CANARY }

const SITE = `name: Nomagic
domain: nomagic.test
languages: [fr, en]
timezone: Europe/Paris
replica: true
sites: { home: {} }
witnesses: ["192.0.2.1:53", "192.0.2.2:53"]
policy: { every: 1s, retry: 400ms, timeout: 6s, slow: 6s, fall: 2, rise: 1, witness_every: 1s, taint: 500ms, mail_after: 2s }
mail: { from: "Vigie <vigie@elsewhere.example>", relays: ["smtp://relay.elsewhere.example"] }
alerts: [ { email: admins@elsewhere.example } ]
`

const LOGIN = '{ user: probe, password: "${secret:word}" }'

/** How the world is other than the replica: roads that are broken, and doors of one's own. */
interface World {
  readonly roads: Map<string, Manner>
  /** By `host:port` under the domain: a port on loopback. */
  readonly doors: Map<string, number>
  readonly mailbox: Mailbox
}

async function live(file: string, { roads, doors, mailbox }: World): Promise<TestSite> {
  const root = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
  stage.ends(() => rmSync(root, { recursive: true, force: true }))
  writeFileSync(join(root, 'ca.pem'), authority.certificate)
  const faults = {
    ...createFaults(),
    road: ({ host, port }: { host: string; port: number }) => {
      const manner = roads.get(`${host}:${port}`)
      return manner && { manner, delay: 0 }
    },
  }
  const replicate: Replicate = async (options) => {
    const replica = await startReplica({ ...options, faults, mailbox })
    const { network } = replica
    return {
      ...replica,
      network: {
        ...network,
        detour(host, port) {
          const own = doors.get(`${host}:${port}`)
          return own === undefined ? network.detour?.(host, port) : { host: '127.0.0.1', port: own }
        },
        connect(endpoint, signal) {
          return [...doors.values()].includes(endpoint.port)
            ? connect(endpoint, signal)
            : network.connect(endpoint, signal)
        },
      },
    }
  }
  return stage.site(
    { 'site.yaml': SITE, 'it.yaml': file.replaceAll('CA', join(root, 'ca.pem')) },
    { replicate, environment: ENVIRONMENT, data: join(root, 'data') },
  )
}

const worldOf = (): World => ({ roads: new Map(), doors: new Map(), mailbox: createMailbox(Date.now) })

async function door(serve: (socket: Socket) => void, host: string): Promise<number> {
  const opened = await openDoor(serve, authority.issue({ names: [host] }))
  stage.ends(opened.close)
  return opened.port
}

interface Known {
  readonly sentence: { readonly fr: string; readonly en: string }
  readonly services: readonly {
    readonly id: string
    readonly checks: readonly { readonly id: string; readonly state: string; readonly reason: string | null }[]
  }[]
}

async function known(site: TestSite) {
  const { sentence, services } = JSON.parse(await site.get('/api/vigie/status.json')) as Known
  const checks = services.find(({ id }) => id === 'it')?.checks ?? []
  const failing = Object.fromEntries(
    checks.filter(({ state }) => state === 'down').map(({ id, reason }) => [id, reason]),
  )
  return { sentence, failing }
}

/** Everything that was written or can be asked for, and the mails. */
async function traces(site: TestSite, mailbox: Mailbox): Promise<string> {
  const pages = ['/', '/fr/', '/en/services/it/', '/api/vigie/status.json', '/api/vigie/services/it.json', '/metrics']
  const asked = await Promise.all(pages.map((path) => site.get(path)))
  // What is being written is read under its own name, once it is.
  const files = (readdirSync(site.data, { recursive: true }) as string[])
    .filter((name) => !name.endsWith('.tmp'))
    .map((name) => join(site.data, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
  return [...asked, ...site.log, ...files, JSON.stringify(mailbox.all())].join('\n')
}

const MAIL = `service: { fr: Courriel, en: E-mail }
checks:
  - { smtp: "mx.\${domain}:25", every: 1s }
  - { smtp: "mail.\${domain}:587", id: submission, login: ${LOGIN} }
  - { imap: "mail.\${domain}:993", login: ${LOGIN} }
`

const CHAT = `service: { fr: Discussion, en: Chat }
checks:
  - { xmpp: "\${domain}", id: client, every: 1s }
  - { xmpp: "\${domain}", id: server, as: server, every: 1s }
`

describe('A service that half works', () => {
  it.each([
    [
      'mail that can be read but not sent',
      MAIL,
      'mail.nomagic.test:587',
      'refused',
      { 'it.submission': 'refused' },
      'Courriel : on peut lire et recevoir, pas envoyer, depuis',
      'E-mail: you can read and receive, but not send, since',
    ],
    [
      'mail whose mailboxes are silent',
      MAIL,
      'mail.nomagic.test:993',
      'error',
      { 'it.imap': expect.any(String) },
      'Courriel : on peut envoyer et recevoir, pas lire, depuis',
      'E-mail: you can send and receive, but not read, since',
    ],
    [
      'XMPP without federation',
      CHAT,
      'xmpp.nomagic.test:5269',
      'refused',
      { 'it.server': 'refused' },
      'Discussion : on peut se connecter, pas joindre des contacts chez d’autres hébergeurs, depuis',
      'Chat: you can connect, but not reach contacts at other providers, since',
    ],
  ] as const)(
    '%s',
    async (_, file, road, manner, failing, fr, en) => {
      const world = worldOf()
      const site = await live(file, world)
      await site.until('well', stands(site, 'it', 'operational'), 40_000)
      world.roads.set(road, manner)
      await site.until('half down', stands(site, 'it', 'partial_outage'), 40_000)
      expect((await known(site)).failing).toEqual(failing)
      // What works is said as soon as it was seen to since the outage began.
      const sentence = async () => (await known(site)).sentence
      await site.until('told what works', async () => (await sentence()).en.includes(en), 40_000)
      expect((await sentence()).fr.replace(/\u00a0/g, ' ')).toContain(fr)
      await site.until('told', () => world.mailbox.all().length > 0, 40_000)
      world.roads.clear()
      await site.until('well again', stands(site, 'it', 'operational'), 40_000)
      expect(await traces(site, world.mailbox)).not.toContain(CANARY)
    },
    120_000,
  )

  it('Matrix whose signing keys are gone: no federation', async () => {
    const world = worldOf()
    const home = createHomeserver('nomagic.test')
    world.doors.set(
      'matrix.nomagic.test:443',
      await web(home.serve, authority.issue({ names: ['matrix.nomagic.test'] })),
    )
    const site = await live(
      `service: { fr: Matrix, en: Matrix }
checks:
  - { matrix: "\${domain}", id: client, federation: false, every: 1s, ca: CA }
  - { matrix: "\${domain}", id: federation, federation: true, every: 1s, ca: CA }
`,
      world,
    )
    await site.until('well', stands(site, 'it', 'operational'), 40_000)
    home.instead.set('/_matrix/key/v2/server', [404, { errcode: 'M_UNRECOGNIZED' }])
    await site.until('half down', stands(site, 'it', 'partial_outage'), 40_000)
    expect((await known(site)).failing).toEqual({ 'it.federation': 'status' })
    const sentence = 'Matrix: you can connect, but not reach contacts at other providers, since'
    await site.until('told what works', async () => (await known(site)).sentence.en.includes(sentence), 40_000)
  }, 120_000)

  it('a mail that is taken and never arrives', async () => {
    const world = worldOf()
    const site = await live(
      `${MAIL}  - mailtrip: probe@\${domain}
    submit: { smtp: "mail.\${domain}:587", login: ${LOGIN} }
    collect: { imap: "mail.\${domain}:993", login: { user: other, password: "\${secret:word}" } }
    within: 2s
    every: 3s
    fall: 1
    timeout: 8s
`,
      world,
    )
    await site.until('lost', stands(site, 'it', 'partial_outage'), 40_000)
    const said = await known(site)
    expect(said.failing).toEqual({ 'it.mailtrip': 'late' })
    expect(said.sentence.fr.replace(/\u00a0/g, ' ')).toContain(
      'Courriel : on peut lire et envoyer, pas recevoir, depuis',
    )
    expect(await traces(site, world.mailbox)).not.toContain(CANARY)
  }, 120_000)

  it('a mailbox that refuses the login, and repeats it: admins are told once, the page is untouched', async () => {
    const world = worldOf()
    const refusing: Script = [
      [/ LOGIN | AUTHENTICATE PLAIN ./, (line) => `${tagOf(line)} NO [AUTHENTICATIONFAILED] no: ${line} ${CANARY}\r\n`],
      [/^[A-Za-z0-9+/]+=*$/, (line) => `a NO [AUTHENTICATIONFAILED] ${CANARY} ${line}\r\n`],
      ...GOOD.imap.script,
    ]
    const heard: string[] = []
    const serve = scripted(GOOD.imap.greeting, refusing, heard)
    world.doors.set('mail.nomagic.test:993', await door(serve, 'mail.nomagic.test'))
    const site = await live(MAIL.replace('993",', '993", ca: CA,'), world)
    await site.until('told', () => world.mailbox.all().length > 0, 40_000)
    const left = () => heard.filter((line) => / LOGOUT$/.test(line)).length
    const before = left()
    await site.until('looked at again', () => left() >= before + 4)
    expect((await site.status()).get('it')?.status).toBe('operational')
    expect((await known(site)).sentence.fr).toBe('Tout fonctionne.')
    expect(world.mailbox.all()).toHaveLength(1)
    expect(JSON.stringify(world.mailbox.all())).toContain('login refused')
    expect(heard.filter((line) => / LOGIN | AUTHENTICATE PLAIN/.test(line))).toHaveLength(1)
    const said = await traces(site, world.mailbox)
    expect(said).not.toContain(CANARY)
    expect(said).not.toContain(Buffer.from(`\0probe\0${CANARY}`).toString('base64'))
  }, 120_000)
})
