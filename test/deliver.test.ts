import { afterEach, describe, expect, test } from 'vitest'
import type { Attempt } from '../src/channels/channel.ts'
import { messageId } from '../src/channels/mail.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../src/core/time/time.ts'
import { testRelay } from '../src/deliver.ts'
import { down, START } from './core/letters.ts'
import {
  ADMIN,
  broken,
  channelTo,
  closePosts,
  FROM,
  letterOf,
  loose,
  nomagic,
  OTHER,
  openPost,
  refused,
  scripted,
  taken,
} from './servers/post.ts'
import { closedPort, type RelayManners, startOddRelay, startRelay, type TestRelay } from './servers/relay.ts'

const open: TestRelay[] = []
afterEach(async () => {
  closePosts()
  await Promise.all(open.splice(0).map((relay) => relay.close()))
})

async function relay(manners: RelayManners = {}): Promise<TestRelay> {
  const started = await startRelay(manners)
  open.push(started)
  return started
}

const downLetter = letterOf('mail-1:down', down)

describe('with two relays', () => {
  const troubles: readonly (readonly [string, () => Promise<number>, RegExp])[] = [
    ['refuses connections', closedPort, /^failed one: .*ECONNREFUSED/],
    [
      'answers 451',
      async () => (await relay({ atRecipient: () => ({ code: 451, text: 'later' }) })).port,
      /^failed one: .*451/,
    ],
    [
      'answers 550',
      async () => (await relay({ atRecipient: () => ({ code: 550, text: 'no' }) })).port,
      /^failed one: .*550/,
    ],
    ['says nothing', () => odd(() => {}), /^failed one: no answer in time/],
    ['drips', () => odd(drip), /^failed one: no answer in time/],
  ]

  test.each(troubles)('one that %s is followed by the second, and the mail arrives once', async (_, start, failure) => {
    const second = await relay()
    const post = openPost(channelTo(await start(), 'one'), channelTo(second.port, 'two'))
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    expect(post.log).toEqual(['began one', expect.stringMatching(failure), 'began two', 'sent two: 250'])
    expect(second.received).toHaveLength(1)
    expect(second.received[0]!.headers.subject).toBe('[Nomagic] Courriel en panne depuis 14:02')
    await post.pass(HOUR)
    expect(second.received).toHaveLength(1)
  })

  test('one that falls silent after the message is followed by the second two minutes later, under the same id', async () => {
    const first = await relay({ atData: () => 'hang' })
    const second = await relay()
    const post = openPost(channelTo(first.port, 'one'), channelTo(second.port, 'two'))
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    expect(post.log).toEqual(['began one', expect.stringMatching(/^uncertain one: .*again in 120 s$/)])
    await post.pass(119 * SECOND)
    expect(second.received).toEqual([])
    await post.pass(61 * SECOND)
    expect(post.log.slice(2)).toEqual(['began two', 'sent two: 250'])
    expect(second.received[0]!.headers['message-id']).toBe(first.received[0]!.headers['message-id'])
  })

  test('one that failed is asked last for five minutes, then first again', async () => {
    let works = false
    const one = scripted('one', () => (works ? taken : broken))
    const two = scripted('two', () => taken)
    const post = openPost(one.channel, two.channel)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    works = true
    post.put(ADMIN, ...loose('b'))
    await post.delivery.run()
    expect([one.given.length, two.given.length]).toEqual([1, 2])
    await post.pass(5 * MINUTE)
    post.put(ADMIN, ...loose('c'))
    await post.delivery.run()
    expect([one.given.length, two.given.length]).toEqual([2, 2])
  })

  async function odd(manner: Parameters<typeof startOddRelay>[0]): Promise<number> {
    const started = await startOddRelay(manner)
    open.push(started)
    return started.port
  }

  function drip(socket: { write(text: string): unknown; on(event: 'close', then: () => void): unknown }) {
    const timer = setInterval(() => socket.write('2'), 20)
    socket.on('close', () => clearInterval(timer))
  }
})

