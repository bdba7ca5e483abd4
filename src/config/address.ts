// What can be written as a host, a port, an address, a mailbox. Text in, parts out; nothing is looked up.
import type { HostPort } from '../core/settings.ts'

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i

/** True for four numbers from 0 to 255 (RFC 1123, 2.1). */
export function isIPv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)
}

/** True for an IPv6 address without brackets and without a zone (RFC 4291, 2.2). */
export function isIPv6(text: string): boolean {
  return /^[0-9a-f:.]{2,45}$/i.test(text) && text.includes(':') && URL.canParse(`http://[${text}]/`)
}

/**
 * A host name (RFC 1123, 2.1, underscores tolerated; a name in other letters as its ASCII form) or an address, IPv6
 * without brackets. Undefined when it is neither.
 */
export function parseHost(text: string): string | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  if (isIPv6(bare)) return bare
  if (bare !== text) return undefined
  if (isIPv4(text)) return text
  const name = asciiName(text)
  if (name === undefined || name.length > 253) return undefined
  const labels = name.replace(/\.$/, '').split('.')
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1)!) ? name : undefined
}

/** `host:port`, `[v6]:port`; undefined when it isn't one. `least`: 0 where the system may choose the port. */
export function parseHostPort(text: string, least: 0 | 1 = 1): HostPort | undefined {
  const match = /^(\[[^\]]*\]|[^:[\]]+):(\d{1,5})$/.exec(text)
  if (!match) return undefined
  const host = parseHost(match[1]!)
  const port = Number(match[2])
  return host === undefined || port < least || port > 65_535 ? undefined : { host, port }
}

/** The reverse of `parseHostPort`. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/** The bare address of `name@domain` or `Words <name@domain>`; undefined when it is neither. */
export function parseMailbox(text: string): string | undefined {
  if (text.length > 320 || /[\r\n]/.test(text)) return undefined
  const address = /^[^<>]*<([^<>]+)>$/.exec(text)?.[1] ?? text
  const match = /^[^\s@<>,;:"()[\]\\]{1,64}@([^\s@]+)$/.exec(address)
  return match && parseHost(match[1]!) !== undefined ? address : undefined
}

/** An address, or a network as `address/bits`. */
export function isNetwork(text: string): boolean {
  const [address, bits, ...more] = text.split('/')
  const most = isIPv4(address!) ? 32 : isIPv6(address!) ? 128 : -1
  return most > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most))
}

/** True when a name is the domain or lies under it. */
export function isUnder(name: string, domain: string): boolean {
  const [host, above] = [name, domain].map((text) => text.toLowerCase().replace(/\.$/, ''))
  return host === above || host!.endsWith(`.${above}`)
}

/** True for a name that is nobody's for ever (RFC 2606, 2): what the shipped configuration says before it is yours. */
export function isExample(host: string): boolean {
  return isUnder(host, 'example')
}

function asciiName(text: string): string | undefined {
  if (!/[^\0-\x7f]/.test(text)) return text
  try {
    return new URL(`http://${text}/`).hostname
  } catch {
    return undefined
  }
}
