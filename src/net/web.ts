// HTTP: one request over one connection of our own dialler.
import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { TlsFacts } from '../core/observation.ts'
import type { HostPort } from '../core/settings.ts'
import { createBody } from './body.ts'
import { failed } from './failure.ts'
import type { Look } from './look.ts'

export interface WebRequest {
  /** Says name and certificate, and where to connect unless `at` does. */
  readonly url: URL
  /** Where to connect instead (a service record names it). */
  readonly at?: HostPort
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Null: none is sent. */
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
/** What an answer may cost on the wire beside its body: headers, chunk sizes, answers before the answer. */
const WRAPPING = 262_144
/** So many answers before the answer (1xx) are none. */
const MOST_INTERIM = 100
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
  const abort = () => void socket.destroy(look.ending.reason)
  look.ending.addEventListener('abort', abort)
  look.begin('processing')
  try {
    return await ask(look, socket, request)
  } finally {
    look.ending.removeEventListener('abort', abort)
    socket.destroy()
  }
}

function ask(look: Look, socket: Socket, request: WebRequest): Promise<Omit<WebAnswer, 'tls'>> {
  return new Promise((resolve, reject) => {
    const asked = startRequest({
      createConnection: () => socket,
      setHost: false,
      method: request.method,
      path: request.url.pathname + request.url.search,
      headers: headersOf(request),
      maxHeaderSize: LONGEST_HEADERS,
    })
    asked.on('error', (error) => reject(isCutShort(error) ? incomplete() : error))
    asked.on('upgrade', () => reject(unreadable()))
    let interim = 0
    asked.on('information', () => {
      interim += 1
      if (interim > MOST_INTERIM) socket.destroy(endless())
    })
    asked.on('socket', () => bound(socket, 2 * request.maxBytes + WRAPPING))
    asked.on('response', (response) => {
      look.mark('processing')
      look.begin('transfer')
      read(asked, response, request.maxBytes).then((body) => {
        look.mark('transfer')
        resolve({ status: response.statusCode!, headers: response.headers, ...body })
      }, reject)
    })
    asked.end(request.body ?? undefined)
  })
}

/** The body of an answer; rejects when it breaks off. */
async function read(asked: ClientRequest, response: IncomingMessage, most: number) {
  const body = createBody(response.headers['content-encoding'], most, response)
  response.on('data', body.take)
  response.on('end', body.end)
  const broken = new Promise<never>((_, reject) => {
    asked.on('error', reject)
    response.on('close', () => response.complete || reject(incomplete()))
  })
  try {
    const { bytes, cut } = await Promise.race([body.whole, broken])
    return { body: bytes, cut }
  } finally {
    body.stop()
  }
}

function headersOf({ url, headers, body }: WebRequest) {
  const length = body === null ? {} : { 'content-length': Buffer.byteLength(body) }
  return { host: url.host, ...OURSELVES, ...headers, ...length }
}

/** Hangs up on who sends more than `most` bytes. To be called once the request reads from the socket. */
function bound(socket: Socket, most: number) {
  socket.on('data', () => {
    if (socket.bytesRead > most) socket.destroy(endless())
  })
}

/** Node calls an end before the end a reset; a real one names its system call. */
function isCutShort(error: Error): boolean {
  return 'code' in error && error.code === 'ECONNRESET' && !('syscall' in error)
}

function incomplete(): Error {
  return failed({ ok: false, reason: 'closed', note: 'connection closed without a complete answer' })
}

function unreadable(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'the answer is not HTTP' })
}

function endless(): Error {
  return failed({ ok: false, reason: 'protocol', note: 'the answer has no end' })
}
