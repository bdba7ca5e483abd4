// The phrases of the sentence that says all, in every language.
import { type Language, PUNCTUATION } from '../../core/text.ts'
import type { Condition } from './words.ts'

/** Three in four and more. */
function isMost(some: number, of: number): boolean {
  return some >= of * 0.75
}

/** What the team is known to know of everything that is down. */
export type Knows = 'posted' | 'acknowledged' | 'told'

export interface Speech {
  readonly colon: string
  readonly nothing: string
  readonly starting: string
  readonly well: string
  /** Every service works as far as it was measured, but not all of each was. */
  readonly wellAsMeasured: string
  /** Behind either of the two, without its full stop: these fail, though not for sure yet; and of many. What follows. */
  readonly exceptMaybe: (names: string) => string
  readonly manyMaybe: (count: number) => string
  readonly again: (count: number) => string
  /** The team tells of an outage, or of less, that nothing measured shows, after what it is about; and how that stands. */
  readonly reports: Readonly<Record<'outage' | 'trouble', (since: string) => string>>
  readonly checksWell: string
  readonly rest: string
  /** Instead of either, while not all of it was seen to work since the outage began. */
  readonly checking: string
  readonly still: (names: string) => string
  /** Nothing is known of any service; why, and since when. */
  readonly unsure: string
  readonly ourLine: (since: string) => string
  readonly frozen: (since: string) => string
  readonly unverified: (since: string) => string
  /** So many are down by one cause, of all: since when follows, then the cause. */
  readonly most: (down: number, of: number) => string
  readonly cause: (name: string) => string
  /** What the team knows of all that is down, the most that is so. */
  readonly team: Readonly<Record<Knows, (when: string) => string>>
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

export const SPEECHES: Readonly<Record<Language, Speech>> = {
  fr: {
    colon: PUNCTUATION.fr.colon,
    nothing: 'Aucun service n’est encore vérifié ici.',
    starting: 'Les premières vérifications sont en cours.',
    well: 'Tout fonctionne.',
    wellAsMeasured: 'Tout ce que nous pouvons vérifier fonctionne.',
    exceptMaybe: (names) => `, sauf peut-être ${names}.`,
    manyMaybe: (count) => `${count} services sont peut-être en panne.`,
    again: (count) =>
      `${count === 1 ? 'Une vérification vient' : 'Des vérifications viennent'} d’échouer : nous recommençons.`,
    reports: {
      outage: (since) => `l’équipe signale une panne depuis ${since}.`,
      trouble: (since) => `l’équipe signale des perturbations depuis ${since}.`,
    },
    checksWell: 'Nos vérifications, elles, ne voient rien d’anormal.',
    rest: 'Tout le reste fonctionne.',
    checking: 'Nous vérifions encore le reste.',
    still: (names) => `Toujours en service : ${names}.`,
    unsure: 'Nous ne savons pas en ce moment si nos services marchent.',
    ourLine: (since) =>
      `Depuis ${since}, notre propre connexion est en panne et nous ne pouvons rien vérifier. Nos services marchent peut-être : essayez.`,
    frozen: (since) =>
      `Depuis ${since}, notre propre connexion est en panne et nous ne pouvons rien vérifier ; ce qui est affiché date d’avant.`,
    unverified: (since) => `Nous n’avons rien pu vérifier depuis ${since} ; ils marchent peut-être : essayez.`,
    most: (down, of) =>
      `${down === of ? 'Tout est' : isMost(down, of) ? 'Presque tout est' : `${down} services sur ${of}`} en panne`,
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
    colon: PUNCTUATION.en.colon,
    nothing: 'No service is checked here yet.',
    starting: 'The first checks are under way.',
    well: 'Everything works.',
    wellAsMeasured: 'Everything we can check works.',
    exceptMaybe: (names) => `, except maybe ${names}.`,
    manyMaybe: (count) => `${count} services may be down.`,
    again: (count) => `${count === 1 ? 'A check has' : 'Checks have'} just failed: we are trying again.`,
    reports: {
      outage: (since) => `the team reports an outage since ${since}.`,
      trouble: (since) => `the team reports trouble since ${since}.`,
    },
    checksWell: 'Our own checks see nothing wrong.',
    rest: 'Everything else works.',
    checking: 'We are still checking the rest.',
    still: (names) => `Still working: ${names}.`,
    unsure: 'We don’t know at the moment whether our services work.',
    ourLine: (since) =>
      `Our own connection has been broken since ${since}, so we can’t check anything. Our services may well work: try them.`,
    frozen: (since) =>
      `Our own connection has been broken since ${since}, so we can’t check anything; what is shown is from before.`,
    unverified: (since) => `We have not been able to check since ${since}; they may well work: try them.`,
    most: (down, of) =>
      `${down === of ? 'Everything has been' : isMost(down, of) ? 'Almost everything has been' : `${down} of ${of} services have been`} down`,
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
