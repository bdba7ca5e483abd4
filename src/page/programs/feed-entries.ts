// What feeds tell: measured outages, incidents with every update, maintenance. An entry's id never changes, and its text
// changes only when there is news, so that readers can rely on both.

import type { OutageRecord } from '../../core/history/outage-record.ts'
import { REASONS } from '../../core/reason-words.ts'
import type { IncidentPicture, MaintenancePicture, Picture } from '../../core/shown/picture.ts'
import { capitalised, type Language, list, PUNCTUATION, say, spokenIn, type Text } from '../../core/text.ts'
import { lasting } from '../../core/time/lasting.ts'
import { DAY, type Instant } from '../../core/time/time.ts'
import { servicePath } from '../pages/frame.ts'
import { INCIDENT_WORDS, spanBetween } from '../words/incident-words.ts'
import { markdownHtml } from '../words/markdown.ts'
import { momentsOf } from '../words/page-moments.ts'
import type { RunningStory } from '../words/stories.ts'
import { typeset } from '../words/words.ts'
import { pageAddress } from './address.ts'
import { xml } from './markup.ts'

export interface FeedEntry {
  /** Within the feed's own names: `outage/…`, `incident/…`, `maintenance/…`. */
  readonly id: string
  readonly title: string
  readonly published: Instant
  /** The last moment at which there was something new to say. */
  readonly updated: Instant
  readonly link: string
  readonly category: string
  readonly html: string
  /** Ids of the services it is about; empty: of all. */
  readonly services: readonly string[]
}

/** Feeds show so many. */
export const MOST_ENTRIES = 50

/** Work is announced in feeds so long before it begins: a repeating one must not fill them. */
const ANNOUNCED = 14 * DAY

interface OutageWords {
  /** One that is named, and so many others. */
  readonly several: (name: string, others: number) => string
  readonly down: (names: string) => string
  readonly partly: (names: string, several: boolean) => string
  readonly over: (names: string, length: string) => string
  readonly since: (moment: string) => string
  readonly lasted: (span: string, length: string) => string
  readonly why: (reasons: string) => string
  readonly back: (names: string) => string
  readonly measured: string
}

const OUTAGE_WORDS: Readonly<Record<Language, OutageWords>> = {
  fr: {
    several: (name, others) => `${name} et ${others} ${others === 1 ? 'autre service' : 'autres services'}`,
    down: (names) => `${names} : en panne`,
    partly: (names, several) => `${names} : en partie injoignable${several ? 's' : ''}`,
    over: (names, length) => `${names} : panne terminée, elle a duré ${length}`,
    since: (moment) => `En panne depuis le ${moment}.`,
    lasted: (span, length) => `En panne ${span} (${length}).`,
    why: (reasons) => `Ce que nous avons vu : ${reasons}.`,
    back: (names) => `De nouveau en service : ${names}.`,
    measured: 'Mesuré automatiquement.',
  },
  en: {
    several: (name, others) => `${name} and ${others} other ${others === 1 ? 'service' : 'services'}`,
    down: (names) => `${names}: down`,
    partly: (names) => `${names}: partly unreachable`,
    over: (names, length) => `${names}: outage over, it lasted ${length}`,
    since: (moment) => `Down since ${moment}.`,
    lasted: (span, length) => `Down ${span} (${length}).`,
    why: (reasons) => `What we saw: ${reasons}.`,
    back: (names) => `Working again: ${names}.`,
    measured: 'Measured automatically.',
  },
}

/** What people said, in a language. */
export function saidEntries(picture: Picture, language: Language): readonly FeedEntry[] {
  const shown = picture.maintenances.filter(({ begins }) => begins - picture.at < ANNOUNCED)
  return [
    ...picture.incidents.slice(0, MOST_ENTRIES * 2).map((incident) => incidentEntry(incident, picture, language)),
    ...shown.map((time) => maintenanceEntry(time, picture, language)),
  ]
}

/** What was measured, in a language. */
export function outageEntries(
  stories: readonly RunningStory[],
  picture: Picture,
  language: Language,
): readonly FeedEntry[] {
  return stories.map((story) => outageEntry(story, picture, language))
}

function outageEntry(story: RunningStory, picture: Picture, language: Language): FeedEntry {
  const words = OUTAGE_WORDS[language]
  const moments = momentsOf(language, picture.hoster.timezone, 0)
  const { since, ended, down, back } = story
  const [first] = down
  const names = subjectOf(story, picture, language)
  const length = ended === null ? '' : lasting(ended - since, language)
  const sure = down.some(({ confirmed }) => confirmed)
  const title =
    ended !== null ? words.over(names, length) : sure ? words.down(names) : words.partly(names, down.length > 1)
  const reasons = reasonsOf(first, language)
  const sentences = [
    ended === null
      ? words.since(moments.whole(since))
      : words.lasted(spanBetween(since, ended, language, moments), length),
    ...(down.length === 1 ? [] : [INCIDENT_WORDS[language].concerns(namesOf(down, picture, language))]),
    ...(back.length === 0 ? [] : [words.back(namesOf(back, picture, language))]),
    ...(reasons === '' ? [] : [words.why(reasons)]),
    words.measured,
  ]
  return {
    id: `outage/${story.id}`,
    title: typeset(title, language),
    published: story.opened,
    updated: story.changed,
    link: pageAddress(picture, servicePath(first.service), '', language),
    category: sure ? 'major' : 'minor',
    html: sentences.map((sentence) => `<p>${xml(typeset(sentence, language))}</p>`).join(''),
    services: [...down, ...back].map(({ service }) => service),
  }
}

