// What befell, month by month: outages, and the times nothing could be measured.
import type { Almanac } from '../../core/history/almanac.ts'
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { Picture } from '../../core/shown/picture.ts'
import { capitalised, type Language, PUNCTUATION } from '../../core/text.ts'
import { dater } from '../../core/time/days.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { length } from '../words/day-words.ts'
import { PAST_PROSE } from '../words/past-prose.ts'
import { type Story, storiesOf } from '../words/stories.ts'
import { layerNames } from '../words/words.ts'
import { type Episode, episodeModel, episodesOf } from './episodes.ts'
import { frameOf, type Page, pageOf } from './frame.ts'
import type { Views } from './views.ts'

type Blind = ReturnType<Almanac['blind']>

/** One month: `2026-11`, in the hoster's time zone. What began in it belongs to it. */
export interface Month {
  readonly key: string
  readonly from: Instant
  /** All that was measured, as stories; `episodes` tells them with the incidents about them. */
  readonly stories: readonly Story[]
  readonly episodes: readonly Episode[]
  readonly blind: Blind
}

/** On the page of all months, this many tell what befell, so much each; the others link to it. */
export const TOLD = 2
const TOLD_EACH = 20

/** More than this is not even told on the page of the month. */
const MOST = 300

/** All months from the first of which anything is known to this one, newest first. */
export function monthsOf(picture: Picture, outages: readonly OutageRecord[], blind: Blind): readonly Month[] {
  const dateOf = dater(picture.hoster.timezone)
  const monthOf = (at: Instant) => dateOf(at).slice(0, 7)
  const measured = grouped(outages, ({ since }) => monthOf(since))
  const told = grouped(episodesOf(picture.incidents, outages), ({ since }) => monthOf(since))
  const unseen = grouped(blind, ({ from }) => monthOf(from))
  const known = picture.services.flatMap(({ days }) => days.find(({ tally }) => tally !== null)?.from ?? [])
  const keys = [picture.at, ...known]
    .map(monthOf)
    .concat(...[measured, told, unseen].map((groups) => [...groups.keys()]))
  const first = keys.reduce((least, key) => (key < least ? key : least))
  const months: Month[] = []
  for (let key = monthOf(picture.at); key >= first; key = before(key)) {
    months.push({
      key,
      from: Date.parse(`${key}-15T12:00:00Z`),
      stories: storiesOf(measured.get(key) ?? []),
      episodes: told.get(key) ?? [],
      blind: unseen.get(key) ?? [],
    })
  }
  return months
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function before(key: string): string {
  const [year, month] = key.split('-').map(Number) as [number, number]
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`
}

/** The page of all months. */
export function renderHistory(picture: Picture, months: readonly Month[], language: Language, views: Views): string {
  const page = pageOf(picture, language, 'history/')
  const words = PAST_PROSE[language]
  return views.render('history', {
    ...frameOf(page, { title: words.history, description: words.historyLead, status: picture.status }),
    words,
    heading: words.history,
    lead: words.historyLead,
    dated: true,
    months: months.map((month, at) => monthModel(month, page, at < TOLD ? TOLD_EACH : 0)),
    around: null,
  })
}

/** One month. A month that is over is the same from day to day: nothing on its page says when it was made. */
export function renderMonth(
  picture: Picture,
  months: readonly Month[],
  at: number,
  language: Language,
  views: Views,
): string {
  const month = months[at]!
  const page = pageOf(picture, language, `history/${month.key}/`)
  const words = PAST_PROSE[language]
  const title = capitalised(page.moments.month(month.from))
  const link = (other: Month | undefined) =>
    other === undefined
      ? null
      : { href: `${page.base}${language}/history/${other.key}/`, text: capitalised(page.moments.month(other.from)) }
  return views.render('history', {
    ...frameOf(page, {
      title: `${words.history}, ${page.moments.month(month.from)}`,
      description: '',
      status: at === 0 ? picture.status : 'operational',
    }),
    words,
    heading: title,
    lead: null,
    dated: at === 0,
    months: [{ ...monthModel(month, page, MOST), title: null }],
    around: { before: link(months[at + 1]), after: link(months[at - 1]) },
  })
}

function monthModel(month: Month, page: Page, most: number) {
  const { picture, language, moments, set } = page
  const words = PAST_PROSE[language]
  const services = new Map(picture.services.map((one) => [one.service.id, one]))
  const until = (end: Instant | null) => Math.max(0, end ?? picture.at)
  const lasted = month.stories.reduce((sum, { since, ended }) => sum + until(ended) - since, 0)
  const unseen = month.blind.reduce((sum, { from, to }) => sum + until(to) - from, 0)
  const incidents = month.episodes.filter(({ incident }) => incident !== null).length
  const told = month.episodes.slice(0, most)
  const left = month.episodes.length - told.length
  const figures = [
    ...(incidents > 0 ? [words.incidentsIn(incidents)] : []),
    ...(month.stories.length > 0 ? [words.outagesIn(month.stories.length, length(lasted, language))] : []),
    ...(month.blind.length > 0 ? [words.blindIn(length(unseen, language))] : []),
  ]
  return {
    key: month.key,
    title: capitalised(moments.month(month.from)),
    href: `${page.base}${language}/history/${month.key}/`,
    summary: set(figures.length === 0 ? words.quiet : `${figures.join(PUNCTUATION[language].semicolon)}.`),
    episodes: told.map((episode) => episodeModel(episode, page, services)),
    more: most > 0 && left > 0 ? set(words.moreIn(left)) : null,
    blind:
      most > 0
        ? month.blind.map(({ from, to, layers }) => ({
            from: { iso: iso(from), text: moments.day(from), clock: moments.clock(from) },
            until:
              to === null
                ? null
                : {
                    iso: iso(to),
                    text:
                      moments.day(from) === moments.day(to)
                        ? moments.clock(to)
                        : `${moments.day(to)} ${moments.clock(to)}`,
                  },
            lasted: to === null ? null : length(to - from, language),
            layers: layerNames(layers, language),
          }))
        : [],
  }
}
