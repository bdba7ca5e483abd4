import { describe, expect, it, vi } from 'vitest'
import { DAY } from '../../src/core/time.ts'
import { createAuthority, type Issued, selfSigned } from '../../src/demo/certificates.ts'
import { parseResolver } from '../../src/net/dial.ts'
import { doing } from '../probes/settings.ts'
import { type Door, openDoor } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'

async function at(door: Door, work: (door: Door) => Promise<void>) {
  try {
    await work(door)
  } finally {
    await door.close()
  }
}

const quiet = () => openDoor((socket) => socket.resume())
const pause = (length: number) => new Promise((resolve) => setTimeout(resolve, length))

describe('a look', () => {
  it('measures phases in order, and they add up', async () => {
    await at(await quiet(), async ({ port }) => {
      const { outcome, took, phases, via } = await lookWith(
        doing(async (look) => {
          await look.dial({ host: 'web.test', port })
          await pause(30)
          look.mark('greeting')
          await pause(20)
        }),
      )
      expect(outcome).toEqual({ ok: true, note: 'done' })
      expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'greeting'])
      expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(1)
      expect(took).toBeGreaterThan(45)
      expect(via).toEqual({ dns: true, family: 4, port })
    })
  })

  it('ends at its deadline although the probe ignores it, and names what it waited for', async () => {
    const started = performance.now()
    const { outcome, phases, took } = await lookWith(
      async (look) => {
        look.mark('connect')
        look.begin('tls', 'mx.test')
        return new Promise(() => {})
      },
      { timeout: 200 },
    )
    expect(performance.now() - started).toBeLessThan(450)
    expect(outcome).toEqual({
      ok: false,
      reason: 'timeout',
      note: 'no answer to the TLS handshake (mx.test) within 200ms',
    })
    expect(Object.keys(phases)).toEqual(['connect', 'tls'])
    expect(took).toBeGreaterThanOrEqual(199)
  })

  it('does not take good news after the deadline', async () => {
    const late = doing(async (look) => new Promise((resolve) => look.signal.addEventListener('abort', resolve)))
    expect((await lookWith(late, { timeout: 100 })).outcome).toMatchObject({ ok: false, reason: 'timeout' })
  })

  it('blames this machine for a deadline noticed far too late', async () => {
    const busy = doing(async () => {
      const until = performance.now() + 900
      while (performance.now() < until);
      await new Promise(() => {})
    })
    expect((await lookWith(busy, { timeout: 100 })).outcome).toMatchObject({ ok: null, reason: 'overload' })
  })

  it('throws a bug of the probe on, and closes what it had opened', async () => {
    const closed = vi.fn()
    await at(await openDoor((socket) => socket.once('close', closed).resume()), async ({ port }) => {
      const broken = doing(async (look) => {
        await look.dial({ host: 'web.test', port })
        throw new TypeError('no such thing')
      })
      await expect(lookWith(broken)).rejects.toThrow(TypeError)
      await vi.waitFor(() => expect(closed).toHaveBeenCalled())
    })
  })

  it('tells whatever a probe left running to stop', async () => {
    let signal: AbortSignal | undefined
    await lookWith(
      doing(async (look) => {
        signal = look.signal
      }),
    )
    expect(signal?.aborted).toBe(true)
  })

  it('makes one clean line of a note', async () => {
    const { outcome } = await lookWith(async () => ({ ok: true, note: 'a\r\n\u202eb\u0000' }))
    expect(outcome.note).toBe('a b')
  })

  it('is unknown while our own resolver does not answer', async () => {
    const network = { ...loopback(), resolve: () => new Promise<never>(() => {}) }
    const { outcome, via } = await lookWith(
      doing((look) => look.dial({ host: 'web.test', port: 1 })),
      { network, timeout: 100 },
    )
    expect(outcome).toMatchObject({ ok: null, reason: 'resolver' })
    expect(via).toEqual({ dns: true, family: null, port: 1 })
  })
})

