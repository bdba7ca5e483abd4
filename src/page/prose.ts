// What the page says around the services: headings, banners, how it is measured. Plain sentences, both languages.
import type { Notice } from '../core/picture.ts'
import type { Language } from '../core/text.ts'

export interface Prose {
  readonly heading: string
  readonly skip: string
  readonly languages: string
  readonly ungrouped: string
  readonly alone: string
  readonly verified: string
  readonly nextBy: (when: string) => string
  readonly since: string
  /** Before a length of time out of the days before. */
  readonly of: string
  readonly measured: (measured: number, of: number) => string
  readonly failing: (failing: number, of: number) => string
  readonly because: string
  readonly worst: (word: string) => string
  readonly children: (count: number) => string
  readonly uptime: (share: string, days: number) => string
  readonly noUptime: string
  readonly outage: string
  readonly partial: string
  readonly blind: string
  readonly maintenance: string
  readonly demonstration: string
  readonly ourLine: (since: string, layers: string) => string
  readonly elsewhere: string
  readonly notices: Readonly<Record<Notice['kind'], (since: string) => string>>
  readonly about: string
  readonly method: readonly [string, string]
  readonly sites: (sites: string) => string
  readonly times: (zone: string) => string
  readonly contact: string
  readonly machines: string
  readonly plain: string
}

export const PROSE: Readonly<Record<Language, Prose>> = {
  fr: {
    heading: 'état des services',
    skip: 'Aller aux services',
    languages: 'Langues',
    ungrouped: 'Autres services',
    alone: 'Services',
    verified: 'Vérifié le',
    nextBy: (when) => `Cette copie est renouvelée ${when} au plus tard ; passé ce moment, elle n’est plus à jour.`,
    since: 'Depuis',
    of: 'dont',
    measured: (measured, of) => `${measured} vérifications sur ${of} mesurées`,
    failing: (failing, of) =>
      failing === 1 ? `1 vérification sur ${of} échoue` : `${failing} vérifications sur ${of} échouent`,
    because: 'À cause de :',
    worst: (word) => `change trop souvent ; au pire : ${word}`,
    children: (count) => (count === 1 ? '1 autre service touché' : `${count} autres services touchés`),
    uptime: (share, days) => `${share} sur ${days === 1 ? '1 jour' : `${days} jours`}`,
    noUptime: 'Pas encore de disponibilité mesurée',
    outage: 'en panne',
    partial: 'en partie en panne',
    blind: 'sans mesure',
    maintenance: 'en maintenance',
    demonstration:
      'Ceci est une démonstration : les services ci-dessous sont imités par cette machine, rien n’est réel.',
    ourLine: (since, layers) =>
      `Depuis ${since}, notre propre ligne n’est pas fiable (${layers}). Ce que nous ne pouvons pas vérifier est dit « sans mesure fiable », jamais « en panne ».`,
    elsewhere: 'Notre autre page voit peut-être mieux :',
    notices: {
      no_witnesses: () =>
        'Cette page ne sait pas encore reconnaître une panne de sa propre ligne : une panne affichée ici peut être la sienne.',
      history_lost: (since) => `L’historique d’avant a été perdu : les chiffres commencent ${since}.`,
      history_paused: (since) =>
        `L’historique ne s’enregistre plus depuis ${since} ; les vérifications et les alertes continuent.`,
    },
    about: 'À propos',
    method: [
      'Chaque service est vérifié de l’extérieur, à intervalles réguliers ; plusieurs échecs de suite font une panne, datée du premier.',
      'Quand notre propre ligne ne marche pas, nous le disons au lieu d’accuser le service ; ce temps ne compte pas dans la disponibilité.',
    ],
    sites: (sites) => `Vérifié depuis : ${sites}.`,
    times: (zone) => `Heures : ${zone}.`,
    contact: 'Contact :',
    machines: 'Pour les programmes :',
    plain: 'Cette page ne suit personne : ni cookie, ni script, ni serveur tiers.',
  },
  en: {
    heading: 'service status',
    skip: 'Skip to the services',
    languages: 'Languages',
    ungrouped: 'Other services',
    alone: 'Services',
    verified: 'Verified on',
    nextBy: (when) => `This copy is renewed ${when} at the latest; after that it is out of date.`,
    since: 'Since',
    of: 'of which',
    measured: (measured, of) => `${measured} of ${of} checks measured`,
    failing: (failing, of) => (failing === 1 ? `1 of ${of} checks fails` : `${failing} of ${of} checks fail`),
    because: 'Because of:',
    worst: (word) => `changes too often; at its worst: ${word}`,
    children: (count) => (count === 1 ? '1 other service affected' : `${count} other services affected`),
    uptime: (share, days) => `${share} over ${days === 1 ? '1 day' : `${days} days`}`,
    noUptime: 'No availability measured yet',
    outage: 'down',
    partial: 'partly down',
    blind: 'not measured',
    maintenance: 'under maintenance',
    demonstration: 'This is a demonstration: the services below are imitated by this machine, nothing is real.',
    ourLine: (since, layers) =>
      `Since ${since} our own line has not been reliable (${layers}). What we can’t check is called “not verified”, never “down”.`,
    elsewhere: 'Our other page may see better:',
    notices: {
      no_witnesses: () => 'This page can’t yet recognise a fault of its own line: an outage shown here may be its own.',
      history_lost: (since) => `Earlier history was lost: figures begin ${since}.`,
      history_paused: (since) => `History has not been recorded since ${since}; checks and alerts go on.`,
    },
    about: 'About',
    method: [
      'Each service is checked from outside, at regular intervals; several failures in a row make an outage, dated from the first.',
      'When our own line does not work, we say so instead of blaming the service; that time is left out of availability.',
    ],
    sites: (sites) => `Checked from: ${sites}.`,
    times: (zone) => `Times: ${zone}.`,
    contact: 'Contact:',
    machines: 'For programs:',
    plain: 'This page follows nobody: no cookie, no script, no third-party server.',
  },
}
