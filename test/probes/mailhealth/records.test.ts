import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAuthority } from '../../../src/demo/certificates.ts'
import { reversed, reverseName } from '../../../src/net/reverse.ts'
import { examineListings, meaningOf } from '../../../src/probes/mailhealth/blocklist.ts'
import { fits, parseTlsa, usable } from '../../../src/probes/mailhealth/dane.ts'
import { examineDkim, faultOfKey } from '../../../src/probes/mailhealth/dkim.ts'
import { examineDmarc, faultOfDmarc } from '../../../src/probes/mailhealth/dmarc.ts'
import { announcementIn, parsePolicy, unnamed } from '../../../src/probes/mailhealth/mta-sts.ts'
import { examineReports } from '../../../src/probes/mailhealth/reports.ts'
import { parseTags } from '../../../src/probes/mailhealth/tags.ts'

type Zone = Readonly<Record<string, readonly string[] | null>>
const lookUp = (zone: Zone) => async (name: string, type: string) => {
  const found = zone[`${type} ${name}`]
  return found === undefined ? [] : found
}
const rsa = (bits: number, type: 'spki' | 'pkcs1' = 'spki') =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ type, format: 'der' }).toString('base64')

describe('a list of tags', () => {
  it('is read as written', () => {
    expect([...parseTags(' v = DMARC1 ;p=none; rua=mailto:a@b.test!10m ;')!]).toEqual([
      ['v', 'DMARC1'],
      ['p', 'none'],
      ['rua', 'mailto:a@b.test!10m'],
    ])
  })

  it.each(['p', 'p=1;p=2', ';', 'p=é', '1=2', '=', 'p=1;;q=2'])('%s is none', (text) => {
    expect(parseTags(text)).toBeUndefined()
  })

  it('is read in time, whatever it says', () => {
    fc.assert(fc.property(fc.string(), (text) => parseTags(text) === undefined || true))
    const started = performance.now()
    for (const text of [' '.repeat(65_000), `a=${' '.repeat(65_000)}x`, 'a=b;'.repeat(16_000)]) parseTags(text)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('a DKIM key', () => {
  it('is good: RSA however it is wrapped, Ed25519', () => {
    expect(faultOfKey(`v=DKIM1; k=rsa; p=${rsa(2_048)}`)).toBeNull()
    expect(faultOfKey(`p=${rsa(1_024)}`)).toBeNull()
    expect(faultOfKey(`v=DKIM1; p=${rsa(2_048, 'pkcs1')}`)).toBeNull()
    expect(faultOfKey('v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=')).toBeNull()
  })

  it.each([
    [`v=DKIM1; p=${rsa(512)}`, 'has 512 bits only: at least 1024'],
    ['v=DKIM1; p=', 'is revoked (p= is empty)'],
    ['v=DKIM1; k=rsa', 'is not understood'],
    ['v=DKIM1; p=AAAA', 'is not understood'],
    ['v=DKIM1; p=%%%', 'is not understood'],
    ['v=DKIM1; k=ed25519; p=AAAA', 'is not understood'],
    [`v=DKIM1; k=dsa; p=${rsa(1_024)}`, 'is of an unknown kind (dsa)'],
    [`v=DKIM2; p=${rsa(1_024)}`, 'is of an unknown version'],
    [`k=rsa; v=DKIM1; p=${rsa(1_024)}`, 'is of an unknown version'],
    ['hello', 'is not understood'],
  ])('%s', (text, fault) => {
    expect(faultOfKey(text)).toBe(fault)
  })

  it('is looked for where its selector says', async () => {
    const good = `v=DKIM1; p=${rsa(1_024)}`
    const zone = { 'TXT s1._domainkey.a.test': [good], 'TXT s2._domainkey.a.test': [good, good] }
    expect(await examineDkim('a.test', ['s1'], lookUp(zone))).toEqual([])
    expect(await examineDkim('a.test', ['s1', 's2', 's3'], lookUp(zone))).toEqual([
      'DKIM: selector s2 has 2 records: receivers pick one',
      'DKIM: selector s3 has no key',
    ])
    expect(await examineDkim('a.test', ['s1'], lookUp({ 'TXT s1._domainkey.a.test': null }))).toBeNull()
  })

  it('is read whatever it says', () => {
    fc.assert(fc.property(fc.base64String(), (key) => faultOfKey(`v=DKIM1; p=${key}`) !== undefined))
    fc.assert(fc.property(fc.string(), (text) => faultOfKey(text) !== undefined))
  })
})

describe('DMARC', () => {
  it.each([
    ['v=DMARC1; p=none', null],
    ['v=DMARC1;p=Reject;rua=mailto:a@b.test,mailto:c@d.test!10m', null],
    ['v=DMARC1', 'the record says no policy (p=)'],
    ['v=DMARC1; p=block', 'there is no policy "block"'],
    ['v=DMARC1; p=none; rua=postmaster@a.test', 'rua is no address: write mailto:…'],
    ['v=DMARC1; p=none p=reject', 'there is no policy "none p=reject"'],
    ['v=DMARC1; p', 'the record is not understood'],
  ])('%s', (text, fault) => {
    expect(faultOfDmarc(text)).toBe(fault)
  })

  it('may be that of a parent, and is one', async () => {
    const parent = { 'TXT _dmarc.a.test': ['v=DMARC1; p=none'] }
    expect(await examineDmarc('mail.a.test', lookUp(parent))).toEqual([])
    expect(await examineDmarc('a.test', lookUp({}))).toEqual(['there is no DMARC record'])
    expect(await examineDmarc('a.test', lookUp({ 'TXT _dmarc.a.test': ['v=DMARC1; p', 'x'] }))).toEqual([
      'DMARC: the record is not understood',
    ])
    const two = { 'TXT _dmarc.a.test': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] }
    expect(await examineDmarc('a.test', lookUp(two))).toEqual([
      'there are 2 DMARC records: receivers take that for none',
    ])
    expect(await examineDmarc('a.test', lookUp({ 'TXT _dmarc.a.test': null }))).toBeNull()
  })
})

describe('TLSRPT', () => {
  it.each<[readonly string[], readonly string[] | null]>([
    [[], null],
    [['v=TLSRPTv1; rua=mailto:a@b.test'], []],
    [['v=TLSRPTv1;rua=https://b.test/x,mailto:a@b.test'], []],
    [['v=TLSRPTv1; rua=a@b.test'], ['TLSRPT: rua is no address: write mailto:… or https:…']],
    [['v=TLSRPTv1'], ['TLSRPT: rua is no address: write mailto:… or https:…']],
    [['hello'], ['TLSRPT: the record is not understood']],
    [
      ['v=TLSRPTv1; rua=mailto:a@b.test', 'v=TLSRPTv1; rua=mailto:a@b.test'],
      ['there are 2 TLSRPT records: senders take that for none'],
    ],
  ])('%j', async (texts, findings) => {
    expect(await examineReports('a.test', lookUp({ 'TXT _smtp._tls.a.test': texts }))).toEqual(findings)
  })
})

describe('MTA-STS', () => {
  const policy = 'version: STSv1\r\nmode: enforce\r\nmx: mx.a.test\r\nmx: *.b.test\r\nmax_age: 604800\r\n'

  it.each<[readonly string[], unknown]>([
    [[], null],
    [['v=STSv1; id=20260101'], 'announced'],
    [['v=STSv1;id=1;'], 'announced'],
    [['v=STSv1'], { wrong: 'the record has no usable id' }],
    [['v=STSv1; id=a-b'], { wrong: 'the record has no usable id' }],
    [['v=STSv1; id=1', 'v=STSv1; id=2'], { wrong: 'there are 2 records: senders take that for none' }],
    [['hello'], { wrong: 'the record is not understood' }],
  ])('is announced by %j', (texts, found) => {
    expect(announcementIn(texts)).toEqual(found)
  })

  it('has a policy, whose hosts are named or one label below', () => {
    const read = parsePolicy(policy)
    if ('wrong' in read) throw new Error(read.wrong)
    expect(unnamed(read, ['mx.a.test', 'x.b.test'])).toEqual([])
    expect(unnamed(read, ['mx2.a.test', 'b.test', 'y.x.b.test'])).toEqual(['mx2.a.test', 'b.test', 'y.x.b.test'])
    expect(unnamed({ mode: 'none', mx: [] }, ['x.test'])).toEqual([])
  })

  it.each([
    [policy.replace('STSv1', 'STSv2'), 'the policy does not say version: STSv1'],
    [policy.replace('enforce', 'strict'), 'the policy says no mode'],
    [policy.replace('604800', 'long'), 'the policy says no usable max_age'],
    [policy.replace('604800', '31557601'), 'the policy says no usable max_age'],
    [policy.replace(/mx: .*\r\n/g, ''), 'the policy names no mx'],
    ['<html></html>', 'the policy is not understood'],
    ['', 'the policy does not say version: STSv1'],
  ])('%j is no policy', (text, wrong) => {
    expect(parsePolicy(text)).toEqual({ wrong })
  })

  it('is read in time, whatever it says', () => {
    fc.assert(fc.property(fc.string(), (text) => parsePolicy(text) !== undefined))
    const started = performance.now()
    for (const text of [' '.repeat(65_000), `mx:${' '.repeat(65_000)}x`, 'mx: a\n'.repeat(10_000)]) parsePolicy(text)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

describe('DANE', () => {
  const authority = createAuthority()
  const issued = authority.issue({ names: ['mx.test'], intermediate: 'sent' })
  const [leaf, between] = issued.certificate.split(/(?=-----BEGIN)/).map((pem) => new X509Certificate(pem)) as [
    X509Certificate,
    X509Certificate,
  ]
  const sha256 = (certificate: X509Certificate) => certificate.fingerprint256.replaceAll(':', '').toLowerCase()

  it.each([
    ['3 0 1', leaf, true],
    ['2 0 1', between, true],
    ['3 0 1', between, false],
    ['2 0 1', leaf, false],
    ['1 0 1', leaf, false],
    ['3 0 2', leaf, false],
  ])('%s', (head, certificate, fit) => {
    expect(fits([parseTlsa(`${head} ${sha256(certificate)}`)!], [leaf, between])).toBe(fit)
  })

  it('fits by key, and when one of several does', () => {
    const key = leaf.publicKey.export({ type: 'spki', format: 'der' }).toString('hex')
    const whole = leaf.raw.toString('hex').toUpperCase()
    expect(fits([parseTlsa('3 1 1 00')!, parseTlsa(`3 1 0 ${key}`)!], [leaf])).toBe(true)
    expect(fits([parseTlsa(`3 0 0 ${whole}`)!], [leaf])).toBe(true)
    expect(fits([], [leaf])).toBe(false)
    expect(usable([parseTlsa('0 1 1 00')!, parseTlsa('3 2 1 00')!, parseTlsa('3 1 3 00')!])).toEqual([])
    expect(parseTlsa('3 1 1')).toBeUndefined()
  })
})

describe('block lists', () => {
  it.each([
    [['127.0.0.2'], 'listed'],
    [['127.0.0.10', '127.0.0.4'], 'listed'],
    [['127.255.255.254'], 'refused'],
    [['192.0.2.99'], 'clear'],
    [['127.0.1.2'], 'clear'],
    [[], 'clear'],
  ] as const)('%j means %s', (answers, meaning) => {
    expect(meaningOf(answers)).toBe(meaning)
  })

  it('are asked about every address, the silent ones passed over', async () => {
    const zone = {
      'A 1.2.0.192.bad.test': ['127.0.0.4'],
      'A 1.2.0.192.closed.test': ['127.255.255.254'],
      'A 2.2.0.192.closed.test': ['127.255.255.254'],
      'A 1.2.0.192.silent.test': null,
    }
    const lists = ['bad.test', 'closed.test', 'silent.test', 'good.test']
    expect(await examineListings(['192.0.2.1', '192.0.2.2'], lists, lookUp(zone))).toEqual({
      listed: ['192.0.2.1 is listed by bad.test (127.0.0.4)'],
      findings: ['closed.test does not answer our resolver: use one of your own'],
    })
    const asked: string[] = []
    const counting = (name: string, type: string) => {
      asked.push(name)
      return lookUp(zone)(name, type)
    }
    await examineListings(['192.0.2.1', '192.0.2.2'], ['silent.test'], counting)
    expect(asked).toEqual(['1.2.0.192.silent.test'])
  })
})

describe('an address the other way round', () => {
  it.each([
    ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
    ['2001:db8::1', `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`],
    ['::ffff:192.0.2.1', `1.0.2.0.0.0.0.c.f.f.f.f.${'0.'.repeat(20)}ip6.arpa`],
  ])('%s', (address, name) => {
    expect(reverseName(address)).toBe(name)
  })

  it('has as many labels as it has bytes or nibbles', () => {
    fc.assert(fc.property(fc.ipV6(), (address) => reversed(address).split('.').length === 32))
    fc.assert(fc.property(fc.ipV4(), (address) => reversed(address).split('.').length === 4))
  })
})
