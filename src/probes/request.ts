// A request as an administrator writes it: `method`, `headers`, `body`.
import type { Keys } from '../core/settings.ts'
import type { WebRequest } from '../net/web.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
/** Headers that say how the bytes travel: those are ours. */
const OURS = ['connection', 'content-length', 'expect', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']

/** Reads the three keys of a request to `url`. */
export function readRequest(keys: Keys, url: URL, maxBytes: number): WebRequest {
  const body = keys.text('body') ?? null
  const method = keys.oneOf('method', METHODS) ?? 'GET'
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    keys.complain('body', `${method} carries no body: say method: POST`)
  }
  return { url, method, headers: readHeaders(keys), body, maxBytes }
}

function readHeaders(keys: Keys): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(keys.map('headers') ?? {})) {
    const key = name.toLowerCase()
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) keys.complain('headers', `"${name}" is no name of a header`)
    else if (!fitsHeader(value)) keys.complain('headers', `"${name}": a value in one line of Latin letters`)
    else if (OURS.includes(key)) keys.complain('headers', `"${name}" is set by the connection itself`)
    else headers[key] = value
  }
  return headers
}

/** True for what a header may say (RFC 9110, 5.5). */
export function fitsHeader(value: string): boolean {
  return !/[^\t\x20-\x7e\x80-\xff]/.test(value)
}
