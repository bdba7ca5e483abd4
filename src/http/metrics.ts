// `/metrics`: for whoever has the token, and for programs on this machine that no proxy speaks for.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isSame } from '../access/secrets.ts'

export interface MetricsRouteDeps {
  /** Prometheus' text. */
  readonly metrics: () => string
  /** What `Authorization: Bearer …` must say; null: nobody from elsewhere. */
  readonly metricsToken: () => string | null
}

const HEADERS = {
  'content-type': 'text/plain; version=0.0.4; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

export function serveMetrics(app: FastifyInstance, { metrics, metricsToken }: MetricsRouteDeps): void {
  app.route({
    method: ['GET', 'HEAD'],
    url: '/metrics',
    handler: async (request, reply) => {
      if (isLocal(request) || mayRead(request, metricsToken())) return reply.headers(HEADERS).send(metrics())
      return reply
        .code(401)
        .headers({ ...HEADERS, 'www-authenticate': 'Bearer realm="metrics"' })
        .send('a token is needed: see `metrics` in site.yaml\n')
    },
  })
}

/** The connection itself comes from this machine, and nobody says that it comes for somebody else. */
export function isLocal({ raw, headers }: FastifyRequest): boolean {
  const { remoteAddress: from = '', localAddress } = raw.socket
  const forwarded = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via']
  return (
    (/^(::ffff:)?127\.|^::1$/.test(from) || from === localAddress) &&
    forwarded.every((name) => headers[name] === undefined)
  )
}

function mayRead({ headers }: FastifyRequest, token: string | null): boolean {
  const said = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
  return token !== null && said !== undefined && isSame(said, token)
}
