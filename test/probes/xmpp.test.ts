import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { createAuthority } from '../../src/demo/certificates.ts'
import { runLook } from '../../src/net/run.ts'
import { xmpp } from '../../src/probes/xmpp.ts'
import { type Door, drip, flood, openDoor, silent } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { type Names, openNames } from '../servers/names.ts'
import { upgrading } from '../servers/upgrade.ts'
import { BIND, failure, features, HEADER, mechanisms, PLAIN, SUCCESS, saying, WELCOME } from '../servers/xmpp.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const certificate = authority.issue({ names: ['chat.test', 'web.test'] })
const ca = [authority.certificate]
const login = { user: 'probe', password: 'geheim' }
const doors: Door[] = []
const unheard: unknown[] = []
const listen = (error: unknown) => unheard.push(error)

beforeAll(() => {
  process.on('unhandledRejection', listen)
  process.on('uncaughtExceptionMonitor', listen)
})
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(doors.splice(0).map((door) => door.close()))
})
afterAll(() => {
  process.off('unhandledRejection', listen)
  process.off('uncaughtExceptionMonitor', listen)
  expect(unheard).toEqual([])
})

/** Short where time runs out on purpose; else long, for machines that are busy. */
function patience(expected: RegExp | string): number {
  return /timeout/.test(String(expected)) ? 400 : 5_000
}

async function serve(talk: (socket: Socket) => void, inTls = true): Promise<number> {
  const door = await openDoor(talk, inTls ? certificate : undefined)
  doors.push(door)
  return door.port
}

/** Looks at a server that speaks TLS at once. */
async function lookAt(talk: (socket: Socket) => void, keys: object = {}, timeout = 1_000) {
  const connect = { host: '127.0.0.1', port: await serve(talk) }
  return lookWith(probeOf(xmpp, 'chat.test', { tls: 'direct', ...keys }), { ca, connect, timeout })
}

const outcomeOf = async (...asked: Parameters<typeof lookAt>) => (await lookAt(...asked)).outcome

describe('what is written for xmpp', () => {
  it.each<[object, string[]]>([
    [{ login: { user: 'probe@other.test', password: 'x' } }, ['login: the user must be an account of chat.test']],
    [{ login: { user: 'a b', password: 'x' } }, ['login: the user must be an account of chat.test']],
    [{ as: 'server', login }, ['login: other servers have no login: leave it out, or `as`']],
    [
      { as: 'server', bosh: 'https://web.test/' },
      ["bosh: servers don't use bosh among themselves: leave it out, or `as`"],
    ],
    [{ bosh: 'https://w.test/', tls: 'direct' }, ['tls: the address in bosh says it already: leave it out']],
    [
      { bosh: 'https://w.test/', websocket: 'wss://w.test/' },
      ['websocket: bosh and websocket are two ways in: make it two checks'],
    ],
    [{ websocket: 'ws://w.test/', login }, ['login: a login is only sent over TLS: write https:// or wss://']],
    [{ bosh: 'http://w.test/', login }, ['login: a login is only sent over TLS: write https:// or wss://']],
  ])('%j is answered with its remedy', (keys, complaints) => {
    expect(configure(xmpp, 'chat.test', { ...keys }).complaints).toEqual(complaints)
  })

  it('may be a whole address as user', () => {
    expect(configure(xmpp, 'chat.test', { login: { ...login, user: 'probe@Chat.test' } }).complaints).toEqual([])
  })
})

