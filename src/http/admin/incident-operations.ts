// Incidents, their drafts, and what an admin says of a service against what is measured.
import type { Incident } from '../../core/said/incident.ts'
import type { Answer } from '../../core/said/post.ts'
import { iso } from '../../core/time/time.ts'
import { showDraft, showIncident, showOverride } from './api-shape.ts'
import { found, limitOf, MOST, type Operation } from './operation.ts'

export const INCIDENT_OPERATIONS: readonly Operation[] = [
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
    id: 'listDrafts',
    method: 'GET',
    path: '/drafts',
    scope: 'incidents',
    summary: 'What vigie would tell of the outages that are open; opening an incident with `draft` publishes one',
    takes: null,
    gives: 'DraftList',
    run: (_call, { post }) => ({ done: { drafts: post.drafts().map(showDraft) } }),
  },
  {
    id: 'dismissDraft',
    method: 'DELETE',
    path: '/drafts/{id}',
    scope: 'incidents',
    summary: 'Throws a draft away for as long as its outage lasts',
    takes: null,
    gives: 'Nothing',
    run: ({ params }, { post }) => {
      const answer = post.dismiss(params.id!)
      return 'refused' in answer ? answer : { done: {} }
    },
  },
  {
    id: 'acknowledgeOutage',
    method: 'PUT',
    path: '/acknowledgements/{outage}',
    scope: 'incidents',
    summary: 'Says that somebody of the team takes on an outage that is open, to members and to the other admins',
    takes: null,
    gives: 'Acknowledgement',
    run: ({ params, from }, { post }) => {
      const answer = post.acknowledge([params.outage!], from)
      if ('refused' in answer) return answer
      const [done] = answer.done
      return { done: { ...done, at: iso(done.at) } }
    },
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
]

function shown(answer: Answer<Incident>): Answer<object> {
  return 'refused' in answer ? answer : { done: showIncident(answer.done) }
}
