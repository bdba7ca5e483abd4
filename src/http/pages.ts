// The public side: what lies in memory first, then the rest of the folder. No parameter, no database, no state.
import { resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Encoding, Served } from '../page/compress.ts'
import type { Views } from '../page/views.ts'
import { FRESHNESS, type Headers, safetyHeaders } from './headers.ts'
import { encodingFor, isKnown } from './negotiate.ts'

export interface PagesDeps {
  /** By path: `/fr/`. May change under way. */
  readonly hot: ReadonlyMap<string, Served>
  /** `data/public`; need not be there yet. */
  readonly publicDir: string
  readonly views: Views
}

/** Serves the folder on every path that no other route takes. */
export function servePages(app: FastifyInstance, { hot, publicDir, views }: PagesDeps): void {
  const prepared = new WeakMap<Served, Partial<Record<Encoding, Headers>>>()
  app.register(fastifyStatic, {
    root: resolve(publicDir),
    serve: false,
    suppressWarning: true,
    preCompressed: true,
    dotfiles: 'ignore',
    acceptRanges: false,
    cacheControl: false,
    redirect: true,
  })
  app.route<{ Params: { '*': string } }>({ method: ['GET', 'HEAD'], url: '/*', handler })

  function handler(request: FastifyRequest<{ Params: { '*': string } }>, reply: FastifyReply) {
    const path = pathOf(request.raw.url!)
    const served = hot.get(path)
    if (served !== undefined) return answer(request, reply, path, served)
    const whole = path.endsWith('/index.html') ? path.slice(0, -'index.html'.length) : `${path}/`
    if (hot.has(whole)) return reply.headers(FRESHNESS).redirect(whole, 301)
    return reply
      .headers({ ...safetyHeaders(path, views.headerPolicy), ...FRESHNESS })
      .sendFile(`/${request.params['*']}`)
  }

  function answer(request: FastifyRequest, reply: FastifyReply, path: string, served: Served) {
    const encoding = encodingFor(request.headers['accept-encoding'])
    const { body, etag } = served[encoding]
    if (isKnown(request.headers['if-none-match'], etag))
      return reply
        .code(304)
        .headers({ etag, ...FRESHNESS })
        .send()
    return reply.headers(headersFor(path, served, encoding)).send(body)
  }

  function headersFor(path: string, served: Served, encoding: Encoding): Headers {
    let headers = prepared.get(served)
    if (headers === undefined) {
      headers = {}
      prepared.set(served, headers)
    }
    headers[encoding] ??= {
      'content-type': served.type,
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      etag: served[encoding].etag,
      ...FRESHNESS,
      ...safetyHeaders(path, views.headerPolicy),
    }
    return headers[encoding]
  }
}

/** The path of a request without its query: what it says there changes nothing. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}
