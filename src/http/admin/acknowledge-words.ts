// The words of the page that an alert mail's link leads to.
import type { Language } from '../../core/text.ts'

export interface AcknowledgeWords {
  readonly title: string
  readonly since: (since: string) => string
  readonly seen: (who: string, when: string) => string
  readonly button: string
  readonly explanation: string
  readonly over: string
  readonly unknown: string
  readonly more: string
}

export const ACKNOWLEDGE_WORDS: Readonly<Record<Language, AcknowledgeWords>> = {
  fr: {
    title: 'Qui l’a vu ?',
    since: (since) => `en panne depuis ${since}`,
    seen: (who, when) => `Vu par ${who} ${when}.`,
    button: 'J’ai vu',
    explanation: 'La page dira aux membres que l’équipe l’a vu, et les autres admins le sauront par un message.',
    over: 'Rien de ce dont parlait ce message n’est ouvert ici : c’est fini, ou ce site ne le sait pas encore. Rechargez dans une minute.',
    unknown: 'Ce lien n’est pas celui d’un message de vigie. Est-il entier ?',
    more: 'Écrire aux membres',
  },
  en: {
    title: 'Who has seen it?',
    since: (since) => `down since ${since}`,
    seen: (who, when) => `Seen by ${who} ${when}.`,
    button: 'I have seen it',
    explanation: 'The page will tell members that the team has seen it, and the other admins get one mail.',
    over: 'Nothing that this mail was about is open here: it is over, or this site does not know of it yet. Reload in a minute.',
    unknown: 'This link is not from a mail of vigie. Is it whole?',
    more: 'Write to members',
  },
}
