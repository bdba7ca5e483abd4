// What befell, as one tells it: an incident and the outages measured beside it are one thing; an outage nobody wrote of is
// one of its own.
import type { OutageRecord } from '../core/outage-record.ts'
import type { IncidentPicture } from '../core/picture.ts'
import type { Instant } from '../core/time.ts'
import { type Story, storiesOf } from './outage-words.ts'

export interface Episode {
  readonly since: Instant
  /** Null: nobody wrote of it. */
  readonly incident: IncidentPicture | null
  /** Newest first; exactly one where nobody wrote. */
  readonly stories: readonly Story[]
}

/** Whether an outage belongs to an incident: it was written about that one, or it names the service and was open meanwhile. */
export function explains(incident: IncidentPicture, outage: OutageRecord): boolean {
  if (incident.outages.includes(outage.id)) return true
  const { started, resolved } = incident
  const meanwhile =
    (resolved === null || outage.since <= resolved) && (outage.ended === null || outage.ended >= started)
  return meanwhile && incident.services.includes(outage.service)
}

/** Newest first. An outage that several incidents explain goes to the one written about it, else to the first of them. */
export function episodesOf(
  incidents: readonly IncidentPicture[],
  outages: readonly OutageRecord[],
): readonly Episode[] {
  const oldestFirst = [...incidents].sort((a, b) => a.started - b.started)
  const about = new Map(oldestFirst.flatMap((one) => one.outages.map((id) => [id, one] as const)))
  const naming = new Map<string, IncidentPicture[]>()
  for (const one of oldestFirst) {
    for (const service of one.services) pushTo(naming, service, one)
  }
  const told = new Map<IncidentPicture, OutageRecord[]>(incidents.map((one) => [one, []]))
  const untold: OutageRecord[] = []
  for (const outage of outages) {
    const incident =
      about.get(outage.id) ?? naming.get(outage.service)?.find((candidate) => explains(candidate, outage))
    if (incident === undefined) untold.push(outage)
    else told.get(incident)!.push(outage)
  }
  return [
    ...[...told].map(([incident, measured]) => ({
      since: incident.started,
      incident,
      stories: storiesOf(measured),
    })),
    ...storiesOf(untold).map((story) => ({ since: story.since, incident: null, stories: [story] })),
  ].sort((a, b) => b.since - a.since)
}

function pushTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
