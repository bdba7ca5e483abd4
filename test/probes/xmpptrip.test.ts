import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { kinds } from '../../src/probes/index.ts'
import { xmpptrip } from '../../src/probes/xmpptrip.ts'
import { briefly, readFiles } from '../config/folders.ts'
import { type Door, openDoor, silent } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { type ChatMood, chat } from '../servers/xmpp.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const certificate = authority.issue({ names: ['chat.test'] })
const ca = [authority.certificate]
const doors: Door[] = []

afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(doors.splice(0).map((door) => door.close()))
})

/** A port where TLS comes first: the probe knows that by its number, and the network takes it to where the door is. */
async function trip(mood: ChatMood = {}, within = '5s', heard: string[] = [], serve = chat(mood, heard)) {
  const door = await openDoor(serve, certificate)
  doors.push(door)
  const end = (user: string) => ({ login: { user, password: `secret of ${user}` }, connect: 'chat.test:5223' })
  const probe = probeOf(xmpptrip, 'b@chat.test', { from: end('a'), to: end('b'), within })
  return async (timeout = 3_000) => {
    const network = { ...loopback(), detour: () => ({ host: '127.0.0.1', port: door.port }) }
    return lookWith(probe, { ca, timeout, network })
  }
}

describe('xmpptrip', () => {
  it('carries a message to a session of its own, to be stored and copied nowhere', async () => {
    const heard: string[] = []
    const { outcome, phases, took } = await (await trip({}, '5s', heard))()
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/^arrived after \d+ ms$/), tls: {} })
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'stream', 'login', 'bind', 'ping', 'delivery'])
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
    expect(heard[0]).toContain('<priority>-1</priority>')
    expect(heard[1]).toMatch(/to='b@chat\.test\/1'.*<no-store.*<private/)
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })

  it.each<[ChatMood, object]>([
    [{ messages: 'lost' }, { ok: false, reason: 'late', note: 'sent, but not arrived within 2s' }],
    [
      { messages: 'returned' },
      { ok: false, reason: 'protocol', note: 'the message came back (remote-server-timeout)' },
    ],
    [{ messages: 'cut off' }, { ok: false, reason: 'closed' }],
    [{ refuses: ['a'] }, { ok: false, reason: 'auth', note: 'from: login refused (not-authorized)' }],
    [{ refuses: ['b'] }, { ok: false, reason: 'auth', note: 'to: login refused (not-authorized)' }],
  ])('with messages or logins %j says so', async (mood, expected) => {
    expect((await (await trip(mood, '2s'))(2_000)).outcome).toMatchObject(expected)
  })

  it('ends in time where nobody answers', async () => {
    const { outcome } = await (await trip({}, '2s', [], silent))(300)
    expect(outcome).toEqual({ ok: false, reason: 'timeout', note: 'no stream is opened within 300ms' })
  })

  it('tries a refused login once an hour, and looks meanwhile whether the servers answer', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const mood = { refuses: ['a'] }
    const look = await trip(mood)
    expect((await look()).outcome).toMatchObject({ ok: false, reason: 'auth' })
    expect((await look()).outcome).toMatchObject({
      ok: true,
      note: 'both servers answer, not logged in',
      attention: [{ kind: 'auth', note: 'from: login refused (not-authorized)' }],
    })
    mood.refuses.pop()
    vi.advanceTimersByTime(3_600_000)
    const { outcome } = await look()
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/^arrived/) })
    expect(outcome).not.toHaveProperty('attention')
  })

  it('says what is wrong with how it is written', () => {
    const login = { user: 'a', password: 'x' }
    expect(configure(xmpptrip, 'chat.test', {}).complaints).toEqual([
      'target: this is no address: write probe@example.org',
      'to: a trip needs `to`: { login: { user: …, password: … } }',
      'from: a trip needs `from`: { login: { user: …, password: … } }',
    ])
    const keys = { from: {}, to: { login }, within: '1s' }
    expect(configure(xmpptrip, 'b@chat.test', keys).complaints).toEqual([
      'within: within is too short: at least 2s',
      'to.login: the user must be b@chat.test, where this trip goes',
      'from.target: from needs `login`: { user: …, password: … }',
    ])
  })

  it('is written in one check, and takes as long as it may', () => {
    const read = readFiles(
      {
        'chat.yaml': `service: Chat
checks:
  - xmpptrip: b@chat.test
    from: { login: { user: a@elsewhere.test, password: x }, connect: "chat.elsewhere.test:5222" }
    to: { login: { user: b, password: y } }
    within: 30s
`,
      },
      { kinds },
    )
    expect(briefly(read)).toEqual([])
    expect(read.configuration?.services[0]?.checks[0]).toMatchObject({
      from: 'any',
      rule: { every: 600_000, timeout: 30_000, slow: null },
    })
  })
})
