// What somebody hands in to be said: JSON of the API, a form, arguments of a command. Read strictly; every mistake is named
// by its field, all at once.

import { isLine, isProse, LONGEST_TEXT, LONGEST_TITLE, MOST_SERVICES } from '../ledger/payload.ts'
import { LANGUAGES, type Language, type Text } from '../text.ts'
import { type Instant, type Millis, parseDuration } from '../time/time.ts'
import { readMoment } from '../time/wall-time.ts'
import { IMPACTS, INCIDENT_STATUSES, type IncidentOpen, type IncidentUpdate, RAISES } from './incident.ts'

export interface Mistake {
  /** `title.fr`, `services`; `body` for the whole. */
  readonly field: string
  readonly message: string
}

/** What must be known to read it. */
export interface Surroundings {
  /** Of the page; a text without a language is in the first. */
  readonly languages: readonly [Language, ...Language[]]
  readonly services: readonly string[]
  readonly timezone: string
  readonly now: Instant
}

export type Read<T> = { readonly read: T } | { readonly mistakes: readonly Mistake[] }

/** A value, or why it is none. */
export type Convert<T> = (value: unknown, around: Surroundings) => T | Wrong

/** Why a value is none; `part`: which part of it, by name. */
export interface Wrong {
  readonly wrong: string
  readonly part: string | null
}

/** What a `Convert` returns: nothing here throws. */
export function wrong(message: string, part: string | null = null): Wrong {
  return { wrong: message, part }
}

function isWrong(made: unknown): made is Wrong {
  return typeof made === 'object' && made !== null && 'wrong' in made
}

export interface Submission {
  readonly around: Surroundings
  /** Null when it isn't said, or wrong. */
  take<T>(field: string, convert: Convert<T>): T | null
  /** The same, and not saying it is a mistake. What it returns then is never used. */
  need<T>(field: string, convert: Convert<T>): T
  /** Of one field the first alone counts. */
  complain(field: string, message: string): void
}

/** Reads an object by `reading`, which names every field it knows; any other is a mistake. */
export function readSubmission<T>(
  handed: unknown,
  around: Surroundings,
  reading: (submission: Submission) => T,
): Read<T> {
  if (typeof handed !== 'object' || handed === null || Array.isArray(handed))
    return { mistakes: [{ field: 'body', message: 'must be a JSON object' }] }
  const given = handed as Readonly<Record<string, unknown>>
  const known = new Set<string>()
  const mistakes: Mistake[] = []
  // Of one field the first: what is wrong with it next may come of that.
  const complain = (field: string, message: string) => {
    if (!mistakes.some((mistake) => mistake.field === field)) mistakes.push({ field, message })
  }
  const take = <V>(field: string, convert: Convert<V>): V | null => {
    known.add(field)
    const value = Object.hasOwn(given, field) ? given[field] : undefined
    if (value === undefined || value === null || value === '') return null
    const made = convert(value, around)
    if (!isWrong(made)) return made as V
    complain(made.part === null ? field : `${field}.${made.part}`, made.wrong)
    return null
  }
  const need = <V>(field: string, convert: Convert<V>): V => {
    const before = mistakes.length
    const made = take(field, convert)
    if (made === null && mistakes.length === before) complain(field, 'is missing')
    return made as V
  }
  const read = reading({ around, take, need, complain })
  for (const field of Object.keys(given)) {
    if (!known.has(field)) complain(field.slice(0, 50), `is not known here; there are ${[...known].join(', ')}`)
  }
  return mistakes.length > 0 ? { mistakes } : { read }
}

export type IncidentWords = Pick<
  IncidentOpen,
  'title' | 'text' | 'status' | 'impact' | 'services' | 'started' | 'raises'
>

/** What is said where nobody says it: by a draft, or by a template that is filled in for these services since then. */
export interface Prepared {
  readonly services: readonly string[]
  readonly started: Instant | null
  words(services: readonly string[], started: Instant): Partial<IncidentWords>
}

export const NOTHING_PREPARED: Prepared = { services: [], started: null, words: () => ({}) }

/** An incident to open. */
export function readOpening(submission: Submission, prepared: Prepared): IncidentWords {
  const { take, need, around, complain } = submission
  const started = take('started', asMoment) ?? prepared.started ?? around.now
  if (started > around.now) complain('started', 'is in the future: work ahead is a maintenance')
  const services = take('services', asServices) ?? prepared.services
  const otherwise = prepared.words(services, started)
  return {
    title: otherwise.title === undefined ? need('title', asTitle) : (take('title', asTitle) ?? otherwise.title),
    text: otherwise.text === undefined ? need('text', asProse) : (take('text', asProse) ?? otherwise.text),
    status: take('status', asOneOf(INCIDENT_STATUSES)) ?? otherwise.status ?? 'investigating',
    impact: take('impact', asOneOf(IMPACTS)) ?? otherwise.impact ?? 'minor',
    services,
    started,
    raises: take('raises', asOneOf(RAISES)) ?? otherwise.raises ?? 'none',
  }
}

