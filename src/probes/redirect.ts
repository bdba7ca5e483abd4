// Where an answer sends us on, and what goes along.
import { failed } from '../net/failure.ts'
import type { WebAnswer, WebRequest } from '../net/web.ts'

/** True for the statuses that send on (RFC 9110, 15.4). */
export function sendsOn(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/**
 * The next request. Headers of the configuration, login and body among them, stay within their origin; a body goes
 * along only where the status keeps the method (307, 308). Throws `status` where the answer leads nowhere, out of the
 * web, or from https back to http.
 */
export function follow(request: WebRequest, answer: WebAnswer): WebRequest {
  const location = answer.headers.location
  const url =
    typeof location === 'string' && URL.canParse(location, request.url.href) ? new URL(location, request.url) : null
  if (url === null) throw refused(`${answer.status} without a usable Location`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(`${answer.status} to ${url.protocol}`)
  if (request.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refused(`${answer.status} from https back to ${describe(url)}`)
  }
  const home = url.origin === request.url.origin
  const keeps = answer.status === 307 || answer.status === 308
  const asked = keeps || request.method === 'HEAD' ? request.method : 'GET'
  url.username = ''
  url.password = ''
  return {
    url,
    method: asked,
    headers: home ? headersFor(request.headers, keeps) : {},
    body: home && keeps ? request.body : null,
    maxBytes: request.maxBytes,
  }
}

/** An address for people: without its query, which may hold a secret. */
export function describe(url: URL): string {
  return `${url.origin}${url.pathname}`
}

function headersFor(headers: WebRequest['headers'], body: boolean): WebRequest['headers'] {
  return body ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')))
}

function refused(note: string): Error {
  return failed({ ok: false, reason: 'status', note })
}
