// What another site says, as it comes in and goes out over HTTP; what it means: test/twin/.
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LONGEST_MESSAGE, PATH } from '../../src/twin/wire.ts'
import { type RunningSite, runSite, sayRaw } from './site.ts'

let site: RunningSite
let heard: Buffer[]
beforeAll(async () => {
  const twin = async ({ body }: { body: Buffer }) => {
    heard.push(body)
    return { from: 'home', signature: 'c2lnbmVk', body }
  }
  site = await runSite({ twin })
})
afterAll(() => site.close())

async function say(body: Buffer, headers: Record<string, string> = {}) {
  heard = []
  const answer = await fetch(site.url + PATH, {
    method: 'POST',
    headers: { 'vigie-site': 'offsite', 'vigie-signature': 'c2lnbmVk', 'accept-encoding': 'identity', ...headers },
    body: new Uint8Array(body),
  })
  return { status: answer.status, encoding: answer.headers.get('content-encoding'), text: await answer.text() }
}

const SHORT = '{"count":1}'
const LONG = JSON.stringify(Array(500).fill({ subject: 'agreement', state: 'up' }))

it('hears a message as it is, and answers a short one so', async () => {
  expect(await say(Buffer.from(SHORT))).toEqual({ status: 200, encoding: null, text: SHORT })
  expect(heard.map(String)).toEqual([SHORT])
})

it('hears a compressed one, and answers a long one so', async () => {
  const answer = await say(gzipSync(LONG), { 'content-encoding': 'gzip' })
  expect(heard.map(String)).toEqual([LONG])
  expect(answer).toEqual({ status: 200, encoding: 'gzip', text: LONG })
})

it('hears nothing that is no message, or would be longer than one', async () => {
  for (const bomb of [gzipSync(Buffer.alloc(LONGEST_MESSAGE + 1)), Buffer.from('garbage')]) {
    expect(await say(bomb, { 'content-encoding': 'gzip' })).toMatchObject({ status: 400 })
    expect(heard).toEqual([])
  }
  expect(await say(Buffer.from(SHORT), { 'content-encoding': 'br' })).toMatchObject({ status: 400 })
  expect(await say(Buffer.alloc(LONGEST_MESSAGE + 1))).toMatchObject({ status: 413, text: '{"refused":"length"}' })
  expect(heard).toEqual([])
})

it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
  'is posted to, and nothing else: %s',
  async (method) => {
    const answer = await sayRaw(
      site.port,
      `${method} ${PATH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 405 /)
    expect(answer).toMatch(/^allow: POST\r$/im)
    if (method !== 'HEAD') expect(answer).toMatch(/\{"refused":"method"\}$/)
  },
)

it('takes so many long messages in at a time, and short ones all the same', async () => {
  const { hostname, port } = new URL(site.url)
  const slow = Array.from({ length: 40 }, () => {
    const socket = connect(Number(port), hostname)
    socket.write(`POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 900000\r\nvigie-site: offsite\r\n\r\n{`)
    return socket
  })
  const answers = slow.map((socket) => new Promise<string>((done) => socket.once('data', (data) => done(String(data)))))
  const refused = await Promise.race([Promise.any(answers), new Promise((done) => setTimeout(done, 3_000, 'none'))])
  expect(refused).toContain(' 503 ')
  const long = Buffer.from(`"${'x'.repeat(LONGEST_MESSAGE / 2)}"`)
  expect(await say(long)).toMatchObject({ status: 503 })
  expect(await say(Buffer.from(SHORT))).toMatchObject({ status: 200 })
  for (const socket of slow) socket.destroy()
  await expect.poll(async () => (await say(long)).status).toBe(200)
})
