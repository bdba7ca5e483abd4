// Writes ASN.1 in its distinguished encoding (X.690), as much of it as a certificate needs.
import type { Instant } from '../core/time/time.ts'

/** Tag, length, content (X.690, 8.1). */
export function element(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.from([tag]), lengthOf(body), body])
}

/** SEQUENCE (X.690, 8.9), already marked as made of parts. */
export const sequence = (...content: readonly Buffer[]) => element(0x30, ...content)

/** SET OF one thing: several would have to be sorted (X.690, 11.6). */
export const setOf = (content: Buffer) => element(0x31, content)

/** An explicit context tag, `[n]`. */
export const tagged = (n: number, content: Buffer) => element(0xa0 | n, content)

/** OCTET STRING (X.690, 8.7): extensions stand in one (RFC 5280, 4.2). */
export const octets = (content: Buffer) => element(0x04, content)

/** UTF8String, as names are written (RFC 5280, 4.1.2.4). */
export const utf8 = (text: string) => element(0x0c, Buffer.from(text, 'utf8'))

/** DER writes a flag only where it is true; false is its absence. */
export const yes = () => element(0x01, Buffer.from([0xff]))

/** A non-negative integer from big-endian bytes: shortest form, never read as negative. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const short = first === -1 ? Buffer.from([0]) : bytes.subarray(first)
  return element(0x02, short[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short)
}

/** A bit string; `unused` bits at its end don't count. */
export const bits = (content: Buffer, unused = 0) => element(0x03, Buffer.from([unused]), content)

/** An object identifier from its dotted form. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). Whole seconds. */
export function time(at: Instant): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+Z$|[-:T]/g, '')
  const year = Number(digits.slice(0, 4))
  const short = year >= 1950 && year < 2050
  return element(short ? 0x17 : 0x18, Buffer.from(`${short ? digits.slice(2) : digits}Z`, 'latin1'))
}

/** The armour certificates and keys travel in (RFC 7468). */
export function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  const short = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  return Buffer.concat([Buffer.from([0x80 | short.length]), short])
}

function base128(part: number): number[] {
  const digits = [part & 0x7f]
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest & 0x7f))
  return digits
}
