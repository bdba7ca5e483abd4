// The one sentence that says all: what is not well, since when, whether somebody was told, and how the rest does.
// Never more than is so.

import { sayAble } from '../../core/ability-words.ts'
import type { IncidentPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { capitalised, LANGUAGES, type Language, list, say } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import { nothingWorks } from '../../core/verdict/proof.ts'
import { type Moments, momentsOf } from './moments.ts'
import { openIncidents, postedOf, worksEnd } from './telling.ts'
import { CONDITIONS_BY_WEIGHT, conditionOf, isToldOtherwise, type Trouble, troublesOf } from './trouble.ts'
import { type Condition, typeset } from './words.ts'

/** In every language, whatever the page's own are. */
export function sentences(picture: Picture): Readonly<Record<Language, string>> {
  const [fr, en] = LANGUAGES.map((language) => sentenceOf(picture, language))
  return { fr: fr!, en: en! }
}

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
  const alone = blank(picture, speech, moments)
  const { lead, rest } = alone ?? troubled(picture, speech, moments, language)
  return { lead: typeset(lead, language), rest: typeset(rest, language) }
}

/** More services than this are counted, and only the first of them named. */
const NAMED = 3

/** A cause that fells so many others is told after what it does to members. */
const MANY = 3

/** Three in four and more. */
function isMost(some: number, of: number): boolean {
  return some >= of * 0.75
}

/** When no more than these still work, they are named. */
const FEW = 2

interface Speech {
  readonly colon: string
  readonly nothing: string
  readonly starting: string
  readonly well: string
  /** Every service works as far as it was measured, but not all of each was. */
  readonly wellAsMeasured: string
  readonly rest: string
  readonly still: (names: string) => string
  /** Nothing is known of any service; why, and since when. */
  readonly unsure: string
  readonly ourLine: (since: string) => string
  readonly frozen: (since: string) => string
  readonly unverified: (since: string) => string
  /** So many are down by one cause, of all; then the cause. */
  readonly most: (down: number, of: number, since: string) => string
  readonly cause: (name: string) => string
  /** What the team knows of all that is down, the most that is so. */
  readonly team: Readonly<Record<TeamWord['knows'], (when: string) => string>>
  readonly since: (since: string) => string
  /** That it ends about then; `until`: `jusqu’à 16:00`. */
  readonly until: (until: string) => string
  readonly firstSince: (since: string) => string
  readonly children: (count: number) => string
  readonly more: (count: number) => string
  /** What is the matter with one or a list of them, and with many that are counted; said last, `tail` tells how sure. */
  readonly conditions: Readonly<Record<Exclude<Condition, 'operational'>, { one: string; many: string; tail?: string }>>
  readonly services: (count: number) => string
}

