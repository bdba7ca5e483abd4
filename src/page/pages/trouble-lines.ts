// What a page says of one service under its name: what happens, them or us, what to do meanwhile, who knows.
import type { ServicePicture } from '../../core/shown/picture.ts'
import { capitalised, type Language, PUNCTUATION } from '../../core/text.ts'
import { eitherSide, meanwhile, teamKnows, whose } from '../words/advice.ts'
import { SPEECHES } from '../words/sentence-words.ts'
import { openIncidents, tellsOf } from '../words/telling.ts'
import { certaintyOf, conditionOf, isDoubted, isToldOtherwise, isUnwell, partsOf, reasonsOf } from '../words/trouble.ts'
import { CERTAINTY } from '../words/words.ts'
import type { Page } from './frame.ts'
import { shortOf } from './said.ts'

/** So many characters of what an admin says. */
const SHORT = 300

export interface TroubleLine {
  readonly about: 'why' | 'sure' | 'meanwhile' | 'end' | 'told' | 'team'
  /** What it answers, in bold before it. */
  readonly label: string | null
  readonly text: string
  /** Of the text, where that isn't the page's. */
  readonly lang?: Language | null
  /** The hoster's contact follows, where there is one. */
  readonly contact?: true
}

/**
 * In this order; of a service in good health only how sure that is. `told`: the team was, or has seen it; `team`: it may
 * not know. What an open incident tells (`tellsOf`) is left to it: why, and, when the team wrote it, what the team knows.
 */
export function linesOf(service: ServicePicture, page: Page): readonly TroubleLine[] {
  const { picture, language, prose, set } = page
  const condition = conditionOf(service)
  const surely = isToldOtherwise(service) ? saidLines(service, page) : [measuredLine(service, page)]
  if (isDoubted(service)) return [{ about: 'sure', label: null, text: set(SPEECHES[language].again(1)) }]
  if (condition === 'operational') return surely
  const why = whyOf(service, page)
  const advice: TroubleLine = {
    about: 'meanwhile',
    label: set(prose.meanwhile),
    text: set(meanwhile(service, picture, language)),
  }
  const sure = condition === 'under_maintenance' ? [] : surely
  const incident = tellsOf(service, openIncidents(picture))
  if (incident?.automatic === false) return [...sure, advice]
  return [
    ...(why === '' || incident !== undefined
      ? []
      : [{ about: 'why', label: set(prose.happens), text: set(`${why}.`) } as const]),
    ...sure,
    advice,
    ...(incident === undefined && isOut(service)
      ? [{ about: 'end', label: set(prose.end), text: prose.endUnknown } as const]
      : []),
    ...(isToldOtherwise(service) ? [] : [teamLine(service, page)]),
  ]
}

/** Not well, as measured: people ask when it will be. */
function isOut(service: ServicePicture): boolean {
  return !isToldOtherwise(service) && isUnwell(service)
}

function measuredLine(service: ServicePicture, { picture, language, set }: Page): TroubleLine {
  const certainty = certaintyOf(service, picture, language)
  const side = whose(service, certainty, language)
  const sure = `${CERTAINTY[language](certainty)}.`
  const either = eitherSide(service, sure, language)
  if (either !== null) return { about: 'sure', label: set(either.label), text: set(either.text) }
  return { about: 'sure', label: side && set(side), text: set(side === null ? capitalised(sure) : sure) }
}

/** People say otherwise than what is measured: both are told. */
function saidLines(service: ServicePicture, page: Page): readonly TroubleLine[] {
  const { prose, set } = page
  const { byTeam } = prose
  const { override } = service
  const measured = prose.measuredOtherwise[service.state]
  if (override?.text == null) return [{ about: 'sure', label: set(`${byTeam}.`), text: set(measured) }]
  const { text, lang } = shortOf(override.text, page, SHORT)
  const said: TroubleLine = {
    about: 'sure',
    label: set(`${byTeam}${PUNCTUATION[page.language].colon.trimEnd()}`),
    text,
    lang,
  }
  return [said, { about: 'sure', label: null, text: set(measured) }]
}

function teamLine(service: ServicePicture, { picture, language, prose, moments, set }: Page): TroubleLine {
  const known = set(teamKnows(service, moments, language))
  if (service.acknowledged !== null) return { about: 'told', label: null, text: capitalised(known) }
  if (service.told !== null) return { about: 'told', label: set(prose.team), text: known }
  const condition = conditionOf(service)
  const side =
    condition === 'under_maintenance' ? whose(service, certaintyOf(service, picture, language), language) : null
  const line: TroubleLine = { about: 'team', label: set(side ?? prose.team), text: known }
  return condition === 'degraded_performance' || condition === 'slow' ? { ...line, contact: true } : line
}

/** `le serveur ne répond pas`; empty when there is nothing to say that isn't said. */
function whyOf(service: ServicePicture, { language, prose }: Page): string {
  const condition = conditionOf(service)
  // Where it answers somewhere, that it doesn't is told with where.
  const told = condition === 'slow' || condition === 'disputed' || isToldOtherwise(service)
  if (service.confidence.note === 'frozen' || told) return ''
  if (condition === 'unstable') return prose.onAndOff
  if (condition === 'partial_outage') return partsOf(service, language).join(PUNCTUATION[language].semicolon)
  return reasonsOf(service, language).join(', ')
}