/** An update; `before`: how the incident stands. Without a text only an end is announced, in the words of `ENDED`. */
export function readUpdate(
  { take, need, around }: Submission,
  before: IncidentUpdate['status'],
): Pick<IncidentUpdate, 'text' | 'status'> {
  const status = take('status', asOneOf(INCIDENT_STATUSES)) ?? before
  if (status !== 'resolved' || before === 'resolved') return { status, text: need('text', asProse) }
  const ended = Object.fromEntries(around.languages.map((language) => [language, ENDED[language]]))
  return { status, text: take('text', asProse) ?? ended }
}

const ENDED: Readonly<Record<Language, string>> = {
  fr: 'C’est rétabli.',
  en: 'It is back to normal.',
}

/** What is changed of an incident; null: nothing. */
export function readCorrection({ take, around, complain }: Submission) {
  const started = take('started', asMoment)
  if (started !== null && started > around.now) complain('started', 'is in the future')
  return {
    title: take('title', asTitle),
    impact: take('impact', asOneOf(IMPACTS)),
    services: take('services', asServices),
    started,
    raises: take('raises', asOneOf(RAISES)),
  }
}

/** One line of 200 characters at most, trimmed; a text without a language is in the page's first. */
export const asTitle: Convert<Text> = (value, around) => {
  const fault = (text: string) =>
    isLine(text, LONGEST_TITLE) ? null : `must be one line of at most ${LONGEST_TITLE} characters`
  return asText(value, around, fault)
}

/** Markdown; ends of lines become line feeds. */
export const asProse: Convert<Text> = (value, around) => {
  const fault = (text: string) =>
    isProse(text) ? null : `must be at most ${LONGEST_TEXT} characters, without control characters`
  return asText(value, around, fault)
}

function asText(value: unknown, { languages }: Surroundings, fault: (text: string) => string | null): Text | Wrong {
  const given = typeof value === 'string' ? { [languages[0]]: value } : value
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return wrong('must be text, or one text a language')
  const texts: Partial<Record<Language, string>> = {}
  for (const [language, text] of Object.entries(given)) {
    if (!LANGUAGES.some((one) => one === language))
      return wrong(`${JSON.stringify(language.slice(0, 20))} is no language: there are ${LANGUAGES.join(' and ')}`)
    if (text === '' || text === null) continue
    if (typeof text !== 'string') return wrong('must be text', language)
    const clean = text.replace(/\r\n?/g, '\n').trim()
    if (clean === '') continue
    const why = fault(clean)
    if (why !== null) return wrong(why, typeof value === 'string' ? null : language)
    texts[language as Language] = clean
  }
  return Object.keys(texts).length === 0 ? wrong('is empty') : texts
}

/** Ids of services: a list, or one text with commas. */
export const asServices: Convert<readonly string[]> = (value, { services }) => {
  const ids = typeof value === 'string' ? value.split(',').map((id) => id.trim()) : value
  if (!Array.isArray(ids) || ids.length > MOST_SERVICES) return wrong('must be a list of services')
  const strange = ids.find((id) => !services.includes(id as string)) as unknown
  if (strange !== undefined)
    return wrong(`names ${JSON.stringify(strange).slice(0, 60)}, which is no service; there are ${services.join(', ')}`)
  return [...new Set(ids as string[])]
}

/** Letter for letter. */
export function asOneOf<T extends string>(words: readonly T[]): Convert<T> {
  return (value) => words.find((word) => word === value) ?? wrong(`must be one of ${words.join(', ')}`)
}

/** A moment that is over or now, as people type it or in ISO 8601: `14:02` is the last time clocks showed it. */
const asMoment: Convert<Instant> = (value, around) => momentOf(value, around, around.now, 'back')

/** The same, ahead: `14:02` is the next time after `from`. */
export function asMomentAfter(from: Instant): Convert<Instant> {
  return (value, around) => momentOf(value, around, from, 'ahead')
}

/** The same, or `now`. */
export function asNowOrAfter(from: Instant): Convert<Instant> {
  return (value, around) => (value === 'now' ? around.now : asMomentAfter(from)(value, around))
}

function momentOf(value: unknown, { timezone }: Surroundings, from: Instant, way: 'back' | 'ahead'): Instant | Wrong {
  if (typeof value !== 'string' || value.length > 50) return wrong('must be a moment, such as 2026-11-23T14:02Z')
  const read = readMoment(value, from, timezone, way)
  return 'wrong' in read ? wrong(`is ${read.wrong}`) : read.at
}

/** As contract 3 writes it (`30m`), more than nothing. A number is none. */
export const asDuration: Convert<Millis> = (value) => {
  const length = typeof value === 'string' ? parseDuration(value) : undefined
  return length === undefined || length <= 0 ? wrong('must be a length of time such as 30m or 2h') : length
}
