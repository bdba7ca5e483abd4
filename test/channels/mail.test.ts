import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { Attempt } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/index.ts'
import { messageId } from '../../src/channels/mail.ts'
import type { Relay } from '../../src/core/check.ts'
import type { Message } from '../../src/core/letter/message.ts'
import { createAuthority } from '../../src/demo/certificates.ts'
import { createNetwork } from '../../src/net/system.ts'
import { closedPort, type RelayManners, startOddRelay, startRelay, type TestRelay } from '../servers/relay.ts'

const authority = createAuthority()
const tls = authority.issue({ names: ['localhost'] })
const elsewhere = authority.issue({ names: ['elsewhere.example'] })
const network = createNetwork({ ca: [authority.certificate] })

const NOW = Date.UTC(2026, 10, 23, 13, 2, 10)
const FROM = 'Vigie <vigie@elsewhere.example>'
const message: Message = {
  key: 'mail-1:down',
  answers: null,
  to: 'admins@elsewhere.example',
  subject: '[Nomagic] Messagerie instantanée en panne depuis 14:02',
  body: 'Messagerie instantanée en panne depuis 14:02.\n\nTout allait encore bien à 14:01.\n.\n',
  language: 'fr',
}

const open: TestRelay[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((relay) => relay.close()))
})

async function relay(manners: RelayManners = {}): Promise<TestRelay> {
  const started = await startRelay(manners)
  open.push(started)
  return started
}

async function odd(manner: Parameters<typeof startOddRelay>[0]): Promise<TestRelay> {
  const started = await startOddRelay(manner)
  open.push(started)
  return started
}

function send(port: number, more: Partial<Relay> = {}, what: Partial<Message> = {}, timeout = 5_000): Promise<Attempt> {
  const settings: Relay = {
    name: `smtp://localhost:${port}`,
    host: 'localhost',
    port,
    secure: false,
    login: null,
    ...more,
  }
  const channel = channels.mail.open({ relay: settings, from: FROM, network, ca: [], now: () => NOW, timeout })
  return channel.send({ ...message, ...what })
}