describe('where xmpp looks', () => {
  const zone: Record<string, readonly (readonly [port: number, target: string, priority?: number])[]> = {}
  let names: Names
  beforeAll(async () => {
    names = await openNames((name) => ({
      answers: (zone[name] ?? []).map(([port, target, priority = 0]) => ({
        type: 'SRV',
        name,
        data: { port, target, priority, weight: 0 },
      })),
    }))
  })
  afterEach(() => {
    for (const name of Object.keys(zone)) delete zone[name]
  })
  afterAll(() => names.close())

  const looked = (keys: object = {}) =>
    lookWith(probeOf(xmpp, 'chat.test', { ...keys }), {
      network: { ...loopback({ ca }), resolvers: () => [`127.0.0.1:${names.port}`] },
    })
  const refused = async () => {
    const door = await openDoor(silent)
    await door.close()
    return door.port
  }
  const starttls = () => serve(upgrading('xmpp', certificate), false)
  const direct = () => serve(saying([HEADER + PLAIN]))

  it('goes where SRV says, and where there is no STARTTLS to direct TLS', async () => {
    zone['_xmpps-client._tcp.chat.test'] = [[await direct(), 'host.test']]
    const { outcome, phases } = await looked()
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/^host\.test:\d+, PLAIN, TLSv1/) })
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'stream'])
    expect(names.heard).toEqual(['udp SRV _xmpp-client._tcp.chat.test', 'udp SRV _xmpps-client._tcp.chat.test'])
  })

  it('asks as a server for servers', async () => {
    zone['_xmpps-server._tcp.chat.test'] = [
      [await serve(saying([(HEADER + features()).replace('jabber:client', 'jabber:server')])), 'host.test'],
    ]
    expect((await looked({ as: 'server', tls: 'direct' })).outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/open to other servers/),
    })
  })

  it('goes on to the next place when the first does not answer, and says so to admins', async () => {
    const [gone, there] = [await refused(), await direct()]
    zone['_xmpps-client._tcp.chat.test'] = [
      [there, 'second.test', 20],
      [gone, 'first.test', 10],
    ]
    expect((await looked({ tls: 'direct' })).outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^second\.test:/),
      attention: [
        { kind: 'finding', note: `can't be reached, another answers: first.test:${gone}: connection refused` },
      ],
    })
  })

  it('fails when no place answers', async () => {
    zone['_xmpp-client._tcp.chat.test'] = [
      [await refused(), 'first.test', 10],
      [await refused(), 'second.test', 20],
    ]
    expect((await looked()).outcome).toMatchObject({ ok: false, reason: 'refused' })
  })

  it('takes a domain at its word that it has none', async () => {
    zone['_xmpp-client._tcp.chat.test'] = [[0, '.']]
    expect((await looked()).outcome).toEqual({
      ok: false,
      reason: 'dns',
      note: 'chat.test says that it has no XMPP server for clients (SRV ".")',
    })
  })

  it('does not guess where direct TLS is', async () => {
    expect((await looked({ tls: 'direct' })).outcome).toEqual({
      ok: false,
      reason: 'dns',
      note: 'there is no SRV record _xmpps-client._tcp.chat.test',
    })
  })

  it('asks nobody when the check says where', async () => {
    const before = names.heard.length
    const port = await starttls()
    await runLook(probeOf(xmpp, 'chat.test'), {
      network: { ...loopback({ ca }), resolvers: () => [`127.0.0.1:${names.port}`] },
      family: null,
      connect: { host: '127.0.0.1', port },
      allowPrivate: true,
      ca: [],
      now: Date.now,
      timeout: 500,
    })
    expect(names.heard.length).toBe(before)
  })
})

