// Addresses the other way round, as DNS asks for them.
import { isIP } from 'node:net'

/** The one way to write an address: IPv6 in lower case, shortened (RFC 5952), without a dotted tail. */
export function plainAddress(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address
}

/** Bytes or nibbles, last first: `1.2.0.192`. What lists of addresses are asked under (RFC 5782, 2). */
export function reversed(address: string): string {
  if (isIP(address) !== 6) return address.split('.').reverse().join('.')
  const [head = '', tail] = plainAddress(address).split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail ?? '')]
  const zeros = Array.from({ length: tail === undefined ? 0 : 8 - before.length - after.length }, () => '0')
  const digits = [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')
  return [...digits].reverse().join('.')
}

/** Where the name of an address is (RFC 1035, 3.5; RFC 3596, 2.5). */
export function reverseName(address: string): string {
  return `${reversed(address)}.${isIP(address) === 6 ? 'ip6' : 'in-addr'}.arpa`
}
