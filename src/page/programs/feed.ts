// Our Atom feeds (RFC 4287): of all services and of each, in every language.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import { type Language, say, type Text } from '../../core/text.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { runningStories } from '../words/stories.ts'
import { typeset } from '../words/words.ts'
import { baseOf } from './address.ts'
import { type FeedEntry, MOST_ENTRIES, outageEntries, saidEntries } from './feed-entries.ts'
import { pageId } from './identity.ts'
import { element, xml } from './markup.ts'

/** The moment of a feed in which nothing has happened yet: a feed must have one. */
const NEVER: Instant = Date.UTC(2026, 0, 1)

const ATOM = 'application/atom+xml; charset=utf-8'

const TITLES: Readonly<Record<Language, (hoster: string) => string>> = {
  fr: (hoster) => `${hoster} : état des services`,
  en: (hoster) => `${hoster}: status of services`,
}

/** The Atom feeds of all services: each great outage once. `outages`: for members. */
export function* feedFiles(picture: Picture, outages: readonly OutageRecord[]) {
  const { languages } = picture.hoster
  const stories = runningStories(outages, picture.services, MOST_ENTRIES * 2)
  for (const language of languages) {
    const entries = newestFirst([...outageEntries(stories, picture, language), ...saidEntries(picture, language)])
    if (language === languages[0]) {
      yield { path: 'feed.atom', type: ATOM, body: feed(picture, language, entries, 'feed.atom', null) }
    }
    const path = `${language}/feed.atom`
    yield { path, type: ATOM, body: feed(picture, language, entries, path, null) }
  }
}

/** The Atom feeds of one service. `outages`: its own, for members. */
export function* serviceFeedFiles(picture: Picture, { service }: ServicePicture, outages: readonly OutageRecord[]) {
  const stories = runningStories(outages, picture.services, MOST_ENTRIES * 2)
  const concerns = ({ services }: { readonly services: readonly string[] }) =>
    services.length === 0 || services.includes(service.id)
  const own = {
    ...picture,
    incidents: picture.incidents.filter(concerns),
    maintenances: picture.maintenances.filter(concerns),
  }
  for (const language of picture.hoster.languages) {
    const entries = newestFirst([...outageEntries(stories, picture, language), ...saidEntries(own, language)])
    const path = `${language}/services/${service.id}/feed.atom`
    yield { path, type: ATOM, body: feed(picture, language, entries, path, service) }
  }
}

function newestFirst(entries: readonly FeedEntry[]): readonly FeedEntry[] {
  return [...entries].sort((a, b) => b.updated - a.updated || (a.id < b.id ? -1 : 1))
}

function feed(
  picture: Picture,
  language: Language,
  entries: readonly FeedEntry[],
  path: string,
  service: { readonly id: string; readonly name: Text } | null,
): string {
  const base = baseOf(picture)
  const shown = entries.slice(0, MOST_ENTRIES)
  const title = typeset(
    TITLES[language](say(picture.hoster.name, language)) +
      (service === null ? '' : ` – ${say(service.name, language)}`),
    language,
  )
  const page = service === null ? `${language}/` : `${language}/services/${service.id}/`
  return `<?xml version="1.0" encoding="utf-8"?>\n${element(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': language },
    [
      element('id', {}, xml(`${tagOf(picture)}:${path}`)),
      element('title', {}, xml(title)),
      element('updated', {}, iso(Math.max(NEVER, ...shown.map(({ updated }) => updated)))),
      element('author', {}, element('name', {}, xml(say(picture.hoster.name, language)))),
      element('link', { rel: 'self', type: 'application/atom+xml', href: `${base}/${path}` }),
      element('link', { rel: 'alternate', type: 'text/html', hreflang: language, href: `${base}/${page}` }),
      ...shown.map((one) => entry(picture, one)),
    ].join('\n'),
  )}\n`
}

function entry(picture: Picture, { id, title, published, updated, link, category, html }: FeedEntry): string {
  return element(
    'entry',
    {},
    [
      element('id', {}, xml(`${tagOf(picture)}:${id}`)),
      element('title', {}, xml(title)),
      element('published', {}, iso(published)),
      element('updated', {}, iso(updated)),
      element('link', { rel: 'alternate', type: 'text/html', href: link }),
      element('category', { term: category }),
      element('content', { type: 'html' }, xml(html)),
    ].join('\n'),
  )
}

/** A name for what this page speaks of (RFC 4151), the same on every site that shows it. */
export function tagOf(picture: Picture): string {
  return `tag:${pageId(picture.hoster)}.vigie.invalid,2026`
}
