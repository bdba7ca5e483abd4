// What the pages about the past say: a service's own, and the history.
import type { Language } from '../../core/text.ts'

export interface PastProse {
  readonly open: string
  readonly checks: string
  readonly answered: (took: string) => string
  readonly seen: (when: string, every: string | null) => string
  readonly notYet: string
  readonly uptime: string
  readonly uptimeSince: (since: string) => string
  readonly outage: string
  readonly partial: string
  readonly maintenance: string
  readonly blind: string
  readonly none: string
  readonly today: string
  readonly now: string
  readonly allDays: string
  readonly daysCaption: string
  readonly responses: string
  readonly responsesLead: string
  readonly morePlots: (count: number) => string
  readonly day: string
  readonly quarter: string
  readonly plotFrom: (title: string, place: string) => string
  /** What each site sees of a check. */
  readonly places: (seen: readonly (readonly [place: string, state: string])[]) => string
  readonly sights: string
  readonly sightsLead: string
  readonly unseen: (length: string, times: number) => string
  readonly median: string
  readonly band: string
  readonly failed: string
  readonly typical: (typical: string, slow: string, failed: number) => string
  readonly onlyFailures: (failed: number) => string
  readonly above: (took: string) => string
  readonly outages: string
  readonly noOutage: string
  readonly partly: string
  readonly lasted: (length: string) => string
  readonly data: string
  readonly history: string
  readonly historyLead: string
  readonly month: (month: string) => string
  readonly outagesIn: (count: number, length: string) => string
  readonly incidentsIn: (count: number) => string
  readonly moreIn: (count: number) => string
  readonly beside: string
  readonly lately: string
  readonly outageOver: string
  readonly partlyOver: string
  /** After the names of some. */
  readonly others: (count: number) => string
  readonly blindIn: (length: string) => string
  readonly quiet: string
  readonly blindTimes: string
  readonly blindLead: string
  readonly still: string
  readonly months: string
  readonly all: string
  readonly made: string
}

