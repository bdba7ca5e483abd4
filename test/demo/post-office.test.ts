// The hoster's mail in the replica: members log in, mails go round.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfiguration } from '../../src/config/read.ts'
import { type Replica, startReplica } from '../../src/demo/replica.ts'
import { kinds } from '../../src/probes/index.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'

const LOGIN = { user: 'probe@nomagic.test', password: 'any' }

let replica: Replica
beforeAll(async () => {
  const { configuration } = readConfiguration({ dir: 'checks', environment: {}, data: 'no-such-folder', kinds })
  replica = await startReplica({ configuration: configuration!, now: Date.now, ping: () => {} })
})
afterAll(() => replica.stop())

const look = async (kind: keyof typeof kinds, target: string, keys: object) =>
  (await lookWith(probeOf(kinds[kind], target, { ...keys }), { network: replica.network, timeout: 10_000 })).outcome

it.each([
  ['smtp', 'mail.nomagic.test:587', { login: LOGIN, recipient: 'probe@nomagic.test' }, 'logged in, recipient accepted'],
  ['smtp', 'mail.nomagic.test:465', { login: LOGIN }, 'logged in'],
  [
    'smtp',
    'mx.nomagic.test:25',
    { recipient: 'probe@nomagic.test', relay: 'refuse' },
    'refuses to relay, recipient accepted',
  ],
  ['imap', 'mail.nomagic.test:993', { login: LOGIN, mailbox: 'INBOX' }, 'logged in, INBOX with 0 mails'],
  ['imap', 'mail.nomagic.test:143', { login: LOGIN }, 'logged in'],
  ['pop3', 'mail.nomagic.test:995', { login: LOGIN }, 'logged in, 0 mails'],
  ['sieve', 'mail.nomagic.test:4190', { login: LOGIN }, 'logged in'],
] as const)('%s lets in at %s', async (kind, target, keys, note) => {
  expect(await look(kind, target, keys)).toMatchObject({ ok: true, note: expect.stringContaining(note) })
})

it('carries a mail from the submission to the mailbox, and lets it be taken away', async () => {
  const keys = {
    submit: { smtp: 'mail.nomagic.test:587', login: LOGIN },
    collect: { imap: 'mail.nomagic.test:993', login: LOGIN },
    within: '10s',
  }
  for (const to of ['probe@nomagic.test', 'probe@nomagic.test']) {
    expect(await look('mailtrip', to, keys)).toMatchObject({ ok: true, note: expect.stringMatching(/^arrived after/) })
  }
  const left = await look('imap', 'mail.nomagic.test:993', { login: LOGIN, mailbox: 'INBOX' })
  expect(left.note).toContain('INBOX with 0 mails')
  expect(replica.mailbox.all(), 'the admins’ mailbox is another one').toEqual([])
})

it('loses what is sent to somebody else', async () => {
  const other = { user: 'other@nomagic.test', password: 'any' }
  const keys = {
    submit: { smtp: 'mail.nomagic.test:587', login: LOGIN },
    collect: { imap: 'mail.nomagic.test:993', login: other },
    within: '2s',
  }
  expect(await look('mailtrip', 'probe@nomagic.test', keys)).toMatchObject({ ok: false, reason: 'late' })
})
