// What the answers of another site tell of the time.
import { expect, it } from 'vitest'
import { createCarrier } from '../../src/app/carrier.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import { createNetwork } from '../../src/net/system.ts'
import { siteOf } from '../core/policy.ts'
import { web } from '../servers/web.ts'

it('tells for a minute how far ahead the clock of a site is that answered, and of one that has none nothing', async () => {
  let date: string | null = new Date(Date.now() + HOUR).toUTCString()
  const port = await web((_, response) => {
    response.sendDate = false
    const headers = { 'vigie-site': 'offsite', 'vigie-signature': 'x', ...(date === null ? {} : { date }) }
    response.writeHead(200, headers).end('{}')
  })
  let ticks = 0
  const carrier = createCarrier({
    memory: { configuration: { ca: [] } } as unknown as Parameters<typeof createCarrier>[0]['memory'],
    world: () => ({ network: createNetwork({ ca: [] }) }),
    now: Date.now,
    ticks: () => ticks,
  })
  const call = (id: string) => {
    const envelope = { from: 'home', signature: 'y', body: Buffer.from('{}') }
    return carrier.carry({ ...siteOf(id), url: `http://127.0.0.1:${port}` }, envelope, 5 * SECOND, false)
  }
  expect(carrier.clocks()).toEqual([])
  await call('offsite')
  expect(carrier.clocks()).toHaveLength(1)
  expect(Math.abs(carrier.clocks()[0]! - HOUR)).toBeLessThan(10 * SECOND)
  date = null
  await call('third')
  expect(carrier.clocks()).toHaveLength(1)
  ticks += MINUTE
  expect(carrier.clocks()).toEqual([])
  carrier.close()
})
