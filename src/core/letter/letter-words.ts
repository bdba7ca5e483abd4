// The phrases of letters below their headline, in every language. What is said when is in wording.ts.

import { type Language, PUNCTUATION } from '../text.ts'
import type { Affected, AttentionItem, News } from '../verdict/letter.ts'

type SelfNews = Extract<News, { kind: 'self' }>

/** Everything a letter can say, but for names, notes and times, which are filled in. Times come with their preposition. */
export interface Phrases {
  readonly late: (at: string, by: string) => string
  readonly sure: (confidence: string) => string
  /** How long before it began. */
  readonly lastGood: (length: string) => string
  readonly neverGood: string
  readonly unseen: string
  readonly failing: string
  readonly failed: string
  readonly children: string
  /** Said of what hung on what is over: whether it is over too. */
  readonly hanging: Readonly<Record<'over' | 'open', string>>
  readonly suspicion: (name: string) => string
  readonly lasted: (length: string) => string
  readonly overSpan: (span: string, length: string) => string
  readonly road: string
  readonly changes: (count: number) => string
  readonly quiet: string
  readonly settledNote: string
  readonly degradedNote: string
  readonly attentionNote: string
  readonly blindNote: string
  readonly wasBlindNote: (length: string) => string
  /** The same of a site that has others beside it. */
  readonly wasBlindThere: (length: string) => string
  /** By what people call a site. */
  readonly writer: (site: string) => string
  readonly layers: string
  readonly layer: (layer: string) => string
  /** What has happened to vigie itself and what to do; the particulars are quoted below it. */
  readonly selfNote: Readonly<Record<SelfNews['what'], string>>
  /** What quoted lines are. */
  readonly quotes: string
  readonly testNote: string

  readonly oneMore: string
  readonly whenOver: string
  readonly whenSettled: string
  readonly page: string
  readonly why: string
  readonly zone: (timezone: string) => string
  readonly attentionKind: Readonly<Record<AttentionItem['kind'], string>>
  readonly confidence: (confidence: Affected['confidence']) => string
  /** What stands between a word and its explanation. */
  readonly colon: string
}

const LAYERS: Readonly<Record<Language, ReadonlyMap<string, string>>> = {
  fr: new Map([
    ['dns', 'notre résolveur de noms'],
    ['v4', 'notre accès à internet (rien ne répond, pas même par adresse IP)'],
    ['v6', 'IPv6'],
    ['tls', 'l’accès direct (un portail captif répond à la place des autres ?)'],
    ['clock', 'l’horloge'],
  ]),
  en: new Map([
    ['dns', 'our name resolver'],
    ['v4', 'our way out to the internet (nothing answers, not even by IP address)'],
    ['v6', 'IPv6'],
    ['tls', 'the direct way out (does a captive portal answer for others?)'],
    ['clock', 'the clock'],
  ]),
}

