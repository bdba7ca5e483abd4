// Mails that go round by Postfix and Dovecot: none lost, none left behind, and what is said when they don't arrive.
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { kinds } from '../../src/probes/index.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { DOMAIN, PASSWORD } from './dovecot.ts'
import { MAIL_HOST, mailHost } from './mailhost.ts'
import { whenPresent } from './present.ts'
import { ADDRESSES } from './shown.ts'

const TRIPS = Number(process.env.VIGIE_TRIPS ?? 10)

const host = mailHost()

interface Trip {
  readonly to?: string
  readonly within?: string
  readonly submit?: object
  readonly collect?: object
  /** Names of the two servers. */
  readonly hosts?: readonly [string, string]
  readonly now?: () => number
  /** Which of the two offers no TLS. */
  readonly clear?: 'submit' | 'collect'
}

function trip({
  to = 'probe',
  within = '20s',
  submit = {},
  collect = {},
  hosts = ['good.test', 'good.test'],
  now = Date.now,
  clear,
}: Trip = {}) {
  const [user] = to.split('+')
  const address = `${to}@${DOMAIN}`
  const login = { user: `${user}@${DOMAIN}`, password: PASSWORD }
  const names = Object.fromEntries(Object.entries(ADDRESSES).map(([shown, at]) => [`${shown}.test`, { 4: [at] }]))
  const probe = probeOf(kinds.mailtrip, address, {
    within,
    submit: { smtp: `${hosts[0]}:${host.postfix.ports.submission}`, login, ...submit },
    collect: { imap: `${hosts[1]}:${host.dovecot.ports.imaps}`, tls: 'direct', login, ...collect },
    ...(clear === 'submit' ? { submit: { smtp: `clear.test:${host.postfix.ports.smtp}`, login } } : {}),
    ...(clear === 'collect' ? { collect: { imap: `clear.test:${host.dovecot.ports.imap}`, login } } : {}),
  })
  const network = loopback({ ca: [host.certificates.root], names })
  const timeout = Number(within.slice(0, -1)) * 1_000
  return async () => lookWith(probe, { network, timeout, now })
}

const mailsOf = (user: string) => host.dovecot.mails(`${user}@${DOMAIN}`)

