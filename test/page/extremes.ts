// Pictures no designer would draw and some hoster will have: many services, long names, other scripts, hardly anything.
import type { Almanac } from '../../src/core/history/almanac.ts'
import type { Picture } from '../../src/core/shown/picture.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { almanacOf, outageOf } from './past.ts'
import { catalogue, DOWN, MOMENTS, NOON, pictureOf, serviceOf } from './pictures.ts'

const GROUPS = ['communication', 'documents', 'infrastructure'] as const

/** Eighty characters, and no place to break the second. */
const LONG = 'Édition collaborative de textes, tableaux et présentations pour les adhérentes…!'
const UNBROKEN = `https://${'anticonstitutionnellement'.repeat(3)}`.slice(0, 80)

export const EXTREMES = {
  sixty: pictureOf(
    Array.from({ length: 60 }, (_, at) =>
      serviceOf(
        `service-${at}`,
        { fr: `Service numéro ${at}`, en: `Service number ${at}` },
        GROUPS[at % 3]!,
        at % 9 === 0 ? { ...DOWN } : {},
      ),
    ),
    { status: 'major_outage' },
  ),
  longNames: pictureOf(
    [
      serviceOf('long', { fr: LONG, en: LONG }, 'communication', DOWN),
      serviceOf('unbroken', { fr: UNBROKEN, en: UNBROKEN }, 'communication', { ...DOWN, cause: 'long' }),
      serviceOf('child', { fr: LONG, en: LONG }, 'documents', { ...DOWN, cause: 'long' }),
      serviceOf('well', { fr: UNBROKEN, en: UNBROKEN }, 'documents'),
    ],
    { status: 'major_outage' },
  ),
  rightToLeft: pictureOf(
    [
      serviceOf('mail', { fr: 'البريد الإلكتروني (POP3)', en: 'البريد الإلكتروني (POP3)' }, 'communication', DOWN),
      serviceOf('chat', { fr: 'צ׳אט — Matrix', en: 'צ׳אט — Matrix' }, 'communication', { ...DOWN, cause: 'mail' }),
      ...catalogue().slice(4),
    ],
    { status: 'major_outage' },
  ),
  noGroups: pictureOf([serviceOf('mail', { fr: 'Courriel', en: 'E-mail' }, 'nowhere')], {
    hoster: { ...MOMENTS.allWell.hoster, groups: [], about: null, contact: null },
  }),
  alone: pictureOf([serviceOf('mail', { fr: 'Courriel', en: 'E-mail' }, 'communication', DOWN)], {
    status: 'major_outage',
    hoster: { ...MOMENTS.allWell.hoster, sites: MOMENTS.allWell.hoster.sites.slice(0, 1) },
  }),
  nothing: pictureOf([], { status: 'unknown' }),
} satisfies Readonly<Record<string, Picture>>

/** An outage of some service every other day for a year, and a blind hour every week. */
export function aYearOf(picture: Picture): Almanac {
  const { services } = picture
  const outages = Array.from({ length: 182 }, (_, at) =>
    outageOf(services[at % services.length]!.service.id, NOON - (1 + 2 * at) * DAY, (5 + (at % 50)) * MINUTE),
  )
  return {
    ...almanacOf(picture),
    outages: () => outages,
    blind: () =>
      Array.from({ length: 52 }, (_, at) => {
        const from = NOON - (2 + 7 * at) * DAY
        return { from, to: from + HOUR, layers: ['v4'] }
      }),
  }
}
