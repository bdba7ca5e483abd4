import { describe, expect, it } from 'vitest'
import { parseResolver } from '../../src/net/dial.ts'
import { doing } from '../probes/settings.ts'
import { atDoor, openDoor, silent } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'

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
    await atDoor(silent, async (door) => {
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
    await atDoor(silent, async (door) => {
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
    await atDoor(silent, async (door) => {
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
    const door = await openDoor(silent)
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
