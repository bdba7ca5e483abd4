// The public side: what lies in memory first, then the rest of the folder. No parameter, no database, no state.
import { resolve } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Encoded, type Encoding, type Packed, type Served, unpack } from '../page/folder/compress.ts'
import type { Views } from '../page/pages/views.ts'
import { FRESHNESS, type Headers, safetyHeaders, unchangedHeaders } from './headers.ts'
import { encodingFor, isKnown, packedEncodingFor } from './negotiate.ts'

export interface PagesDeps {
  /** By path: `/fr/`. May change under way. */
  readonly hot: ReadonlyMap<string, Served | Packed>
  /** `data/public`; need not be there yet. */
  readonly publicDir: string
  readonly views: Views
}

/** Serves the folder on every path that no other route takes. */
export function servePages(app: FastifyInstance, { hot, publicDir, views }: PagesDeps): void {
  const prepared = new WeakMap<Served | Packed, Partial<Record<Encoding, Headers>>>()
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

  function answer(request: FastifyRequest, reply: FastifyReply, path: string, file: Served | Packed) {
    const accepted = request.headers['accept-encoding']
    if ('identity' in file) {
      const encoding = encodingFor(accepted)
      return send(request, reply, file[encoding], headersFor(path, file, encoding, file[encoding]))
    }
    if (packedEncodingFor(accepted) === 'gzip')
      return send(request, reply, file.gzip, headersFor(path, file, 'gzip', file.gzip))
    return unpack(file).then((plain) => send(request, reply, plain, headersFor(path, file, 'identity', plain)))
  }

  function send(request: FastifyRequest, reply: FastifyReply, { body, etag }: Encoded, headers: Headers) {
    if (isKnown(request.headers['if-none-match'], etag))
      return reply.code(304).headers(unchangedHeaders(headers)).send()
    return reply.headers(headers).send(body)
  }

  function headersFor(path: string, file: Served | Packed, encoding: Encoding, { etag }: Encoded): Headers {
    let headers = prepared.get(file)
    if (headers === undefined) {
      headers = {}
      prepared.set(file, headers)
    }
    headers[encoding] ??= {
      'content-type': file.type,
      ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
      etag,
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
