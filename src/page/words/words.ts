// What members read, word by word, in every language of the page. French goes without gender and number here ("en panne",
// not "arrêtées"), since a service's name may be of any; `typeset` sees to its no-break spaces.

import { type Language, list, PUNCTUATION } from '../../core/text.ts'
import type { Confidence } from '../../core/verdict/agreement.ts'
import { blamed } from '../../core/verdict/blindness.ts'
import type { Status } from '../../core/verdict/service.ts'
import type { State } from '../../core/verdict/state.ts'
import type { Layer } from '../pages/bars.ts'

/** What a service looks like to members: its status, or what must be said instead of it so as not to say too much. */
export type Condition =
  | Status
  /** Degraded, and nothing but slow. */
  | 'slow'
  /** It changes too often to be called anything else. */
  | 'unstable'
  /** Partial because sites disagree. */
  | 'disputed'
  /** Partial because we can't reach it, and neither can we anything near it: maybe only the road is cut. */
  | 'unreached'

/** A space at which no line ends. */
export const NO_BREAK = '\u00a0'
const NO_BREAK_HYPHEN = '\u2011'

type Table<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { fr: 'Français', en: 'English' }

/** Beside an icon, as the last word on a service. */
export const CONDITIONS: Table<Condition> = {
  fr: {
    operational: 'En service',
    degraded_performance: 'Perturbations',
    slow: 'Au ralenti',
    partial_outage: 'Panne partielle',
    major_outage: 'En panne',
    under_maintenance: 'En maintenance',
    unknown: 'Non vérifié',
    unstable: 'Coupures répétées',
    disputed: 'Hors d’atteinte par endroits',
    unreached: 'Peut-être en panne',
  },
  en: {
    operational: 'Working',
    degraded_performance: 'Working poorly',
    slow: 'Slow',
    partial_outage: 'Partly down',
    major_outage: 'Down',
    under_maintenance: 'Under maintenance',
    unknown: 'Not verified',
    unstable: 'On and off',
    disputed: 'Unreachable from some places',
    unreached: 'Possibly down',
  },
}

/** Of what was well, and is not known to be still: a look failed, or the next one is awaited. */
export const DOUBTED: Readonly<Record<Language, string>> = { fr: 'En vérification', en: 'Being checked' }

const AT: Readonly<Record<Language, string>> = { fr: 'À', en: 'At' }

/** A word of a moment that is over, for a page that nobody renews any more: `À 14:12 : en panne`. */
export function wordThen(text: string, clock: string, language: Language): string {
  const word = text.toLowerCase()
  return typeset(`${AT[language]} ${clock}${PUNCTUATION[language].colon}${word}`, language)
}

/** One check, within a sentence. */
export const CHECK_STATES: Table<State> = {
  fr: {
    up: 'fonctionne',
    degraded: 'fonctionne mal',
    partial: 'hors d’atteinte par endroits',
    down: 'ne fonctionne pas',
    unknown: 'non vérifié',
  },
  en: {
    up: 'works',
    degraded: 'works poorly',
    partial: 'unreachable from some places',
    down: 'does not work',
    unknown: 'not verified',
  },
}

/** What the layers of the bars mean. */
export const LEGEND: Table<Exclude<Layer, 'operational'>> = {
  fr: {
    whole: 'en service',
    outage: 'en panne',
    partial: 'en partie en panne',
    degraded: 'au ralenti',
    maintenance: 'en maintenance',
    blind: 'sans mesure',
    none: 'avant nos mesures',
  },
  en: {
    whole: 'working',
    outage: 'down',
    partial: 'partly down',
    degraded: 'slow',
    maintenance: 'under maintenance',
    blind: 'not measured',
    none: 'before we measured',
  },
}

/** The whole hoster in a few words, for a window's title. */
export const TITLES: Table<Status> = {
  fr: {
    operational: 'Tout fonctionne',
    degraded_performance: 'Perturbations',
    partial_outage: 'Panne partielle',
    major_outage: 'Panne',
    under_maintenance: 'Maintenance',
    unknown: 'Non vérifié',
  },
  en: {
    operational: 'All is well',
    degraded_performance: 'Some trouble',
    partial_outage: 'Partial outage',
    major_outage: 'Outage',
    under_maintenance: 'Maintenance',
    unknown: 'Not verified',
  },
}

