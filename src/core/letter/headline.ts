// The one line that says it: a letter's subject and its first sentence.
import { sayCan } from '../ability-words.ts'
import { nameOfAuthor } from '../author.ts'
import { cleanNote } from '../observation.ts'
import { say, type Text } from '../text.ts'
import { type Clock, since, span } from '../time/letter-moments.ts'
import type { Instant } from '../time/time.ts'
import type { Affected, News } from '../verdict/letter.ts'
import { HEADLINES } from './headline-words.ts'
import type { Phrases } from './letter-words.ts'
import { PEOPLE } from './people-words.ts'
import { isOfSite, siteWords } from './site-words.ts'

/** In whose words, and what is known by now. */
export interface Speech {
  readonly words: Phrases
  readonly clock: Clock
  /** When outages ended that have ended by now, by their id. */
  readonly ended: ReadonlyMap<string, Instant>
  /** Where sites are, by their id; one that isn't among them goes by its id. */
  readonly places: ReadonlyMap<string, Text>
  /** The site that writes, where there are several. */
  readonly from: string | null
}

/** What happened, in one line without a full stop. */
export function headlineOf(news: News, speech: Speech): string {
  const { clock } = speech
  const words = HEADLINES[clock.language]
  const name = (one: { readonly name: Text }) => nameOf(one, speech)
  const people = PEOPLE[clock.language]
  if (isOfSite(news)) return siteWords(news, clock, (site) => placeOf(site, speech)).headline
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
      if (!news.down) return words.settledUp(name(news.affected))
      return (news.affected.extent === 'part' ? words.settledPartly : words.settledDown)(
        name(news.affected),
        since(news.affected.since, clock),
      )
    case 'degraded':
      return words.degraded(news.affected.map(name).join(', '))
    case 'attention':
      return words.attention(news.items.length)
    case 'blind':
      return news.until === null
        ? words.blind(since(news.since, clock))
        : words.wasBlind(span(news.since, news.until, clock))
    case 'self':
      return (
        words.self[news.what] +
        (speech.from === null || OF_OTHERS.has(news.what) ? '' : words.onSite(placeOf(speech.from, speech)))
      )
    case 'acknowledged':
      return people.acknowledged(whoOf(news.by, speech), news.outages.map(name).join(', '))
    case 'reminder': {
      const title = cleanNote(say(news.title, clock.language))
      return news.why === 'over' ? people.over(title) : people.quiet(title, since(news.since, clock))
    }
    case 'test':
      return words.test
    default:
      return wordless(news)
  }
}

/** What the site that writes saw, and what didn't happen to it alone. */
const OF_OTHERS: ReadonlySet<Extract<News, { kind: 'self' }>['what']> = new Set(['twin', 'code'])

/** What a newer vigie left in the outbox goes by the name of its kind. A kind without words of its own doesn't compile. */
function wordless(news: never): string {
  return cleanNote((news as News).kind)
}

/** Whoever opened a mail's link is known by the address it went to. */
function whoOf(by: string, { clock }: Speech): string {
  return cleanNote(nameOfAuthor(by, clock.language))
}

function downHeadline(news: Extract<News, { kind: 'down' }>, speech: Speech): string {
  const { clock } = speech
  const words = HEADLINES[clock.language]
  const { suspected } = news
  const over = endOf(news.affected, speech)
  const affected = over === null ? news.affected.filter((one) => endOf([one], speech) === null) : news.affected
  const [first] = affected
  const began = Math.min(...affected.map((one) => one.since))
  if (first !== undefined && affected.length === 1 && over !== null) {
    const was = { whole: words.wasDown, part: words.wasPartly, inside: words.wasInside }[first.extent ?? 'whole']
    return was(nameOf(first, speech), span(began, over, clock))
  }
  const names = affected.map((one) => nameAmongOthers(one, speech)).join(', ')
  const whole = affected.some(({ extent = 'whole' }) => extent === 'whole')
  if (over !== null) return (whole ? words.manyWereDown : words.manyWereAffected)(affected.length, names)
  if (suspected !== null) {
    return words.suspectedDown(nameOf(suspected, speech), since(began, clock), affected.length + news.children.length)
  }
  if (first !== undefined && affected.length === 1) {
    const hanging = news.children.filter((one) => endOf([one], speech) === null).length
    return aloneHeadline(first, speech) + (hanging === 0 ? '' : words.othersAffected(hanging))
  }
  return (whole ? words.manyDown : words.manyAffected)(affected.length, since(began, clock), names)
}

/** `Courriel en panne depuis 14:02`, and no more than is so: `Courriel : on peut lire, pas envoyer, depuis 14:02`. */
function aloneHeadline(affected: Affected, speech: Speech): string {
  const { clock } = speech
  const words = HEADLINES[clock.language]
  const [name, begun] = [nameOf(affected, speech), since(affected.since, clock)]
  if (affected.extent === 'inside') return words.inside(name, begun)
  if (affected.extent !== 'part') return words.down(name, begun)
  return whatWorks(affected, speech) ?? words.partly(name, begun)
}

/** `Courriel : on peut lire, pas envoyer, depuis 14:02`; null where that isn't known, or nothing of it works. */
function whatWorks(affected: Affected, speech: Speech): string | null {
  const { words, clock } = speech
  const can = affected.extent !== 'part' || affected.able === undefined ? null : sayCan(affected.able, clock.language)
  return can === null ? null : `${nameOf(affected, speech)}${words.colon}${can}, ${since(affected.since, clock)}`
}

/** A name of several, with how much of it an outage takes where that isn't all. */
export function nameAmongOthers(affected: Affected, speech: Speech): string {
  const { extent = 'whole' } = affected
  return nameOf(affected, speech) + (extent === 'whole' ? '' : HEADLINES[speech.clock.language].extents[extent])
}

/** The same with since when. */
export function stateAmongOthers(affected: Affected, speech: Speech): string {
  return (
    whatWorks(affected, speech) ??
    `${nameAmongOthers(affected, speech)}${speech.words.colon}${since(affected.since, speech.clock)}`
  )
}

function partialHeadline(news: Extract<News, { kind: 'partial' }>, speech: Speech): string {
  const { clock } = speech
  const words = HEADLINES[clock.language]
  const { affected, others = [] } = news
  const over = endOf([affected, ...others], speech)
  const time = over === null ? since(affected.since, clock) : span(affected.since, over, clock)
  const name = [affected, ...others].map((one) => nameOf(one, speech)).join(', ')
  if (affected.confidence.note === 'road')
    return over === null ? words.unreached(name, time) : words.wasUnreached(name, time)
  return over === null ? words.partial(name, time) : words.wasPartial(name, time)
}

function upHeadline({ over }: Extract<News, { kind: 'up' }>, speech: Speech): string {
  const { clock } = speech
  const words = HEADLINES[clock.language]
  const names = over.map(({ affected }) => nameOf(affected, speech)).join(', ')
  const last = Math.max(...over.map(({ until }) => until))
  if (over.length > 1) return words.manyUp(over.length, since(last, clock), names)
  return (over[0]?.affected.extent === 'inside' ? words.insideUp : words.up)(names, since(last, clock))
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

/** What people call a site: where it is. */
export function placeOf(site: string, { clock, places }: Pick<Speech, 'clock' | 'places'>): string {
  const where = places.get(site)
  return cleanNote(where === undefined ? site : say(where, clock.language))
}
