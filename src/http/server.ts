// Who asks, and what answers: pages, heartbeats, health. Built here, started by whoever built it.
import Fastify, { type FastifyInstance } from 'fastify'
import type { Language } from '../core/text.ts'
import { SECOND } from '../core/time/time.ts'
import { type ApiDeps, serveApi } from './admin/api.ts'
import { type ErrandDeps, serveErrands } from './admin/errands.ts'
import { type AdminDeps, serveAdmin } from './admin/serve.ts'
import { type Health, serveHealth } from './health.ts'
import { type MetricsRouteDeps, serveMetrics } from './metrics.ts'
import { type PagesDeps, servePages } from './pages.ts'
import { type PushDeps, servePush } from './push.ts'
import { createRefusals } from './refusals.ts'
import { serveTwin, type TwinDeps } from './twin.ts'

export interface ServerDeps extends PagesDeps, PushDeps, MetricsRouteDeps, TwinDeps {
  readonly health: () => Health
  /** Null: programs can't post. */
  readonly api: ApiDeps | null
  /** Of the page, the first of the site first. May change under way. */
  readonly languages: () => readonly Language[]
  /** Addresses and networks whose X-Forwarded-For is believed. */
  readonly proxy: readonly string[]
  /** Null: commands have to do without. */
  readonly errands: ErrandDeps | null
  /** Null: there are no admin pages. */
  readonly admin: AdminDeps | null
}

const LONGEST_HEADER = 8 * 1024

/** From a request's first byte to its last, headers and body. */
const PATIENCE = 10 * SECOND
const MOST_CONNECTIONS = 512

/** How often slow requests are looked for: no oftener, an idle Pi should sleep. */
const PATIENCE_CHECKED_EVERY = 2 * SECOND

/** No route has a schema: what would compile them is not loaded. */
const NO_SCHEMAS = { buildValidator: unwanted, buildSerializer: unwanted }

/** The whole server, not yet listening. Throws when `proxy` holds something that is no address. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const refusals = createRefusals(deps.views, deps.languages)
  const app = Fastify({
    logger: false,
    trustProxy: deps.proxy.length > 0 ? [...deps.proxy] : false,
    requestTimeout: PATIENCE,
    keepAliveTimeout: 5 * SECOND,
    connectionTimeout: 30 * SECOND,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    // Node lets a slow body pass while its own limit for headers is the longer one.
    http: {
      maxHeaderSize: LONGEST_HEADER,
      headersTimeout: PATIENCE,
      requestTimeout: PATIENCE,
      connectionsCheckingInterval: PATIENCE_CHECKED_EVERY,
    },
    routerOptions: { maxParamLength: LONGEST_HEADER },
    schemaController: { compilersFactory: NO_SCHEMAS },
    frameworkErrors: (error, request, reply) => {
      refusals.failed(error, request, reply)
    },
  })
  app.server.maxConnections = MOST_CONNECTIONS
  app.setNotFoundHandler(refusals.notFound)
  app.setErrorHandler(refusals.failed)
  serveHealth(app, deps.health)
  serveMetrics(app, deps)
  app.register(servePush, deps)
  if (deps.api !== null) app.register(serveApi, deps.api)
  app.register(serveTwin, deps)
  if (deps.errands !== null) serveErrands(app, deps.errands)
  if (deps.admin !== null) app.register(serveAdmin, { prefix: '/admin', ...deps.admin })
  servePages(app, deps)
  return app
}

function unwanted(): never {
  throw new Error('a route with a schema')
}
