import { Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { type RequestOptions, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Configuration, Service, Witness } from '../../src/core/check.ts'
import { HOUR } from '../../src/core/time/time.ts'
import { type Replica, startReplica } from '../../src/demo/replica.ts'
import { askWitness } from '../../src/net/witness.ts'
import { checkOf, configurationOf, serviceOf } from '../core/policy.ts'

const witnesses: readonly Witness[] = [
  { kind: 'https', url: 'https://www.witness.example/' },
  { kind: 'https', url: 'https://192.0.2.80/' },
  { kind: 'dns', address: '192.0.2.53', port: 53 },
  { kind: 'tcp', host: 'mail.witness.example', port: 25 },
]
const path: readonly Witness[] = [{ kind: 'https', url: 'https://road.example/' }]

const backup = checkOf('backups.nightly', { heartbeat: { period: 24 * HOUR, grace: HOUR, token: null } })

function configured(services: readonly Service[] = []): Configuration {
  return configurationOf(services, { domain: 'nomagic.test', witnesses, path })
}

const signal = AbortSignal.timeout(15_000)
const pinged: string[] = []
let replica: Replica

beforeAll(async () => {
  replica = await startReplica({
    configuration: configured([serviceOf('backups', [backup])]),
    now: Date.now,
    ping: (check) => void pinged.push(check.id),
  })
})
afterAll(() => replica.stop())

async function dial(host: string, port: number): Promise<Socket> {
  const [address = ''] = await replica.network.resolve(host, 4, signal)
  const to = replica.network.detour(host, port) ?? { host: address, port }
  return replica.network.connect({ address: to.host, port: to.port, family: 4 }, signal)
}

/** Resolves when the other side ended it, gently or not. */
function closing(socket: Socket): Promise<void> {
  return new Promise((done) =>
    socket
      .on('error', () => {})
      .on('close', () => done())
      .resume(),
  )
}

async function handshake(socket: Socket, servername: string): Promise<TLSSocket> {
  const secured = connectTls({ socket, servername, secureContext: replica.network.trust() })
  await once(secured, 'secureConnect')
  return secured
}

async function until(socket: Socket, end: RegExp): Promise<string> {
  let heard = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    heard += chunk
    if (end.test(heard)) break
  }
  return heard
}

function trusted() {
  return { secureContext: replica.network.trust() }
}

async function get(host: string, where: string, port = 443, options: RequestOptions = {}) {
  const line = await dial(host, port)
  const asked = {
    createConnection: () => (port === 80 ? line : connectTls({ socket: line, servername: host, ...trusted() })),
    path: where,
    headers: { host },
    ...options,
  }
  const sent = request(asked).end()
  const [response] = await once(sent, 'response')
  let body = ''
  for await (const chunk of response) body += chunk
  return { status: response.statusCode as number, type: String(response.headers['content-type']), body }
}

describe('the roads of the replica', () => {
  it('lead any name under the domain to loopback, and nowhere else', async () => {
    const { resolve } = replica.network
    const [made] = await resolve('made-up.NoMagic.test.', 4, signal)
    expect(made).toMatch(/^127\./)
    expect(await resolve('made-up.nomagic.test', 4, signal)).toEqual([made])
    expect(await resolve('nomagic.test', 4, signal)).not.toEqual([made])
    expect(await resolve('nomagic.test', 6, signal)).toEqual([expect.stringMatching(/^fd/)])
    expect(await resolve('192.0.2.80', 4, signal)).toEqual(['192.0.2.80'])
    expect(await resolve('192.0.2.80', 6, signal)).toEqual([])
    for (const foreign of ['example.org', 'localhost', 'notnomagic.test', 'test']) {
      await expect(resolve(foreign, 4, signal), foreign).rejects.toMatchObject({ code: 'ENOTFOUND' })
    }
    expect(replica.network.detour('example.org', 443)).toBeUndefined()
  })

  it('reach only its own ports', async () => {
    const stranger = { address: '192.0.2.1', port: 443, family: 4 } as const
    await expect(replica.network.connect(stranger, signal)).rejects.toMatchObject({ code: 'ENETUNREACH' })
    const neighbour = { address: '127.0.0.1', port: 1, family: 4 } as const
    await expect(replica.network.connect(neighbour, signal)).rejects.toMatchObject({ code: 'ENETUNREACH' })
    expect(replica.network.permits('127.0.0.1')).toBe(true)
    expect(replica.network.permits('127.0.0.2')).toBe(false)
    const [known = ''] = await replica.network.resolve('nomagic.test', 4, signal)
    expect(replica.network.permits(known)).toBe(true)
    expect(replica.network.permits('192.168.1.1')).toBe(false)
  })

  it('end when nobody waits any more', async () => {
    const gone = AbortSignal.abort(new Error('gone'))
    await expect(replica.network.resolve('nomagic.test', 4, gone)).rejects.toThrow('gone')
    const [address = ''] = await replica.network.resolve('nomagic.test', 4, signal)
    await expect(replica.network.connect({ address, port: 443, family: 4 }, gone)).rejects.toThrow('gone')
  })

  it('lead to stand-ins for witnesses and path', async () => {
    expect(replica.witnesses).toEqual(witnesses)
    expect(replica.path).toEqual(path)
    for (const witness of [...witnesses, ...path]) {
      const options = { network: replica.network, name: witness.kind, within: 2_000, now: Date.now }
      const { took, layers } = await askWitness(witness, options)
      expect(took, JSON.stringify(witness)).not.toBeNull()
      expect(Object.values(layers)).not.toContain(false)
    }
  })
})

