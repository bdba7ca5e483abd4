import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createMute } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SECOND } from '../../src/core/time/time.ts'
import { type Caller, createCaller } from '../../src/net/caller.ts'
import { createNetwork } from '../../src/net/system.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
  vi.useRealTimers()
})

async function start(
  answer: RequestListener,
): Promise<{ caller: Caller; connections: () => number; networks: () => number; server: Server }> {
  let connections = 0
  const server = createServer(answer)
  server.on('connection', () => {
    connections++
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  let networks = 0
  const ground = () => {
    networks++
    return { network: createNetwork({ ca: [] }), ca: [] }
  }
  const caller = createCaller({ url, ground, now: Date.now })
  ends.push(
    () => caller.close(),
    () => server.closeAllConnections(),
    () => server.close(),
  )
  return { caller, connections: () => connections, networks: () => networks, server }
}

const call = { path: '/x', headers: {}, body: Buffer.from('hello'), within: 2_000, mostBytes: 100 }

describe('a caller', () => {
  it('keeps its connection, and makes another, over the network of then, when the server dropped it', async () => {
    const { caller, connections, networks, server } = await start((request, response) => {
      request.pipe(response)
    })
    for (let n = 0; n < 3; n++) expect((await caller.post(call)).body.toString()).toBe('hello')
    expect(connections()).toBe(1)
    server.closeAllConnections()
    expect((await caller.post(call)).status).toBe(200)
    expect(connections()).toBe(2)
    expect(networks()).toBe(2)
  })

  it('keeps an idle connection as long as the server does, which need not say how long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { caller, connections, server } = await start((request, response) => {
      request.pipe(response)
    })
    server.keepAliveTimeout = 0
    for (let n = 0; n < 2; n++) {
      expect((await caller.post(call)).status).toBe(200)
      // It counts from the next turn of the event loop.
      await new Promise((done) => setImmediate(done))
      vi.advanceTimersByTime(80 * SECOND)
    }
    expect(connections()).toBe(1)
    vi.advanceTimersByTime(20 * SECOND)
    expect((await caller.post(call)).status).toBe(200)
    expect(connections()).toBe(2)
  })

  it('gives up a server that is silent, and one that never ends', async () => {
    const silent = await start(() => {})
    await expect(silent.caller.post({ ...call, within: 200 })).rejects.toThrow('no answer within')
    const endless = await start((_, response) => {
      const more = setInterval(() => response.write('x'.repeat(50)), 5)
      response.on('close', () => clearInterval(more))
    })
    await expect(endless.caller.post(call)).rejects.toThrow('no end')
    const dripping = await start((_, response) => {
      const more = setInterval(() => response.write('x'), 50)
      response.on('close', () => clearInterval(more))
    })
    await expect(dripping.caller.post({ ...call, within: 300 })).rejects.toThrow()
  })

  it('says nothing more of what was given up while it waited for another, and is free for the next', async () => {
    let asked = 0
    let hangs = true
    const { caller } = await start((request, response) => {
      asked++
      if (!hangs) request.pipe(response)
    })
    const both = [400, 200].map((within) => caller.post({ ...call, within }))
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    hangs = false
    for (let n = 0; n < 2; n++) expect((await caller.post(call)).status).toBe(200)
    expect(asked).toBe(3)
  })

  it('gives up a handshake that stalls, and tries it anew with the next call', { timeout: 25_000 }, async () => {
    let connections = 0
    const mute = createMute((socket) => {
      connections++
      socket.on('error', () => {}).resume()
    })
    await new Promise<void>((done) => mute.listen(0, '127.0.0.1', done))
    const url = `https://127.0.0.1:${(mute.address() as AddressInfo).port}/`
    const caller = createCaller({ url, ground: () => ({ network: createNetwork({ ca: [] }), ca: [] }), now: Date.now })
    ends.push(
      () => caller.close(),
      () => mute.close(),
    )
    await expect(caller.post({ ...call, within: 9_000 })).rejects.toThrow(/^no connection within 5 s$/)
    expect(connections).toBe(1)
    await expect(caller.post({ ...call, within: 500 })).rejects.toThrow(/^no answer within 0\.5 s$/)
    expect(connections).toBe(2)
  })

  it('rejects where nobody listens', async () => {
    const { caller, server } = await start(() => {})
    await new Promise((done) => server.close(done))
    await expect(caller.post(call)).rejects.toThrow('ECONNREFUSED')
  })
})
