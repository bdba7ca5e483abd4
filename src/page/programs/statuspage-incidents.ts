// Incidents and maintenance as Statuspage's API v2 tells them (research of its documents: every field is there, null rather
// than absent). Texts are plain, in the first language.
import type { Impact, IncidentStatus } from '../../core/said/incident.ts'
import { type OccurrenceStatus, occurrenceStatus } from '../../core/said/maintenance.ts'
import type { IncidentPicture, MaintenancePicture, Picture } from '../../core/shown/picture.ts'
import { say, type Text } from '../../core/text.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { markdownText } from '../words/markdown.ts'
import { pageAddress } from './address.ts'
import { pageId } from './identity.ts'
import type { Component } from './statuspage-components.ts'

/** The lists are this long at most, the newest first. */
const MOST = 50

interface Step {
  readonly id: string
  readonly status: string
  readonly at: Instant
  readonly text: string
}

/** `components`: all of the page, from which each takes its own. */
export function statuspageIncidents(picture: Picture, components: readonly Component[]) {
  const toDocument = (incident: IncidentPicture) => statuspageIncident(picture, incident, components)
  const open = picture.incidents.filter(({ status }) => status !== 'resolved')
  return {
    latest: picture.incidents.slice(0, MOST).map(toDocument),
    unresolved: open.slice(0, MOST).map(toDocument),
  }
}

/** Those called off are not told: Statuspage knows no such state. */
export function statuspageMaintenances(picture: Picture, components: readonly Component[]) {
  const times = picture.maintenances
    .filter(({ cancelled }) => cancelled === null)
    .sort((a, b) => b.begins - a.begins)
    .map((time) => ({ status: standing(time, picture.at), document: maintenanceDocument(picture, time, components) }))
  const of = (...statuses: readonly OccurrenceStatus[]) =>
    times.filter(({ status }) => statuses.includes(status)).map(({ document }) => document)
  return {
    latest: times.slice(0, MOST).map(({ document }) => document),
    upcoming: of('scheduled').slice(-MOST),
    active: of('in_progress').slice(0, MOST),
  }
}

/** One incident: what lies at `/api/v2/incidents/ID.json`. */
export function statuspageIncident(picture: Picture, incident: IncidentPicture, components: readonly Component[]) {
  const { id, status, impact, postmortem } = incident
  const written = (text: Text) => markdownText(say(text, picture.hoster.languages[0]))
  const steps: Step[] = incident.updates.map((update) => ({
    id: update.id,
    status: update.status,
    at: update.at,
    text: written(update.text),
  }))
  if (postmortem !== null && status === 'resolved') {
    steps.push({ id: `${id}-after`, status: 'postmortem', at: postmortem.at, text: written(postmortem.text) })
  }
  const affected = components.filter((one) => !one.group && incident.services.includes(one.id))
  return {
    id,
    name: say(incident.title, picture.hoster.languages[0]),
    status: postmortem !== null && status === 'resolved' ? 'postmortem' : status,
    created_at: iso(incident.created),
    updated_at: iso(incident.changed),
    monitoring_at: isoOf(incident.updates.findLast((update) => update.status === 'monitoring')?.at),
    resolved_at: isoOf(incident.resolved ?? undefined),
    impact,
    shortlink: pageAddress(picture, `incidents/${id}/`),
    started_at: iso(incident.started),
    page_id: pageId(picture.hoster),
    reminder_intervals: null,
    incident_updates: updatesOf(id, steps, affected, components, AFFECTS[impact]),
    components: affected,
  }
}

function maintenanceDocument(picture: Picture, time: MaintenancePicture, components: readonly Component[]) {
  const { id, begins, ends, created } = time
  const language = picture.hoster.languages[0]
  const status = standing(time, picture.at)
  const affected = components.filter((one) => !one.group && time.services.includes(one.id))
  const written = (text: Text) => markdownText(say(text, language))
  const automatic: Step[] = [
    // Planned to begin now it begins with the full minute, a little before it was said.
    { id: `${id}-begin`, status: 'in_progress', at: Math.max(begins, created), text: BEGAN[language] },
    { id: `${id}-end`, status: 'completed', at: ends, text: ENDED[language] },
  ]
  const steps: readonly Step[] = [
    { id: `${id}-plan`, status: 'scheduled', at: created, text: written(time.text) },
    ...time.updates
      .filter(({ at }) => !time.repeats || (at >= begins && at < ends))
      .map((update) => ({
        id: update.id,
        status: update.at < begins ? 'scheduled' : 'in_progress',
        at: update.at,
        text: written(update.text),
      })),
    ...automatic.filter(({ at }) => at <= picture.at),
  ].sort((a, b) => a.at - b.at)
  return {
    id,
    name: say(time.title, language),
    status,
    created_at: iso(created),
    updated_at: iso(Math.max(time.changed, steps.at(-1)!.at)),
    monitoring_at: null,
    resolved_at: status === 'completed' ? iso(ends) : null,
    impact: 'maintenance',
    shortlink: pageAddress(picture, 'maintenance/', `time-${id}`),
    started_at: iso(begins),
    page_id: pageId(picture.hoster),
    reminder_intervals: null,
    incident_updates: updatesOf(id, steps, affected, components, 'under_maintenance'),
    components: affected,
    scheduled_for: iso(begins),
    scheduled_until: iso(ends),
  }
}

function standing({ begins, ends, cancelled }: MaintenancePicture, now: Instant): OccurrenceStatus {
  return occurrenceStatus({ begins, ends, cancelled }, now)
}

/** What an impact says of the components it names. */
const AFFECTS: Readonly<Record<Impact, Component['status']>> = {
  none: 'operational',
  minor: 'degraded_performance',
  major: 'partial_outage',
  critical: 'major_outage',
}

const BEGAN = { fr: 'La maintenance est en cours.', en: 'The maintenance is under way.' } as const
const ENDED = { fr: 'La maintenance est terminée.', en: 'The maintenance is over.' } as const

const QUIET: ReadonlySet<string> = new Set<IncidentStatus | OccurrenceStatus | 'postmortem'>([
  'resolved',
  'postmortem',
  'scheduled',
  'completed',
])

/** Newest first, each with what it changed of the components it names. */
function updatesOf(
  incident: string,
  steps: readonly Step[],
  affected: readonly Component[],
  all: readonly Component[],
  affects: Component['status'],
) {
  let before: Component['status'] = 'operational'
  const updates = steps.map(({ id, status, at, text }) => {
    const after = QUIET.has(status) ? 'operational' : affects
    const changes = affected.map((one) => {
      const group = all.find((other) => other.id === one.group_id && other.group)
      const name = group === undefined ? one.name : `${group.name} - ${one.name}`
      return { code: one.id, name, old_status: before, new_status: after }
    })
    before = after
    return {
      id,
      status,
      body: text,
      incident_id: incident,
      created_at: iso(at),
      updated_at: iso(at),
      display_at: iso(at),
      affected_components: changes.length === 0 ? null : changes,
      deliver_notifications: true,
      custom_tweet: null,
      tweet_id: null,
    }
  })
  return updates.reverse()
}

function isoOf(at: Instant | undefined): string | null {
  return at === undefined ? null : iso(at)
}
