// The words of the pages about now and incidents, and of fields they share with maintenance.
import type { Impact, IncidentStatus, Raise } from '../../core/said/incident.ts'
import type { Language } from '../../core/text.ts'

export interface IncidentWords {
  readonly languages: Readonly<Record<Language, string>>
  readonly statuses: Readonly<Record<IncidentStatus, string>>
  readonly impacts: Readonly<Record<Impact, string>>
  readonly raises: Readonly<Record<Raise, string>>
  readonly now: {
    readonly down: string
    readonly well: string
    /** When services are unknown beside it. */
    readonly nothingElse: string
    readonly since: string
    readonly downToo: string
    readonly affectedToo: string
    readonly told: (time: string) => string
    readonly untold: string
    readonly seen: (time: string, who: string) => string
    readonly unseen: string
    readonly take: string
    readonly takeAll: (count: number) => string
    readonly draft: string
    readonly draftHint: string
    readonly publish: string
    readonly edit: string
    readonly dismiss: string
    readonly open: string
    readonly write: string
    /** Beside one that is named already. */
    readonly another: string
    readonly about: (name: string) => string
    readonly work: string
    readonly vigie: string
    readonly blind: (time: string, layers: string) => string
    /** For that alone. */
    readonly unverified: (count: number) => string
    readonly clock: string
    readonly unsent: (count: number) => string
    readonly disk: (percent: number) => string
    readonly fine: string
    readonly copies: string
    readonly copied: (to: string, when: string) => string
    /** `last`: when it last went well; null: never. */
    readonly uncopied: (to: string, fault: string, last: string | null) => string
  }
  readonly list: { readonly none: string; readonly past: string; readonly noPast: string; readonly taken: string }
  readonly fields: Readonly<
    Record<
      | 'template'
      | 'use'
      | 'title'
      | 'text'
      | 'status'
      | 'impact'
      | 'services'
      | 'started'
      | 'raises'
      | 'more'
      | 'publish'
      | 'time'
      | 'begins'
      | 'ends'
      | 'repeats'
      | 'until',
      string
    >
  >
  readonly hints: Readonly<Record<'languages' | 'markdown' | 'impact' | 'started' | 'raises' | 'times', string>>
  readonly one: {
    readonly automatic: string
    readonly conflict: string
    readonly rival: string
    readonly corrected: string
    readonly page: string
    readonly update: string
    readonly resolve: string
    readonly reopen: string
    readonly correct: string
    readonly reword: string
    readonly save: string
    readonly takeBack: string
    readonly takeBackAll: string
    readonly takeBackHint: string
    readonly taken: string
    readonly postmortem: string
    readonly postmortemHint: string
    readonly resolvedText: Readonly<Record<Language, string>>
    readonly history: string
    readonly gone: readonly [title: string, text: string]
  }
}

