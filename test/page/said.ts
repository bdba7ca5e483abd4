// What people said, for pictures of a page: an incident with its updates, maintenance past, under way and to come.
import type { IncidentPicture, MaintenancePicture, Picture, ServicePicture } from '../../src/core/shown/picture.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { catalogue, DOWN, daysOf, LONG_AGO, MOMENTS, NOON, OUTAGE, pictureOf } from './pictures.ts'

export function incident(over: Partial<IncidentPicture> = {}): IncidentPicture {
  return {
    id: 'inc000000042',
    formerly: [],
    said: 2,
    title: { fr: 'Courriel : envois refusés', en: 'E-mail: sending refused' },
    status: 'identified',
    impact: 'major',
    services: ['mail'],
    started: OUTAGE,
    raises: 'none',
    outages: [],
    automatic: false,
    created: OUTAGE + 3 * MINUTE,
    changed: OUTAGE + 8 * MINUTE,
    resolved: null,
    updates: [
      {
        id: 'upd000000001',
        at: OUTAGE + 3 * MINUTE,
        status: 'investigating',
        text: { fr: 'Nous **regardons**.', en: 'We are **looking**.' },
        corrected: null,
      },
      {
        id: 'upd000000002',
        at: OUTAGE + 8 * MINUTE,
        status: 'identified',
        text: { fr: 'Le disque est plein; on fait de la place.' },
        corrected: null,
      },
    ],
    postmortem: null,
    ...over,
  }
}

export function work(over: Partial<MaintenancePicture> = {}): MaintenancePicture {
  return {
    id: 'mnt000000007',
    of: 'mnt000000007',
    title: { fr: 'Mise à jour de Synapse', en: 'Synapse upgrade' },
    text: { fr: 'Quelques coupures, d’une minute; rien à faire.', en: 'A few cuts, of a minute; nothing to do.' },
    services: ['matrix'],
    created: NOON - 3 * DAY,
    changed: NOON - 2 * DAY,
    sequence: 0,
    begins: NOON + DAY,
    ends: NOON + DAY + 2 * HOUR,
    cancelled: null,
    repeats: false,
    updates: [],
    ...over,
  }
}

export function saying(changes: Partial<Picture>): Picture {
  return { ...MOMENTS.allWell, ...changes }
}

/** Nine days ago, over, with a text in one language and all that Markdown has. */
export function over(changes: Partial<IncidentPicture> = {}): IncidentPicture {
  const started = NOON - 9 * DAY
  return incident({
    id: 'inc000000007',
    title: { fr: 'Matrix muet le temps d’un redémarrage' },
    status: 'resolved',
    impact: 'minor',
    services: ['matrix', 'gone'],
    started,
    created: started + 5 * MINUTE,
    changed: started + 26 * HOUR,
    resolved: started + 95 * MINUTE,
    updates: [
      {
        id: 'upd000000003',
        at: started + 5 * MINUTE,
        status: 'monitoring',
        text: {
          fr: '# Ce qui se passe\n\nLe serveur redémarre :\n\n- les messages *attendent*\n- rien n’est perdu\n\n> voir https://matrix.org\n\n```\nsystemctl restart synapse\n```',
        },
        corrected: started + 9 * MINUTE,
      },
      {
        id: 'upd000000004',
        at: started + 95 * MINUTE,
        status: 'resolved',
        text: { fr: 'Tout est revenu.', en: 'All is back.' },
        corrected: null,
      },
    ],
    postmortem: {
      text: { fr: 'Une mise à jour a rempli la mémoire. Elle est mise à part désormais.' },
      at: started + 26 * HOUR,
    },
    ...changes,
  })
}