describe('a relay that takes the mail', () => {
  test('gets it once, in UTF-8 that is readable, with the headers of an automatic message', async () => {
    const server = await relay()
    expect(await send(server.port)).toEqual({ taken: true, response: expect.stringMatching(/^250 /) })
    expect(server.received).toHaveLength(1)
    const [mail] = server.received
    expect(mail!.to).toEqual(['admins@elsewhere.example'])
    expect(mail!.from).toBe('vigie@elsewhere.example')
    expect(mail!.body).toBe(message.body)
    expect(mail!.headers).toMatchObject({
      from: FROM,
      to: 'admins@elsewhere.example',
      subject: message.subject,
      date: 'Mon, 23 Nov 2026 13:02:10 +0000',
      'message-id': messageId('mail-1:down', 'admins@elsewhere.example', FROM),
      'auto-submitted': 'auto-generated',
      'x-auto-response-suppress': 'All',
      precedence: 'list',
      'content-language': 'fr',
      'content-type': 'text/plain; charset=utf-8',
      'content-transfer-encoding': 'quoted-printable',
    })
    expect(mail!.headers['in-reply-to']).toBeUndefined()
    expect(mail!.headers['x-mailer']).toBeUndefined()
    for (const line of mail!.raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(100)
  })

  test('gets an answer with the ids of its thread', async () => {
    const server = await relay()
    await send(server.port, {}, { key: 'mail-1:up', answers: 'mail-1:down', subject: `Re: ${message.subject}` })
    const root = messageId('mail-1:down', 'admins@elsewhere.example', FROM)
    expect(server.received[0]!.headers).toMatchObject({
      'message-id': messageId('mail-1:up', 'admins@elsewhere.example', FROM),
      'in-reply-to': root,
      references: root,
      subject: `Re: ${message.subject}`,
    })
  })

  test('sees the same Message-ID on every attempt, and another for another person', async () => {
    const server = await relay()
    await send(server.port)
    await send(server.port)
    await send(server.port, {}, { to: 'other@elsewhere.example' })
    const ids = server.received.map(({ headers }) => headers['message-id'])
    expect(ids[0]).toMatch(/^<[0-9a-f]{32}@elsewhere\.example>$/)
    expect(ids[1]).toBe(ids[0])
    expect(ids[2]).not.toBe(ids[0])
  })
})

describe('encryption and login', () => {
  test('STARTTLS is used where offered', async () => {
    const server = await relay({ tls })
    expect(await send(server.port)).toMatchObject({ taken: true })
    expect(server.received[0]!.secure).toBe(true)
  })

  test('without an offer and without a login the mail goes in the clear', async () => {
    const server = await relay()
    await send(server.port)
    expect(server.received[0]!.secure).toBe(false)
  })

  test('a login is never spoken without STARTTLS', async () => {
    const login = { user: 'vigie', password: 'hunter2-hunter2' }
    const server = await relay({ login })
    const attempt = await send(server.port, { login })
    expect(attempt).toMatchObject({ taken: false, again: true, uncertain: false })
    expect(server.received).toEqual([])
  })

  test('smtps with a login logs in', async () => {
    const login = { user: 'vigie', password: 'hunter2-hunter2' }
    const server = await relay({ tls, secure: true, login })
    expect(await send(server.port, { secure: true, login })).toMatchObject({ taken: true })
    expect(server.received[0]).toMatchObject({ user: 'vigie', secure: true })
  })

  test('STARTTLS with a login logs in', async () => {
    const login = { user: 'vigie', password: 'hunter2-hunter2' }
    const server = await relay({ tls, login })
    expect(await send(server.port, { login })).toMatchObject({ taken: true })
    expect(server.received[0]).toMatchObject({ user: 'vigie', secure: true })
  })

  test('a certificate for another name is refused, for smtps and STARTTLS alike', async () => {
    for (const secure of [true, false]) {
      const server = await relay({ tls: elsewhere, secure })
      const attempt = await send(server.port, { secure })
      expect(attempt).toMatchObject({ taken: false, again: true, uncertain: false })
      expect(attempt.taken ? '' : attempt.note).toMatch(/altnames/)
      expect(server.received).toEqual([])
    }
  })

  test('a refused login says so without the password, whatever the relay plays back', async () => {
    const login = { user: 'vigie', password: 'wrong-hunter2' }
    const server = await relay({ tls, login: { ...login, password: 'right' } })
    const attempt = await send(server.port, { login })
    expect(attempt).toMatchObject({ taken: false, again: true, note: 'login refused (535)' })

    const parrot = await relay({
      tls,
      login,
      atRecipient: () => ({ code: 451, text: `${login.password} ${btoa(`\0vigie\0${login.password}`)}` }),
    })
    const answer = await send(parrot.port, { login })
    expect(answer).toMatchObject({ taken: false, again: true })
    expect(JSON.stringify(answer)).not.toContain(login.password)
    expect(JSON.stringify(answer)).not.toContain(btoa(`\0vigie\0${login.password}`))
  })
})

describe('a relay that does not', () => {
  test('refuses the connection: again, and it surely did not arrive', async () => {
    const attempt = await send(await closedPort())
    expect(attempt).toMatchObject({ taken: false, again: true, uncertain: false })
    expect(attempt.taken ? '' : attempt.note).toMatch(/ECONNREFUSED/)
  })

  test.each([
    ['451 at the recipient', { atRecipient: () => ({ code: 451, text: 'try later' }) }, true],
    ['550 at the recipient', { atRecipient: () => ({ code: 550, text: 'no such user' }) }, false],
    ['452 after the message', { atData: () => ({ code: 452, text: 'mailbox full' }) }, true],
    ['554 after the message', { atData: () => ({ code: 554, text: 'spam' }) }, false],
  ])('%s is known not to have arrived', async (name, manners, again) => {
    const server = await relay(manners)
    const attempt = await send(server.port)
    expect(attempt).toMatchObject({ taken: false, again, uncertain: false })
    expect(attempt.taken ? '' : attempt.note).toContain(name.slice(0, 3))
    expect(server.received).toEqual([])
  })

  test('greets with 554: it may think better of it later', async () => {
    const server = await odd((socket) => socket.end('554 no service for you\r\n'))
    expect(await send(server.port)).toMatchObject({ taken: false, again: true, uncertain: false })
  })

  test.each(['hang', 'drop'] as const)('%ss after the whole message: it may have arrived', async (atData) => {
    const server = await relay({ atData: () => atData })
    const attempt = await send(server.port, {}, {}, 400)
    expect(attempt).toMatchObject({ taken: false, again: true, uncertain: true })
    expect(server.received).toHaveLength(1)
  })
})

describe('the deadline is absolute', () => {
  const drip = (text: string, every: number) =>
    odd((socket) => {
      let sent = 0
      const timer = setInterval(() => socket.write(text[sent++ % text.length]!), every)
      socket.on('close', () => clearInterval(timer))
    })

  test.each([
    ['says nothing', () => odd(() => {})],
    ['drips its greeting byte by byte', () => drip('220-hello\r\n', 20)],
    ['greets and then talks for ever', () => odd(talk)],
    ['accepts STARTTLS and never shakes hands', () => odd(halfTls)],
  ])('for a relay that %s', async (_, start) => {
    const server = await start()
    const began = performance.now()
    const attempt = await send(server.port, {}, {}, 300)
    expect(attempt).toEqual({ taken: false, again: true, uncertain: false, note: 'no answer in time' })
    // Not at its deadline to the millisecond, which is the machine's; but none of these would ever end.
    expect(performance.now() - began).toBeLessThan(3_000)
  })

  function talk(socket: { write(text: string): unknown; on(event: 'close', then: () => void): unknown }) {
    socket.write('220 hello\r\n')
    const timer = setInterval(() => socket.write('250-still here\r\n'), 20)
    socket.on('close', () => clearInterval(timer))
  }

  function halfTls(socket: {
    write(text: string): unknown
    on(event: 'data', then: (chunk: Buffer) => void): unknown
  }) {
    socket.write('220 hello\r\n')
    socket.on('data', (chunk) => {
      const line = chunk.toString('latin1')
      if (line.startsWith('EHLO')) socket.write('250-hello\r\n250 STARTTLS\r\n')
      else if (line.startsWith('STARTTLS')) socket.write('220 go on\r\n')
    })
  }
})

describe('a relay that is only knocked at', () => {
  const knock = async (manners: RelayManners, login: Relay['login'] = null, secure = false) => {
    const started = await relay(manners)
    const { port } = started
    const one = { name: `smtp://localhost:${port}`, host: 'localhost', port, secure, login }
    const channel = channels.mail.open({ relay: one, from: FROM, network, ca: [], now: () => NOW, timeout: 3_000 })
    return { knocked: await channel.knock(), received: started.received.length }
  }
  const login = { user: 'vigie', password: 'hush' }

  test('is greeted, made safe and logged into, and given no message', async () => {
    expect(await knock({ tls, login }, login)).toEqual({
      knocked: { open: true, note: 'TLS, login taken' },
      received: 0,
    })
    expect((await knock({ tls, secure: true }, null, true)).knocked).toEqual({ open: true, note: 'TLS, no login' })
    expect((await knock({})).knocked).toEqual({ open: true, note: 'no TLS, no login' })
  })

  test('says why not, without the password', async () => {
    const refused = await knock({ tls, login }, { ...login, password: 'wrong' })
    expect(refused.knocked).toEqual({ open: false, note: 'login refused (535)' })
    expect((await knock({ tls }, login)).knocked).toEqual({ open: false, note: 'it offers no login' })
    expect((await knock({ tls: elsewhere })).knocked.open).toBe(false)
    const settings = { name: 'x', host: '127.0.0.1', port: await closedPort(), secure: false, login: null }
    const channel = channels.mail.open({ relay: settings, from: FROM, network, ca: [], now: () => NOW })
    expect((await channel.knock()).note).toContain('ECONNREFUSED')
  })
})

test('nothing in a subject or a note breaks out of its header', async () => {
  const server = await relay()
  const nasty = fc.string({ unit: 'binary', maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (subject, body) => {
      const crafted = `${subject}\r\nBcc: victim@elsewhere.example\r\n\r\n${body}`
      expect(await send(server.port, {}, { subject: crafted, body: `é ${body}` })).toMatchObject({ taken: true })
      const mail = server.received.at(-1)!
      expect(mail.to).toEqual(['admins@elsewhere.example'])
      expect(Object.keys(mail.headers).sort()).toEqual([
        'auto-submitted',
        'content-language',
        'content-transfer-encoding',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'precedence',
        'subject',
        'to',
        'x-auto-response-suppress',
      ])
    }),
    { numRuns: 15 },
  )
})
