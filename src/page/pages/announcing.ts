// What pages of now show of what people said: incidents that are open, work that is under way or near.
import { lastWord } from '../../core/said/last-word.ts'
import { occurrenceStatus } from '../../core/said/maintenance.ts'
import type { IncidentPicture, MaintenancePicture } from '../../core/shown/picture.ts'
import { capitalised, PUNCTUATION } from '../../core/text.ts'
import { DAY, type Instant } from '../../core/time/time.ts'
import { type Status, worse } from '../../core/verdict/service.ts'
import { INCIDENT_WORDS } from '../words/incident-words.ts'
import { momentOf, type Page, wordOf } from './frame.ts'
import { anchorOf, colourOf, concernedBy, incidentPath, shortOf, spanOf } from './said.ts'

/** Of the latest update so many characters are shown. */
const SHORT = 300

/** Work that begins within this time is announced, so many at most. */
const NEAR = 7 * DAY
const MOST_WORKS = 3

/** An open incident in short. */
export function saidModel(incident: IncidentPicture, page: Page) {
  const { picture, language, base, moments, set } = page
  const words = INCIDENT_WORDS[language]
  const { id, started, updates, automatic } = incident
  const latest = lastWord(incident)
  const when = moments.when(latest.at)
  const since = moments.since(started)
  const concerned = picture.services.filter(({ service }) => incident.services.includes(service.id))
  return {
    id,
    href: `${base}${language}/${incidentPath(id)}`,
    title: wordOf(incident.title, page),
    status: concerned.reduce<Status>((so, { status }) => worse(so, status), colourOf(incident)),
    lasting: set(incident.status === 'monitoring' ? words.began : words.lasting[incident.impact]),
    /** Null: its services say the same. */
    since: concerned.some((service) => moments.since(service.since) === since) ? null : momentOf(started, since),
    affected: concernedBy(incident.services, page),
    latest: shortOf(latest.text, page, SHORT),
    wrote: set(
      `${automatic ? words.wroteItself(when) : capitalised(when)} · ${words.statuses[incident.status]}${PUNCTUATION[language].colon.trimEnd()}`,
    ),
    more: automatic ? words.readAll(updates.length) : words.readTeam(updates.length),
  }
}

export type Work = ReturnType<typeof workModel>

/**
 * Work under way and near, of repeating work the next time alone. `of`: whom it must concern, null: anybody. `told`: the
 * end that the page says already.
 */
export function worksOf(page: Page, of: string | null, told: Instant | null = null): readonly Work[] {
  const { maintenances, at } = page.picture
  const concerns = ({ services }: MaintenancePicture) => of === null || services.includes(of)
  const near = maintenances.filter(
    (time) => time.cancelled === null && time.ends > at && time.begins < at + NEAR && concerns(time),
  )
  const next = near.filter((time, index) => near.findIndex((other) => other.of === time.of) === index)
  return next.slice(0, MOST_WORKS).map((time) => workModel(time, page, told))
}

function workModel(time: MaintenancePicture, page: Page, told: Instant | null) {
  const { picture, language, base, moments, set } = page
  const words = INCIDENT_WORDS[language]
  const working = occurrenceStatus(time, picture.at) === 'in_progress'
  const known = working && time.ends === told
  const { text } = spanOf(time.begins, time.ends, page, moments)
  return {
    lead: set(working ? words.working(known ? null : moments.when(time.ends)) : words.comes(text)),
    title: wordOf(time.title, page),
    href: `${base}${language}/maintenance/#${anchorOf(time)}`,
    affected: concernedBy(time.services, page),
    /** Services of which the page says already that it is under way, and until when. */
    known: known ? time.services : [],
  }
}
