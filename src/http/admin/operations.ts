// What the API can do, as one list: the server's routes, their scopes and the OpenAPI document are all made from it.
import type { Scope } from '../../core/account.ts'
import type { Incident } from '../../core/incident.ts'
import type { Maintenance, Occurrence } from '../../core/maintenance.ts'
import type { Override } from '../../core/override.ts'
import type { Answer, Post, Sender } from '../../core/post.ts'
import { DAY, type Instant } from '../../core/time.ts'
import { showIncident, showMaintenance, showOverride } from './api-shape.ts'

/** What was said, to be read (board.ts). */
export interface Said {
  incidents(): readonly Incident[]
  incident(id: string): Incident | undefined
  maintenances(): readonly Maintenance[]
  maintenance(id: string): Maintenance | undefined
  occurrences(from: Instant, to: Instant): readonly Occurrence[]
  override(service: string, now: Instant): Override | null
}

export interface Ground {
  readonly post: Post
  readonly said: Said
  /** Ids of all services. */
  readonly services: () => readonly string[]
  readonly now: () => Instant
}

export interface Call {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly from: Sender
}

export interface Operation {
  /** OpenAPI's operationId. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** After `/admin/api/v1`, parameters in braces. */
  readonly path: string
  readonly scope: Scope
  readonly summary: string
  /** Names of schemas (openapi.ts); null: no body. */
  readonly takes: string | null
  readonly gives: string
  /** Of a new thing: 201. */
  readonly makes?: true
  /** Parameters of the query and what they mean. */
  readonly query?: Readonly<Record<string, string>>
  run(call: Call, ground: Ground): Answer<object>
}

/** How far ahead times of work are listed. */
const AHEAD = 92 * DAY
const MOST = 500

