// `/admin/mail/`: what went out, through whom, and what still waits.
import { writeMessage } from '../../core/letter/message.ts'
import { iso } from '../../core/time/time.ts'
import type { Attempt } from '../../store/outbox.ts'
import { type Desk, momentsFor } from './desk.ts'
import type { Door } from './door.ts'
import { MAIL_WORDS } from './mail-words.ts'

const MOST = 100

/** The last 100 attempts. Their subjects are written anew: a letter of last month has today's words. */
export function putUpMail(door: Door, desk: Desk): void {
  door.get('/mail/', ({ language }) => {
    const text = MAIL_WORDS[language]
    const moments = momentsFor(desk, language)
    const unsent = desk.unsent()
    const rows = desk.attempts(MOST).map((attempt) => {
      const { at, recipient, relay, outcome, note } = attempt
      return {
        iso: iso(at),
        at: moments.since(at),
        subject: subjectOf(attempt, desk),
        recipient,
        relay,
        outcome,
        word: text.outcomes[outcome],
        note,
      }
    })
    return { page: 'mail', model: { text, rows, unsent: unsent === 0 ? null : text.unsent(unsent) } }
  })
}

/** As it stands in the mailbox. A letter of an older vigie may lack what words are made of: that has its key. */
function subjectOf({ letter, recipient, at, key }: Attempt, { configuration }: Desk): string {
  const circumstances = { configuration, ended: () => null, acknowledge: () => null }
  try {
    return writeMessage(letter, recipient, null, circumstances, at).subject
  } catch {
    return key
  }
}
