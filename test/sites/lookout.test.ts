// What a site says of another's page: nothing while it is well, once when it stays bad.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { differing } from '../../src/core/shown/twin-status.ts'
import { MINUTE } from '../../src/core/time/time.ts'
import type { Network } from '../../src/net/network.ts'
import { createNetwork } from '../../src/net/system.ts'
import { startLookout } from '../../src/sites/lookout.ts'
import { peerOf, wordOf } from '../core/peers.ts'
import { checkOf } from '../core/policy.ts'

it('names what another site defines otherwise, and nothing that it need not look at', () => {
  const ours = [checkOf('web.http'), checkOf('mail.smtp'), checkOf('lan.tcp', { from: ['home'] })]
  const peer = peerOf('offsite', { 'web.http': wordOf(), 'mail.smtp': wordOf({ definition: 'd2' }) })
  expect(differing(peer, ours)).toEqual(['mail.smtp'])
})

it('tells of a page that stays old unless its site is not heard either, and of checks/ that stayed behind', async () => {
  let now = Date.UTC(2026, 10, 23, 12)
  let next = now
  const server = createServer((_, response) => {
    response.end(JSON.stringify({ site: 'offsite', next_by: new Date(next).toISOString() }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const site = (id: string) => ({ id, url, key: null, where: null, role: 'full' as const, domain: id })
  const open = new Set<string>()
  let round = () => {}
  let over = () => {}
  let heard = true
  const check = checkOf('web.http')
  const newer = { ...peerOf('offsite').condition!, configured: 10 }
  const lookout = startLookout({
    memory: {
      configuration: {
        sites: [site('home'), site('offsite')],
        site: site('home'),
        replica: false,
        ca: [],
        configured: 5,
      },
      checkById: new Map([[check.id, check]]),
    } as unknown as Parameters<typeof startLookout>[0]['memory'],
    troubles: {
      begin: (what, cause) => open.add(`${what} ${cause}`),
      end: (cause) => {
        for (const one of open) if (one.endsWith(` ${cause}`)) open.delete(one)
      },
    },
    ledger: { size: () => 0 },
    // A look is over once its connection is.
    network: () => {
      const network = createNetwork({ ca: [] })
      const connect = async (...way: Parameters<Network['connect']>) =>
        (await network.connect(...way)).once('close', () => over())
      return { ...network, connect }
    },
    peers: () => [peerOf('offsite', { [check.id]: wordOf({ definition: 'd2' }) }, { condition: newer, heard })],
    sees: () => true,
    now: () => now,
    after: (_, run) => {
      round = run
      return () => {}
    },
  })
  const rounds = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const looked = new Promise<void>((done) => {
        over = done
      })
      round()
      await looked
      now += 5 * MINUTE
    }
  }
  next = now + 60 * MINUTE
  await rounds(4)
  expect([...open]).toEqual([])
  next = now - 10 * MINUTE
  heard = false
  await rounds(4)
  expect([...open]).toEqual([])
  heard = true
  await rounds(1)
  expect([...open]).toEqual(['twin page:offsite'])
  await rounds(7)
  expect([...open]).toEqual(['twin page:offsite', 'twin behind:offsite'])
  next = now + 60 * MINUTE
  await rounds(1)
  expect([...open]).toEqual(['twin behind:offsite'])
  lookout.stop()
  server.close()
})
