import type { Preset } from './preset.ts'

export const dovecot: Preset = {
  name: 'Dovecot',
  at: 'host',
  also: ['dovecot-imap', 'dovecot-sieve'],
  checks: [
    { id: 'imap', proves: 'read', entry: { imap: '{host}:993' } },
    {
      id: 'imap-login',
      proves: 'read',
      needs: ['login'],
      entry: { imap: '{host}:993', login: '{login}', mailbox: 'INBOX', every: '5m' },
    },
    { id: 'sieve', proves: 'filter', entry: { sieve: '{host}:4190', every: '5m' } },
  ],
  misses: 'that a mail arrives: a mailtrip does',
  basis: 'the software itself',
  tried: { version: '2.3.19', date: '2026-11-27' },
}
