// The words of the page of who did what.
import type { Language } from '../../core/text.ts'

export interface JournalWords {
  readonly intro: string
  readonly codeUsed: string
  readonly codeTwice: string
  readonly nothing: string
  /** By the type of the entry; what stands behind is what it is about. */
  readonly acts: Readonly<Record<string, string>>
}

export const JOURNAL_WORDS: Readonly<Record<Language, JournalWords>> = {
  fr: {
    intro: 'Chaque changement, avec son auteur. Rien ne peut en être effacé.',
    codeUsed: 'avec un code de secours',
    codeTwice: 'avec un code de secours qui a servi deux fois, sur des sites qui ne s’entendaient pas',
    nothing: 'Rien encore.',
    acts: {
      'account.invite': 'invite',
      'account.credential': 'choisit un nouvel accès',
      'account.login': 'se connecte',
      'account.remove': 'supprime le compte',
      'account.token': 'crée la clé',
      'account.revoke': 'révoque la clé',
      'incident.open': 'ouvre l’incident',
      'incident.update': 'donne des nouvelles de l’incident',
      'incident.correct': 'corrige l’incident',
      'incident.retract': 'retire l’incident',
      'incident.retract.update': 'retire un message de l’incident',
      'incident.postmortem': 'écrit le retour sur incident',
      'maintenance.plan': 'planifie la maintenance',
      'maintenance.change': 'change la maintenance',
      'maintenance.prolong': 'déplace la fin de la maintenance',
      'maintenance.cancel': 'annule la maintenance',
      'maintenance.update': 'donne des nouvelles de la maintenance',
      'incident.resolve': 'résout l’incident',
      ack: 'a vu la panne :',
      override: 'dit comment va le service :',
      mute: 'met en silence le service :',
      'mute.end': 'lève le silence du service :',
    },
  },
  en: {
    intro: 'Every change and who made it. Nothing can be erased from it.',
    codeUsed: 'with a recovery code',
    codeTwice: 'with a recovery code that was used twice, on sites that did not hear each other',
    nothing: 'Nothing yet.',
    acts: {
      'account.invite': 'invites',
      'account.credential': 'chooses a new access',
      'account.login': 'logs in',
      'account.remove': 'removes the account',
      'account.token': 'creates the key',
      'account.revoke': 'revokes the key',
      'incident.open': 'opens the incident',
      'incident.update': 'posts an update of the incident',
      'incident.correct': 'corrects the incident',
      'incident.retract': 'takes back the incident',
      'incident.retract.update': 'takes back a message of the incident',
      'incident.postmortem': 'writes the post-mortem of',
      'maintenance.plan': 'plans the maintenance',
      'maintenance.change': 'changes the maintenance',
      'maintenance.prolong': 'moves the end of the maintenance',
      'maintenance.cancel': 'cancels the maintenance',
      'maintenance.update': 'posts an update of the maintenance',
      'incident.resolve': 'resolves the incident',
      ack: 'saw the outage:',
      override: 'says how the service is:',
      mute: 'silences the service:',
      'mute.end': 'ends the silence of the service:',
    },
  },
}
