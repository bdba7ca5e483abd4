// How a request came to the admin pages: over TLS, from this very machine, or not in a way that a password may travel.
import { BlockList, isIPv6 } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { isByOurName, isForwarded } from '../local.ts'

/**
 * `insecure`: in the clear, from elsewhere. `forwarded`: a proxy passed it on that `proxy:` in site.yaml doesn't name,
 * so what it says of TLS is worth nothing.
 */
export type Arrival =
  | { readonly kind: 'secure' | 'plain' }
  | { readonly kind: 'refused'; readonly why: 'insecure' | 'forwarded' }

/**
 * `lan`: private addresses may come without TLS. A request that a proxy passed on never may, nor one from this machine by
 * a name that isn't ours.
 */
export function arrivalOf(
  request: FastifyRequest,
  {
    admin: { lan },
    site,
  }: { readonly admin: { readonly lan: boolean }; readonly site: { readonly url: string | null } },
): Arrival {
  if (request.protocol === 'https') return { kind: 'secure' }
  const peer = request.raw.socket.remoteAddress ?? ''
  if (isForwarded(request)) {
    return { kind: 'refused', why: request.headers['x-forwarded-proto'] === 'https' ? 'forwarded' : 'insecure' }
  }
  if ((isIn(LOOPBACK, peer) && isByOurName(request, site.url)) || (lan && isIn(PRIVATE, peer))) return { kind: 'plain' }
  return { kind: 'refused', why: 'insecure' }
}

/** `http://` or `https://`, host and port: what `Origin` says of a page of ours. */
export function originOf(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}`
}

/**
 * True when a page of ours sent it: Sec-Fetch-Site says so, or Origin does (Fetch, "append a request Origin header").
 * Browsers that say neither are left to the form's token. `own`: the address of this site as configured; null: none.
 */
export function isFromOurPage(request: FastifyRequest, own: string | null): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (site !== undefined) return site === 'same-origin'
  if (origin === undefined) return true
  return origin === originOf(request) || (own !== null && URL.canParse(own) && origin === new URL(own).origin)
}

const LOOPBACK = networks('127.0.0.0/8', '::1/128')
/** RFC 1918, 3927, 4193, 4291: not what a carrier shares among its customers (RFC 6598). */
const PRIVATE = networks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', 'fc00::/7', 'fe80::/10')

function networks(...blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', prefix] = block.split('/')
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4')
  }
  return list
}

function isIn(list: BlockList, peer: string): boolean {
  const address = peer.replace(/%.*$/s, '')
  return address !== '' && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}