export const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = {
  fr: {
    languages: { fr: 'en français', en: 'en anglais' },
    statuses: {
      investigating: 'On cherche',
      identified: 'Cause trouvée',
      monitoring: 'Réparé, sous surveillance',
      resolved: 'Résolu',
    },
    impacts: { none: 'Sans effet', minor: 'Mineur', major: 'Majeur', critical: 'Critique' },
    raises: {
      none: 'ce qui est mesuré',
      degraded_performance: 'Perturbations',
      partial_outage: 'Panne partielle',
      major_outage: 'En panne',
    },
    now: {
      down: 'Ce qui ne va pas',
      well: 'Rien n’est en panne.',
      nothingElse: 'Rien d’autre que nous sachions.',
      since: 'depuis',
      downToo: 'Également en panne :',
      affectedToo: 'Également touchés :',
      told: (time) => `courriel parti ${time}`,
      untold: 'courriel pas encore parti',
      seen: (time, who) => `vu ${time} par ${who}`,
      unseen: 'personne n’a dit l’avoir vu',
      take: 'J’ai vu',
      takeAll: (count) => `J’ai vu (${count} services)`,
      draft: 'Brouillon',
      draftHint: 'vigie l’a préparé ; personne ne le voit encore.',
      publish: 'Publier',
      edit: 'Modifier d’abord',
      dismiss: 'Écarter',
      open: 'Incidents ouverts',
      write: 'Ouvrir un incident',
      another: 'Ouvrir un autre incident',
      about: (name) => `Ouvrir un incident : ${name}`,
      work: 'Maintenance en cours ou prévue',
      vigie: 'vigie elle-même',
      blind: (time, layers) => `Notre ligne n’est pas sûre depuis ${time} (${layers}).`,
      unverified: (count) => (count === 1 ? '1 service n’est pas vérifié.' : `${count} services ne sont pas vérifiés.`),
      clock: 'L’horloge n’est pas sûre.',
      unsent: (count) => (count === 1 ? '1 courriel n’est pas parti.' : `${count} courriels ne sont pas partis.`),
      disk: (percent) => `Disque : ${percent} % libres.`,
      fine: 'Ligne, horloge et courriels vont bien.',
      copies: 'Copies de la page',
      copied: (to, when) => `${to} : faite ${when}`,
      uncopied: (to, fault, last) =>
        `${to} : ${last === null ? 'jamais faite' : `faite pour la dernière fois ${last}`}. Dernier essai : ${fault}`,
    },
    list: {
      none: 'Aucun incident ouvert.',
      past: 'Terminés',
      noPast: 'Aucun incident terminé.',
      taken: 'retiré',
    },
    fields: {
      template: 'Modèle',
      use: 'Prendre',
      title: 'Titre',
      text: 'Message',
      status: 'Où en est-on',
      impact: 'Gravité',
      services: 'Services touchés',
      started: 'Début',
      raises: 'La page dit au moins',
      more: 'Plus',
      publish: 'Publier',
      time: 'Laquelle',
      begins: 'Début',
      ends: 'Fin',
      repeats: 'Répétition',
      until: 'Jusqu’au',
    },
    hints: {
      languages: 'Une langue suffit : l’autre page montrera ce texte, marqué dans sa langue.',
      markdown: 'Listes, gras et liens en Markdown.',
      impact:
        'La page le dit en tête. Les services restent affichés comme ils sont mesurés ; pour les dire en panne malgré tout : « La page dit au moins », plus bas.',
      started: 'Par exemple 14:02 ; vide : maintenant.',
      raises: 'Tant que l’incident est ouvert, même si les mesures sont bonnes.',
      times: 'À l’heure de',
    },
    one: {
      automatic: 'Publié par vigie, de lui-même.',
      conflict: 'Modifié sur deux sites à la fois ; le plus récent est montré. À relire :',
      rival: 'L’autre texte :',
      corrected: 'corrigé',
      page: 'Voir la page',
      update: 'Donner des nouvelles',
      resolve: 'C’est résolu',
      reopen: 'Rouvrir',
      correct: 'Corriger l’incident',
      reword: 'Corriger ce texte',
      save: 'Enregistrer',
      takeBack: 'Retirer cette nouvelle',
      takeBackAll: 'Retirer l’incident de la page',
      takeBackHint: 'Pour une erreur. Un incident terminé, lui, se résout : il reste dans l’histoire.',
      taken: 'Cet incident a été retiré de la page.',
      postmortem: 'Retour sur incident',
      postmortemHint: 'Ce qui s’est passé, ce qui change. Vide : rien.',
      resolvedText: { fr: 'C’est rétabli.', en: 'It is over: everything works again.' },
      history: 'Ce qui a été dit',
      gone: ['Introuvable', 'Rien de ce nom ici.'],
    },
  },
  en: {
    languages: { fr: 'in French', en: 'in English' },
    statuses: {
      investigating: 'Investigating',
      identified: 'Identified',
      monitoring: 'Repaired, being watched',
      resolved: 'Resolved',
    },
    impacts: { none: 'None', minor: 'Minor', major: 'Major', critical: 'Critical' },
    raises: {
      none: 'what is measured',
      degraded_performance: 'Working poorly',
      partial_outage: 'Partly down',
      major_outage: 'Down',
    },
    now: {
      down: 'What is wrong',
      well: 'Nothing is down.',
      nothingElse: 'Nothing else that we know of.',
      since: 'since',
      downToo: 'Also down:',
      affectedToo: 'Also affected:',
      told: (time) => `mail went out ${time}`,
      untold: 'mail not out yet',
      seen: (time, who) => `seen ${time} by ${who}`,
      unseen: 'nobody said they saw it',
      take: 'I have seen it',
      takeAll: (count) => `I have seen it (${count} services)`,
      draft: 'Draft',
      draftHint: 'vigie prepared it; nobody sees it yet.',
      publish: 'Publish',
      edit: 'Edit first',
      dismiss: 'Put aside',
      open: 'Open incidents',
      write: 'Open an incident',
      another: 'Open another incident',
      about: (name) => `Open an incident: ${name}`,
      work: 'Maintenance under way or planned',
      vigie: 'vigie itself',
      blind: (time, layers) => `Our line can’t be trusted since ${time} (${layers}).`,
      unverified: (count) => (count === 1 ? '1 service is not verified.' : `${count} services are not verified.`),
      clock: 'The clock can’t be trusted.',
      unsent: (count) => (count === 1 ? '1 mail did not go out.' : `${count} mails did not go out.`),
      disk: (percent) => `Disk: ${percent} % free.`,
      fine: 'Line, clock and mail are fine.',
      copies: 'Copies of the page',
      copied: (to, when) => `${to}: made ${when}`,
      uncopied: (to, fault, last) => `${to}: ${last === null ? 'never made' : `last made ${last}`}. Last try: ${fault}`,
    },
    list: { none: 'No open incidents.', past: 'Over', noPast: 'No incidents that are over.', taken: 'taken back' },
    fields: {
      template: 'Template',
      use: 'Use it',
      title: 'Title',
      text: 'Message',
      status: 'How far we are',
      impact: 'Impact',
      services: 'Affected services',
      started: 'Began',
      raises: 'The page says at least',
      more: 'More',
      publish: 'Publish',
      time: 'Which one',
      begins: 'Begins',
      ends: 'Ends',
      repeats: 'Repeats',
      until: 'Until',
    },
    hints: {
      languages: 'One language will do: the other page shows this text, marked as what it is.',
      markdown: 'Lists, bold and links in Markdown.',
      impact:
        'The page begins with it. Services stay as they are measured; to call them down all the same: “The page says at least”, below.',
      started: 'Such as 14:02; empty: now.',
      raises: 'While the incident is open, even if what is measured is fine.',
      times: 'By the clock of',
    },
    one: {
      automatic: 'Published by vigie itself.',
      conflict: 'Changed on two sites at once; the newest is shown. To be read again:',
      rival: 'The other text:',
      corrected: 'corrected',
      page: 'See the page',
      update: 'Post an update',
      resolve: 'It is resolved',
      reopen: 'Reopen',
      correct: 'Correct the incident',
      reword: 'Correct this text',
      save: 'Save',
      takeBack: 'Take this update back',
      takeBackAll: 'Take the incident off the page',
      takeBackHint: 'For a mistake. One that is over is resolved instead: it stays in the history.',
      taken: 'This incident was taken off the page.',
      postmortem: 'Post-mortem',
      postmortemHint: 'What happened, what changes. Empty: none.',
      resolvedText: { fr: 'C’est rétabli.', en: 'It is over: everything works again.' },
      history: 'What was said',
      gone: ['Not found', 'There is nothing of that name here.'],
    },
  },
}
