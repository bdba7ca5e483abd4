// `/admin/api/errand`: what `vigie admin` asks of the process that runs. Only who can read `data/run.json` may, from this
// very machine: no API key and no session will do.
import type { FastifyInstance } from 'fastify'
import type { Access } from '../../access/accounts.ts'
import { doErrand, readErrand } from '../../access/errand.ts'
import type { Instant } from '../../core/time/time.ts'
import { isFromThisMachine } from '../local.ts'
import type { Bearer } from './api.ts'

export const ERRAND = '/admin/api/errand'

export interface ErrandDeps {
  readonly access: Access
  /** Null: nobody's. */
  readonly bearer: (token: string) => Bearer | null
  readonly now: () => Instant
  /** Where the site is said to be; null: not said. */
  readonly site: () => string | null
}

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/**
 * 403 for anybody but `cli` on this machine, 400 for what isn't understood, 200 with `refused` for what can't be done.
 */
export function serveErrands(app: FastifyInstance, { access, bearer, now, site }: ErrandDeps): void {
  app.post(ERRAND, { bodyLimit: 4096 }, async (request, reply) => {
    const token = /^Bearer ([!-~]{1,512})$/.exec(request.headers.authorization ?? '')?.[1]
    reply.headers(HEADERS)
    if (!isFromThisMachine(request, site()) || token === undefined || bearer(token)?.by !== 'cli')
      return reply.code(403).send({ refused: 'only commands on this machine may' })
    const errand = readErrand(request.body)
    if (errand === null) return reply.code(400).send({ refused: 'not understood' })
    return reply.send(doErrand(access, errand, 'cli', now()))
  })
}
