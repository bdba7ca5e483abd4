// `/admin/api/`: programs post incidents and plan work with a token. Deny is what happens by itself: a call that is not in
// the list of operations, comes in the clear from elsewhere or lacks the scope does nothing.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Scope } from '../../core/said/account.ts'
import type { Answer, Refusal, Sender } from '../../core/said/post.ts'
import type { Views } from '../../page/pages/views.ts'
import { isFromThisMachine, isLocal } from '../local.ts'
import { ABOUT, API, fieldsOf, openApi } from './openapi.ts'
import type { Ground, Operation } from './operation.ts'
import { OPERATIONS } from './operations.ts'

/** Whose token it is and what it may do. */
export interface Bearer {
  /** As the ledger will say: `token:NAME`, `cli`. */
  readonly by: string
  readonly scopes: readonly Scope[]
  /** May list what people said, whatever its scopes. */
  readonly reads?: boolean
}

export interface ApiDeps extends Ground {
  /** Null: nobody's. It takes as long whatever of it is right. */
  readonly bearer: (token: string) => Bearer | null
  /** Where the site is said to be; null: not said. */
  readonly site: () => string | null
  readonly version: string
  readonly views: Views
}

/** Whoever may read may ask for the headers alone (RFC 9110, 9.3.2). */
const READING = ['GET', 'HEAD']

/** As its description says. */
const LONGEST_BODY = 64 * 1024
const STATUS = { invalid: 400, unknown: 404, conflict: 409 } as const
const POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': POLICY,
}

/** To be registered in a context of its own: it reads JSON and nothing else. */
export async function serveApi(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const bodyLimit = LONGEST_BODY
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler(failed)
  for (const operation of OPERATIONS) {
    const url = API + operation.path.replace(/\{(\w+)\}/g, ':$1')
    app.route({
      method: operation.method === 'GET' ? READING : operation.method,
      url,
      bodyLimit,
      handler: (request, reply) => perform(operation, request, reply),
    })
  }
  for (const url of ['/admin/api', '/admin/api/']) app.route({ method: READING, url, handler: describe })
  app.route({
    method: READING,
    url: '/admin/api/openapi.json',
    handler: async (_request, reply) => reply.headers(HEADERS).send(document()),
  })
  app.all('/admin/api/*', (request, reply) => problem(reply, 404, `there is no ${request.method} at this address`))

  function perform(operation: Operation, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const { protocol, headers } = request
    const token = /^Bearer ([!-~]{1,512})$/i.exec(headers.authorization ?? '')?.[1]
    const bearer = token === undefined ? null : deps.bearer(token)
    const isHere = bearer?.by === 'cli' ? isFromThisMachine : isLocal
    if (protocol !== 'https' && !isHere(request, deps.site()))
      return problem(reply, 403, 'tokens are taken over TLS only, or from the machine itself by localhost')
    if (bearer === null)
      return problem(
        reply.header('www-authenticate', 'Bearer realm="vigie"'),
        401,
        'a token of `vigie admin token NAME` is needed',
      )
    const reads = bearer.reads === true && operation.method === 'GET'
    if (!reads && !bearer.scopes.includes(operation.scope)) {
      const challenge = `Bearer realm="vigie", error="insufficient_scope", scope="${operation.scope}"`
      return problem(reply.header('www-authenticate', challenge), 403, `this token lacks the scope ${operation.scope}`)
    }
    const key = headers['idempotency-key']
    if (key !== undefined && (typeof key !== 'string' || !/^[!-~]{1,64}$/.test(key)))
      return problem(reply, 400, 'Idempotency-Key must be 1 to 64 printable characters')
    return answer(operation, called(operation, request, { by: bearer.by, key: key ?? null }), reply)
  }

  function called({ takes, id, run }: Operation, request: FastifyRequest, from: Sender): Answer<object> {
    const { params, query, body } = request as FastifyRequest<{
      Params: Record<string, string>
      Querystring: Record<string, unknown>
    }>
    // Two calls with one key are two where they ask for different things.
    const scoped = from.key === null ? from : { ...from, key: `${id} ${from.key}` }
    return run({ params, query: { ...query }, body: takes === null ? undefined : body, from: scoped }, deps)
  }

  function answer(operation: Operation, answered: Answer<object>, reply: FastifyReply): FastifyReply {
    if ('refused' in answered) return refuse(answered, reply)
    return reply
      .code(operation.makes ? 201 : 200)
      .headers(HEADERS)
      .send(answered.done)
  }

  function document(): object {
    return openApi(deps.version, deps.site())
  }

  async function describe(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (/^application\/json\b/.test(request.headers.accept ?? '')) return reply.headers(HEADERS).send(document())
    const page = deps.views.render('api', {
      title: 'The API of vigie',
      about: ABOUT,
      base: new URL(API, deps.site() ?? `${request.protocol}://${request.host}`).href,
      code,
      operations: OPERATIONS.map((one) => ({ ...one, path: API + one.path, fields: fieldsOf(one) })),
    })
    return reply
      .headers({ ...HEADERS, 'content-security-policy': `${POLICY}; img-src data:` })
      .type('text/html; charset=utf-8')
      .send(page)
  }
}

/** A text taken apart at its backticks. */
function code(text: string): readonly { readonly text: string; readonly code: boolean }[] {
  return text.split('`').map((part, at) => ({ text: part, code: at % 2 === 1 }))
}

function refuse({ refused, mistakes }: Refusal, reply: FastifyReply): FastifyReply {
  const [first] = mistakes
  const detail = refused === 'invalid' ? `${first!.field}: ${first!.message}` : first!.message
  return problem(reply, STATUS[refused], detail, refused === 'invalid' ? mistakes : undefined)
}

/** Bodies that can't be read, and a disk that refuses; what else is thrown is a fault of ours and is not told. */
function failed(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode = 500, code } = error
  if (statusCode === 413) return problem(reply, 413, 'the body is longer than 64 kB')
  if (statusCode === 415) return problem(reply, 415, 'the body must be application/json')
  if (statusCode < 500) return problem(reply, 400, `the body can’t be read: ${error.message}`)
  if (code?.startsWith('SQLITE_')) return problem(reply, 503, 'the disk refused: nothing was said')
  return problem(reply, 500, 'a fault in vigie')
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** RFC 9457. */
function problem(reply: FastifyReply, status: number, detail: string, errors?: Refusal['mistakes']): FastifyReply {
  return reply
    .code(status)
    .headers(HEADERS)
    .type('application/problem+json; charset=utf-8')
    .send(JSON.stringify({ title: TITLES[status], status, detail, ...(errors === undefined ? {} : { errors }) }))
}