whenPresent(MAIL_HOST)('mailtrip against Postfix and Dovecot', () => {
  host.serve()

  it(
    `goes round ${TRIPS} times: none lost, none left behind, nobody else's touched`,
    async () => {
      await send('probe', 'Subject: somebody else\r\n\r\nhello')
      await until(() => mailsOf('probe').length === 1)
      const look = trip()
      for (let round = 0; round < TRIPS; round++) {
        const { outcome, phases, took } = await look()
        expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
        expect(outcome.note).toMatch(/^arrived after \d+ ms, TLSv1\.3, \d+ days left$/)
        expect(outcome).not.toHaveProperty('attention')
        expect(Object.keys(phases)).toEqual(expect.arrayContaining(['select', 'submit', 'delivery', 'remove']))
        expect(Math.abs(Object.values(phases).reduce((a, b) => a + b) - took)).toBeLessThan(2)
      }
      expect(mailsOf('probe')).toHaveLength(1)
      expect(mailsOf('probe')[0]).toContain('somebody else')
    },
    20_000 + TRIPS * 5_000,
  )

  it('goes round for two at once in one mailbox', async () => {
    const looks = [trip(), trip({ submit: { from: `other@${DOMAIN}` } }), trip()]
    for (const { outcome } of await Promise.all(looks.map((look) => look())))
      expect(outcome).toMatchObject({ ok: true })
    expect(mailsOf('probe')).toHaveLength(1)
  }, 60_000)

  it('sweeps what a crash left behind, and only that', async () => {
    const key = keyOf(await caught())
    await send('probe', `X-Status-Probe: ${key} 00\r\n\r\nleft behind`)
    await send('probe', 'X-Status-Probe: 0123456789abcdef 00\r\n\r\nof another check')
    await until(() => mailsOf('probe').length === 4)
    expect((await trip()()).outcome).toMatchObject({ ok: true })
    expect(mailsOf('probe'), 'it may be under way').toHaveLength(4)
    expect((await trip({ now: () => Date.now() + 300_000 })()).outcome).toMatchObject({ ok: true })
    const left = mailsOf('probe')
    expect(left).toHaveLength(2)
    expect(left.join()).not.toContain('left behind')
  }, 60_000)

  it('finds it among spam, takes it away, and tells', async () => {
    const { outcome } = await trip({ to: 'spam+Junk' })()
    expect(outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^arrived in Junk after \d+ ms/),
      attention: [{ kind: 'finding', note: 'a test mail was put into Junk, as spam' }],
    })
    const again = await trip({ to: 'spam+Junk' })()
    expect(again.outcome).toMatchObject({ ok: true })
  }, 60_000)

  describe('says what is wrong when', () => {
    const wrong = (user: string) => ({ login: { user: `${user}@${DOMAIN}`, password: 'wrong' } })
    it.each([
      [
        'the mailbox is full',
        { to: 'tiny', within: '5s' },
        'late',
        /^taken by the server, but neither in INBOX nor in Junk within 5s: the mailbox is full$/,
      ],
      [
        'the queue is stuck',
        { to: 'stuck', within: '5s' },
        'late',
        /^taken by the server, but neither in INBOX nor in Junk within 5s$/,
      ],
      ['it is greylisted', { to: 'grey' }, 'status', /^submit: 450 4\.2\.0 .*Greylisted for 300 s$/],
      ['nobody is there', { to: 'gone' }, 'status', /^submit: 550 5\.1\.1 .*nobody of that name$/],
      ['the server is a tarpit', { to: 'tar', within: '3s' }, 'timeout', /^the mail was not taken within 3s$/],
      [
        'the submission refuses the login',
        { submit: wrong('probe') },
        'auth',
        /^submit: login refused \(535 5\.7\.8\)$/,
      ],
      [
        'the mailbox refuses the login',
        { collect: wrong('probe') },
        'auth',
        /^collect: login refused \(NO \[AUTHENTICATIONFAILED\]\)$/,
      ],
      ['the mailbox is not there', { collect: { mailbox: 'Nope' } }, 'status', /^collect: SELECT: NO /],
      [
        'the submission shows an expired certificate',
        { hosts: ['expired.test', 'good.test'] },
        'certificate',
        /^submit: certificate expired/,
      ],
      [
        'the mailbox shows a foreign certificate',
        { hosts: ['good.test', 'foreign.test'] },
        'certificate',
        /^collect: certificate is for elsewhere\.test/,
      ],
      ['the submission offers no TLS', { clear: 'submit' }, 'protocol', /^submit: STARTTLS is not offered$/],
      ['the mailbox speaks in the clear alone', { clear: 'collect' }, 'protocol', /^collect: STARTTLS is not offered$/],
    ] as [string, Trip, string, RegExp][])(
      '%s',
      async (_, given, reason, note) => {
        const { outcome } = await trip(given)()
        expect(outcome).toMatchObject({ ok: false, note: expect.stringMatching(note) })
        expect(outcome).toHaveProperty('reason', reason)
        expect(outcome.note).not.toContain(PASSWORD)
      },
      60_000,
    )
  })

  it('goes on without a login that was refused, and says so', async () => {
    const look = trip({ collect: { login: { user: `probe@${DOMAIN}`, password: 'wrong' } } })
    expect((await look()).outcome).toMatchObject({ ok: false, reason: 'auth' })
    expect((await look()).outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^both servers answer, without the login, TLS/),
      attention: [{ kind: 'auth', note: 'collect: login refused (NO [AUTHENTICATIONFAILED])' }],
    })
  }, 60_000)
})

/** A mail of a trip, as it lies in a mailbox from where nobody takes it. */
async function caught(): Promise<string> {
  await trip({ to: 'probe', collect: { login: { user: `elsewhere@${DOMAIN}`, password: PASSWORD } }, within: '2s' })()
  await until(() => mailsOf('probe').some((mail) => mail.includes('X-Status-Probe')))
  return mailsOf('probe').find((mail) => mail.includes('X-Status-Probe'))!
}

function keyOf(mail: string): string {
  return /^X-Status-Probe: (\w+)/m.exec(mail)![1]!
}

/** Hands in a mail by the front door. */
async function send(user: string, text: string): Promise<void> {
  const socket = connect({ host: ADDRESSES.good, port: host.postfix.ports.smtp })
  const says = ['EHLO test', 'MAIL FROM:<>', `RCPT TO:<${user}@${DOMAIN}>`, 'DATA', `${text}\r\n.`, 'QUIT']
  for await (const chunk of socket) {
    if (!/^\d{3} /m.test(String(chunk))) continue
    const next = says.shift()
    if (next === undefined) break
    socket.write(`${next}\r\n`)
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 400; tries++) await new Promise((done) => setTimeout(done, 50))
  expect(holds()).toBe(true)
}
