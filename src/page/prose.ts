// What every page says around its matter: ways, banners, foot. And the home page's own words. Plain sentences.
import type { Notice } from '../core/picture.ts'
import type { Language } from '../core/text.ts'

export interface Prose {
  readonly heading: string
  readonly skip: string
  readonly languages: string
  readonly pages: string
  readonly ways: {
    readonly home: string
    readonly history: string
    readonly maintenance: string
    readonly method: string
  }
  readonly ungrouped: string
  readonly alone: string
  readonly verified: string
  /** Instead of `verified`, when nothing could be. */
  readonly written: string
  readonly nextBy: (since: string) => string
  readonly stale: (when: string) => string
  /** What else there is to know of a page that nobody renews. */
  readonly staleRest: string
  readonly news: string
  readonly since: string
  readonly measured: (measured: number, of: number) => string
  readonly because: string
  readonly worst: (word: string) => string
  readonly happens: string
  readonly affected: string
  readonly meanwhile: string
  readonly team: string
  /** A status is the team's word against what is measured; null: as long as its incident is open. */
  readonly byTeam: (until: string | null) => string
  readonly measuredOtherwise: (state: string) => string
  /** Before the title of an incident. */
  readonly toldIn: string
  readonly tryAnyway: string
  readonly from: (places: string) => string
  readonly trial: string
  readonly trials: readonly [string, string, string]
  /** Before the hoster's contact. */
  readonly writeUs: string
  /** The same where nobody may know of it. */
  readonly tellUs: string
  readonly past: (days: number) => string
  readonly noUptime: string
  readonly legend: string
  readonly troubledDays: string
  readonly troubledCaption: string
  readonly day: string
  readonly what: string
  readonly everyService: string
  readonly services: (count: number) => string
  readonly older: (count: number) => string
  readonly demonstration: string
  readonly ourLine: (since: string, layers: string) => string
  readonly elsewhere: string
  /** What a copy says before the addresses of the pages it was made of. */
  readonly living: string
  readonly notices: Readonly<Record<Notice['kind'], (since: string) => string>>
  readonly times: (zone: string) => string
  readonly contact: string
  readonly machines: string
  readonly plain: string
}

