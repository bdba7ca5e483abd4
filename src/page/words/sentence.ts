// The one sentence that says all: what is not well, since when, whether somebody was told, and how the rest does.
// Never more than is so.

import { sayAble } from '../../core/ability-words.ts'
import type { IncidentPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { capitalised, LANGUAGES, type Language, list, say } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { nothingWorks } from '../../core/verdict/proof.ts'
import { type Moments, momentsOf } from './page-moments.ts'
import { type Knows, SPEECHES, type Speech } from './sentence-words.ts'
import { openIncidents, postedOf, toldAlone, worksEnd } from './telling.ts'
import {
  CONDITIONS_BY_WEIGHT,
  conditionOf,
  isDoubted,
  isNothingKnown,
  isToldOtherwise,
  type Trouble,
  troublesOf,
} from './trouble.ts'
import { typeset } from './words.ts'

/** In every language, whatever the page's own are. */
export function sentences(picture: Picture): Readonly<Record<Language, string>> {
  const [fr, en] = LANGUAGES.map((language) => sentenceOf(picture, language))
  return { fr: fr!, en: en! }
}

/** Text, not HTML, with the no-break spaces of its language; times are by the hoster's clock. */
export function sentenceOf(picture: Picture, language: Language): string {
  const { lead, rest } = spokenOf(picture, language)
  return [lead, rest].filter((text) => text !== '').join(' ')
}

/** What is the matter, and what else there is to know of it (may be empty). */
export interface Spoken {
  readonly lead: string
  readonly rest: string
}

/** The same in two. */
export function spokenOf(picture: Picture, language: Language): Spoken {
  const speech = SPEECHES[language]
  const moments = momentsOf(language, picture.hoster.timezone, picture.at)
  const alone = blank(picture, speech, moments, language)
  const { lead, rest } = alone ?? troubled(picture, speech, moments, language)
  const leads = [reported(picture, speech, moments, language), lead].filter((text) => text !== '')
  return { lead: typeset(leads.join(' '), language), rest: typeset(rest, language) }
}

/** Of more services than this, whatever is the matter with each, only the first are named; the others are counted. */
const NAMED = 3

/** A cause that fells so many others is told after what it does to members. */
const MANY = 3

/** When no more than these still work, they are named. */
const FEW = 2

/** What the team tells beyond what is measured, and of what unless that is many; empty: nothing. */
function reported(picture: Picture, speech: Speech, moments: Moments, language: Language): string {
  const [gravest] = toldAlone(picture)
  if (gravest === undefined) return ''
  const report = speech.reports[gravest.impact === 'minor' ? 'trouble' : 'outage'](moments.since(gravest.started))
  const about = picture.services.filter(({ service }) => gravest.services.includes(service.id))
  return about.length === 0 || about.length > NAMED
    ? capitalised(report)
    : `${namesOf(about, language)}${speech.colon}${report}`
}

/** When nothing at all can be said of the services. */
function blank(picture: Picture, speech: Speech, moments: Moments, language: Language): Spoken | null {
  const working = troublesOf(picture).filter(({ condition }) => condition === 'under_maintenance')
  const work = working.length === 0 ? '' : ` ${phrase(working, NAMED, picture, speech, moments, language)}`
  const unsure = (rest: string) => ({ lead: speech.unsure, rest: `${rest}${work}` })
  const { services, blind } = picture
  if (services.length === 0) return { lead: speech.nothing, rest: '' }
  if (
    blind !== null &&
    services.every((service) => service.confidence.note === 'frozen' && service.status !== 'unknown')
  )
    return unsure(speech.frozen(moments.since(blind.since)))
  if (!isNothingKnown(picture)) return null
  if (blind !== null) return unsure(speech.ourLine(moments.since(blind.since)))
  if (services.every((service) => service.checks.every((check) => check.at === null)))
    return { lead: speech.starting, rest: work.trim() }
  const unknown = services.filter(({ status }) => status === 'unknown')
  return unsure(speech.unverified(moments.since(Math.min(...unknown.map((service) => service.since)))))
}

function troubled(picture: Picture, speech: Speech, moments: Moments, language: Language) {
  const troubles = troublesOf(picture)
  const measured = picture.services.every((service) => service.measured === service.of)
  const open = openIncidents(picture)
  const beyond = toldAlone(picture)
  const doubted = picture.services.filter(isDoubted)
  if (troubles.length === 0 && beyond.length > 0) {
    const well = measured ? speech.checksWell : speech.wellAsMeasured
    return { lead: '', rest: doubted.length === 0 ? well : speech.checking }
  }
  if (troubles.length === 0) {
    const posted = open.find(({ automatic }) => !automatic)?.updates.at(-1)?.at
    const again = doubted.length === 0 ? [] : [speech.again(doubted.length)]
    const rest = [...again, ...(posted === undefined ? [] : [speech.team.posted(moments.when(posted))])].join(' ')
    const well = measured && open.length === 0 ? speech.well : speech.wellAsMeasured
    return { lead: doubted.length === 0 ? well : maybe(doubted, well, speech, language), rest }
  }
  let left = troubles.length > NAMED + 1 ? NAMED : troubles.length
  const lead = CONDITIONS_BY_WEIGHT.map((condition) => troubles.filter((trouble) => trouble.condition === condition))
    .filter((alike) => alike.length > 0)
    .map((alike) => {
      const named = Math.min(left, alike.length)
      left -= named
      return phrase(alike, named, picture, speech, moments, language)
    })
  const team = teamOf(troubles, open)
  const rest = team === null ? [] : [speech.team[team.knows](moments.when(team.at))]
  const cause = causeOf(troubles)
  if (cause !== null) rest.unshift(speech.cause(say(cause.service.service.name, language)))
  const still = picture.services.filter((service) => conditionOf(service) === 'operational')
  if (still.length > 0 && measured && beyond.length === 0)
    rest.push(
      doubted.length > 0 || !picture.restSeen
        ? speech.checking
        : still.length > FEW
          ? speech.rest
          : speech.still(namesOf(still, language)),
    )
  return { lead: lead.join(' '), rest: rest.join(' ') }
}

/** All is well, but for what fails and may be well all the same. */
function maybe(doubted: readonly ServicePicture[], well: string, speech: Speech, language: Language): string {
  if (doubted.length > NAMED) return speech.manyMaybe(doubted.length)
  return `${well.replace(/\.$/, '')}${speech.exceptMaybe(namesOf(doubted, language))}`
}

function namesOf(services: readonly ServicePicture[], language: Language): string {
  return list(
    services.map(({ service }) => say(service.name, language)),
    language,
  )
}

/** Services in the same condition, in one phrase; one alone is named in any case. */
function phrase(
  alike: readonly Trouble[],
  most: number,
  picture: Picture,
  speech: Speech,
  moments: Moments,
  language: Language,
): string {
  const condition = alike[0]!.condition
  if (condition === 'operational') return ''
  const { one, many, tail = '' } = speech.conditions[condition]
  const nameOf = (trouble: Trouble) => say(trouble.service.service.name, language)
  const sinceOf = (trouble: Trouble) => moments.since(trouble.service.since)
  const touched = (trouble: Trouble) => (trouble.children.length > 0 ? speech.children(trouble.children.length) : '')
  const first = alike[0]!
  const end = worksEnd(
    alike.map(({ service }) => service),
    picture,
  )
  const until = condition === 'under_maintenance' && end !== null ? speech.until(moments.until(end)) : ''
  if (alike.length === 1 && fellsMany(first)) {
    const felled = felledBy(first)
    const limping = first.children.length + 1 - felled
    return `${speech.most(felled, picture.services.length)}${speech.since(sinceOf(first))}${limping > 0 ? `, ${speech.children(limping)}` : ''}.`
  }
  if (alike.length === 1) {
    const children = touched(first)
    const partly = condition === 'partial_outage' && !isToldOtherwise(first.service)
    const able = partly ? sayAble(first.service, language) : null
    const dead = partly && nothingWorks(first.service)
    const state = dead ? speech.conditions.major_outage.one : able === null ? one : `${able},`
    return `${nameOf(first)}${speech.colon}${state}${speech.since(sinceOf(first))}${until}${children && `, ${children}`}${tail}.`
  }
  const together = alike.every((trouble) => sinceOf(trouble) === sinceOf(first))
  const counted = alike.length > Math.min(most, NAMED)
  const named = alike.slice(0, most).map((trouble) => {
    const asides = [together || counted ? '' : speech.since(sinceOf(trouble)).trim(), touched(trouble)]
    const aside = asides.filter((text) => text !== '').join(', ')
    return `${nameOf(trouble)}${aside && ` (${aside})`}`
  })
  if (named.length > 0 && named.length < alike.length) named.push(speech.more(alike.length - named.length))
  const when = together
    ? speech.since(sinceOf(first))
    : counted
      ? speech.firstSince(moments.since(Math.min(...alike.map((trouble) => trouble.service.since))))
      : ''
  const subject = counted ? `${speech.services(alike.length)} ${many}` : capitalised(one)
  const names = named.length === 0 ? '' : `${speech.colon}${list(named, language)}`
  return `${subject}${when}${until}${names}${tail}.`
}

/** What fells so many that the sentence tells of them first, and of how many are merely affected; null: nothing does. */
export function causeOf(troubles: readonly Trouble[]): Trouble | null {
  const [down, ...others] = troubles.filter(({ condition }) => condition === 'major_outage')
  return down !== undefined && others.length === 0 && fellsMany(down) ? down : null
}

/** Told by what it does to members, then by its name. */
function fellsMany(trouble: Trouble): boolean {
  return isDown(trouble.service) && felledBy(trouble) > MANY
}

/** How many are down by it, itself among them; the others are merely touched. */
function felledBy({ service, children }: Trouble): number {
  return [service, ...children].filter(isDown).length
}

function isDown(service: ServicePicture): boolean {
  return conditionOf(service) === 'major_outage'
}

/** What the team is known to know of everything that is down, and since when. */
export interface TeamWord {
  readonly knows: Knows
  readonly at: Instant
}

/** The most that is so of everything that is down; null as long as something of it is untold. */
export function teamOf(troubles: readonly Trouble[], open: readonly IncidentPicture[]): TeamWord | null {
  const down = troubles.filter(
    ({ service, condition }) => CONDITIONS_BY_WEIGHT.indexOf(condition) <= WORTH_A_MAIL && service.override === null,
  )
  const posted = postedOf(down, open)
  if (posted !== null) return { knows: 'posted', at: posted }
  const acknowledged = latestOfAll(down.map(({ service }) => service.acknowledged))
  if (acknowledged !== null) return { knows: 'acknowledged', at: acknowledged }
  const told = latestOfAll(down.map(({ service }) => service.told))
  return told === null ? null : { knows: 'told', at: told }
}

function latestOfAll(moments: readonly (Instant | null)[]): Instant | null {
  const known = moments.flatMap((at) => at ?? [])
  return known.length > 0 && known.length === moments.length ? Math.max(...known) : null
}

const WORTH_A_MAIL = CONDITIONS_BY_WEIGHT.indexOf('unstable')
