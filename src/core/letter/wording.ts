// What a letter says: from facts to a subject and a plain text, in the reader's language. Pure, so that the same letter
// sent later says so, and two sites would write the same.

import { cleanNote } from '../observation.ts'
import { REASONS } from '../reason-words.ts'
import { type Language, say, type Text } from '../text.ts'
import { lasting } from '../time/lasting.ts'
import { at, since, span, stamp } from '../time/letter-moments.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../time/time.ts'
import { blamed } from '../verdict/blindness.ts'
import type { Affected, Letter, News } from '../verdict/letter.ts'
import { headlineOf, nameAmongOthers, nameOf, placeOf, type Speech, stateAmongOthers } from './headline.ts'
import { PHRASES } from './letter-words.ts'
import { PEOPLE } from './people-words.ts'
import { isOfSite, siteWords } from './site-words.ts'
import { wrap } from './wrapping.ts'

export interface WordingContext {
  readonly language: Language
  /** IANA name of the zone times are said in. */
  readonly timezone: string
  /** The hoster's name, in front of every subject. */
  readonly hoster: string
  /** Where the page is; null: not known. */
  readonly page: string | null
  /** Services that have a page of their own. */
  readonly shown: ReadonlySet<string>
  /** Where sites are, by their id. */
  readonly places: ReadonlyMap<string, Text>
  /** The site that writes, where there are several; null: it is the only one. */
  readonly from: string | null
  /** Where the reader says that they take the outages of this letter on; null: nowhere. */
  readonly acknowledge: string | null
  /** When it is sent. */
  readonly now: Instant
  /** When outages ended that have ended by now, by their id. */
  readonly ended: ReadonlyMap<string, Instant>
  /** What the thread's first letter said hangs on what this one says is over: whether that is over too; null: nothing. */
  readonly hanging: 'over' | 'open' | null
  /** The reader also hears of recoveries, so a letter may promise one. */
  readonly recoveryFollows: boolean
}

/** One line without control characters, and lines of at most 72 columns (longer only for one address). */
export interface Wording {
  readonly subject: string
  readonly body: string
}

/** A letter sent later than this after it was decided says so. */
const LATE: Millis = 5 * MINUTE

const LONGEST_SUBJECT = 120

/** What programs noted stands as a quotation, the reader's language around it. */
const QUOTED = /^ *> /

function quote(note: string, indent = ''): readonly string[] {
  return wrap(cleanNote(note), `${indent}> `)
}

/** What this letter says if it is sent at `context.now`. A `down` whose outages have all ended says that it was down. */
export function composeLetter(letter: Letter, context: WordingContext): Wording {
  const speech: Speech = { ...context, words: PHRASES[context.language], clock: context }
  const headline = headlineOf(letter.news, speech)
  const paragraphs = [
    [...wrap(/[.!?…]$/.test(headline) ? headline : `${headline}.`), ...lateness(letter, speech)],
    ...paragraphsOf(letter.news, speech),
    letter.news.kind === 'up' && context.hanging !== null ? wrap(speech.words.hanging[context.hanging]) : [],
    context.acknowledge === null ? [] : [PEOPLE[context.language].acknowledge, context.acknowledge],
    linkOf(letter.news, context),
    context.recoveryFollows ? wrap(promiseOf(letter.news, speech)) : [],
  ]
  const quoting = paragraphs.flat().some((line) => QUOTED.test(line))
  paragraphs.push([...(quoting ? wrap(speech.words.quotes) : []), ...detailsOf(letter, speech)])
  return {
    subject: capped(`[${cleanNote(context.hoster)}] ${headline}`),
    body: `${paragraphs
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n')}\n`,
  }
}

/** Where to read on, or to answer. */
function linkOf(news: News, { page, shown, language }: WordingContext): readonly string[] {
  if (page === null) return []
  if (news.kind === 'reminder') {
    const admin = new URL(`/admin/incidents/${news.incident}`, page)
    return [PEOPLE[language].answer, admin.href]
  }
  const [first, ...others] = affectedBy(news)
  const alone = others.length === 0 && !(news.kind === 'down' && news.children.length > 0)
  const service = first !== undefined && alone && shown.has(first.service) ? first.service : null
  const path = service === null ? '' : `${language}/services/${service}/`
  return [PHRASES[language].page, cleanNote(path === '' ? page : `${page.replace(/\/*$/, '')}/${path}`)]
}

/** The subject of an answer to a thread's first letter: the same but for `Re:`, or mail programs split the thread. */
export function replySubject(root: string): string {
  return `Re: ${capped(root)}`
}

