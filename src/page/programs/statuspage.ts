// Atlassian Statuspage's public API v2, for the apps and bots that read it. Its words are English and its statuses know
// no "unknown": a component keeps its last confirmed status there, and its `vigie` tells the truth.

import { reachableAt } from '../../core/reachable.ts'
import type { IncidentPicture, Picture } from '../../core/shown/picture.ts'
import { say } from '../../core/text.ts'
import { iso } from '../../core/time/time.ts'
import type { Status } from '../../core/verdict/service.ts'
import { pageId } from './identity.ts'
import { componentsOf, confirmedOf } from './statuspage-components.ts'
import { statuspageIncident, statuspageIncidents, statuspageMaintenances } from './statuspage-incidents.ts'

export type Indicator = 'none' | 'minor' | 'major' | 'critical' | 'maintenance'

/** The documents that tell of now, by their path in the folder; those of single incidents: `incidentDocument`. */
export function statuspageDocuments(picture: Picture): ReadonlyMap<string, object> {
  const components = componentsOf(picture)
  const page = pageOf(picture)
  const status = statusOf(picture)
  const incidents = statuspageIncidents(picture, components)
  const work = statuspageMaintenances(picture, components)
  const ahead = [...work.active, ...work.upcoming]
  return new Map<string, object>([
    [
      'api/v2/summary.json',
      { page, components, incidents: incidents.unresolved, scheduled_maintenances: ahead, status },
    ],
    ['api/v2/status.json', { page, status }],
    ['api/v2/components.json', { page, components }],
    ['api/v2/incidents.json', { page, incidents: incidents.latest }],
    ['api/v2/incidents/unresolved.json', { page, incidents: incidents.unresolved }],
    ['api/v2/scheduled-maintenances.json', { page, scheduled_maintenances: work.latest }],
    ['api/v2/scheduled-maintenances/upcoming.json', { page, scheduled_maintenances: work.upcoming }],
    ['api/v2/scheduled-maintenances/active.json', { page, scheduled_maintenances: work.active }],
  ])
}

/** The document of one incident. It stays as it is once nothing more is said: its page is the hoster's, not the moment's. */
export function incidentDocument(picture: Picture, incident: IncidentPicture): object {
  const { id, name, url, time_zone } = pageOf(picture)
  const page = { id, name, url, time_zone, updated_at: iso(incident.changed) }
  return { page, incident: statuspageIncident(picture, incident, componentsOf(picture)) }
}

function pageOf({ hoster, site, changed }: Picture) {
  const url = reachableAt(hoster.sites, site) ?? ''
  return {
    id: pageId(hoster),
    name: say(hoster.name, hoster.languages[0]),
    url,
    time_zone: hoster.timezone,
    updated_at: iso(changed),
  }
}

function statusOf({ services }: Picture): { readonly indicator: Indicator; readonly description: string } {
  const indicator = indicatorOf(services.map(confirmedOf))
  const unverified = services.length > 0 && services.every((service) => service.status === 'unknown')
  return { indicator, description: unverified ? 'Status not verified' : DESCRIPTIONS[indicator] }
}

const DESCRIPTIONS: Readonly<Record<Indicator, string>> = {
  none: 'All Systems Operational',
  minor: 'Partially Degraded Service',
  major: 'Partial System Outage',
  critical: 'Major Service Outage',
  maintenance: 'Service Under Maintenance',
}

function indicatorOf(statuses: readonly Status[]): Indicator {
  const some = (status: Status) => statuses.includes(status)
  if (some('major_outage')) return statuses.every((status) => status === 'major_outage') ? 'critical' : 'major'
  if (some('partial_outage')) return 'major'
  if (some('degraded_performance')) return 'minor'
  return some('under_maintenance') ? 'maintenance' : 'none'
}
