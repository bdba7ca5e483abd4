// What every answer says of itself. One place, so that memory, disk and errors agree.

/** Programs on other origins may read these (contract 4, Serving). */
const OPEN = /^\/(?:api|badge|push)\/|^\/outage\.json$/

/** `path` without its query. */
export function isOpen(path: string): boolean {
  return OPEN.test(path)
}

export type Headers = Readonly<Record<string, string>>

/** For anything under `path`, whoever answers. `policy`: the Content-Security-Policy. */
export function safetyHeaders(path: string, policy: string): Headers {
  return isOpen(path) ? { ...safety(policy), ...SHARED } : { ...safety(policy), ...OWN }
}

function safety(policy: string): Headers {
  return { 'content-security-policy': policy, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
}

const SHARED: Headers = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' }
const OWN: Headers = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin' }

/** A copy may be kept, but is asked about each time; which copy depends on what the client accepts. */
export const FRESHNESS: Headers = { 'cache-control': 'no-cache', vary: 'Accept-Encoding' }

/**
 * What a 304 repeats of the headers of its 200 (RFC 9110, 15.4.5), and who may read it: a program on another origin that
 * asks with an ETag of its own is shown the 304 itself.
 */
export function unchangedHeaders({ etag, ...rest }: Headers): Headers {
  const reader = rest['access-control-allow-origin']
  return { etag: etag!, ...FRESHNESS, ...(reader === undefined ? {} : { 'access-control-allow-origin': reader }) }
}

/** The admin pages: nothing of them is kept, and no other site learns where one was. */
export const ADMIN_HEADERS: Headers = {
  ...safety(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ),
  ...OWN,
  // With `no-referrer` browsers say `Origin: null` of a form's own site (Fetch, "append a request Origin header").
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
  vary: 'Cookie, Accept-Language',
}
