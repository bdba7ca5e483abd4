// What a fall may come from, and how that stands: `depends` names services, or checks of them (verdict.md, 4).

import type { Audience, Check, Service } from '../check.ts'
import type { Text } from '../text.ts'
import { type Instant, MINUTE, type Millis } from '../time/time.ts'
import type { CheckKnown, ServiceKnown } from './known.ts'
import type { Outage } from './outage.ts'

/** A service, or a check of one, that others depend on. */
export interface Parent {
  /** As `depends` says it. */
  readonly id: string
  readonly service: string
  readonly name: Text
  /** The open outage it is part of. */
  readonly outage: string | null
  /** It is down for sure in that, not only partly reachable. */
  readonly sure: boolean
  /** A check of it failed or was not looked at since its children fell: wait for its look. */
  readonly suspect: boolean
  /** When it came back last, and from which outage; null: none remembered. */
  readonly back: { readonly outage: string; readonly since: Instant; readonly sure: boolean } | null
  /** How many services depend on its service. */
  readonly children: number
  /** The longest its verdict can take from the first fail, as far as others wait for it. */
  readonly patience: Millis
}

/** Nobody waits longer for the look of a parent, however seldom that is repeated. */
const PATIENCE_MOST: Millis = 2 * MINUTE

/** Of each check what would explain its fall, nearest first. */
export type Lineage = ReadonlyMap<string, readonly string[]>

/** What must be known to say how parents stand. */
export interface Kin {
  readonly services: ReadonlyMap<string, Service>
  readonly lineage: Lineage
  readonly stateOf: (service: string) => ServiceKnown | undefined
  readonly known: (check: string) => CheckKnown | undefined
}

/** The service of a check, or of an id in `depends`: a service or a check of one. */
export function serviceIn(id: string): string {
  return id.split('.')[0]!
}

/**
 * The checks whose fall explains that of what depends on `id`: the one it names; of a service those that members see, or all
 * where there is none.
 */
export function explaining(id: string, services: ReadonlyMap<string, Service>): readonly Check[] {
  const checks = services.get(serviceIn(id))?.checks ?? []
  if (id.includes('.')) return checks.filter((check) => check.id === id)
  const shown = checks.filter(({ audience }) => audience === 'members')
  return shown.length > 0 ? shown : checks
}

/** What would explain the fall of each check. */
export function lineageOf(services: ReadonlyMap<string, Service>): Lineage {
  const checks = [...services.values()].flatMap((service) => service.checks)
  return new Map(checks.map((check) => [check.id, parentsOf([check], services)]))
}

/**
 * What would explain the fall of these checks of one service, and what would explain that, nearest first. Two services that
 * hang on checks of each other explain neither: both would wait for the other's mail.
 */
export function parentsOf(checks: readonly Check[], services: ReadonlyMap<string, Service>): readonly string[] {
  const found = new Set<string>()
  const queue = [...checks]
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    for (const id of check.depends) {
      if (found.has(id)) continue
      found.add(id)
      queue.push(...explaining(id, services))
    }
  }
  const own = checks[0]?.service ?? ''
  return [...found].filter((id) => serviceIn(id) !== own && !hangsOn(serviceIn(id), own, services))
}

/** One of its checks depends on the other service in any way. */
function hangsOn(service: string, other: string, services: ReadonlyMap<string, Service>): boolean {
  const found = new Set([service])
  for (const id of found) {
    for (const { depends } of services.get(id)?.checks ?? []) for (const parent of depends) found.add(serviceIn(parent))
  }
  return found.has(other)
}

