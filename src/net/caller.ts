// Asks one server again and again over a connection that is kept: what sites of vigie call each other with.
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { Client } from 'undici'
import { type Instant, type Millis, SECOND } from '../core/time/time.ts'
import { createDialler } from './dial.ts'
import { failed } from './failure.ts'
import type { Network } from './network.ts'

export interface CallerOptions {
  /** http or https; only its origin counts. */
  readonly url: string
  /** Asked for each new connection: the network of then, and further trusted roots, as PEM. */
  readonly ground: () => { readonly network: Network; readonly ca: readonly string[] }
  readonly now: () => Instant
}

export interface Called {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Call {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** From now until the whole answer is here. */
  readonly within: Millis
  /** Of the answer's body. */
  readonly mostBytes: number
}

export interface Caller {
  /** Posts. Rejects when there is no whole answer in time, or a longer one than allowed. */
  post(call: Call): Promise<Called>
  close(): void
}

const CONNECT_WITHIN: Millis = 5 * SECOND
/** An idle connection is kept for so long where the server doesn't say how long it keeps it: a handshake costs more. */
const IDLE: Millis = 90 * SECOND
const LONGEST_HEADERS = 16_384
/** What the client says when the other side hung up. */
const DROPPED: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/**
 * Connects when it must. A certificate of the right name by a trusted root is good here even when only its dates are
 * not: whoever calls signs what is said, and a Pi whose clock is wrong must not lose its twin.
 */
export function createCaller({ url, ground, now }: CallerOptions): Caller {
  const { hostname, host, protocol, port, origin } = new URL(url)
  const name = hostname.replace(/^\[(.*)\]$/, '$1')
  const client = open()
  /** The connection has carried an answer: that it is gone says nothing of the server. */
  let used = false
  return { post, close: () => void client.destroy().catch(() => {}) }

  function open(): Client {
    // Its index would load fetch, WebSocket and a cache besides; a site without others loads nothing of it.
    const load = createRequire(import.meta.url)
    const HttpClient = load('undici/lib/dispatcher/client.js') as typeof Client
    return new HttpClient(origin, {
      connect: (_, callback) => {
        connect().then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        )
      },
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: IDLE,
      keepAliveMaxTimeout: IDLE,
      maxHeaderSize: LONGEST_HEADERS,
      // Undici's own limits count silence only; ours are absolute.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  async function post(call: Call): Promise<Called> {
    const again = used
    try {
      return await ask(call)
    } catch (error) {
      used = false
      if (again && DROPPED.has((error as NodeJS.ErrnoException).code)) return ask(call)
      throw error
    }
  }

  function ask({ path, headers, body, within, mostBytes }: Call): Promise<Called> {
    return new Promise((resolve, reject) => {
      let abort = (_: Error) => {}
      let over: Error | null = null
      const give = (error: Error) => {
        over = error
        clearTimeout(timer)
        reject(error)
        abort(error)
      }
      const timer = setTimeout(() => give(new Error(`no answer within ${within / SECOND} s`)), within)
      let status = 0
      let said: Called['headers'] = {}
      const chunks: Buffer[] = []
      let size = 0
      client.dispatch(
        { path, method: 'POST', headers: { 'user-agent': 'vigie', host, ...headers }, body },
        {
          onRequestStart: (controller) => {
            abort = (error) => controller.abort(error)
            // It waited for another call, or for the connection, until its time was up: nobody would end it later.
            if (over !== null) abort(over)
          },
          onResponseStart: (_, code, answered) => {
            status = code
            said = answered
          },
          onResponseData: (_, chunk) => {
            size += chunk.length
            chunks.push(chunk)
            if (size > mostBytes) give(failed({ ok: false, reason: 'protocol', note: 'the answer has no end' }))
          },
          onResponseEnd: () => {
            clearTimeout(timer)
            used = true
            resolve({ status, headers: said, body: Buffer.concat(chunks) })
          },
          onResponseError: (_, error) => {
            clearTimeout(timer)
            reject(error)
          },
        },
      )
    })
  }

  async function connect(): Promise<Socket> {
    const aim = { ...ground(), family: null, connect: null, allowPrivate: true, now }
    const within = AbortSignal.timeout(CONNECT_WITHIN)
    const dialler = createDialler(aim, within, () => within)
    // A handshake hears of no end: without this one that stalls holds back every later call.
    const cut = () => dialler.finish()
    within.addEventListener('abort', cut)
    try {
      const secure = protocol === 'https:'
      const plain = await dialler.look.dial({ host: name, port: Number(port) || (secure ? 443 : 80) })
      if (!secure) return plain
      const { socket, facts, fault } = await dialler.look.secure(plain, name, ['http/1.1'])
      if (fault !== null && !fault.dated)
        throw failed({ ok: false, reason: 'certificate', note: fault.note, tls: facts })
      return socket
    } catch (error) {
      dialler.finish()
      throw within.aborted ? new Error(`no connection within ${CONNECT_WITHIN / SECOND} s`) : error
    } finally {
      within.removeEventListener('abort', cut)
    }
  }
}
