import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { mailtrip } from '../../src/probes/mailtrip.ts'
import { drip, flood, openDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { GOOD, type Script, scripted, tagOf } from '../servers/script.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['mail.test'] })
const ca = [authority.certificate]
const LOGIN = { user: 'probe@mail.test', password: 'geheim-2' }

/** An empty mailbox, and one that has got the mail with UID 7. */
const MAILBOX: Script = [
  [/ SELECT /, (line) => `* 0 EXISTS\r\n${tagOf(line)} OK done\r\n`],
  [/ LIST /, (line) => `* LIST (\\Junk) "/" Junk\r\n${tagOf(line)} OK done\r\n`],
  [/ UID SEARCH HEADER /, (line) => `* SEARCH\r\n${tagOf(line)} OK done\r\n`],
  [/ UID SEARCH OR HEADER /, (line) => `* SEARCH 7\r\n${tagOf(line)} OK done\r\n`],
  [/ CAPABILITY$/, (line) => `* CAPABILITY IMAP4rev1 UIDPLUS\r\n${tagOf(line)} OK done\r\n`],
  [/ UID (?:STORE|EXPUNGE|FETCH) | EXPUNGE$/, (line) => `${tagOf(line)} OK done\r\n`],
]
const EXCHANGER: Script = [
  [/^DATA$/, '354 go on\r\n'],
  [/^\.$/, '250 2.0.0 queued\r\n'],
]

/** Does something to the connection instead of answering. */
const doing = (work: (socket: Socket) => void) => (_line: string, socket: Socket) => {
  work(socket)
  return ''
}

interface Ends {
  readonly imap?: Script
  readonly smtp?: Script
  readonly within?: string
}

/** A trip between two scripted servers, whose own lines come first; and what they heard. */
async function travel({ imap = [], smtp = [], within = '3s' }: Ends) {
  const heard = { imap: [] as string[], smtp: [] as string[] }
  const collect = await openDoor(
    scripted(GOOD.imap.greeting, [...imap, ...MAILBOX, ...GOOD.imap.script], heard.imap),
    issued,
  )
  const submit = await openDoor(
    scripted(GOOD.smtp.greeting, [...smtp, ...EXCHANGER, ...GOOD.smtp.script], heard.smtp),
    issued,
  )
  const probe = probeOf(mailtrip, 'probe@mail.test', {
    within,
    submit: { smtp: `mail.test:${submit.port}`, tls: 'direct', login: LOGIN },
    collect: { imap: `mail.test:${collect.port}`, tls: 'direct', login: LOGIN },
  })
  const started = performance.now()
  const { outcome } = await lookWith(probe, { ca, timeout: Number.parseInt(within, 10) * 1_000 })
  const took = performance.now() - started
  await Promise.all([collect.left(), submit.left()])
  await Promise.all([collect.close(), submit.close()])
  return { outcome, took, heard }
}

describe('mailtrip', () => {
  it('reads its own keys, and has a pace of its own', () => {
    const keys = {
      submit: { smtp: 'mail.test:587', login: LOGIN, from: 'x@y' },
      collect: { imap: 'mail.test:993', login: LOGIN, mailbox: 'Trips' },
    }
    const { read, complaints } = configure(mailtrip, 'probe@mail.test', keys)
    expect(complaints).toEqual([])
    expect([...read].sort()).toEqual(
      ['collect', 'collect.imap', 'collect.login', 'collect.mailbox', 'collect.tls', 'submit', 'submit.from']
        .concat(['submit.login', 'submit.smtp', 'submit.tls', 'within'])
        .sort(),
    )
    const defaults = (within?: number) => mailtrip.defaults!({ duration: () => within } as never)
    expect(defaults()).toEqual({ every: 600_000, timeout: 60_000, slow: null })
    expect(defaults(900_000).timeout).toBe(900_000)
    expect(mailtrip.from).toBe('any')
  })

  it('says what it lacks', () => {
    const lacks = (target: string, keys: object) => configure(mailtrip, target, { ...keys }).complaints
    expect(lacks('probe', { within: '1s' })).toEqual([
      'target: this is no address: write probe@example.org',
      'within: within is too short: at least 2s',
      'submit: a trip needs `submit`: { smtp: mail.example.org:587, login: … }',
      'collect: a trip needs `collect`: { imap: mail.example.org:993, login: … }',
    ])
    expect(lacks('probe@mail.test', { submit: { tls: 'none', login: LOGIN, from: 'a b' }, collect: {} })).toEqual([
      'submit.target: submit needs `smtp`: mail.example.org:587',
      'submit.login: a login is only sent in TLS: say tls: starttls or direct',
      'submit.from: an address: name@example.org',
      'collect.target: collect needs `imap`: mail.example.org:993',
      'collect.target: collect needs `login`: { user: …, password: … }',
    ])
  })

  it('hands in, finds and takes away its mail, and leaves both servers', async () => {
    const { outcome, heard } = await travel({})
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/^arrived after \d+ ms, TLSv1\.3, /) })
    const [mail, token] = [heard.smtp.join('\n'), /OR HEADER X-Status-Probe "(\w+)"/.exec(heard.imap.join('\n'))![1]]
    expect(mail).toContain('RCPT TO:<probe@mail.test> NOTIFY=NEVER')
    expect(mail).toMatch(new RegExp(`Message-ID: <${token}@mail\\.test>\nX-Status-Probe: [0-9a-f]{16} ${token}\n`))
    for (const header of ['Auto-Submitted: auto-generated', 'Precedence: bulk', 'X-Auto-Response-Suppress: All']) {
      expect(mail).toContain(header)
    }
    expect(mail).toMatch(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/m)
    expect(heard.imap.slice(-3).map((line) => line.replace(/^\w+ /, ''))).toEqual([
      'UID STORE 7 +FLAGS.SILENT (\\Deleted)',
      'UID EXPUNGE 7',
      'LOGOUT',
    ])
    expect(heard.smtp.at(-1)).toBe('QUIT')
  })

  it('expunges nobody else’s mail where a server can only expunge all', async () => {
    const can: Script = [[/ CAPABILITY$/, (line) => `* CAPABILITY IMAP4rev1\r\n${tagOf(line)} OK\r\n`]]
    const deleted = (uids: string): Script => [
      [/ UID SEARCH DELETED$/, (line) => `* SEARCH ${uids}\r\n${tagOf(line)} OK\r\n`],
    ]
    const alone = await travel({ imap: [...can, ...deleted('7')] })
    expect(alone.heard.imap.filter((line) => / EXPUNGE$/.test(line))).toHaveLength(1)
    const shared = await travel({ imap: [...can, ...deleted('5 7')] })
    expect(shared.outcome).toMatchObject({ ok: true })
    expect(shared.heard.imap.filter((line) => line.includes('EXPUNGE'))).toEqual([])
  })

  it('sends no mail where the mailbox can not be opened', async () => {
    const no: Script = [[/ SELECT /, (line) => `${tagOf(line)} NO [INUSE] locked\r\n`]]
    const { outcome, heard } = await travel({ imap: no })
    expect(outcome).toMatchObject({ ok: false, reason: 'status', note: 'collect: SELECT: NO [INUSE] locked' })
    expect(heard.smtp).toEqual([])
  })

  it('calls a mail that is lost late, and leaves in order', async () => {
    const never: Script = [[/ UID SEARCH OR /, (line) => `* SEARCH\r\n${tagOf(line)} OK\r\n`]]
    const { outcome, took, heard } = await travel({ imap: never, within: '2s' })
    expect(outcome).toMatchObject({
      ok: false,
      reason: 'late',
      note: 'taken by the server, but neither in INBOX nor in Junk within 2s',
    })
    expect(took).toBeLessThan(6_000)
    expect(heard.imap.at(-1)).toMatch(/LOGOUT$/)
  })

  it.each([
    ['hangs up on the mail', { smtp: [[/^\.$/, doing((socket) => socket.destroy())]] }, 'closed', /^submit: /],
    ['refuses the mail', { smtp: [[/^\.$/, '554 5.7.1 looks like spam\r\n']] }, 'status', /^submit: 554 5\.7\.1/],
    ['never answers to the mail', { smtp: [[/^\.$/, '']], within: '2s' }, 'timeout', /^the mail was not taken/],
    ['never tells what is there', { imap: [[/ SEARCH OR /, '']], within: '2s' }, 'timeout', /^nothing arrived/],
    [
      'tells without end what is there',
      { imap: [[/ SEARCH OR /, doing((socket) => flood(socket, '* SEARCH 1\r\n'.repeat(500)))]] },
      'protocol',
      /^collect: not understood/,
    ],
    [
      'drips what is there',
      { imap: [[/ SEARCH OR /, doing((socket) => drip(socket, '* SEARCH ', '1'))]], within: '2s' },
      'timeout',
      /^nothing arrived/,
    ],
    [
      'announces a gigabyte',
      { imap: [[/ SEARCH OR /, '* 1 FETCH (BODY {999999999}\r\n']] },
      'protocol',
      /^collect: not understood: 999999999 bytes/,
    ],
    [
      'tells what it was told',
      { imap: [[/ SEARCH OR /, (line) => `${tagOf(line)} NO AHByb2JlQG1haWwudGVzdABnZWhlaW0tMg== geheim-2\r\n`]] },
      'status',
      /^collect: UID SEARCH: NO … …$/,
    ],
  ] as [string, Ends, string, RegExp][])('sees what it is with a server that %s', async (_, ends, reason, note) => {
    const memory = process.memoryUsage().rss
    const { outcome, took } = await travel(ends)
    expect(outcome).toMatchObject({ ok: false, reason, note: expect.stringMatching(note) })
    expect(took).toBeLessThan(6_000)
    expect(process.memoryUsage().rss - memory).toBeLessThan(60_000_000)
  })
})
