// What documents a domain publishes about itself, read without trust: anything strange is as if it weren't there.
import type { HostPort } from '../core/settings.ts'
import { readXml, type XmlElement } from '../net/xml.ts'

const HOST = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/

export type MailKind = 'imap' | 'pop3' | 'smtp'

/** Mail servers of an autoconfig file (Mozilla's format 1.1). */
export function readAutoconfig(text: string): readonly (HostPort & { readonly kind: MailKind })[] {
  const root = attempt(() => readXml(text))
  const provider = root?.children.find(({ name }) => name === 'emailProvider')
  return (provider?.children ?? []).flatMap((server) => {
    const { type } = server.attributes
    const host = under(server, 'hostname').toLowerCase()
    const port = Number(under(server, 'port'))
    const secure = ['SSL', 'STARTTLS'].includes(under(server, 'socketType'))
    const known = type === 'imap' || type === 'pop3' || type === 'smtp'
    return known && secure && HOST.test(host) && isPort(port) ? [{ kind: type, host, port }] : []
  })
}

/** The addresses by which web programs chat (XEP-0156). */
export function readHostMeta(text: string): { readonly bosh: string | null; readonly websocket: string | null } {
  const links = attempt(() => readXml(text))?.children.filter(({ name }) => name === 'Link') ?? []
  const find = (rel: string, scheme: string) =>
    links
      .map(({ attributes }) => (attributes.rel === rel ? (attributes.href ?? '') : ''))
      .find((href) => href.startsWith(scheme) && isWeb(href.replace(scheme, 'https://'))) ?? null
  return {
    bosh: find('urn:xmpp:alt-connections:xbosh', 'https://'),
    websocket: find('urn:xmpp:alt-connections:websocket', 'wss://'),
  }
}

/** One file of ChatonsInfos: `key = value`, `#` begins a remark. */
export function readProperties(text: string): ReadonlyMap<string, string> {
  const pairs = text
    .split(/\r?\n/)
    .map((line) => /^\s*([a-zA-Z][\w.]*)\s*=\s*(.*?)\s*$/.exec(line))
    .filter((match) => match !== null)
  return new Map(pairs.map(([, key, value]) => [key!, value!]))
}

/** The values of `subs.…`: where an organisation says its services are. */
export function subsOf(properties: ReadonlyMap<string, string>): readonly string[] {
  return [...properties].filter(([key, value]) => key.startsWith('subs.') && isWeb(value)).map(([, value]) => value)
}

/** A member of JSON that is text, by a path; undefined for anything else. */
export function textIn(document: string, ...path: readonly string[]): string | undefined {
  let value: unknown = attempt(() => JSON.parse(document) as unknown)
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return typeof value === 'string' ? value : undefined
}

/** A web address as it may stand in a file of ours: of a host with a name, without user, password or fragment. */
export function isWeb(text: string): boolean {
  if (!text.startsWith('https://') || !URL.canParse(text) || /[^!-~]/.test(text)) return false
  const { hostname, username, password, hash } = new URL(text)
  return HOST.test(hostname) && `${username}${password}${hash}` === ''
}

/** A dotted name in lowercase letters without a final dot. An IPv4 address passes for one, an IPv6 address never. */
export function isHost(text: string): boolean {
  return HOST.test(text)
}

function under(element: XmlElement, name: string): string {
  return element.children.find((child) => child.name === name)?.text.trim() ?? ''
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port < 65_536
}

function attempt<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
