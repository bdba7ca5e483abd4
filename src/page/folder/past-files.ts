// What the folder holds of the past, in sections that are made anew each on its own: a service, its feed, the history, the
// method, the feeds of all, the badges.
import type { Almanac } from '../../core/history/almanac.ts'
import type { IncidentPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { dater } from '../../core/time/days.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../../core/time/time.ts'
import { servicePath } from '../pages/frame.ts'
import { monthsOf, renderHistory, renderMonth, TOLD } from '../pages/history.ts'
import { MAINTENANCE_PATH, renderMaintenance } from '../pages/maintenance.ts'
import { renderMethod } from '../pages/method.ts'
import { renderService } from '../pages/service.ts'
import type { Views } from '../pages/views.ts'
import { badgeFiles, badgesSay } from '../programs/badge.ts'
import { feedFiles, serviceFeedFiles } from '../programs/feed.ts'
import { serviceDocument } from '../programs/service-document.ts'
import { statuspageFeeds } from '../programs/statuspage-feed.ts'
import { HTML, JSON_TYPE, json, type PageFile } from './files.ts'
import { incidentFiles, isRecent } from './incident-files.ts'
import { aboutMeaning, saidIn, saidOfServices, serviceDoubts, serviceMeaning } from './meaning.ts'

export interface Section {
  readonly key: string
  /** Equal for two pictures of which nobody would notice a difference here, but for figures that creep. */
  readonly meaning: string
  /** What of that waits for nothing; the rest follows at a pace. */
  readonly urgent: string
  /** What on it is doubted for some seconds; absent: nothing can be. See `pictureDoubts`. */
  readonly doubts?: string
  /** How old its figures may get. */
  readonly fresh: Millis
  /** Each file made when it is asked for, some milliseconds each; the past is read with the first. */
  files(): Generator<PageFile, void, undefined>
}

/** Such a page is made anew within a day at the latest, and stands as much longer than the picture. */
const PAST_STANDS: Millis = 25 * HOUR

const FRESH: Millis = 10 * MINUTE

/** Incidents that are over, and months that are, stay as they are. */
const OVER: Millis = DAY

/** In the order in which they are made: first what tells of now. Incidents that aren't recent are in old-incidents.ts. */
export function sectionsOf(now: Picture, almanac: Almanac, views: Views): readonly Section[] {
  const picture = { ...now, nextBy: now.nextBy + PAST_STANDS }
  const { languages } = picture.hoster
  /** Pages and feeds of one service name others. */
  const named = JSON.stringify(picture.services.map(({ service }) => [service.id, service.name]))
  const about = `${aboutMeaning(picture)}${named}`
  /** What a page shows of now that tells of something that is over. */
  const around = JSON.stringify([picture.hoster, picture.replica, picture.maintenances.length > 0])
  const meanings = picture.services.map(serviceMeaning)
  const said = saidIn(picture)
  const saidOf = saidOfServices(picture)
  const everything = `${about}${meanings.join()}${said}`
  const outages = once(() => almanac.outages())
  const months = once(() => monthsOf(picture, outages(), almanac.blind()))
  const over = picture.incidents.filter(({ started }) => started < picture.at - 31 * DAY)
  const then = JSON.stringify([
    monthKey(picture),
    over.length,
    over.reduce((last, { changed }) => Math.max(last, changed), 0),
    named,
  ])
  const works = saidIn({ ...picture, incidents: [] })
  const toAll = saidIn({ ...picture, incidents: picture.incidents.filter(({ services }) => services.length === 0) })
  return [
    {
      key: 'badges',
      meaning: badgesSay(picture),
      urgent: badgesSay(picture),
      fresh: FRESH,
      files: () => badgeFiles(picture),
    },
    ...picture.incidents
      .filter((_, at) => isRecent(picture, at))
      .map((incident) => ({
        key: `incident ${incident.id}`,
        meaning: isFresh(incident, picture.at) ? everything : `${around}${incident.changed} ${incident.said}`,
        urgent: said,
        fresh: isFresh(incident, picture.at) ? FRESH : OVER,
        files: () => incidentFiles(picture, incident, outages(), views),
      })),
    { key: 'maintenance', meaning: everything, urgent: said, fresh: FRESH, files: maintenanceFiles },
    {
      key: 'feeds',
      meaning: everything,
      urgent: `${said}${picture.services.map(outIn).join()}`,
      fresh: FRESH,
      files: feeds,
    },
    ...picture.services.map((service, at) => ({
      key: `service ${service.service.id}`,
      meaning: `${about}${meanings[at]}${works}${saidOf.get(service.service.id) ?? ''}`,
      urgent: `${service.status}${works}${saidOf.get(service.service.id) ?? ''}`,
      doubts: serviceDoubts(service),
      fresh: FRESH,
      files: () => serviceFiles(service),
    })),
    ...picture.services.map((service, at) => ({
      key: `feed ${service.service.id}`,
      meaning: `${about}${meanings[at]}${toAll}${saidOf.get(service.service.id) ?? ''}`,
      urgent: `${outIn(service)}${toAll}${saidOf.get(service.service.id) ?? ''}`,
      fresh: FRESH,
      files: () => serviceFeedFiles(picture, service, almanac.outagesOf(service.service.id, 0)),
    })),
    { key: 'history', meaning: everything, urgent: said, fresh: FRESH, files: historyFiles },
    { key: 'method', meaning: everything, urgent: said, fresh: FRESH, files: methodFiles },
    {
      key: 'months',
      meaning: `${around}${then}`,
      urgent: said,
      fresh: OVER,
      files: () => monthFiles(TOLD, Number.POSITIVE_INFINITY),
    },
  ]

  function* serviceFiles(service: ServicePicture): Generator<PageFile, void, undefined> {
    const { id } = service.service
    const past = almanac.past(id)
    for (const language of languages) {
      const path = `${language}/${servicePath(id)}index.html`
      yield { path, type: HTML, body: renderService(picture, service, past, language, views) }
    }
    const document = json(serviceDocument(picture, service, past))
    yield { path: `api/vigie/services/${id}.json`, type: JSON_TYPE, body: document }
  }

  function* maintenanceFiles(): Generator<PageFile, void, undefined> {
    for (const language of languages) {
      const body = renderMaintenance(picture, language, views)
      yield { path: `${language}/${MAINTENANCE_PATH}index.html`, type: HTML, body }
    }
  }

  function* historyFiles(): Generator<PageFile, void, undefined> {
    for (const language of languages) {
      const body = renderHistory(picture, months(), language, views)
      yield { path: `${language}/history/index.html`, type: HTML, body }
    }
    yield* monthFiles(0, TOLD)
  }

  /** The pages of the months from one to another, counted back from this one. */
  function* monthFiles(first: number, end: number): Generator<PageFile, void, undefined> {
    for (const language of languages) {
      for (const [at, { key }] of months().entries()) {
        if (at < first || at >= end) continue
        const body = renderMonth(picture, months(), at, language, views)
        yield { path: `${language}/history/${key}/index.html`, type: HTML, body }
      }
    }
  }

  function* feeds(): Generator<PageFile, void, undefined> {
    yield* feedFiles(picture, outages())
    yield* statuspageFeeds(picture, outages())
  }

  function* methodFiles(): Generator<PageFile, void, undefined> {
    for (const language of languages) {
      const body = renderMethod(picture, outages(), language, views)
      yield { path: `${language}/method/index.html`, type: HTML, body }
    }
  }
}

/** The outage there is for feeds to tell of, as a text; empty: none. */
function outIn({ status }: ServicePicture): string {
  return status === 'major_outage' || status === 'partial_outage' ? status : ''
}

/** Open, or over for less than a day: what is measured beside it may still change. */
function isFresh({ resolved }: IncidentPicture, now: Instant): boolean {
  return resolved === null || now - resolved < DAY
}

function monthKey({ at, hoster }: Picture): string {
  return dater(hoster.timezone)(at).slice(0, 7)
}

function once<T>(read: () => T): () => T {
  let known: { readonly value: T } | null = null
  return () => {
    known ??= { value: read() }
    return known.value
  }
}
