// ping with the system's own command: a host that answers, and a machine that may not or can't ask.
import { execFile, spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import type { Settings } from '../../src/core/settings.ts'
import { ping, plan } from '../../src/probes/ping.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { whenPresent } from './present.ts'

const TIMEOUT = 20_000

whenPresent(['ping'])('ping', () => {
  it('is answered by 127.0.0.1, or says that it may not ask', async () => {
    const permitted = spawnSync('ping', ['-c', '1', '127.0.0.1']).status === 0
    const { outcome, phases } = await lookWith(probeOf(ping, '127.0.0.1', { count: 2 }), { timeout: TIMEOUT })
    if (permitted) expect(outcome).toEqual({ ok: true, note: expect.stringMatching(/^2 of 2 answered, [\d.]+ ms$/) })
    else expect(outcome).toMatchObject({ ok: null, reason: 'blocked' })
    expect(Object.keys(phases)).toEqual(['resolve', 'echo'])
  }, 60_000)
})

/** Runs ping in a network namespace of its own, where the loopback is up or not, as root or as somebody who may nothing. */
function pingApart({ up, as }: { readonly up: boolean; readonly as: 'root' | 'nobody' }) {
  // setpriv keeps root's capabilities until the next command is run: hence the shell after it.
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs']
  const shell = (script: string) => ['sh', '-c', `${script}exec "$@"`, 'sh']
  const before = [...shell(up ? 'ip link set lo up && ' : ''), ...(as === 'nobody' ? [...nobody, ...shell('')] : [])]
  const run: Parameters<typeof plan>[1] = (arguments_, signal) => {
    const command = ['--net', ...before, 'ping', ...arguments_]
    return new Promise((resolve) => {
      execFile('unshare', command, { signal, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      )
    })
  }
  const apart = { configure: (settings: Settings) => plan(settings, run) }
  return lookWith(probeOf(apart, '127.0.0.1'), { timeout: TIMEOUT })
}

whenPresent(['root', 'ping', 'unshare', 'setpriv', 'ip'])('ping where it can say nothing', () => {
  it('is blocked, and no fault of the host, where it is not permitted', async () => {
    const { outcome } = await pingApart({ up: true, as: 'nobody' })
    expect(outcome).toEqual({
      ok: null,
      reason: 'blocked',
      note: 'ping is not permitted here: set net.ipv4.ping_group_range to include our group',
    })
  }, 60_000)

  it('is answered there by root', async () => {
    expect((await pingApart({ up: true, as: 'root' })).outcome).toMatchObject({ ok: true })
  }, 60_000)

  it('is offline, and no fault of the host, where there is no network', async () => {
    expect((await pingApart({ up: false, as: 'root' })).outcome).toEqual({
      ok: null,
      reason: 'offline',
      note: 'no network here',
    })
  }, 60_000)
})