describe('with a relay that is down', () => {
  test('waits double from round to round, up to a quarter of an hour', async () => {
    const { channel, given } = scripted('one', () => broken)
    const post = openPost(channel)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    await post.pass(3 * HOUR)
    const waits = post.log
      .filter((line) => line.startsWith('failed'))
      .map((line) => Number(/in (\d+) s/.exec(line)![1]))
    expect(waits.slice(0, 8)).toEqual([30, 60, 120, 240, 480, 900, 900, 900])
    expect(given.length).toBeLessThan(20)
  })

  test('ten letters are all delivered once it is back, once each and at once', async () => {
    let down = true
    const server = await relay({ atRecipient: () => (down ? { code: 451, text: 'not now' } : null) })
    const post = openPost(channelTo(server.port, 'one', 2_000))
    const letters = loose(...'abcdefghij')
    post.put(ADMIN, ...letters)
    await post.delivery.run()
    await post.pass(6 * MINUTE)
    expect(server.received).toEqual([])
    down = false
    post.put(ADMIN, ...loose('one more'))
    await post.delivery.run()
    const ids = server.received.map(({ headers }) => headers['message-id'])
    expect(new Set(ids)).toEqual(
      new Set([...letters, ...loose('one more')].map(({ key }) => messageId(key, ADMIN, FROM))),
    )
    expect(ids).toHaveLength(11)
    expect(server.received.at(-1)!.body).toContain('Ce message part en retard')
  })

  test.each([40 * MINUTE, HOUR, 90 * MINUTE, DAY])(
    'goes at once when the clock is set back by %i ms, not when the old time comes again',
    async (by) => {
      let answer: Attempt = broken
      const { channel } = scripted('one', () => answer)
      const post = openPost(channel)
      post.put(ADMIN, downLetter)
      await post.delivery.run()
      answer = taken
      post.setClock(-by)
      await post.delivery.run()
      expect(post.stateOf(downLetter.key)).toBe('sent')
    },
  )

  test('waits no longer with what may have arrived where the clock is set back, and no shorter where it is set ahead', async () => {
    for (const by of [-50 * MINUTE, HOUR]) {
      let answer: Attempt = { taken: false, again: true, uncertain: true, note: 'no answer' }
      const { channel } = scripted('one', () => answer)
      const post = openPost(channel)
      post.put(ADMIN, downLetter)
      await post.delivery.run()
      answer = taken
      post.setClock(by)
      await post.delivery.run()
      await post.pass(MINUTE)
      expect(post.stateOf(downLetter.key)).toBe('waiting')
      await post.pass(4 * MINUTE)
      expect(post.stateOf(downLetter.key), `${by}`).toBe('sent')
    }
  })

  test('waits no longer either where the disk refused to note that the clock was set back', async () => {
    let answer: Attempt = { taken: false, again: true, uncertain: true, note: 'no answer' }
    const { channel } = scripted('one', () => answer)
    const post = openPost(channel)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    answer = taken
    post.hinder(new Error('disk full'))
    post.setClock(-50 * MINUTE)
    await post.delivery.run().catch(() => {})
    post.hinder(null)
    await post.pass(5 * MINUTE)
    expect(post.said).toContain('hindered disk full')
    expect(post.stateOf(downLetter.key)).toBe('sent')
  })

  test('says so after five minutes, once, and again only after something was sent', async () => {
    let answer: Attempt = broken
    const { channel } = scripted('one', () => answer)
    const post = openPost(channel)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    await post.pass(4 * MINUTE)
    expect(post.said).toEqual([])
    await post.pass(HOUR)
    expect(post.said).toEqual(['trouble one: ECONNREFUSED'])
    answer = taken
    await post.pass(HOUR)
    expect(post.said).toEqual(['trouble one: ECONNREFUSED', 'sent mail-1:down'])
  })

  test('blames no relay for a disk that is full', async () => {
    const { channel } = scripted('one', () => taken)
    const post = openPost(channel)
    post.hinder(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }))
    post.put(ADMIN, downLetter)
    post.delivery.wake()
    await new Promise(setImmediate)
    expect(post.said).toEqual(['hindered database or disk is full'])
    post.hinder(null)
    await post.pass(HOUR)
    expect(post.said.slice(1)).toEqual(['sent mail-1:down'])
  })

  test('never gives up what a relay may yet take', async () => {
    const { channel } = scripted('one', () => broken)
    const post = openPost(channel)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    await post.pass(3 * DAY)
    expect(post.stateOf('mail-1:down')).toBe('waiting')
  })

  test('gives up after a day what every relay refuses for good, and says it', async () => {
    const { channel, given } = scripted('one', ({ to }) => (to === OTHER ? refused : taken))
    const post = openPost(channel)
    post.put(OTHER, downLetter)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    await post.pass(23 * HOUR)
    expect(post.stateOf('mail-1:down', OTHER)).toBe('waiting')
    await post.pass(3 * HOUR)
    expect(post.stateOf('mail-1:down', OTHER)).toBe('withdrawn')
    expect(post.stateOf('mail-1:down', ADMIN)).toBe('sent')
    expect(post.said).toContain('given up mail-1:down to other@elsewhere.example: one: 550 no such user')
    expect(given.length).toBeLessThan(45)
    expect(post.timers()).toBe(0)
  })
})

