import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import type { Looked } from '../../src/net/run.ts'
import { kinds } from '../../src/probes/index.ts'
import { type Door, openDoor } from '../servers/door.ts'
import { type Hostile, hostileServers } from '../servers/hostile.ts'
import { lookWith } from '../servers/looking.ts'
import { probeOf } from './settings.ts'

const TIMEOUT = 600
/** Servers and looks share one process here, floods included. */
const TOGETHER = 2_500
const authority = createAuthority()
const ca = [authority.certificate]
const hostile = Object.entries(hostileServers(authority))
const doors: Door[] = []
const unheard: unknown[] = []
const listen = (error: unknown) => unheard.push(error)

beforeAll(() => {
  process.on('unhandledRejection', listen)
  process.on('uncaughtExceptionMonitor', listen)
})
afterAll(async () => {
  process.off('unhandledRejection', listen)
  process.off('uncaughtExceptionMonitor', listen)
  await Promise.all(doors.map((door) => door.close()))
})

async function target({ serve, certificate, kind = 'http', keys = {} }: Omit<Hostile, 'reasons'>, timeout = TIMEOUT) {
  const door = await openDoor(serve, certificate)
  doors.push(door)
  const written = kind === 'http' ? `http://web.test:${door.port}/` : `web.test:${door.port}`
  const probe = probeOf(kinds[kind], written, { ...keys })
  return async (): Promise<Looked & { readonly ended: number }> => {
    const started = performance.now()
    const looked = await lookWith(probe, { ca, timeout })
    return { ...looked, ended: performance.now() - started }
  }
}

describe('a target that', () => {
  it.each(hostile)('%s is seen for what it is, in time', async (_, server) => {
    const memory = process.memoryUsage().rss
    const look = await target(server)
    const { outcome, ended, took, phases } = await look()
    expect(server.reasons).toContain(outcome.ok === true ? null : outcome.reason)
    expect(outcome.ok).not.toBeNull()
    expect(ended).toBeLessThan(TIMEOUT + 2_000)
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
    expect(process.memoryUsage().rss - memory).toBeLessThan(100_000_000)
  })
})

describe('all of them at once', () => {
  it('end in time, leave as many good ones undisturbed, and leave nothing behind', async () => {
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'
    const certificate = authority.issue({ names: ['web.test'] })
    const bad = await Promise.all(hostile.map(([, server]) => target(server, TOGETHER)))
    const good = await Promise.all(
      hostile.map((_, at) =>
        at % 2 === 0
          ? target(
              { serve: (socket) => socket.once('data', () => socket.end(answer)), keys: { contains: 'hello' } },
              TOGETHER,
            )
          : target({ serve: (socket) => socket.resume(), certificate, kind: 'tls' }, TOGETHER),
      ),
    )
    const [seen, fine] = await Promise.all([
      Promise.all(bad.map((look) => look())),
      Promise.all(good.map((look) => look())),
    ])
    for (const { ended } of seen) expect(ended).toBeLessThan(TOGETHER + 2_000)
    for (const { outcome } of fine) expect(outcome).toMatchObject({ ok: true })
    await Promise.all(doors.splice(0).map((door) => door.close()))
    const left = () => process.getActiveResourcesInfo().filter((kind) => /TCP|TLS|UDP|Zlib|GetAddrInfo/.test(kind))
    await expect.poll(left).toEqual([])
    expect(unheard).toEqual([])
  })
})