/** `Serveurs`, `Serveurs et 13 autres services`. */
export function subjectOf({ down: [first, ...others] }: RunningStory, picture: Picture, language: Language): string {
  const name = nameOf(picture, first.service, language)
  return others.length === 0 ? name : OUTAGE_WORDS[language].several(name, others.length)
}

/** Why it failed, each reason once; empty where nothing says it. */
export function reasonsOf({ checks }: OutageRecord, language: Language): string {
  const reasons = checks.flatMap(({ reason }) => (reason === null ? [] : [REASONS[language][reason]]))
  return list([...new Set(reasons)], language)
}

/** `Fichiers ; Rendez-vous, sondages`: names may hold commas. */
export function namesOf(outages: readonly OutageRecord[], picture: Picture, language: Language): string {
  const names = outages.map(({ service }) => nameOf(picture, service, language))
  return names.join(PUNCTUATION[language].semicolon)
}

function incidentEntry(incident: IncidentPicture, picture: Picture, language: Language): FeedEntry {
  const words = INCIDENT_WORDS[language]
  const moments = momentsOf(language, picture.hoster.timezone, picture.at)
  const names = incident.services.map((id) => nameOf(picture, id, language))
  const step = (label: string, at: Instant, text: Text) =>
    `<p><strong>${xml(label)}</strong>, ${xml(moments.whole(at))}</p>${spoken(text, language)}`
  const after =
    incident.postmortem === null ? [] : [step(words.postmortem, incident.postmortem.at, incident.postmortem.text)]
  const updates = incident.updates.map(({ status, at, text }) => step(words.statuses[status], at, text))
  return {
    id: `incident/${incident.id}`,
    title: typeset(words.entry(say(incident.title, language), words.statuses[incident.status].toLowerCase()), language),
    published: incident.created,
    updated: incident.changed,
    link: pageAddress(picture, `incidents/${incident.id}/`, '', language),
    category: incident.impact,
    html: [
      ...after,
      ...updates.reverse(),
      ...(names.length === 0 ? [] : [`<p>${xml(typeset(words.concerns(list(names, language)), language))}</p>`]),
    ].join(''),
    services: incident.services,
  }
}

function maintenanceEntry(time: MaintenancePicture, picture: Picture, language: Language): FeedEntry {
  const words = INCIDENT_WORDS[language]
  const moments = momentsOf(language, picture.hoster.timezone, picture.at)
  const names = time.services.map((id) => nameOf(picture, id, language))
  // Its moments, read by themselves, are told with their year.
  const dated = momentsOf(language, picture.hoster.timezone, 0)
  const when = `${spanBetween(time.begins, time.ends, language, dated)}.`
  const updates = time.updates.map(({ at, text }) => `<p>${xml(moments.whole(at))}</p>${spoken(text, language)}`)
  const announced = time.repeats ? Math.max(time.created, time.begins - ANNOUNCED) : time.created
  const changed = time.repeats ? Math.max(announced, time.cancelled ?? 0) : Math.max(time.created, time.changed)
  return {
    id: `maintenance/${time.id}`,
    title: typeset(
      time.cancelled === null
        ? words.planned(say(time.title, language), moments.whole(time.begins))
        : words.calledOff(say(time.title, language)),
      language,
    ),
    published: announced,
    updated: changed,
    link: pageAddress(picture, 'maintenance/', `time-${time.id}`, language),
    category: 'maintenance',
    html: [
      `<p>${xml(typeset(time.cancelled === null ? capitalised(when) : words.wasPlanned(when), language))}</p>`,
      spoken(time.text, language),
      ...updates,
      ...(names.length === 0 ? [] : [`<p>${xml(typeset(words.concerns(list(names, language)), language))}</p>`]),
    ].join(''),
    services: time.services,
  }
}

/** Markdown as HTML, marked with its language where that isn't the reader's. */
function spoken(text: Text, language: Language): string {
  const html = markdownHtml(say(text, language))
  const real = spokenIn(text, language)
  return real === language || html === '' ? html : `<div lang="${real}">${html}</div>`
}

/** The name of a service; its id when it is gone. */
function nameOf(picture: Picture, id: string, language: Language): string {
  const service = picture.services.find(({ service }) => service.id === id)
  return service === undefined ? id : say(service.service.name, language)
}
