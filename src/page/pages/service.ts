// The page of one service: how it stands, what is looked at, ninety days, response times, its outages.
import type { Responses, ServicePast } from '../../core/history/almanac.ts'
import { REASONS } from '../../core/reason-words.ts'
import type { IncidentPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { capitalised, type Language, PUNCTUATION } from '../../core/text.ts'
import { DAY, HOUR, iso, MINUTE, type Millis } from '../../core/time/time.ts'
import { isTimely } from '../../core/verdict/seen.ts'
import { isWorking } from '../../core/verdict/state.ts'
import { checkTitle } from '../words/check-title.ts'
import { beganIn, daysWords, dayWords, length, often } from '../words/day-words.ts'
import { millis, percent } from '../words/figures.ts'
import { PAST_PROSE } from '../words/past-prose.ts'
import { openIncidents } from '../words/telling.ts'
import { conditionOf, isDoubted, wordOn } from '../words/trouble.ts'
import { CHECK_STATES, DOUBTED, wordThen } from '../words/words.ts'
import { saidModel, worksOf } from './announcing.ts'
import { becauseOf, drawnBars, legendOf } from './catalogue.ts'
import { episodeModel, episodesOf } from './episodes.ts'
import { frameOf, momentOf, noticesOf, type Page, pageOf, servicePath, webAddress, wordOf } from './frame.ts'
import { signOf } from './icons.ts'
import { PLOT_HEIGHT, PLOT_WIDTH, type PlotSpan, plotOf } from './plot.ts'
import { placeOf, placesWords, sightsOf } from './sights.ts'
import { linesOf } from './trouble-lines.ts'
import type { Views } from './views.ts'

/**
 * A whole document. `past` must be of this very service; 50 episodes of it are told, and of the others their number.
 */
export function renderService(
  picture: Picture,
  service: ServicePicture,
  past: ServicePast,
  language: Language,
  views: Views,
): string {
  return views.render(
    'service',
    serviceModel(service, past, pageOf(picture, language, servicePath(service.service.id))),
  )
}

/** So much of what befell is told; the rest is in the history. */
const EPISODES = 50

function serviceModel(service: ServicePicture, past: ServicePast, page: Page) {
  const { picture, language, moments, set } = page
  const words = PAST_PROSE[language]
  const { service: configured } = service
  const { word, since } = wordOn(service, language)
  const status = isDoubted(service) ? 'unknown' : service.status
  const name = wordOf(configured.name, page)
  const cause = picture.services.find((other) => other.service.id === service.cause)
  const services = new Map(picture.services.map((one) => [one.service.id, one]))
  const url = webAddress(configured.url)
  const concerns = (incident: IncidentPicture) => incident.services.includes(configured.id)
  const episodes = episodesOf(picture.incidents.filter(concerns), past.outages)
  return {
    ...frameOf(page, {
      title: `${name.text}${set(PUNCTUATION[language].colon)}${word.toLowerCase()}`,
      description: '',
      status: service.status,
    }),
    feeds: [{ title: name.text, href: `${page.base}${language}/${servicePath(configured.id)}feed.atom` }],
    words,
    id: configured.id,
    serviceName: name,
    status,
    word,
    sign: signOf(conditionOf(service), status),
    was: wordThen(word, moments.clock(picture.at), language),
    since: momentOf(since, moments.since(since)),
    serviceAbout: configured.about === null ? null : wordOf(configured.about, page),
    url,
    because:
      cause === undefined
        ? null
        : {
            ...becauseOf(cause, page),
            ...wordOf(cause.service.name, page),
            href: `${page.base}${language}/${servicePath(cause.service.id)}`,
          },
    lines: linesOf(service, page),
    notices: noticesOf(page),
    checks: checksOf(service, page),
    past: page.prose.past(service.days.length),
    bars: drawnBars(service),
    spoken: set(daysWords(service.days, language)),
    figures: figuresOf(service, page),
    legend: legendOf({ services: [service] }, language),
    ends: [moments.shortDay(service.days[0]?.from ?? picture.at), words.today],
    days: [...service.days].reverse().map((day) => ({
      date: day.date,
      day: moments.day(day.from + 12 * HOUR),
      what: set(dayWords(day, language)),
    })),
    sights: sightsOf(past, service, page),
    responses: responsesOf(past, service, page),
    said: openIncidents(picture)
      .filter(concerns)
      .map((incident) => saidModel(incident, page)),
    signed: true,
    works: worksOf(page, configured.id),
    episodes: episodes.slice(0, EPISODES).map((episode) => episodeModel(episode, page, services)),
    older: episodes.length > EPISODES ? words.moreIn(episodes.length - EPISODES) : null,
    json: `${page.base}api/vigie/services/${configured.id}.json`,
  }
}

function checksOf(service: ServicePicture, page: Page) {
  const { language, moments, set } = page
  const words = PAST_PROSE[language]
  return service.checks.map((check) => {
    const configured = service.service.checks.find(({ id }) => id === check.id)
    const every = configured?.rule.every ?? null
    const awaited = !check.seen && isWorking(check.state) && configured !== undefined && isTimely(configured)
    const failing = check.state !== 'up' && check.reason !== null ? REASONS[language][check.reason] : null
    const facts = [
      awaited ? DOUBTED[language].toLowerCase() : CHECK_STATES[language][check.state],
      ...(failing === null ? [] : [failing]),
      ...(check.took === null || awaited || !isWorking(check.state)
        ? []
        : [words.answered(millis(check.took, language))]),
    ]
    return {
      title: set(checkTitle(check, service.service, language)),
      code: check.id.slice(check.id.indexOf('.') + 1),
      status: awaited ? 'unknown' : STATUS_OF[check.state],
      facts: set(capitalised(facts.join(', '))),
      places: check.sites.length < 2 ? null : set(`${capitalised(placesWords(check, page))}.`),
      seen:
        check.at === null
          ? words.notYet
          : set(words.seen(moments.when(check.at), every === null ? null : often(every, language))),
    }
  })
}

const STATUS_OF = {
  up: 'operational',
  degraded: 'degraded_performance',
  partial: 'partial_outage',
  down: 'major_outage',
  unknown: 'unknown',
} as const

function figuresOf({ uptime, days }: ServicePicture, { picture, language, moments, set }: Page) {
  const words = PAST_PROSE[language]
  const begun = beganIn([days], picture.at)
  const label = begun === null ? words.uptime : set(words.uptimeSince(moments.sinceDay(begun)))
  const lengths = [
    [words.outage, uptime.outage],
    [words.partial, uptime.partial],
    [words.maintenance, uptime.maintenance],
    [words.blind, uptime.blind],
  ] as const
  return [
    { label, value: uptime.share === null ? words.notYet : percent(uptime.share, language) },
    ...lengths.map(([label, of]) => ({ label, value: of < 1 ? words.none : set(length(of, language)) })),
  ]
}

/** The plots of each check: a day, and ninety, from each site. None when it was never seen. */
function responsesOf(past: ServicePast, service: ServicePicture, page: Page) {
  const sites = new Set(past.responses.map(({ site }) => site))
  const byCheck = new Map<string, ReturnType<typeof responsesModel>[number]>()
  for (const responses of past.responses) {
    for (const model of responsesModel(responses, sites.size > 1, service, page)) {
      const known = byCheck.get(model.code)
      byCheck.set(model.code, known === undefined ? model : { ...known, plots: [...known.plots, ...model.plots] })
    }
  }
  return [...byCheck.values()]
}

function responsesModel(responses: Responses, several: boolean, service: ServicePicture, page: Page) {
  const { picture, language, moments, set } = page
  const words = PAST_PROSE[language]
  const check = service.checks.find(({ id }) => id === responses.check)
  const every = service.service.checks.find(({ id }) => id === responses.check)?.rule.every ?? MINUTE
  const now = picture.at
  const key = responses.check.replace('.', '-')
  const suffix = several ? `-${responses.site}` : ''
  const day: PlotSpan = {
    from: now - DAY,
    to: now,
    middle: 2.5 * MINUTE,
    apart: Math.max(12 * MINUTE, 1.7 * every + 5 * MINUTE),
  }
  const quarter: PlotSpan = { from: now - 90 * DAY, to: now + DAY / 2, middle: 0, apart: 1.5 * DAY }
  const plots = [
    plotModel(`${key}-day${suffix}`, titled(words.day), responses.day, day, (at) => moments.clock(at), 4),
    plotModel(
      `${key}-quarter${suffix}`,
      titled(words.quarter),
      responses.quarter,
      quarter,
      (at) => moments.shortDay(at),
      3,
    ),
  ].flatMap((plot) => plot ?? [])
  if (plots.length === 0 || check === undefined) return []
  return [{ title: set(checkTitle(check, service.service, language)), code: key.slice(key.indexOf('-') + 1), plots }]

  function titled(title: string): string {
    return several ? set(words.plotFrom(title, placeOf(responses.site, picture, language))) : title
  }

  function plotModel(
    id: string,
    title: string,
    points: Responses['day'],
    span: PlotSpan,
    label: (at: number) => string,
    steps: number,
  ) {
    const plot = plotOf(points, span)
    if (plot === null) return null
    const medians = points.flatMap(({ median }) => median ?? []).sort((a, b) => a - b)
    const typical = medians[Math.floor(medians.length / 2)] ?? null
    const slow = Math.max(0, ...points.map(({ p95 }) => p95 ?? 0))
    const failed = points.reduce((sum, point) => sum + point.failed, 0)
    const said =
      typical === null
        ? words.onlyFailures(failed)
        : words.typical(millis(typical, language), millis(slow, language), failed)
    return {
      id,
      title,
      width: PLOT_WIDTH,
      height: PLOT_HEIGHT,
      ...plot,
      said: set(said),
      above: plot.above === null ? null : set(words.above(millis(plot.above.p95 ?? 0, language))),
      scale: [plot.top, plot.top / 2, 0].map((took: Millis) => millis(took, language)),
      times: Array.from({ length: steps + 1 }, (_, step) => {
        const at = span.from + ((Math.min(span.to, now) - span.from) * step) / steps
        return { iso: iso(at), text: step === steps ? words.now : label(at) }
      }),
    }
  }
}
