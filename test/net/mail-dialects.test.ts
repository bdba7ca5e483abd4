// What servers may say, in any order: each dialect makes an answer or a failure of it, and never a surprise.
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Dialect } from '../../src/net/dialect.ts'
import { outcomeOf } from '../../src/net/failure.ts'
import { createImap, decodeName, encodeName } from '../../src/net/imap.ts'
import { createLines, type Lines } from '../../src/net/lines.ts'
import { createPop3 } from '../../src/net/pop3.ts'
import { saslFor, tracesOf } from '../../src/net/sasl.ts'
import { createSieve } from '../../src/net/sieve.ts'
import { createSmtp } from '../../src/net/smtp.ts'

const LOGIN = { user: 'probe', password: 'geheim' }

/** What a server said before it hung up. */
function saying(text: string): Lines {
  const stream = new PassThrough()
  const lines = createLines(stream as never)
  stream.end(Buffer.from(text, 'latin1'))
  return { ...lines, send: () => {} }
}

const DIALECTS: Readonly<Record<string, () => Dialect>> = {
  smtp: createSmtp,
  imap: createImap,
  pop3: createPop3,
  sieve: createSieve,
}

const piece = fc.oneof(
  fc.constantFrom(
    ...[
      '220 mx\r\n',
      '220-mx\r\n',
      '250-STARTTLS\r\n',
      '250 AUTH PLAIN\r\n',
      '334 \r\n',
      '235 in\r\n',
      '421 \r\n',
      '535 no\r\n',
      '999\r\n',
    ],
    ...[
      '* OK [CAPABILITY IMAP4rev1] hi\r\n',
      '* CAPABILITY X AUTH=PLAIN\r\n',
      'a OK\r\n',
      'a NO [X] {3}\r\nabc\r\n',
      '+ \r\n',
      '* BYE\r\n',
      'a BAD\r\n',
    ],
    ...[
      '* 5 FETCH (UID 7 INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n',
      '* SEARCH 1 2\r\n',
      '* LIST (\\Junk) "/" {4}\r\nJunk\r\n',
      '* QUOTA "" (STORAGE 1 1)\r\n',
    ],
    ...[
      '+OK\r\n',
      '-ERR [AUTH]\r\n',
      '.\r\n',
      'SASL PLAIN\r\n',
      '"SASL" "PLAIN"\r\n',
      'OK\r\n',
      'NO (TRYLATER)\r\n',
      'BYE\r\n',
      '""\r\n',
      '{0}\r\n',
      '{99999999999}\r\n',
    ],
    ...['\r\n', '\n', '\0', '\xff', '{', '}', '"'],
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
)
const talk = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))

describe.each(Object.entries(DIALECTS))('%s', (_, speak) => {
  it('makes something of any talk', async () => {
    await fc.assert(
      fc.asyncProperty(talk, fc.boolean(), async (text, secured) => {
        const dialect = speak()
        const lines = saying(text)
        const failures: unknown[] = []
        const attempt = async <T>(work: () => Promise<T>) =>
          work().catch((error) => void failures.push(outcomeOf(error)))
        const greeting = await attempt(() => dialect.greet(lines))
        const offers =
          (typeof greeting === 'string' ? dialect.toldBy(greeting) : null) ??
          (await attempt(() => dialect.offers(lines, secured)))
        await attempt(() => dialect.startTls(lines))
        await attempt(() =>
          dialect.authenticate(lines, offers ?? { starttls: false, mechanisms: [], words: [] }, LOGIN),
        )
        for (const failure of failures) {
          expect(failure).toMatchObject({ ok: expect.toSatisfy((ok) => ok === false || ok === null) })
          expect(JSON.stringify(failure)).not.toContain('geheim')
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('imap', () => {
  it('makes something of any answer about mails', async () => {
    const offers = { starttls: false, mechanisms: [], words: ['UIDPLUS', 'QUOTA'] }
    await fc.assert(
      fc.asyncProperty(talk, fc.nat(5), async (text, which) => {
        const imap = createImap()
        const lines = saying(text)
        const work = [
          () => imap.select(lines, 'INBOX'),
          () => imap.search(lines, 'ALL'),
          () => imap.cameIn(lines, [7]),
          () => imap.remove(lines, offers, [7]),
          () => imap.junk(lines, offers),
          () => imap.full(lines, offers, 'INBOX'),
        ][which]!
        await (work() as Promise<unknown>).catch(outcomeOf)
      }),
      { numRuns: 300 },
    )
  })

  it('reads what servers tell of mails', async () => {
    expect(await createImap().search(saying('* SEARCH 4 711\r\n* SEARCH\r\na OK\r\n'), 'ALL')).toEqual([4, 711])
    const dates = await createImap().cameIn(
      saying(
        '* 1 FETCH (UID 4 INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n* 2 FETCH (INTERNALDATE " 1-Jan-2026 00:00:00 +0000" UID 5)\r\na OK\r\n',
      ),
      [4, 5],
    )
    expect([...dates]).toEqual([
      [4, Date.UTC(1996, 6, 17, 9, 44, 25)],
      [5, Date.UTC(2026, 0, 1)],
    ])
    const offers = { starttls: false, mechanisms: [], words: ['QUOTA'] }
    const junk = (list: string) => createImap().junk(saying(`${list}a OK\r\n`), offers)
    expect(await junk('* LIST (\\HasNoChildren) "/" "INBOX"\r\n* LIST (\\Junk) "/" "Ind&AOk-sirables"\r\n')).toBe(
      'Indésirables',
    )
    expect(await junk('* LIST () "/" Spam\r\n')).toBe('Spam')
    expect(await junk('* LIST (\\Junk) NIL {6}\r\nJ "x" \r\n')).toBe('J "x" ')
    expect(await junk('')).toBeNull()
    const full = (quota: string) =>
      createImap().full(saying(`* QUOTAROOT INBOX ""\r\n${quota}a OK\r\n`), offers, 'INBOX')
    expect(await full('* QUOTA "" (STORAGE 10 512)\r\n')).toBe(false)
    expect(await full('* QUOTA "User quota" (STORAGE 10 512 MESSAGE 40 40)\r\n')).toBe(true)
  })

  it('spells names of mailboxes as RFC 3501 does, there and back', () => {
    expect(encodeName('~peter/mail/台北/日本語')).toBe('~peter/mail/&U,BTFw-/&ZeVnLIqe-')
    expect(encodeName('R&D')).toBe('R&-D')
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (name) => decodeName(encodeName(name)) === name))
  })
})

describe('a login', () => {
  it('is said by PLAIN (RFC 4616), or by LOGIN', () => {
    expect(saslFor(['LOGIN', 'PLAIN'], { user: 'tim', password: 'tanstaaftanstaaf' })).toEqual({
      mechanism: 'PLAIN',
      responses: ['AHRpbQB0YW5zdGFhZnRhbnN0YWFm'],
    })
    expect(saslFor(['LOGIN'], LOGIN)?.responses).toEqual(['cHJvYmU=', 'Z2VoZWlt'])
    expect(saslFor(['SCRAM-SHA-256'], LOGIN)).toBeNull()
  })

  it('leaves the traces that are known', () => {
    expect(tracesOf({ user: 'u', password: 'a"b' })).toEqual(expect.arrayContaining(['a"b', 'a\\"b', 'YSJi']))
  })
})