const SPEECHES: Readonly<Record<Language, Speech>> = {
  fr: {
    colon: ' : ',
    nothing: 'Aucun service n’est encore vérifié ici.',
    starting: 'Les premières vérifications sont en cours.',
    well: 'Tout fonctionne.',
    wellAsMeasured: 'Tout ce que nous pouvons vérifier fonctionne.',
    rest: 'Tout le reste fonctionne.',
    still: (names) => `Toujours en service : ${names}.`,
    unsure: 'Nous ne savons pas en ce moment si nos services marchent.',
    ourLine: (since) =>
      `Depuis ${since}, notre propre connexion est en panne et nous ne pouvons rien vérifier. Nos services marchent peut-être : essayez.`,
    frozen: (since) =>
      `Depuis ${since}, notre propre connexion est en panne et nous ne pouvons rien vérifier ; ce qui est affiché date d’avant.`,
    unverified: (since) => `Nous n’avons rien pu vérifier depuis ${since} ; ils marchent peut-être : essayez.`,
    most: (down, of, since) =>
      `${down === of ? 'Tout est' : isMost(down, of) ? 'Presque tout est' : `${down} services sur ${of}`} en panne depuis ${since}.`,
    cause: (name) => `La cause : « ${name} » est en panne.`,
    team: {
      posted: (when) => `L’équipe a publié un message ${when}.`,
      acknowledged: (when) => `Vu par l’équipe ${when}.`,
      told: (when) => `L’équipe a été prévenue ${when}.`,
    },
    since: (since) => ` depuis ${since}`,
    until: (until) => `, ${until} environ`,
    firstSince: (since) => `, le premier depuis ${since}`,
    children: (count) => (count === 1 ? '1 autre service touché' : `${count} autres services touchés`),
    more: (count) => (count === 1 ? '1 autre' : `${count} autres`),
    services: (count) => `${count} services`,
    conditions: {
      major_outage: { one: 'en panne', many: 'en panne' },
      partial_outage: { one: 'panne partielle', many: 'en partie en panne' },
      disputed: { one: 'hors d’atteinte par endroits', many: 'hors d’atteinte par endroits' },
      unreached: { one: 'hors d’atteinte d’ici', many: 'hors d’atteinte d’ici', tail: ' ; cause non confirmée' },
      unstable: { one: 'coupures répétées', many: 'avec des coupures répétées' },
      degraded_performance: { one: 'perturbations', many: 'avec des perturbations' },
      slow: { one: 'au ralenti', many: 'au ralenti' },
      unknown: { one: 'non vérifié', many: 'non vérifiés' },
      under_maintenance: { one: 'en maintenance', many: 'en maintenance' },
    },
  },
  en: {
    colon: ': ',
    nothing: 'No service is checked here yet.',
    starting: 'The first checks are under way.',
    well: 'Everything works.',
    wellAsMeasured: 'Everything we can check works.',
    rest: 'Everything else works.',
    still: (names) => `Still working: ${names}.`,
    unsure: 'We don’t know at the moment whether our services work.',
    ourLine: (since) =>
      `Our own connection has been broken since ${since}, so we can’t check anything. Our services may well work: try them.`,
    frozen: (since) =>
      `Our own connection has been broken since ${since}, so we can’t check anything; what is shown is from before.`,
    unverified: (since) => `We have not been able to check since ${since}; they may well work: try them.`,
    most: (down, of, since) =>
      `${down === of ? 'Everything has been' : isMost(down, of) ? 'Almost everything has been' : `${down} of ${of} services have been`} down since ${since}.`,
    cause: (name) => `The cause: “${name}” is down.`,
    team: {
      posted: (when) => `The team posted a message ${when}.`,
      acknowledged: (when) => `Seen by the team ${when}.`,
      told: (when) => `The team was told ${when}.`,
    },
    since: (since) => ` since ${since}`,
    until: (until) => `, ${until.replace('until', 'until about')}`,
    firstSince: (since) => `, the first since ${since}`,
    children: (count) => (count === 1 ? '1 other service affected' : `${count} other services affected`),
    more: (count) => `${count} more`,
    services: (count) => `${count} services`,
    conditions: {
      major_outage: { one: 'down', many: 'down' },
      partial_outage: { one: 'partly down', many: 'partly down' },
      disputed: { one: 'unreachable from some places', many: 'unreachable from some places' },
      unreached: { one: 'unreachable from here', many: 'unreachable from here', tail: '; cause not confirmed' },
      unstable: { one: 'on and off', many: 'on and off' },
      degraded_performance: { one: 'working poorly', many: 'working poorly' },
      slow: { one: 'slow', many: 'slow' },
      unknown: { one: 'not verified', many: 'not verified' },
      under_maintenance: { one: 'under maintenance', many: 'under maintenance' },
    },
  },
}

/** When nothing at all can be said of the services. */
function blank(picture: Picture, speech: Speech, moments: Moments): Spoken | null {
  const unsure = (rest: string) => ({ lead: speech.unsure, rest })
  const { services, blind } = picture
  if (services.length === 0) return { lead: speech.nothing, rest: '' }
  if (
    blind !== null &&
    services.every((service) => service.confidence.note === 'frozen' && service.status !== 'unknown')
  )
    return unsure(speech.frozen(moments.since(blind.since)))
  if (services.some((service) => service.status !== 'unknown')) return null
  if (blind !== null) return unsure(speech.ourLine(moments.since(blind.since)))
  if (services.every((service) => service.checks.every((check) => check.at === null)))
    return { lead: speech.starting, rest: '' }
  return unsure(speech.unverified(moments.since(Math.min(...services.map((service) => service.since)))))
}

