// Kinds that speak over HTTP, with what is most worth stealing in hand, at servers that mean no good.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Network } from '../../src/net/network.ts'
import { kinds } from '../../src/probes/index.ts'
import { openDoor } from '../servers/door.ts'
import { hostileServers } from '../servers/hostile.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { authority } from '../servers/world.ts'
import { probeOf } from './settings.ts'

const TIMEOUT = 600
const SECRET = 's3cr3t-donkey'
const login = { user: 'probe', password: SECRET }
const end = { base: 'https://web.test/', token: SECRET }
const LOOKS = {
  caldav: probeOf(kinds.caldav, 'https://web.test/', { login }),
  domain: probeOf(kinds.domain, 'web.test'),
  'http in two steps': probeOf(kinds.http, 'https://web.test/', {
    headers: { authorization: '{TOKEN}' },
    first: { url: 'https://web.test/', method: 'POST', body: SECRET, take: { TOKEN: '.' } },
    contains: 'fine',
  }),
  'matrix for programs': probeOf(kinds.matrix, 'web.test', { federation: false, login }),
  'matrix for servers': probeOf(kinds.matrix, 'web.test:8448', { base: 'https://well.test/' }),
  matrixtrip: probeOf(kinds.matrixtrip, '!room:web.test', { from: end, to: end, within: '2s' }),
  proxmox: probeOf(kinds.proxmox, 'https://web.test:8006', { token: `a@pve!b=${SECRET}`, backups: '26h' }),
}

/** A connection within TLS can't be reset by who holds it. */
const hostile = Object.entries(hostileServers(authority)).filter(
  ([what, { kind }]) => kind === undefined && !what.startsWith('resets'),
)
const unheard: unknown[] = []
const listen = (error: unknown) => unheard.push(error)
beforeAll(() => {
  process.on('unhandledRejection', listen)
  process.on('uncaughtExceptionMonitor', listen)
})
afterAll(() => {
  process.off('unhandledRejection', listen)
  process.off('uncaughtExceptionMonitor', listen)
})

describe('a server that', () => {
  it.each(hostile)('%s gets nothing out of any kind, in time', async (_, { serve }) => {
    const memory = process.memoryUsage().rss
    const door = await openDoor(serve, authority.issue({ names: ['web.test', 'data.iana.org'] }))
    const well = await openDoor(
      (socket) =>
        socket.on('data', () => {
          const body = '{"versions":["v1.1"],"flows":[{}]}'
          socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
        }),
      authority.issue({ names: ['well.test'] }),
    )
    const network: Network = {
      ...loopback({ ca: [authority.certificate] }),
      detour: (host) => ({ host: '127.0.0.1', port: host === 'well.test' ? well.port : door.port }),
    }
    const looked = await Promise.all(
      Object.entries(LOOKS).map(async ([name, probe]) => {
        const started = performance.now()
        const { outcome } = await lookWith(probe, { network, timeout: TIMEOUT })
        return { name, outcome, ended: performance.now() - started }
      }),
    )
    await Promise.all([door.close(), well.close()])
    for (const { name, outcome, ended } of looked) {
      expect(outcome.ok, `${name}: ${outcome.note}`).not.toBe(true)
      if (name !== 'domain') expect(outcome.ok, `${name}: ${outcome.note}`).toBe(false)
      expect(ended, name).toBeLessThan(TIMEOUT + 1_500)
      expect(JSON.stringify(outcome)).not.toContain(SECRET)
    }
    expect(process.memoryUsage().rss - memory).toBeLessThan(150_000_000)
    expect(unheard).toEqual([])
  })
})
