// Values that say where something is: URLs, hosts, ports, logins.
import type { HostPort, Login } from '../core/settings.ts'
import { parseHost, parseHostPort } from './address.ts'
import { asFields } from './fields.ts'
import type { Filled } from './placeholders.ts'
import type { Convert } from './reader.ts'
import { asFilled, asWritten, listed } from './scalars.ts'

const WEB: readonly string[] = ['https:', 'http:']

const LOGIN_ELSEWHERE = 'write it as `login: { user: …, password: … }`'

/** A URL of these schemes with a host and without a login; `instead`: what to do about one. */
export function asUrl(schemes: readonly string[] = WEB, instead = LOGIN_ELSEWHERE): Convert<URL> {
  return (reader, entry) => {
    const filled = asFilled(reader, entry)
    if (!filled || filled.missing.length > 0) return undefined
    const complain = (message: string, hint: string | null = null) => {
      reader.source.complain(entry.at, `${entry.name} ${message}`, hint)
      return undefined
    }
    const url = parseUrl(filled)
    const begins = listed(schemes.map((scheme) => `${scheme}//`))
    if (!url)
      return complain('is not a URL', /^[a-z][a-z0-9+.-]*:\/\//i.test(filled.text) ? null : `it begins with ${begins}`)
    if (!schemes.includes(url.protocol)) return complain(`must begin with ${begins}`)
    if (url.username !== '' || url.password !== '') {
      return complain('must not carry a login', instead)
    }
    if (url.port === '0') return complain('has no such port', 'ports are from 1 to 65535')
    return parseHost(url.hostname) === undefined ? complain('names no possible host') : url
  }
}

/** As `asUrl`, for what people see: no secret in it. */
export function asPublicUrl(instead?: string): Convert<string> {
  return (reader, entry) => {
    if (!asFilled(reader, entry)?.secret) return asUrl(WEB, instead)(reader, entry)?.href
    reader.source.complain(entry.at, `${entry.name} is public and can't hold a secret`)
    return undefined
  }
}

/** `host:port`, `[v6]:port`. `least`: 0 where the system may choose the port. */
export function asHostPort(least: 0 | 1 = 1): Convert<HostPort> {
  return (reader, entry) => {
    const text = asWritten(reader, entry)
    if (text === undefined) return undefined
    const found = parseHostPort(text, least)
    if (!found) reader.source.complain(entry.at, ...wrongHostPort(entry.name, text))
    return found
  }
}

/** A host name or address. */
export const asHost: Convert<string> = (reader, entry) => {
  const text = asWritten(reader, entry)
  const host = text === undefined ? undefined : parseHost(text)
  if (text !== undefined && host === undefined) {
    const hint = /^[a-z]+:\/\//i.test(text)
      ? 'without https:// and path'
      : /:\d+$/.test(text)
        ? 'without the port'
        : null
    reader.source.complain(entry.at, `${entry.name} must be a host name or an address`, hint)
  }
  return host
}

/** Both are needed. Undefined without complaint where a secret of one is missing. */
export const asLogin: Convert<Login> = (reader, entry) => {
  const fields = asFields(reader, entry)
  const user = fields?.need('user', asWritten)
  const password = fields?.need('password', asWritten)
  fields?.close()
  return user !== undefined && password !== undefined ? { user, password } : undefined
}

/** What is wrong with what should be `host:port`: a message and a hint, without the text itself (a secret may be in it). */
function wrongHostPort(name: string, text: string): [string, string | null] {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return [`${name} must be host:port, not a URL`, 'without https:// and path']
  if ((text.match(/:/g)?.length ?? 0) > 1 && !text.startsWith('[')) {
    return [`${name} must be host:port`, 'an IPv6 address stands in brackets: "[::1]:8080"']
  }
  const port = /^[^:]*:(\d+)$|\]:(\d+)$/.exec(text)
  const number = Number(port?.[1] ?? port?.[2] ?? 1)
  if (number < 1 || number > 65_535) return [`${name} has no such port`, 'ports are from 1 to 65535']
  if (!/:\d+$/.test(text))
    return [`${name} must be host:port`, /:/.test(text) ? 'the port is a number' : 'the port is missing']
  return [`${name} must be host:port`, 'that is no possible host']
}

function parseUrl(filled: Filled): URL | undefined {
  if (/\s/.test(filled.text)) return undefined
  try {
    return new URL(filled.url)
  } catch {
    return undefined
  }
}
