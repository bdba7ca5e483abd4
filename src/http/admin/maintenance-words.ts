// The words of the pages about maintenance.
import type { OccurrenceStatus } from '../../core/said/maintenance.ts'
import type { Language } from '../../core/text.ts'

/** How often work can be made to repeat by the form; other rules by command and API. */
export const REPEATS = ['never', 'weekly', 'monthly', 'weekday'] as const
export type Repeats = (typeof REPEATS)[number]

export interface MaintenanceWords {
  readonly statuses: Readonly<Record<OccurrenceStatus, string>>
  readonly none: string
  readonly plan: string
  readonly ahead: string
  readonly past: string
  readonly repeats: Readonly<Record<Repeats, string>>
  readonly until: string
  /** How a rule of the form repeats, to be read; `nth`: -1 is the last. */
  readonly weekly: (weekday: string) => string
  readonly monthly: (day: number) => string
  readonly nthOfMonth: (nth: number, weekday: string) => string
  readonly lastly: (day: string) => string
  readonly differ: string
  readonly prolong: string
  readonly prolongBy: string
  readonly endNow: string
  readonly cancelOne: string
  readonly cancelAll: string
  readonly cancelHint: string
  readonly change: string
  readonly off: string
  readonly times: string
}

export const MAINTENANCE_WORDS: Readonly<Record<Language, MaintenanceWords>> = {
  fr: {
    statuses: { scheduled: 'Prévue', in_progress: 'En cours', completed: 'Terminée', cancelled: 'Annulée' },
    none: 'Aucune maintenance prévue.',
    plan: 'Planifier une maintenance',
    ahead: 'En cours et à venir',
    past: 'Passées',
    repeats: {
      never: 'Une seule fois',
      weekly: 'Chaque semaine, le même jour',
      monthly: 'Chaque mois, à la même date',
      weekday: 'Chaque mois, le même jour de semaine (1er mardi…)',
    },
    weekly: (weekday) => `Chaque semaine, le ${weekday}`,
    monthly: (day) => `Chaque mois, le ${day === 1 ? '1er' : day}`,
    nthOfMonth: (nth, weekday) => `Chaque mois, le ${nth < 0 ? 'dernier' : nth === 1 ? '1er' : `${nth}e`} ${weekday}`,
    lastly: (day) => `jusqu’au ${day}`,
    until: 'Dernier jour, si elle se répète ; vide : sans fin.',
    differ: 'Changer la fin ou annuler',
    prolong: 'Changer la fin',
    prolongBy: 'Nouvelle fin',
    endNow: 'C’est fini maintenant',
    cancelOne: 'Annuler cette fois',
    cancelAll: 'Annuler toutes les suivantes',
    cancelHint: 'Les membres la verront annulée, leur calendrier aussi.',
    change: 'Changer l’annonce',
    off: 'Cette maintenance est annulée.',
    times: 'Les prochaines fois',
  },
  en: {
    statuses: { scheduled: 'Planned', in_progress: 'Under way', completed: 'Over', cancelled: 'Cancelled' },
    none: 'No maintenance planned.',
    plan: 'Plan maintenance',
    ahead: 'Under way and ahead',
    past: 'Past',
    repeats: {
      never: 'Once',
      weekly: 'Every week, on the same day',
      monthly: 'Every month, on the same date',
      weekday: 'Every month, on the same weekday (1st Tuesday …)',
    },
    weekly: (weekday) => `Every week, on ${weekday}`,
    monthly: (day) => `Every month, on day ${day}`,
    nthOfMonth: (nth, weekday) =>
      `Every month, on the ${nth < 0 ? 'last' : ['1st', '2nd', '3rd', '4th', '5th'][nth - 1]} ${weekday}`,
    lastly: (day) => `until ${day}`,
    until: 'Last day, if it repeats; empty: without end.',
    differ: 'Change the end or cancel',
    prolong: 'Change the end',
    prolongBy: 'New end',
    endNow: 'It is done now',
    cancelOne: 'Cancel this time',
    cancelAll: 'Cancel all that follow',
    cancelHint: 'Members will see it cancelled, and so will their calendars.',
    change: 'Change the announcement',
    off: 'This maintenance is cancelled.',
    times: 'The next times',
  },
}
