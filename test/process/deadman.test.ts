// Somebody elsewhere who is told that vigie lives.
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { startDeadman } from '../../src/process/deadman.ts'
import { loopback } from '../servers/loopback.ts'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

/** Who is told, and what reached them. */
async function listener(address: string, status = 200) {
  const heard: IncomingMessage[] = []
  const server = createServer((request, response) => {
    heard.push(request)
    response.writeHead(status).end('heard')
  })
  await new Promise<void>((done) => server.listen(0, address, done))
  open.push(() => new Promise((done) => server.close(done)))
  return { heard, port: (server.address() as AddressInfo).port }
}

/** The next five minutes, as often as they are asked for. */
function deadman(url: string | null, well = () => true) {
  let next = () => {}
  const log: string[] = []
  const after = (_delay: number, run: () => void) => {
    next = run
    return () => {}
  }
  const network = loopback()
  startDeadman({ url: () => url, network: () => network, well, now: Date.now, after, log: (note) => log.push(note) })
  return { log, next: () => next() }
}

it.each(['127.0.0.1', '::1'])('at %s is told again and again while all is well, and nothing else', async (address) => {
  const { heard, port } = await listener(address)
  let well = true
  const { log, next } = deadman(`http://${address === '::1' ? '[::1]' : address}:${port}/ping/a?b=c`, () => well)
  next()
  await expect.poll(() => heard.length).toBe(1)
  expect(heard[0]).toMatchObject({ method: 'GET', url: '/ping/a?b=c' })
  well = false
  next()
  well = true
  next()
  await expect.poll(() => heard.length).toBe(2)
  expect(log).toEqual([])
})

it('that refuses is a line in the log, once until it is told again', async () => {
  const { heard, port } = await listener('127.0.0.1', 503)
  const { log, next } = deadman(`http://127.0.0.1:${port}/`)
  for (let times = 1; times <= 3; times++) {
    next()
    await expect.poll(() => heard.length).toBe(times)
  }
  await expect.poll(() => log).toEqual([`deadman 127.0.0.1:${port}: answered 503`])
})
