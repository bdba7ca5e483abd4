// An outage and its end, as an admin finds them in a mailbox: through a real Postfix into a real Dovecot.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDoor } from '../servers/door.ts'
import { readMail } from '../servers/relay.ts'
import { startSite, type TestSite } from '../servers/site.ts'
import { openFolder } from './daemon.ts'
import { DOVECOT, type Dovecot, PASSWORD, startDovecot } from './dovecot.ts'
import { POSTFIX, type Postfix, startPostfix } from './postfix.ts'
import { whenPresent } from './present.ts'
import { ADDRESSES, type Certificates, type Shown, writeCertificates } from './shown.ts'

const ADMIN = 'admins@elsewhere.test'

whenPresent([...POSTFIX, ...DOVECOT])('letters through Postfix into a mailbox of Dovecot', () => {
  const open: { stop(): Promise<void> }[] = []
  let certificates: Certificates
  let postfix: Postfix
  let dovecot: Dovecot

  beforeAll(async () => {
    const folder = openFolder()
    open.push(folder)
    certificates = writeCertificates(folder.path)
    dovecot = await startDovecot(folder.path, certificates)
    open.push(dovecot)
    const mailboxes = { domain: 'elsewhere.test', ...dovecot }
    postfix = await startPostfix(folder.path, certificates, { mailboxes })
    open.push(postfix)
  }, 150_000)

  afterAll(async () => {
    for (const one of open.reverse()) await one.stop()
  }, 60_000)

  const mails = (to: string) => dovecot.mails(to).map((mail) => readMail(mail.replace(/\r?\n/g, '\r\n')))

  /** A site that mails through these relays, and looks at a door that greets as told. */
  async function siteWith(
    relays: readonly string[],
    admin: string,
    work: (site: TestSite, greet: (greeting: string) => void) => Promise<void>,
  ) {
    let greeting = 'fine'
    const door = await openDoor((socket) => socket.end(`${greeting}\r\n`))
    const site = await startSite({
      'site.yaml': `name: Essai
sites: { home: { url: "https://a.status.test", where: { fr: Grenoble, en: Grenoble } } }
witnesses: []
policy: { every: 500ms, retry: 300ms, timeout: 5s, mail_after: 2s, ca: "${certificates.rootFile}" }
mail:
  from: "Vigie <vigie@elsewhere.test>"
  relays: [${relays.map((relay) => `"${relay}"`).join(', ')}]
alerts: [ { email: ${admin} } ]
`,
      'files.yaml': `service: { fr: Dépôt de fichiers, en: Files }
checks:
  - tcp: 127.0.0.1:${door.port}
    banner: fine
    allow_private: true
`,
    })
    try {
      await site.until('up', async () => (await site.status()).get('files')?.status === 'operational', 60_000)
      await work(site, (next) => {
        greeting = next
      })
    } finally {
      await site.stop()
      await door.close()
    }
  }

  const login = `vigie:${encodeURIComponent(PASSWORD)}`
  const submission = (shown: Shown) => `smtp://${login}@${ADDRESSES[shown]}:${postfix.ports.submission}`
  const exchanger = (shown: Shown) => `smtps://${ADDRESSES[shown]}:${postfix.ports.smtps}`

  it('arrive with a login over STARTTLS, as one thread of outage and end', async () => {
    await siteWith([submission('good')], ADMIN, async (site, greet) => {
      greet('broken')
      await site.until('in the mailbox', () => mails(ADMIN).length > 0, 60_000)
      greet('fine')
      await site.until('in the mailbox again', () => mails(ADMIN).length > 1, 60_000)
    })
    const [down, up, ...more] = mails(ADMIN)
    expect(more).toEqual([])
    for (const { headers } of [down!, up!]) {
      expect(headers).toMatchObject({
        'return-path': '<vigie@elsewhere.test>',
        'delivered-to': ADMIN,
        from: 'Vigie <vigie@elsewhere.test>',
        to: ADMIN,
        'auto-submitted': 'auto-generated',
        'x-auto-response-suppress': 'All',
        'mime-version': '1.0',
        'content-type': 'text/plain; charset=utf-8',
        'content-language': 'fr',
      })
      expect(headers['message-id']).toMatch(/^<[0-9a-f]{32}@elsewhere\.test>$/)
      expect(Math.abs(Date.parse(headers.date!) - Date.now())).toBeLessThan(300_000)
      expect(headers.received).toMatch(/with LMTP|ESMTPSA/)
    }
    expect(down!.raw, 'encrypted and logged in').toMatch(/using TLSv1\.[23] with cipher[\s\S]*with ESMTPSA/)
    expect(down!.headers.subject).toMatch(/Dépôt de fichiers.* en panne/)
    expect(down!.body).toContain('https://a.status.test')
    expect(down!.headers['in-reply-to']).toBeUndefined()
    expect(up!.headers.subject).toContain('Dépôt de fichiers')
    expect(up!.headers['message-id']).not.toBe(down!.headers['message-id'])
    expect(up!.headers['in-reply-to']).toBe(down!.headers['message-id'])
    expect(up!.headers.references).toBe(down!.headers['message-id'])
    for (const { raw } of [down!, up!]) expect(raw, 'no line is too long, none ends bare').not.toMatch(/[^\r\n]{999}/)
  }, 150_000)

  it('pass over relays with a bad certificate, and go by the next', async () => {
    const admin = 'others@elsewhere.test'
    await siteWith([submission('expired'), submission('self'), exchanger('good')], admin, async (site, greet) => {
      greet('broken')
      await site.until('in the mailbox', () => mails(admin).length > 0, 90_000)
    })
    const [down, ...more] = mails(admin)
    expect(more).toEqual([])
    expect(down!.raw).toMatch(/using TLSv1\.[23] with cipher[\s\S]*with ESMTPS /)
  }, 150_000)
})