/** Parts of our own line, as `Picture.blind` names them; `port:25` and whatever comes are said by `layerName`. */
const LAYERS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    dns: 'recherche d’adresses',
    v4: 'accès à internet',
    v6: 'IPv6',
    tls: 'accès direct',
    clock: 'horloge',
  },
  en: {
    dns: 'address lookup',
    v4: 'internet access',
    v6: 'IPv6',
    tls: 'direct access',
    clock: 'clock',
  },
}

/** What of our own line is to blame, in the order it is known. */
export function layerNames(layers: readonly string[], language: Language): string {
  return blamed(layers)
    .map((layer) => layerName(layer, language))
    .join(', ')
}

/** What only a newer twin knows is called as it calls it. */
export function layerName(layer: string, language: Language): string {
  return LAYERS[language][layer] ?? layer.replace(/^port:/, 'port ')
}

/** What there is to know to say how sure we are. Places are where sites stand, already in the language. */
export interface Certainty {
  readonly note: Confidence['note']
  readonly confirmed: number
  readonly of: number
  /** The sites that share the agreed state; with `disagree`, and with `road` while up, those that reach it. None: not told. */
  readonly places: readonly string[]
  /** The sites that see it down. */
  readonly against: readonly string[]
  readonly state: State
  /** It was never looked at yet. */
  readonly fresh: boolean
}

/** How sure we are, in a few words that can stand between dots: `constaté depuis 2 endroits sur 2`. */
export const CERTAINTY: Readonly<Record<Language, (certainty: Certainty) => string>> = {
  fr: ({ note, confirmed, of, places, against, state, fresh }) => {
    const here = list(places, 'fr')
    const there = list(against, 'fr')
    const where = here && ` (${here})`
    if (note === 'confirmed') return `constaté depuis ${confirmed}${NO_BREAK}endroits sur${NO_BREAK}${of}${where}`
    if (note === 'one_site')
      return of > 1 ? `constaté depuis 1 endroit sur ${of}${where}` : `constaté depuis un seul endroit${where}`
    if (note === 'disagree')
      return here ? `joignable depuis ${here}${there && `, pas depuis ${there}`}` : 'joignable depuis certains endroits'
    if (note === 'verifying') return 'en cours de vérification'
    if (note === 'frozen') return `${state === 'unknown' ? '' : 'dernier état connu, '}notre propre ligne est en cause`
    if (note === 'none') return fresh ? 'première vérification en cours' : 'impossible à dire pour l’instant'
    if (state === 'up')
      return `joignable${here && ` depuis ${here}`} ; la liaison depuis ${there || 'un autre endroit'} est en cause`
    return `injoignable ${here ? `depuis ${here}` : 'd’ici'} ; cause non confirmée, peut-être la liaison entre nous et lui`
  },
  en: ({ note, confirmed, of, places, against, state, fresh }) => {
    const here = list(places, 'en')
    const there = list(against, 'en')
    const where = here && ` (${here})`
    if (note === 'confirmed') return `seen from ${confirmed} of${NO_BREAK}${of}${NO_BREAK}places${where}`
    if (note === 'one_site') return of > 1 ? `seen from 1 of ${of} places${where}` : `seen from one place only${where}`
    if (note === 'disagree')
      return here ? `reachable from ${here}${there && `, not from ${there}`}` : 'reachable from some places'
    if (note === 'verifying') return 'being verified'
    if (note === 'frozen') return `${state === 'unknown' ? '' : 'last known state, '}our own line is at fault`
    if (note === 'none') return fresh ? 'first check under way' : 'nobody can tell for now'
    if (state === 'up')
      return `reachable${here && ` from ${here}`}; the connection from ${there || 'another place'} is at fault`
    return `unreachable from ${here || 'here'}; cause not confirmed, maybe the connection to it`
  },
}

const TYPESETTING: Readonly<Record<Language, (text: string) => string>> = {
  fr: (text) =>
    text
      .replace(/ (?=[:;?!»])/g, NO_BREAK)
      .replace(/« /g, `«${NO_BREAK}`)
      .replace(/-(?=(?:nous|les|la|le)(?![\p{L}-]))/gu, NO_BREAK_HYPHEN),
  en: (text) => text,
}

/** French puts a space before : ; ? ! » and one after «, and no line may break there nor within `écrivez-nous`. */
export function typeset(text: string, language: Language): string {
  return TYPESETTING[language](text)
}
