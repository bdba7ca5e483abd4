// Banners as real servers greet.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { tcp } from '../../src/probes/tcp.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { openFolder } from './daemon.ts'
import { DOVECOT, type Dovecot, startDovecot } from './dovecot.ts'
import { POSTFIX, type Postfix, startPostfix } from './postfix.ts'
import { whenPresent } from './present.ts'
import { ADDRESSES, writeCertificates } from './shown.ts'

whenPresent([...POSTFIX, ...DOVECOT])('tcp against Postfix and Dovecot', () => {
  const open: { stop(): Promise<void> }[] = []
  let postfix: Postfix
  let dovecot: Dovecot

  beforeAll(async () => {
    const folder = openFolder()
    open.push(folder)
    const certificates = writeCertificates(folder.path)
    postfix = await startPostfix(folder.path, certificates)
    open.push(postfix)
    dovecot = await startDovecot(folder.path, certificates)
    open.push(dovecot)
  }, 150_000)

  afterAll(async () => {
    for (const one of open.reverse()) await one.stop()
  }, 60_000)

  const lookAt = async (port: number, banner: string) =>
    (await lookWith(probeOf(tcp, `${ADDRESSES.good}:${port}`, { banner }), { timeout: 20_000 })).outcome

  it.each([
    ['smtp', '220 mail.test ESMTP Postfix', () => postfix.ports.smtp],
    ['imap', '* OK [CAPABILITY IMAP4rev1', () => dovecot.ports.imap],
    ['pop3', '+OK ', () => dovecot.ports.pop3],
    ['sieve', '"IMPLEMENTATION" "Dovecot', () => dovecot.ports.sieve],
  ])(
    'knows the greeting of %s, and another one when it is not',
    async (_, banner, port) => {
      const good = await lookAt(port(), banner)
      expect(good).toMatchObject({ ok: true })
      expect(good.note.startsWith(banner)).toBe(true)
      const other = await lookAt(port(), 'SSH-2.0-')
      expect(other).toMatchObject({ ok: false, reason: 'content' })
      expect(other.note).toContain(banner)
    },
    60_000,
  )

  it('gets no greeting in the clear where TLS is spoken at once', async () => {
    const look = probeOf(tcp, `${ADDRESSES.good}:${dovecot.ports.imaps}`, { banner: '* OK' })
    const { outcome } = await lookWith(look, { timeout: 500 })
    expect(outcome).toMatchObject({ ok: false, reason: 'timeout' })
  }, 60_000)
})
