// What people said, for pictures of a page: an incident with its updates, maintenance past, under way and to come.
import type { IncidentPicture, MaintenancePicture, Picture } from '../../src/core/picture.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { MOMENTS, NOON, OUTAGE } from './pictures.ts'

export function incident(over: Partial<IncidentPicture> = {}): IncidentPicture {
  return {
    id: 'inc000000042',
    title: { fr: 'Courriel : envois refusés', en: 'E-mail: sending refused' },
    status: 'identified',
    impact: 'major',
    services: ['mail'],
    started: OUTAGE,
    raises: 'none',
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
