// `/history.atom` and `/history.rss` in Statuspage's shape, English labels: what bots written for it parse.

import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { IncidentStatus } from '../../core/said/incident.ts'
import { type OccurrenceStatus, occurrenceStatus } from '../../core/said/maintenance.ts'
import type { IncidentPicture, MaintenancePicture, Picture } from '../../core/shown/picture.ts'
import { say, type Text } from '../../core/text.ts'
import { lasting } from '../../core/time/lasting.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import { servicePath } from '../pages/frame.ts'
import { markdownText } from '../words/markdown.ts'
import { type RunningStory, runningStories } from '../words/stories.ts'
import { baseOf, pageAddress } from './address.ts'
import { tagOf } from './feed.ts'
import { MOST_ENTRIES, namesOf, reasonsOf, subjectOf } from './feed-entries.ts'
import { element, xml } from './markup.ts'

interface Item {
  readonly id: string
  readonly title: string
  readonly link: string
  readonly published: Instant
  readonly updated: Instant
  /** One paragraph an update, newest first; the first `<strong>` of all is the current state. */
  readonly html: string
}

/** Both files: what people said, maintenance that is near, and what was measured. */
export function* statuspageFeeds(picture: Picture, outages: readonly OutageRecord[]) {
  const near = picture.maintenances.filter(({ begins, cancelled }) => cancelled === null && begins <= picture.at + NEAR)
  const stories = runningStories(outages, picture.services, MOST_ENTRIES)
  const items = [
    ...stories.map((story) => fromOutages(story, picture)),
    ...picture.incidents.slice(0, MOST_ENTRIES).map((incident) => fromIncident(incident, picture)),
    ...near.map((time) => fromMaintenance(time, picture)),
  ]
    .sort((a, b) => b.published - a.published || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_ENTRIES)
  yield { path: 'history.atom', type: 'application/atom+xml; charset=utf-8', body: atom(picture, items) }
  yield { path: 'history.rss', type: 'application/rss+xml; charset=utf-8', body: rss(picture, items) }
}

const NEAR = 14 * 24 * 3_600_000

function atom(picture: Picture, items: readonly Item[]): string {
  const base = baseOf(picture)
  const updated = Math.max(Date.UTC(2026, 0, 1), ...items.map((item) => item.updated))
  const entries = items.map((item) =>
    element(
      'entry',
      {},
      [
        element('id', {}, xml(`${tagOf(picture)}:Incident/${item.id}`)),
        element('published', {}, iso(item.published)),
        element('updated', {}, iso(item.updated)),
        element('link', { rel: 'alternate', type: 'text/html', href: item.link }),
        element('title', {}, xml(item.title)),
        element('content', { type: 'html' }, xml(item.html)),
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
      element('title', {}, xml(`${nameIn(picture)} Status - Incident History`)),
      element('updated', {}, iso(updated)),
      element('author', {}, element('name', {}, xml(nameIn(picture)))),
      ...entries,
    ].join('\n'),
  )}\n`
}

function rss(picture: Picture, items: readonly Item[]): string {
  const elements = items.map((item) =>
    element(
      'item',
      {},
      [
        element('title', {}, xml(item.title)),
        element('description', {}, xml(item.html)),
        element('pubDate', {}, rfc822(item.published)),
        element('link', {}, xml(item.link)),
        element('guid', { isPermaLink: 'false' }, xml(`${tagOf(picture)}:Incident/${item.id}`)),
      ].join('\n'),
    ),
  )
  const channel = [
    element('title', {}, xml(`${nameIn(picture)} Status - Incident History`)),
    element('link', {}, xml(`${baseOf(picture)}/`)),
    element('description', {}, 'Statuspage'),
    element('language', {}, 'en'),
    ...elements,
  ].join('\n')
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('rss', { version: '2.0' }, element('channel', {}, channel))}\n`
}

function fromOutages(story: RunningStory, picture: Picture): Item {
  const { since, opened, ended, down, back } = story
  const [first] = down
  const reasons = reasonsOf(first, 'en')
  const seen = [
    `Measured automatically${reasons && `: ${reasons}`}.`,
    ...(down.length === 1 ? [] : [`Affected: ${namesOf(down, picture, 'en')}.`]),
    ...(back.length === 0 ? [] : [`Working again: ${namesOf(back, picture, 'en')}.`]),
  ].join(' ')
  const lasted = ended === null ? '' : update(ended, 'Resolved', `It lasted ${lasting(ended - since, 'en')}.`)
  const sure = down.some(({ confirmed }) => confirmed)
  return {
    id: story.id,
    title: `${subjectOf(story, picture, 'en')} ${sure ? 'down' : 'partly unreachable'}`,
    link: pageAddress(picture, servicePath(first.service), '', english(picture)),
    published: opened,
    updated: story.changed,
    html: lasted + update(opened, 'Investigating', seen),
  }
}

const LABELS: Readonly<Record<IncidentStatus | Exclude<OccurrenceStatus, 'cancelled'>, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
  scheduled: 'Scheduled',
  in_progress: 'In progress',
  completed: 'Completed',
}

function fromIncident(incident: IncidentPicture, picture: Picture): Item {
  const after =
    incident.postmortem === null ? [] : [update(incident.postmortem.at, 'Postmortem', plain(incident.postmortem.text))]
  const updates = incident.updates.map(({ at, status, text }) => update(at, LABELS[status], plain(text)))
  return {
    id: incident.id,
    title: say(incident.title, 'en'),
    link: pageAddress(picture, `incidents/${incident.id}/`, '', english(picture)),
    published: incident.created,
    updated: incident.changed,
    html: [...after, ...updates.reverse()].join(''),
  }
}

function fromMaintenance(time: MaintenancePicture, picture: Picture): Item {
  const standing = occurrenceStatus(time, picture.at)
  const planned = update(time.created, 'Scheduled', plain(time.text))
  const began = standing === 'scheduled' ? '' : update(time.begins, 'In progress', 'The maintenance is under way.')
  const ended = standing === 'completed' ? update(time.ends, 'Completed', 'The maintenance is over.') : ''
  const moved = [time.changed, ...(began === '' ? [] : [time.begins]), ...(ended === '' ? [] : [time.ends])]
  return {
    id: time.id,
    title: say(time.title, 'en'),
    link: pageAddress(picture, 'maintenance/', `time-${time.id}`, english(picture)),
    published: time.created,
    updated: Math.max(...moved),
    html: ended + began + planned,
  }
}

function update(at: Instant, state: string, text: string): string {
  const [, day, month, , time] = rfc822(at).split(' ')
  const when = `${month} <var data-var='date'>${day}</var>, <var data-var='time'>${time?.slice(0, 5)}</var> UTC`
  return `<p><small>${when}</small><br><strong>${state}</strong> - ${xml(text).replaceAll('\n', '<br>')}</p>`
}

function plain(text: Text): string {
  return markdownText(say(text, 'en'))
}

function nameIn(picture: Picture): string {
  return say(picture.hoster.name, english(picture))
}

function english({ hoster }: Picture) {
  return hoster.languages.includes('en') ? ('en' as const) : hoster.languages[0]
}

/** RFC 822 as amended by RFC 1123: `Mon, 23 Nov 2026 13:02:00 GMT`. */
function rfc822(at: Instant): string {
  return new Date(at).toUTCString()
}
