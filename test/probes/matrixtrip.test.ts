import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { HOUR } from '../../src/core/time/time.ts'
import { kinds } from '../../src/probes/index.ts'
import { matrixtrip } from '../../src/probes/matrixtrip.ts'
import { createHomeserver, type Homeserver, leave } from '../servers/matrix.ts'
import { answering, type Serve } from '../servers/web.ts'
import { world } from '../servers/world.ts'
import { configure, probeOf } from './settings.ts'

const ROOM = '!room/1:example.test'
const MARK = 'vigie round trip '
const [ANN, BOB] = ['syt_ann_secret', 'syt_bob_secret']
const paths = (heard: readonly string[]) =>
  heard.map((line) => line.replace(/^.* (\w+) (\/[^?]*).*$/, '$1 $2').replace(/[0-9a-f-]{36}/, 'ID'))

async function trip(keys: object = {}) {
  const home = createHomeserver('example.test')
  home.tokens.set(ANN, '@ann:example.test').set(BOB, '@bob:example.test')
  const { look, heard } = await world({ 'm.test:443': { serve: home.serve } })
  const base = 'https://m.test/'
  const written = { from: { base, token: ANN }, to: { base, token: BOB }, within: '10s', ...keys }
  const probe = probeOf(matrixtrip, ROOM, written)
  return { home, heard, look: (options = {}) => look(probe, { timeout: 12_000, ...options }) }
}

const SYNC = '/_matrix/client/v3/sync'
/** Paths of a room hold what the look makes up: this finds them by their verb. */
function instead(home: Homeserver, verb: 'send' | 'redact', serve: Serve) {
  const get = home.instead.get.bind(home.instead)
  home.instead.get = (path) => (path.includes(`/${verb}/`) ? serve : get(path))
}

