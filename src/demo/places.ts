// Who is who in the replica: where a check looks, and the names of those who have none of their own.
import type { Check, Witness } from '../core/check.ts'

/** The names under which faults know our resolver and the relay. */
export const RESOLVER = 'resolver'
export const RELAY = 'relay'

/** The two sites of a demonstration, as faults know them: by where they are. */
export const SEATS = ['home', 'twin'] as const
export type Seat = (typeof SEATS)[number]

/** The host under which faults know the road to a site. */
export function siteOf(seat: Seat): string {
  return `site ${seat}`
}

/** Who says which registry to ask about a domain; the replica's list names one of the hoster's own names. */
export const REGISTRIES = 'data.iana.org'

/** The port under which faults know the road from a nightly job to vigie; its host is the check's id. */
export const JOB = -1

/** The host and port a check looks at; undefined: it asks the resolver, or waits. */
export function placeOf({
  id,
  kind,
  target,
  heartbeat,
}: Check): { readonly host: string; readonly port: number } | undefined {
  if (heartbeat !== null) return undefined
  // As the replica's SRV records say. Of two checks of one domain, the id tells which is for servers.
  if (kind === 'matrix') return { host: `matrix.${plain(target)}`, port: 443 }
  if (kind === 'xmpp') return { host: `xmpp.${plain(target)}`, port: /server|s2s/.test(id) ? 5269 : 5222 }
  if (/^https?:\/\//i.test(target) && URL.canParse(target)) {
    const { hostname, port, protocol } = new URL(target)
    return { host: plain(hostname), port: Number(port) || (protocol === 'https:' ? 443 : 80) }
  }
  const [, host, port] = /^(\[[^\]]+\]|[^:/]+):(\d+)$/.exec(target) ?? []
  return host === undefined ? undefined : { host: plain(host), port: Number(port) }
}

/** A DNS witness is known by its address, any other by its name; as `plain` has it. */
export function hostOf(witness: Witness): string {
  if (witness.kind === 'https') return plain(new URL(witness.url).hostname)
  return plain(witness.kind === 'dns' ? witness.address : witness.host)
}

/** As names are compared: lower case, no final dot, no brackets. */
export function plain(host: string): string {
  return host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^\[(.*)\]$/, '$1')
}
