// `/outage.json`: what XMPP programs show when their server can't be reached (XEP-0455, 0.3.1).
import { lastWord } from '../../core/said/last-word.ts'
import type { IncidentPicture, MaintenancePicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { LANGUAGES, type Language, PUNCTUATION, say } from '../../core/text.ts'
import { DAY, type Instant, iso } from '../../core/time/time.ts'
import { markdownText } from '../words/markdown.ts'
import { momentsOf } from '../words/page-moments.ts'
import { conditionOf } from '../words/trouble.ts'
import { CONDITIONS } from '../words/words.ts'

/** Work that begins within this time is announced; programs tell it from what is under way by its beginning. */
const ANNOUNCED = 2 * DAY

const PORT = /:(5222|5223|5269|5270)$/

interface Outage {
  readonly planned: boolean
  readonly beginning: Instant
  readonly end: Instant | null
  message(language: Language): string
}

/** An empty object when all is well. What people said comes before what was measured, what is so before what is planned. */
export function xmppOutage(picture: Picture): object {
  const chats = picture.services.filter(isChat)
  const concerned = new Set(
    (chats.length > 0 ? chats : picture.services).flatMap(({ service, cause }) => [
      service.id,
      ...(cause ? [cause] : []),
    ]),
  )
  const touches = ({ services }: { readonly services: readonly string[] }) =>
    services.length === 0 || services.some((id) => concerned.has(id))
  const incident = picture.incidents.find((one) => one.status !== 'resolved' && touches(one))
  const times = picture.maintenances.filter((one) => one.cancelled === null && one.ends > picture.at && touches(one))
  const working = times.find(({ begins }) => begins <= picture.at)
  const down = chats.find(({ status }) => status === 'major_outage' || status === 'partial_outage')
  const next = times.find(({ begins }) => begins - picture.at <= ANNOUNCED)
  const outage =
    (incident && fromIncident(incident)) ??
    (working && fromWork(working)) ??
    (down && fromMeasure(down, picture)) ??
    (next && fromWork(next))
  return outage === undefined ? {} : documentOf(outage, picture)
}

function isChat({ service }: ServicePicture): boolean {
  return service.checks.some(({ kind, target }) => kind.startsWith('xmpp') || PORT.test(target))
}

function fromIncident(incident: IncidentPicture): Outage {
  const { text } = lastWord(incident)
  const message = (language: Language) =>
    `${say(incident.title, language)}\n${markdownText(say(text, language))}`.trim()
  return { planned: false, beginning: incident.started, end: null, message }
}

function fromWork({ title, text, begins, ends }: MaintenancePicture): Outage {
  const message = (language: Language) => `${say(title, language)}\n${markdownText(say(text, language))}`.trim()
  return { planned: true, beginning: begins, end: ends, message }
}

const SINCE: Readonly<Record<Language, string>> = { fr: ' depuis le ', en: ' since ' }

function fromMeasure(service: ServicePicture, picture: Picture): Outage {
  const message = (language: Language) => {
    const since = momentsOf(language, picture.hoster.timezone, picture.at).whole(service.since)
    const name = `${say(service.service.name, language)}${PUNCTUATION[language].colon}`
    return `${name}${CONDITIONS[language][conditionOf(service)].toLowerCase()}${SINCE[language]}${since}.`
  }
  return { planned: false, beginning: service.since, end: null, message }
}

function documentOf({ planned, beginning, end, message }: Outage, { hoster }: Picture): object {
  const told = LANGUAGES.filter((language) => hoster.languages.includes(language))
  return {
    planned,
    beginning: iso(beginning),
    ...(end === null ? {} : { expected_end: iso(end) }),
    message: {
      default: message(hoster.languages[0]),
      ...Object.fromEntries(told.map((language) => [language, message(language)])),
    },
  }
}
