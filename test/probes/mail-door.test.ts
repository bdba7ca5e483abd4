import type { Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { kinds } from '../../src/probes/index.ts'
import { atDoor, type Door, flood, openDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { GOOD, type Script, type Spoken, scripted, tagOf } from '../servers/script.ts'
import { upgrading } from '../servers/upgrade.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['mail.test'] })
const ca = [authority.certificate]
const LOGIN = { user: 'probe', password: 'geheim-2' }
const SPOKEN = Object.keys(GOOD) as Spoken[]

afterEach(() => {
  vi.useRealTimers()
})

/** Looks at a server in TLS that answers as a good one does, but for these lines. */
function look(
  kind: Spoken,
  keys: object,
  script: Script = [],
  heard: string[] = [],
  greeting: string = GOOD[kind].greeting,
) {
  const visit = async ({ port, left }: Door) => {
    const probe = probeOf(kinds[kind], `mail.test:${port}`, { tls: 'direct', ...keys })
    const { outcome } = await lookWith(probe, { ca, timeout: 1_000 })
    // A good-bye is still on its way.
    await left()
    return outcome
  }
  return atDoor(scripted(greeting, [...script, ...GOOD[kind].script], heard), visit, issued)
}

describe.each(SPOKEN)('%s', (kind) => {
  it('logs in, and takes its leave', async () => {
    const heard: string[] = []
    const outcome = await look(kind, { login: LOGIN }, [], heard)
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(outcome.note).toMatch(/logged in.*TLSv1\.3, \d+ days left$/)
    expect(heard.at(-1)).toMatch(/QUIT$|LOGOUT$/)
  })

  it('calls a login that is refused `auth`, goes on without it, and tries again after an hour', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    let tries = 0
    let right = false
    const no = {
      smtp: '535 5.7.8 no\r\n',
      imap: 'a NO [AUTHENTICATIONFAILED] no\r\n',
      pop3: '-ERR [AUTH] no\r\n',
      sieve: 'NO "no"\r\n',
    }[kind]
    const yes = { smtp: '235 in\r\n', imap: 'a OK in\r\n', pop3: '+OK in\r\n', sieve: 'OK\r\n' }[kind]
    const script: Script = [
      [
        /^"?[A-Za-z0-9+/]{10,}=*"?$/,
        () => {
          tries++
          return right ? yes : no
        },
      ],
    ]
    await atDoor(
      scripted(GOOD[kind].greeting, [...script, ...GOOD[kind].script]),
      async ({ port }) => {
        const probe = probeOf(kinds[kind], `mail.test:${port}`, { tls: 'direct', login: LOGIN })
        const once = async () => (await lookWith(probe, { ca })).outcome
        expect(await once()).toMatchObject({
          ok: false,
          reason: 'auth',
          note: expect.stringMatching(/^login refused \(/),
        })
        expect(await once()).toMatchObject({
          ok: true,
          note: expect.stringContaining('without the login'),
          attention: [{ kind: 'auth', note: expect.stringMatching(/^login refused/) }],
        })
        expect(tries).toBe(1)
        right = true
        vi.advanceTimersByTime(3_600_000)
        const again = await once()
        expect(again).toMatchObject({ ok: true, note: expect.stringContaining('logged in') })
        expect(again).not.toHaveProperty('attention')
      },
      issued,
    )
  })

  it.each(
    {
      smtp: ['454 4.7.0 Temporary authentication failure\r\n', '421 4.3.2 closing\r\n'],
      imap: [
        'a NO [UNAVAILABLE] later\r\n',
        'a NO Temporary authentication failure\r\n',
        '* BYE gone\r\n',
        'a NO [LIMIT] many\r\n',
      ],
      pop3: ['-ERR [SYS/TEMP] later\r\n', '-ERR [IN-USE] locked\r\n', '-ERR Temporary authentication failure\r\n'],
      sieve: ['NO (TRYLATER) "later"\r\n', 'NO "Temporary authentication failure"\r\n', 'BYE "gone"\r\n'],
    }[kind],
  )('calls a login that can not be judged for now a failure: %j', async (answer) => {
    const outcome = await look(kind, { login: LOGIN }, [[/^"?[A-Za-z0-9+/]{10,}=*"?$/, answer]])
    expect(outcome).toMatchObject({ ok: false, reason: 'status' })
  })

  it('repeats nothing of a login, whatever the server echoes', async () => {
    const sent: string[] = []
    const echo: Script = [
      [
        /^"?[A-Za-z0-9+/]{10,}=*"?$/,
        (line) => `${{ smtp: '535 ', imap: 'a NO ', pop3: '-ERR ', sieve: 'NO ' }[kind]}${line} ${LOGIN.password}\r\n`,
      ],
    ]
    const after: Script = [
      [
        /^"?[A-Za-z0-9+/]{10,}=*"?$/,
        (line) => `${line} ${LOGIN.password} ${Buffer.from(LOGIN.password).toString('base64')}\r\n`,
      ],
    ]
    for (const script of [echo, after]) {
      const outcome = await look(kind, { login: LOGIN }, script, sent)
      expect(outcome.ok).toBe(false)
      const told = JSON.stringify(outcome)
      for (const trace of [
        'geheim',
        Buffer.from(LOGIN.password).toString('base64').slice(0, 8),
        ...sent.filter((line) => /^"?[A-Za-z0-9+/]{10,}=*"?$/.test(line)),
      ]) {
        expect(told).not.toContain(trace.replaceAll('"', ''))
      }
    }
  })

  it('is not told a login by whom it does not trust, nor in the clear', async () => {
    const heard: string[] = []
    const foreign = authority.issue({ names: ['other.test'] })
    await atDoor(
      scripted(GOOD[kind].greeting, GOOD[kind].script, heard),
      async ({ port }) => {
        const probe = probeOf(kinds[kind], `mail.test:${port}`, { tls: 'direct', login: LOGIN })
        expect((await lookWith(probe, { ca })).outcome).toMatchObject({ ok: false, reason: 'certificate', tls: {} })
        await expect.poll(() => heard.join()).toMatch(/QUIT|LOGOUT/)
      },
      foreign,
    )
    expect(heard).toHaveLength(1)
    for (const tls of ['none', 'optional']) {
      expect(configure(kinds[kind], 'mail.test:1', { tls, login: LOGIN }).complaints).toEqual([
        'login: a login is only sent in TLS: say tls: starttls or direct',
      ])
    }
  })

  it('says that the server can not serve', async () => {
    const greeting = {
      smtp: '421 4.3.2 too busy\r\n',
      imap: '* BYE too busy\r\n',
      pop3: '-ERR too busy\r\n',
      sieve: 'BYE "too busy"\r\n',
    }[kind]
    expect(await look(kind, {}, [], [], greeting)).toMatchObject({
      ok: false,
      reason: 'status',
      note: expect.stringContaining('too busy'),
    })
  })

  it.each([
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'protocol'],
    ['speaks NUL and controls', '\0\x07\x1b[31m\x9b\r\n', 'protocol'],
    [
      'announces a literal of a gigabyte',
      {
        smtp: '220 {999999999}\r\n250 {999999999}\r\n',
        imap: '* OK {999999999}\r\n',
        pop3: '+OK {999999999}\r\n',
        sieve: '"X" {999999999}\r\n',
      }[kind],
      null,
    ],
  ])('ends in time with a server that %s', async (_, greeting, reason) => {
    const started = performance.now()
    const outcome = await look(kind, {}, [], [], greeting)
    expect(performance.now() - started).toBeLessThan(4_000)
    if (reason !== null) expect(outcome).toMatchObject({ ok: false, reason })
    expect(outcome.note).not.toMatch(/\p{Cc}/u)
  })

  it.each([
    ['an endless greeting', 0],
    ['an endless list of offers', 1],
  ])('ends %s early, with memory flat', async (_, at) => {
    const line = {
      smtp: ['220-hello\r\n', '250-X-OFFER\r\n'],
      imap: ['* OK [CAPABILITY ', '* CAPABILITY X\r\n'],
      pop3: ['+OK ', 'X-OFFER\r\n'],
      sieve: ['"X" "y"\r\n', '"X" "y"\r\n'],
    }[kind][at]!
    const before = process.memoryUsage().rss
    const serve = scripted(
      at === 0 || kind === 'sieve' ? '' : { ...GOOD, imap: { greeting: '* OK hi\r\n' } }[kind].greeting,
      [
        [
          /^EHLO|CAPABILITY$|^CAPA$/,
          (_line, socket) => {
            if (kind === 'pop3') socket.write('+OK\r\n')
            flood(socket, line.repeat(500))
            return ''
          },
        ],
      ],
    )
    await atDoor(
      (socket) => {
        serve(socket)
        if (at === 0 || kind === 'sieve') flood(socket, line.repeat(500))
      },
      async ({ port }) => {
        const { outcome } = await lookWith(probeOf(kinds[kind], `mail.test:${port}`, { tls: 'none' }), {
          timeout: 3_000,
        })
        expect(outcome).toMatchObject({ ok: false, reason: 'protocol' })
      },
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(60_000_000)
  })

  it.each([
    ['hangs up', (socket: Socket) => socket.end(), 'closed'],
    ['is gone at once', (socket: Socket) => socket.destroy(), 'closed'],
  ] as const)('says so of a server that %s in the middle of a login', async (_, leave, reason) => {
    const script: Script = [
      [
        /AUTH/,
        (_line, socket) => {
          leave(socket)
          return ''
        },
      ],
    ]
    expect(await look(kind, { login: LOGIN }, script)).toMatchObject({ ok: false, reason, tls: { version: 'TLSv1.3' } })
  })

  it('refuses what is injected before TLS', async () => {
    await atDoor(upgrading(kind, issued, undefined, '250 injected\r\na1 OK\r\n'), async ({ port }) => {
      const { outcome } = await lookWith(probeOf(kinds[kind], `mail.test:${port}`), { ca })
      expect(outcome).toMatchObject({ ok: false, reason: 'protocol', note: expect.stringMatching(/in the clear/) })
    })
  })

  it('ends in time with a server that says nothing more', async () => {
    const door = await openDoor(scripted(GOOD[kind].greeting, GOOD[kind].script.slice(0, 1)), issued)
    const started = performance.now()
    const { outcome } = await lookWith(
      probeOf(kinds[kind], `mail.test:${door.port}`, { tls: 'direct', login: LOGIN }),
      { ca, timeout: 300 },
    )
    expect(performance.now() - started).toBeLessThan(2_500)
    expect(outcome).toMatchObject({ ok: false, reason: 'timeout', note: expect.stringMatching(/^no (?:answer|word)/) })
    await door.close()
  })
})

describe('imap', () => {
  it('opens the mailbox it is told to, in the spelling of the protocol', async () => {
    const heard: string[] = []
    const outcome = await look('imap', { login: LOGIN, mailbox: 'Boîte & "co"' }, [], heard)
    expect(outcome).toMatchObject({ ok: true, note: expect.stringContaining('Boîte & "co" with 3 mails') })
    expect(heard.join('\n')).toContain('SELECT "Bo&AO4-te &- \\"co\\""')
  })

  it('fails where the mailbox can not be opened', async () => {
    const script: Script = [[/ SELECT /, (line) => `${tagOf(line)} NO [NONEXISTENT] there is none\r\n`]]
    expect(await look('imap', { login: LOGIN, mailbox: 'X' }, script)).toMatchObject({
      ok: false,
      reason: 'status',
      note: 'SELECT: NO [NONEXISTENT] there is none',
      tls: {},
    })
  })

  it('logs in by LOGIN where nothing else is offered, and not where that is forbidden', async () => {
    const heard: string[] = []
    await look('imap', { login: { user: 'a"b', password: 'c\\d' } }, [], heard, '* OK [CAPABILITY IMAP4rev1] ready\r\n')
    expect(heard).toContain('a LOGIN "a\\"b" "c\\\\d"')
    expect(
      await look('imap', { login: LOGIN }, [], [], '* OK [CAPABILITY IMAP4rev1 LOGINDISABLED] ready\r\n'),
    ).toMatchObject({
      ok: false,
      reason: 'protocol',
      note: 'no login is offered',
    })
  })

  it('does not open a mailbox without a login', () => {
    expect(configure(kinds.imap, 'mail.test:993', { mailbox: 'INBOX' }).complaints).toEqual([
      'mailbox: a mailbox is opened with a login: give `login: { user: …, password: … }`',
    ])
  })
})

describe('smtp', () => {
  it('reads its own keys, and knows the pace of port 25', () => {
    const { read, complaints } = configure(kinds.smtp, 'mx.test:25', { ehlo: 'a b', recipient: 'x y@z' })
    expect([...read]).toEqual(['tls', 'login', 'ehlo', 'recipient', 'relay'])
    expect(complaints).toEqual(['ehlo: a host name or [address]', 'recipient: an address: name@example.org'])
  })

  it.each([
    ['accepts the recipient', [], { ok: true, note: expect.stringContaining('recipient accepted') }],
    ['refuses it', [[/^RCPT/, '550 5.1.1 unknown\r\n']], { ok: false, reason: 'status', note: '550 5.1.1 unknown' }],
    [
      'has no room',
      [[/^RCPT/, '452 4.2.2 mailbox full\r\n']],
      { ok: false, reason: 'status', note: '452 4.2.2 mailbox full' },
    ],
    [
      'is greylisting',
      [[/^RCPT/, '450 4.2.0 Greylisted\r\n']],
      { ok: true, note: expect.stringContaining('450 greylisted'), attention: [{ kind: 'finding' }] },
    ],
    [
      'lists our line',
      [[/^RCPT/, '554 5.7.1 Client host [1.2.3.4] blocked using zen.example\r\n']],
      { ok: null, reason: 'blocked' },
    ],
    ['is closing', [[/^MAIL/, '421 4.7.0 too many\r\n']], { ok: false, reason: 'status', note: '421 4.7.0 too many' }],
  ] as [string, Script, object][])('says so of a server that %s', async (_, script, expected) => {
    expect(await look('smtp', { recipient: 'us@mail.test' }, script)).toMatchObject(expected)
  })

  it('calls an open relay a failure, and a closed one well', async () => {
    expect(await look('smtp', { relay: 'refuse' })).toMatchObject({
      ok: false,
      reason: 'content',
      note: expect.stringMatching(/^open relay/),
    })
    const heard: string[] = []
    const closed: Script = [[/^RCPT TO:<nobody@example.com>/, '554 5.7.1 Relay access denied\r\n']]
    expect(await look('smtp', { relay: 'refuse', login: LOGIN }, closed, heard)).toMatchObject({
      ok: true,
      note: expect.stringContaining('refuses to relay'),
    })
    expect(
      heard.findIndex((line) => line.startsWith('RCPT')),
      'asked as a stranger',
    ).toBeLessThan(heard.findIndex((line) => line.startsWith('AUTH')))
    expect(heard.join()).not.toContain('DATA')
  })

  it('logs in by LOGIN where PLAIN is not offered', async () => {
    const script: Script = [
      [/^EHLO/, '250-mx\r\n250 AUTH=LOGIN\r\n'],
      [/^cHJvYmU=$/, '334 UGFzc3dvcmQ6\r\n'],
    ]
    expect(await look('smtp', { login: LOGIN }, script)).toMatchObject({
      ok: true,
      note: expect.stringContaining('logged in'),
    })
  })

  it('fails where a login is needed and none is offered', async () => {
    const script: Script = [[/^EHLO/, '250 mx\r\n']]
    expect(await look('smtp', { login: LOGIN }, script)).toMatchObject({
      ok: false,
      reason: 'protocol',
      note: 'no login is offered',
    })
    await atDoor(
      scripted(GOOD.smtp.greeting, [...script, ...GOOD.smtp.script]),
      async ({ port }) => {
        const connect = { host: 'mail.test', port }
        const { outcome } = await lookWith(probeOf(kinds.smtp, 'mail.test:465'), { ca, connect })
        expect(outcome).toMatchObject({
          ok: false,
          reason: 'protocol',
          note: expect.stringContaining('members can hand in nothing'),
        })
      },
      issued,
    )
  })
})
