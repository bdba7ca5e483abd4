// What a page says of one service under its name: what happens, them or us, what to do meanwhile, who knows.
import type { ServicePicture } from '../core/picture.ts'
import { meanwhile, teamKnows, whose } from './advice.ts'
import { capitalised, type Page } from './frame.ts'
import { certaintyOf, conditionOf, reasonsOf } from './trouble.ts'
import { CERTAINTY, CONDITIONS } from './words.ts'

export interface Line {
  readonly about: 'why' | 'sure' | 'meanwhile' | 'told' | 'team'
  /** What it answers, in bold before it. */
  readonly label: string | null
  readonly text: string
}

/** In this order; of a service in good health only how sure that is. `told`: the team was; `team`: it may not know. */
export function linesOf(service: ServicePicture, page: Page): readonly Line[] {
  const { picture, language, prose, moments, set } = page
  const condition = conditionOf(service)
  const certainty = certaintyOf(service, picture, language)
  const side = whose(service, certainty, language)
  const sure = `${CERTAINTY[language](certainty)}.`
  const surely: Line = { about: 'sure', label: side && set(side), text: set(side === null ? capitalised(sure) : sure) }
  if (condition === 'operational') return [surely]
  const why = whyOf(service, page)
  return [
    ...(why === '' ? [] : [{ about: 'why', label: set(prose.happens), text: set(`${why}.`) } as const]),
    ...(condition === 'under_maintenance' ? [] : [surely]),
    { about: 'meanwhile', label: set(prose.meanwhile), text: set(meanwhile(service, language)) },
    {
      about: service.told === null || service.acknowledged !== null ? 'team' : 'told',
      label: set(prose.team),
      text: set(teamKnows(service, moments, language)),
    },
  ]
}

/** `2 vérifications sur 3 échouent (pas de réponse à temps)`; empty when there is nothing to say that isn't said. */
function whyOf(service: ServicePicture, { language, prose }: Page): string {
  if (service.confidence.note === 'frozen') return ''
  const { failing, reasons } = reasonsOf(service, language)
  const some = service.status !== 'unknown' && failing > 0 && failing < service.checks.length
  const worst = service.unstable ? prose.worst(CONDITIONS[language][service.status].toLowerCase()) : ''
  const facts = [worst, some ? prose.failing(failing, service.checks.length) : ''].filter((text) => text !== '')
  const said = facts.join(language === 'fr' ? ' ; ' : '; ')
  const why = reasons.join(', ')
  return said === '' || why === '' ? said || why : `${said} (${why})`
}
