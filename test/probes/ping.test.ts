import { describe, expect, it } from 'vitest'
import { ping, plan } from '../../src/probes/ping.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { configure } from './settings.ts'

type Ended = Awaited<ReturnType<Parameters<typeof plan>[1]>>

async function look(ended: Partial<Ended>, keys: object = {}, options = {}) {
  const calls: (readonly string[])[] = []
  const run = async (arguments_: readonly string[]) => {
    calls.push(arguments_)
    return { code: 0, stdout: '', stderr: '', ...ended }
  }
  const { plan: made } = configure({ configure: (settings) => plan(settings, run) }, 'host.test', { ...keys })
  if (made.does !== 'look') throw new Error('it looks')
  return { ...(await lookWith(made.probe, options)), calls }
}

const said = (sent: number, received: number) =>
  `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.\n\n--- 127.0.0.1 ping statistics ---\n${sent} packets transmitted, ${received} received, 0% packet loss, time 203ms\n` +
  (received > 0 ? 'rtt min/avg/max/mdev = 0.039/12.105/0.172/0.066 ms\n' : '')

describe('ping', () => {
  it('pings the address, not the name', async () => {
    const { outcome, calls, phases } = await look({ stdout: said(3, 3) })
    expect(outcome).toEqual({ ok: true, note: '3 of 3 answered, 12.1 ms' })
    expect(calls).toEqual([['-n', '-q', '-c', '3', '-i', '0.2', '-W', '1', '-4', '127.0.0.1']])
    expect(Object.keys(phases)).toEqual(['resolve', 'echo'])
  })

  it('is content when some are lost, and says so', async () => {
    expect((await look({ stdout: said(5, 4) }, { count: 5 })).outcome).toEqual({
      ok: true,
      note: '4 of 5 answered, 12.1 ms',
    })
  })

  it('fails when none is answered', async () => {
    expect((await look({ code: 1, stdout: said(3, 0) })).outcome).toEqual({
      ok: false,
      reason: 'timeout',
      note: 'none of 3 answered',
    })
  })

  it.each([
    [
      { code: 2, stderr: 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\n' },
      'blocked',
      /ping_group_range/,
    ],
    [{ code: 'EPERM' }, 'blocked', /ping_group_range/],
    [{ code: 'ENOENT' }, 'blocked', /not installed/],
    [{ code: 2, stderr: 'ping: unknown option\n' }, 'blocked', /unknown option/],
    [{ code: 2, stderr: 'ping: connect: Network is unreachable\n' }, 'offline', /no network/],
  ])('learns nothing when ping itself fails: %j', async (ended, reason, words) => {
    const { outcome } = await look(ended)
    expect(outcome).toMatchObject({ ok: null, reason })
    expect(outcome.note).toMatch(words)
  })

  it('does not ping inside', async () => {
    const { outcome, calls } = await look({ stdout: said(3, 3) }, {}, { network: loopback({ strict: true }) })
    expect(outcome).toMatchObject({ ok: null, reason: 'blocked' })
    expect(calls).toEqual([])
  })

  it('runs the ping of the system, and ends it at the deadline', async () => {
    const made = configure(ping, '127.0.0.1', { count: 20 }).plan
    if (made.does !== 'look') throw new Error('it looks')
    const started = performance.now()
    const { outcome } = await lookWith(made.probe, { timeout: 250 })
    // Left alone it takes twenty seconds.
    expect(performance.now() - started).toBeLessThan(5_000)
    // Where ping is missing or not permitted it says so at once.
    expect(['timeout', 'blocked']).toContain(outcome.ok === true ? 'ok' : outcome.reason)
  })
})
