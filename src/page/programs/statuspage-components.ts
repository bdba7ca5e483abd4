// Services and their groups as Statuspage's components.
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import { say } from '../../core/text.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { type Status, worse } from '../../core/verdict/service.ts'
import { pageId } from './identity.ts'
import { type ConfidenceDocument, confidenceDocument } from './status.ts'

/**
 * As Statuspage's API shows a service or a group of them; moments in ISO 8601, UTC. What it has and we don't is null.
 */
export interface Component {
  readonly id: string
  readonly name: string
  readonly status: Exclude<Status, 'unknown'>
  readonly created_at: string
  readonly updated_at: string
  readonly position: number
  readonly description: string | null
  readonly showcase: boolean
  readonly start_date: string | null
  readonly group_id: string | null
  readonly page_id: string
  readonly group: boolean
  readonly only_show_if_degraded: boolean
  /** Ids of its members; of a group only. */
  readonly components?: readonly string[]
  /** What is really known; of a service only. */
  readonly vigie?: { readonly state: string; readonly since: string; readonly confidence: ConfidenceDocument }
}

/** Nobody remembers when a service was first configured; the field wants a moment that stays. */
const CREATED: Instant = 0

/** What it is where nobody knows "unknown": as it was last confirmed. */
export function confirmedOf(service: ServicePicture): Exclude<Status, 'unknown'> {
  const status = service.status === 'unknown' ? service.confirmed : service.status
  return status === 'unknown' ? 'operational' : status
}

/** Groups in their order, each followed by its services, then those in none. An empty group isn't shown. */
export function componentsOf(picture: Picture): readonly Component[] {
  const { hoster, services } = picture
  const sections = hoster.groups
    .map((group) => ({ group, members: services.filter(({ service }) => service.group === group.id) }))
    .filter(({ members }) => members.length > 0)
  const grouped = new Set(sections.flatMap(({ members }) => members))
  const rest = services.filter((service) => !grouped.has(service))
  return [
    ...sections.flatMap(({ group, members }, at) => [
      groupComponent(picture, group.id, say(group.name, hoster.languages[0]), members, at + 1),
      ...members.map((service, within) => component(picture, service, group.id, within + 1)),
    ]),
    ...rest.map((service, at) => component(picture, service, null, sections.length + at + 1)),
  ]
}

function component(picture: Picture, service: ServicePicture, group: string | null, position: number): Component {
  const language = picture.hoster.languages[0]
  const { about } = service.service
  return {
    id: service.service.id,
    name: say(service.service.name, language),
    status: confirmedOf(service),
    created_at: iso(CREATED),
    updated_at: iso(service.since),
    position,
    description: about === null ? null : say(about, language),
    showcase: true,
    start_date: null,
    group_id: group,
    page_id: pageId(picture.hoster),
    group: false,
    only_show_if_degraded: false,
    vigie: { state: service.state, since: iso(service.since), confidence: confidenceDocument(service.confidence) },
  }
}

function groupComponent(
  picture: Picture,
  id: string,
  name: string,
  members: readonly ServicePicture[],
  position: number,
): Component {
  const statuses = members.map(confirmedOf)
  const measured = statuses.filter((status) => status !== 'under_maintenance')
  const worst = measured.reduce<Status>(worse, 'operational')
  return {
    id,
    name,
    status:
      worst === 'operational' && measured.length < statuses.length
        ? 'under_maintenance'
        : worst === 'unknown'
          ? 'operational'
          : worst,
    created_at: iso(CREATED),
    updated_at: iso(Math.max(...members.map((service) => service.since))),
    position,
    description: null,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: pageId(picture.hoster),
    group: true,
    only_show_if_degraded: false,
    components: members.map((service) => service.service.id),
  }
}