describe('the name server of the replica', () => {
  const resolver = new Resolver({ timeout: 2_000, tries: 1 })
  beforeAll(() => resolver.setServers([...replica.network.resolvers()]))

  it('answers for the domain as a resolver expects', async () => {
    expect(await resolver.resolve4('anything.nomagic.test')).toEqual(['127.0.0.1'])
    expect(await resolver.resolveMx('nomagic.test')).toEqual([{ priority: 10, exchange: 'mx.nomagic.test' }])
    expect(await resolver.resolveNs('nomagic.test')).toEqual(['ns1.nomagic.test', 'ns2.nomagic.test'])
    expect((await resolver.resolveSoa('nomagic.test')).nsname).toBe('ns1.nomagic.test')
    expect(await resolver.resolveTxt('nomagic.test')).toEqual([['v=spf1 mx -all']])
    expect((await resolver.resolveSrv('_xmpp-client._tcp.nomagic.test'))[0]?.port).toBe(5222)
  })

  it('knows no other names and answers no garbage', async () => {
    expect(await resolver.resolve6('nomagic.test')).toEqual(['::1'])
    await expect(resolver.resolve4('example.org')).rejects.toMatchObject({ code: 'ENOTFOUND' })
    const socket = await dial('ns1.nomagic.test', 53)
    socket.write(Buffer.from([0, 3, 1, 2, 3]))
    await once(socket, 'close')
  })

  it('answers over TCP too', async () => {
    const socket = await dial('ns1.nomagic.test', 53)
    const question = Buffer.from(
      '000100000001000000000000076e6f6d616769630474657374000006 0001'.replace(' ', ''),
      'hex',
    )
    socket.write(Buffer.concat([Buffer.from([0, question.length]), question]))
    const [reply] = (await once(socket, 'data')) as [Buffer]
    expect(reply.readUInt16BE(0)).toBe(reply.length - 2)
    expect(reply.subarray(2).readUInt16BE(6)).toBe(1)
    socket.destroy()
  })
})