function lateness(letter: Letter, { words, clock }: Speech): readonly string[] {
  const by = clock.now - letter.at
  return by > LATE ? wrap(words.late(at(letter.at, clock), lasting(by, clock.language))) : []
}

/** What stands between the headline and the link, one list of lines a paragraph. */
function paragraphsOf(news: News, speech: Speech): readonly (readonly string[])[] {
  const { words, clock } = speech
  if (isOfSite(news))
    return siteWords(news, clock, (site) => placeOf(site, speech)).paragraphs.map((paragraph) => wrap(paragraph))
  switch (news.kind) {
    case 'down':
      return [
        news.suspected === null ? [] : wrap(words.suspicion(nameOf(news.suspected, speech))),
        ...(news.affected.length === 1
          ? aloneParagraphs(news.affected[0]!, speech)
          : news.affected.map((one) => amongOthers(one, speech))),
        children(news.children, speech),
      ]
    case 'partial':
      return [
        news.affected.confidence.note === 'road' ? wrap(words.road) : [],
        ...aloneParagraphs(news.affected, speech),
        ...(news.others ?? []).map((one) => amongOthers(one, speech)),
      ]
    case 'up':
      return overParagraphs(news.over, speech)
    case 'unstable':
      return [wrap(`${words.changes(news.changes)} ${words.quiet}`), ...aloneParagraphs(news.affected, speech)]
    case 'settled':
      return [wrap(words.settledNote), ...(news.down ? aloneParagraphs(news.affected, speech) : [])]
    case 'degraded':
      return [wrap(words.degradedNote), ...news.affected.map((one) => amongOthers(one, speech))]
    case 'attention':
      return [wrap(words.attentionNote), ...news.items.map((item) => attentionLines(item, speech))]
    case 'blind': {
      const layers = blamed(news.layers)
        .map((layer) => cleanNote(words.layer(layer)))
        .join(', ')
      const { from } = speech
      const wasBlind = from === null ? words.wasBlindNote : words.wasBlindThere
      return [
        layers === '' ? [] : wrap(`${words.layers} ${layers}.`),
        wrap(news.until === null ? words.blindNote : wasBlind(lasting(news.until - news.since, clock.language))),
        writerLines(speech),
      ]
    }
    case 'self':
      return [wrap(words.selfNote[news.what]), [...quote(news.note), ...quote(news.remedy)], writerLines(speech)]
    case 'acknowledged':
      return [wrap(PEOPLE[clock.language].acknowledgedNote)]
    case 'reminder': {
      const people = PEOPLE[clock.language]
      return [wrap(news.why === 'over' ? people.overNote(since(news.since, clock)) : people.quietNote)]
    }
    case 'test':
      return [wrap(words.testNote)]
    default:
      news satisfies never
      return []
  }
}

/** Which site writes; nothing where it is the only one. */
function writerLines(speech: Speech): readonly string[] {
  return speech.from === null ? [] : wrap(speech.words.writer(placeOf(speech.from, speech)))
}

/** The paragraphs about the one service a letter is about. */
function aloneParagraphs(affected: Affected, speech: Speech): readonly (readonly string[])[] {
  const { words, clock, ended } = speech
  const over = ended.get(affected.outage)
  return [
    over === undefined ? [] : wrap(words.lasted(lasting(over - affected.since, clock.language))),
    affected.extent === 'inside' ? wrap(words.unseen) : [],
    [...wrap(howSure(affected, speech)), ...wrap(lastGood(affected, speech))],
    affected.checks.length === 0
      ? []
      : [over === undefined ? words.failing : words.failed, ...checksOf(affected, speech)],
  ]
}

/** How long outages were that are over, and what had failed when it is one. */
function overParagraphs(over: Extract<News, { kind: 'up' }>['over'], speech: Speech): readonly (readonly string[])[] {
  const { words, clock } = speech
  const length = ({ affected, until }: (typeof over)[number]) =>
    `${lasting(until - affected.since, clock.language)}, ${span(affected.since, until, clock)}`
  const [first] = over
  if (first !== undefined && over.length === 1) {
    const failed = first.affected.checks.length === 0 ? [] : [words.failed, ...checksOf(first.affected, speech)]
    return [wrap(words.lasted(length(first))), failed]
  }
  return [over.flatMap((one) => wrap(`${nameOf(one.affected, speech)}${words.colon}${length(one)}`, '- ', '  '))]
}

