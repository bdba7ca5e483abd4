import type { Answer } from 'dns-packet'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { dns, parseName, parseServer } from '../../src/probes/dns.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { type Names, openNames, type Said } from '../servers/names.ts'
import { configure, probeOf } from './settings.ts'

const open: Names[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((names) => names.close()))
})

async function names(answer: Parameters<typeof openNames>[0]): Promise<Names> {
  const server = await openNames(answer)
  open.push(server)
  return server
}

const record = (type: string, data: unknown, name = 'example.test') => ({ type, name, ttl: 60, data }) as Answer

async function look(said: (type: string, over: 'udp' | 'tcp') => Said | undefined, keys: object = {}, timeout = 500) {
  const { port } = await names((_, type, over) => said(type, over))
  return lookWith(probeOf(dns, 'example.test', { server: `127.0.0.1:${port}`, ...keys }), {
    allowPrivate: true,
    timeout,
  })
}

describe('dns', () => {
  it('is content with any record of the type', async () => {
    const { outcome, phases, took } = await look(() => ({
      answers: [record('A', '192.0.2.1'), record('A', '192.0.2.2')],
    }))
    expect(outcome).toEqual({ ok: true, note: 'A 192.0.2.1, 192.0.2.2' })
    expect(Object.keys(phases)).toEqual(['resolve', 'request'])
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(1)
  })

  it('follows an alias to the records, and counts only those of the type', async () => {
    const said = { answers: [record('CNAME', 'web.example.test'), record('A', '192.0.2.1', 'web.example.test')] }
    expect((await look(() => said, { expect: ['192.0.2.1'] })).outcome.ok).toBe(true)
  })

  it('expects exactly the set, whatever order, case and dots', async () => {
    const said = () => ({
      answers: [
        record('MX', { preference: 20, exchange: 'Backup.example.test' }),
        record('MX', { preference: 10, exchange: 'mx.example.test' }),
      ],
    })
    expect(
      (await look(said, { type: 'mx', expect: ['10 mx.example.test.', '20 backup.example.test'] })).outcome.ok,
    ).toBe(true)
    const { outcome } = await look(said, { type: 'MX', expect: ['10 mx.example.test'] })
    expect(outcome).toMatchObject({ ok: false, reason: 'content' })
    expect(outcome.note).toBe('MX 20 Backup.example.test, 10 mx.example.test; expected 10 mx.example.test')
  })

  it.each([
    ['NXDOMAIN', { rcode: 3 }, 'dns'],
    ['SERVFAIL', { rcode: 2 }, 'dns'],
    ['REFUSED by the server asked', { rcode: 5 }, 'dns'],
    ['no record of the type', { answers: [record('CNAME', 'a.test')] }, 'dns'],
    ['garbage', { raw: Buffer.from('80000001ffffffffffffffffffffff', 'hex') }, 'protocol'],
    ['nothing', undefined, 'timeout'],
  ])('fails on %s', async (_, said, reason) => {
    expect((await look(() => said, {}, 250)).outcome).toMatchObject({ ok: false, reason })
  })

  it('asks again over TCP what is too long for UDP', async () => {
    const said = { answers: [record('TXT', ['v=spf1 ', '-all'])] }
    const { outcome } = await look((_, over) => (over === 'udp' ? { truncated: true } : said), {
      type: 'TXT',
      expect: ['v=spf1 -all'],
    })
    expect(outcome).toEqual({ ok: true, note: 'TXT v=spf1 -all' })
  })

  it('asks again when a packet was lost', async () => {
    let lost = false
    const { outcome } = await look(
      () => {
        if (lost) return { answers: [record('A', '192.0.2.1')] }
        lost = true
        return undefined
      },
      {},
      2_000,
    )
    expect(outcome.ok).toBe(true)
  })

  it('says refused of a server that is not there, and blocked of one inside', async () => {
    const { port, close } = await openNames(() => undefined)
    await close()
    const probe = probeOf(dns, 'example.test', { server: `127.0.0.1:${port}` })
    expect((await lookWith(probe, { allowPrivate: true })).outcome).toMatchObject({ ok: false, reason: 'refused' })
    expect((await lookWith(probe, { network: loopback({ strict: true }) })).outcome).toMatchObject({
      ok: null,
      reason: 'blocked',
    })
  })

  it("asks our own resolver when none is named, whose trouble is not the name's", async () => {
    const { port, heard } = await names(() => ({ answers: [record('A', '192.0.2.1')] }))
    const ask = (resolvers: string[], timeout = 250) =>
      lookWith(probeOf(dns, 'example.test'), { network: loopback({ strict: true, resolvers }), timeout })
    const { outcome, via } = await ask([`127.0.0.1:${port}`])
    expect(outcome.ok).toBe(true)
    expect(via.dns).toBe(true)
    expect(heard).toEqual(['udp A example.test'])
    const dead = await names(() => undefined)
    const closed = await openNames(() => undefined)
    await closed.close()
    const refusing = await names(() => ({ rcode: 5 }))
    for (const port of [dead.port, closed.port, refusing.port]) {
      expect((await ask([`127.0.0.1:${port}`])).outcome).toMatchObject({ ok: null, reason: 'resolver' })
    }
    expect((await ask([])).outcome).toMatchObject({ ok: null, reason: 'resolver' })
  })
})

