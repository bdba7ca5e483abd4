// `/metrics`: for whoever has the token, and for programs on this machine that no proxy speaks for.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSame } from '../access/secrets.ts'
import { isLocal } from './local.ts'

export interface MetricsRouteDeps {
  /** Prometheus' text. */
  readonly metrics: () => string
  /** Of the configuration: the token for whoever asks from elsewhere, null: nobody may; and where the site is said to be. */
  readonly configuration: () => {
    readonly metrics: { readonly token: string | null }
    readonly site: { readonly url: string | null }
  }
}

const HEADERS = {
  'content-type': 'text/plain; version=0.0.4; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** 401 without the token, which is sent as a Bearer (RFC 6750, 2.1). After a reload the new one counts at once. */
export function serveMetrics(app: FastifyInstance, { metrics, configuration }: MetricsRouteDeps): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/metrics',
    handler: async (request, reply) => {
      const { metrics: asked, site } = configuration()
      if (isLocal(request, site.url) || mayRead(request, asked.token)) return reply.headers(HEADERS).send(metrics())
      return reply
        .code(401)
        .headers({ ...HEADERS, 'www-authenticate': 'Bearer realm="metrics"' })
        .send('a token is needed: see `metrics` in site.yaml\n')
    },
  })
}

function mayRead({ headers }: FastifyRequest, token: string | null): boolean {
  const said = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  return token !== null && said !== undefined && isSame(said, token)
}
