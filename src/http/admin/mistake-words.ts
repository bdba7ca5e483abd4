// Why something handed in is refused, for forms: what core/said/submission.ts and board/post.ts say of it is for programs. Every
// message they can give has its row here.
import type { Language } from '../../core/text.ts'

/** A message as it is made, what stands for it in French, and in English where a form should not say it so. */
const ROWS: readonly (readonly [made: RegExp, fr: string, en?: string])[] = [
  [/^is missing.*$/, 'à remplir', 'is missing'],
  [/^is empty$/, 'à remplir'],
  [/^is in the future: work ahead is a maintenance$/, 'est dans le futur : ce qui est prévu est une maintenance'],
  [/^is in the future$/, 'est dans le futur'],
  [/^is over already$/, 'est déjà passé'],
  [/^must be one line of at most (\d+) characters$/, 'tient sur une ligne, en $1 caractères au plus'],
  [/^must be at most (\d+) characters, without control characters$/, 'tient en $1 caractères, tous visibles'],
  [/^must be text(?:, or one text a language)?$/, 'doit être un texte'],
  [/^(.*) is no language: there are (.*)$/, '$1 n’est pas une langue : il y a $2'],
  [/^must name at least one service$/, 'il en faut un au moins'],
  [/^must be a list of services$/, 'doit être une liste de services'],
  [/^names (.*), which is no service; there are (.*)$/, '$1 n’est pas un service ; il y a $2'],
  [/^must be one of (.*)$/, 'doit être l’un de : $1'],
  [/^must be a moment, such as (.*)$/, 'doit être un moment, par exemple $1'],
  [/^is no moment: (.*)\. Write (.*), "(.*)" or (.*)$/, '$1 n’est pas un moment. Écrivez $2, « $3 » ou $4'],
  [/^must be a length of time such as (.*) or (.*)$/, 'doit être une durée, par exemple $1 ou $2'],
  [/^must be a rule such as (.*)$/, 'doit être une règle, par exemple $1'],
  [/^.* \(such as (.*)\)$/, 'vigie ne connaît pas cette règle ; par exemple $1'],
  [/^must come after `begins`$/, 'doit venir après le début', 'must come after the beginning'],
  [/^comes more than 31 days after .*$/, 'vient plus de 31 jours après le début', 'comes more than 31 days later'],
  [/^comes before its beginning: cancel it instead$/, 'vient avant le début : annulez-la plutôt'],
  [/^nothing of it is to come$/, 'il n’y en a plus à venir'],
  [/^none of its times begins then$/, 'aucune ne commence à ce moment'],
  [/^is more than a day ahead: say it again then$/, 'dépasse un jour : redites-le demain'],
  [/^is not known here; there are (.*)$/, 'est inconnu ici ; il y a $1'],
  [/^must be a JSON object$/, 'ce qui est arrivé n’est pas lisible', 'what arrived can’t be read'],
  [/^is not among the drafts: .*$/, 'n’est plus là : sa panne est finie, ou il a été publié'],
  [/^is not among the templates: (.*)$/, 'n’est pas parmi les modèles : $1'],
  [/^changes nothing$/, 'rien n’est changé', 'nothing is changed'],
  [/^there is no such (.*)$/, 'n’existe pas, ou plus', 'is not there, or no longer'],
  [
    /^the first update opened the incident: .*$/,
    'le premier message a ouvert l’incident : corrigez-le, ou retirez l’incident',
  ],
  [/^all of it is over$/, 'tout est déjà passé'],
  [/^this incident was taken back$/, 'cet incident a été retiré'],
  [/^this maintenance was called off$/, 'cette maintenance a été annulée'],
  [
    /^this idempotency key was used for something else$/,
    'ce formulaire a déjà servi à autre chose : rechargez la page',
    'this form was used for something else already: reload the page',
  ],
]

/** A message in a person's words; one that nobody foresaw stays as it is. */
export function mistakeIn(message: string, language: Language): string {
  const row = ROWS.find(([made]) => made.test(message))
  if (row === undefined) return message
  const [made, fr, en] = row
  if (language === 'fr') return message.replace(made, fr)
  return en === undefined ? message : message.replace(made, en)
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
