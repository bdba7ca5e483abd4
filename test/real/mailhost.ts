// A host of mail for the tests of a file: Postfix in front of Dovecot, with certificates of every sort.
import { afterAll, beforeAll } from 'vitest'
import { openFolder } from './daemon.ts'
import { DOMAIN, DOVECOT, type Dovecot, startDovecot } from './dovecot.ts'
import { POSTFIX, type Postfix, startPostfix } from './postfix.ts'
import { type Certificates, writeCertificates } from './shown.ts'

/** What must be there for it (`whenPresent`). */
export const MAIL_HOST = [...POSTFIX, ...DOVECOT]

export interface MailHost {
  readonly certificates: Certificates
  readonly postfix: Postfix
  readonly dovecot: Dovecot
  /** Starts it before the tests of the `describe` this is called in, and stops it after them. */
  serve(): void
}

/** Nothing of it is there before its tests begin. */
export function mailHost(): MailHost {
  const host = { serve } as { -readonly [K in keyof MailHost]: MailHost[K] }
  return host

  function serve() {
    const open: { stop(): Promise<void> }[] = []
    beforeAll(async () => {
      const folder = openFolder()
      open.push(folder)
      host.certificates = writeCertificates(folder.path)
      host.dovecot = await startDovecot(folder.path, host.certificates)
      open.push(host.dovecot)
      const { lmtp, sasl } = host.dovecot
      host.postfix = await startPostfix(folder.path, host.certificates, { mailboxes: { domain: DOMAIN, lmtp, sasl } })
      open.push(host.postfix)
    }, 150_000)
    afterAll(async () => {
      for (const one of open.reverse()) await one.stop()
    }, 60_000)
  }
}
