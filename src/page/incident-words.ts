// What pages and feeds say of incidents and of planned work.
import type { Impact, IncidentStatus } from '../core/incident.ts'
import type { OccurrenceStatus } from '../core/maintenance.ts'
import type { Language } from '../core/text.ts'

export interface IncidentWords {
  readonly statuses: Readonly<Record<IncidentStatus, string>>
  readonly impacts: Readonly<Record<Impact, string>>
  readonly standings: Readonly<Record<OccurrenceStatus, string>>
  readonly postmortem: string
  readonly entry: (title: string, status: string) => string
  readonly concerns: (names: string) => string
  readonly planned: (title: string, moment: string) => string
  readonly calledOff: (title: string) => string
  readonly wasPlanned: (span: string) => string
  readonly span: (from: string, to: string) => string
}

export const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = {
  fr: {
    statuses: {
      investigating: 'Nous cherchons la cause',
      identified: 'Cause trouvée',
      monitoring: 'Réparé, nous surveillons',
      resolved: 'Terminé',
    },
    impacts: {
      none: 'sans effet sur les services',
      minor: 'gêne légère',
      major: 'panne partielle',
      critical: 'panne',
    },
    standings: { scheduled: 'prévue', in_progress: 'en cours', completed: 'terminée', cancelled: 'annulée' },
    postmortem: 'Après coup',
    entry: (title, status) => `${title} – ${status}`,
    concerns: (names) => `Services concernés : ${names}.`,
    planned: (title, moment) => `Maintenance : ${title}, le ${moment}`,
    calledOff: (title) => `Maintenance annulée : ${title}`,
    wasPlanned: (span) => `Annulée. Elle était prévue ${span}`,
    span: (from, to) => `du ${from} au ${to}.`,
  },
  en: {
    statuses: {
      investigating: 'Looking for the cause',
      identified: 'Cause found',
      monitoring: 'Repaired, we keep an eye on it',
      resolved: 'Over',
    },
    impacts: {
      none: 'no effect on services',
      minor: 'slight trouble',
      major: 'partial outage',
      critical: 'outage',
    },
    standings: { scheduled: 'planned', in_progress: 'under way', completed: 'over', cancelled: 'called off' },
    postmortem: 'Afterwards',
    entry: (title, status) => `${title} – ${status}`,
    concerns: (names) => `Services concerned: ${names}.`,
    planned: (title, moment) => `Maintenance: ${title}, on ${moment}`,
    calledOff: (title) => `Maintenance called off: ${title}`,
    wasPlanned: (span) => `Called off. It was planned ${span}`,
    span: (from, to) => `from ${from} to ${to}.`,
  },
}