/** How these parents stand now. */
export function parentsNow(ids: Iterable<string>, kin: Kin): ReadonlyMap<string, Parent> {
  const parents = new Map<string, Parent>()
  const hanging = new Map<string, Set<string>>()
  for (const [check, above] of kin.lineage)
    for (const parent of above)
      hanging.set(serviceIn(parent), (hanging.get(serviceIn(parent)) ?? new Set()).add(serviceIn(check)))
  for (const id of ids) {
    const service = kin.services.get(serviceIn(id))
    const known = kin.stateOf(serviceIn(id))
    const checks = explaining(id, kin.services)
    if (service === undefined || known === undefined || checks.length === 0) continue
    const children = hanging.get(service.id)?.size ?? 0
    const stands = id.includes('.') ? checkNow(checks[0]!, known, kin) : serviceNow(checks[0]!.audience, known)
    parents.set(id, parentOf({ id, service, checks, stands, fell: fellAt(id, kin), children }, kin))
  }
  return parents
}

/** What members see of a service that is out for admins: one mail speaks of both, that of what members see. */
export function shownOf(service: Service, known: ServiceKnown, { since }: Outage, kin: Pick<Kin, 'known'>): Parent {
  const checks = service.checks.filter((check) => check.audience === 'members')
  const stands = serviceNow('members', known)
  return parentOf({ id: service.id, service, checks, stands, fell: since, children: 0 }, kin)
}

type Stands = Pick<Parent, 'outage' | 'sure' | 'back'>

function serviceNow(audience: Audience, { outages, lastOutages }: ServiceKnown): Stands {
  const [open, last] = [outages[audience], lastOutages[audience]]
  return { outage: open?.id ?? null, sure: open?.confirmed === true, back: backOf(last, last?.ended ?? null) }
}

/** A check that is well again is back, whatever else of its service is not. */
function checkNow({ id, audience }: Check, { outages, lastOutages }: ServiceKnown, { known }: Kin): Stands {
  const part = (outage: Outage | null) => (outage?.checks.includes(id) === true ? outage : null)
  const [open, last] = [part(outages[audience]), part(lastOutages[audience])]
  const agreement = known(id)?.agreement ?? null
  const well = agreement?.state === 'up' || agreement?.state === 'degraded'
  if (open !== null && !well) {
    const sure = open.confirmed && agreement?.state !== 'partial'
    return { outage: open.id, sure, back: backOf(last, last?.ended ?? null) }
  }
  const from = open ?? last
  const ended = from?.ended ?? Number.POSITIVE_INFINITY
  const since = well ? Math.min(ended, agreement.since) : ended
  return { outage: null, sure: false, back: backOf(from, since) }
}

function backOf(outage: Outage | null, since: Instant | null): Parent['back'] {
  return outage === null || since === null ? null : { outage: outage.id, since, sure: outage.confirmed }
}

/** When the service that fell last of those that hang on it fell; null: none is down. */
function fellAt(parent: string, { lineage, stateOf }: Kin): Instant | null {
  const fallen = [...lineage].flatMap(([check, above]) => {
    const outage = above.includes(parent) ? stateOf(serviceIn(check))?.outages.members : null
    return outage?.checks.includes(check) ? [outage.since] : []
  })
  return fallen.length === 0 ? null : Math.max(...fallen)
}

interface Explaining extends Pick<Parent, 'id' | 'children'> {
  readonly service: Service
  /** Those that explain what fell. */
  readonly checks: readonly Check[]
  readonly stands: Stands
  /** When that fell; null: nothing did. */
  readonly fell: Instant | null
}

function parentOf({ id, service, checks, stands, fell, children }: Explaining, { known }: Pick<Kin, 'known'>): Parent {
  const looked = checks.filter((check) => check.heartbeat === null)
  return {
    id,
    service: service.id,
    name: service.name,
    ...stands,
    suspect: stands.outage === null && looked.some((check) => pending(known(check.id), fell)),
    children,
    patience: Math.min(PATIENCE_MOST, Math.max(0, ...looked.map(verdictTime))),
  }
}

function verdictTime({ rule: { timeout, fall, retry } }: Check): Millis {
  return timeout + fall * (retry + timeout)
}

/** It failed lately, or was not looked at since `fell`. */
function pending(known: CheckKnown | undefined, fell: Instant | null): boolean {
  if (known === undefined || fell === null) return false
  return known.opinions.some((opinion) => opinion.fails > 0 || (opinion.at !== null && opinion.at < fell))
}
