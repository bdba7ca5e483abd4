// The words of the pages about checks.
import type { Language } from '../../core/text.ts'
import type { LastPing } from '../../core/verdict/heartbeat.ts'

export interface CheckWords {
  readonly intro: string
  readonly never: string
  readonly adminsOnly: string
  readonly lastLook: string
  readonly look: string
  readonly lookNow: string
  readonly waits: string
  readonly ping: string
  readonly pinged: Readonly<Record<LastPing['kind'], string>> & { readonly exit: (code: number) => string }
  readonly silence: string
  readonly silenceHint: string
  /** `until`: `jusqu’à 17:46`. */
  readonly silent: (until: string) => string
  readonly speak: string
  readonly all: string
  readonly facts: Readonly<
    Record<
      'kind' | 'target' | 'every' | 'state' | 'since' | 'at' | 'took' | 'result' | 'certificate' | 'lastGood' | 'note',
      string
    >
  >
  readonly fine: string
  readonly failed: string
  readonly unknown: string
  readonly phases: string
  readonly phase: string
  readonly days: (count: number) => string
}

export const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = {
  fr: {
    intro: 'Tout ce que vigie regarde, les pannes d’abord.',
    never: 'pas encore vérifié',
    adminsOnly: 'pas sur la page',
    lastLook: 'Dernière vérification',
    look: 'Vérifier',
    lookNow: 'Vérifier maintenant',
    waits: 'Cette vérification attend qu’on l’appelle ; elle ne peut pas être lancée d’ici.',
    ping: 'Ce que la tâche a dit',
    pinged: {
      success: 'terminée',
      start: 'au début',
      fail: 'échouée',
      log: 'en passant',
      exit: (code) => `code de sortie ${code}`,
    },
    silence: 'Silence pendant 1 h',
    silenceHint:
      'Pas de courriel pour ce service pendant une heure. La page, elle, continue de dire ce qui est mesuré.',
    silent: (until) => `En silence ${until}`,
    speak: 'Lever le silence',
    all: 'Toutes les vérifications',
    facts: {
      kind: 'Type',
      target: 'Cible',
      every: 'Toutes les',
      state: 'État',
      since: 'Depuis',
      at: 'Regardé',
      took: 'Durée',
      result: 'Résultat',
      certificate: 'Certificat',
      lastGood: 'Dernier succès',
      note: 'Réponse',
    },
    fine: 'bon',
    failed: 'échec',
    unknown: 'sans réponse sûre',
    phases: 'Le temps qu’elle a pris',
    phase: 'Étape',
    days: (count) => (count === 1 ? 'encore 1 jour' : `encore ${count} jours`),
  },
  en: {
    intro: 'Everything vigie looks at, what is down first.',
    never: 'not looked at yet',
    adminsOnly: 'not on the page',
    lastLook: 'Last look',
    look: 'Look',
    lookNow: 'Look now',
    waits: 'This check waits to be pinged; it can’t be started from here.',
    ping: 'What the job said',
    pinged: {
      success: 'done',
      start: 'at its start',
      fail: 'failed',
      log: 'in passing',
      exit: (code) => `exit code ${code}`,
    },
    silence: 'Silence for 1 h',
    silenceHint: 'No mail about this service for an hour. The page goes on saying what is measured.',
    silent: (until) => `Silent ${until}`,
    speak: 'End the silence',
    all: 'All checks',
    facts: {
      kind: 'Kind',
      target: 'Target',
      every: 'Every',
      state: 'State',
      since: 'Since',
      at: 'Looked at',
      took: 'Took',
      result: 'Result',
      certificate: 'Certificate',
      lastGood: 'Last fine',
      note: 'Answer',
    },
    fine: 'fine',
    failed: 'failed',
    unknown: 'no sure answer',
    phases: 'Where the time went',
    phase: 'Phase',
    days: (count) => (count === 1 ? '1 day left' : `${count} days left`),
  },
}
