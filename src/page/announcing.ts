// What pages of now show of what people said: incidents that are open, work that is under way or near.
import { occurrenceStatus } from '../core/maintenance.ts'
import type { IncidentPicture, MaintenancePicture } from '../core/picture.ts'
import { capitalised } from '../core/text.ts'
import { DAY } from '../core/time.ts'
import { momentOf, type Page, wordOf } from './frame.ts'
import { INCIDENT_WORDS } from './incident-words.ts'
import { anchorOf, colourOf, concernedBy, incidentPath, shortOf, spanOf } from './said.ts'

/** Of the latest update so many characters are shown. */
const SHORT = 300

/** Work that begins within this time is announced, so many at most. */
const NEAR = 7 * DAY
const MOST_WORKS = 3

/** An open incident in short. */
export function saidModel(incident: IncidentPicture, page: Page) {
  const { language, base, moments, set } = page
  const words = INCIDENT_WORDS[language]
  const { id, started, updates, automatic } = incident
  const latest = updates.at(-1)!
  const when = moments.when(latest.at)
  return {
    id,
    href: `${base}${language}/${incidentPath(id)}`,
    title: wordOf(incident.title, page),
    status: colourOf(incident),
    word: words.statuses[incident.status],
    lasting: set(incident.status === 'monitoring' ? words.began : words.lasting[incident.impact]),
    since: momentOf(started, moments.since(started)),
    affected: concernedBy(incident.services, page),
    latest: shortOf(latest.text, page, SHORT),
    wrote: set(`${automatic ? words.wroteItself(when) : capitalised(when)}${language === 'fr' ? ' :' : ':'}`),
    more: words.readAll(updates.length),
  }
}

export type Work = ReturnType<typeof workModel>

/** Work under way and near, of repeating work the next time alone. `of`: whom it must concern; null: anybody. */
export function worksOf(page: Page, of: string | null): readonly Work[] {
  const { maintenances, at } = page.picture
  const concerns = ({ services }: MaintenancePicture) => of === null || services.includes(of)
  const near = maintenances.filter(
    (time) => time.cancelled === null && time.ends > at && time.begins < at + NEAR && concerns(time),
  )
  const next = near.filter((time, index) => near.findIndex((other) => other.of === time.of) === index)
  return next.slice(0, MOST_WORKS).map((time) => workModel(time, page))
}

function workModel(time: MaintenancePicture, page: Page) {
  const { picture, language, base, moments, set } = page
  const words = INCIDENT_WORDS[language]
  const working = occurrenceStatus(time, picture.at) === 'in_progress'
  const { text } = spanOf(time.begins, time.ends, page, moments)
  return {
    lead: set(working ? words.working(moments.when(time.ends)) : words.comes(text)),
    title: wordOf(time.title, page),
    href: `${base}${language}/maintenance/#${anchorOf(time)}`,
    affected: concernedBy(time.services, page),
  }
}
