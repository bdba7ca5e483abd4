import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { DAY } from '../../src/core/time/time.ts'
import { createAuthority, type Issued, selfSigned } from '../../src/demo/certificates.ts'
import { doing } from '../probes/settings.ts'
import { atDoor, silent } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'

describe('certificates', () => {
  const authority = createAuthority()
  const names = ['mx.test']
  const secure = (port: number, name = 'mx.test') =>
    doing(async (look) => {
      const { fault, facts } = await look.secure(await look.dial({ host: 'mx.test', port }), name)
      shown = { fault, facts }
    })
  let shown: {
    fault: { note: string; dated: boolean } | null
    facts: { version: string; from: number; expires: number }
  } | null = null

  async function faultOf(issued: Issued, name?: string, ca = [authority.certificate]) {
    shown = null
    await atDoor(
      silent,
      async ({ port }) => {
        expect((await lookWith(secure(port, name), { ca })).outcome).toMatchObject({ ok: true })
      },
      issued,
    )
    return shown!
  }

  it('finds nothing wrong with a good one, and reads its dates', async () => {
    const expires = Date.UTC(2031, 4, 6)
    const { fault, facts } = await faultOf(authority.issue({ names, until: expires }))
    expect(fault).toBeNull()
    expect(facts).toEqual({ version: 'TLSv1.3', from: Date.UTC(2020, 0, 1), expires })
  })

  it('reads it once, whoever asks for it', async () => {
    const read: unknown[] = []
    const probe = (port: number) =>
      doing(async (look) => {
        const { socket } = await look.secure(await look.dial({ host: 'mx.test', port }), 'mx.test')
        read.push(socket.getPeerCertificate(), socket.getPeerCertificate(), socket.getPeerCertificate(true))
      })
    const ca = [authority.certificate]
    await atDoor(silent, ({ port }) => lookWith(probe(port), { ca }), authority.issue({ names }))
    expect(read[0]).toMatchObject({ subjectaltname: 'DNS:mx.test' })
    expect(new Set(read).size).toBe(1)
  })

  it('accepts an address the certificate is for, and sends none as server name', async () => {
    expect((await faultOf(authority.issue({ names: ['127.0.0.1'] }), '127.0.0.1')).fault).toBeNull()
    expect((await faultOf(authority.issue({ names }), '127.0.0.1')).fault).toMatchObject({ dated: false })
  })

  it.each([
    [
      'expired',
      () => authority.issue({ names, until: Date.UTC(2021, 0, 1) }),
      /^certificate expired \(2021-01-01\)$/,
      true,
    ],
    ['not yet valid', () => authority.issue({ names, from: Date.now() + DAY }), /^certificate not valid yet/, true],
    [
      'for another name',
      () => authority.issue({ names: ['a.test', 'b.test'] }),
      /^certificate is for a.test, b.test, not mx.test$/,
      false,
    ],
    [
      'expired and for another name',
      () => authority.issue({ names: ['a.test'], until: Date.UTC(2021, 0, 1) }),
      /expired.*for a.test/,
      false,
    ],
    ['self-signed', () => selfSigned(names), /^self-signed certificate$/, false],
    ['self-signed and expired', () => selfSigned(names, { until: Date.UTC(2021, 0, 1) }), /expired/, false],
    [
      'of an unknown authority',
      () => createAuthority({ name: 'nobody' }).issue({ names, intermediate: 'sent' }),
      /authority/,
      false,
    ],
    ['without its intermediate', () => authority.issue({ names, intermediate: 'missing' }), /intermediate/, false],
  ])('says of one %s what is wrong, and whether only the dates are', async (_, issue, words, dated) => {
    const { fault, facts } = await faultOf(issue())
    expect(fault?.note).toMatch(words)
    expect(fault?.dated).toBe(dated)
    expect(facts.expires).toBeGreaterThan(0)
  })

  it('accepts a chain whose intermediate is sent', async () => {
    expect((await faultOf(authority.issue({ names, intermediate: 'sent' }))).fault).toBeNull()
  })

  it.each([
    ['ends', (socket: Socket) => socket.end(), 'closed'],
    [
      'resets',
      (socket: Socket) => {
        socket.once('data', () => socket.resetAndDestroy())
      },
      'reset',
    ],
    [
      'speaks something else',
      (socket: Socket) => {
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      },
      'tls',
    ],
    [
      'is silent',
      (socket: Socket) => {
        socket.resume()
      },
      'timeout',
    ],
  ])('says so of a server that %s instead of a handshake', async (_, serve, reason) => {
    await atDoor(serve, async ({ port }) => {
      const { outcome, phases } = await lookWith(secure(port), { timeout: 300 })
      expect(outcome).toMatchObject({ ok: false, reason })
      expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls'])
    })
  })
})
