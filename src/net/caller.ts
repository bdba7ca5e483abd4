// Asks one server again and again over a connection that is kept: what sites of vigie call each other with.
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { Client } from 'undici'
import type { Instant, Millis } from '../core/time.ts'
import { createDialler } from './dial.ts'
import { failed } from './failure.ts'
import type { Network } from './network.ts'

const HttpClient: typeof Client = createRequire(import.meta.url)('undici/lib/dispatcher/client.js')

export interface CallerOptions {
  /** http or https; only its origin counts. */
  readonly url: string
  readonly network: Network
  /** Further trusted roots, as PEM. */
  readonly ca: readonly string[]
  readonly now: () => Instant
}

export interface Called {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface Caller {
  /** Posts a body. Rejects when there is no whole answer within `within`, or one of more than `mostBytes`. */
  post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    within: Millis,
    mostBytes: number,
  ): Promise<Called>
  close(): void
}

const TOO_LATE = new DOMException('no answer in time', 'AbortError')

/**
 * Connects when it must. A certificate of the right name by a trusted root is good here even when only its dates are
 * not: whoever calls signs what is said, and a Pi whose clock is wrong must not lose its twin.
 */
export function createCaller({ url, network, ca, now }: CallerOptions): Caller {
  const { origin, hostname, protocol, port } = new URL(url)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  let client: Client | null = null
  return {
    post,
    close: () => {
      void client?.destroy().catch(() => {})
      client = null
    },
  }

  async function post(
    path: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    within: Millis,
    mostBytes: number,
  ): Promise<Called> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(TOO_LATE), within)
    client ??= open()
    const used = client
    try {
      return await ask(used, path, headers, body, deadline.signal, mostBytes)
    } catch (error) {
      // A connection that failed once is not trusted again.
      if (client === used) client = null
      void used.destroy().catch(() => {})
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  function open(): Client {
    return new HttpClient(origin, {
      connect: (_, callback) => {
        connect().then(
          (socket) => callback(null, socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        )
      },
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: 16_384,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  async function connect(): Promise<Socket> {
    const aim = { network, family: null, connect: null, allowPrivate: true, ca, now }
    const dialler = createDialler(aim, AbortSignal.timeout(5_000))
    try {
      const secure = protocol === 'https:'
      const plain = await dialler.look.dial({ host, port: Number(port) || (secure ? 443 : 80) })
      if (!secure) return plain
      const { socket, facts, fault } = await dialler.look.secure(plain, host, ['http/1.1'])
      if (fault !== null && !fault.dated)
        throw failed({ ok: false, reason: 'certificate', note: fault.note, tls: facts })
      return socket
    } catch (error) {
      dialler.finish()
      throw error
    }
  }
}

function ask(
  client: Client,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
  signal: AbortSignal,
  mostBytes: number,
): Promise<Called> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let status = 0
    let answered: Called['headers'] = {}
    const late = () => reject(signal.reason)
    signal.addEventListener('abort', late, { once: true })
    client.dispatch(
      { path, method: 'POST', headers: { 'user-agent': 'vigie', ...headers }, body },
      {
        onRequestStart: () => {},
        onResponseStart(_, code, found) {
          status = code
          answered = found
        },
        onResponseData(controller, chunk) {
          size += chunk.length
          if (size > mostBytes)
            controller.abort(failed({ ok: false, reason: 'protocol', note: 'the answer has no end' }))
          else chunks.push(chunk)
        },
        onResponseEnd: () => resolve({ status, headers: answered, body: Buffer.concat(chunks) }),
        onResponseError: (_, error) => reject(error),
      },
    )
  })
}