describe('where a look goes', () => {
  const dial = (host: string, port: number) => doing((look) => look.dial({ host, port }))

  it('takes IPv6 only where there is no IPv4, or where it is asked for', async () => {
    const names = {
      'both.test': { 4: ['127.0.0.1'], 6: ['::1'] },
      'six.test': { 6: ['::1'] },
      'four.test': { 4: ['127.0.0.1'] },
      'none.test': {},
    }
    const asked: (4 | 6)[] = []
    const network = {
      ...loopback({ names }),
      connect: async (to: { family: 4 | 6 }) => {
        asked.push(to.family)
        throw Object.assign(new Error(), { code: 'ECONNREFUSED' })
      },
    }
    for (const [host, family] of [
      ['both.test', null],
      ['both.test', 6],
      ['six.test', null],
      ['four.test', 4],
      ['::1', null],
    ] as const) {
      await lookWith(dial(host, 1), { network, family })
    }
    expect(asked).toEqual([4, 6, 6, 4, 6])
    expect((await lookWith(dial('four.test', 1), { network, family: 6 })).outcome).toEqual({
      ok: false,
      reason: 'dns',
      note: 'four.test has no IPv6 address',
    })
    expect((await lookWith(dial('none.test', 1), { network })).outcome).toMatchObject({ ok: false, reason: 'dns' })
    expect((await lookWith(dial('127.0.0.1', 1), { network, family: 6 })).outcome).toMatchObject({
      ok: null,
      reason: 'config',
    })
  })

  it('refuses private addresses when connecting, whatever name led there, unless they are allowed', async () => {
    await at(await quiet(), async (door) => {
      const network = loopback({ strict: true, names: { 'rebound.test': { 4: ['127.0.0.1'] } } })
      for (const host of ['rebound.test', '127.0.0.1']) {
        const { outcome } = await lookWith(dial(host, door.port), { network })
        expect(outcome).toMatchObject({ ok: null, reason: 'blocked' })
      }
      expect(door.taken()).toBe(0)
      expect((await lookWith(dial('rebound.test', door.port), { network, allowPrivate: true })).outcome.ok).toBe(true)
    })
  })

  it('goes where `connect` says instead of the first target, and only instead of that', async () => {
    await at(await quiet(), async (door) => {
      const connect = { host: '127.0.0.1', port: door.port }
      const seen: string[] = []
      const network = {
        ...loopback(),
        resolve: async (name: string) => {
          seen.push(name)
          return ['127.0.0.1']
        },
      }
      const { outcome, via } = await lookWith(
        doing(async (look) => {
          await look.dial({ host: 'web.test', port: 443 })
          await look.dial({ host: 'web.test', port: 443 })
          await look.dial({ host: 'other.test', port: door.port })
        }),
        { network, connect },
      )
      expect(outcome.ok).toBe(true)
      expect(seen).toEqual(['other.test'])
      expect(via.port).toBe(door.port)
      expect(door.taken()).toBe(3)
    })
  })

  it('takes a detour, and still says which port was meant', async () => {
    await at(await quiet(), async (door) => {
      const network = {
        ...loopback(),
        detour: (_: string, port: number) => (port === 25 ? { host: '127.0.0.1', port: door.port } : undefined),
      }
      const { outcome, via } = await lookWith(dial('mx.test', 25), { network })
      expect(outcome.ok).toBe(true)
      expect(via).toEqual({ dns: false, family: 4, port: 25 })
    })
  })

  it('says refused where nobody listens', async () => {
    const door = await quiet()
    await door.close()
    expect((await lookWith(dial('web.test', door.port))).outcome).toMatchObject({ ok: false, reason: 'refused' })
  })

  it('reads resolvers as the system writes them', () => {
    expect(parseResolver('192.0.2.53')).toEqual({ address: '192.0.2.53', family: 4, port: 53 })
    expect(parseResolver('127.0.0.1:5353')).toEqual({ address: '127.0.0.1', family: 4, port: 5353 })
    expect(parseResolver('2001:db8::53')).toEqual({ address: '2001:db8::53', family: 6, port: 53 })
    expect(parseResolver('[2001:db8::53]:54')).toEqual({ address: '2001:db8::53', family: 6, port: 54 })
  })
})

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
    await at(await openDoor((socket) => socket.resume(), issued), async ({ port }) => {
      expect((await lookWith(secure(port, name), { ca })).outcome).toMatchObject({ ok: true })
    })
    return shown!
  }

  it('finds nothing wrong with a good one, and reads its dates', async () => {
    const expires = Date.UTC(2031, 4, 6)
    const { fault, facts } = await faultOf(authority.issue({ names, until: expires }))
    expect(fault).toBeNull()
    expect(facts).toEqual({ version: 'TLSv1.3', from: Date.UTC(2020, 0, 1), expires })
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
    ['ends', (socket: import('node:net').Socket) => socket.end(), 'closed'],
    [
      'resets',
      (socket: import('node:net').Socket) => {
        socket.once('data', () => socket.resetAndDestroy())
      },
      'reset',
    ],
    [
      'speaks something else',
      (socket: import('node:net').Socket) => {
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      },
      'tls',
    ],
    [
      'is silent',
      (socket: import('node:net').Socket) => {
        socket.resume()
      },
      'timeout',
    ],
  ])('says so of a server that %s instead of a handshake', async (_, serve, reason) => {
    await at(await openDoor(serve), async ({ port }) => {
      const { outcome, phases } = await lookWith(secure(port), { timeout: 300 })
      expect(outcome).toMatchObject({ ok: false, reason })
      expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls'])
    })
  })
})
