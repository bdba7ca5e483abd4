// Asks one server again and again over a connection that is kept: what sites of vigie call each other with.
import { Agent, type AgentOptions, type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Instant, type Millis, SECOND } from '../core/time.ts'
import { createDialler } from './dial.ts'
import { failed } from './failure.ts'
import type { Network } from './network.ts'

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
/** A server drops a connection that is idle for so long; before that it is not used again. */
const IDLE: Millis = 4 * SECOND
const LONGEST_HEADERS = 16_384

/**
 * Connects when it must. A certificate of the right name by a trusted root is good here even when only its dates are
 * not: whoever calls signs what is said, and a Pi whose clock is wrong must not lose its twin.
 */
export function createCaller({ url, network, ca, now }: CallerOptions): Caller {
  const { hostname, host, protocol, port } = new URL(url)
  const name = hostname.replace(/^\[(.*)\]$/, '$1')
  const agent = new KeptConnection({ keepAlive: true, maxSockets: 1, timeout: 60 * SECOND }, connect)
  return { post, close: () => agent.destroy() }

  async function post(call: Call): Promise<Called> {
    try {
      return await ask(call)
    } catch (error) {
      // The server dropped the connection just when it was used again: that says nothing of the server.
      if (error instanceof Dropped) return ask(call)
      throw error
    }
  }

  function ask({ path, headers, body, within, mostBytes }: Call): Promise<Called> {
    return new Promise((resolve, reject) => {
      const request = startRequest({
        agent,
        method: 'POST',
        path,
        headers: { 'user-agent': 'vigie', host, ...headers, 'content-length': String(body.length) },
        maxHeaderSize: LONGEST_HEADERS,
      })
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${within / SECOND} s`)), within)
      request.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        reject(request.reusedSocket && error.code === 'ECONNRESET' ? new Dropped() : error)
      })
      request.on('response', (response) => {
        read(response, mostBytes)
          .then(
            (whole) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole }),
            reject,
          )
          .finally(() => clearTimeout(timer))
      })
      request.end(body)
    })
  }

  async function connect(): Promise<Socket> {
    const aim = { network, family: null, connect: null, allowPrivate: true, ca, now }
    const dialler = createDialler(aim, AbortSignal.timeout(CONNECT_WITHIN))
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
      throw error
    }
  }
}

class Dropped extends Error {}

/** Node's pool of connections over our own dialler; a class because Node wants one. */
class KeptConnection extends Agent {
  readonly #connect: () => Promise<Socket>

  constructor(options: AgentOptions, connect: () => Promise<Socket>) {
    super(options)
    this.#connect = connect
  }

  override createConnection(_: unknown, callback?: (error: Error | null, socket: Duplex) => void): undefined {
    this.#connect().then(
      (socket) => {
        socket.setTimeout(0)
        callback?.(null, socket)
      },
      (error: unknown) =>
        callback?.(error instanceof Error ? error : new Error(String(error)), null as unknown as Duplex),
    )
    return undefined
  }

  override keepSocketAlive(socket: Duplex): boolean {
    const kept = socket as Socket
    kept.setKeepAlive(true)
    kept.setTimeout(IDLE, () => kept.destroy())
    return true
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request)
    const kept = socket as Socket
    kept.setTimeout(0)
    kept.removeAllListeners('timeout')
  }
}

async function read(response: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw failed({ ok: false, reason: 'protocol', note: 'the answer has no end' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