describe('runs', () => {
  test('at most two sends are under way at once', async () => {
    let now = 0
    let most = 0
    const { channel, given } = scripted('one', async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      now -= 1
      return taken
    })
    const post = openPost(channel)
    post.put(ADMIN, ...loose(...'abcdefgh'.slice(0, 8)))
    await Promise.all([post.delivery.run(), post.delivery.run()])
    expect(given).toHaveLength(8)
    expect(most).toBe(2)
  })

  test('a wake-up during a run is not lost', async () => {
    const { channel, given } = scripted('one', async ({ key }) => {
      if (key === 'a') {
        post.put(ADMIN, ...loose('b'))
        post.delivery.wake()
      }
      return taken
    })
    const post = openPost(channel)
    post.put(ADMIN, ...loose('a'))
    await post.delivery.run()
    expect(given.map(({ key }) => key)).toEqual(['a', 'b'])
    expect(post.timers()).toBe(0)
  })

  test('a wake-up in the very moment a run ends is not lost either', async () => {
    for (let tick = 0; tick < 25; tick++) {
      const { channel, given } = scripted('one', () => taken)
      const post = openPost(channel)
      const first = post.delivery.run()
      for (let passed = 0; passed < tick; passed++) await Promise.resolve()
      post.put(ADMIN, downLetter)
      post.delivery.wake()
      await first
      await new Promise((resolve) => setImmediate(resolve))
      expect(given, `${tick} ticks after the start`).toHaveLength(1)
    }
  })

  test('without a relay letters wait', async () => {
    const post = openPost()
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    await post.pass(HOUR)
    expect(post.stateOf('mail-1:down')).toBe('waiting')
    expect(post.log).toEqual([])
  })

  test('a death before the answer was noted sends that one letter again, under the same key', async () => {
    const dying = scripted('one', () => new Promise(() => {}))
    const post = openPost(dying.channel)
    post.put(ADMIN, downLetter)
    post.delivery.wake()
    const next = scripted('one', () => taken)
    const reborn = post.reborn(next.channel)
    await reborn.delivery.run()
    await reborn.pass(HOUR)
    expect(next.given.map(({ key }) => key)).toEqual(dying.given.map(({ key }) => key))
    expect(reborn.stateOf('mail-1:down')).toBe('sent')
  })

  test('stopping waits for what is under way and begins nothing more', async () => {
    const { channel, given } = scripted('one', async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return taken
    })
    const post = openPost(channel)
    post.put(ADMIN, ...loose(...'abcdefgh'.slice(0, 5)))
    post.delivery.wake()
    await post.delivery.stop()
    expect(given).toHaveLength(2)
    expect(post.log.filter((line) => line.startsWith('sent'))).toHaveLength(2)
    expect(post.timers()).toBe(0)
  })

  test('a channel that throws costs no letter', async () => {
    let attempts = 0
    const { channel } = scripted('one', () => {
      if (attempts++ === 0) throw new Error('a fault of ours')
      return taken
    })
    const post = openPost(channel)
    post.put(ADMIN, downLetter)
    await post.delivery.run()
    await post.pass(3 * MINUTE)
    expect(post.stateOf('mail-1:down')).toBe('sent')
  })
})

test('a test mail goes through the relay it names, and its result is told', async () => {
  const server = await relay()
  const good = await testRelay(channelTo(server.port, 'smtp://one', 2_000), ADMIN, nomagic, START)
  expect(good).toMatchObject({ taken: true })
  expect(server.received[0]!.headers.subject).toBe('[Nomagic] Message d’essai')
  expect(server.received[0]!.body).toContain('smtp://one')
  const bad = await testRelay(channelTo(await closedPort(), 'smtp://two'), ADMIN, nomagic, START)
  expect(bad).toMatchObject({ taken: false, note: expect.stringContaining('ECONNREFUSED') })
})
