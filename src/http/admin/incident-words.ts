// The words of the pages about incidents, and of fields they share with maintenance.
import type { Impact, IncidentStatus, Raise } from '../../core/said/incident.ts'
import type { Language } from '../../core/text.ts'
import { INCIDENT_WORDS as TOLD } from '../../page/words/incident-words.ts'

export interface IncidentWords {
  readonly languages: Readonly<Record<Language, string>>
  /** As members read them (page/words/incident-words.ts). */
  readonly statuses: Readonly<Record<IncidentStatus, string>>
  readonly impacts: Readonly<Record<Impact, string>>
  readonly raises: Readonly<Record<Raise, string>>
  readonly list: Readonly<Record<'open' | 'write' | 'none' | 'past' | 'noPast' | 'taken', string>>
  readonly fields: Readonly<
    Record<
      | 'template'
      | 'noTemplate'
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
  /** What became of the template that was chosen; `none`: none was. */
  readonly taken: Readonly<Record<'one' | 'none', string>>
  readonly hints: Readonly<Record<'languages' | 'markdown' | 'impact' | 'started' | 'raises' | 'times', string>>
  readonly one: {
    readonly since: string
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
    statuses: TOLD.fr.statuses,
    impacts: {
      none: 'Sans effet',
      minor: 'Gêne légère',
      major: 'Un ou plusieurs services en panne',
      critical: 'Presque tout est en panne',
    },
    raises: {
      none: 'ce qui est mesuré',
      degraded_performance: 'Perturbations',
      partial_outage: 'Panne partielle',
      major_outage: 'En panne',
    },
    list: {
      open: 'Incidents ouverts',
      write: 'Ouvrir un incident',
      none: 'Aucun incident ouvert.',
      past: 'Terminés',
      noPast: 'Aucun incident terminé.',
      taken: 'retiré',
    },
    fields: {
      template: 'Modèle',
      noTemplate: 'Sans modèle',
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
    taken: {
      one: 'Le modèle est repris là où vous n’aviez rien écrit. Rien n’est encore publié.',
      none: 'Sans modèle : il ne reste que ce que vous avez écrit. Rien n’est encore publié.',
    },
    hints: {
      languages: 'Une langue suffit : l’autre page montrera ce texte, marqué dans sa langue.',
      markdown: 'Listes, gras et liens en Markdown.',
      impact:
        'La page le dit en tête. Les services restent affichés comme ils sont mesurés ; pour les dire en panne malgré tout : « La page dit au moins », plus bas.',
      started: 'Par exemple 14:02 ; vide : maintenant.',
      raises: 'Tant que l’incident est ouvert, même si les mesures sont bonnes.',
      times: 'Heures :',
    },
    one: {
      since: 'depuis',
      automatic: 'Publié par vigie, d’elle-même.',
      conflict: 'Modifié sur deux sites à la fois ; le plus récent est montré. À relire :',
      rival: 'L’autre texte :',
      corrected: 'corrigé',
      page: 'Voir la page',
      update: 'Donner des nouvelles',
      resolve: 'C’est terminé',
      reopen: 'Rouvrir',
      correct: 'Corriger l’incident',
      reword: 'Corriger ce texte',
      save: 'Enregistrer',
      takeBack: 'Retirer cette nouvelle',
      takeBackAll: 'Retirer l’incident de la page',
      takeBackHint: 'Pour une erreur. Un incident terminé, lui, se clôt : il reste dans l’histoire.',
      taken: 'Cet incident a été retiré de la page.',
      postmortem: 'Retour sur incident',
      postmortemHint: 'Ce qui s’est passé, ce qui change. Vide : rien.',
      resolvedText: { fr: 'C’est rétabli.', en: 'It is back to normal.' },
      history: 'Ce qui a été dit',
      gone: ['Introuvable', 'Rien de ce nom ici.'],
    },
  },
  en: {
    languages: { fr: 'in French', en: 'in English' },
    statuses: TOLD.en.statuses,
    impacts: {
      none: 'No effect',
      minor: 'Slight trouble',
      major: 'One or several services down',
      critical: 'Almost everything down',
    },
    raises: {
      none: 'what is measured',
      degraded_performance: 'Working poorly',
      partial_outage: 'Partly down',
      major_outage: 'Down',
    },
    list: {
      open: 'Open incidents',
      write: 'Open an incident',
      none: 'No open incidents.',
      past: 'Over',
      noPast: 'No incidents that are over.',
      taken: 'taken back',
    },
    fields: {
      template: 'Template',
      noTemplate: 'No template',
      use: 'Use it',
      title: 'Title',
      text: 'Message',
      status: 'Status',
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
    taken: {
      one: 'The template is used where you had written nothing. Nothing is published yet.',
      none: 'No template: only what you wrote is left. Nothing is published yet.',
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
      since: 'since',
      automatic: 'Published by vigie itself.',
      conflict: 'Changed on two sites at once; the newest is shown. To be read again:',
      rival: 'The other text:',
      corrected: 'corrected',
      page: 'See the page',
      update: 'Post an update',
      resolve: 'Mark as resolved',
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
      resolvedText: { fr: 'C’est rétabli.', en: 'It is back to normal.' },
      history: 'What was said',
      gone: ['Not found', 'There is nothing of that name here.'],
    },
  },
}
