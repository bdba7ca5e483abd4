// `/history.atom` and `/history.rss` in Statuspage's shape, English labels: what bots written for it parse.
import { lasting } from '../core/moment.ts'
import type { OutageRecord } from '../core/outage-record.ts'
import type { Picture } from '../core/picture.ts'
import { type Instant, iso } from '../core/time.ts'
import { baseOf, changedAt, MOST_ENTRIES, nameOf, tagOf } from './feed.ts'
import { element, xml } from './markup.ts'
import { list, REASONS } from './words.ts'

/** Both files. An outage is an entry whose first `<strong>` is its current state. */
export function* statuspageFeeds(picture: Picture, outages: readonly OutageRecord[]) {
  const shown = outages.slice(0, MOST_ENTRIES)
  yield { path: 'history.atom', type: 'application/atom+xml; charset=utf-8', body: atom(picture, shown) }
  yield { path: 'history.rss', type: 'application/rss+xml; charset=utf-8', body: rss(picture, shown) }
}

function atom(picture: Picture, outages: readonly OutageRecord[]): string {
  const base = baseOf(picture)
  const updated = Math.max(Date.UTC(2026, 0, 1), ...outages.map(changedAt))
  const entries = outages.map((outage) =>
    element(
      'entry',
      {},
      [
        element('id', {}, xml(`${tagOf(picture)}:Incident/${outage.id}`)),
        element('published', {}, iso(outage.opened)),
        element('updated', {}, iso(changedAt(outage))),
        element('link', { rel: 'alternate', type: 'text/html', href: linkOf(picture, outage) }),
        element('title', {}, xml(titleOf(picture, outage))),
        element('content', { type: 'html' }, xml(updatesOf(outage))),
      ].join('\n'),
    ),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'feed',
    { 'xml:lang': 'en-US', xmlns: 'http://www.w3.org/2005/Atom' },
    [
      element('id', {}, xml(`${tagOf(picture)}:/history`)),
      element('link', { rel: 'alternate', type: 'text/html', href: `${base}/` }),
      element('link', { rel: 'self', type: 'application/atom+xml', href: `${base}/history.atom` }),
      element('title', {}, xml(`${picture.hoster.name} Status - Incident History`)),
      element('updated', {}, iso(updated)),
      element('author', {}, element('name', {}, xml(picture.hoster.name))),
      ...entries,
    ].join('\n'),
  )}\n`
}

function rss(picture: Picture, outages: readonly OutageRecord[]): string {
  const items = outages.map((outage) =>
    element(
      'item',
      {},
      [
        element('title', {}, xml(titleOf(picture, outage))),
        element('description', {}, xml(updatesOf(outage))),
        element('pubDate', {}, rfc822(outage.opened)),
        element('link', {}, xml(linkOf(picture, outage))),
        element('guid', { isPermaLink: 'false' }, xml(`${tagOf(picture)}:Incident/${outage.id}`)),
      ].join('\n'),
    ),
  )
  const channel = [
    element('title', {}, xml(`${picture.hoster.name} Status - Incident History`)),
    element('link', {}, xml(`${baseOf(picture)}/`)),
    element('description', {}, 'Statuspage'),
    element('language', {}, 'en'),
    ...items,
  ].join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('rss', { version: '2.0' }, element('channel', {}, channel))}\n`
}

/** One paragraph an update, newest first, as Statuspage writes them. */
function updatesOf(outage: OutageRecord): string {
  const reasons = [...new Set(outage.checks.flatMap(({ reason }) => (reason === null ? [] : [REASONS.en[reason]])))]
  const seen = reasons.length === 0 ? 'Measured automatically.' : `Measured automatically: ${list(reasons, 'en')}.`
  const begun = update(outage.opened, outage.confirmed ? 'Identified' : 'Investigating', seen)
  if (outage.ended === null) return begun
  return update(outage.ended, 'Resolved', `It lasted ${lasting(outage.ended - outage.since, 'en')}.`) + begun
}

function update(at: Instant, state: string, text: string): string {
  const [, day, month, , time] = rfc822(at).split(' ')
  const when = `${month} <var data-var='date'>${day}</var>, <var data-var='time'>${time?.slice(0, 5)}</var> UTC`
  return `<p><small>${when}</small><br><strong>${state}</strong> - ${xml(text)}</p>`
}

function titleOf(picture: Picture, outage: OutageRecord): string {
  return `${nameOf(picture, outage, 'en')} ${outage.confirmed ? 'down' : 'partly unreachable'}`
}

function linkOf(picture: Picture, outage: OutageRecord): string {
  const language = picture.hoster.languages.includes('en') ? 'en' : picture.hoster.languages[0]
  return `${baseOf(picture)}/${language}/services/${outage.service}/`
}

/** RFC 822 as amended by RFC 1123: `Mon, 23 Nov 2026 13:02:00 GMT`. */
function rfc822(at: Instant): string {
  return new Date(at).toUTCString()
}
