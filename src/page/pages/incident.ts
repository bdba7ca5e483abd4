// The page of one incident, its permalink. Every moment on it has its date and year: it reads well years later, and once the
// incident is over it is the same every day.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import { lastWord } from '../../core/said/last-word.ts'
import type { IncidentPicture, Picture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'
import { INCIDENT_WORDS } from '../words/incident-words.ts'
import { storyModel } from '../words/outage-words.ts'
import { momentsOf } from '../words/page-moments.ts'
import { PAST_PROSE } from '../words/past-prose.ts'
import { storiesOf } from '../words/stories.ts'
import { explains } from './episodes.ts'
import { frameOf, momentOf, type Page, pageOf, wordOf } from './frame.ts'
import { colourOf, concernedBy, incidentPath, proseOf, shortOf, spanOf, stepColour } from './said.ts'
import type { Views } from './views.ts'

/** So long may the description be that search engines and messengers show. */
const DESCRIPTION = 200

/** `outages`: for members, newest first; the page takes its own from them. */
export function renderIncident(
  picture: Picture,
  incident: IncidentPicture,
  outages: readonly OutageRecord[],
  language: Language,
  views: Views,
): string {
  const page = pageOf(picture, language, incidentPath(incident.id))
  return views.render('incident', incidentModel(incident, outages, page))
}

function incidentModel(incident: IncidentPicture, outages: readonly OutageRecord[], page: Page) {
  const { picture, language, set } = page
  const words = INCIDENT_WORDS[language]
  const moments = momentsOf(language, picture.hoster.timezone, 0)
  const dated = { ...page, moments }
  const { status, impact, started, resolved, postmortem } = incident
  const title = wordOf(incident.title, page)
  const open = resolved === null
  const services = new Map(picture.services.map((one) => [one.service.id, one]))
  const stories = storiesOf(outages.filter((outage) => explains(incident, outage)))
  const frame = frameOf(page, {
    title: title.text,
    description: shortOf(lastWord(incident).text, page, DESCRIPTION).text,
    status: open ? colourOf(incident) : 'operational',
  })
  return {
    ...frame,
    words: PAST_PROSE[language],
    said: words,
    open,
    incidentTitle: title,
    status: colourOf(incident),
    word: words.statuses[status],
    since: open ? momentOf(started, set(words.openSince(moments.whole(started)))) : null,
    span: resolved === null ? null : spanOf(started, resolved, page, moments),
    affected: concernedBy(incident.services, page),
    automatic: incident.automatic ? set(words.automatic) : null,
    postmortem:
      postmortem === null
        ? null
        : { ...proseOf(postmortem.text, page), at: momentOf(postmortem.at, moments.whole(postmortem.at)) },
    updates: [...incident.updates].reverse().map((update) => ({
      ...proseOf(update.text, page),
      id: update.id,
      status: stepColour(update.status, impact),
      word: words.statuses[update.status],
      at: momentOf(update.at, moments.whole(update.at)),
      corrected: update.corrected === null ? null : set(words.corrected(moments.whole(update.corrected))),
    })),
    stories: stories.map((story) => storyModel(story, dated, services)),
  }
}
