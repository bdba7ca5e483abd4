// DNS records as text, the way zone files write them, so that what is expected can be compared with what is there.
import type { Answer } from 'dns-packet'

/** Types that dns-packet knows by name and whose text is made here; others are asked for by number. */
const NAMED = [
  ...['A', 'AAAA', 'CAA', 'CNAME', 'DNAME', 'DNSKEY', 'DS', 'MX', 'NAPTR', 'NS', 'PTR', 'SOA', 'SRV', 'SSHFP', 'TLSA'],
  'TXT',
] as const
const NUMBERED: Readonly<Record<string, number>> = { HTTPS: 65, OPENPGPKEY: 61, SMIMEA: 53, SVCB: 64, URI: 256 }

/** dns-packet's name for a type as people write it (`MX`, `HTTPS`, `TYPE65`); undefined for what is none. */
export function parseType(text: string): string | undefined {
  const type = text.trim().toUpperCase()
  if (NAMED.some((known) => known === type)) return type
  const number = NUMBERED[type] ?? Number(/^TYPE(\d{1,5})$/.exec(type)?.[1])
  return Number.isInteger(number) && number > 0 && number < 65_536 ? `UNKNOWN_${number}` : undefined
}

/** A record's value on one line: `10 mx.example.org`, `0 issue "ca.example"`; what has no text is `\# length hex`. */
export function formatRecord(answer: Answer): string {
  switch (answer.type) {
    case 'MX':
      return `${answer.data.preference ?? 0} ${answer.data.exchange}`
    case 'TXT':
      return textOf(answer.data)
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`
    case 'SRV':
      return `${answer.data.priority ?? 0} ${answer.data.weight ?? 0} ${answer.data.port} ${answer.data.target}`
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data
      return [mname, rname, serial, refresh, retry, expire, minimum].join(' ')
    }
    case 'TLSA': {
      const { usage, selector, matchingType, certificate } = answer.data
      return `${usage} ${selector} ${matchingType} ${certificate.toString('hex')}`
    }
    case 'DS': {
      const { keyTag, algorithm, digestType, digest } = answer.data
      return `${keyTag} ${algorithm} ${digestType} ${digest.toString('hex')}`
    }
    case 'DNSKEY':
      return `${answer.data.flags} 3 ${answer.data.algorithm} ${answer.data.key.toString('base64')}`
    case 'SSHFP': {
      const { algorithm, hash, fingerprint } = answer.data
      return `${algorithm} ${hash} ${fingerprint}`
    }
    case 'NAPTR': {
      const { order, preference, flags, services, regexp, replacement } = answer.data
      return `${order} ${preference} "${flags}" "${services}" "${regexp}" ${replacement}`
    }
    default:
      return raw('data' in answer ? answer.data : undefined)
  }
}

/** Two texts of one type mean the same when this is the same: case, last dots, quotes and spaces don't count. */
export function normalize(type: string, text: string): string {
  if (type === 'TXT') {
    const parts = text.trim().match(/"(?:[^"\\]|\\.)*"/g)
    return parts !== null && /^\s*"/.test(text) ? parts.map((part) => part.slice(1, -1)).join('') : text
  }
  if (type === 'AAAA' && URL.canParse(`http://[${text.trim()}]`)) return new URL(`http://[${text.trim()}]`).hostname
  const words = text
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^"(.*)"$/, '$1').replace(/(?<=.)\.$/, ''))
  // The last field of these may be written in pieces, and base64 knows its case.
  if (type === 'DNSKEY') return [...words.slice(0, 3), words.slice(3).join('')].join(' ')
  if (type === 'TLSA' || type === 'DS') return [...words.slice(0, 3), words.slice(3).join('')].join(' ').toLowerCase()
  return words.join(' ').toLowerCase()
}

/** True when both lists name the same records, in any order. */
export function sameRecords(type: string, left: readonly string[], right: readonly string[]): boolean {
  const set = (texts: readonly string[]) => [...new Set(texts.map((text) => normalize(type, text)))].sort()
  const [a, b] = [set(left), set(right)]
  return a.length === b.length && a.every((text, index) => text === b[index])
}

function textOf(data: string | Buffer | readonly (string | Buffer)[]): string {
  const parts = typeof data === 'string' || Buffer.isBuffer(data) ? [data] : data
  return parts.map((part) => part.toString()).join('')
}

function raw(data: unknown): string {
  if (typeof data === 'string') return data
  return Buffer.isBuffer(data) ? `\\# ${data.length} ${data.toString('hex')}` : ''
}
