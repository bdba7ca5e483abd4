import { afterEach, expect, test } from 'vitest'
import { startRelay, type TestRelay } from '../servers/relay.ts'
import { folderWith, SITE } from './folders.ts'
import { vigie } from './host.ts'

const open: TestRelay[] = []

afterEach(async () => {
  for (const relay of open.splice(0)) await relay.close()
})

const WEB = 'service: Web\nchecks: [{ heartbeat: 1h }]\n'

test('One mail goes through each relay, and what each answered is printed.', async () => {
  const good = await relayWith()
  const bad = await relayWith({ atRecipient: () => ({ code: 550, text: 'no such mailbox here' }) })
  const { code, out, err } = await vigie(['alert', 'test', '--checks', checksWith([good, bad])])
  expect([code, err]).toEqual([1, ''])
  expect(good.received).toHaveLength(1)
  expect(good.received[0]).toMatchObject({ to: ['admins@example.org'], from: 'vigie@example.org' })
  const [header, first, second, ...rest] = out.split('\n')
  expect(header).toMatch(/^RELAY +RESULT +ANSWER$/)
  expect(first).toMatch(new RegExp(`^smtp://127\\.0\\.0\\.1:${good.port} +✓ taken +250 `))
  expect(second).toMatch(new RegExp(`^smtp://127\\.0\\.0\\.1:${bad.port} +✗ not taken `))
  expect(out.replace(/\s+/g, ' ')).toContain('550 no such mailbox here')
  expect(rest.join('\n')).toContain('To admins@example.org, from Vigie <vigie@example.org>.')
})

test('Every relay taking its mail is success; as JSON it is one object a relay.', async () => {
  const relays = [await relayWith(), await relayWith()]
  const { code, out } = await vigie(['alert', 'test', '--json', '--checks', checksWith(relays)])
  expect(code).toBe(0)
  expect(JSON.parse(out)).toEqual(
    relays.map(({ port }) => ({
      relay: `smtp://127.0.0.1:${port}`,
      to: 'admins@example.org',
      ok: true,
      note: expect.stringMatching(/^250 /),
    })),
  )
})

test('A relay whose secret is missing is named as left out, and is no success.', async () => {
  const relay = await relayWith()
  const lacking = '"smtps://u:${secret:relay}@relay.elsewhere"'
  const why = 'smtps://u:${secret:relay}@relay.elsewhere is left out: without the secret "relay"'
  const alone = await vigie(['alert', 'test', '--checks', checksWith([], [lacking])])
  expect(alone).toMatchObject({ code: 1, out: '', err: expect.stringContaining(why) })
  expect(alone.err).not.toContain('no relay')
  const both = await vigie(['alert', 'test', '--checks', checksWith([relay], [lacking])])
  expect(both).toMatchObject({ code: 1, out: expect.stringContaining('✓ taken'), err: expect.stringContaining(why) })
})

test('With the replica it is the replica’s relay that is tested.', async () => {
  const { code, out } = await vigie(['alert', 'test', '--checks', 'checks'])
  expect(code).toBe(0)
  expect(out).toMatch(/✓ taken/)
  expect(out).toContain('This was the replica’s own relay')
})

test('Without a relay or anybody to write to there is nothing to test, and it says which.', async () => {
  const nobody = folderWith({
    'site.yaml': `${SITE}mail: { from: a@example.org, relays: ["smtp://127.0.0.1"] }\n`,
    'web.yaml': WEB,
  })
  expect(await vigie(['alert', 'test', '--checks', nobody])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('`alerts`'),
  })
  const nothing = folderWith({ 'site.yaml': `${SITE}alerts: [{ email: a@example.org }]\n`, 'web.yaml': WEB })
  expect(await vigie(['alert', 'test', '--checks', nothing])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('`mail`'),
  })
})

async function relayWith(manners?: Parameters<typeof startRelay>[0]): Promise<TestRelay> {
  const relay = await startRelay(manners)
  open.push(relay)
  return relay
}

function checksWith(relays: readonly TestRelay[], more: readonly string[] = []): string {
  const urls = [...relays.map(({ port }) => `"smtp://127.0.0.1:${port}"`), ...more].join(', ')
  const mail = `mail: { from: Vigie <vigie@example.org>, relays: [${urls}] }\nalerts: [{ email: admins@example.org }]\n`
  return folderWith({ 'site.yaml': SITE + mail, 'web.yaml': WEB })
}