describe('a silent resolver', () => {
  it('shows the zone at fault when it answers about others', async () => {
    const { port } = await names((name) => (name === '.' ? {} : undefined))
    const { outcome } = await lookWith(probeOf(dns, 'example.test'), {
      network: loopback({ resolvers: [`127.0.0.1:${port}`] }),
      timeout: 1_300,
    })
    expect(outcome).toMatchObject({ ok: false, reason: 'dns', note: 'the name servers of example.test do not answer' })
  })
})

describe('same serial', () => {
  const soa = (serial: number) =>
    record('SOA', {
      mname: 'ns1.example.test',
      rname: 'root.example.test',
      serial,
      refresh: 1,
      retry: 1,
      expire: 1,
      minimum: 1,
    })

  async function zone(servers: Record<string, (() => Said | undefined) | null>, timeout = 600) {
    const list = { answers: Object.keys(servers).map((name) => record('NS', name)) }
    const { port } = await names(() => list)
    const ports = new Map<string, number>()
    for (const [name, said] of Object.entries(servers)) {
      const server = await openNames(() => said?.())
      ports.set(name, server.port)
      if (said === null) await server.close()
      else open.push(server)
    }
    const network = {
      ...loopback({ resolvers: [`127.0.0.1:${port}`] }),
      detour: (host: string) => (ports.has(host) ? { host: '127.0.0.1', port: ports.get(host)! } : undefined),
    }
    return lookWith(probeOf(dns, 'example.test', { same_serial: true }), { network, timeout })
  }
  const serves = (serial: number) => () => ({ authoritative: true, answers: [soa(serial)] })

  it('is content when every name server holds the same version', async () => {
    const { outcome, phases, took } = await zone({
      'ns1.example.test': serves(7),
      'ns2.example.test': serves(7),
      'ns3.example.test': serves(7),
    })
    expect(outcome).toEqual({ ok: true, note: 'serial 7 on 3 name servers' })
    expect(Object.keys(phases)).toEqual(['resolve', 'request'])
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(1)
  })

  it('names a stale one', async () => {
    const { outcome } = await zone({ 'ns1.example.test': serves(8), 'ns2.example.test': serves(7) })
    expect(outcome).toEqual({
      ok: false,
      reason: 'content',
      note: 'different serials: ns1.example.test 8, ns2.example.test 7',
    })
  })

  it.each([
    ['refuses', () => ({ rcode: 5 }), 'dns', /^ns2\.example\.test: does not serve/],
    ['has no authority', () => ({ answers: [soa(7)] }), 'dns', /^ns2\.example\.test: has no authority/],
    ['is not there', null, 'refused', /^ns2\.example\.test: /],
    ['is silent', () => undefined, 'timeout', /\(ns2\.example\.test\)/],
  ])('names one that %s', async (_, said, reason, words) => {
    const { outcome } = await zone({ 'ns1.example.test': serves(7), 'ns2.example.test': said })
    expect(outcome).toMatchObject({ ok: false, reason })
    expect(outcome.note).toMatch(words)
  })

  it('fails a zone without name servers', async () => {
    expect((await zone({})).outcome).toMatchObject({ ok: false, reason: 'dns' })
  })
})

describe('what is written for dns', () => {
  it('reads its own keys and complains about wrong ones', () => {
    expect([...configure(dns, 'example.test').read].sort()).toEqual(['expect', 'same_serial', 'server', 'type'])
    expect(configure(dns, 'no name', {}).complaints).toEqual([expect.stringMatching(/^target: /)])
    expect(configure(dns, 'a.test', { type: 'EMAIL' }).complaints).toEqual([expect.stringMatching(/^type: /)])
    expect(configure(dns, 'a.test', { server: 'ns:99999' }).complaints).toEqual([expect.stringMatching(/^server: /)])
    expect(configure(dns, 'a.test', { same_serial: true, expect: ['1'] }).complaints).toEqual([
      expect.stringMatching(/^expect: /),
    ])
  })

  it.each([
    ['ns.example.org', { host: 'ns.example.org', port: 53 }],
    ['ns.example.org:5353', { host: 'ns.example.org', port: 5353 }],
    ['192.0.2.53', { host: '192.0.2.53', port: 53 }],
    ['2001:db8::53', { host: '2001:db8::53', port: 53 }],
    ['[2001:db8::53]:54', { host: '2001:db8::53', port: 54 }],
    ['ns.example.org:0', undefined],
    ['a b', undefined],
    ['[ns]:53', undefined],
  ])('reads the server %s', (text, server) => expect(parseServer(text)).toEqual(server))

  it('reads names', () => {
    expect(['_dmarc.Example.org.', '.', 'bücher.example', '_25._tcp.mx'].map(parseName)).toEqual([
      '_dmarc.example.org',
      '.',
      'xn--bcher-kva.example',
      '_25._tcp.mx',
    ])
    expect(['', 'a..b', `${'a'.repeat(64)}.b`, 'a/b', `${'abcdefg.'.repeat(32)}`].map(parseName)).toEqual(
      Array(5).fill(undefined),
    )
    fc.assert(fc.property(fc.string(), (text) => (parseName(text) ?? '').length <= 253))
  })
})
