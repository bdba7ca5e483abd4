// What people had said of a service by a moment, as it stood then: what was said later is left out.

import type { Statement } from '../ledger/statement.ts'
import type { Instant } from '../time/time.ts'
import { type Acknowledgement, acknowledgementFact, foldAcknowledgement } from './acknowledgement.ts'
import { foldIncident, type Incident, incidentFact } from './incident.ts'
import { foldMaintenance, maintenanceFact, type Occurrence, occurrencesOf } from './maintenance.ts'
import { foldMute, type Mute, mutedUntil, muteFact } from './mute.ts'
import { nameNow, namesBy } from './outage-names.ts'
import { foldOverride, type Override, overrideFact } from './override.ts'

export interface SaidThen {
  /** Work that was under way. */
  readonly work: readonly Occurrence[]
  /** What an admin said against what was measured, while it held. */
  readonly override: Override | null
  /** Who wanted no mails about it, while that held. */
  readonly mute: Mute | null
  /** Open then, and about this service. */
  readonly incidents: readonly Incident[]
  /** Of every outage, by each of its names, who saw it first; also when that was later. */
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>
}

/**
 * What was said at that very moment counts. `statements`: of all families and services; outages and incidents go by the
 * names they have now.
 */
export function saidThen(statements: readonly Statement[], service: string, at: Instant): SaidThen {
  const by = <F extends { readonly payload: { readonly at: Instant } }>(read: (statement: Statement) => F | null) =>
    statements.map(read).filter((fact) => fact !== null && fact.payload.at <= at) as readonly F[]
  const ofService = <F extends { readonly payload: { readonly service: string } }>(facts: readonly F[]) =>
    facts.filter(({ payload }) => payload.service === service)
  const work = grouped(by(maintenanceFact), ({ payload }) => payload.id)
    .flatMap((facts) => foldMaintenance(facts) ?? [])
    .filter((one) => one.services.includes(service))
    .flatMap((one) => occurrencesOf(one, at, at + 1))
    .filter(({ begins, cancelled }) => begins <= at && cancelled === null)
  const names = namesBy(statements)
  const incidents = grouped(by(incidentFact), ({ payload }) => nameNow(names, payload.id))
    .flatMap((facts) => foldIncident(facts) ?? [])
    .filter((one) => one.services.includes(service) && one.resolved === null && !one.retracted)
  const override = foldOverride(ofService(by(overrideFact)))
  const mute = foldMute(ofService(by(muteFact)))
  const seen = grouped(
    statements.map(acknowledgementFact).filter((fact) => fact !== null),
    ({ payload }) => nameNow(names, payload.outage),
  ).flatMap((facts) => foldAcknowledgement(facts) ?? [])
  const seenNow = new Map(seen.map((one) => [nameNow(names, one.outage), one]))
  const seenFormerly = [...names.keys()].flatMap((name) => {
    const one = seenNow.get(nameNow(names, name))
    return one === undefined ? [] : [[name, one] as const]
  })
  return {
    work,
    override: override === null || override.status === null || at >= override.until ? null : override,
    mute: mutedUntil(mute, at) === null ? null : mute,
    incidents,
    acknowledgements: new Map([...seenNow, ...seenFormerly]),
  }
}

function grouped<F>(facts: readonly F[], keyOf: (fact: F) => string): readonly (readonly F[])[] {
  const groups = new Map<string, F[]>()
  for (const fact of facts) {
    const key = keyOf(fact)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [fact])
    else group.push(fact)
  }
  return [...groups.values()]
}
