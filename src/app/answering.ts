// Who answers: the server, with all that it asks.
import { join } from 'node:path'
import type { Millis } from '../core/time/time.ts'
import type { Heartbeats } from '../heartbeats.ts'
import type { ApiDeps } from '../http/admin/api.ts'
import { buildServer } from '../http/server.ts'
import type { Publisher } from '../page/folder/publish.ts'
import type { Views } from '../page/pages/views.ts'
import type { Metrics } from '../showing/metrics.ts'
import type { Twins } from '../sites/twins.ts'
import { type AdmittingDeps, createAdmitting } from './admitting.ts'
import type { Vitals } from './vitals.ts'

export interface AnsweringDeps extends AdmittingDeps {
  readonly api: ApiDeps
  readonly metrics: Pick<Metrics, 'lastLooks' | 'text'>
  readonly heartbeats: Pick<Heartbeats, 'heard' | 'last'>
  readonly publisher: Pick<Publisher, 'hot'>
  readonly views: Views
  readonly twins: Pick<Twins, 'answer' | 'standings'>
  readonly vitals: Pick<Vitals, 'health'>
  ticks(): Millis
}

/** Not yet listening. Throws what reading the sessions of the ledger throws. */
export function createAnswering(deps: AnsweringDeps): ReturnType<typeof buildServer> {
  const { memory, api, metrics, heartbeats, publisher, views, twins, vitals, data, ticks } = deps
  const { admin, errands } = createAdmitting(deps)
  return buildServer({
    hot: publisher.hot,
    publicDir: join(data, 'public'),
    views,
    ping: heartbeats.heard,
    twin: twins.answer,
    twins: twins.standings,
    bearer: api.bearer,
    metrics: metrics.text,
    configuration: () => memory.configuration,
    languages: () => memory.configuration.languages,
    health: vitals.health,
    proxy: memory.configuration.proxy,
    api,
    admin,
    errands,
    ticks,
  })
}
