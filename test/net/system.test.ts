import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as startTls } from 'node:tls'
import { decode, encode } from 'dns-packet'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { outcomeOf } from '../../src/net/failure.ts'
import { createHosts, parseHosts } from '../../src/net/hosts.ts'
import { connect, createNetwork } from '../../src/net/system.ts'
import { openDoor } from '../servers/door.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A resolver that answers what the function says; undefined: nothing. */
async function resolver(
  answer: (name: string, type: string) => readonly string[] | number | undefined,
): Promise<string> {
  const socket: UdpSocket = createSocket('udp4')
  closing.push(() => socket.close())
  socket.on('message', (bytes, from) => {
    const { id, questions } = decode(bytes)
    const [question] = questions!
    const said = answer(question!.name, question!.type)
    if (said === undefined) return
    const answers =
      typeof said === 'number' ? [] : said.map((data) => ({ name: question!.name, type: 'A' as const, data, ttl: 1 }))
    const flags = 0x180 | (typeof said === 'number' ? said : 0)
    socket.send(encode({ type: 'response', id: id!, flags, questions: questions!, answers }), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  return `127.0.0.1:${socket.address().port}`
}

const never = new AbortController().signal

describe('names', () => {
  it('asks the resolver for one family, and knows a name without it from no name', async () => {
    const network = createNetwork({
      ca: [],
      hosts: '/nowhere',
      resolvers: [await resolver((name, type) => (name === 'no.example' ? 3 : type === 'A' ? ['192.0.2.7'] : []))],
    })
    expect(await network.resolve('a.example', 4, never)).toEqual(['192.0.2.7'])
    expect(await network.resolve('a.example', 6, never)).toEqual([])
    await expect(network.resolve('no.example', 4, never)).rejects.toMatchObject({ code: 'ENOTFOUND' })
  })

  it('gives a dead resolver up when told to, and says that it is ours', async () => {
    const network = createNetwork({ ca: [], hosts: '/nowhere', resolvers: [await resolver(() => undefined)] })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    const started = performance.now()
    const error = await network.resolve('a.example', 4, controller.signal).catch((error: unknown) => error)
    // By itself it asks four times, two seconds each.
    expect(performance.now() - started).toBeLessThan(1_900)
    expect(outcomeOf(error)).toMatchObject({ ok: null, reason: 'resolver' })
  })

  it('blames the zone when the resolver is silent about it alone', async () => {
    const address = await resolver((name) => (name === '.' ? [] : undefined))
    const network = createNetwork({ ca: [], hosts: '/nowhere', resolvers: [address] })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 1_400)
    const error = await network.resolve('a.example', 4, controller.signal).catch((error: unknown) => error)
    expect(outcomeOf(error)).toMatchObject({ ok: false, reason: 'dns' })
  })

  it('knows a refusing resolver from a refusing target', async () => {
    const network = createNetwork({ ca: [], hosts: '/nowhere', resolvers: [await resolver(() => 5)] })
    const error = await network.resolve('a.example', 4, never).catch((error: unknown) => error)
    expect(outcomeOf(error)).toMatchObject({ ok: null, reason: 'resolver' })
  })

  it('answers for addresses and localhost itself (RFC 6761)', async () => {
    const network = createNetwork({ ca: [], hosts: '/nowhere', resolvers: ['127.0.0.1:1'] })
    expect(await network.resolve('192.0.2.1', 4, never)).toEqual(['192.0.2.1'])
    expect(await network.resolve('192.0.2.1', 6, never)).toEqual([])
    expect(await network.resolve('localhost', 6, never)).toEqual(['::1'])
    expect(await network.resolve('A.LocalHost.', 4, never)).toEqual(['127.0.0.1'])
  })

  it('believes the hosts file before the resolver, and notices its change', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vigie-hosts-'))
    closing.push(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'hosts')
    writeFileSync(file, '# ours\n192.0.2.1 web.example WWW.example # old\n2001:db8::1\tweb.example\nnonsense\n')
    let time = 0
    const hosts = createHosts(file, () => time)
    expect(hosts('web.example', 4)).toEqual(['192.0.2.1'])
    expect(hosts('web.example', 6)).toEqual(['2001:db8::1'])
    expect(hosts('www.example', 6)).toEqual([])
    expect(hosts('other.example', 4)).toBeUndefined()
    writeFileSync(file, '192.0.2.2 web.example\n')
    utimesSync(file, 1, 1)
    expect(hosts('web.example', 4)).toEqual(['192.0.2.1'])
    time = 1_000
    expect(hosts('web.example', 4)).toEqual(['192.0.2.2'])
    const network = createNetwork({ ca: [], hosts: file, resolvers: ['127.0.0.1:1'] })
    expect(await network.resolve('Web.example.', 4, never)).toEqual(['192.0.2.2'])
  })

  it('reads any hosts file without throwing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('1', '.', ':', 'a', ' ', '\n', '#', '\t') }),
        (text) => parseHosts(text).size >= 0,
      ),
    )
  })
})

