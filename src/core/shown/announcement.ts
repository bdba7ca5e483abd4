// What people said, as members may know it.
import type { Service } from '../check.ts'
import type { Incident } from '../said/incident.ts'
import type { Occurrence } from '../said/maintenance.ts'
import type { Instant } from '../time/time.ts'
import { type Status, worse } from '../verdict/service.ts'
import type { IncidentPicture, MaintenancePicture } from './picture.ts'

export interface Announced {
  readonly incidents: readonly IncidentPicture[]
  /** Those of them that are not resolved. */
  readonly open: readonly IncidentPicture[]
  readonly maintenances: readonly MaintenancePicture[]
}

/** Leaves out who wrote it, what sites disagree about and services that only admins know; also what is about those alone. */
export function announce(
  incidents: readonly Incident[],
  occurrences: readonly Occurrence[],
  services: readonly Service[],
): Announced {
  const seen = new Set(services.filter(({ audience }) => audience === 'members').map(({ id }) => id))
  const forMembers = (named: readonly string[]) => named.length === 0 || named.some((id) => seen.has(id))
  const shown = incidents.filter((one) => forMembers(one.services)).map((one) => incidentPicture(one, seen))
  return {
    incidents: shown,
    open: shown.filter(({ status }) => status !== 'resolved'),
    maintenances: occurrences
      .filter(({ maintenance }) => forMembers(maintenance.services))
      .map((one) => maintenancePicture(one, seen)),
  }
}

/** The status that open incidents raise a service's to, and since when; null: they don't. */
export function raisedTo(
  measured: Status,
  service: string,
  open: readonly IncidentPicture[],
): { readonly status: Status; readonly since: Instant } | null {
  let raised: { status: Status; since: Instant } | null = null
  for (const { raises, services, started } of open) {
    if (raises === 'none' || !services.includes(service)) continue
    const before = raised?.status ?? measured
    if (worse(before, raises) !== before) raised = { status: raises, since: started }
  }
  return raised
}

function incidentPicture(incident: Incident, seen: ReadonlySet<string>): IncidentPicture {
  const { id, formerly, title, status, impact, started, raises, outages, automatic } = incident
  const { created, changed, said, resolved, postmortem } = incident
  const [first, ...later] = incident.updates.map(({ id, at, status, text, corrected }) => ({
    id,
    at,
    status,
    text,
    corrected,
  }))
  return {
    id,
    formerly,
    title,
    status,
    impact,
    services: incident.services.filter((service) => seen.has(service)),
    started,
    raises,
    outages,
    automatic,
    created,
    changed,
    said,
    resolved,
    updates: [first!, ...later],
    postmortem: postmortem === null ? null : { text: postmortem.text, at: postmortem.at },
  }
}

function maintenancePicture(
  { id, maintenance, begins, ends, cancelled }: Occurrence,
  seen: ReadonlySet<string>,
): MaintenancePicture {
  const { title, text, created, changed, sequence, plan, updates } = maintenance
  return {
    id,
    of: maintenance.id,
    title,
    text,
    services: maintenance.services.filter((service) => seen.has(service)),
    begins,
    ends,
    cancelled,
    repeats: plan.repeats !== null,
    created,
    changed,
    sequence,
    updates: updates.map(({ id, at, text }) => ({ id, at, text })),
  }
}
