// What the answers of another site tell of the time.
import { expect, it } from 'vitest'
import { createCarrier } from '../../src/app/carrier.ts'
import { HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import { createNetwork } from '../../src/net/system.ts'
import { siteOf } from '../core/policy.ts'
import { web } from '../servers/web.ts'

it('tells for a minute how far ahead the nearest clock of a site is, of those that answered', async () => {
  let ahead: number | null = HOUR
  const port = await web((_, response) => {
    response.sendDate = false
    const date = ahead === null ? {} : { date: new Date(Date.now() + ahead).toUTCString() }
    response.writeHead(200, { 'vigie-site': 'offsite', 'vigie-signature': 'x', ...date }).end('{}')
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
  const isNear = (moment: number) => Math.abs(carrier.siteClock()! - moment) < 10 * SECOND
  expect(carrier.siteClock()).toBeNull()
  await call('offsite')
  expect(isNear(HOUR)).toBe(true)
  ahead = null
  await call('third')
  expect(isNear(HOUR)).toBe(true)
  ahead = -MINUTE
  await call('fourth')
  expect(isNear(-MINUTE)).toBe(true)
  ticks += MINUTE
  expect(carrier.siteClock()).toBeNull()
  carrier.close()
})
