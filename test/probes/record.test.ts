import type { Answer } from 'dns-packet'
import { describe, expect, it } from 'vitest'
import { formatRecord, normalize, parseType, sameRecords } from '../../src/probes/record.ts'

const record = (type: string, data: unknown, name = 'example.test') => ({ type, name, ttl: 60, data }) as Answer

describe('records', () => {
  it('knows types by name and by number', () => {
    expect(['a', 'TLSA', 'HTTPS', 'TYPE65', 'TYPE0', 'TYPE99999', 'toString', ''].map(parseType)).toEqual([
      'A',
      'TLSA',
      'UNKNOWN_65',
      'UNKNOWN_65',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })

  it.each([
    ['AAAA', '2001:db8:0:0::1', '2001:DB8::1'],
    ['CAA', '0 issue "letsencrypt.org"', '0 issue letsencrypt.org'],
    ['NS', 'NS1.example.test.', 'ns1.example.test'],
    ['SRV', '10 5 5222 xmpp.example.test.', '10  5 5222 XMPP.example.test'],
    ['TLSA', '3 1 1 AB CD', '3 1 1 abcd'],
    ['TXT', '"v=spf1 " "-all"', 'v=spf1 -all'],
  ])('takes two ways to write %s for one', (type, left, right) => {
    expect(normalize(type, left)).toBe(normalize(type, right))
    expect(sameRecords(type, [left, left], [right])).toBe(true)
  })

  it('minds the case of a TXT and of a key', () => {
    expect(sameRecords('TXT', ['Abc'], ['abc'])).toBe(false)
    expect(sameRecords('DNSKEY', ['257 3 13 mdsSw'], ['257 3 13 MDSSW'])).toBe(false)
    expect(sameRecords('A', ['192.0.2.1'], ['192.0.2.1', '192.0.2.2'])).toBe(false)
  })

  it('writes each as a zone file does', () => {
    const cases: [Answer, string][] = [
      [record('MX', { preference: 10, exchange: 'mx.test' }), '10 mx.test'],
      [record('CAA', { flags: 0, tag: 'issue', value: 'ca.test' }), '0 issue "ca.test"'],
      [record('SRV', { priority: 1, weight: 2, port: 3, target: 'a.test' }), '1 2 3 a.test'],
      [
        record('TLSA', { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('abcd', 'hex') }),
        '3 1 1 abcd',
      ],
      [record('DS', { keyTag: 1, algorithm: 13, digestType: 2, digest: Buffer.from('abcd', 'hex') }), '1 13 2 abcd'],
      [record('TXT', [Buffer.from('a '), 'b']), 'a b'],
      [record('PTR', 'a.test'), 'a.test'],
      [record('UNKNOWN_65', Buffer.from('0001', 'hex')), '\\# 2 0001'],
    ]
    for (const [answer, text] of cases) expect(formatRecord(answer)).toBe(text)
  })
})
