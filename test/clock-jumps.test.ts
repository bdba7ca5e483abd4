// The wall clock is set while vigie runs: nobody may notice but the labels.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, describe, expect, it } from 'vitest'
import { startRelay } from './servers/relay.ts'
import { QUICK, startSite } from './servers/site.ts'

const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SPRING = Date.parse('2026-03-29T00:59:58Z')
const AUTUMN = Date.parse('2026-10-25T00:59:58Z')

describe('the wall clock', () => {
  it.each([
    ['an hour on', Date.now(), HOUR],
    ['an hour back', Date.now(), -HOUR],
    ['320 days on', Date.now(), 320 * DAY],
    ['back to 1970', Date.now(), -Date.now() + 1000],
    ['on from 1970, as on a Pi without a clock of its own', 1000, Date.now()],
    ['not at all, over the change to summer time', SPRING, 0],
    ['not at all, over the change to winter time', AUTUMN, 0],
  ])('set %s: no mail, no skipped look, nothing red', async (_how, from, by) => {
    const asked: number[] = []
    const target = createServer((_request, response) => {
      asked.push(performance.now())
      response.end('fine')
    })
    await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
    open.push(() => new Promise((done) => target.close(done)))
    const relay = await startRelay()
    open.push(() => relay.close())
    const zero = performance.now()
    let set = 0
    const one = await startSite(
      {
        'site.yaml': `name: Essai\nsites: { home: {} }\ntimezone: Europe/Paris\n${QUICK}
mail: { from: "vigie@elsewhere.example", relays: ["smtp://127.0.0.1:${relay.port}"] }
alerts: [ { email: admins@elsewhere.example, on: [down, up, partial, degraded, attention, blind, twin, self] } ]\n`,
        'web.yaml': `service: Web\nchecks:\n  - http: http://127.0.0.1:${(target.address() as AddressInfo).port}/\n    allow_private: true\n`,
        'job.yaml': 'service: Job\nchecks:\n  - heartbeat: 24h\n    token: abcdefghijklmnop\n',
      },
      { wall: () => from + set + performance.now() - zero },
    )
    open.push(one.stop)
    await one.until('up', async () => (await one.status()).get('web')?.status === 'operational')
    expect((await fetch(`${one.url}/push/abcdefghijklmnop`)).status).toBe(200)
    const before = asked.length
    const lag = monitorEventLoopDelay()
    lag.enable()
    set = by
    // Longer than a mail waits: a look each 400 ms, a mail after 2 s.
    await one.until('looked on', () => asked.length >= before + 8)
    lag.disable()
    const gaps = asked.slice(before).map((at, index) => at - asked[before + index - 1]!)
    expect(Math.max(...gaps)).toBeLessThan(900 + lag.max / 1e6)
    const status = await one.status()
    expect(status.get('web')?.status).toBe('operational')
    expect(status.get('job')?.status).toBe('operational')
    expect(relay.received.map(({ headers }) => headers.subject)).toEqual([])
    const document = JSON.parse(await one.get('/api/vigie/status.json')) as {
      generated_at: string
      services: { since: string }[]
    }
    expect(Math.abs(Date.parse(document.generated_at) - (from + by))).toBeLessThan(70_000)
    for (const service of document.services)
      expect(Date.parse(service.since)).toBeLessThanOrEqual(Date.parse(document.generated_at))
  })

  it('set back while vigie was off, as on a Pi that had no power: a job that is dead stays dead, without a mail', async () => {
    const relay = await startRelay()
    open.push(() => relay.close())
    const root = mkdtempSync(join(tmpdir(), 'vigie-data-'))
    open.push(async () => rmSync(root, { recursive: true, force: true }))
    const start = (setBy: number) =>
      startSite(
        {
          'site.yaml': `name: Essai\nsites: { home: {} }\n${QUICK}
mail: { from: "vigie@elsewhere.example", relays: ["smtp://127.0.0.1:${relay.port}"] }
alerts: [ { email: admins@elsewhere.example } ]\n`,
          'job.yaml': 'service: Job\nchecks:\n  - heartbeat: 1s\n    grace: 1s\n    token: abcdefghijklmnop\n',
        },
        { data: join(root, 'data'), wall: () => Date.now() + setBy },
      )
    const first = await start(0)
    const statusOf = async (site: typeof first) => (await site.status()).get('job')?.status
    await fetch(`${first.url}/push/abcdefghijklmnop`)
    await first.until('missing', async () => (await statusOf(first)) === 'major_outage')
    await first.until('told', () => relay.received.length === 1)
    await first.stop()
    const second = await start(-3 * HOUR)
    open.push(second.stop)
    // As long as a mail waits.
    for (let looks = 0; looks < 8; looks++) {
      expect(await statusOf(second)).toBe('major_outage')
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    expect(relay.received).toHaveLength(1)
    await fetch(`${second.url}/push/abcdefghijklmnop`)
    await second.until('told of its return', () => relay.received.length === 2)
  })
})