describe('the front doors of the replica', () => {
  it('answer on the web as each software does', async () => {
    const looks = {
      'webmail/SOGo/': 'ng-app="SOGo.MainUI"',
      'files/api2/ping/': '"pong"',
      'office/healthcheck': 'true',
      'turtl/': '"greeting":"Hi."',
      'pad/health': '"status":"pass"',
      'matrix/_matrix/client/versions': '"versions":["v1.1"',
      'elsewhere/at/all': '<h1>elsewhere.nomagic.test</h1>',
    }
    for (const [where, content] of Object.entries(looks)) {
      const [, label, page = ''] = /^([^/]+)(.*)$/.exec(where) ?? []
      const { status, body } = await get(`${label}.nomagic.test`, page)
      expect([status, body], where).toEqual([200, expect.stringContaining(content)])
    }
    expect((await get('pve.nomagic.test', '/api2/json/version', 8006)).status).toBe(401)
  })

  it('speak plain HTTP where that comes, on any port that is nobody else’s', async () => {
    expect((await get('www.nomagic.test', '/', 80)).body).toContain('www.nomagic.test')
    expect((await get('www.nomagic.test', '/', 12_345)).status).toBe(200)
    expect((await get('www.nomagic.test', '/', 443, { method: 'HEAD' })).body).toBe('')
  })

  it('put nothing of a stranger into the page', async () => {
    const headers = { host: '<script>alert(1)</script>' }
    expect((await get('www.nomagic.test', '/', 443, { headers })).body).not.toContain('<script>')
  })

  it('greet before TLS and upgrade to it', async () => {
    const talks: [number, string, RegExp, string, RegExp][] = [
      [25, 'EHLO me\r\n', /250 8BITMIME/, 'STARTTLS\r\n', /220 2\.0\.0/],
      [587, 'EHLO me\r\n', /STARTTLS/, 'STARTTLS\r\n', /220 2\.0\.0/],
      [143, 'a CAPABILITY\r\n', /a OK/, 'b STARTTLS\r\n', /b OK/],
      [110, 'CAPA\r\n', /STLS\r\n\.\r\n/, 'STLS\r\n', /\+OK Begin/],
      [4190, 'CAPABILITY\r\n', /OK "Dovecot ready\."/, 'STARTTLS\r\n', /OK "Begin/],
      [
        5222,
        "<?xml version='1.0'?><stream:stream to='nomagic.test'>",
        /<starttls/,
        "<starttls xmlns='x'/>",
        /<proceed/,
      ],
      [5269, "<stream:stream to='nomagic.test'>", /<starttls/, "<starttls xmlns='x'/>", /<proceed/],
    ]
    for (const [port, hello, offer, start, go] of talks) {
      const socket = await dial('mail.nomagic.test', port)
      socket.write(hello)
      expect(await until(socket, offer), String(port)).toMatch(offer)
      socket.write(start)
      expect(await until(socket, go), String(port)).toMatch(go)
      const secured = await handshake(socket, 'mail.nomagic.test')
      secured.write(hello)
      expect(await until(secured, /250 |OK |\.\r\n|<\/stream:features>/), String(port)).not.toMatch(
        /STARTTLS|<starttls/,
      )
      secured.destroy()
    }
  })

  it('greet in TLS, and with a banner', async () => {
    for (const [port, greeting] of [
      [465, /^220 mail\.nomagic\.test/],
      [993, /^\* OK/],
      [995, /^\+OK/],
    ] as const) {
      const secured = await handshake(await dial('mail.nomagic.test', port), 'mail.nomagic.test')
      expect(await until(secured, /\n/)).toMatch(greeting)
      secured.destroy()
    }
    const ssh = await dial('hetzner.nomagic.test', 22)
    expect(await until(ssh, /\n/)).toMatch(/^SSH-2\.0-/)
    ssh.destroy()
  })

  it('close on who never ends a line', async () => {
    const socket = await dial('mx.nomagic.test', 25)
    const closed = closing(socket)
    socket.write('x'.repeat(100_000))
    await closed
  })

  it('take no mail for strangers', async () => {
    const socket = await dial('mx.nomagic.test', 25)
    socket.write('EHLO me\r\nMAIL FROM:<a@b.c>\r\nRCPT TO:<contact@elsewhere.example>\r\nDATA\r\nQUIT\r\n')
    expect(await until(socket, /221/)).toMatch(/554 5\.7\.1.*503/s)
    socket.destroy()
  })
})

describe('the relay of the replica', () => {
  it('takes real mail and keeps the last hundred', async () => {
    const [relay] = replica.relays
    const transport = createTransport({ host: relay!.host, port: relay!.port, secure: false, pool: true })
    for (let i = 1; i <= 101; i++) {
      await transport.sendMail({ from: 'vigie@a.example', to: 'admins@b.example', subject: `No ${i}`, text: '.\r\né' })
    }
    transport.close()
    const kept = replica.mailbox.all()
    expect(kept).toHaveLength(100)
    expect(kept[0]?.text).toContain('Subject: No 2\r\n')
    expect(kept[99]).toMatchObject({ from: 'vigie@a.example', to: ['admins@b.example'] })
  })

  it('undoes doubled dots, reads UTF-8 and refuses what is too big', async () => {
    const before = replica.mailbox.all().at(-1)
    const socket = await dialRelay()
    const envelope = 'MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n'
    socket.write(`EHLO me\r\n${envelope}Subject: x\r\n\r\n..été\r\n.\r\n`)
    await until(socket, /kept/)
    expect(replica.mailbox.all().at(-1)).toMatchObject({ from: '', text: 'Subject: x\r\n\r\n.été\r\n' })
    socket.write(`${envelope}${`${'x'.repeat(998)}\r\n`.repeat(1_100)}.\r\nQUIT\r\n`)
    expect(await until(socket, /221/)).toContain('552')
    expect(replica.mailbox.all().at(-1)).not.toBe(before)
    expect(replica.mailbox.all().at(-1)?.text.length).toBeLessThan(100)
    socket.destroy()
  })

  async function dialRelay(): Promise<Socket> {
    const socket = connect(replica.relays[0]!.port, '127.0.0.1')
    await once(socket, 'connect')
    return socket
  }
})

describe('the replica as a whole', () => {
  it('pings each heartbeat at once', async () => {
    await expect.poll(() => pinged).toEqual(['backups.nightly'])
  })

  it('asks again when nobody listens to a heartbeat yet', async () => {
    let tries = 0
    const early = await startReplica({
      configuration: configured([serviceOf('backups', [backup])]),
      now: Date.now,
      ping: () => {
        if (++tries === 1) throw new Error('not yet')
      },
    })
    await expect.poll(() => tries).toBe(2)
    await early.stop()
  })

  it('frees its ports when it stops, whoever is still there', async () => {
    const short = await startReplica({ configuration: configured(), now: Date.now, ping: () => {} })
    const [address = ''] = await short.network.resolve('www.nomagic.test', 4, signal)
    const guests = await Promise.all(
      [22, 25, 143].map((port) => short.network.connect({ address, port, family: 4 }, signal)),
    )
    await Promise.all(guests.map((guest) => once(guest, 'data')))
    const closed = guests.map((guest) =>
      once(
        guest.on('error', () => {}),
        'close',
      ),
    )
    await short.stop()
    await Promise.all(closed)
  })
})
