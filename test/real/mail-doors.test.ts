// Mail as Postfix and Dovecot serve it, right and broken: what a look at each door says.
import { expect, it } from 'vitest'
import { kinds } from '../../src/probes/index.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { DOMAIN, PASSWORD } from './dovecot.ts'
import { MAIL_HOST, mailHost } from './mailhost.ts'
import { whenPresent } from './present.ts'
import { ADDRESSES, HOST, SHOWN, type Shown } from './shown.ts'

const LOGIN = { user: `probe@${DOMAIN}`, password: PASSWORD }
const WRONG = { ...LOGIN, password: 'not-three-blind-mice' }

const host = mailHost()

/** The doors, by kind and how TLS begins there. */
const DOORS = {
  smtp: { kind: 'smtp', tls: 'starttls', port: () => host.postfix.ports.smtp },
  smtps: { kind: 'smtp', tls: 'direct', port: () => host.postfix.ports.smtps },
  submission: { kind: 'smtp', tls: 'starttls', port: () => host.postfix.ports.submission },
  relay: { kind: 'smtp', tls: 'starttls', port: () => host.postfix.ports.relay },
  imap: { kind: 'imap', tls: 'starttls', port: () => host.dovecot.ports.imap },
  imaps: { kind: 'imap', tls: 'direct', port: () => host.dovecot.ports.imaps },
  pop3: { kind: 'pop3', tls: 'starttls', port: () => host.dovecot.ports.pop3 },
  sieve: { kind: 'sieve', tls: 'starttls', port: () => host.dovecot.ports.sieve },
} as const
type DoorName = keyof typeof DOORS
const NAMES = Object.keys(DOORS) as DoorName[]
const WITH_LOGIN = ['submission', 'imap', 'imaps', 'pop3', 'sieve'] as const

async function lookAt(door: DoorName, keys: object = {}, shown: Shown = 'good', timeout = 20_000) {
  const { kind, tls, port } = DOORS[door]
  const network = loopback({ ca: [host.certificates.root], names: { [HOST]: { 4: [ADDRESSES[shown]] } } })
  return lookWith(probeOf(kinds[kind], `${HOST}:${port()}`, { tls, ...keys }), { network, timeout })
}

