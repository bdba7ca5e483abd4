import { X509Certificate } from 'node:crypto'
import { createServer as createWeb } from 'node:https'
import type { Answer } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { createAuthority } from '../../src/demo/certificates.ts'
import { kinds } from '../../src/probes/index.ts'
import { mailhealth } from '../../src/probes/mailhealth.ts'
import { briefly, readFiles } from '../config/folders.ts'
import { type Door, openDoor, silent } from '../servers/door.ts'
import { lookWith } from '../servers/looking.ts'
import { loopback } from '../servers/loopback.ts'
import { type Names, openNames, type Said } from '../servers/names.ts'
import { upgrading } from '../servers/upgrade.ts'
import { configure, probeOf } from './settings.ts'

const authority = createAuthority()
const ca = [authority.certificate]
const issued = authority.issue({ names: ['mx.a.test', 'mta-sts.a.test'] })
const key = new X509Certificate(issued.certificate).fingerprint256.replaceAll(':', '').toLowerCase()
const POLICY = 'version: STSv1\nmode: enforce\nmx: mx.a.test\nmax_age: 86400\n'

/** As it should be. */
const GOOD: Readonly<Record<string, readonly string[]>> = {
  'MX a.test': ['10 mx.a.test'],
  'A mx.a.test': ['192.0.2.1'],
  'AAAA mx.a.test': ['2001:db8::1'],
  'PTR 1.2.0.192.in-addr.arpa': ['mx.a.test'],
  [`PTR 1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`]: ['mx.a.test'],
  'TXT a.test': ['v=spf1 mx -all'],
  'TXT _dmarc.a.test': ['v=DMARC1; p=reject'],
  'TXT s1._domainkey.a.test': ['v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo='],
  'TXT _mta-sts.a.test': ['v=STSv1; id=1'],
  'TXT _smtp._tls.a.test': ['v=TLSRPTv1; rua=mailto:postmaster@a.test'],
  'TLSA _25._tcp.mx.a.test': [`3 0 1 ${key}`],
}

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

interface Around {
  /** What is otherwise in the zone; null: the name servers of that name don't answer. */
  readonly zone?: Readonly<Record<string, readonly string[] | null | 'silent'>>
  readonly policy?: { readonly status?: number; readonly type?: string; readonly body?: string }
  readonly smtp?: Parameters<typeof openDoor>[0]
  readonly keys?: object
  readonly timeout?: number
}

async function lookAt({ zone = {}, policy = {}, smtp, keys = { dkim: 's1' }, timeout = 8_000 }: Around = {}) {
  const all: Around['zone'] = { ...GOOD, ...zone }
  const names: Names = await openNames((name, type) => said(all[`${type} ${name.toLowerCase()}`], name, type))
  const web = createWeb({ key: issued.key, cert: issued.certificate }, (_, response) => {
    response.writeHead(policy.status ?? 200, { 'content-type': policy.type ?? 'text/plain', location: '/elsewhere' })
    response.end(policy.body ?? POLICY)
  })
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const mail: Door = await openDoor(smtp ?? upgrading('smtp', issued))
  open.push(names, web, mail)
  const network = {
    ...loopback({ ca, resolvers: [`127.0.0.1:${names.port}`] }),
    detour: (_: string, port: number) =>
      port === 53
        ? undefined
        : { host: '127.0.0.1', port: port === 25 ? mail.port : (web.address() as { port: number }).port },
  }
  return lookWith(probeOf(mailhealth, 'a.test', { ...keys }), { network, timeout })
}

function said(found: readonly string[] | null | 'silent' | undefined, name: string, type: string): Said | undefined {
  if (found === 'silent') return name === '.' ? { answers: [] } : undefined
  if (found === null) return { rcode: 2 }
  if (found === undefined) return name === '.' ? { answers: [] } : { rcode: 3 }
  return { answers: found.map((text) => ({ type, name, data: dataOf(type, text) }) as Answer) }
}

function dataOf(type: string, text: string): unknown {
  const [first, second, third, fourth] = text.split(' ')
  if (type === 'MX') return { preference: Number(first), exchange: second }
  if (type !== 'TLSA') return text
  return {
    usage: Number(first),
    selector: Number(second),
    matchingType: Number(third),
    certificate: Buffer.from(fourth!, 'hex'),
  }
}

