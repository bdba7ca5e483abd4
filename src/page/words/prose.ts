// What every page says around its matter: ways, banners, foot. And the home page's own words. Plain sentences.
import type { Notice } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'
import type { State } from '../../core/verdict/state.ts'

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
  /** `when`: `à 15:17`. */
  readonly nextBy: (when: string) => string
  readonly stale: string
  /** What else there is to know of a page that nobody renews; its script puts the age for `#`. */
  readonly staleRest: (when: string) => string
  /** After their number. */
  readonly days: string
  readonly news: string
  readonly since: string
  readonly measured: (measured: number, of: number) => string
  /** What explains a service's trouble: before its name, and after it, how it stands. */
  readonly because: string
  readonly becauseStands: (word: string) => string
  readonly onAndOff: string
  readonly happens: string
  readonly affected: string
  /** The same when all of them are down. */
  readonly down: string
  /** Behind either, when it is all of them. */
  readonly allServices: string
  readonly meanwhile: string
  readonly team: string
  /** When an outage ends of which nobody wrote. */
  readonly end: string
  readonly endUnknown: string
  /** A status is the team's word against what is measured. Until when that holds is no end of an outage: it isn't told. */
  readonly byTeam: string
  readonly measuredOtherwise: Readonly<Record<State, string>>
  /** Before the title of an incident. */
  readonly toldIn: string
  /** What somebody can do for whom a service fails while nothing is known: see there, or write; without either, wait. */
  readonly fails: string
  /** Whose fault it is, where nobody can tell. */
  readonly either: string
  readonly see: string
  readonly orWrite: string
  readonly wait: string
  readonly ownTeam: (told: string | null) => string
  readonly from: (places: string) => string
  readonly trial: string
  /** Instead of it while an incident is open: whose side it is on nobody knows. */
  readonly trialOpen: string
  readonly trials: readonly [string, string, string]
  /** Before the hoster's contact. */
  readonly writeUs: string
  /** The same on a page that nobody renews. */
  readonly tellUs: string
  /** The same after what nobody is told of at once. */
  readonly ifLasts: string
  /** Links to a page that lives. */
  readonly openOther: string
  readonly openLiving: string
  readonly past: (days: number) => string
  readonly noUptime: string
  /** Over the bars and the shares of all services. */
  readonly barsKey: (days: number) => string
  /** The same where all of it was measured since then only: `depuis 14:02`. */
  readonly barsSince: (since: string) => string
  readonly shareKey: string
  readonly asOf: (day: string, clock: string) => string
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
  /** Where something is shown as not verified. */
  readonly unverified: string
  /** Before the addresses of the other sites' pages. */
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
    nextBy: (when) => `Rechargez pour l’état du moment ; cette page sera périmée après ${when.replace(/^à /, '')}.`,
    stale: 'Cette page n’est plus à jour.',
    staleRest: (when) =>
      `Dernière vérification : il y a #, le ${when}. Rechargez ; si rien ne change, c’est cette page qui est en panne, et nos services marchent peut-être : essayez. Si l’un d’eux ne marche pas, cela peut venir de nous comme de vous.`,
    days: ' jours',
    news: 'Il y a du nouveau : rechargez la page.',
    since: 'Depuis',
    measured: (measured, of) =>
      `${measured} ${measured === 1 ? 'vérification mesurée' : 'vérifications mesurées'} sur ${of}`,
    because: 'Dépend de « ',
    becauseStands: (word) => ` » (${word})`,
    onAndOff: 'le service s’arrête et repart, plusieurs fois de suite',
    happens: 'Ce qui se passe :',
    affected: 'Touchés :',
    down: 'En panne :',
    allServices: 'tous les services.',
    meanwhile: 'En attendant :',
    team: 'L’équipe :',
    end: 'Retour à la normale :',
    endUnknown: 'pas encore connu.',
    byTeam: 'Selon l’équipe',
    measuredOtherwise: {
      up: 'Nos vérifications, elles, ne voient rien d’anormal.',
      degraded: 'Selon nos vérifications, cela fonctionne mal.',
      partial: 'Selon nos vérifications, cela ne répond pas de partout.',
      down: 'Selon nos vérifications, cela ne fonctionne pas.',
      unknown: 'Nos vérifications, elles, ne peuvent rien en dire.',
    },
    toldIn: 'L’équipe en parle :',
    fails: 'Un service ne marche pas chez vous ?',
    either: 'Cela peut venir de nous comme de vous.',
    see: 'Voyez notre autre page, qui vérifie depuis un autre endroit :',
    orWrite: 'ou écrivez-nous :',
    wait: 'Rechargez cette page dans quelques minutes',
    ownTeam: (told) => (told === null ? 'peut-être pas encore au courant.' : `prévenue ${told}.`),
    from: (places) => `Nos services répondent depuis ${places}.`,
    trial: 'Cela ne marche pas chez vous ? C’est alors sans doute de votre côté : que faire',
    trialOpen: 'Cela ne marche toujours pas chez vous ? Dites-le-nous',
    trials: [
      'Essayez par un autre chemin : par le réseau mobile si vous êtes en wifi, ou l’inverse.',
      'Fermez l’application et rouvrez-la, ou essayez dans un autre navigateur. La date et l’heure de votre appareil sont-elles justes ?',
      'Cela dure ? Écrivez-nous : quel service, à quelle heure, et ce que dit le message d’erreur.',
    ],
    writeUs: 'Écrivez-nous :',
    tellUs: 'L’équipe n’est peut-être pas au courant ; écrivez-nous :',
    openOther: 'Ouvrir notre autre page',
    openLiving: 'Ouvrir notre page en direct',
    ifLasts: 'Si cela dure, écrivez-nous :',
    past: (days) => `Les ${days} derniers jours`,
    noUptime: 'pas encore mesuré',
    barsKey: (days) => `${days} derniers jours`,
    barsSince: (since) => `mesuré depuis ${since}`,
    shareKey: 'disponibilité',
    asOf: (day, clock) => `état le ${day} à ${clock}`,
    legend: 'Un trait par jour, aujourd’hui à droite.',
    troubledDays: 'Ces jours en toutes lettres',
    troubledCaption: 'Les jours qui n’ont pas été entiers, le plus récent d’abord',
    day: 'Jour',
    what: 'Ce qui s’est passé',
    everyService: 'Tous les services',
    services: (count) => `${count} services`,
    older: (count) => (count === 1 ? 'Et 1 jour plus ancien :' : `Et ${count} jours plus anciens :`),
    demonstration: 'Ceci est une démonstration : les services sont imités par cette machine, rien n’est réel.',
    ourLine: (since, layers) => `Depuis ${since}, notre propre connexion ne nous laisse pas tout vérifier (${layers}).`,
    unverified: '« Non vérifié » ne veut pas dire « en panne ».',
    elsewhere: 'Notre autre page, qui regarde depuis un autre endroit :',
    living: 'Nos pages en direct :',
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
    nextBy: (when) => `Reload for the latest; after ${when.replace(/^(at|on) /, '')} don’t rely on this page.`,
    stale: 'This page is out of date.',
    staleRest: (when) =>
      `Last verified # ago, on ${when}. Reload; if nothing changes, it is this page that is broken, and our services may well work: try them. If one of them does not, the cause may be on our side or on yours.`,
    days: ' days',
    news: 'There is news: reload the page.',
    since: 'Since',
    measured: (measured, of) => `${measured} of ${of} checks measured`,
    because: 'Depends on “',
    becauseStands: (word) => `” (${word})`,
    onAndOff: 'the service stops and starts again, several times in a row',
    happens: 'What is happening:',
    affected: 'Affected:',
    down: 'Down:',
    allServices: 'all services.',
    meanwhile: 'Meanwhile:',
    team: 'The team:',
    end: 'Back to normal:',
    endUnknown: 'not known yet.',
    byTeam: 'The team says so',
    measuredOtherwise: {
      up: 'Our own checks say it works.',
      degraded: 'Our own checks say it works poorly.',
      partial: 'Our own checks say it cannot be reached from everywhere.',
      down: 'Our own checks say it does not work.',
      unknown: 'Our own checks cannot tell.',
    },
    toldIn: 'From the team:',
    fails: 'Is a service not working for you?',
    either: 'The cause may be on our side or on yours.',
    see: 'See our other page, which checks from elsewhere:',
    orWrite: 'or write to us:',
    wait: 'Reload this page in a few minutes',
    ownTeam: (told) => (told === null ? 'may not know yet.' : `told ${told}.`),
    from: (places) => `Our services answer from ${places}.`,
    trial: 'Not working for you? Then it is most likely on your side: what to do',
    trialOpen: 'Still not working for you? Tell us',
    trials: [
      'Try another way: the mobile network if you are on Wi-Fi, or the other way round.',
      'Close the program and open it again, or try another browser. Are the date and time of your device right?',
      'Still not working? Write to us: which service, at what time, and what the error message says.',
    ],
    writeUs: 'Write to us:',
    tellUs: 'The team may not know; write to us:',
    openOther: 'Open our other page',
    openLiving: 'Open our live page',
    ifLasts: 'If it lasts, write to us:',
    past: (days) => `The last ${days} days`,
    noUptime: 'not measured yet',
    barsKey: (days) => `last ${days} days`,
    barsSince: (since) => `measured since ${since}`,
    shareKey: 'availability',
    asOf: (day, clock) => `as of ${day}, ${clock}`,
    legend: 'One stroke a day, today on the right.',
    troubledDays: 'These days in words',
    troubledCaption: 'The days that were not whole, newest first',
    day: 'Day',
    what: 'What happened',
    everyService: 'All services',
    services: (count) => `${count} services`,
    older: (count) => (count === 1 ? 'And 1 older day:' : `And ${count} older days:`),
    demonstration: 'This is a demonstration: the services are imitated by this machine, nothing is real.',
    ourLine: (since, layers) => `Since ${since} our own connection does not let us check everything (${layers}).`,
    unverified: '“Not verified” does not mean “down”.',
    elsewhere: 'Our other page, which looks from elsewhere:',
    living: 'Our live pages:',
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
