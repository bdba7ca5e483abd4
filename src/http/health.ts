// `/healthz`: does everything that must move still move?
import type { FastifyInstance } from 'fastify'

export interface Health {
  readonly ok: boolean
  /** Each part that must move, and a short note on when it last did. */
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly note: string }>>
}

/** 200 when all is well, else 503; the body names every part. */
export function serveHealth(app: FastifyInstance, health: () => Health): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/healthz',
    handler: async (_request, reply) => {
      const { ok, parts } = health()
      return reply
        .code(ok ? 200 : 503)
        .headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
        .send({ ok, parts })
    },
  })
}
