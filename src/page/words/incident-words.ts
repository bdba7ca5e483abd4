// What pages and feeds say of incidents and of planned work.
import type { Impact, IncidentStatus } from '../../core/said/incident.ts'
import type { OccurrenceStatus } from '../../core/said/maintenance.ts'
import type { Language } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import type { Moments } from './page-moments.ts'

export interface IncidentWords {
  readonly statuses: Readonly<Record<IncidentStatus, string>>
  readonly standings: Readonly<Record<OccurrenceStatus, string>>
  readonly postmortem: string
  readonly entry: (title: string, status: string) => string
  readonly concerns: (names: string) => string
  readonly planned: (title: string, moment: string) => string
  readonly calledOff: (title: string) => string
  readonly wasPlanned: (span: string) => string
  readonly affected: string
  readonly wroteItself: (when: string) => string
  /** How it lasts, before the moment it began: what it is to members, until it is repaired. */
  readonly lasting: Readonly<Record<Impact, string>>
  readonly began: string
  readonly readAll: (updates: number) => string
  readonly readTeam: (updates: number) => string
  /** `end`: null where the page says it already. */
  readonly working: (end: string | null) => string
  readonly comes: (span: string) => string
  readonly openSince: (moment: string) => string
  readonly within: (day: string, from: string, to: string) => string
  readonly between: (from: string, to: string) => string
  readonly automatic: string
  readonly corrected: (moment: string) => string
  readonly news: string
  readonly measured: string
  readonly untilNow: string
  readonly maintenance: string
  readonly maintenanceLead: string
  readonly underWay: string
  readonly ahead: string
  readonly past: string
  readonly noneAhead: string
  readonly older: (count: number) => string
  readonly calendar: string
  readonly repeats: string
}

export const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = {
  fr: {
    statuses: {
      investigating: 'Nous cherchons la cause',
      identified: 'Cause trouvée',
      monitoring: 'Réparé, nous surveillons',
      resolved: 'Terminé',
    },
    standings: { scheduled: 'prévue', in_progress: 'en cours', completed: 'terminée', cancelled: 'annulée' },
    postmortem: 'Après coup',
    entry: (title, status) => `${title} – ${status}`,
    concerns: (names) => `Services concernés : ${names}.`,
    planned: (title, moment) => `Maintenance : ${title}, le ${moment}`,
    calledOff: (title) => `Maintenance annulée : ${title}`,
    wasPlanned: (span) => `Annulée. Elle était prévue ${span}`,
    affected: 'Services concernés :',
    lasting: {
      none: 'cela dure depuis',
      minor: 'gêne depuis',
      major: 'panne depuis',
      critical: 'panne depuis',
    },
    began: 'début :',
    wroteItself: (when) => `Publié automatiquement ${when}`,
    readAll: (updates) => (updates === 1 ? 'Tout lire' : `Lire les ${updates} messages`),
    readTeam: (updates) => (updates === 1 ? 'Le message de l’équipe' : `Les ${updates} messages de l’équipe`),
    working: (end) => `Maintenance en cours${end === null ? '' : `, fin prévue ${end}`} :`,
    comes: (span) => `Maintenance prévue ${span} :`,
    openSince: (moment) => `depuis le ${moment}`,
    within: (day, from, to) => `le ${day}, de ${from} à ${to}`,
    between: (from, to) => `du ${from} au ${to}`,
    automatic: 'Publié automatiquement par notre surveillance : personne de l’équipe n’a écrit ici.',
    corrected: (moment) => `Corrigé le ${moment}.`,
    news: 'Les messages, le dernier d’abord',
    measured: 'Ce que nos machines ont mesuré',
    untilNow: 'en cours',
    maintenance: 'Maintenance',
    maintenanceLead: 'Les travaux prévus : ce qui s’arrête alors s’arrête exprès, et ne compte pas comme une panne.',
    underWay: 'En ce moment',
    ahead: 'À venir',
    past: 'Passé',
    noneAhead: 'Rien n’est prévu dans les trois mois.',
    older: (count) => (count === 1 ? 'Et 1 plus ancienne.' : `Et ${count} plus anciennes.`),
    calendar: 'Dans votre agenda :',
    repeats: 'se répète',
  },
  en: {
    statuses: {
      investigating: 'Looking for the cause',
      identified: 'Cause found',
      monitoring: 'Repaired, we keep an eye on it',
      resolved: 'Over',
    },
    standings: { scheduled: 'planned', in_progress: 'under way', completed: 'over', cancelled: 'called off' },
    postmortem: 'Afterwards',
    entry: (title, status) => `${title} – ${status}`,
    concerns: (names) => `Services concerned: ${names}.`,
    planned: (title, moment) => `Maintenance: ${title}, on ${moment}`,
    calledOff: (title) => `Maintenance called off: ${title}`,
    wasPlanned: (span) => `Called off. It was planned ${span}`,
    affected: 'Services concerned:',
    lasting: { none: 'going on since', minor: 'trouble since', major: 'outage since', critical: 'outage since' },
    began: 'began:',
    wroteItself: (when) => `Published automatically ${when}`,
    readAll: (updates) => (updates === 1 ? 'Read it all' : `Read the ${updates} messages`),
    readTeam: (updates) => (updates === 1 ? 'The team’s message' : `The team’s ${updates} messages`),
    working: (end) => `Maintenance under way${end === null ? '' : `, to end ${end}`}:`,
    comes: (span) => `Maintenance planned ${span}:`,
    openSince: (moment) => `since ${moment}`,
    within: (day, from, to) => `on ${day}, from ${from} to ${to}`,
    between: (from, to) => `from ${from} to ${to}`,
    automatic: 'Published automatically by our monitor: nobody of the team has written here.',
    corrected: (moment) => `Corrected on ${moment}.`,
    news: 'The messages, latest first',
    measured: 'What our machines measured',
    untilNow: 'not over',
    maintenance: 'Maintenance',
    maintenanceLead: 'Planned work: what stops then is meant to, and doesn’t count as an outage.',
    underWay: 'Under way',
    ahead: 'To come',
    past: 'Past',
    noneAhead: 'Nothing is planned within three months.',
    older: (count) => (count === 1 ? 'And 1 older one.' : `And ${count} older ones.`),
    calendar: 'In your calendar:',
    repeats: 'repeats',
  },
}

/** `le 23 novembre 2026, de 14:02 à 15:31`; over midnight `du 22 novembre 2026 à 23:58 au 23 novembre 2026 à 00:10`. */
export function spanBetween(
  from: Instant,
  to: Instant,
  language: Language,
  moments: Pick<Moments, 'day' | 'clock' | 'whole'>,
): string {
  const words = INCIDENT_WORDS[language]
  const [day, last] = [moments.day(from), moments.day(to)]
  return day === last
    ? words.within(day, moments.clock(from), moments.clock(to))
    : words.between(moments.whole(from), moments.whole(to))
}
