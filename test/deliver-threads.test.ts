import { afterEach, expect, test } from 'vitest'
import { messageId } from '../src/channels/mail.ts'
import { DAY, HOUR, MINUTE } from '../src/core/time/time.ts'
import type { News } from '../src/core/verdict/letter.ts'
import { down, files, mail, partial, START, up } from './core/letters.ts'
import {
  ADMIN,
  broken,
  channelTo,
  closePosts,
  FROM,
  letterOf,
  OTHER,
  openPost,
  scripted,
  taken,
  unsure,
} from './servers/post.ts'
import { startRelay } from './servers/relay.ts'

afterEach(closePosts)

const downLetter = letterOf('mail-1:down', down)
const upLetter = letterOf('mail-1:up', up, { event: 'up' })

test('a thread keeps the subject and the id of its first letter', async () => {
  const server = await startRelay()
  const post = openPost(channelTo(server.port, 'one', 2_000))
  post.put(ADMIN, letterOf('mail-1:partial', partial, { event: 'partial' }))
  await post.delivery.run()
  await post.pass(DAY)
  post.put(ADMIN, letterOf('mail-1:down', down, { at: post.now() }))
  await post.delivery.run()
  post.end('mail-1', post.now())
  post.put(ADMIN, letterOf('mail-1:up', up, { event: 'up', at: post.now() }))
  await post.delivery.run()
  const subject = '[Nomagic] Courriel : joignable d’un côté, pas de l’autre, depuis 14:02'
  expect(server.received.map(({ headers }) => headers.subject)).toEqual([subject, `Re: ${subject}`, `Re: ${subject}`])
  const root = messageId('mail-1:partial', ADMIN, FROM)
  expect(server.received.map(({ headers }) => headers.references)).toEqual([undefined, root, root])
  expect(server.received[0]!.headers['message-id']).toBe(root)
  await server.close()
})

test('a thread reaches a person in its order, even where the first letter is put off', async () => {
  let attempts = 0
  const { channel, given } = scripted('one', () => (attempts++ === 0 ? broken : taken))
  const post = openPost(channel)
  post.put(ADMIN, downLetter)
  await post.delivery.run()
  post.put(ADMIN, upLetter)
  await post.delivery.run()
  expect(given).toHaveLength(1)
  await post.pass(MINUTE)
  expect(given.map(({ key }) => key)).toEqual(['mail-1:down', 'mail-1:down', 'mail-1:up'])
  expect(given[2]!.subject).toBe('Re: [Nomagic] Courriel en panne depuis 14:02')
})

test('a thread of an outage that ended before anything went out is one letter that says it was down', async () => {
  let back = false
  const { channel, given } = scripted('one', ({ to }) => (back || to === OTHER ? taken : broken))
  const post = openPost(channel)
  post.put(ADMIN, downLetter)
  post.put(OTHER, downLetter)
  await post.delivery.run()
  await post.pass(72 * MINUTE)
  post.end('mail-1', post.now())
  post.put(ADMIN, upLetter)
  post.put(OTHER, upLetter)
  back = true
  await post.pass(HOUR)
  const toAdmin = given.filter(({ to }) => to === ADMIN)
  expect(toAdmin.at(-1)!.subject).toBe('[Nomagic] Courriel : était en panne de 14:02 à 15:14')
  expect(toAdmin.map(({ key }) => key)).not.toContain('mail-1:up')
  expect(post.stateOf('mail-1:up', ADMIN)).toBe('withdrawn')
  expect(post.stateOf('mail-1:up', OTHER)).toBe('sent')
})

test('a thread whose first letter may have arrived still gets its end told', async () => {
  let attempts = 0
  const { channel, given } = scripted('one', () => (attempts++ === 0 ? unsure : taken))
  const post = openPost(channel)
  post.put(ADMIN, downLetter)
  await post.delivery.run()
  post.end('mail-1', post.now() + MINUTE)
  post.put(ADMIN, upLetter)
  await post.pass(HOUR)
  expect(given.map(({ key }) => key)).toEqual(['mail-1:down', 'mail-1:down', 'mail-1:up'])
})

test('a thread leaves out a partial that a down has overtaken', async () => {
  let back = false
  const { channel, given } = scripted('one', () => (back ? taken : broken))
  const post = openPost(channel)
  post.put(ADMIN, letterOf('mail-1:partial', partial, { event: 'partial' }))
  await post.delivery.run()
  post.put(ADMIN, downLetter)
  back = true
  await post.pass(MINUTE)
  expect(given.map(({ key }) => key)).toEqual(['mail-1:partial', 'mail-1:down'])
  expect(post.stateOf('mail-1:partial')).toBe('withdrawn')
})

test('a thread of a digest of which one part is over leaves the others their end', async () => {
  const { channel } = scripted('one', () => taken)
  const post = openPost(channel)
  const digest: News = { kind: 'down', affected: [mail, files], children: [], suspected: null }
  const ends: News = {
    kind: 'up',
    over: [
      { affected: mail, until: START },
      { affected: files, until: START },
    ],
  }
  post.put(ADMIN, letterOf('digest', digest), letterOf('mail-1:up', up), letterOf('both', ends))
  post.end('mail-1', START)
  await post.delivery.run()
  expect(post.stateOf('mail-1:up')).toBe('withdrawn')
  expect(post.stateOf('both')).toBe('sent')
})