const FRENCH: Phrases = {
  late: (at, by) => `Ce message part en retard : il a été décidé ${at} et n’a pu partir que ${by} plus tard.`,
  sure: (confidence) => `Certitude : ${confidence}.`,
  lastGood: (length) => `Tout allait encore bien ${length} plus tôt.`,
  neverGood: 'Aucune vérification réussie n’est connue.',
  unseen: 'Les membres n’en voient rien sur la page.',
  failing: 'Ce qui échoue :',
  failed: 'Ce qui échouait :',
  children: 'Ne marchent pas non plus, sans doute à cause de cela :',
  hanging: {
    over: 'Ce qui en dépendait marche de nouveau aussi.',
    open: 'Ce qui en dépendait devrait suivre ; ce qui resterait en panne fera l’objet d’un message à part.',
  },
  suspicion: (name) =>
    `Ces services reposent sur «\u00a0${name}\u00a0» et sont tombés ensemble, alors qu’il répond à nos vérifications.`,
  lasted: (length) => `La panne a duré ${length}.`,
  overSpan: (span, length) => `En panne ${span} (${length}), rétabli depuis.`,
  road: 'La route jusqu’à l’hébergeur ne répond pas non plus : c’est peut-être elle, et pas le service.',
  changes: (count) => `Ce service a changé d’état ${count} fois en peu de temps.`,
  quiet: 'Pas d’autre message à son sujet tant que cela dure. Un message dira où il en est quand il ne changera plus.',
  settledNote: 'Son état n’a plus changé depuis un moment. Les messages reprennent comme d’habitude.',
  degradedNote: 'Ces services répondent, mais lentement ou pas par tous les chemins.',
  attentionNote: 'Rien n’est en panne pour les membres. Voici ce qui demande un regard.',
  blindNote:
    'Ce que ce site mesure ne compte pas en attendant : la page le dit, et aucun service n’est déclaré en panne pour cela.',
  wasBlindNote: (length) => `Cela a duré ${length}. Ce temps ne compte pas dans les disponibilités.`,
  wasBlindThere: (length) => `Cela a duré ${length}. De ce temps ne compte que ce qu’un autre site a mesuré.`,
  writer: (site) => `C’est le site ${site} qui écrit.`,
  layers: 'En cause :',
  layer: (layer) => LAYERS.fr.get(layer) ?? layer.replace(/^port:/, 'la sortie du port '),
  selfNote: {
    disk: 'Le disque de vigie se remplit ou ne répond plus. Faites de la place, ou regardez dans quel état il est. S’il n’y en a plus du tout, l’historique s’arrête ; vérifications, page et alertes continuent.',
    database: 'Ce que vigie retient n’a pas pu être écrit ou relu. Regardez dans quel état est le disque.',
    relay:
      'Un relais ne prend pas nos messages. Essayez-les tous avec «\u00a0vigie\u00a0alert\u00a0test\u00a0» et vérifiez les adresses.',
    configuration:
      'Le dossier de configuration contient des erreurs. Rien ne change tant qu’elles y sont : vigie continue avec celle d’avant. «\u00a0vigie\u00a0config\u00a0» les montre toutes, avec leur ligne.',
    page: 'La page n’a pas pu être écrite sur le disque ; elle est servie de mémoire en attendant. Regardez le disque.',
    copy: 'La page elle-même est en place : c’est une copie d’elle, ailleurs, qui n’a pas pu être renouvelée. vigie réessaie, et rien d’autre n’est touché.',
    twin: 'Les sites se surveillent l’un l’autre : celui-ci a vu ce qui suit. Rien n’est en panne pour les membres.',
    code: 'Un code de secours ne sert qu’une fois. Deux sites qui ne s’entendaient pas l’ont accepté tous les deux.',
    restored:
      'Il l’a remarqué, reprend chez les autres sites ce qu’il avait dit depuis, et continue. Rien n’est perdu.',
  },
  quotes: 'Les lignes qui commencent par > sont les relevés du programme, en anglais.',
  testNote: 'Si vous lisez ceci, les alertes arrivent. Rien n’est en panne, il n’y a rien à faire.',

  oneMore: 'Un seul autre message suivra, quand ce sera fini.',
  whenOver: 'Vous serez prévenus quand ce sera fini.',
  whenSettled: 'Un message suivra si la panne se confirme, et un autre quand ce sera fini.',
  page: 'La page :',
  why: 'Comment vigie l’a su, à taper sur sa machine :',
  zone: (timezone) => `Heures de ce message : ${timezone}`,
  attentionKind: {
    auth: 'l’identification est refusée',
    expiring: 'le certificat ou le domaine expire bientôt',
    finding: 'remarque',
  },
  confidence: ({ note, confirmed, of, sites }) => {
    const named = sites.length > 0 ? ` (${sites.join(', ')})` : ''
    switch (note) {
      case 'confirmed':
        return `confirmé par ${confirmed} sites sur ${of}${named}`
      case 'one_site':
        return of <= 1 ? `vu par ce site seul${named}` : `vu par un seul site sur ${of}${named}`
      case 'disagree':
        return sites.length > 0
          ? `joignable depuis ${sites.join(', ')}, mais pas depuis tous les sites (${confirmed} sur ${of})`
          : 'les sites ne voient pas la même chose'
      case 'verifying':
        return 'en cours de vérification'
      case 'road':
        return `cause non confirmée, le service ou la route jusqu’à lui${named}`
      case 'frozen':
      case 'none':
        return 'pas de mesure fiable en ce moment'
    }
  },
  colon: PUNCTUATION.fr.colon,
}