export const PAST_PROSE: Readonly<Record<Language, PastProse>> = {
  fr: {
    open: 'Ouvrir le service :',
    checks: 'Ce que nous vérifions',
    answered: (took) => `répond en ${took}`,
    seen: (when, every) => `Vu ${when}${every === null ? '' : `, vérifié toutes les ${every}`}`,
    notYet: 'pas encore mesuré',
    uptime: 'Disponibilité',
    uptimeSince: (since) => `Disponibilité depuis ${since}`,
    outage: 'En panne',
    partial: 'Panne partielle',
    maintenance: 'En maintenance',
    blind: 'Sans mesure',
    none: 'jamais',
    today: 'aujourd’hui',
    now: 'maintenant',
    allDays: 'Les 90 jours en toutes lettres',
    daysCaption: 'Chaque jour, le plus récent d’abord',
    responses: 'Temps de réponse',
    responsesLead: 'Vu de nos points de mesure, jusqu’à la réponse complète. Plus bas, c’est mieux.',
    morePlots: (count) => (count === 1 ? '1 autre vérification' : `${count} autres vérifications`),
    day: 'Les 24 dernières heures',
    quarter: 'Les 90 derniers jours',
    plotFrom: (title, place) => `${title}, depuis ${place}`,
    places: (seen) => seen.map(([place, state]) => `depuis ${place} : ${state}`).join(' ; '),
    sights: 'Quand un de nos points de mesure ne pouvait rien vérifier',
    sightsLead: 'Sa propre ligne était en cause ; les autres mesuraient pour lui.',
    unseen: (length, times) => (times === 1 ? `1 fois, ${length}` : `${times} fois, ${length} en tout`),
    median: 'le plus souvent (médiane)',
    band: 'jusqu’ici pour 95 vérifications sur 100',
    failed: 'échec',
    typical: (typical, slow, failed) =>
      `Le plus souvent ${typical} ; au plus lent ${slow} ; ${failed === 0 ? 'aucun échec' : failed === 1 ? '1 échec' : `${failed} échecs`}.`,
    onlyFailures: (failed) => `Aucune bonne réponse, ${failed === 1 ? '1 échec' : `${failed} échecs`}.`,
    above: (took) => `Un moment dépasse l’échelle : ${took}.`,
    outages: 'Ses incidents et ses pannes',
    noOutage: 'Aucune panne depuis que nous mesurons.',
    partly: 'panne partielle',
    lasted: (length) => `pendant ${length}`,
    data: 'Ces données pour les programmes :',
    history: 'Historique',
    historyLead:
      'Ce que l’équipe en a dit, toutes les pannes que nous avons mesurées, et les temps où nous ne pouvions rien mesurer.',
    month: (month) => month,
    outagesIn: (count, length) => `${count === 1 ? '1 panne' : `${count} pannes`}, ${length} en tout`,
    incidentsIn: (count) => (count === 1 ? '1 incident' : `${count} incidents`),
    moreIn: (count) => (count === 1 ? 'Et 1 autre.' : `Et ${count} autres.`),
    beside: 'Mesuré :',
    lately: 'Ces 24 dernières heures',
    outageOver: 'Panne terminée',
    partlyOver: 'Panne partielle terminée',
    others: (count) => (count === 1 ? 'et 1 autre' : `et ${count} autres`),
    blindIn: (length) => `${length} sans mesure`,
    quiet: 'Aucune panne.',
    blindTimes: 'Quand nous ne pouvions rien vérifier',
    blindLead: 'Notre propre ligne était en cause ; ce temps ne compte pas dans la disponibilité.',
    still: 'toujours',
    months: 'Mois',
    all: 'Tous les mois',
    made: 'Dressé le',
  },
  en: {
    open: 'Open the service:',
    checks: 'What we check',
    answered: (took) => `answers in ${took}`,
    seen: (when, every) => `Seen ${when}${every === null ? '' : `, looked at every ${every}`}`,
    notYet: 'not measured yet',
    uptime: 'Availability',
    uptimeSince: (since) => `Availability since ${since}`,
    outage: 'Down',
    partial: 'Partly down',
    maintenance: 'Under maintenance',
    blind: 'Not measured',
    none: 'never',
    today: 'today',
    now: 'now',
    allDays: 'The 90 days in words',
    daysCaption: 'Every day, newest first',
    responses: 'Response times',
    responsesLead: 'Seen from our measuring points, until the answer is complete. Lower is better.',
    morePlots: (count) => (count === 1 ? '1 other check' : `${count} other checks`),
    day: 'The last 24 hours',
    quarter: 'The last 90 days',
    plotFrom: (title, place) => `${title}, from ${place}`,
    places: (seen) => seen.map(([place, state]) => `from ${place}: ${state}`).join('; '),
    sights: 'When one of our measuring points could check nothing',
    sightsLead: 'Its own line was at fault; the others measured for it.',
    unseen: (length, times) => (times === 1 ? `once, ${length}` : `${times} times, ${length} in all`),
    median: 'mostly (median)',
    band: 'up to here for 95 looks of 100',
    failed: 'failure',
    typical: (typical, slow, failed) =>
      `Mostly ${typical}; ${slow} at the slowest; ${failed === 0 ? 'no failure' : failed === 1 ? '1 failure' : `${failed} failures`}.`,
    onlyFailures: (failed) => `No good answer, ${failed === 1 ? '1 failure' : `${failed} failures`}.`,
    above: (took) => `One moment leaves the scale: ${took}.`,
    outages: 'Its incidents and outages',
    noOutage: 'No outage since we began to measure.',
    partly: 'partial outage',
    lasted: (length) => `for ${length}`,
    data: 'These data for programs:',
    history: 'History',
    historyLead: 'What the team said, all outages that we measured, and the times when we could measure nothing.',
    month: (month) => month,
    outagesIn: (count, length) => `${count === 1 ? '1 outage' : `${count} outages`}, ${length} in all`,
    incidentsIn: (count) => (count === 1 ? '1 incident' : `${count} incidents`),
    moreIn: (count) => `And ${count} more.`,
    beside: 'Measured:',
    lately: 'In the last 24 hours',
    outageOver: 'Outage over',
    partlyOver: 'Partial outage over',
    others: (count) => (count === 1 ? 'and 1 other' : `and ${count} others`),
    blindIn: (length) => `${length} not measured`,
    quiet: 'No outage.',
    blindTimes: 'When we could check nothing',
    blindLead: 'Our own line was at fault; this time is left out of availability.',
    still: 'still',
    months: 'Months',
    all: 'All months',
    made: 'Drawn up on',
  },
}