describe('a login', () => {
  it('is sent, used and ended', async () => {
    const heard: string[] = []
    const { outcome, phases } = await lookAt(saying(WELCOME, heard), { login })
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/logged in by PLAIN, ping answered, TLSv1/) })
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'stream', 'login', 'bind', 'ping'])
    expect(heard[1]).toContain(Buffer.from('\0probe\0geheim').toString('base64'))
    expect(heard.join('')).toContain("<ping xmlns='urn:xmpp:ping'/>")
    expect(JSON.stringify(outcome)).not.toContain('geheim')
  })

  it('takes an error for an answer to a ping, and stanzas in between for what they are', async () => {
    const error = "<message from='x'/><iq type='error' id='other'/><iq type='error' id='ID'><error/></iq>"
    expect(await outcomeOf(saying([...WELCOME.slice(0, 4), error]), { login })).toMatchObject({ ok: true })
  })

  it('asks for a session where an old server wants that', async () => {
    const heard: string[] = []
    const old = features(
      "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>",
    )
    const script = [WELCOME[0]!, SUCCESS, HEADER + old, WELCOME[3]!, WELCOME[4]!, WELCOME[4]!]
    expect(await outcomeOf(saying(script, heard), { login })).toMatchObject({ ok: true })
    expect(heard[4]).toContain('xmpp-session')
  })

  it('that is refused is tried once an hour at most', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const heard: string[] = []
    const port = await serve(saying([HEADER + PLAIN, failure('not-authorized')], heard))
    const probe = probeOf(xmpp, 'chat.test', { tls: 'direct', login })
    const look = async () => (await lookWith(probe, { ca, connect: { host: '127.0.0.1', port } })).outcome
    const tries = () => heard.filter((said) => said.includes('<auth')).length
    expect(await look()).toEqual({ ok: false, reason: 'auth', note: 'login refused (not-authorized)' })
    expect(await look()).toMatchObject({
      ok: true,
      note: expect.stringMatching(/PLAIN, not logged in/),
      attention: [{ kind: 'auth', note: 'login refused (not-authorized)' }],
    })
    expect(tries()).toBe(1)
    vi.advanceTimersByTime(3_600_000)
    expect(await look()).toMatchObject({ ok: false, reason: 'auth' })
    expect(tries()).toBe(2)
  })

  it.each<[string, readonly string[], object]>([
    [
      'temporary trouble, which is no refusal',
      [HEADER + PLAIN, failure('temporary-auth-failure')],
      { reason: 'protocol', note: 'nobody can log in now (temporary-auth-failure)' },
    ],
    [
      'no way we know',
      [HEADER + features(mechanisms('GSSAPI', 'X-OAUTH2'))],
      { reason: 'protocol', note: 'no way to log in that we know: GSSAPI X-OAUTH2' },
    ],
    [
      'a challenge that is none',
      [
        HEADER + features(mechanisms('SCRAM-SHA-1')),
        "<challenge xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>cj14</challenge>",
      ],
      { reason: 'protocol', note: 'the challenge to log in makes no sense' },
    ],
    [
      'a success without a proof',
      [HEADER + features(mechanisms('SCRAM-SHA-1')), SUCCESS],
      { reason: 'protocol', note: 'unexpected answer to the login: <success>' },
    ],
    ['no session', [HEADER + PLAIN, SUCCESS, HEADER + features()], { reason: 'protocol' }],
    [
      'a session that is refused',
      [
        HEADER + PLAIN,
        SUCCESS,
        HEADER + BIND,
        "<iq type='error' id='ID'><error type='cancel'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
      ],
      { reason: 'protocol', note: 'no session after the login (conflict)' },
    ],
    ['silence after it', [HEADER + PLAIN, SUCCESS], { reason: 'timeout', note: 'no answer to the login within 400ms' }],
  ])('met with %s is a failure', async (_, script, expected) => {
    expect(await outcomeOf(saying(script), { login }, patience(JSON.stringify(expected)))).toMatchObject({
      ok: false,
      ...expected,
    })
  })

  it.each([
    ['as a condition', (secret: string) => failure(secret)],
    ['as an element', (secret: string) => `<${secret}/>`],
    [
      'as a stream error',
      (secret: string) => `<stream:error><${secret} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`,
    ],
    ['as another stream', (secret: string) => `${SUCCESS}${HEADER}<${secret}/>`],
  ])('that a server says back %s is not told on', async (_, answer) => {
    const secret = Buffer.from('\0probe\0geheim').toString('base64').replace(/=+$/, '')
    const outcome = await outcomeOf(saying([HEADER + PLAIN, answer(secret), `${HEADER}<${secret}/>`]), { login })
    expect(outcome.ok).toBe(false)
    expect(JSON.stringify(outcome)).not.toContain(secret)
  })

  it('is not sent where the certificate is bad', async () => {
    const heard: string[] = []
    const door = await openDoor(saying(WELCOME, heard), authority.issue({ names: ['other.test'] }))
    doors.push(door)
    const probe = probeOf(xmpp, 'chat.test', { tls: 'direct', login })
    const { outcome } = await lookWith(probe, { ca, connect: { host: '127.0.0.1', port: door.port } })
    expect(outcome).toMatchObject({ ok: false, reason: 'certificate' })
    expect(heard).toEqual([])
  })
})

const head = (rest: (socket: Socket) => void) => (socket: Socket) => {
  socket.write(`${HEADER}<stream:features>`)
  rest(socket)
}