describe('mailhealth', () => {
  it('is fine where all is as it should be', async () => {
    const { outcome, phases, took } = await lookAt({ keys: { dkim: ['s1'], dnsbl: ['bl.test'] } })
    expect(outcome).toEqual({
      ok: true,
      note: 'MX, PTR, SPF, DKIM, DMARC, TLSRPT, DANE, MTA-STS, block lists: fine',
    })
    expect(Math.abs(Object.values(phases).reduce((a, b) => a + b, 0) - took)).toBeLessThan(2)
  })

  it('asks for nothing that nobody has to publish', async () => {
    const without = { 'TXT _mta-sts.a.test': [], 'TXT _smtp._tls.a.test': [], 'TLSA _25._tcp.mx.a.test': [] }
    expect((await lookAt({ zone: without, keys: {} })).outcome).toEqual({
      ok: true,
      note: 'MX, PTR, SPF, DMARC: fine',
    })
  })

  it('hangs on no port: where our own line closes 25 the rest is known all the same', async () => {
    const { outcome, via } = await lookAt({ zone: { 'TXT _mta-sts.a.test': [] } })
    expect([outcome.ok, via.port]).toEqual([true, null])
  })

  it.each<[string, Around, string]>([
    ['no MX', { zone: { 'MX a.test': [], 'TXT _mta-sts.a.test': [] } }, 'there is no MX record: no mail comes'],
    [
      'no MX, but an address',
      { zone: { 'MX a.test': [], 'A a.test': ['192.0.2.1'], 'TXT _mta-sts.a.test': [] } },
      'there is no MX record: others try the domain’s own address',
    ],
    [
      'a mail host that is nowhere',
      { zone: { 'MX a.test': ['10 mx.a.test', '20 gone.a.test'] }, policy: { body: POLICY.replace('mx.a', '*.a') } },
      'the mail host gone.a.test has no address',
    ],
    ['no PTR', { zone: { 'PTR 1.2.0.192.in-addr.arpa': [] } }, '192.0.2.1 has no name (PTR)'],
    [
      'a PTR that leads elsewhere',
      { zone: { 'PTR 1.2.0.192.in-addr.arpa': ['host.provider.test'], 'A host.provider.test': ['192.0.2.9'] } },
      '192.0.2.1 is called host.provider.test, which leads elsewhere',
    ],
    ['an outgoing address without PTR', { keys: { outgoing: '192.0.2.77' } }, '192.0.2.77 has no name (PTR)'],
    ['no SPF', { zone: { 'TXT a.test': ['hello'] } }, 'there is no SPF record'],
    ['SPF for all', { zone: { 'TXT a.test': ['v=spf1 +all'] } }, 'SPF ends in +all: anybody may send in this name'],
    ['no DKIM key', { keys: { dkim: ['s2'] } }, 'DKIM: selector s2 has no key'],
    [
      'a revoked DKIM key',
      { zone: { 'TXT s1._domainkey.a.test': ['v=DKIM1; p='] } },
      'DKIM: the key of selector s1 is revoked (p= is empty)',
    ],
    ['no DMARC', { zone: { 'TXT _dmarc.a.test': [] } }, 'there is no DMARC record'],
    ['a wrong TLSRPT', { zone: { 'TXT _smtp._tls.a.test': ['x'] } }, 'TLSRPT: the record is not understood'],
    [
      'a certificate that TLSA does not announce',
      { zone: { 'TLSA _25._tcp.mx.a.test': [`3 1 1 ${key}`] } },
      'DANE: the certificate of mx.a.test is not the one that TLSA records announce',
    ],
    ['a policy that is not there', { policy: { status: 404 } }, "MTA-STS: the policy can't be read: 404"],
    ['a policy that is elsewhere', { policy: { status: 301 } }, "MTA-STS: the policy can't be read: 301"],
    ['a page for a policy', { policy: { type: 'text/html' } }, 'MTA-STS: the policy must be text/plain, not text/html'],
    ['a policy that is none', { policy: { body: 'hello' } }, 'MTA-STS: the policy is not understood'],
    [
      'a policy without the mail host',
      { policy: { body: POLICY.replace('mx.a', 'mx.b') } },
      'MTA-STS: the policy leaves out mx.a.test',
    ],
    [
      'a policy without an announcement',
      { zone: { 'TXT _mta-sts.a.test': ['v=STSv1'] } },
      'MTA-STS: the record has no usable id',
    ],
    [
      'a list that does not answer us',
      { zone: { 'A 1.2.0.192.bl.test': ['127.255.255.254'] }, keys: { dnsbl: 'bl.test' } },
      'bl.test does not answer our resolver: use one of your own',
    ],
  ])('finds %s, which is no outage', async (_, around, finding) => {
    const { outcome } = await lookAt(around)
    expect(outcome).toEqual({
      ok: true,
      note: `1 finding: ${finding}`,
      attention: [{ kind: 'finding', note: finding }],
    })
  })

  it('fails where an address is listed', async () => {
    const listed = {
      'A 77.2.0.192.bl.test': ['127.0.0.4'],
      'PTR 77.2.0.192.in-addr.arpa': ['mx.a.test'],
      'A mx.a.test': ['192.0.2.1', '192.0.2.77'],
    }
    const keys = { dnsbl: ['bl.test', 'other.test'], outgoing: ['192.0.2.77'] }
    expect((await lookAt({ zone: listed, keys })).outcome).toEqual({
      ok: false,
      reason: 'listed',
      note: '192.0.2.77 is listed by bl.test (127.0.0.4)',
    })
  })

  it('takes an odd answer of a list for none', async () => {
    const odd = { 'A 1.2.0.192.bl.test': ['203.0.113.7'] }
    expect((await lookAt({ zone: odd, keys: { dnsbl: 'bl.test' } })).outcome).toMatchObject({ ok: true })
  })

  it('knows a domain that takes no mail (RFC 7505)', async () => {
    const { outcome } = await lookAt({
      zone: { 'MX a.test': ['0 .'], 'TXT a.test': ['v=spf1 -all'], 'TXT _mta-sts.a.test': [] },
      keys: {},
    })
    expect(outcome).toEqual({ ok: true, note: 'MX, SPF, DMARC, TLSRPT: fine' })
  })

  it('fails where the domain’s name servers do not answer, and blames nobody else', async () => {
    expect((await lookAt({ zone: { 'MX a.test': null } })).outcome).toEqual({
      ok: false,
      reason: 'dns',
      note: 'no answer about the MX records of a.test',
    })
    const silentList = { 'A 1.2.0.192.bl.test': 'silent', 'PTR 1.2.0.192.in-addr.arpa': null } as const
    const { outcome, took } = await lookAt({ zone: silentList, keys: { dnsbl: 'bl.test' }, timeout: 10_000 })
    expect(outcome).toMatchObject({ ok: true, note: expect.stringMatching(/: fine$/) })
    expect(took).toBeLessThan(6_000)
  }, 20_000)

  it('does not wait for a mail host that says nothing, nor beyond its deadline', async () => {
    const { outcome, took } = await lookAt({ smtp: silent, timeout: 500 })
    expect(outcome.ok).toBe(false)
    expect(took).toBeLessThan(1_000)
    const gone = await lookAt({ smtp: (socket) => socket.destroy() })
    expect(gone.outcome).toEqual({ ok: true, note: 'MX, PTR, SPF, DKIM, DMARC, TLSRPT, MTA-STS: fine' })
  })

  it('is unknown when our own resolver is at fault', async () => {
    const network = loopback({ resolvers: ['127.0.0.1:1'] })
    const { outcome } = await lookWith(probeOf(mailhealth, 'a.test'), { network })
    expect(outcome).toMatchObject({ ok: null, reason: 'resolver' })
  })

  it('says what is wrong with how it is written', () => {
    const keys = { dkim: 'a b', dnsbl: ['zen'], outgoing: ['mx.a.test'] }
    expect(configure(mailhealth, 'a.test', keys).complaints).toEqual([
      'dkim: "a b" is no selector',
      'dnsbl: "zen" is no list: write zen.spamhaus.org',
      'outgoing: "mx.a.test" is no address: write 192.0.2.25',
    ])
  })

  it('looks once an hour, from one site', () => {
    const read = readFiles(
      { 'mail.yaml': 'service: Mail\nchecks:\n  - mailhealth: a.test\n    dkim: [s1]\n' },
      { kinds },
    )
    expect(briefly(read)).toEqual([])
    const rule = { every: 3_600_000, timeout: 60_000, slow: null }
    expect(read.configuration?.services[0]?.checks[0]).toMatchObject({ from: 'any', rule })
  })
})
