// What befell, month by month: outages, and the times nothing could be measured.
import type { Almanac } from '../core/almanac.ts'
import { dater } from '../core/days.ts'
import type { OutageRecord } from '../core/outage-record.ts'
import type { Picture } from '../core/picture.ts'
import type { Language } from '../core/text.ts'
import { type Instant, iso } from '../core/time.ts'
import { length } from './day-words.ts'
import { capitalised, frameOf, type Page, pageOf } from './frame.ts'
import { type Story, storiesOf, storyModel } from './outage-words.ts'
import { PAST_PROSE } from './past-prose.ts'
import type { Views } from './views.ts'
import { layerName } from './words.ts'

type Blind = ReturnType<Almanac['blind']>

/** One month: `2026-11`, in the hoster's time zone. What began in it belongs to it. */
export interface Month {
  readonly key: string
  readonly from: Instant
  readonly outages: readonly OutageRecord[]
  readonly stories: readonly Story[]
  readonly blind: Blind
}

/** On the page of all months, this many show their outages; the others link to them. */
const TOLD = 2

/** All months from the first of which anything is known to this one, newest first. */
export function monthsOf(picture: Picture, outages: readonly OutageRecord[], blind: Blind): readonly Month[] {
  const dateOf = dater(picture.hoster.timezone)
  const monthOf = (at: Instant) => dateOf(at).slice(0, 7)
  const measured = picture.services.flatMap(({ days }) => days.find(({ tally }) => tally !== null)?.from ?? [])
  const first = Math.min(
    picture.at,
    ...measured,
    ...outages.map(({ since }) => since),
    ...blind.map(({ from }) => from),
  )
  const months: Month[] = []
  for (let key = monthOf(picture.at), last = monthOf(first); key >= last; key = before(key)) {
    const within = outages.filter(({ since }) => monthOf(since) === key)
    months.push({
      key,
      from: Date.parse(`${key}-15T12:00:00Z`),
      outages: within,
      stories: storiesOf(within),
      blind: blind.filter(({ from }) => monthOf(from) === key),
    })
  }
  return months
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
    months: months.map((month, at) => monthModel(month, page, at < TOLD)),
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
    months: [{ ...monthModel(month, page, true), title: null }],
    around: { before: link(months[at + 1]), after: link(months[at - 1]) },
  })
}

function monthModel(month: Month, page: Page, told: boolean) {
  const { picture, language, moments, set } = page
  const words = PAST_PROSE[language]
  const services = new Map(picture.services.map((one) => [one.service.id, one]))
  const until = (end: Instant | null) => Math.max(0, end ?? picture.at)
  const lasted = month.stories.reduce((sum, { since, ended }) => sum + until(ended) - since, 0)
  const unseen = month.blind.reduce((sum, { from, to }) => sum + until(to) - from, 0)
  const figures = [
    ...(month.stories.length > 0 ? [words.outagesIn(month.stories.length, length(lasted, language))] : []),
    ...(month.blind.length > 0 ? [words.blindIn(length(unseen, language))] : []),
  ]
  return {
    key: month.key,
    title: capitalised(moments.month(month.from)),
    href: `${page.base}${language}/history/${month.key}/`,
    summary: set(figures.length === 0 ? words.quiet : `${figures.join(' ; ')}.`).replace(
      ' ; ',
      language === 'fr' ? '\u00a0; ' : '; ',
    ),
    told,
    stories: told ? month.stories.map((story) => storyModel(story, page, services)) : [],
    blind: told
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
          layers: layers.map((layer) => layerName(layer, language)).join(', '),
        }))
      : [],
  }
}