describe('matrixtrip', () => {
  it('writes, reads and takes back', async () => {
    const { home, heard, look } = await trip()
    const { outcome, phases, took } = await look()
    expect(outcome).toMatchObject({
      ok: true,
      note: expect.stringMatching(/^seen after \d+ ms$/),
      tls: { version: 'TLSv1.3' },
    })
    expect(outcome).not.toHaveProperty('attention')
    expect(home.events).toMatchObject([
      { room: ROOM, type: 'm.room.message', sender: '@ann:example.test', content: {} },
    ])
    const room = `/_matrix/client/v3/rooms/${encodeURIComponent(ROOM)}`
    expect(paths(heard)).toEqual([
      `GET ${SYNC}`,
      `PUT ${room}/send/m.room.message/ID`,
      `GET ${SYNC}`,
      `PUT ${room}/redact/${encodeURIComponent(home.events[0]!.event_id)}/ID`,
    ])
    expect(Object.keys(phases)).toEqual(['resolve', 'connect', 'tls', 'position', 'send', 'sync', 'redact'])
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
  })

  it('reads on from where it was', async () => {
    const { heard, look } = await trip()
    await look()
    await look()
    expect(heard.filter((line) => line.includes('/sync')).map((line) => /since=(\d+)/.exec(line)?.[1])).toEqual([
      undefined,
      '0',
      '1',
      '1',
    ])
  })

  it('takes back what earlier trips left, and nothing else', async () => {
    const { home, look } = await trip()
    const old = leave(home, ROOM, '@ann:example.test', `${MARK}1`, 600_000)
    const recent = leave(home, ROOM, '@ann:example.test', `${MARK}2`, 100)
    const foreign = leave(home, ROOM, '@eve:example.test', `${MARK}3`, 600_000)
    const chat = leave(home, ROOM, '@ann:example.test', 'hello', 600_000)
    expect((await look()).outcome.ok).toBe(true)
    expect([old, recent, foreign, chat].map(({ content }) => 'body' in content)).toEqual([false, true, true, true])
  })

  it('takes back the next time what it could not this time', async () => {
    const { home, look } = await trip()
    const get = home.instead.get
    instead(home, 'redact', answering(500, '{"errcode":"M_UNKNOWN"}'))
    expect((await look()).outcome).toMatchObject({
      ok: true,
      attention: [{ kind: 'finding', note: 'a message can’t be taken back: redact: 500 M_UNKNOWN' }],
    })
    home.instead.get = get
    expect((await look()).outcome).not.toHaveProperty('attention')
    expect(home.events.map(({ content }) => content)).toEqual([{}, {}])
  })

  it('sees through a server that answers at once, and asks it at its pace', async () => {
    const { home, heard, look } = await trip({ within: '2s' })
    home.instead.set(SYNC, [200, { next_batch: 's1', rooms: { join: { [ROOM]: {} } } }])
    const { outcome, took } = await look()
    expect(outcome).toMatchObject({ ok: false, reason: 'late', note: 'sent, but not seen within 2s' })
    expect(took).toBeLessThan(4_000)
    expect(heard.filter((line) => line.includes('/sync')).length).toBeLessThan(8)
    expect(home.events.map(({ content }) => content)).toEqual([{}])
  })

  it.each<[string, (home: Homeserver) => void, object]>([
    [
      'the room is closed to the writer',
      (home) => {
        home.members = new Set(['@bob:example.test'])
      },
      { ok: false, reason: 'auth', note: 'from: send refused (403 M_FORBIDDEN)' },
    ],
    [
      'the reader is not in the room',
      (home) => {
        home.members = new Set(['@ann:example.test'])
      },
      { ok: false, reason: 'auth', note: 'to: this account is not in the room' },
    ],
    [
      'the writer is no longer known',
      (home) => home.tokens.delete(ANN),
      { ok: false, reason: 'auth', note: 'from: send refused (401 M_UNKNOWN_TOKEN)' },
    ],
    [
      'the reader is no longer known',
      (home) => home.tokens.delete(BOB),
      { ok: false, reason: 'auth', note: 'to: position refused (401 M_UNKNOWN_TOKEN)' },
    ],
    [
      'nothing can be sent',
      (home) => instead(home, 'send', answering(500)),
      { ok: false, reason: 'status', note: 'from: send: 500' },
    ],
    [
      'sending says nothing',
      (home) => instead(home, 'send', answering(200, '{}')),
      { ok: false, reason: 'content', note: 'from: send: no event_id in the answer' },
    ],
    [
      'sending says HTML',
      (home) => instead(home, 'send', answering(200, '<p>')),
      { ok: false, reason: 'content', note: 'from: send: the answer is not JSON' },
    ],
    [
      'nothing can be read',
      (home) => home.instead.set(SYNC, [502, {}]),
      { ok: false, reason: 'status', note: 'to: position: 502' },
    ],
    [
      'reading says nothing',
      (home) => home.instead.set(SYNC, [200, {}]),
      { ok: false, reason: 'content', note: 'to: position: no position in the answer' },
    ],
    [
      'it hangs up',
      (home) => home.instead.set(SYNC, (q) => q.socket.destroy()),
      { ok: false, reason: 'closed', note: 'to: connection closed without a complete answer' },
    ],
    [
      'it is silent',
      (home) => home.instead.set(SYNC, () => {}),
      { ok: false, reason: 'timeout', note: 'no answer (m.test) within 3s' },
    ],
    [
      'it asks for a pause',
      (home) => instead(home, 'send', answering(429, '{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":60000}')),
      { ok: null, reason: 'overload', note: 'from: the server asks to wait 1m' },
    ],
  ])('when %s', async (_, breakIt, expected) => {
    const { home, look } = await trip()
    breakIt(home)
    const silent = 'reason' in expected && expected.reason === 'timeout'
    const { outcome } = await look(silent ? { timeout: 3_000 } : {})
    expect(outcome).toMatchObject(expected)
    expect(JSON.stringify(outcome)).not.toContain('secret')
  })

  describe('afterwards', () => {
    afterEach(() => vi.useRealTimers())

    it('a pause is kept', async () => {
      const { home, heard, look } = await trip()
      home.instead.set(SYNC, answering(429, '', { 'retry-after': '120' }))
      expect((await look()).outcome).toMatchObject({ ok: null, note: 'to: the server asks to wait 2m' })
      expect((await look()).outcome).toMatchObject({ ok: null, note: 'to: the server asks to wait 2m' })
      expect(heard).toHaveLength(1)
    })

    it('a refusal is left alone for an hour, and both servers are still seen', async () => {
      vi.useFakeTimers({ toFake: ['performance'] })
      const { home, heard, look } = await trip()
      home.tokens.delete(BOB)
      await look()
      expect((await look()).outcome).toMatchObject({
        ok: true,
        note: 'both servers answer, without the login',
        attention: [{ kind: 'auth', note: 'to: position refused (401 M_UNKNOWN_TOKEN)' }],
      })
      home.instead.set('/_matrix/client/versions', [502, {}])
      expect((await look()).outcome).toMatchObject({ ok: false, reason: 'status', note: 'from: versions: 502' })
      expect(heard.filter((line) => line.includes('/sync'))).toHaveLength(1)
      vi.advanceTimersByTime(HOUR)
      await look()
      expect(heard.filter((line) => line.includes('/sync'))).toHaveLength(2)
    })
  })

  it('makes an outcome of any timeline', async () => {
    const { home, look } = await trip()
    let timeline: unknown
    home.instead.set(SYNC, (_, response) =>
      response.end(
        JSON.stringify({ next_batch: 'x', rooms: { join: { [ROOM]: { timeline: { events: timeline } } } } }),
      ),
    )
    instead(home, 'send', answering(500))
    const event = fc.oneof(
      fc.jsonValue(),
      fc.record({
        event_id: fc.jsonValue(),
        content: fc.record({ body: fc.constant(MARK) }),
        unsigned: fc.jsonValue(),
      }),
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(event), fc.jsonValue()), async (events) => {
        timeline = events
        expect((await look()).outcome).toMatchObject({ ok: false, note: 'from: send: 500' })
      }),
      { numRuns: 40 },
    )
  })

  it('keeps to its own pace', () => {
    const settings = { duration: (key: string) => (key === 'within' ? 30_000 : undefined) }
    expect(matrixtrip.defaults?.(settings as never)).toEqual({ every: 600_000, timeout: 30_000, slow: null })
    expect(kinds.matrixtrip.from).toBe('any')
  })

  it.each([
    ['#room:example.test', {}, ['target: this is no room id: it begins with "!", see the room’s settings']],
    [ROOM, { from: undefined }, ['from: a trip needs `from`: { base: https://…, token: … }']],
    [
      ROOM,
      { to: { base: 'http://m.test/' } },
      ['to.base: a token is only sent over https', 'to.token: to needs `token`: an access token of its account'],
    ],
    [ROOM, { to: { token: 't' } }, ['to.base: to needs `base`: https://matrix.example.org']],
    [ROOM, { within: '1s' }, ['within: within is too short: at least 2s']],
  ])('complains about %s with %j', (room, keys, complaints) => {
    const end = { base: 'https://m.test/', token: 't' }
    expect(configure(matrixtrip, room, { from: end, to: end, ...keys }).complaints).toEqual(complaints)
  })
})
