// The one line that says it: a letter's subject and its first sentence.

import { cleanNote } from '../observation.ts'
import { say, type Text } from '../text.ts'
import { type Clock, since, span } from '../time/moment.ts'
import type { Instant } from '../time/time.ts'
import type { Affected, News } from '../verdict/letter.ts'
import type { Phrases } from './letter-words.ts'
import { PEOPLE } from './people-words.ts'
import { siteNews, siteWords } from './site-words.ts'

/** In whose words, and what is known by now. */
export interface Speech {
  readonly words: Phrases
  readonly clock: Clock
  /** When outages ended that have ended by now, by their id. */
  readonly ended: ReadonlyMap<string, Instant>
}

/** What happened, in one line without a full stop. */
export function headlineOf(news: News, speech: Speech): string {
  const { words, clock } = speech
  const name = (one: { readonly name: Text }) => nameOf(one, speech)
  const people = PEOPLE[clock.language]
  const ofSite = siteNews(news)
  if (ofSite !== null) return siteWords(ofSite, clock).headline
  switch (news.kind) {
    case 'down':
      return downHeadline(news, speech)
    case 'partial':
      return partialHeadline(news, speech)
    case 'up':
      return upHeadline(news, speech)
    case 'unstable':
      return words.unstable(name(news.affected))
    case 'settled':
      return news.down
        ? words.settledDown(name(news.affected), since(news.affected.since, clock))
        : words.settledUp(name(news.affected))
    case 'degraded':
      return words.degraded(news.affected.map(name).join(', '))
    case 'attention':
      return words.attention(news.items.length)
    case 'blind':
      return news.until === null
        ? words.blind(since(news.since, clock))
        : words.wasBlind(span(news.since, news.until, clock))
    case 'self':
      return words.self[news.what]
    case 'acknowledged':
      return people.acknowledged(whoOf(news.by), news.outages.map(name).join(', '))
    case 'reminder': {
      const title = cleanNote(say(news.title, clock.language))
      return news.why === 'over' ? people.over(title) : people.quiet(title, since(news.since, clock))
    }
    default:
      return words.test
  }
}

/** Whoever opened a mail's link is known by the address it went to. */
function whoOf(by: string): string {
  return cleanNote(by.replace(/^(?:mail|token):/, ''))
}

function downHeadline(news: Extract<News, { kind: 'down' }>, speech: Speech): string {
  const { words, clock } = speech
  const { suspected } = news
  const over = endOf(news.affected, speech)
  const affected = over === null ? news.affected.filter((one) => endOf([one], speech) === null) : news.affected
  const names = affected.map((one) => nameOf(one, speech)).join(', ')
  const began = Math.min(...affected.map((one) => one.since))
  if (over !== null) {
    return affected.length === 1
      ? words.wasDown(names, span(began, over, clock))
      : words.manyWereDown(affected.length, names)
  }
  if (suspected !== null) {
    return words.suspectedDown(nameOf(suspected, speech), since(began, clock), affected.length + news.children.length)
  }
  return affected.length === 1
    ? words.down(names, since(began, clock))
    : words.manyDown(affected.length, since(began, clock), names)
}

function partialHeadline(news: Extract<News, { kind: 'partial' }>, speech: Speech): string {
  const { words, clock } = speech
  const { affected, others = [] } = news
  const over = endOf([affected, ...others], speech)
  const time = over === null ? since(affected.since, clock) : span(affected.since, over, clock)
  const name = [affected, ...others].map((one) => nameOf(one, speech)).join(', ')
  if (affected.confidence.note === 'road')
    return over === null ? words.unreached(name, time) : words.wasUnreached(name, time)
  return over === null ? words.partial(name, time) : words.wasPartial(name, time)
}

function upHeadline({ over }: Extract<News, { kind: 'up' }>, speech: Speech): string {
  const { words, clock } = speech
  const names = over.map(({ affected }) => nameOf(affected, speech)).join(', ')
  const last = Math.max(...over.map(({ until }) => until))
  return over.length === 1 ? words.up(names, since(last, clock)) : words.manyUp(over.length, since(last, clock), names)
}

/** When the last of them ended; null while one hasn't. */
function endOf(affected: readonly Affected[], { ended }: Pick<Speech, 'ended'>): Instant | null {
  const ends = affected.map((one) => ended.get(one.outage))
  return ends.length > 0 && ends.every((end) => end !== undefined) ? Math.max(...ends) : null
}

/** A service's name in the reader's language, one clean line. */
export function nameOf({ name }: { readonly name: Text }, { clock }: Pick<Speech, 'clock'>): string {
  return cleanNote(say(name, clock.language))
}