export const OPERATIONS: readonly Operation[] = [
  {
    id: 'listIncidents',
    method: 'GET',
    path: '/incidents',
    scope: 'incidents',
    summary: 'Incidents, the one that began last first',
    takes: null,
    gives: 'IncidentList',
    query: { open: '`true`: only those not resolved', limit: `how many, at most ${MOST}; 50 when not said` },
    run: ({ query }, { said }) => {
      const all = said.incidents().filter(({ status }) => query.open !== 'true' || status !== 'resolved')
      return { done: { incidents: all.slice(0, limitOf(query)).map(showIncident) } }
    },
  },
  {
    id: 'openIncident',
    method: 'POST',
    path: '/incidents',
    scope: 'incidents',
    summary: 'Opens an incident; it is on the page within a second',
    takes: 'IncidentOpening',
    gives: 'Incident',
    makes: true,
    run: ({ body, from }, { post }) => shown(post.incident.open(body, from)),
  },
  {
    id: 'getIncident',
    method: 'GET',
    path: '/incidents/{id}',
    scope: 'incidents',
    summary: 'One incident, also one that was taken back',
    takes: null,
    gives: 'Incident',
    run: ({ params }, { said }) => found('incident', said.incident(params.id!), showIncident),
  },
  {
    id: 'correctIncident',
    method: 'PATCH',
    path: '/incidents/{id}',
    scope: 'incidents',
    summary: 'Corrects its title, impact, services, beginning, or what it raises the status to',
    takes: 'IncidentCorrection',
    gives: 'Incident',
    run: ({ params, body, from }, { post }) => shown(post.incident.correct(params.id!, body, from)),
  },
  {
    id: 'retractIncident',
    method: 'DELETE',
    path: '/incidents/{id}',
    scope: 'incidents',
    summary: 'Takes it back: it is shown to nobody any more',
    takes: null,
    gives: 'Incident',
    run: ({ params, from }, { post }) => shown(post.incident.retract(params.id!, null, from)),
  },
  {
    id: 'updateIncident',
    method: 'POST',
    path: '/incidents/{id}/updates',
    scope: 'incidents',
    summary: 'Adds an update; `resolved` ends it, another status opens it again',
    takes: 'IncidentUpdate',
    gives: 'Incident',
    makes: true,
    run: ({ params, body, from }, { post }) => shown(post.incident.update(params.id!, body, from)),
  },
  {
    id: 'rewordUpdate',
    method: 'PATCH',
    path: '/incidents/{id}/updates/{update}',
    scope: 'incidents',
    summary: 'Corrects the text of one update',
    takes: 'Words',
    gives: 'Incident',
    run: ({ params, body, from }, { post }) => shown(post.incident.reword(params.id!, params.update!, body, from)),
  },
  {
    id: 'retractUpdate',
    method: 'DELETE',
    path: '/incidents/{id}/updates/{update}',
    scope: 'incidents',
    summary: 'Takes one update back',
    takes: null,
    gives: 'Incident',
    run: ({ params, from }, { post }) => shown(post.incident.retract(params.id!, params.update!, from)),
  },
  {
    id: 'writePostmortem',
    method: 'PUT',
    path: '/incidents/{id}/postmortem',
    scope: 'incidents',
    summary: 'Writes what is to be said afterwards, in place of what was; without a text it is taken back',
    takes: 'Postmortem',
    gives: 'Incident',
    run: ({ params, body, from }, { post }) => shown(post.incident.postmortem(params.id!, body, from)),
  },
  {
    id: 'listOverrides',
    method: 'GET',
    path: '/overrides',
    scope: 'incidents',
    summary: 'Services whose status is an admin’s word just now',
    takes: null,
    gives: 'OverrideList',
    run: (_call, { said, services, now }) => {
      const standing = services().flatMap((service) => said.override(service, now()) ?? [])
      return { done: { overrides: standing.map(showOverride) } }
    },
  },
  {
    id: 'override',
    method: 'PUT',
    path: '/overrides/{service}',
    scope: 'incidents',
    summary: 'Says what the page says of a service against what is measured, labelled as such, for a day at most',
    takes: 'OverrideSaying',
    gives: 'Override',
    run: ({ params, body, from }, { post }) => {
      const answer = post.override(params.service!, body, from)
      return 'refused' in answer ? answer : { done: answer.done === null ? {} : showOverride(answer.done) }
    },
  },
  {
    id: 'endOverride',
    method: 'DELETE',
    path: '/overrides/{service}',
    scope: 'incidents',
    summary: 'What is measured counts again',
    takes: null,
    gives: 'Nothing',
    run: ({ params, from }, { post }) => {
      const answer = post.override(params.service!, null, from)
      return 'refused' in answer ? answer : { done: {} }
    },
  },
  {
    id: 'listMaintenances',
    method: 'GET',
    path: '/maintenances',
    scope: 'maintenance',
    summary: 'Planned work, the one that was planned last first, each with its next times',
    takes: null,
    gives: 'MaintenanceList',
    query: { limit: `how many, at most ${MOST}; 50 when not said` },
    run: ({ query }, ground) => {
      const some = ground.said.maintenances().slice(0, limitOf(query))
      return { done: { maintenances: some.map((one) => withTimes(one, ground)) } }
    },
  },
  {
    id: 'planMaintenance',
    method: 'POST',
    path: '/maintenances',
    scope: 'maintenance',
    summary: 'Plans work; it begins and ends by itself, and mutes mails meanwhile',
    takes: 'MaintenancePlan',
    gives: 'Maintenance',
    makes: true,
    run: ({ body, from }, ground) => planned(ground.post.maintenance.plan(body, from), ground),
  },
  {
    id: 'getMaintenance',
    method: 'GET',
    path: '/maintenances/{id}',
    scope: 'maintenance',
    summary: 'One maintenance with its next times',
    takes: null,
    gives: 'Maintenance',
    run: ({ params }, ground) =>
      found('maintenance', ground.said.maintenance(params.id!), (one) => withTimes(one, ground)),
  },
  {
    id: 'changeMaintenance',
    method: 'PATCH',
    path: '/maintenances/{id}',
    scope: 'maintenance',
    summary: 'Changes its words, services or times',
    takes: 'MaintenanceChange',
    gives: 'Maintenance',
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.change(params.id!, body, from), ground),
  },
  {
    id: 'prolongMaintenance',
    method: 'POST',
    path: '/maintenances/{id}/prolong',
    scope: 'maintenance',
    summary: 'Gives one time another end: later, or `now`',
    takes: 'MaintenanceProlongation',
    gives: 'Maintenance',
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.prolong(params.id!, body, from), ground),
  },
  {
    id: 'cancelMaintenance',
    method: 'POST',
    path: '/maintenances/{id}/cancel',
    scope: 'maintenance',
    summary: 'Calls off one time, or all that is to come',
    takes: 'MaintenanceCancellation',
    gives: 'Maintenance',
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.cancel(params.id!, body, from), ground),
  },
  {
    id: 'updateMaintenance',
    method: 'POST',
    path: '/maintenances/{id}/updates',
    scope: 'maintenance',
    summary: 'Adds news of the work',
    takes: 'Words',
    gives: 'Maintenance',
    makes: true,
    run: ({ params, body, from }, ground) => planned(ground.post.maintenance.update(params.id!, body, from), ground),
  },
]

function shown(answer: Answer<Incident>): Answer<object> {
  return 'refused' in answer ? answer : { done: showIncident(answer.done) }
}

function planned(answer: Answer<Maintenance>, ground: Ground): Answer<object> {
  return 'refused' in answer ? answer : { done: withTimes(answer.done, ground) }
}

function withTimes(maintenance: Maintenance, { said, now }: Ground): object {
  const at = now()
  const times = said.occurrences(at, at + AHEAD).filter((one) => one.maintenance.id === maintenance.id)
  return showMaintenance(maintenance, times, at)
}

function found<T>(what: string, one: T | undefined, show: (one: T) => object): Answer<object> {
  if (one !== undefined) return { done: show(one) }
  return { refused: 'unknown', mistakes: [{ field: what, message: `there is no such ${what}` }] }
}

function limitOf({ limit }: Call['query']): number {
  const wanted = Number(limit ?? 50)
  return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, MOST) : 50
}