/** One service of several: its own paragraph with everything in it. */
function amongOthers(affected: Affected, speech: Speech): readonly string[] {
  const { words, clock, ended } = speech
  const over = ended.get(affected.outage)
  const state =
    over === undefined
      ? []
      : wrap(words.overSpan(span(affected.since, over, clock), lasting(over - affected.since, clock.language)), '  ')
  return [
    ...wrap(over === undefined ? stateAmongOthers(affected, speech) : nameAmongOthers(affected, speech)),
    ...state,
    ...wrap(howSure(affected, speech), '  '),
    ...wrap(lastGood(affected, speech), '  '),
    ...checksOf(affected, speech, '  '),
  ]
}

function children(affected: readonly Affected[], speech: Speech): readonly string[] {
  if (affected.length === 0) return []
  const { words, clock, ended } = speech
  return [
    ...wrap(words.children),
    ...affected.flatMap((one) => {
      const over = ended.get(one.outage)
      const time = over === undefined ? since(one.since, clock) : span(one.since, over, clock)
      return wrap(`${nameAmongOthers(one, speech)}${words.colon}${time}`, '- ', '  ')
    }),
  ]
}

/** What failed, one a check: target and kind, the reason in words, and below it, quoted, what the look noted. */
function checksOf(affected: Affected, { words, clock }: Speech, indent = ''): readonly string[] {
  return affected.checks.flatMap((check) => {
    const reason = check.reason === null ? '' : `${words.colon}${REASONS[clock.language][check.reason]}`
    return [
      ...wrap(`${cleanNote(check.target)} (${cleanNote(check.kind)})${reason}`, `${indent}- `, `${indent}  `),
      ...quote(check.note, `${indent}  `),
    ]
  })
}

function attentionLines(
  item: Extract<News, { kind: 'attention' }>['items'][number],
  { words, clock }: Speech,
): readonly string[] {
  const name = cleanNote(say(item.service, clock.language))
  return [
    ...wrap(`${name}${words.colon}${words.attentionKind[item.kind]} (${cleanNote(item.check)})`, '- ', '  '),
    ...quote(item.note, '  '),
    ...wrap(since(item.since, clock), '  '),
  ]
}

function howSure({ confidence }: Affected, speech: Speech): string {
  const alone = confidence.note === 'one_site' && confidence.of <= 1
  const told = alone ? confidence.sites.filter((site) => speech.places.has(site)) : confidence.sites
  const sites = told.map((site) => placeOf(site, speech))
  return speech.words.sure(cleanNote(speech.words.confidence({ ...confidence, sites })))
}

function lastGood({ lastGood, since }: Affected, { words, clock }: Speech): string {
  if (lastGood === null) return words.neverGood
  return lastGood < since ? words.lastGood(lasting(since - lastGood, clock.language)) : ''
}

/** What comes next for whoever hears of recoveries. */
function promiseOf(news: News, speech: Speech): string {
  const { words, ended } = speech
  if (news.kind !== 'partial' && news.kind !== 'down') return ''
  const open = affectedBy(news).filter((one) => !ended.has(one.outage))
  if (open.length === 0) return ''
  if (news.kind === 'partial') return words.whenSettled
  return open.length === 1 ? words.oneMore : words.whenOver
}

/** For whoever looks into it: what to type, and which zone the times above are in. */
function detailsOf({ news, at }: Letter, { words, clock }: Speech): readonly string[] {
  if (news.kind === 'self' || news.kind === 'test' || news.kind === 'acknowledged') return []
  // The second after: what was decided within this one is not seen at its beginning.
  const when = stamp(Math.ceil(at / SECOND) * SECOND, clock)
  const lines = affectedBy(news).map(({ service }) => `  vigie explain ${cleanNote(service)} ${when}`)
  return [...(lines.length === 0 ? [] : [words.why, ...lines]), ...wrap(words.zone(clock.timezone))]
}

/** Every service a letter is about; not those that merely hang on them. */
function affectedBy(news: News): readonly Affected[] {
  if (news.kind === 'up') return news.over.map(({ affected }) => affected)
  if (news.kind === 'down' || news.kind === 'degraded') return news.affected
  if (news.kind === 'partial') return [news.affected, ...(news.others ?? [])]
  return 'affected' in news ? [news.affected] : []
}

function capped(subject: string): string {
  const line = cleanNote(subject)
  const characters = [...line]
  return characters.length <= LONGEST_SUBJECT ? line : `${characters.slice(0, LONGEST_SUBJECT - 1).join('')}…`
}
