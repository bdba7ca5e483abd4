// Which open incident tells of which trouble, which work under way of which maintenance.
import { IMPACTS } from '../../core/said/incident.ts'
import { occurrenceStatus } from '../../core/said/maintenance.ts'
import type { IncidentPicture, MaintenancePicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import type { Instant } from '../../core/time/time.ts'
import { isUnwell, type Trouble } from './trouble.ts'

/** The one that began last first. */
export function openIncidents({ incidents }: Pick<Picture, 'incidents'>): readonly IncidentPicture[] {
  return incidents.filter(({ resolved }) => resolved === null)
}

/** The open incident that tells of a service's trouble, by naming it; undefined: none does. */
export function tellsOf(service: ServicePicture, open: readonly IncidentPicture[]): IncidentPicture | undefined {
  return open.find(({ services }) => services.includes(service.service.id))
}

/**
 * Open incidents that tell of trouble where nothing measured shows any, the gravest first: the team's word stands beside the
 * measure, and before it. Not those that are told to be repaired.
 */
export function toldAlone({ incidents, services }: Picture): readonly IncidentPicture[] {
  const unwell = new Set(services.filter(isUnwell).map(({ service }) => service.id))
  return openIncidents({ incidents })
    .filter(({ automatic, impact, status }) => !automatic && impact !== 'none' && status !== 'monitoring')
    .filter((incident) => !incident.services.some((id) => unwell.has(id)))
    .sort((a, b) => IMPACTS.indexOf(b.impact) - IMPACTS.indexOf(a.impact))
}

/** When the team last wrote of all of these troubles; null: something of it nobody wrote of, or only the monitor did. */
export function postedOf(troubles: readonly Trouble[], open: readonly IncidentPicture[]): Instant | null {
  const about = troubles.map(({ service }) => tellsOf(service, open))
  const at = about.map((one) => (one === undefined || one.automatic ? null : one.updates.at(-1)!.at))
  return at.length > 0 && at.every((one) => one !== null) ? Math.max(...at) : null
}

/** Work under way on a service. */
export function workOn(
  { service }: ServicePicture,
  { maintenances, at }: Pick<Picture, 'maintenances' | 'at'>,
): readonly MaintenancePicture[] {
  return maintenances.filter(
    (time) => occurrenceStatus(time, at) === 'in_progress' && time.services.includes(service.id),
  )
}

/** When work under way on all of these is to end, the latest that was told; null: of one of them no end is told. */
export function worksEnd(
  services: readonly ServicePicture[],
  picture: Pick<Picture, 'maintenances' | 'at'>,
): Instant | null {
  const ends = services.map((service) => Math.max(...workOn(service, picture).map((time) => time.ends)))
  const last = Math.max(...ends)
  return ends.every(Number.isFinite) && Number.isFinite(last) ? last : null
}
