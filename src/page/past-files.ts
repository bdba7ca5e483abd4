// What the folder holds of the past, in sections that are made anew each on its own: a service, the history, the method,
// the feeds, the badges.
import type { Almanac } from '../core/almanac.ts'
import type { IncidentPicture, Picture, ServicePicture } from '../core/picture.ts'
import { HOUR, type Millis } from '../core/time.ts'
import { badgeFiles } from './badge.ts'
import { feedFiles } from './feed.ts'
import { HTML, JSON_TYPE, json, type PageFile } from './files.ts'
import { servicePath } from './frame.ts'
import { monthsOf, renderHistory, renderMonth } from './history-page.ts'
import { renderIncident } from './incident-page.ts'
import { MAINTENANCE_PATH, renderMaintenance } from './maintenance-page.ts'
import { renderMethod } from './method-page.ts'
import { incidentPath } from './said.ts'
import { pastDocument } from './service-document.ts'
import { renderService } from './service-page.ts'
import { incidentFile } from './statuspage.ts'
import { statuspageFeeds } from './statuspage-feed.ts'
import type { Views } from './views.ts'

export interface Section {
  readonly key: string
  /** Equal for two pictures of which nobody would notice a difference here, but for figures that creep. */
  readonly meaning: string
  /** Each file made when it is asked for, some milliseconds each; the past is read with the first. */
  files(): Generator<PageFile, void, undefined>
}

/** Such a page is made anew within a day at the latest; a copy of it stands as long. */
export const PAST_STANDS: Millis = 25 * HOUR

export function sectionsOf(now: Picture, almanac: Almanac, views: Views): readonly Section[] {
  const picture = { ...now, nextBy: Math.max(now.nextBy, now.at + PAST_STANDS) }
  const { languages } = picture.hoster
  const about = JSON.stringify([picture.hoster, picture.method, picture.notices, picture.replica, picture.blind])
  const standings = picture.services.map(standingOf)
  const said = saidIn(picture)
  const everything = `${about}${standings.join()}${said}`
  return [
    ...picture.incidents.map((incident) => ({
      key: `incident ${incident.id}`,
      meaning: incident.resolved === null ? everything : `${about}${incident.changed}`,
      files: () => incidentFiles(incident),
    })),
    { key: 'maintenance', meaning: everything, files: maintenanceFiles },
    { key: 'feeds', meaning: everything, files: feeds },
    ...picture.services.map((service, at) => ({
      key: `service ${service.service.id}`,
      meaning: `${about}${standings[at]}`,
      files: () => serviceFiles(service),
    })),
    { key: 'history', meaning: everything, files: historyFiles },
    { key: 'method', meaning: everything, files: methodFiles },
    { key: 'badges', meaning: everything, files: () => badgeFiles(picture) },
  ]

  function* serviceFiles(service: ServicePicture): Generator<PageFile, void, undefined> {
    const { id } = service.service
    const past = almanac.past(id)
    for (const language of languages) {
      const path = `${language}/${servicePath(id)}index.html`
      yield { path, type: HTML, body: renderService(picture, service, past, language, views) }
    }
    const document = json(pastDocument(picture, service, past))
    yield { path: `api/vigie/services/${id}.json`, type: JSON_TYPE, body: document }
  }

  function* incidentFiles(incident: IncidentPicture): Generator<PageFile, void, undefined> {
    const outages = almanac.outages()
    for (const language of languages) {
      const path = `${language}/${incidentPath(incident.id)}index.html`
      yield { path, type: HTML, body: renderIncident(picture, incident, outages, language, views) }
    }
    const { path, body } = incidentFile(picture, incident)
    yield { path, type: JSON_TYPE, body: json(body) }
  }

  function* maintenanceFiles(): Generator<PageFile, void, undefined> {
    for (const language of languages) {
      const body = renderMaintenance(picture, language, views)
      yield { path: `${language}/${MAINTENANCE_PATH}index.html`, type: HTML, body }
    }
  }

  function* historyFiles(): Generator<PageFile, void, undefined> {
    const months = monthsOf(picture, almanac.outages(), almanac.blind())
    for (const language of languages) {
      yield {
        path: `${language}/history/index.html`,
        type: HTML,
        body: renderHistory(picture, months, language, views),
      }
      for (const [at, { key }] of months.entries()) {
        const body = renderMonth(picture, months, at, language, views)
        yield { path: `${language}/history/${key}/index.html`, type: HTML, body }
      }
    }
  }

  function* feeds(): Generator<PageFile, void, undefined> {
    const outages = almanac.outages()
    yield* feedFiles(picture, outages)
    yield* statuspageFeeds(picture, outages)
  }

  function* methodFiles(): Generator<PageFile, void, undefined> {
    const outages = almanac.outages()
    for (const language of languages) {
      yield { path: `${language}/method/index.html`, type: HTML, body: renderMethod(picture, outages, language, views) }
    }
  }
}

/** What people have said, as a text that is another when anything was said since, or work began or ended. */
export function saidIn({ incidents, maintenances, at }: Picture): string {
  const changed = Math.max(0, ...incidents.map((one) => one.changed), ...maintenances.map((one) => one.changed))
  const begun = maintenances.filter(({ begins }) => begins <= at).length
  const ended = maintenances.filter(({ ends }) => ends <= at).length
  return [incidents.length, maintenances.length, changed, begun, ended].join(' ')
}

function standingOf(service: ServicePicture): string {
  const { status, state, since, unstable, cause, told, confidence, measured, of, checks } = service
  const states = checks.map(({ id, state: each, reason }) => [id, each, reason])
  return JSON.stringify([
    service.service,
    status,
    state,
    since,
    unstable,
    cause,
    told,
    confidence,
    measured,
    of,
    states,
  ])
}
