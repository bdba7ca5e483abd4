import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { http } from '../../src/probes/http.ts'
import { lookWith } from '../servers/looking.ts'

import { type Serve, web } from '../servers/web.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const issued = authority.issue({ names: ['web.test', 'other.test'] })
const ca = [authority.certificate]

afterEach(() => {
  vi.useRealTimers()
})

describe('login', () => {
  const HOUR = 3_600_000
  const guarded =
    (tries: string[], right: () => boolean): Serve =>
    (request, response) => {
      const { authorization } = request.headers
      tries.push(authorization ?? 'none')
      response.writeHead(authorization && right() ? 200 : 401).end(authorization && right() ? 'inside' : 'outside')
    }

  it('is sent, and a refused one is tried once an hour at most', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const tries: string[] = []
    let right = false
    const port = await web(
      guarded(tries, () => right),
      issued,
    )
    const probe = probeOf(http, `https://web.test:${port}/`, {
      login: { user: 'probe', password: 'geheim' },
      contains: 'inside',
    })
    const basic = `Basic ${Buffer.from('probe:geheim').toString('base64')}`
    const once = async () => (await lookWith(probe, { ca })).outcome
    expect(await once()).toMatchObject({ ok: false, reason: 'auth', note: 'login refused (401)' })
    expect(await once()).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^401 without the login/),
      attention: [{ kind: 'auth', note: 'login refused (401)' }],
    })
    vi.advanceTimersByTime(HOUR - 1)
    await once()
    expect(tries).toEqual([basic, 'none', 'none'])
    vi.advanceTimersByTime(1)
    expect(await once()).toMatchObject({ ok: false, reason: 'auth' })
    vi.advanceTimersByTime(HOUR)
    right = true
    const good = await once()
    expect(good).toMatchObject({ ok: true })
    expect(good).not.toHaveProperty('attention')
    expect(tries.slice(3)).toEqual([basic, basic])
  })

  it('still sees the service fall while the login is not tried', async () => {
    let status = 401
    const port = await web((_, response) => response.writeHead(status).end(), issued)
    const probe = probeOf(http, `https://web.test:${port}/`, { login: { user: 'probe', password: 'geheim' } })
    await lookWith(probe, { ca })
    status = 502
    expect((await lookWith(probe, { ca })).outcome).toEqual(
      expect.objectContaining({ ok: false, reason: 'status', note: '502' }),
    )
  })

  it('is refused in the configuration over plain http', () => {
    expect(configure(http, 'http://web.test/', { login: { user: 'u', password: 'p' } }).complaints).toEqual([
      'login: a login is only sent over https',
    ])
  })
})
