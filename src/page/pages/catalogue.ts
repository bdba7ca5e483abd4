// What the home page lists: every service in its group, a row each; and what their bars mean.
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import { type Language, say } from '../../core/text.ts'
import { daysWords } from '../words/day-words.ts'
import { percent } from '../words/figures.ts'
import { conditionOf, isDoubted, isToldOtherwise, wordOn } from '../words/trouble.ts'
import { CONDITIONS, LEGEND, wordThen } from '../words/words.ts'
import { type Bars, barsOf } from './bars.ts'
import { foreign, momentOf, type Page, servicePath, wordOf } from './frame.ts'
import { signOf } from './icons.ts'
import { troubledDays } from './troubled-days.ts'

type Catalogue = ReturnType<typeof catalogueModel>

type Listed = Pick<Picture, 'at' | 'hoster'> & { readonly catalogue: Catalogue }

/** A picture's services are listed once in a language: that part is the same on every home page. */
const listed: Readonly<Record<Language, WeakMap<Picture['services'], Listed>>> = {
  fr: new WeakMap(),
  en: new WeakMap(),
}

/** The groups with their rows, the legend and the days that had something: the same object for the same picture. */
export function catalogueOf(page: Page): Catalogue {
  const { services, at, hoster } = page.picture
  const known = listed[page.language].get(services)
  if (known?.at === at && known.hoster === hoster) return known.catalogue
  const catalogue = catalogueModel(page)
  listed[page.language].set(services, { at, hoster, catalogue })
  return catalogue
}

/** Nothing of it may depend on where the page lies. */
function catalogueModel(page: Page) {
  return {
    groups: groupsOf(page).map((group) => ({
      ...group,
      services: group.services.map((service) => rowModel(service, page)),
    })),
    legend: legendOf(page.picture, page.language),
    troubled: troubledDays(page),
  }
}

function rowModel(service: ServicePicture, page: Page) {
  const { picture, language, prose, moments, set } = page
  const condition = conditionOf(service)
  const { word, since } = wordOn(service, language)
  const doubted = isDoubted(service)
  const cause = picture.services.find((other) => other.service.id === service.cause)
  const { share } = service.uptime
  const partly = service.measured > 0 && service.measured < service.of
  return {
    id: service.service.id,
    name: wordOf(service.service.name, page),
    path: servicePath(service.service.id),
    status: doubted ? 'unknown' : service.status,
    sign: doubted ? 'unknown' : signOf(condition, service.status),
    word,
    was: wordThen(word, moments.clock(picture.at), language),
    since:
      (condition === 'operational' && !doubted) || moments.since(since) === (cause && moments.since(cause.since))
        ? null
        : momentOf(since, moments.since(since)),
    because: cause === undefined ? null : { ...becauseOf(cause, page), name: wordOf(cause.service.name, page) },
    byTeam: isToldOtherwise(service) ? set(`${prose.byTeam}.`) : null,
    measured: partly ? set(prose.measured(service.measured, service.of)) : null,
    bars: drawnBars(service),
    spoken: set(daysWords(service.days, language)),
    share: share === null ? null : percent(share, language),
  }
}

/** Around the name of what explains a service's trouble. */
export function becauseOf(cause: ServicePicture, { language, prose, set }: Page) {
  const stands = prose.becauseStands(CONDITIONS[language][conditionOf(cause)].toLowerCase())
  return { before: set(prose.because), after: set(stands) }
}

/** A picture's days are drawn once, whatever the language. */
const drawn = new WeakMap<ServicePicture['days'], Bars>()

/** The same object for the same days. */
export function drawnBars({ days }: ServicePicture): Bars {
  const bars = drawn.get(days) ?? barsOf(days)
  drawn.set(days, bars)
  return bars
}

/** What the layers mean that are anywhere on the page. */
export function legendOf(picture: Pick<Picture, 'services'>, language: Language) {
  const layers = picture.services.flatMap((service) => drawnBars(service).paths.map(({ layer }) => layer))
  // What is whole of a day that wasn't is drawn as a whole day is.
  const there = new Set(layers.map((layer) => (layer === 'operational' ? 'whole' : layer)))
  return Object.entries(LEGEND[language]).flatMap(([layer, word]) =>
    there.has(layer as keyof (typeof LEGEND)[Language]) ? [{ layer, word }] : [],
  )
}

function groupsOf({ picture, language, prose }: Page) {
  const { groups } = picture.hoster
  const known = new Set(groups.map((group) => group.id))
  const homeless = picture.services.filter(({ service }) => service.group === null || !known.has(service.group))
  const titled = groups.map((group) => ({
    title: say(group.name, language),
    lang: foreign(group.name, language),
    services: picture.services.filter(({ service }) => service.group === group.id),
  }))
  const alone = titled.every((group) => group.services.length === 0)
  const rest = { title: alone ? prose.alone : prose.ungrouped, lang: null, services: homeless }
  return [...titled, rest].filter((group) => group.services.length > 0)
}
