import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { familyOf, hostPort, isPublic } from '../../src/net/address.ts'

const INSIDE = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.1'],
  ...['169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8', '192.168.1.1', '198.18.0.1', '198.19.255.255'],
  ...['224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
  ...[
    '::',
    '::1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd12:3456::1',
    'ff02::1',
    'fec0::1',
    '100::1',
    '::ffff:127.0.0.1',
  ],
  ...[
    '::ffff:7f00:1',
    '::ffff:10.1.2.3',
    '0:0:0:0:0:ffff:a00:1',
    '::127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::a00:1',
  ],
  ...[
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:c0a8:101::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '5f00::1',
  ],
]
const OUTSIDE = [
  ...['1.1.1.1', '9.9.9.9', '80.67.169.12', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '192.167.1.1'],
  ...['11.0.0.0', '126.255.255.255', '128.0.0.1', '169.253.0.1', '198.17.0.1', '198.20.0.1', '223.255.255.255'],
  ...['192.0.2.1', '198.51.100.7', '203.0.113.9', '2001:db8::1'],
  ...[
    '2a01:4f8::1',
    '2606:4700::1111',
    '2620:fe::fe',
    '::ffff:1.1.1.1',
    '64:ff9b::9.9.9.9',
    '2002:101:101::1',
    '2001:910::1',
  ],
]

describe('address policy', () => {
  it.each(INSIDE)('keeps %s inside', (address) => expect(isPublic(address)).toBe(false))
  it.each(OUTSIDE)('lets %s out', (address) => expect(isPublic(address)).toBe(true))

  it('says no to whatever is no address, and never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => isPublic(text) === (familyOf(text) !== null && isPublic(text))))
    expect(['', 'localhost', '127.1', '2130706433', '0x7f.1', '1.2.3', '::g', '1.1.1.1/8'].some(isPublic)).toBe(false)
  })

  it('judges an IPv4 address the same in every IPv6 form that leads to it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number]
        const high = ((a << 8) | b).toString(16)
        const low = ((c << 8) | d).toString(16)
        const forms = [
          `::ffff:${address}`,
          `::ffff:${high}:${low}`,
          `0:0:0:0:0:FFFF:${high}:${low}`,
          `64:ff9b::${address}`,
        ]
        for (const form of [...forms, `2002:${high}:${low}::1`]) expect(isPublic(form)).toBe(isPublic(address))
      }),
    )
  })

  it('lets no IPv6 address out that is not within 2000::/3 or leads to IPv4', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const first = Number.parseInt(address.startsWith('::') ? '0' : address, 16)
        const translated = /^(::ffff:|(0+:){5}ffff:|64:ff9b:)/i.test(address)
        if (isPublic(address) && !translated) expect(first >> 13).toBe(1)
      }),
    )
  })

  it('writes IPv6 in brackets before a port', () => {
    expect(hostPort('::1', 25)).toBe('[::1]:25')
    expect(hostPort('mx.example.org', 25)).toBe('mx.example.org:25')
  })
})
