// Which addresses belong to the public internet. A check may be pointed at any name, and whoever owns that name decides
// where it leads: without this a monitor could be made to knock at doors inside the house (SSRF, DNS rebinding).
import { isIP } from 'node:net'

/** IPv4 blocks that are no public hosts (RFC 6890 and the registry it began): first address, prefix length. */
const PRIVATE_4: readonly (readonly [address: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]

const BLOCKED_4 = PRIVATE_4.map(([address, prefix]) => ({ first: number4(address), mask: (-1 << (32 - prefix)) >>> 0 }))

/**
 * True for an address anybody could reach: not loopback, private, shared (CGNAT), link-local (which holds the metadata
 * service of clouds), multicast, reserved or unspecified, nor an IPv6 form that leads to such an IPv4 address. IPv6 is
 * public only within 2000::/3. The documentation blocks count as public: nobody is there, and laboratories use them.
 * False for anything that is no address.
 */
export function isPublic(address: string): boolean {
  const bare = address.replace(/%.*$/s, '')
  const version = isIP(bare)
  if (version === 4) return isPublic4(number4(bare))
  if (version === 6) return isPublic6(groups6(bare))
  return false
}

/** 4 or 6 for an address, null for a name. A zone (`%eth0`) is part of an IPv6 address. */
export function familyOf(host: string): 4 | 6 | null {
  const version = isIP(host)
  return version === 4 || version === 6 ? version : null
}

/** `host:port` as people write it: IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function isPublic4(address: number): boolean {
  return !BLOCKED_4.some(({ first, mask }) => (address & mask) >>> 0 === first)
}

function isPublic6(groups: readonly number[]): boolean {
  const [a, b, c, d, e, f] = groups as [number, number, number, number, number, number, number, number]
  const last4 = pair(groups[6]!, groups[7]!)
  const mapped = a === 0 && b === 0 && c === 0 && d === 0 && e === 0 && f === 0xffff
  const translated = a === 0x64 && b === 0xff9b && c === 0 && d === 0 && e === 0 && f === 0
  if (mapped || translated) return isPublic4(last4)
  if (a === 0x2002) return isPublic4(pair(b, c))
  // 2001::/23 is for protocols (RFC 2928): Teredo, which carries an IPv4 address, ORCHID, benchmarking.
  if (a === 0x2001 && b < 0x200) return false
  return a >= 0x2000 && a <= 0x3fff
}

function pair(high: number, low: number): number {
  return ((high << 16) | low) >>> 0
}

function number4(address: string): number {
  return address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0)
}

/** The eight groups of a valid IPv6 address, `::` and a dotted tail spelt out (RFC 4291, 2.2). */
function groups6(address: string): readonly number[] {
  const dotted = address.replace(/\d+\.\d+\.\d+\.\d+$/, (tail) => {
    const number = number4(tail)
    return `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`
  })
  const [head = '', tail] = dotted.split('::')
  const read = (half: string) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)))
  if (tail === undefined) return read(head)
  const [before, after] = [read(head), read(tail)]
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}