const WORKS = [
  work({ id: 'mnt000000001', of: 'mnt000000001', begins: LONG_AGO, ends: LONG_AGO + HOUR }),
  work({
    id: 'mnt000000002',
    of: 'mnt000000002',
    title: { en: 'New disk' },
    services: ['pads'],
    begins: NOON - HOUR,
    ends: NOON + HOUR,
    updates: [{ id: 'upd000000009', at: NOON - 20 * MINUTE, text: { fr: 'La moitié est faite.' } }],
  }),
  work({ repeats: true }),
  work({ id: 'mnt000000008', begins: NOON + 8 * DAY, ends: NOON + 8 * DAY + 2 * HOUR, repeats: true }),
  work({
    id: 'mnt000000009',
    of: 'mnt000000009',
    title: { fr: 'Déplacement de la baie', en: 'Moving the rack' },
    services: [],
    begins: NOON + 3 * DAY,
    ends: NOON + 4 * DAY,
    cancelled: NOON - DAY,
  }),
]

/** Down for a while this morning. */
function fellFor(id: string, outage: number): Partial<ServicePicture> {
  const days = daysOf(id)
  const today = days.at(-1)!
  return { days: [...days.slice(0, -1), { ...today, tally: { ...today.tally!, outage } }] }
}

const MATRIX_ODD = { status: 'partial_outage', raised: true } as const

/** Moments at which people said something. */
export const SPOKEN = {
  said: {
    ...MOMENTS.oneDown,
    incidents: [
      incident({
        title: { fr: 'Courriel : le serveur ne répond plus', en: 'E-mail: the server no longer answers' },
        impact: 'critical',
        updates: [
          incident().updates[0],
          {
            ...incident().updates[1]!,
            text: { fr: 'Le disque est plein ; on fait de la place.' },
          },
        ],
      }),
      over(),
    ],
  },
  saidOfTwo: {
    ...pictureOf(catalogue({ mail: DOWN, files: DOWN, matrix: MATRIX_ODD }), { status: 'major_outage' }),
    incidents: [
      incident(),
      incident({
        id: 'inc000000043',
        title: { en: 'Rooms out of order' },
        services: ['matrix'],
        status: 'investigating',
        impact: 'critical',
        raises: 'partial_outage',
      }),
      over(),
    ],
    maintenances: WORKS,
  },
  reported: saying({
    incidents: [
      incident({
        title: { fr: 'Tous les services sont injoignables', en: 'No service can be reached' },
        impact: 'critical',
        status: 'investigating',
        services: catalogue().map(({ service }) => service.id),
        updates: [
          {
            ...incident().updates[0],
            text: { fr: 'La panne est chez notre fournisseur.', en: 'The outage is our provider’s.' },
          },
        ],
      }),
    ],
  }),
  saidAlone: saying({ incidents: [incident({ automatic: true }), over()] }),
  lately: {
    ...pictureOf(
      catalogue({
        mail: fellFor('mail', 51 * MINUTE),
        webmail: fellFor('webmail', 50 * MINUTE),
        notes: fellFor('notes', 4 * MINUTE),
      }),
    ),
    incidents: [
      over({
        started: NOON - 15 * HOUR,
        resolved: NOON - 13 * HOUR,
        title: { fr: 'Matrix muet après une mise à jour', en: 'Matrix silent after an upgrade' },
      }),
    ],
  },
  planned: saying({ maintenances: WORKS, incidents: [over()] }),
  acknowledged: pictureOf(catalogue({ mail: { ...DOWN, acknowledged: OUTAGE + 5 * MINUTE } }), {
    status: 'major_outage',
  }),
  overruled: pictureOf(
    catalogue({
      mail: {
        ...DOWN,
        status: 'operational',
        override: { until: NOON + 4 * HOUR, text: { fr: 'La sonde se trompe : le courriel marche.' } },
      },
      files: { status: 'major_outage', override: { until: NOON + DAY, text: null } },
    }),
    { status: 'major_outage' },
  ),
} satisfies Readonly<Record<string, Picture>>

export const EVERY_SPOKEN: readonly (readonly [string, Picture])[] = Object.entries(SPOKEN)
