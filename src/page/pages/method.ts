// How it is measured, in words anyone understands, with the figures that hold today.

import type { Check } from '../../core/check.ts'
import type { Almanac } from '../../core/history/almanac.ts'
import type { Picture } from '../../core/shown/picture.ts'
import { type Language, LOCALES, say } from '../../core/text.ts'
import { DAY, MINUTE, type Millis } from '../../core/time/time.ts'
import { checkTitle } from '../words/check-title.ts'
import { length, often } from '../words/day-words.ts'
import { METHOD_PROSE } from '../words/method-prose.ts'
import { storyModel } from '../words/outage-words.ts'
import { PAST_PROSE } from '../words/past-prose.ts'
import { storiesOf } from '../words/stories.ts'
import { frameOf, pageOf, servicePath, wordOf } from './frame.ts'
import type { Views } from './views.ts'

/** So many past outages are told with how they were found; the others are in the history. */
const STORIES = 10

const numbers: Readonly<Record<Language, Intl.NumberFormat>> = {
  fr: new Intl.NumberFormat(LOCALES.fr),
  en: new Intl.NumberFormat(LOCALES.en),
}

/** A whole document. `outages`: newest first; ten stories are told of them. */
export function renderMethod(
  picture: Picture,
  outages: ReturnType<Almanac['outages']>,
  language: Language,
  views: Views,
): string {
  return views.render('method', methodModel(picture, outages, language))
}

function methodModel(picture: Picture, outages: ReturnType<Almanac['outages']>, language: Language) {
  const page = pageOf(picture, language, 'method/')
  const { set } = page
  const words = METHOD_PROSE[language]
  const { method, hoster } = picture
  const { policy } = method
  const checks = picture.services.flatMap(({ service }) => service.checks)
  const looking = checks.filter((check) => check.heartbeat === null)
  const number = (of: number) => numbers[language].format(of)
  const services = new Map(picture.services.map((one) => [one.service.id, one]))
  const stories = storiesOf(outages)
  const fall = usual(looking.map(({ rule }) => rule.fall)) ?? 3
  const retry = usual(looking.map(({ rule }) => rule.retry)) ?? 15_000
  const rise = usual(looking.map(({ rule }) => rule.rise)) ?? 2
  const said = (of: Millis) => length(of, language)
  const quorum = hoster.sites.length > 1
  return {
    ...frameOf(page, { title: words.title, description: words.lead, status: picture.status }),
    words: PAST_PROSE[language],
    method: words,
    lead: set(words.lead),
    figures: [
      { label: words.services, value: number(picture.services.length) },
      { label: words.checks, value: number(checks.length) },
      { label: words.looks, value: number(looksOf(looking) * hoster.sites.length) },
      { label: words.sites, value: number(hoster.sites.length) },
      { label: words.witnesses, value: number(method.witnesses.length) },
    ],
    sites: hoster.sites.flatMap(({ where }) => (where === null ? [] : [say(where, language)])),
    parts: [
      {
        title: words.looking.title,
        texts: words.looking.texts(
          often(usual(looking.map(({ rule }) => rule.every)) ?? MINUTE, language),
          said(retry),
        ),
      },
      { title: words.down.title, texts: words.down.texts(fall, rise, quorum, policy.loneFall) },
      {
        title: words.us.title,
        texts:
          method.witnesses.length === 0
            ? [words.us.none]
            : words.us.texts(number(method.witnesses.length), said(policy.witnessEvery), said(policy.taint)),
        list: method.witnesses,
        after: method.path.length === 0 ? [] : words.us.path,
        hostsAfter: method.path,
      },
      { title: words.unknown.title, texts: words.unknown.texts },
      {
        title: words.slow.title,
        texts: words.slow.texts(policy.flap.changes, said(policy.flap.within), said(policy.flap.calm)),
      },
      { title: words.uptime.title, texts: words.uptime.texts },
      { title: words.told.title, texts: words.told.texts },
      { title: words.people.title, texts: words.people.texts },
      { title: words.limits.title, texts: words.limits.texts },
    ].map((part) => ({ list: [], after: [], hostsAfter: [], ...part, texts: part.texts.map(set) })),
    table: picture.services.map(({ service }) => ({
      ...wordOf(service.name, page),
      href: `${page.base}${language}/${servicePath(service.id)}`,
      checks: service.checks.map((check) => ({
        title: set(checkTitle(check, service, language)),
        every:
          check.heartbeat === null
            ? set(words.every(often(check.rule.every, language)))
            : set(words.expected(often(check.heartbeat.period, language))),
      })),
    })),
    stories: stories.slice(0, STORIES).map((story) => storyModel(story, page, services)),
  }
}

/** How often all of them look in a day, from one site. */
function looksOf(checks: readonly Check[]): number {
  return Math.round(checks.reduce((sum, { rule }) => sum + DAY / rule.every, 0))
}

/** The most frequent of values; undefined for none. */
function usual(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
