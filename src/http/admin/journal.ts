// `/admin/journal/`: who did what, as the ledger has it.

import { say, type Text } from '../../core/text.ts'
import { iso } from '../../core/time/time.ts'
import { ACCOUNT_WORDS } from './account-words.ts'
import { type Desk, momentsFor } from './desk.ts'
import type { Door, Known } from './door.ts'

const MOST = 200

export function putUpJournal(door: Door, desk: Desk): void {
  door.get('/journal/', (visit) => {
    const words = ACCOUNT_WORDS[visit.language]
    const moments = momentsFor(desk, visit.language)
    const rows = desk.journal(MOST).map(({ type, payload, hlc, origin }) => {
      const said = (typeof payload === 'object' && payload !== null ? payload : {}) as Readonly<Record<string, unknown>>
      const by = typeof said.by === 'string' ? said.by : '?'
      const at = typeof said.at === 'number' && Number.isSafeInteger(said.at) ? said.at : hlc.at
      return {
        iso: isoOf(at),
        at: moments.since(at),
        by: by === 'cli' || by === 'vigie' ? words.by[by] : by,
        act: words.acts[typeof said.update === 'string' ? `${type}.update` : type] ?? words.acts[type] ?? type,
        about: aboutOf(type, said, visit),
        site: desk.configuration().sites.length > 1 ? origin : null,
      }
    })
    return { page: 'journal', model: { text: words, rows } }
  })

  function aboutOf(type: string, said: Readonly<Record<string, unknown>>, { language }: Known): string {
    const { id, name, by, outage, service, code } = said
    const words = ACCOUNT_WORDS[language]
    if (type === 'account.login' && typeof code === 'string')
      return desk.spentTwice(code) ? words.codeTwice : words.codeUsed
    if (type.startsWith('incident.') && typeof id === 'string') return titled(desk.notes.incident(id)?.title)
    if (type.startsWith('maintenance.') && typeof id === 'string') return titled(desk.notes.maintenance(id)?.title)
    if (typeof service === 'string') return service
    if (typeof outage === 'string') return outage
    return typeof name === 'string' && name !== by ? name : ''

    function titled(title: Text | undefined): string {
      return title === undefined ? '' : say(title, language)
    }
  }
}

/** A twin may have said nonsense. */
function isoOf(at: number): string {
  return Math.abs(at) <= 8.64e15 ? iso(at) : ''
}