function troubled(picture: Picture, speech: Speech, moments: Moments, language: Language) {
  const troubles = troublesOf(picture)
  const measured = picture.services.every((service) => service.measured === service.of)
  const open = openIncidents(picture)
  if (troubles.length === 0) {
    const posted = open.find(({ automatic }) => !automatic)?.updates.at(-1)?.at
    const rest = posted === undefined ? '' : speech.team.posted(moments.when(posted))
    return { lead: measured && open.length === 0 ? speech.well : speech.wellAsMeasured, rest }
  }
  const lead = CONDITIONS_BY_WEIGHT.map((condition) => troubles.filter((trouble) => trouble.condition === condition))
    .filter((alike) => alike.length > 0)
    .map((alike) => phrase(alike, picture, speech, moments, language))
  const team = teamOf(troubles, open)
  const rest = team === null ? [] : [speech.team[team.knows](moments.when(team.at))]
  const down = troubles.filter(({ condition }) => condition === 'major_outage')
  if (down.length === 1 && fellsMany(down[0]!)) rest.unshift(speech.cause(say(down[0]!.service.service.name, language)))
  const still = picture.services.filter((service) => conditionOf(service) === 'operational')
  if (still.length > 0 && measured) rest.push(still.length > FEW ? speech.rest : speech.still(stillOf(still, language)))
  return { lead: lead.join(' '), rest: rest.join(' ') }
}

function stillOf(services: readonly ServicePicture[], language: Language): string {
  return list(
    services.map(({ service }) => say(service.name, language)),
    language,
  )
}

/** Services in the same condition, in one phrase. */
function phrase(
  alike: readonly Trouble[],
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
  if (alike.length === 1 && fellsMany(first))
    return speech.most(first.children.length + 1, picture.services.length, sinceOf(first))
  if (alike.length === 1) {
    const children = touched(first)
    const partly = condition === 'partial_outage' && !isToldOtherwise(first.service)
    const able = partly ? sayAble(first.service, language) : null
    const dead = partly && nothingWorks(first.service)
    const state = dead ? speech.conditions.major_outage.one : able === null ? one : `${able},`
    return `${nameOf(first)}${speech.colon}${state}${speech.since(sinceOf(first))}${until}${children && `, ${children}`}${tail}.`
  }
  const together = alike.every((trouble) => sinceOf(trouble) === sinceOf(first))
  const named = alike.slice(0, alike.length > NAMED + 1 ? NAMED : alike.length).map((trouble) => {
    const asides = [together || alike.length > NAMED ? '' : speech.since(sinceOf(trouble)).trim(), touched(trouble)]
    const aside = asides.filter((text) => text !== '').join(', ')
    return `${nameOf(trouble)}${aside && ` (${aside})`}`
  })
  if (named.length < alike.length) named.push(speech.more(alike.length - named.length))
  const when = together
    ? speech.since(sinceOf(first))
    : alike.length > NAMED
      ? speech.firstSince(moments.since(Math.min(...alike.map((trouble) => trouble.service.since))))
      : ''
  const subject = alike.length > NAMED ? `${speech.services(alike.length)} ${many}` : capitalised(one)
  return `${subject}${when}${until}${speech.colon}${list(named, language)}${tail}.`
}

/** Told by what it does to members, then by its name. */
function fellsMany({ service, children }: Trouble): boolean {
  return children.length + 1 > MANY && [service, ...children].every(isDown)
}

function isDown(service: ServicePicture): boolean {
  return conditionOf(service) === 'major_outage'
}

/** What the team is known to know of everything that is down, and since when. */
export interface TeamWord {
  readonly knows: 'posted' | 'acknowledged' | 'told'
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
