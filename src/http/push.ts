// `/push/TOKEN`: jobs say that they ran, as healthchecks.io's ping API has it (GET, HEAD and POST alike), so that curl
// lines, runitor and borgmatic work unchanged.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Millis, SECOND } from '../core/time/time.ts'

export interface PushedPing {
  readonly kind: 'success' | 'start' | 'fail' | 'log'
  /** 0 to 255 when an exit code was given. */
  readonly exit: number | null
  /** The first `BODY_LIMIT` bytes, as they came. */
  readonly body: Buffer
  /** Pairs a start with its end; a UUID in lower case. */
  readonly rid: string | null
}

export interface PushDeps {
  /**
   * Takes a ping; false when nobody has that token. Whoever implements it looks tokens up by a digest, so that the time
   * it takes tells nothing about how much of one was right.
   */
  readonly ping: (token: string, ping: PushedPing) => boolean
  /** Monotonic milliseconds. */
  readonly ticks: () => Millis
}

/** Bytes of a body that are kept; the rest is read and dropped. */
const BODY_LIMIT = 10_000

/** A token may be used so often at once (a script that tries all there is), and again each time this has gone by. */
const BURST = 20
const REFILL: Millis = SECOND / 5

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const HEADERS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
  'ping-body-limit': String(BODY_LIMIT),
  'x-content-type-options': 'nosniff',
}

type PushRequest = FastifyRequest<{ Params: { token: string; signal?: string }; Querystring: { rid?: unknown } }>

/** To be registered in a context of its own: it reads every body as bytes, whatever it is said to be. */
export async function servePush(app: FastifyInstance, { ping, ticks }: PushDeps): Promise<void> {
  const allowances = new Map<string, { left: number; at: Millis }>()
  app.addHook('onRequest', async (request) => {
    delete request.raw.headers['content-type']
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: AsyncIterable<Buffer>) => beginningOf(payload))
  for (const url of ['/push/:token', '/push/:token/:signal']) {
    app.route({ method: ['GET', 'HEAD', 'POST'], url, handler })
  }

  async function handler(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { params, query, body } = request as PushRequest
    const meant = meaningOf(params.signal ?? '')
    if (meant === 'nothing') return say(reply, 404, 'not found')
    if (meant === 'mistake') return say(reply, 400, 'invalid url format')
    const rid = query.rid === undefined ? null : String(query.rid)
    if (rid !== null && !UUID.test(rid)) return say(reply, 400, 'invalid uuid format')
    if (!allowed(params.token)) return say(reply.header('retry-after', '1'), 429, 'rate limit exceeded')
    const kept = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
    if (!ping(params.token, { ...meant, body: kept, rid: rid?.toLowerCase() ?? null }))
      return say(reply, 404, 'not found')
    spend(params.token)
    return say(reply, 200, 'OK')
  }

  function allowed(token: string): boolean {
    const allowance = allowances.get(token)
    return allowance === undefined || allowance.left + (ticks() - allowance.at) / REFILL >= 1
  }

  /** Only tokens that exist are counted, so that strangers can't make this grow. */
  function spend(token: string): void {
    const before = allowances.get(token) ?? { left: BURST, at: ticks() }
    allowances.set(token, { left: Math.min(BURST, before.left + (ticks() - before.at) / REFILL) - 1, at: ticks() })
  }
}

function meaningOf(signal: string): Pick<PushedPing, 'kind' | 'exit'> | 'nothing' | 'mistake' {
  if (signal === '') return { kind: 'success', exit: null }
  if (signal === 'start' || signal === 'fail' || signal === 'log') return { kind: signal, exit: null }
  if (!/^\d+$/.test(signal)) return 'nothing'
  const exit = Number(signal)
  if (exit > 255) return 'mistake'
  return { kind: exit === 0 ? 'success' : 'fail', exit }
}

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).headers(HEADERS).send(text)
}

/** Reads a body to its end, which the server's request timeout bounds, and keeps its beginning. */
async function beginningOf(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of payload) {
    if (length < BODY_LIMIT) chunks.push(chunk)
    length += chunk.length
  }
  return Buffer.concat(chunks).subarray(0, BODY_LIMIT)
}
