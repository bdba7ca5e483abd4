import type { Preset } from './preset.ts'

export const postfix: Preset = {
  name: 'Postfix',
  at: 'host',
  also: ['postfix-mx', 'postfix-submission'],
  checks: [
    { id: 'smtp', proves: 'receive', entry: { smtp: '{host}:25', tls: 'starttls', every: '5m' } },
    { id: 'submission', proves: 'send', entry: { smtp: '{host}:587' } },
    {
      id: 'submission-login',
      proves: 'send',
      needs: ['login'],
      entry: { smtp: '{host}:587', login: '{login}', every: '5m' },
    },
  ],
  misses: 'that a mail gets through: a mailtrip does',
  basis: 'the software itself',
  tried: { version: '3.7.11', date: '2026-11-27' },
}
