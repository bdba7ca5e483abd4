// dns against a real BIND: what is there, what isn't, and name servers that don't agree.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { dns } from '../../src/probes/dns.ts'
import { probeOf } from '../probes/settings.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { BIND, type Bind, startBind } from './bind.ts'
import { openFolder } from './daemon.ts'
import { whenPresent } from './present.ts'

whenPresent(BIND)('dns against BIND', () => {
  const open: { stop(): Promise<void> }[] = []
  let bind: Bind

  beforeAll(async () => {
    const folder = openFolder()
    open.push(folder)
    bind = await startBind(folder.path, { both: ['zone.test', 'other.test'], lame: ['lame.test'] })
    open.push(bind)
  }, 150_000)

  afterAll(async () => {
    for (const one of open.reverse()) await one.stop()
  }, 60_000)

  /** Asks the primary as our resolver; ns1 and ns2 of every zone are the two servers. */
  const lookAt = async (name: string, keys: Readonly<Record<string, unknown>>) => {
    const network = {
      ...loopback({ resolvers: [`127.0.0.1:${bind.primary}`] }),
      detour: (host: string, port: number) => {
        if (port !== 53) return undefined
        return { host: '127.0.0.1', port: host.startsWith('ns1.') ? bind.primary : bind.secondary }
      },
    }
    return (await lookWith(probeOf(dns, name, keys), { network, timeout: 20_000 })).outcome
  }

  it.each([
    ['zone.test', 'A', ['192.0.2.2', '192.0.2.1']],
    ['zone.test', 'AAAA', ['2001:db8:0::1']],
    ['zone.test', 'MX', ['10 mail.zone.test.', '20 MAIL.other.test']],
    ['zone.test', 'TXT', ['v=spf1 mx -all', 'two pieces']],
    ['zone.test', 'NS', ['ns1.zone.test', 'ns2.zone.test']],
    ['zone.test', 'SOA', ['ns1.zone.test hostmaster.zone.test 1 3600 600 1209600 300']],
    ['zone.test', 'CAA', ['0 issue "ca.test"']],
    ['_imaps._tcp.zone.test', 'SRV', ['0 1 993 mail.zone.test']],
    ['alias.zone.test', 'A', ['192.0.2.25']],
  ])('finds what is expected: %s %s', async (name, type, expected) => {
    expect(await lookAt(name, { type, expect: expected, server: `127.0.0.1:${bind.primary}` })).toMatchObject({
      ok: true,
    })
    expect(await lookAt(name, { type, expect: [...expected.slice(1), '192.0.2.99'] })).toMatchObject({
      ok: false,
      reason: 'content',
    })
  })

  it('reads over TCP what is too long for UDP', async () => {
    const text = Array.from({ length: 12 }, (_, index) => String(index).padStart(250, 'x')).join('')
    expect(await lookAt('long.zone.test', { type: 'TXT', expect: [text] })).toMatchObject({ ok: true })
  })

  it('tells a name that is not there from a record that is not, and from a zone nobody serves', async () => {
    expect(await lookAt('nobody.zone.test', {})).toEqual({
      ok: false,
      reason: 'dns',
      note: 'nobody.zone.test does not exist (NXDOMAIN)',
    })
    expect(await lookAt('mail.zone.test', { type: 'MX' })).toEqual({
      ok: false,
      reason: 'dns',
      note: 'mail.zone.test has no MX record',
    })
    expect(await lookAt('zone.elsewhere.test', { server: `127.0.0.1:${bind.primary}` })).toEqual({
      ok: false,
      reason: 'dns',
      note: 'no answer about zone.elsewhere.test (REFUSED)',
    })
    expect(await lookAt('zone.elsewhere.test', {}), 'our own resolver refusing is our fault').toMatchObject({
      ok: null,
      reason: 'resolver',
    })
  })

  it('says that all name servers hold the same version', async () => {
    expect(await lookAt('other.test', { same_serial: true })).toEqual({ ok: true, note: 'serial 1 on 2 name servers' })
  })

  it('says which name server is behind when a secondary is stale', async () => {
    expect(await lookAt('zone.test', { same_serial: true })).toMatchObject({ ok: true })
    await bind.publish('zone.test', 2)
    expect(await lookAt('zone.test', { same_serial: true })).toEqual({
      ok: false,
      reason: 'content',
      note: 'different serials: ns1.zone.test 2, ns2.zone.test 1',
    })
  })

  it('says which name server does not serve the zone when one is lame', async () => {
    expect(await lookAt('lame.test', { same_serial: true })).toEqual({
      ok: false,
      reason: 'dns',
      note: 'ns2.lame.test: does not serve lame.test (REFUSED)',
    })
  })
})
