// The step before a look of `http`: what it takes from one answer stands in the next request. Two steps, no more.
import type { Outcome } from '../core/observation.ts'
import type { Keys } from '../core/settings.ts'
import { failed, outcomeOf } from '../net/failure.ts'
import { exchange, type WebAnswer, type WebRequest } from '../net/web.ts'
import { fieldOf } from './answer.ts'
import { content, parseJson } from './json.ts'
import type { Look } from './kind.ts'
import { fitsHeader, readRequest } from './request.ts'

export interface First {
  readonly request: WebRequest
  /** What is taken, by the name it gets: a dotted path into the answer's JSON; `.`: the whole answer. */
  readonly take: Readonly<Record<string, string>>
}

/** Values by name. They are secrets: tokens, mostly. */
export type Taken = Readonly<Record<string, string>>

const MAX_BYTES = 64 * 1024
const LONGEST_VALUE = 8_192
/** Anything shorter is a word or a number; hiding it would hide half the note. */
const SHORTEST_SECRET = 4

/** Reads `first: {url, method, headers, body, take}`. */
export function readFirst(keys: Keys): First {
  const url = keys.url('url')
  if (url === undefined) keys.complain('url', 'first needs `url`: whom to ask before')
  const request = readRequest(keys, url ?? new URL('https://first.invalid/'), MAX_BYTES)
  const take = keys.map('take')
  if (take === undefined || Object.keys(take).length === 0) {
    keys.complain('take', 'first needs `take`: { TOKEN: path.in.the.answer }')
  }
  for (const name of Object.keys(take ?? {})) {
    if (!/^[A-Z][A-Z0-9_]*$/.test(name)) keys.complain('take', `"${name}" is no name: capitals, digits and _`)
  }
  return { request, take: take ?? {} }
}

/** True when the request has a place for each of the names, which would otherwise be taken for nothing. */
export function unused({ take }: First, request: WebRequest): readonly string[] {
  const places = [request.url.href, ...Object.values(request.headers), request.body ?? ''].join('\n')
  return Object.keys(take).filter((name) => !places.includes(`{${name}}`) && !places.includes(`%7B${name}%7D`))
}

/** Asks first. A refusal of what it sent (401, 403) is thrown as `auth`; what goes wrong says that it did so there. */
export async function askFirst(look: Look, { request, take }: First): Promise<Taken> {
  try {
    const answer = await exchange(look, request)
    const { status } = answer
    if (status === 401 || status === 403) throw failed({ ok: false, reason: 'auth', note: `login refused (${status})` })
    if (status < 200 || status > 299) throw failed({ ok: false, reason: 'status', note: String(status) })
    return Object.fromEntries(Object.entries(take).map(([name, path]) => [name, pick(answer, name, path)]))
  } catch (error) {
    const failure = outcomeOf(error)
    throw failed({ ...failure, note: `first: ${failure.note}` })
  }
}

function pick(answer: WebAnswer, name: string, path: string): string {
  const text = answer.body.toString('utf8')
  const found = path === '.' ? whole(text) : fieldOf(parseJson(text), path)
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') {
    throw content(`nothing to take for ${name}${path === '.' ? '' : ` at ${path}`}`)
  }
  const value = String(found)
  if (value === '' || value.length > LONGEST_VALUE) throw content(`${name} is ${value === '' ? 'empty' : 'too long'}`)
  return value
}

/** A JSON string says its value; any other answer is taken as it is. */
function whole(text: string): unknown {
  const value = parseJson(text)
  return typeof value === 'string' ? value : text.trim()
}

/**
 * The request with `{NAME}` filled in: in its address percent-encoded, in a body as its `content-type` writes it. Where
 * `{NAME}` is the whole path, the value may be a whole address; it stays within the request's origin.
 */
export function fillIn(request: WebRequest, taken: Taken): WebRequest {
  const type = request.headers['content-type'] ?? ''
  const inBody = /json/i.test(type) ? asJson : /urlencoded/i.test(type) ? encodeURIComponent : (value: string) => value
  return {
    ...request,
    url: address(request.url, taken),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        header(
          fill(value, taken, (v) => v),
          name,
        ),
      ]),
    ),
    body: request.body === null ? null : fill(request.body, taken, inBody),
  }
}

function address(url: URL, taken: Taken): URL {
  const alone = Object.entries(taken).find(([name]) => `${url.pathname}${url.search}` === `/%7B${name}%7D`)
  if (alone !== undefined && /^https?:\/\//i.test(alone[1]) && URL.canParse(alone[1])) {
    const led = new URL(alone[1])
    if (led.origin !== url.origin) throw content(`${alone[0]} leads to another server (${led.origin})`)
    led.username = ''
    led.password = ''
    return led
  }
  const encoded = fill(url.href.replace(/%7B([A-Z][A-Z0-9_]*)%7D/g, '{$1}'), taken, encodeURIComponent)
  return URL.canParse(encoded) && new URL(encoded).origin === url.origin ? new URL(encoded) : url
}

function fill(text: string, taken: Taken, write: (value: string) => string): string {
  return text.replace(/\{([A-Z][A-Z0-9_]*)\}/g, (whole, name: string) =>
    Object.hasOwn(taken, name) ? write(taken[name]!) : whole,
  )
}

function asJson(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

function header(value: string, name: string): string {
  if (!fitsHeader(value)) throw content(`what was taken can't stand in the header ${name}`)
  return value
}

/** The outcome without what was taken, whoever repeated it. */
export function hide<T extends Outcome>(outcome: T, taken: Taken): T {
  const note = Object.entries(taken)
    .filter(([, value]) => value.length >= SHORTEST_SECRET)
    .flatMap(([name, value]) => [value, encodeURIComponent(value)].map((form) => [form, name] as const))
    .sort(([a], [b]) => b.length - a.length)
    .reduce((text, [form, name]) => text.replaceAll(form, `{${name}}`), outcome.note)
  return { ...outcome, note }
}