export const PROSE: Readonly<Record<Language, Prose>> = {
  fr: {
    heading: 'état des services',
    skip: 'Aller au contenu',
    languages: 'Langues',
    pages: 'Pages',
    ways: {
      home: 'État des services',
      history: 'Historique',
      maintenance: 'Maintenance',
      method: 'Comment nous mesurons',
    },
    ungrouped: 'Autres services',
    alone: 'Services',
    verified: 'Vérifié le',
    written: 'Page écrite le',
    nextBy: (since) =>
      `${since.startsWith('le ') ? `Après ${since}` : `S’il est plus de ${since}`}, rechargez la page : elle est périmée.`,
    stale: (when) => `Cette page est périmée : rien n’a été vérifié depuis le ${when}.`,
    staleRest:
      'Nos services marchent peut-être : essayez-les comme d’habitude. Ci-dessous, ce qui était vrai alors. Cette page ne peut pas savoir si l’équipe est prévenue.',
    news: 'Il y a du nouveau : rechargez la page.',
    since: 'Depuis',
    measured: (measured, of) => `${measured} vérifications sur ${of} mesurées`,
    because: 'À cause de :',
    worst: (word) => `cela marche, puis coupe, plusieurs fois de suite ; au pire, ${word}`,
    happens: 'Ce qui se passe :',
    affected: 'Touchés :',
    meanwhile: 'En attendant :',
    team: 'L’équipe :',
    byTeam: (until) => (until === null ? 'Selon l’équipe' : `Selon l’équipe, jusqu’${until.replace(/^le /, 'au ')}`),
    measuredOtherwise: (state) => `Nos mesures disent : ${state}.`,
    toldIn: 'L’équipe en parle :',
    tryAnyway:
      'Essayez nos services comme d’habitude : ils marchent peut-être. Cette page ne peut pas savoir si l’équipe est prévenue.',
    from: (places) => `Nos services répondent depuis ${places}.`,
    trial: 'Chez vous, cela ne marche pas ?',
    trials: [
      'Essayez par un autre chemin : par le réseau mobile si vous êtes en wifi, ou l’inverse.',
      'Fermez l’application et rouvrez-la, ou essayez dans un autre navigateur. La date et l’heure de votre appareil sont-elles justes ?',
      'Cela dure ? Écrivez-nous : quel service, à quelle heure, et ce que dit le message d’erreur.',
    ],
    writeUs: 'Écrivez-nous :',
    tellUs: 'Prévenez-nous :',
    past: (days) => `Les ${days} derniers jours`,
    noUptime: 'pas encore mesuré',
    legend: 'Un trait par jour, aujourd’hui à droite.',
    troubledDays: 'Ces jours en toutes lettres',
    troubledCaption: 'Les jours qui n’ont pas été entiers, le plus récent d’abord',
    day: 'Jour',
    what: 'Ce qui s’est passé',
    everyService: 'Tous les services',
    services: (count) => `${count} services`,
    older: (count) => (count === 1 ? 'Et 1 jour plus ancien :' : `Et ${count} jours plus anciens :`),
    demonstration: 'Ceci est une démonstration : les services sont imités par cette machine, rien n’est réel.',
    ourLine: (since, layers) =>
      `« Sans mesure fiable » ne veut pas dire « en panne » : depuis ${since}, c’est notre propre connexion (${layers}) qui ne nous laisse pas vérifier.`,
    elsewhere: 'Notre autre page, qui regarde d’ailleurs :',
    living: 'Si vous lisez une copie, nos pages en direct sont là :',
    notices: {
      no_witnesses: () =>
        'Cette page ne sait pas encore reconnaître une panne de sa propre ligne : une panne affichée ici peut être la sienne.',
      history_lost: (since) => `L’historique d’avant a été perdu : les chiffres commencent ${since}.`,
      history_paused: (since) =>
        `L’historique ne s’enregistre plus depuis ${since} ; les vérifications et les alertes continuent.`,
    },
    times: (zone) => `Heures : ${zone}.`,
    contact: 'Contact :',
    machines: 'Pour les programmes :',
    plain: 'Cette page ne suit personne : ni cookie, ni serveur tiers.',
  },
  en: {
    heading: 'service status',
    skip: 'Skip to the content',
    languages: 'Languages',
    pages: 'Pages',
    ways: { home: 'Service status', history: 'History', maintenance: 'Maintenance', method: 'How we measure' },
    ungrouped: 'Other services',
    alone: 'Services',
    verified: 'Verified on',
    written: 'Page written on',
    nextBy: (since) => `If it is later than ${since}, reload the page: it is out of date.`,
    stale: (when) => `This page is out of date: nothing has been verified since ${when}.`,
    staleRest:
      'Our services may well work: try them as usual. Below is what was so then. This page can’t know whether the team was told.',
    news: 'There is news: reload the page.',
    since: 'Since',
    measured: (measured, of) => `${measured} of ${of} checks measured`,
    because: 'Because of:',
    worst: (word) => `it works, then breaks off, several times in a row; at its worst ${word}`,
    happens: 'What happens:',
    affected: 'Affected:',
    meanwhile: 'Meanwhile:',
    team: 'The team:',
    byTeam: (until) =>
      until === null ? 'The team says so' : `The team says so until ${until.replace(/^(at|on) /, '')}`,
    measuredOtherwise: (state) => `Our measures say: ${state}.`,
    toldIn: 'The team writes of it:',
    tryAnyway: 'Try our services as usual: they may well work. This page can’t know whether the team was told.',
    from: (places) => `Our services answer from ${places}.`,
    trial: 'It does not work for you?',
    trials: [
      'Try another way: the mobile network if you are on Wi-Fi, or the other way round.',
      'Close the program and open it again, or try another browser. Are the date and time of your device right?',
      'It lasts? Write to us: which service, at what time, and what the error message says.',
    ],
    writeUs: 'Write to us:',
    tellUs: 'Let us know:',
    past: (days) => `The last ${days} days`,
    noUptime: 'not measured yet',
    legend: 'One stroke a day, today on the right.',
    troubledDays: 'These days in words',
    troubledCaption: 'The days that were not whole, newest first',
    day: 'Day',
    what: 'What happened',
    everyService: 'All services',
    services: (count) => `${count} services`,
    older: (count) => (count === 1 ? 'And 1 older day:' : `And ${count} older days:`),
    demonstration: 'This is a demonstration: the services are imitated by this machine, nothing is real.',
    ourLine: (since, layers) =>
      `“Not verified” does not mean “down”: since ${since} it is our own connection (${layers}) that does not let us check.`,
    elsewhere: 'Our other page, which looks from elsewhere:',
    living: 'If this is a copy, our live pages are here:',
    notices: {
      no_witnesses: () => 'This page can’t yet recognise a fault of its own line: an outage shown here may be its own.',
      history_lost: (since) => `Earlier history was lost: figures begin ${since}.`,
      history_paused: (since) => `History has not been recorded since ${since}; checks and alerts go on.`,
    },
    times: (zone) => `Times: ${zone}.`,
    contact: 'Contact:',
    machines: 'For programs:',
    plain: 'This page follows nobody: no cookie, no third-party server.',
  },
}