const ENGLISH: Phrases = {
  late: (at, by) => `This mail is late: it was decided ${at} and could only leave ${by} later.`,
  sure: (confidence) => `Confidence: ${confidence}.`,
  lastGood: (length) => `All was still well ${length} earlier.`,
  neverGood: 'No good look is on record.',
  unseen: 'Members see nothing of it on the page.',
  failing: 'What fails:',
  failed: 'What failed:',
  children: 'Not working either, probably because of it:',
  hanging: {
    over: 'What depended on it works again, too.',
    open: 'What depended on it should follow; a mail of its own will tell of what stays down.',
  },
  suspicion: (name) => `These services rely on "${name}" and fell together, although it answers our checks.`,
  lasted: (length) => `The outage lasted ${length}.`,
  overSpan: (span, length) => `Down ${span} (${length}), back up since.`,
  road: 'The road to the hoster does not answer either: it may be the road, and not the service.',
  changes: (count) => `It changed ${count} times in a short while.`,
  quiet: 'No more mail about it while this lasts. One mail will say where it stands once it stops changing.',
  settledNote: 'It has not changed for a while. Mails go on as usual.',
  degradedNote: 'These services answer, but slowly or not over every path.',
  attentionNote: 'Nothing is down for members. This is what needs a look.',
  blindNote:
    'What this site measures does not count meanwhile: the page says so, and no service is called down because of it.',
  wasBlindNote: (length) => `It lasted ${length}. That time is left out of every uptime figure.`,
  wasBlindThere: (length) => `It lasted ${length}. Of that time only what another site measured counts.`,
  writer: (site) => `Site ${site} writes this.`,
  layers: 'At fault:',
  layer: (layer) => LAYERS.en.get(layer) ?? layer.replace(/^port:/, 'the way out of port '),
  selfNote: {
    disk: 'vigie’s disk is filling up or no longer answers. Make room, or look at its health. With no room left at all, history stops; checks, page and alerts go on.',
    database: 'What vigie remembers could not be written or read. Look at the health of the disk.',
    relay: 'A relay does not take our mail. Try them all with "vigie alert test", and check the addresses.',
    configuration:
      'There are mistakes in the configuration folder. Nothing changes while they are there: vigie goes on with the configuration it had. "vigie config" shows them all, with their lines.',
    page: 'The page could not be written to the disk; it is served from memory meanwhile. Look at the disk.',
    copy: 'The page itself is in its place: a copy of it elsewhere could not be renewed. vigie tries again, and nothing else is touched.',
    twin: 'Sites look after each other: this one saw what follows. Nothing is down for members.',
    code: 'A recovery code is good once. Two sites that did not hear each other both took it.',
    restored: 'It noticed, fetches back from the other sites what it had said since, and goes on. Nothing is lost.',
  },
  quotes: 'Lines that begin with > are what the program noted.',
  testNote: 'If you can read this, alerts arrive. Nothing is down, there is nothing to do.',

  oneMore: 'One more mail will follow, when it is over.',
  whenOver: 'You will be told when it is over.',
  whenSettled: 'One mail will follow if the outage is confirmed, and one when it is over.',
  page: 'The page:',
  why: 'How vigie knows, to be typed on its machine:',
  zone: (timezone) => `Times in this mail: ${timezone}`,
  attentionKind: {
    auth: 'the check’s login is refused',
    expiring: 'the certificate or the domain expires soon',
    finding: 'remark',
  },
  confidence: ({ note, confirmed, of, sites }) => {
    const named = sites.length > 0 ? ` (${sites.join(', ')})` : ''
    switch (note) {
      case 'confirmed':
        return `confirmed by ${confirmed} of ${of} sites${named}`
      case 'one_site':
        return of <= 1 ? `seen by this site alone${named}` : `seen by one site of ${of} only${named}`
      case 'disagree':
        return sites.length > 0
          ? `reachable from ${sites.join(', ')}, but not from every site (${confirmed} of ${of})`
          : 'the sites do not see the same'
      case 'verifying':
        return 'being verified'
      case 'road':
        return `cause not confirmed, the service or the road to it${named}`
      case 'frozen':
      case 'none':
        return 'no reliable measure at the moment'
    }
  },
  colon: PUNCTUATION.en.colon,
}

export const PHRASES: Readonly<Record<Language, Phrases>> = { fr: FRENCH, en: ENGLISH }
