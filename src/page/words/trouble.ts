// What members must know first: which services are not well, folded under the one that explains them.

import { sayFailing } from '../../core/ability-words.ts'
import { REASONS } from '../../core/reason-words.ts'
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'
import { say } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { byCause } from '../../core/verdict/by-cause.ts'
import { type Certainty, CONDITIONS, type Condition, DOUBTED } from './words.ts'

export interface Trouble {
  readonly service: ServicePicture
  readonly condition: Condition
  /** Services whose trouble comes from this one, in the order of the page. */
  readonly children: readonly ServicePicture[]
}

/** Worst first: the order in which the page speaks of them. */
export const CONDITIONS_BY_WEIGHT: readonly Condition[] = [
  'major_outage',
  'partial_outage',
  'disputed',
  'unreached',
  'unstable',
  'degraded_performance',
  'slow',
  'unknown',
  'under_maintenance',
]

/** A service as members should hear of it: never worse, and never surer, than is so. */
export function conditionOf(service: ServicePicture): Condition {
  if (isToldOtherwise(service)) return service.status
  if (service.unstable) return 'unstable'
  if (service.status === 'degraded_performance' && isSlow(service)) return 'slow'
  if (service.status !== 'partial_outage' || service.state !== 'partial') return service.status
  if (service.confidence.note === 'road') return 'unreached'
  return service.confidence.note === 'disagree' ? 'disputed' : 'partial_outage'
}

/** It was well when it was last sure, and fails just now: it is not said to work. */
export function isDoubted(service: ServicePicture): boolean {
  return service.suspect && conditionOf(service) === 'operational'
}

/** The word on a service; `since`: when that began. */
export function wordOn(
  service: ServicePicture,
  language: Language,
): { readonly word: string; readonly since: Instant } {
  if (!isDoubted(service)) return { word: CONDITIONS[language][conditionOf(service)], since: service.since }
  const failing = service.checks.flatMap(({ sites }) => sites.flatMap(({ suspectSince }) => suspectSince ?? []))
  return { word: DOUBTED[language], since: failing.length === 0 ? service.since : Math.min(...failing) }
}

/** Of none that could be measured anything is known; what work is going on on says nothing of that. */
export function isNothingKnown({ services }: Pick<Picture, 'services'>): boolean {
  const others = services.filter(({ status }) => status !== 'under_maintenance')
  return (others.length > 0 || services.length === 0) && others.every(({ status }) => status === 'unknown')
}

const NOT_WELL: ReadonlySet<Condition> = new Set([
  'major_outage',
  'partial_outage',
  'degraded_performance',
  'slow',
  'unstable',
])

/** It fails, or works badly, as far as we can tell. */
export function isUnwell(service: ServicePicture): boolean {
  return NOT_WELL.has(conditionOf(service))
}

/** It is down, in part at least, or comes and goes: whoever says so. */
export function isOut({ status, unstable }: Pick<ServicePicture, 'status' | 'unstable'>): boolean {
  return unstable || status === 'major_outage' || status === 'partial_outage'
}

function isSlow({ checks }: ServicePicture): boolean {
  const failing = checks.filter(({ state }) => FAILING.has(state))
  return failing.length > 0 && failing.every(({ reason }) => reason === 'slow')
}

/** Its status is what people say of it, not what is measured. */
export function isToldOtherwise({ override, raised }: ServicePicture): boolean {
  return raised || override !== null
}

/** What is not well, worst first; a service that another troubled one on the page explains is among its children. */
export function troublesOf(picture: Picture): readonly Trouble[] {
  const troubled = picture.services.filter((service) => conditionOf(service) !== 'operational')
  return byCause(troubled, ({ service, cause }) => ({ id: service.id, cause }))
    .map(({ root, children }) => ({ service: root, condition: conditionOf(root), children }))
    .sort((a, b) => CONDITIONS_BY_WEIGHT.indexOf(a.condition) - CONDITIONS_BY_WEIGHT.indexOf(b.condition))
}

/** Where the sites stand that see services, ours first; only those whose place is told. */
export function placesOf(picture: Picture, language: Language): readonly string[] {
  const seeing = new Set(picture.services.flatMap(({ confidence }) => confidence.sites))
  return picture.hoster.sites.flatMap(({ id, where }) =>
    where !== null && seeing.has(id) ? [say(where, language)] : [],
  )
}

/** Where these sites stand; none unless it is told of all of them: members don't know sites by their names. */
export function namesOfPlaces(
  sites: readonly string[],
  { hoster }: Pick<Picture, 'hoster'>,
  language: Language,
): readonly string[] {
  const places = sites.flatMap((site) => hoster.sites.find(({ id }) => id === site)?.where ?? [])
  return places.length === sites.length ? places.map((where) => say(where, language)) : []
}

/** What there is to say on how sure a service's status is. */
export function certaintyOf(service: ServicePicture, picture: Picture, language: Language): Certainty {
  const { confidence } = service
  const against = new Set(
    service.checks.flatMap((check) => check.sites.filter((one) => one.state === 'down').map((one) => one.site)),
  )
  for (const site of confidence.sites) against.delete(site)
  return {
    note: confidence.note,
    confirmed: confidence.confirmed,
    of: confidence.of,
    places: namesOfPlaces(confidence.sites, picture, language),
    against: namesOfPlaces([...against], picture, language),
    state: service.state,
    fresh: service.checks.every((check) => check.at === null),
  }
}

/** What fails, in members' words, each reason once; for an unknown service what keeps us from knowing. */
export function reasonsOf(service: ServicePicture, language: Language): readonly string[] {
  const failing = service.checks.filter((check) =>
    service.status === 'unknown' ? check.state === 'unknown' : FAILING.has(check.state),
  )
  const reasons = failing.flatMap((check) => (check.reason === null ? [] : [REASONS[language][check.reason]]))
  return [...new Set(reasons)]
}

/** The same of a service of which something works: `le serveur d’envoi refuse la connexion`. */
export function partsOf(service: ServicePicture, language: Language): readonly string[] {
  const failing = service.checks.filter((check) => FAILING.has(check.state))
  const reasons = [...new Set(failing.flatMap(({ reason }) => reason ?? []))]
  return reasons.map((reason) => {
    const checks = failing.filter((check) => check.reason === reason)
    return sayFailing({ service: service.service, checks }, REASONS[language][reason], language)
  })
}

const FAILING: ReadonlySet<string> = new Set(['down', 'partial', 'degraded'])
