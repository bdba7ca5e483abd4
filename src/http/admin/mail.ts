// `/admin/mail/`: what went out, through whom, and what still waits.
import { iso } from '../../core/time/time.ts'
import { momentsOf } from '../../page/words/moments.ts'
import { CHECK_WORDS } from './check-words.ts'
import type { Desk } from './desk.ts'
import type { Door } from './door.ts'

const MOST = 100

export function putUpMail(door: Door, desk: Desk): void {
  door.get('/mail/', ({ language }) => {
    const text = CHECK_WORDS[language]
    const moments = momentsOf(language, desk.configuration().timezone, desk.now())
    const unsent = desk.unsent()
    const rows = desk.attempts(MOST).map(({ at, key, recipient, relay, outcome, note }) => ({
      iso: iso(at),
      at: moments.since(at),
      key,
      recipient,
      relay,
      outcome,
      word: text.outcomes[outcome],
      note,
    }))
    return { page: 'mail', model: { text, rows, unsent: unsent === 0 ? null : text.unsent(unsent) } }
  })
}
