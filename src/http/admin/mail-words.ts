// The words of the page about mail.
import type { Language } from '../../core/text.ts'
import type { Attempt } from '../../store/outbox.ts'

export interface MailWords {
  readonly intro: string
  readonly unsent: (count: number) => string
  readonly nothing: string
  readonly to: string
  readonly through: string
  readonly outcomes: Readonly<Record<Attempt['outcome'], string>>
}

export const MAIL_WORDS: Readonly<Record<Language, MailWords>> = {
  fr: {
    intro: 'Chaque essai d’envoi, avec ce que le relais a répondu.',
    unsent: (count) => (count === 1 ? '1 courriel attend encore.' : `${count} courriels attendent encore.`),
    nothing: 'Aucun courriel n’a été envoyé jusqu’ici.',
    to: 'à',
    through: 'par',
    outcomes: { begun: 'en cours', sent: 'accepté', failed: 'refusé', uncertain: 'sans réponse' },
  },
  en: {
    intro: 'Every try to send, and what the relay answered.',
    unsent: (count) => (count === 1 ? '1 mail is still waiting.' : `${count} mails are still waiting.`),
    nothing: 'No mail was sent so far.',
    to: 'to',
    through: 'through',
    outcomes: { begun: 'under way', sent: 'taken', failed: 'refused', uncertain: 'no answer' },
  },
}
