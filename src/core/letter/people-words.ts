// The phrases of letters about what people said, or should say.
import type { Language } from '../text.ts'

export interface PeoplePhrases {
  readonly acknowledged: (who: string, names: string) => string
  readonly acknowledgedNote: string
  readonly quiet: (title: string, since: string) => string
  readonly quietNote: string
  readonly over: (title: string) => string
  readonly overNote: (since: string) => string
  readonly answer: string
  readonly acknowledge: string
}

export const PEOPLE: Readonly<Record<Language, PeoplePhrases>> = {
  fr: {
    acknowledged: (who, names) => `Vu par ${who} : ${names}`,
    acknowledgedNote: 'La page dit aux membres « vu par l’équipe », et rien de plus.',
    quiet: (title, since) => `« ${title} » : rien de neuf pour les membres ${since}`,
    quietNote: 'Cet incident est ouvert. Une phrase suffit, même « nous cherchons encore ».',
    over: (title) => `« ${title} » : est-ce fini ?`,
    overNote: (since) => `Tous ses services marchent ${since}. Si c’est fini, il reste à le dire aux membres.`,
    answer: 'Répondre ici :',
    acknowledge: 'J’ai vu, je m’en occupe :',
  },
  en: {
    acknowledged: (who, names) => `Seen by ${who}: ${names}`,
    acknowledgedNote: 'The page tells members "seen by the team", and nothing more.',
    quiet: (title, since) => `"${title}": nothing new for members ${since}`,
    quietNote: 'This incident is open. One sentence will do, even "we are still looking".',
    over: (title) => `"${title}": is it over?`,
    overNote: (since) => `All its services have worked ${since}. If it is over, members remain to be told.`,
    answer: 'Answer here:',
    acknowledge: 'I have seen it, I’m on it:',
  },
}