describe('connections', () => {
  it('opens, or rejects with the system code', async () => {
    const door = await openDoor((socket) => socket.end())
    const socket = await connect({ address: '127.0.0.1', port: door.port, family: 4 }, never)
    expect(socket.remotePort).toBe(door.port)
    socket.destroy()
    await door.close()
    await expect(connect({ address: '127.0.0.1', port: door.port, family: 4 }, never)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  })

  it('rejects at once when aborted before or while connecting', async () => {
    await expect(connect({ address: '127.0.0.1', port: 1, family: 4 }, AbortSignal.abort())).rejects.toThrow('abort')
    const controller = new AbortController()
    const connecting = connect({ address: '198.51.100.1', port: 9, family: 4 }, controller.signal)
    controller.abort()
    await expect(connecting).rejects.toBeDefined()
  })

  it('never throws an error that nobody waits for', async () => {
    const door = await openDoor((socket) => setTimeout(() => socket.resetAndDestroy(), 20))
    const socket = await connect({ address: '127.0.0.1', port: door.port, family: 4 }, never)
    await new Promise((resolve) => socket.once('close', resolve))
    await door.close()
  })
})

describe('trusted roots', () => {
  it('makes one context for each set of roots and keeps it', () => {
    const authority = createAuthority()
    const network = createNetwork({ ca: [] })
    expect(network.trust()).toBe(network.trust([]))
    expect(network.trust([authority.certificate])).toBe(network.trust([authority.certificate]))
    expect(network.trust([authority.certificate])).not.toBe(network.trust())
  })

  it('needs no other context for roots it trusts anyway', () => {
    const [own, further] = [createAuthority().certificate, createAuthority({ name: 'further' }).certificate]
    const network = createNetwork({ ca: [own] })
    expect(network.trust([own])).toBe(network.trust())
    expect(network.trust([own, further])).toBe(network.trust([further]))
    expect(network.trust([further])).not.toBe(network.trust())
  })

  it('trusts its own further roots and those of a check, and nobody else’s', async () => {
    const [whole, checks, nobodys] = ['whole', 'checks', 'nobodys'].map((name) => createAuthority({ name }))
    const trust = createNetwork({ ca: [whole!.certificate] }).trust([checks!.certificate])
    for (const [authority, expected] of [
      [whole!, true],
      [checks!, true],
      [nobodys!, false],
    ] as const) {
      const door = await openDoor((socket) => socket.resume(), authority.issue({ names: ['here.example'] }))
      const socket = startTls({
        port: door.port,
        host: '127.0.0.1',
        servername: 'here.example',
        secureContext: trust,
        rejectUnauthorized: false,
      })
      await new Promise((resolve) => socket.once('secureConnect', resolve))
      expect(socket.authorized).toBe(expected)
      socket.destroy()
      await door.close()
    }
  })
})
