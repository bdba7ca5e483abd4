// What befell, as one tells it: an incident and the outages measured beside it are one thing; an outage nobody wrote of is
// one of its own.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { IncidentPicture, ServicePicture } from '../../core/shown/picture.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { length } from '../words/day-words.ts'
import { INCIDENT_WORDS } from '../words/incident-words.ts'
import { storyModel, untilOf } from '../words/outage-words.ts'
import { type Story, storiesOf } from '../words/stories.ts'
import { type Page, wordOf } from './frame.ts'
import { concernedBy, incidentPath, stepColour } from './said.ts'

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

/** Of what was measured beside an incident so much is told; the rest is on its page. */
const BESIDE = 3

/** Everything a template prints of an episode; `incident` is null where nobody wrote. */
export function episodeModel(
  { incident, stories }: Episode,
  page: Page,
  services: ReadonlyMap<string, ServicePicture>,
) {
  const models = stories.slice(0, BESIDE).map((story) => storyModel(story, page, services))
  return {
    incident: incident === null ? null : toldModel(incident, page),
    stories: models,
    more: stories.length - models.length,
  }
}

function toldModel(incident: IncidentPicture, page: Page) {
  const { language, base, moments } = page
  const { id, started, resolved, status, impact } = incident
  const words = INCIDENT_WORDS[language]
  return {
    href: `${base}${language}/${incidentPath(id)}`,
    title: wordOf(incident.title, page),
    status: stepColour(status, impact),
    word: words.statuses[status],
    said: words,
    affected: concernedBy(incident.services, page),
    from: { iso: iso(started), text: moments.day(started), clock: moments.clock(started) },
    until: resolved === null ? null : { iso: iso(resolved), text: untilOf(started, resolved, moments) },
    lasted: resolved === null ? null : length(resolved - started, language),
    ongoing: words.untilNow,
  }
}