describe('a peer that', () => {
  it.each<[string, (socket: Socket) => void, RegExp]>([
    ['is silent', silent, /^timeout/],
    ['drips', (socket) => drip(socket, HEADER, ' ', 5), /^timeout/],
    ['drips elements', (socket) => drip(socket, `${HEADER}<stream:features>`, '<a/>', 5), /^timeout/],
    ['leaves', (socket) => socket.end(), /^closed/],
    ['leaves politely', (socket) => socket.end(`${HEADER}</stream:stream>`), /^closed/],
    [
      'is a web server',
      (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /^protocol this is not XMPP: HTTP\/1\.1 400 B/,
    ],
    ['shows a page', (socket) => socket.end('<!DOCTYPE html><html><p></html>'), /^protocol the XML has a DOCTYPE/],
    ['is other XML', (socket) => socket.end('<feed xmlns="x"/>'), /^protocol this is not XMPP: <feed>/],
    ['is a mail server', (socket) => socket.write('220 mx.test ESMTP\r\n'), /^protocol this is not XMPP: 220 mx/],
    [
      'is an XML bomb',
      (socket) =>
        socket.write('<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><b>&b;</b>'),
      /^protocol the XML has a DOCTYPE/,
    ],
    ['uses entities', (socket) => socket.write(`${HEADER}<a>&x;</a>`), /^protocol/],
    ['nests without end', head((socket) => flood(socket, '<a>'.repeat(1_000))), /^protocol the XML is more than 32/],
    ['has endless features', head((socket) => flood(socket, '<a/>'.repeat(1_000))), /^protocol the XML is endless/],
    ['has an endless name', head((socket) => flood(socket, `<${'a'.repeat(10_000)}`)), /^protocol/],
    ['has an endless attribute', head((socket) => flood(socket, `<a b='${'x'.repeat(10_000)}`)), /^protocol/],
    ['has endless text', head((socket) => flood(socket, 'x'.repeat(10_000))), /^protocol the XML is endless/],
    ['says NUL', (socket) => flood(socket, '\0'.repeat(10_000)), /^protocol/],
    [
      'says no UTF-8',
      (socket) => socket.write(Buffer.from([0x3c, 0xff, 0xfe])),
      /^protocol this is not XMPP: no UTF-8/,
    ],
    ['opens twice', (socket) => socket.write(HEADER + HEADER), /^(protocol|timeout)/],
    ['closes what is not open', (socket) => socket.write(`${HEADER}</a>`), /^(protocol|closed)/],
    ['offers nothing', saying([HEADER + features()]), /^protocol no way to log in is offered$/],
    ['answers with something else', saying([`${HEADER}<iq/>`]), /^protocol unexpected answer to the stream: <iq>/],
    [
      'knows nobody of that name',
      saying([`${HEADER}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`]),
      /^protocol this server does not serve chat\.test/,
    ],
    [
      'is going down',
      saying([`${HEADER}<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`]),
      /^protocol stream error: system-shutdown$/,
    ],
  ])('%s is seen for what it is, in time', async (_, talk, expected) => {
    const memory = process.memoryUsage().rss
    const started = performance.now()
    const { outcome, took, phases } = await lookAt(talk, {}, patience(expected))
    expect(outcome.ok).toBe(false)
    expect(`${outcome.ok === false && outcome.reason} ${outcome.note}`).toMatch(expected)
    // Servers that flood share this process, and the machine other tests.
    expect(performance.now() - started).toBeLessThan(patience(expected) + 3_000)
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
    expect(process.memoryUsage().rss - memory).toBeLessThan(60_000_000)
  })

  it.each<[string, (socket: Socket) => void, RegExp]>([
    [
      'injects after STARTTLS',
      upgrading('xmpp', certificate, () => {}, '<a/>'),
      /^protocol not understood: more was sent in the clear/,
    ],
    [
      'is a web server',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      /^protocol unexpected greeting: HTTP\/1\.1 400 Bad Request/,
    ],
    [
      'knows nobody of that name',
      saying([`${HEADER}<stream:error><host-unknown xmlns='x'/></stream:error>`]),
      /^protocol this server does not serve chat\.test/,
    ],
    [
      'is too busy',
      saying([`${HEADER}<stream:error><resource-constraint xmlns='x'/></stream:error>`]),
      /^protocol stream error: resource-constraint/,
    ],
    ['offers none', saying([HEADER + PLAIN]), /^protocol STARTTLS is not offered/],
    [
      'changes its mind',
      saying([
        `${HEADER}${features("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")}`,
        "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
      ]),
      /^protocol unexpected answer to starttls/,
    ],
    ['greets for ever', (socket) => flood(socket, '<a/>'.repeat(1_000)), /^protocol/],
  ])('before TLS %s is seen too', async (_, talk, expected) => {
    const connect = { host: '127.0.0.1', port: await serve(talk, false) }
    const { outcome } = await lookWith(probeOf(xmpp, 'chat.test'), { ca, connect, timeout: patience(expected) })
    expect(`${outcome.ok === false && outcome.reason} ${outcome.note}`).toMatch(expected)
  })

  it('says anything at all makes a failure, never a fault of ours', async () => {
    const piece = fc.oneof(
      fc.constantFrom(HEADER, PLAIN, BIND, SUCCESS, failure('not-authorized'), failure('x'), features(), ...WELCOME),
      fc.constantFrom(
        '</stream:stream>',
        '<',
        '>',
        '&lt;',
        '<iq/>',
        '<![CDATA[',
        ']]>',
        '<?x y?>',
        '<!-- -->',
        '\0',
        '\r\n',
      ),
      fc.string({ maxLength: 20 }),
    )
    let script: readonly string[] = []
    const port = await serve((socket) => {
      saying(script)(socket)
      setTimeout(() => socket.end(), 15)
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(piece, { maxLength: 4 }).map((parts) => parts.join('')),
          { maxLength: 7 },
        ),
        async (said) => {
          script = said
          const probe = probeOf(xmpp, 'chat.test', { tls: 'direct', login })
          const { outcome } = await lookWith(probe, { ca, connect: { host: '127.0.0.1', port }, timeout: 1_000 })
          expect(outcome.ok).not.toBeNull()
          expect(outcome.note).not.toMatch(/[\p{Cc}\n]/u)
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)
})

describe('over HTTP', () => {
  const servers: { close(): void }[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.close()
  })

  async function web(answer: string | ((request: string, turn: number) => string), status = 200): Promise<string> {
    let turn = 0
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        response
          .writeHead(status, { 'content-type': 'text/xml' })
          .end(typeof answer === 'string' ? answer : answer(body, turn++))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return `http://web.test:${(server.address() as { port: number }).port}/http-bind`
  }

  const body = (inner: string, attributes = "sid='s'") =>
    `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams' ${attributes}>${inner}</body>`
  const look = async (keys: object, timeout = 1_000) =>
    (await lookWith(probeOf(xmpp, 'chat.test', { ...keys }), { timeout })).outcome

  it('BOSH opens a session, waits for features where they come later, and ends it', async () => {
    const heard: string[] = []
    const bosh = await web((said, turn) => {
      heard.push(said)
      return turn === 0 ? body('') : turn === 1 ? body(PLAIN, '') : body('', "type='terminate'")
    })
    expect(await look({ bosh })).toEqual({ ok: true, note: 'BOSH, PLAIN' })
    const rids = heard.map((said) => Number(/rid='(\d+)'/.exec(said)?.[1]))
    expect(rids).toEqual([rids[0], rids[0]! + 1, rids[0]! + 2])
    expect(heard[2]).toContain("type='terminate'")
  })

  it.each<[string, string, number, RegExp]>([
    ['a page', '<html></html>', 200, /^protocol this is not BOSH: <html>/],
    ['no XML', 'It works!', 200, /^protocol the answer is not XML/],
    [
      'an end',
      body('', "type='terminate' condition='host-unknown'"),
      200,
      /^protocol this server does not serve chat\.test/,
    ],
    [
      'another end',
      body('', "type='terminate' condition='policy-violation'"),
      200,
      /^protocol BOSH ended: policy-violation/,
    ],
    ['no session', body(PLAIN, ''), 200, /^protocol no BOSH session was given/],
    ['nothing, for ever', body(''), 200, /^(protocol 40 answers that say too little|timeout)/],
    ['an error', '', 502, /^status 502 instead of BOSH/],
    ['a bomb', `<!DOCTYPE x [<!ENTITY a "a">]>${body('')}`, 200, /^protocol the XML has a DOCTYPE/],
  ])('BOSH that answers with %s is a failure', async (_, answer, status, expected) => {
    const outcome = await look({ bosh: await web(answer, status) })
    expect(`${outcome.ok === false && outcome.reason} ${outcome.note}`).toMatch(expected)
  })

  it('BOSH and WebSocket that say anything at all make a failure, never a fault of ours', async () => {
    const piece = fc.oneof(
      fc.constantFrom(body(''), body(PLAIN), body(failure('x')), body('', "type='terminate'"), OPEN, framed, SUCCESS),
      fc.constantFrom(
        '<body',
        "<body xmlns='http://jabber.org/protocol/httpbind'>",
        '</body>',
        '<![CDATA[',
        '<!--',
        '\0',
      ),
      fc.string({ maxLength: 20 }),
    )
    let script: readonly string[] = []
    const bosh = await web((_, turn) => script[turn % Math.max(1, script.length)] ?? '')
    const url = await websocket((say) => script.forEach(say))
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 5 }), async (said) => {
        script = said
        for (const keys of [{ bosh }, { websocket: url }]) {
          const outcome = await look(keys, 150)
          expect(outcome.ok).not.toBeNull()
          expect(outcome.note).not.toMatch(/[\p{Cc}\n]/u)
        }
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  async function websocket(
    talk: (say: (text: string) => void, heard: string) => void,
    protocols = true,
  ): Promise<string> {
    const server = createServer()
    const sockets = new WebSocketServer({ server, ...(protocols ? {} : { handleProtocols: () => false as const }) })
    sockets.on('connection', (socket) => {
      socket.on('error', () => {})
      socket.on('message', (text) => talk((said) => socket.send(said), String(text)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server, sockets)
    return `ws://web.test:${(server.address() as { port: number }).port}/ws`
  }

  const OPEN = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='chat.test' id='1' version='1.0'/>"
  const framed = PLAIN.replace('<stream:features>', "<stream:features xmlns:stream='http://etherx.jabber.org/streams'>")

  it('WebSocket opens a stream', async () => {
    const url = await websocket((say) => [OPEN, framed].map(say))
    expect(await look({ websocket: url })).toEqual({ ok: true, note: 'WebSocket, PLAIN' })
  })

  it.each<[string, (say: (text: string) => void) => void, RegExp]>([
    ['says nothing', () => {}, /^timeout no stream is opened within/],
    ['says something else', (say) => say('hello'), /^protocol a message that is not one element/],
    ['says two things at once', (say) => say(OPEN + framed), /^protocol a message that is not one element/],
    ['says no XML', (say) => say('<open'), /^protocol the (answer is not XML|XML is not complete)/],
    ['closes', (say) => say("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"), /^closed/],
    ['nests deeply', (say) => say('<a>'.repeat(40) + '</a>'.repeat(40)), /^protocol the XML is more than 32/],
    ['is a bomb', (say) => say(`<!DOCTYPE a>${OPEN}`), /^protocol/],
    ['says too much at once', (say) => say(`<a>${'x'.repeat(600_000)}</a>`), /^protocol/],
    [
      'says too much',
      (say) => {
        for (let at = 0; at < 2_000; at++) say(`<a b='${'x'.repeat(1_000)}'/>`)
      },
      /^protocol/,
    ],
  ])('a WebSocket that %s is a failure', async (_, talk, expected) => {
    const outcome = await look({ websocket: await websocket(talk) }, patience(expected))
    expect(`${outcome.ok === false && outcome.reason} ${outcome.note}`).toMatch(expected)
  })

  it('a WebSocket that is none, or not for XMPP, is a failure', async () => {
    expect(await look({ websocket: (await web('hello')).replace('http:', 'ws:') })).toMatchObject({
      reason: 'status',
      note: '200 instead of a WebSocket',
    })
    const other = await websocket((say) => say(OPEN), false)
    expect(await look({ websocket: other })).toMatchObject({
      ok: false,
      reason: 'protocol',
      note: 'no WebSocket: Server sent no subprotocol',
    })
    const deaf = await serve(silent, false)
    expect(await look({ websocket: `ws://web.test:${deaf}/` }, 300)).toMatchObject({
      ok: false,
      reason: 'timeout',
      note: 'no answer to the WebSocket handshake within 300ms',
    })
    const strange = await serve((socket) => socket.once('data', () => socket.write('SSH-2.0-x\r\n')), false)
    expect(await look({ websocket: `ws://web.test:${strange}/` }, 5_000)).toMatchObject({
      ok: false,
      reason: 'protocol',
      note: 'the answer is not HTTP',
    })
    const gone = await serve((socket) => socket.once('data', () => socket.end()), false)
    expect(await look({ websocket: `ws://web.test:${gone}/` }, 5_000)).toMatchObject({ ok: false, reason: 'closed' })
  })
})
