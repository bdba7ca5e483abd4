// Why something handed in is refused, for forms: what core/said/submission.ts and board/post.ts say of it is for programs. Every
// message they can give has its row here.
import type { Language } from '../../core/text.ts'

/** Messages are made in English: what stands for one in each other language, and in English where a form should not say it so. */
type Said = Readonly<Record<Exclude<Language, 'en'>, string> & { en?: string }>

const ROWS: readonly (readonly [made: RegExp, said: Said])[] = [
  [/^is missing.*$/, { fr: 'à remplir', en: 'is missing' }],
  [/^is empty$/, { fr: 'à remplir' }],
  [
    /^is in the future: work ahead is a maintenance$/,
    { fr: 'est dans le futur : ce qui est prévu est une maintenance' },
  ],
  [/^is in the future$/, { fr: 'est dans le futur' }],
  [/^is over already$/, { fr: 'est déjà passé' }],
  [/^must be one line of at most (\d+) characters$/, { fr: 'tient sur une ligne, en $1 caractères au plus' }],
  [/^must be at most (\d+) characters, without control characters$/, { fr: 'tient en $1 caractères, tous visibles' }],
  [/^must be text(?:, or one text a language)?$/, { fr: 'doit être un texte' }],
  [/^(.*) is no language: there are (.*)$/, { fr: '$1 n’est pas une langue : il y a $2' }],
  [/^must name at least one service$/, { fr: 'il en faut un au moins' }],
  [/^must be a list of services$/, { fr: 'doit être une liste de services' }],
  [/^names (.*), which is no service; there are (.*)$/, { fr: '$1 n’est pas un service ; il y a $2' }],
  [/^must be one of (.*)$/, { fr: 'doit être l’un de : $1' }],
  [/^must be a moment, such as (.*)$/, { fr: 'doit être un moment, par exemple $1' }],
  [/^is no moment: (.*)\. Write (.*), "(.*)" or (.*)$/, { fr: '$1 n’est pas un moment. Écrivez $2, « $3 » ou $4' }],
  [/^must be a length of time such as (.*) or (.*)$/, { fr: 'doit être une durée, par exemple $1 ou $2' }],
  [/^must be a rule such as (.*)$/, { fr: 'doit être une règle, par exemple $1' }],
  [/^.* \(such as (.*)\)$/, { fr: 'vigie ne connaît pas cette règle ; par exemple $1' }],
  [/^must come after `begins`$/, { fr: 'doit venir après le début', en: 'must come after the beginning' }],
  [
    /^comes more than 31 days after .*$/,
    { fr: 'vient plus de 31 jours après le début', en: 'comes more than 31 days later' },
  ],
  [/^comes before its beginning: cancel it instead$/, { fr: 'vient avant le début : annulez-la plutôt' }],
  [/^nothing of it is to come$/, { fr: 'il n’y en a plus à venir' }],
  [/^none of its times begins then$/, { fr: 'aucune ne commence à ce moment' }],
  [/^is more than a day ahead: say it again then$/, { fr: 'dépasse un jour : redites-le demain' }],
  [/^is not known here; there are (.*)$/, { fr: 'est inconnu ici ; il y a $1' }],
  [/^must be a JSON object$/, { fr: 'ce qui est arrivé n’est pas lisible', en: 'what arrived can’t be read' }],
  [
    /^is not among the drafts .*$/,
    {
      fr: 'n’est plus là : sa panne est finie, ou il a été publié',
      en: 'is not there any more: its outage is over, or it was published',
    },
  ],
  [/^is not among the templates: (.*)$/, { fr: 'n’est pas parmi les modèles : $1' }],
  [/^changes nothing$/, { fr: 'rien n’est changé', en: 'nothing is changed' }],
  [/^there is no such (.*)$/, { fr: 'n’existe pas, ou plus', en: 'is not there, or no longer' }],
  [
    /^the first update opened the incident: .*$/,
    { fr: 'le premier message a ouvert l’incident : corrigez-le, ou retirez l’incident' },
  ],
  [/^all of it is over$/, { fr: 'tout est déjà passé' }],
  [/^this incident was taken back$/, { fr: 'cet incident a été retiré' }],
  [/^this maintenance was called off$/, { fr: 'cette maintenance a été annulée' }],
  [
    /^this idempotency key was used for something else$/,
    {
      fr: 'ce formulaire a déjà servi à autre chose : rechargez la page',
      en: 'this form was used for something else already: reload the page',
    },
  ],
]

/** A message in a person's words; one that nobody foresaw stays as it is. */
export function mistakeIn(message: string, language: Language): string {
  const row = ROWS.find(([made]) => made.test(message))
  if (row === undefined) return message
  const [made, { [language]: said }] = row
  return said === undefined ? message : message.replace(made, said)
}

/** A field and what is wrong with it: such a message has its subject in English. */
export const FAULT: Readonly<Record<Language, (field: string, mistake: string) => string>> = {
  fr: (field, mistake) => `${field}\u00a0: ${mistake}`,
  en: (field, mistake) => `${field} ${mistake}`,
}

/** What is refused that is no field of a form. */
export const THINGS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    incident: 'Incident',
    update: 'Message',
    maintenance: 'Maintenance',
    draft: 'Brouillon',
    outage: 'Panne',
    service: 'Service',
    for: 'Durée',
  },
  en: {
    incident: 'Incident',
    update: 'Update',
    maintenance: 'Maintenance',
    draft: 'Draft',
    outage: 'Outage',
    service: 'Service',
    for: 'Duration',
  },
}
