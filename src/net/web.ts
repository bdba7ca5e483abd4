// HTTP: one request over one connection of our own dialler.
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { Client } from 'undici'
import type { TlsFacts } from '../core/observation.ts'
import type { HostPort } from '../core/settings.ts'
import { type Body, createBody } from './body.ts'
import { failed } from './failure.ts'
import type { Look } from './look.ts'

// Its index would load fetch, WebSocket and a cache besides: 9 MB and 80 ms that a Pi needs elsewhere.
const HttpClient: typeof Client = createRequire(import.meta.url)('undici/lib/dispatcher/client.js')

export interface WebRequest {
  /** Says name and certificate, and where to connect unless `at` does. */
  readonly url: URL
  /** Where to connect instead (a service record names it). */
  readonly at?: HostPort
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Reading stops after so many bytes of the body, counted unpacked. */
  readonly maxBytes: number
}

export interface WebAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Unpacked, at most `maxBytes`. */
  readonly body: Buffer
  /** True: there was more. */
  readonly cut: boolean
  /** Null over plain HTTP. */
  readonly tls: TlsFacts | null
}

const LONGEST_HEADERS = 16_384
/** What an answer may cost on the wire beside its body: headers, chunk sizes, answers before the answer (1xx). */
const WRAPPING = 262_144
/** Made once: undici would make one with its stack for each client that ends. */
const DONE = new Error('the look is over')
const OURSELVES = { 'user-agent': 'vigie', accept: '*/*', 'accept-encoding': 'gzip, deflate, br' }

/**
 * Asks once and reads the answer: no redirect, no connection kept, no session resumed. Marks `resolve`, `connect`,
 * `tls`, `processing`, `transfer`. Nothing is sent before the certificate was found good; a bad one is thrown as
 * `certificate`. The look's signal ends everything, however slowly the peer drips.
 */
export async function exchange(look: Look, request: WebRequest): Promise<WebAnswer> {
  const { url } = request
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const secure = url.protocol === 'https:'
  const plain = await look.dial(request.at ?? { host, port: Number(url.port) || (secure ? 443 : 80) })
  if (!secure) return { ...(await converse(look, plain, request)), tls: null }
  const { socket, facts, fault } = await look.secure(plain, host, ['http/1.1'])
  if (fault) throw failed({ ok: false, reason: 'certificate', ...fault, tls: facts })
  return { ...(await converse(look, socket, request)), tls: facts }
}

async function converse(look: Look, socket: Socket, request: WebRequest): Promise<Omit<WebAnswer, 'tls'>> {
  const client = new HttpClient(request.url.origin, {
    connect: (_, callback) => queueMicrotask(() => callback(null, socket)),
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: LONGEST_HEADERS,
    // Undici's own limits count silence only; ours is the look's signal.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const abort = () => socket.destroy(look.signal.reason)
  look.signal.addEventListener('abort', abort, { once: true })
  socket.on('readable', () => {
    if (socket.bytesRead > 2 * request.maxBytes + WRAPPING) socket.destroy(endless())
  })
  look.begin('processing')
  try {
    return await ask(look, client, request)
  } finally {
    look.signal.removeEventListener('abort', abort)
    socket.destroy()
    client.destroy(DONE).catch(() => {})
  }
}

function ask(look: Look, client: Client, request: WebRequest): Promise<Omit<WebAnswer, 'tls'>> {
  return new Promise((resolve, reject) => {
    let body: Body | null = null
    client.dispatch(
      {
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: { ...OURSELVES, ...request.headers },
        body: request.body,
        reset: true,
      },
      {
        onRequestStart: () => {},
        onResponseStart(controller, status, headers) {
          if (status < 200) return
          look.mark('processing')
          look.begin('transfer')
          body = createBody(headers['content-encoding'], request.maxBytes, controller)
          body.whole.then(({ bytes, cut }) => {
            look.mark('transfer')
            resolve({ status, headers, body: bytes, cut })
          }, reject)
        },
        onResponseData: (_, chunk) => body?.take(chunk),
        onResponseEnd: () => body?.end(),
        onResponseError(_, error) {
          reject(isAssertion(error) ? unreadable() : error)
          body?.stop()
        },
      },
    )
  })
}

/** Undici meets some answers that are no HTTP (an upgrade nobody asked for) with an assertion. */
function isAssertion(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_ASSERTION'
}

function unreadable(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'the answer is not HTTP' })
}

function endless(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'the answer has no end' })
}
