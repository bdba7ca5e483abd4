// `/admin/journal/`: who did what, as the ledger has it.
import { nameOfAuthor } from '../../core/author.ts'
import { say, type Text } from '../../core/text.ts'
import { iso } from '../../core/time/time.ts'
import { type Desk, momentsFor, servicesOf } from './desk.ts'
import type { Door, Known } from './door.ts'
import { JOURNAL_WORDS } from './journal-words.ts'

const MOST = 200

/**
 * The last 200; of several sites each line says which. What this vigie has no words for shows the type of its entry.
 */
export function putUpJournal(door: Door, desk: Desk): void {
  door.get('/journal/', (visit) => {
    const words = JOURNAL_WORDS[visit.language]
    const moments = momentsFor(desk, visit.language)
    const rows = desk.journal(MOST).map(({ type, payload, hlc, origin }) => {
      const said = (typeof payload === 'object' && payload !== null ? payload : {}) as Readonly<Record<string, unknown>>
      const by = typeof said.by === 'string' ? said.by : '?'
      const at = typeof said.at === 'number' && Number.isSafeInteger(said.at) ? said.at : hlc.at
      return {
        iso: isoOf(at),
        at: moments.since(at),
        by: nameOfAuthor(by, visit.language),
        act: words.acts[actOf(type, said)] ?? words.acts[type] ?? type,
        about: aboutOf(type, said, visit),
        site: desk.configuration().sites.length > 1 ? origin : null,
      }
    })
    return { page: 'journal', model: { text: words, rows } }
  })

  function aboutOf(type: string, said: Readonly<Record<string, unknown>>, { language }: Known): string {
    const { id, name, by, outage, service, code } = said
    const words = JOURNAL_WORDS[language]
    if (type === 'account.login' && typeof code === 'string')
      return desk.spentTwice(code) ? words.codeTwice : words.codeUsed
    if (type.startsWith('incident.') && typeof id === 'string') return titled(desk.notes.incident(id)?.title)
    if (type.startsWith('maintenance.') && typeof id === 'string') return titled(desk.notes.maintenance(id)?.title)
    if (typeof service === 'string') return named(service)
    if (typeof outage === 'string') return named(outage.replace(/-[a-z0-9]+$/, ''))
    return typeof name === 'string' && name !== by ? name : ''

    /** Of a service, or of its outages for admins; one that is configured no more keeps its id. */
    function named(service: string): string {
      const found = servicesOf(desk).find(({ id: one }) => one === service || `${one}-admins` === service)
      return found === undefined ? service : say(found.name, language)
    }

    function titled(title: Text | undefined): string {
      return title === undefined ? '' : say(title, language)
    }
  }
}

/** What was done, where one type of statement does several things. */
function actOf(type: string, { update, status, muted }: Readonly<Record<string, unknown>>): string {
  if (type === 'incident.update' && status === 'resolved') return 'incident.resolve'
  if (type === 'mute' && muted === false) return 'mute.end'
  return typeof update === 'string' ? `${type}.update` : type
}

/** A twin may have said nonsense. */
function isoOf(at: number): string {
  return Math.abs(at) <= 8.64e15 ? iso(at) : ''
}
