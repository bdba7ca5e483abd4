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
import { isOut } from '../words/trouble.ts'
import { type Episode, episodesOf } from './episodes.ts'
import { momentOf, type Page, wordOf } from './frame.ts'
import { concernedBy, incidentPath } from './said.ts'

/** So many are told, and of each so many services; the rest is in the history. */
const MOST = 3
const NAMED = 3

/** The outages that ended within a day, newest first, but for those of services that are down again. */
export function overLately(picture: Picture, almanac: Pick<Almanac, 'outagesOf'>): readonly OutageRecord[] {
  return picture.services
    .filter((service) => fellLately(service) && !isOut(service))
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
  const out = new Set(picture.services.filter(isOut).map(({ service }) => service.id))
  const over = picture.incidents.filter(
    ({ resolved, services }) =>
      resolved !== null && resolved >= picture.at - DAY && !services.some((id) => out.has(id)),
  )
  const episodes = episodesOf([...openIncidents(picture), ...over], outages)
    .filter(({ incident }) => incident === null || incident.resolved !== null)
    .sort((a, b) => endOf(b) - endOf(a))
  if (episodes.length === 0) return null
  const words = PAST_PROSE[language]
  const left = episodes.length - MOST
  return {
    title: words.lately,
    episodes: episodes.slice(0, MOST).map((episode) => overModel(episode, page)),
    more: left <= 0 ? null : { text: set(words.moreIn(left)), href: `${base}${language}/history/` },
  }
}

/** Of one that is over. */
function endOf({ incident, stories }: Episode): Instant {
  return incident?.resolved ?? stories[0]!.ended!
}

function overModel(episode: Episode, page: Page) {
  const { since, incident, stories } = episode
  const { picture, language, base, moments } = page
  const words = PAST_PROSE[language]
  const ended = endOf(episode)
  const outages = incident === null ? causeFirst(stories[0]!.outages, picture.services) : []
  const names = [...new Set(outages.map(({ service }) => service))]
  return {
    heads:
      incident === null
        ? concernedBy(names.slice(0, NAMED), page)
        : [{ ...wordOf(incident.title, page), href: `${base}${language}/${incidentPath(incident.id)}` }],
    others: names.length > NAMED ? words.others(names.length - NAMED) : null,
    word: wordFor(incident === null),
    from: momentOf(since, moments.since(since)),
    until: momentOf(ended, until()),
    lasted: length(ended - since, language),
  }

  function wordFor(measured: boolean): string {
    if (!measured) return INCIDENT_WORDS[language].statuses.resolved
    return outages.some(({ confirmed }) => confirmed) ? words.outageOver : words.partlyOver
  }

  function until(): string {
    return moments.day(since) === moments.day(ended) ? moments.clock(ended) : moments.since(ended)
  }
}
