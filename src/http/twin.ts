// `POST /twin/v1/exchange`: another site says what it has and thinks, and hears the same (twin/wire.ts).
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TwinStatus } from '../core/shown/twin-status.ts'
import type { Rejection } from '../twin/dialogue.ts'
import { pack, unpack } from '../twin/parcel.ts'
import { type Envelope, LONGEST_MESSAGE, PATH } from '../twin/wire.ts'

export interface TwinDeps {
  /**
   * Takes a message that came from an address, and answers when there is something to say. Null: this site can't answer
   * just now (a disk that refuses, the end of the process).
   */
  readonly twin: (envelope: Envelope, address: string) => Promise<Envelope | Rejection | null>
  /** How the talk with each other site stands; for whoever has a token. */
  readonly twins: () => readonly TwinStatus[]
  /** Null: nobody's; whoever else it is may read. */
  readonly bearer: (token: string) => unknown
}

const STATUS: Readonly<Record<Rejection, number>> = { foreign: 403, signature: 403, form: 400, replayed: 409 }

/** Messages longer than this are long, and of those no more come in at a time: strangers must not fill the memory. */
const SHORT = 16 * 1024
const MOST_LONG = 16

/** To be registered in a context of its own: it reads every body as bytes. */
export async function serveTwin(app: FastifyInstance, { twin, twins, bearer }: TwinDeps): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LONGEST_MESSAGE }, (_request, body, done) => {
    done(null, body)
  })
  let long = 0
  app.addHook('onRequest', async ({ method, headers, raw }, reply) => {
    const length = Number(headers['content-length'] ?? Number.POSITIVE_INFINITY)
    if (method !== 'POST' || length <= SHORT) return
    if (long >= MOST_LONG) return reply.code(503).header('connection', 'close').send({ refused: 'not now' })
    long++
    raw.once('close', () => long--)
  })
  app.post(PATH, async (request: FastifyRequest, reply: FastifyReply) => {
    const { 'vigie-site': from, 'vigie-signature': signature, 'content-encoding': encoding } = request.headers
    const body = Buffer.isBuffer(request.body) ? await unpack(request.body, encoding) : null
    if (typeof from !== 'string' || typeof signature !== 'string' || body === null) return refuse(reply, 'form')
    const answer = await twin({ from, signature, body }, request.ip)
    if (answer === null) return reply.code(503).send({ refused: 'not now' })
    if (typeof answer === 'string') return refuse(reply, answer)
    const { body: sent, headers } = await pack(answer.body)
    return reply
      .headers({ 'content-type': 'application/json', 'vigie-site': answer.from, 'vigie-signature': answer.signature })
      .headers(headers)
      .send(sent)
  })
  app.setErrorHandler(({ statusCode = 500 }: FastifyError, _request, reply) => {
    reply.code(statusCode).send({ refused: statusCode === 413 ? 'length' : statusCode < 500 ? 'form' : 'fault' })
  })
  app.route({
    method: app.supportedMethods.filter((method) => method !== 'POST'),
    url: PATH,
    // Before its body is read.
    onRequest: async (_request, reply) => reply.code(405).header('allow', 'POST').send({ refused: 'method' }),
    handler: async () => undefined,
  })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/twin/v1/status',
    handler: async ({ headers }, reply) => {
      reply.header('cache-control', 'no-store')
      const token = /^Bearer ([!-~]{1,512})$/i.exec(headers.authorization ?? '')?.[1]
      if (token === undefined || bearer(token) === null)
        return reply.code(401).header('www-authenticate', 'Bearer realm="vigie"').send({ refused: 'token' })
      return twins()
    },
  })
}

function refuse(reply: FastifyReply, why: Rejection): FastifyReply {
  return reply.code(STATUS[why]).send({ refused: why })
}