whenPresent(MAIL_HOST)('mail against Postfix and Dovecot', () => {
  host.serve()

  it.each(NAMES)('%s is well', async (door) => {
    const { outcome, phases, took } = await lookAt(door)
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(outcome.note).toMatch(/^(?:250|\+?OK)(?: STARTTLS| STLS)?(?:, AUTH [A-Z ]+)?, TLSv1\.3, \d+ days left$/)
    const direct = DOORS[door].tls === 'direct'
    expect(Object.keys(phases).slice(0, direct ? 4 : 5)).toEqual(
      direct ? ['resolve', 'connect', 'tls', 'greeting'] : ['resolve', 'connect', 'greeting', 'starttls', 'tls'],
    )
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b) - took)).toBeLessThan(2)
  })

  it.each(WITH_LOGIN)(
    '%s lets in, and refuses whoever it does not know',
    async (door) => {
      const { outcome } = await lookAt(door, { login: LOGIN })
      expect(outcome).toMatchObject({ ok: true, note: expect.stringContaining('logged in') })
      expect((await lookAt(door, { login: WRONG })).outcome).toMatchObject({
        ok: false,
        reason: 'auth',
        note: expect.stringMatching(/^login refused \((?:535 5\.7\.8|NO|NO \[AUTHENTICATIONFAILED\]|-ERR \[AUTH\])\)$/),
        tls: { version: 'TLSv1.3' },
      })
    },
    60_000,
  )

  it.each(
    SHOWN.filter((shown) => shown !== 'good').flatMap((shown) =>
      NAMES.filter((door) => shown !== 'clear' || ['smtp', 'imap', 'pop3', 'sieve'].includes(door)).map(
        (door) => [door, shown] as const,
      ),
    ),
  )('%s with a certificate that is %s fails', async (door, shown) => {
    const { outcome } = await lookAt(door, {}, shown)
    const expected = {
      good: ['', /never/],
      expired: ['certificate', /^certificate expired \(\d{4}-\d\d-\d\d\)$/],
      foreign: ['certificate', /^certificate is for elsewhere\.test, not mail\.test$/],
      self: ['certificate', /^self-signed certificate$/],
      bare: ['certificate', /^an intermediate certificate is missing$/],
      clear: ['protocol', /STARTTLS/],
    }[shown] as [string, RegExp]
    expect(outcome).toMatchObject({ ok: false, reason: expected[0], note: expect.stringMatching(expected[1]) })
    if (shown !== 'clear') expect(outcome).toHaveProperty('tls.expires')
  })

  it('opens a mailbox, and fails one that is not there', async () => {
    expect((await lookAt('imaps', { login: LOGIN, mailbox: 'INBOX' })).outcome).toMatchObject({
      ok: true,
      note: expect.stringContaining('INBOX with 0 mails'),
    })
    expect((await lookAt('imap', { login: LOGIN, mailbox: 'Nope' })).outcome).toMatchObject({
      ok: false,
      reason: 'status',
      note: expect.stringMatching(/^SELECT: NO /),
    })
  })

  it('asks for a recipient and for relaying without sending anything', async () => {
    const { outcome } = await lookAt('smtp', { recipient: LOGIN.user, relay: 'refuse' })
    expect(outcome).toMatchObject({ ok: true, note: expect.stringContaining('refuses to relay, recipient accepted') })
    expect((await lookAt('smtp', { recipient: 'somebody@nowhere.test' })).outcome).toMatchObject({
      ok: false,
      reason: 'status',
      note: expect.stringMatching(/^554 5\.7\.1 .*Relay access denied/),
    })
    expect(host.dovecot.mails(LOGIN.user)).toEqual([])
    const inside = await lookAt('submission', { login: LOGIN, recipient: LOGIN.user, relay: 'refuse' })
    expect(inside.outcome).toMatchObject({ ok: true, note: expect.stringContaining('logged in, refuses to relay') })
  }, 60_000)

  it.each([
    ['nobody is there', 'gone', { ok: false, reason: 'status', note: expect.stringMatching(/^550 5\.1\.1 /) }],
    [
      'it is greylisted',
      'grey',
      { ok: true, note: expect.stringContaining('450 greylisted'), attention: [{ kind: 'finding' }] },
    ],
    [
      'the server is a tarpit',
      'tar',
      { ok: false, reason: 'timeout', note: 'no answer about the recipient within 1500ms' },
    ],
  ] as [string, string, object][])('says of a recipient that %s', async (_, user, expected) => {
    const { outcome } = await lookAt('smtp', { recipient: `${user}@${DOMAIN}` }, 'good', 1_500)
    expect(outcome).toMatchObject(expected)
  })

  it('calls an open relay a failure', async () => {
    expect((await lookAt('relay', { relay: 'refuse' })).outcome).toMatchObject({
      ok: false,
      reason: 'content',
      note: 'open relay: takes mail of anybody for anybody (250 to nobody@example.com)',
    })
    expect((await lookAt('relay')).outcome).toMatchObject({ ok: true })
  })

  // Postfix says 535 then too, and nothing that would tell it from a wrong password.
  it.each(['imap', 'imaps', 'pop3', 'sieve'] as const)(
    '%s fails when the server can not tell whether a login is right',
    async (door) => {
      const { outcome } = await lookAt(door, { login: { ...WRONG, user: `unsure@${DOMAIN}` } })
      expect(outcome).toMatchObject({
        ok: false,
        reason: 'status',
        note: expect.stringMatching(/^no login possible for now/),
      })
    },
    60_000,
  )

  it('goes in without TLS where it is told to, and by STARTTLS where it may', async () => {
    expect((await lookAt('smtp', { tls: 'none' }, 'clear')).outcome).toEqual({ ok: true, note: '250' })
    expect((await lookAt('smtp', { tls: 'optional' }, 'clear')).outcome).toEqual({ ok: true, note: '250' })
    expect((await lookAt('imap', { tls: 'optional' })).outcome.note).toMatch(/^OK STARTTLS, TLS/)
  })

  it('notices a server that is gone', async () => {
    await host.dovecot.stop()
    expect((await lookAt('imaps')).outcome).toMatchObject({ ok: false, reason: 'refused' })
    const { outcome } = await lookAt('submission', { login: LOGIN })
    expect(outcome).toMatchObject({ ok: false, reason: 'status', note: 'no login possible for now (454 4.7.0)' })
  }, 60_000)
})
