// Planned work: under way, to come, past. Each time of it has an anchor of its own, to which calendars and feeds lead.
import { occurrenceStatus } from '../../core/said/maintenance.ts'
import type { MaintenancePicture, Picture } from '../../core/shown/picture.ts'
import { capitalised, type Language } from '../../core/text.ts'
import { INCIDENT_WORDS } from '../words/incident-words.ts'
import { frameOf, momentOf, type Page, pageOf, wordOf } from './frame.ts'
import { anchorOf, concernedBy, proseOf, spanOf, WORK_COLOURS } from './said.ts'
import type { Views } from './views.ts'

/** The page shows so many that are over, and to come. */
const MOST = 100

/** Where the page lies within its language. */
export const MAINTENANCE_PATH = 'maintenance/'

/** A whole document. A hundred of each part; of the others their number is told. */
export function renderMaintenance(picture: Picture, language: Language, views: Views): string {
  return views.render('maintenance', maintenanceModel(pageOf(picture, language, MAINTENANCE_PATH)))
}

function maintenanceModel(page: Page) {
  const { picture, language, base } = page
  const { maintenances, at: now } = picture
  const words = INCIDENT_WORDS[language]
  const ahead = maintenances.filter(({ begins, ends }) => begins > now && ends > now)
  const past = maintenances.filter(({ ends }) => ends <= now).reverse()
  const parts = [
    { title: words.underWay, times: maintenances.filter(({ begins, ends }) => begins <= now && now < ends) },
    { title: words.ahead, times: ahead },
    { title: words.past, times: past },
  ]
  return {
    ...frameOf(page, { title: words.maintenance, description: words.maintenanceLead, status: picture.status }),
    said: words,
    lead: page.set(words.maintenanceLead),
    nothing: parts[0]!.times.length + ahead.length === 0 ? words.noneAhead : null,
    calendar: `${base}${language}/calendar.ics`,
    parts: parts
      .filter(({ times }) => times.length > 0)
      .map(({ title, times }) => ({
        title,
        times: times
          .slice(0, MOST)
          .map((time, at) => timeModel(time, page, at === times.findIndex(({ of }) => of === time.of))),
        more: times.length > MOST ? words.older(times.length - MOST) : null,
      })),
  }
}

/** `first`: of those that are told together; what is the same of all is told once. */
function timeModel(time: MaintenancePicture, page: Page, first: boolean) {
  const { picture, language, moments } = page
  const words = INCIDENT_WORDS[language]
  const status = occurrenceStatus(time, picture.at)
  return {
    anchor: anchorOf(time),
    workTitle: wordOf(time.title, page),
    status: WORK_COLOURS[status],
    word: capitalised(words.standings[status]),
    off: status === 'cancelled',
    span: spanOf(time.begins, time.ends, page, moments),
    repeats: time.repeats ? words.repeats : null,
    affected: concernedBy(time.services, page),
    about: first ? proseOf(time.text, page) : { html: '', lang: null },
    updates: updatesOf(time)
      .map((update) => ({ ...proseOf(update.text, page), at: momentOf(update.at, moments.whole(update.at)) }))
      .reverse(),
  }
}

/** Work that repeats tells with each time what was said while it ran. */
function updatesOf({ repeats, begins, ends, updates }: MaintenancePicture) {
  return updates.filter(({ at }) => !repeats || (at >= begins && at <= ends))
}
