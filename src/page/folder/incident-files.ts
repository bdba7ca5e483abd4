// The files of one incident: its page in every language, and its document for programs.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { IncidentPicture, Picture } from '../../core/shown/picture.ts'
import { renderIncident } from '../pages/incident.ts'
import { incidentPath } from '../pages/said.ts'
import type { Views } from '../pages/views.ts'
import { incidentDocument } from '../programs/statuspage.ts'
import { HTML, JSON_TYPE, json, type PageFile } from './files.ts'

/** So many of those that began last are served from memory, and of the next ones those that are open. */
const RECENT = 30
/** Nobody reads more open ones than this in one night; their pages must not keep feeds and history waiting. */
const MOST_OPEN = 100

/** Whether the incident at this place in the picture is one of those that memory keeps. */
export function isRecent({ incidents }: Pick<Picture, 'incidents'>, at: number): boolean {
  return at < RECENT || (at < MOST_OPEN && incidents[at]?.resolved === null)
}

/** Every name it was opened by: whoever was given one of them finds it. */
export function addressesOf({ id, formerly }: Pick<IncidentPicture, 'id' | 'formerly'>): readonly string[] {
  return [id, ...formerly]
}

/** Each made when it is asked for. */
export function* incidentFiles(
  picture: Picture,
  incident: IncidentPicture,
  outages: readonly OutageRecord[],
  views: Views,
): Generator<PageFile, void, undefined> {
  const addresses = addressesOf(incident)
  for (const language of picture.hoster.languages) {
    const body = renderIncident(picture, incident, outages, language, views)
    for (const id of addresses) yield { path: `${language}/${incidentPath(id)}index.html`, type: HTML, body }
  }
  const document = json(incidentDocument(picture, incident))
  for (const id of addresses) yield { path: `api/v2/incidents/${id}.json`, type: JSON_TYPE, body: document }
}
