// What is over since yesterday, for whoever comes after it and wonders whether it was them.
import type { Almanac } from '../../core/history/almanac.ts'
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import { DAY, type Instant } from '../../core/time/time.ts'
import { length } from '../words/day-words.ts'
import { INCIDENT_WORDS } from '../words/incident-words.ts'
import { PAST_PROSE } from '../words/past-prose.ts'
import { causeFirst } from '../words/stories.ts'
import { openIncidents } from '../words/telling.ts'
import { isUnwell } from '../words/trouble.ts'
import { type Episode, episodesOf } from './episodes.ts'
import { momentOf, type Page, wordOf } from './frame.ts'
import { concernedBy, incidentPath } from './said.ts'

/** So many are told, and of each so many services; the rest is in the history. */
const MOST = 3
const NAMED = 3

/** The outages that ended within a day, newest first, but for those of services that fail again. */
export function overLately(picture: Picture, almanac: Pick<Almanac, 'outagesOf'>): readonly OutageRecord[] {
  return picture.services
    .filter((service) => fellLately(service) && !isUnwell(service))
    .flatMap(({ service }) => almanac.outagesOf(service.id, picture.at - DAY))
    .filter(({ ended }) => ended !== null && ended >= picture.at - DAY)
    .sort((a, b) => b.since - a.since)
}

/** So that of most services nothing need be read. */
function fellLately({ days }: ServicePicture): boolean {
  return days.slice(-2).some(({ tally }) => tally !== null && tally.outage + tally.partial > 0)
}

/** Everything the template prints of it; null: nothing is over lately. `outages`: of `overLately`. */
export function latelyModel(outages: readonly OutageRecord[], page: Page) {
  const { picture, language, base, set } = page
  const over = picture.incidents.filter(({ resolved }) => resolved !== null && resolved >= picture.at - DAY)
  const episodes = episodesOf([...openIncidents(picture), ...over], outages).filter(
    ({ incident }) => incident === null || incident.resolved !== null,
  )
  if (episodes.length === 0) return null
  const words = PAST_PROSE[language]
  const left = episodes.length - MOST
  return {
    title: words.lately,
    episodes: episodes.slice(0, MOST).map((episode) => overModel(episode, page)),
    more: left <= 0 ? null : { text: set(words.moreIn(left)), href: `${base}${language}/history/` },
  }
}

function overModel({ since, incident, stories }: Episode, page: Page) {
  const { picture, language, base, moments } = page
  const words = PAST_PROSE[language]
  const outages = incident === null ? causeFirst(stories[0]!.outages, picture.services) : []
  const ended = incident === null ? stories[0]!.ended! : incident.resolved!
  const names = [...new Set(outages.map(({ service }) => service))]
  return {
    heads:
      incident === null
        ? concernedBy(names.slice(0, NAMED), page)
        : [{ ...wordOf(incident.title, page), href: `${base}${language}/${incidentPath(incident.id)}` }],
    others: names.length > NAMED ? words.others(names.length - NAMED) : null,
    word: wordFor(incident === null),
    from: momentOf(since, moments.since(since)),
    until: momentOf(ended, endOf(since, ended)),
    lasted: length(ended - since, language),
  }

  function wordFor(measured: boolean): string {
    if (!measured) return INCIDENT_WORDS[language].statuses.resolved
    return outages.some(({ confirmed }) => confirmed) ? words.outageOver : words.partlyOver
  }

  function endOf(from: Instant, to: Instant): string {
    return moments.day(from) === moments.day(to) ? moments.clock(to) : moments.since(to)
  }
}
