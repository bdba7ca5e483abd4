// What people said, set for a page: their texts, in whichever language they are, and whom they concern.
import type { Impact, IncidentStatus } from '../../core/said/incident.ts'
import type { OccurrenceStatus } from '../../core/said/maintenance.ts'
import type { IncidentPicture, MaintenancePicture } from '../../core/shown/picture.ts'
import { say, type Text } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import type { Status } from '../../core/verdict/service.ts'
import { length } from '../words/day-words.ts'
import { spanBetween } from '../words/incident-words.ts'
import { markdownHtml, markdownText } from '../words/markdown.ts'
import type { Moments } from '../words/page-moments.ts'
import { foreign, momentOf, type Page, servicePath, wordOf } from './frame.ts'

/** Where an incident's page lies within its language, for ever. */
export function incidentPath(id: string): string {
  return `incidents/${id}/`
}

/** The fragment that leads to one time of work on the page of maintenance. */
export function anchorOf({ id }: Pick<MaintenancePicture, 'id'>): string {
  return `time-${id}`
}

/** A text as HTML that is safe, with its language where that isn't the page's. */
export function proseOf(text: Text, page: Page) {
  return { html: markdownHtml(say(text, page.language)), lang: foreign(text, page.language) }
}

/** The same as plain text, in one line and no longer than `most` characters. */
export function shortOf(text: Text, page: Page, most: number) {
  return { text: cut(markdownText(say(text, page.language)), most), lang: foreign(text, page.language) }
}

/** The first `most` characters at most, whole words, with an ellipsis where something is left out. */
export function cut(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  const within = line.slice(0, most - 1)
  const end = within.lastIndexOf(' ')
  const head = end > most / 2 ? within.slice(0, end) : within.replace(/[\ud800-\udbff]$/, '')
  return `${head.replace(/[\s,;:.…]+$/, '')}…`
}

/** Services by their names, linked while the page has them. */
export function concernedBy(services: readonly string[], page: Page) {
  return services.map((id) => {
    const known = page.picture.services.find(({ service }) => service.id === id)
    return known === undefined
      ? { text: id, lang: null, href: null }
      : { ...wordOf(known.service.name, page), href: `${page.base}${page.language}/${servicePath(id)}` }
  })
}

/** `le 23 novembre 2026, de 14:02 à 15:31`; how long, too, but for plans. */
export function spanOf(from: Instant, to: Instant, { language, set }: Page, moments: Moments) {
  const text = spanBetween(from, to, language, moments)
  return { from: momentOf(from, ''), to: momentOf(to, ''), text: set(text), lasted: length(to - from, language) }
}

const WEIGHTS: Readonly<Record<Impact, Status>> = {
  none: 'unknown',
  minor: 'degraded_performance',
  major: 'major_outage',
  critical: 'major_outage',
}

/** The colour and icon of an incident: how grave it is, until it is over. */
export function colourOf({ status, impact }: Pick<IncidentPicture, 'status' | 'impact'>): Status {
  return stepColour(status, impact)
}

/** Of one step of it. */
export function stepColour(status: IncidentStatus, impact: Impact): Status {
  return status === 'resolved' ? 'operational' : WEIGHTS[impact]
}

export const WORK_COLOURS: Readonly<Record<OccurrenceStatus, Status>> = {
  scheduled: 'under_maintenance',
  in_progress: 'under_maintenance',
  completed: 'operational',
  cancelled: 'unknown',
}
