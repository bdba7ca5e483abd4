// What every admin page has around it.
import { createHash } from 'node:crypto'
import { newToken } from '../../access/secrets.ts'
import { LANGUAGES } from '../../core/text.ts'
import { LANGUAGE_NAMES } from '../../page/words/words.ts'
import { pageOf, type Visit } from './door.ts'
import { lineIn } from './form.ts'
import { DONE, WAYS, type Way, WORDS } from './words.ts'

const PATHS: Readonly<Record<Way, string>> = {
  now: '/admin/',
  incidents: '/admin/incidents/',
  maintenance: '/admin/maintenance/',
  checks: '/admin/checks/',
  mail: '/admin/mail/',
  accounts: '/admin/accounts/',
  journal: '/admin/journal/',
}

/** What the layout prints. `hoster`: its name; `sheet`: where the style sheet is. */
export function frameOf(visit: Visit, { hoster, sheet }: { readonly hoster: string; readonly sheet: string }) {
  const { language, who, form } = visit
  const words = WORDS[language]
  const path = visit.path.split('?')[0]!
  const done = DONE.find((one) => one === lineIn(visit.query, 'done'))
  return {
    language,
    words,
    form,
    /** Another each time: a form that is sent twice is done once. */
    once: newToken,
    hoster,
    sheet,
    account: who?.account.name ?? null,
    ways:
      who === null
        ? []
        : WAYS.map((way) => ({ href: PATHS[way], label: words.ways[way], current: isWithin(path, way) })),
    here: visit.posted ? pageOf(path) : path,
    languages: LANGUAGES.map((code) => ({ code, name: LANGUAGE_NAMES[code], current: code === language })),
    done: done === undefined ? null : words.done[done],
  }
}

/** The style sheet's path: another text, another path, so that it may be kept for ever. */
export function stylePath(text: string): string {
  return `/style-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.css`
}

function isWithin(path: string, way: Way): boolean {
  return way === 'now' ? path === PATHS.now : path.startsWith(PATHS[way])
}
