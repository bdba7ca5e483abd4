import { describe, expect, it, vi } from 'vitest'
import { createAuthority, selfSigned } from '../../src/demo/certificates.ts'
import { STARTTLS } from '../../src/net/starttls.ts'
import { tls } from '../../src/probes/tls.ts'
import { drip, flood, openDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { MANNERS, upgrading } from '../servers/upgrade.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['mx.test'], until: Date.UTC(2040, 0, 1) })
const ca = [authority.certificate]

async function look(
  serve: Parameters<typeof openDoor>[0],
  keys: object = {},
  certificate?: Parameters<typeof openDoor>[1],
  timeout = 1_000,
) {
  const door = await openDoor(serve, certificate)
  try {
    return await lookWith(probeOf(tls, `mx.test:${door.port}`, { ...keys }), { ca, timeout })
  } finally {
    await door.close()
  }
}

describe('tls', () => {
  it('shows version and days left of a good certificate', async () => {
    const { outcome } = await look((socket) => socket.resume(), {}, issued)
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3', expires: Date.UTC(2040, 0, 1) } })
    expect(outcome.note).toMatch(/^TLSv1\.3, \d+ days left$/)
  })

  it('fails a bad certificate with its dates', async () => {
    const { outcome } = await look((socket) => socket.resume(), {}, selfSigned(['mx.test']))
    expect(outcome).toMatchObject({ ok: false, reason: 'certificate', dated: false, tls: { version: 'TLSv1.3' } })
  })

  it('asks for the name it is told to', async () => {
    const other = authority.issue({ names: ['other.test'] })
    expect((await look((socket) => socket.resume(), { name: 'other.test' }, other)).outcome.ok).toBe(true)
    expect((await look((socket) => socket.resume(), {}, other)).outcome).toMatchObject({ reason: 'certificate' })
  })

  it('reads its own keys', () => {
    expect([...configure(tls, 'mx.test:25').read]).toEqual(['starttls', 'name'])
  })
})

describe.each(STARTTLS)('tls after STARTTLS in %s', (starttls) => {
  it('goes on in TLS, measures each step, and takes its leave', async () => {
    const heard = vi.fn()
    const door = await openDoor(upgrading(starttls, issued, heard))
    const { outcome, phases } = await lookWith(probeOf(tls, `mx.test:${door.port}`, { starttls }), { ca })
    expect(outcome).toMatchObject({ ok: true, tls: { version: 'TLSv1.3' } })
    expect(Object.keys(phases).slice(0, 5)).toEqual(['resolve', 'connect', 'greeting', 'starttls', 'tls'])
    if (starttls !== 'xmpp') await expect.poll(() => heard.mock.calls.join('')).toMatch(/QUIT|LOGOUT/)
    await door.close()
  })

  it('refuses what is injected after the answer', async () => {
    const { outcome } = await look(upgrading(starttls, issued, undefined, '250 injected\r\n'), { starttls })
    expect(outcome).toMatchObject({ ok: false, reason: 'protocol' })
    expect(outcome.note).toMatch(/in the clear/)
  })

  it('says when it is not offered, or refused', async () => {
    const { greeting, answer } = MANNERS[starttls]
    const without = (text: string) => text.replace(/250-STARTTLS\r\n|"STARTTLS"\r\n|<starttls.*<\/starttls>/, '')
    const { outcome } = await look(
      (socket) => {
        socket.write(without(greeting))
        socket.on('data', (chunk) =>
          socket.write(without(answer(chunk.toString().trim()) ?? 'a NO not here\r\n-ERR not here\r\n')),
        )
      },
      { starttls },
    )
    expect(outcome).toMatchObject({ ok: false, reason: 'protocol' })
  })

  it.each([
    [
      'speaks HTTP',
      (socket: import('node:net').Socket) => {
        socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
      },
      'protocol',
    ],
    [
      'ends',
      (socket: import('node:net').Socket) => {
        socket.end()
      },
      'closed',
    ],
    [
      'is silent',
      (socket: import('node:net').Socket) => {
        socket.resume()
      },
      'timeout',
    ],
    [
      'floods',
      (socket: import('node:net').Socket) => {
        flood(socket, '\0'.repeat(5_000))
      },
      'protocol',
    ],
    [
      'drips',
      (socket: import('node:net').Socket) => {
        drip(socket, MANNERS[starttls].greeting.slice(0, -2) || '<', ' ', 5)
      },
      'timeout',
    ],
  ])('ends in time with a server that %s', async (_, serve, reason) => {
    const started = performance.now()
    const { outcome } = await look(serve, { starttls }, undefined, 250)
    expect(performance.now() - started).toBeLessThan(2_000)
    expect(outcome).toMatchObject({ ok: false, reason })
  })

  it('ends in time with a server that agrees and never shakes hands', async () => {
    const { greeting, answer, go } = MANNERS[starttls]
    const { outcome } = await look(
      (socket) => {
        socket.write(greeting)
        socket.on('data', (chunk) => socket.write(chunk[0] === 22 ? '' : (answer(chunk.toString().trim()) ?? go)))
      },
      { starttls },
      undefined,
      250,
    )
    expect(outcome).toMatchObject({ ok: false, reason: 'timeout' })
    expect(outcome.note).toMatch(/TLS handshake/)
  })
})
