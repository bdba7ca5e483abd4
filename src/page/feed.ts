// Outages as Atom (RFC 4287): of all services and of each, in every language. An entry's id never changes, and its text
// changes only when there is news, so that readers can rely on both.

import { lasting } from '../core/moment.ts'
import type { OutageRecord } from '../core/outage-record.ts'
import type { Picture } from '../core/picture.ts'
import { type Language, say, type Text } from '../core/text.ts'
import { type Instant, iso } from '../core/time.ts'
import { pageId } from './identity.ts'
import { element, xml } from './markup.ts'
import { type Moments, momentsOf } from './moments.ts'
import { list, REASONS, typeset } from './words.ts'

/** Feeds show so many. */
export const MOST_ENTRIES = 50

/** The moment of a feed in which nothing has happened yet: a feed must have one. */
const NEVER: Instant = Date.UTC(2026, 0, 1)

const ATOM = 'application/atom+xml; charset=utf-8'

interface FeedWords {
  readonly title: (hoster: string) => string
  readonly down: (name: string) => string
  readonly partly: (name: string) => string
  readonly over: (name: string, length: string) => string
  readonly since: (moment: string) => string
  readonly ended: (moment: string, length: string) => string
  readonly why: (reasons: string) => string
  readonly measured: string
}

const WORDS: Readonly<Record<Language, FeedWords>> = {
  fr: {
    title: (hoster) => `${hoster} : état des services`,
    down: (name) => `${name} : en panne`,
    partly: (name) => `${name} : en partie injoignable`,
    over: (name, length) => `${name} : panne terminée, elle a duré ${length}`,
    since: (moment) => `En panne depuis le ${moment}.`,
    ended: (moment, length) => `Terminé le ${moment}, après ${length}.`,
    why: (reasons) => `Ce que nous avons vu : ${reasons}.`,
    measured: 'Mesuré automatiquement.',
  },
  en: {
    title: (hoster) => `${hoster}: status of services`,
    down: (name) => `${name}: down`,
    partly: (name) => `${name}: partly unreachable`,
    over: (name, length) => `${name}: outage over, it lasted ${length}`,
    since: (moment) => `Down since ${moment}.`,
    ended: (moment, length) => `Over on ${moment}, after ${length}.`,
    why: (reasons) => `What we saw: ${reasons}.`,
    measured: 'Measured automatically.',
  },
}

/** All Atom feeds of a page. `outages`: for members, newest first. */
export function* feedFiles(picture: Picture, outages: readonly OutageRecord[]) {
  const { languages } = picture.hoster
  yield { path: 'feed.atom', type: ATOM, body: feed(picture, languages[0], outages, 'feed.atom', null) }
  for (const language of languages) {
    yield {
      path: `${language}/feed.atom`,
      type: ATOM,
      body: feed(picture, language, outages, `${language}/feed.atom`, null),
    }
    for (const { service } of picture.services) {
      const path = `${language}/services/${service.id}/feed.atom`
      const own = outages.filter((outage) => outage.service === service.id)
      yield { path, type: ATOM, body: feed(picture, language, own, path, service) }
    }
  }
}

function feed(
  picture: Picture,
  language: Language,
  outages: readonly OutageRecord[],
  path: string,
  service: { readonly id: string; readonly name: Text } | null,
): string {
  const words = WORDS[language]
  const base = baseOf(picture)
  const moments = momentsOf(language, picture.hoster.timezone, picture.at)
  const shown = outages.slice(0, MOST_ENTRIES)
  const updated = Math.max(NEVER, ...shown.map(changedAt))
  const title = typeset(
    words.title(picture.hoster.name) + (service === null ? '' : ` – ${say(service.name, language)}`),
    language,
  )
  const page = service === null ? `${language}/` : `${language}/services/${service.id}/`
  const entries = shown.map((outage) => entry(picture, language, outage, moments))
  return `<?xml version="1.0" encoding="utf-8"?>\n${element(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': language },
    [
      element('id', {}, xml(`${tagOf(picture)}:${path}`)),
      element('title', {}, xml(title)),
      element('updated', {}, iso(updated)),
      element('author', {}, element('name', {}, xml(picture.hoster.name))),
      element('link', { rel: 'self', type: 'application/atom+xml', href: `${base}/${path}` }),
      element('link', { rel: 'alternate', type: 'text/html', hreflang: language, href: `${base}/${page}` }),
      ...entries,
    ].join('\n'),
  )}\n`
}

function entry(picture: Picture, language: Language, outage: OutageRecord, moments: Moments): string {
  const words = WORDS[language]
  const name = nameOf(picture, outage, language)
  const length = outage.ended === null ? '' : lasting(outage.ended - outage.since, language)
  const title =
    outage.ended !== null ? words.over(name, length) : outage.confirmed ? words.down(name) : words.partly(name)
  const reasons = [
    ...new Set(outage.checks.flatMap(({ reason }) => (reason === null ? [] : [REASONS[language][reason]]))),
  ]
  const sentences = [
    words.since(moments.whole(outage.since)),
    ...(outage.ended === null ? [] : [words.ended(moments.whole(outage.ended), length)]),
    ...(reasons.length === 0 ? [] : [words.why(list(reasons, language))]),
    words.measured,
  ]
  const html = sentences.map((sentence) => `<p>${xml(typeset(sentence, language))}</p>`).join('')
  return element(
    'entry',
    {},
    [
      element('id', {}, xml(`${tagOf(picture)}:outage/${outage.id}`)),
      element('title', {}, xml(typeset(title, language))),
      element('published', {}, iso(outage.opened)),
      element('updated', {}, iso(changedAt(outage))),
      element('link', {
        rel: 'alternate',
        type: 'text/html',
        href: `${baseOf(picture)}/${language}/services/${outage.service}/`,
      }),
      element('category', { term: outage.confirmed ? 'major' : 'minor' }),
      element('content', { type: 'html' }, xml(html)),
    ].join('\n'),
  )
}

/** The last moment at which there was something new to say of it. */
export function changedAt(outage: OutageRecord): Instant {
  return outage.ended ?? outage.opened
}

/** The name of an outage's service; its id when the service is gone. */
export function nameOf(picture: Picture, outage: OutageRecord, language: Language): string {
  const service = picture.services.find(({ service }) => service.id === outage.service)
  return service === undefined ? outage.service : say(service.service.name, language)
}

/** Where this site's page is, without a slash at its end; relative when nobody said. */
export function baseOf(picture: Picture): string {
  return (picture.hoster.sites.find(({ id }) => id === picture.site)?.url ?? '').replace(/\/+$/, '')
}

/** A name for what this page speaks of (RFC 4151), the same on every site that shows it. */
export function tagOf(picture: Picture): string {
  return `tag:${pageId(picture.hoster.name)}.vigie.invalid,2026`
}
