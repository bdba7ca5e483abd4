// What a site says of another's page: nothing while it is well, once when it stays bad.
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished, vi } from 'vitest'
import { LEDGER_BOUND } from '../../src/core/ledger/checkpoint.ts'
import { differing } from '../../src/core/shown/twin-status.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { createAuthority } from '../../src/demo/certificates.ts'
import type { Network } from '../../src/net/network.ts'
import { createNetwork } from '../../src/net/system.ts'
import { type LookoutDeps, startLookout } from '../../src/sites/lookout.ts'
import { peerOf, wordOf } from '../core/peers.ts'
import { checkOf } from '../core/policy.ts'
import { web } from '../servers/web.ts'

it('names what another site defines otherwise, and nothing that it need not look at', () => {
  const ours = [checkOf('web.http'), checkOf('mail.smtp'), checkOf('lan.tcp', { from: ['home'] })]
  const peer = peerOf('offsite', { 'web.http': wordOf(), 'mail.smtp': wordOf({ definition: 'd2' }) })
  expect(differing(peer, ours)).toEqual(['mail.smtp'])
})

const CHECK = checkOf('web.http')
const siteOf = (id: string, url: string) => ({ id, url, key: null, where: null, role: 'full' as const, domain: id })

/** A look-out at home over the site `offsite` at that address, by the clock. */
function lookOut(url: string, { ca = [], more = {} }: { ca?: readonly string[]; more?: Partial<LookoutDeps> } = {}) {
  const clock = { now: Date.UTC(2026, 10, 23, 12) }
  const open = new Map<string, string>()
  let round = () => {}
  let over = () => {}
  const sites = [siteOf('home', url), siteOf('offsite', url)]
  const configuration = { sites, site: sites[0], replica: false, ca, configured: 5 }
  const lookout = startLookout({
    memory: { configuration, checkById: new Map([[CHECK.id, CHECK]]) } as unknown as LookoutDeps['memory'],
    troubles: {
      begin: (what, cause, note) => void open.set(`${what} ${cause}`, note),
      end: (cause) => {
        for (const one of open.keys()) if (one.endsWith(` ${cause}`)) open.delete(one)
      },
    },
    ledger: { size: () => 0 },
    // A look is over once its connection is.
    network: () => {
      const network = createNetwork({ ca })
      const connect = async (...way: Parameters<Network['connect']>) =>
        (await network.connect(...way)).once('close', () => over())
      return { ...network, connect }
    },
    peers: () => [peerOf('offsite')],
    sees: () => true,
    now: () => clock.now,
    after: (_, run) => {
      round = run
      return () => {}
    },
    ...more,
  })
  onTestFinished(() => lookout.stop())
  const rounds = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const looked = new Promise<void>((done) => {
        over = done
      })
      round()
      await looked
      clock.now += 5 * MINUTE
    }
  }
  return { clock, open, rounds }
}

it('tells of a page that stays old unless its site is not heard either, and of checks/ that stayed behind', async () => {
  let next = 0
  let heard = true
  const port = await web((_, response) => {
    response.end(JSON.stringify({ site: 'offsite', next_by: new Date(next).toISOString() }))
  })
  const condition = { ...peerOf('offsite').condition!, configured: 10 }
  const words = { [CHECK.id]: wordOf({ definition: 'd2' }) }
  const peers = () => [peerOf('offsite', words, { condition, heard })]
  const { clock, open, rounds } = lookOut(`http://127.0.0.1:${port}/`, { more: { peers } })
  const causes = () => [...open.keys()]
  next = clock.now + 60 * MINUTE
  await rounds(4)
  expect(causes()).toEqual([])
  next = clock.now - 10 * MINUTE
  heard = false
  await rounds(4)
  expect(causes()).toEqual([])
  heard = true
  await rounds(1)
  expect(causes()).toEqual(['twin page:offsite'])
  await rounds(7)
  expect(causes()).toEqual(['twin page:offsite', 'twin behind:offsite'])
  next = clock.now + 60 * MINUTE
  await rounds(1)
  expect(causes()).toEqual(['twin behind:offsite'])
})

it('tells of a certificate that nobody renews before the page fails by it, and that it was renewed', async () => {
  const authority = createAuthority()
  const start = Date.now()
  let until = start + 15 * DAY
  const issued = () => authority.issue({ names: ['127.0.0.1'], until })
  const { key, certificate } = issued()
  const server = createServer({ key, cert: certificate }, (_, response) => {
    response.end(JSON.stringify({ site: 'offsite', next_by: new Date(start + 99 * DAY).toISOString() }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  onTestFinished(() => void server.close())
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const { clock, open, rounds } = lookOut(url, { ca: [authority.certificate] })
  clock.now = start
  await rounds(1)
  await new Promise((done) => setTimeout(done, 200))
  expect([...open]).toEqual([])
  clock.now = start + 2 * DAY + HOUR
  await rounds(1)
  const told = `the certificate of ${url}: 12 days left`
  await vi.waitFor(() => expect([...open]).toEqual([['twin certificate:offsite', told]]))
  until = start + 90 * DAY
  const renewed = issued()
  server.setSecureContext({ key: renewed.key, cert: renewed.certificate })
  await rounds(1)
  await vi.waitFor(() => expect([...open]).toEqual([]))
})

it('tells of a ledger that has grown to half of what may be', async () => {
  let size = LEDGER_BOUND / 2 - 1
  const port = await web((_, response) => void response.end())
  const { open, rounds } = lookOut(`http://127.0.0.1:${port}/`, { more: { ledger: { size: () => size } } })
  await rounds(1)
  expect([...open]).toEqual([])
  size++
  await rounds(1)
  expect([...open.keys()]).toEqual(['database ledger-size'])
  size--
  await rounds(1)
  expect([...open.keys()]).not.toContain('database ledger-size')
})
