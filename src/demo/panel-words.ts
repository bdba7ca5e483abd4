// What the control page says, in both languages.
import type { Language, Text } from '../core/text.ts'
import type { Seat } from './places.ts'

/** Faults of the world, in the order and under the headings of the page. */
export const WORLD: readonly {
  readonly title: Text
  readonly faults: Readonly<Record<string, { readonly title: Text; readonly about: Text }>>
}[] = [
  {
    title: { fr: 'Chez nous', en: 'At home' },
    faults: {
      line: {
        title: { fr: 'Notre ligne est coupée', en: 'Our line is cut' },
        about: {
          fr: 'Plus rien ne sort : ni vers les services, ni vers les témoins, le relais ou le jumeau.',
          en: 'Nothing gets out: not to the services, not to the witnesses, the relay or the twin.',
        },
      },
      busy: {
        title: { fr: 'Notre ligne est encombrée', en: 'Our line is busy' },
        about: {
          fr: 'Tout répond, mais lentement, les témoins aussi.',
          en: 'Everything answers, but slowly, and so do the witnesses.',
        },
      },
      dns: {
        title: { fr: 'Notre résolveur ne répond plus', en: 'Our resolver is dead' },
        about: { fr: 'Plus aucun nom ne se laisse trouver d’ici.', en: 'No name can be found from here.' },
      },
      'port-25': {
        title: { fr: 'Notre ligne ferme le port 25', en: 'Our line closes port 25' },
        about: { fr: 'Comme beaucoup de lignes de particuliers.', en: 'As many home lines do.' },
      },
    },
  },
  {
    title: { fr: 'Entre les sites', en: 'Between the sites' },
    faults: {
      'twin-line': {
        title: { fr: 'La ligne du jumeau est coupée', en: 'The twin’s line is cut' },
        about: {
          fr: 'La maison mesure seule, et demande plus de vérifications avant d’annoncer une panne.',
          en: 'Home measures alone, and wants more looks before it announces an outage.',
        },
      },
      link: {
        title: { fr: 'Les deux sites ne se joignent plus', en: 'The sites can’t reach each other' },
        about: {
          fr: 'Chacun voit encore tout le reste. Chacun mesure et alerte seul.',
          en: 'Each still sees everything else. Each measures and alerts alone.',
        },
      },
    },
  },
  {
    title: { fr: 'Chez le fournisseur', en: 'At the provider' },
    faults: {
      hetzner: {
        title: { fr: 'Hetzner a disparu', en: 'Hetzner is gone' },
        about: {
          fr: 'Nos machines et leurs voisines se taisent.',
          en: 'Our machines and their neighbours are silent.',
        },
      },
      servers: {
        title: { fr: 'Nos machines sont éteintes', en: 'Our machines are off' },
        about: { fr: 'Leurs voisines répondent.', en: 'Their neighbours answer.' },
      },
      names: {
        title: { fr: 'Nos serveurs de noms se taisent', en: 'Our name servers are silent' },
        about: {
          fr: 'Les adresses déjà connues servent encore un moment.',
          en: 'Addresses that are known already serve for a while.',
        },
      },
      ipv6: {
        title: { fr: 'IPv6 ne mène plus à nos machines', en: 'IPv6 no longer leads to our machines' },
        about: { fr: 'IPv4, si.', en: 'IPv4 does.' },
      },
    },
  },
  {
    title: { fr: 'Le relais des alertes', en: 'The relay for alerts' },
    faults: {
      'relay-refuses': {
        title: { fr: 'Il refuse nos courriels', en: 'It refuses our mails' },
        about: {
          fr: 'Ils attendent, et partent plus tard.',
          en: 'They wait, and leave later.',
        },
      },
      'relay-hangs': {
        title: { fr: 'Il ne dit plus rien', en: 'It says nothing any more' },
        about: {
          fr: 'Il prend la connexion et se tait.',
          en: 'It takes the connection and keeps silent.',
        },
      },
    },
  },
]

/** What a fault of a service does, by the last part of its name. */
export const DOES: Readonly<Record<string, Text>> = {
  down: { fr: 'refuse', en: 'refuses' },
  silent: { fr: 'se tait', en: 'silent' },
  slow: { fr: 'traîne', en: 'slow' },
  error: { fr: 'erreur', en: 'error' },
  garbage: { fr: 'charabia', en: 'garbage' },
  expired: { fr: 'certificat périmé', en: 'expired certificate' },
  foreign: { fr: 'certificat au nom d’un autre', en: 'someone else’s certificate' },
  missing: { fr: 'n’appelle plus', en: 'stops calling' },
  failed: { fr: 'annonce un échec', en: 'reports a failure' },
}

export interface PanelWords {
  readonly title: string
  readonly heading: string
  readonly intro: string
  readonly pace: string
  readonly languages: string
  readonly skip: string
  /** Who says it: where the site is. */
  readonly thinks: (seat: Seat, where: string) => string
  readonly page: string
  readonly silent: string
  readonly broken: string
  readonly nothing: string
  readonly repair: string
  readonly repairAll: string
  readonly stories: string
  readonly storiesAbout: string
  readonly play: string
  readonly stop: string
  readonly over: string
  readonly again: string
  readonly left: (seconds: number) => string
  readonly lasts: (seconds: number) => string
  readonly around: string
  readonly break: string
  readonly services: string
  readonly servicesAbout: string
  readonly whole: string
  readonly count: (broken: number) => string
  readonly mailbox: string
  readonly mailboxAbout: string
  readonly noMail: string
  readonly capped: string
  readonly allMails: string
  readonly to: string
  /** Which site sent it. */
  readonly by: Readonly<Record<Seat, string>>
  readonly raw: string
  readonly back: string
  readonly follow: string
  readonly following: string
  readonly unfollow: string
  readonly refresh: string
}

export const PANEL: Readonly<Record<Language, PanelWords>> = {
  fr: {
    title: 'Démonstration',
    heading: 'les commandes de la démonstration',
    intro:
      'Tout se passe dans cette machine : deux sites, la maison et son jumeau ailleurs. Cassez quelque chose, puis regardez les pages et les courriels.',
    pace: 'Ici tout va dix fois plus vite qu’en vrai : une panne se voit en dix à trente secondes.',
    languages: 'Langues',
    skip: 'Aller aux commandes',
    thinks: (seat, where) =>
      seat === 'home' ? `Ce que dit vigie à la maison, ${where}` : `Ce que dit son jumeau, ${where}`,
    page: 'Voir la page',
    silent: 'La page ne répond pas encore.',
    broken: 'Ce qui est cassé',
    nothing: 'Rien n’est cassé.',
    repair: 'Réparer',
    repairAll: 'Tout réparer',
    stories: 'Histoires',
    storiesAbout: 'Elles cassent et réparent toutes seules. Chacune commence par tout réparer.',
    play: 'Jouer',
    stop: 'Arrêter',
    over: 'Fin de l’histoire.',
    again: 'Rejouer',
    left: (seconds) => `encore ${lengthOf(seconds)}`,
    lasts: (seconds) => lengthOf(seconds),
    around: 'Autour des services',
    break: 'Casser',
    services: 'Services',
    servicesAbout: 'À droite, ce que la page de la maison en dit.',
    whole: 'Tout le service',
    count: (broken) => (broken === 1 ? '1 chose cassée' : `${broken} choses cassées`),
    mailbox: 'Courriels reçus par les admins',
    mailboxAbout: 'Le relais de la démonstration garde tout et n’envoie rien.',
    noMail: 'Aucun pour l’instant.',
    capped:
      'Un site a envoyé vingt courriels en une heure : il n’en envoie alors plus sur les services, seulement sur lui-même. Le reste attend, rien n’est perdu.',
    allMails: 'Tous les courriels',
    to: 'à',
    by: { home: 'de la maison', twin: 'du jumeau' },
    raw: 'Tel que reçu',
    back: 'Retour aux commandes',
    follow: 'Suivre en direct',
    following: 'Suivi en direct',
    unfollow: 'Ne plus suivre',
    refresh: 'Actualiser',
  },
  en: {
    title: 'Demonstration',
    heading: 'controls of the demonstration',
    intro:
      'All of this happens inside this machine: two sites, home and its twin elsewhere. Break something, then look at the pages and the mails.',
    pace: 'Everything goes ten times quicker here than in earnest: an outage shows within ten to thirty seconds.',
    languages: 'Languages',
    skip: 'Skip to the controls',
    thinks: (seat, where) => (seat === 'home' ? `What vigie at home says, ${where}` : `What its twin says, ${where}`),
    page: 'See the page',
    silent: 'The page does not answer yet.',
    broken: 'What is broken',
    nothing: 'Nothing is broken.',
    repair: 'Repair',
    repairAll: 'Repair everything',
    stories: 'Stories',
    storiesAbout: 'They break and repair by themselves. Each begins with everything repaired.',
    play: 'Play',
    stop: 'Stop',
    over: 'The end.',
    again: 'Play again',
    left: (seconds) => `${lengthOf(seconds)} left`,
    lasts: (seconds) => lengthOf(seconds),
    around: 'Around the services',
    break: 'Break',
    services: 'Services',
    servicesAbout: 'On the right, what the page of home says of each.',
    whole: 'The whole service',
    count: (broken) => (broken === 1 ? '1 thing broken' : `${broken} things broken`),
    mailbox: 'Mails the admins got',
    mailboxAbout: 'The relay of the demonstration keeps everything and sends nothing.',
    noMail: 'None so far.',
    capped:
      'A site sent twenty mails within an hour: it sends no more about services then, only about itself. The rest waits, nothing is lost.',
    allMails: 'All mails',
    to: 'to',
    by: { home: 'from home', twin: 'from the twin' },
    raw: 'As received',
    back: 'Back to the controls',
    follow: 'Follow live',
    following: 'Followed live',
    unfollow: 'Stop following',
    refresh: 'Refresh',
  },
}

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { fr: 'Français', en: 'English' }

function lengthOf(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60]
  const parts = [...(minutes > 0 ? [`${minutes} min`] : []), ...(rest > 0 || minutes === 0 ? [`${rest} s`] : [])]
  return parts.join(' ').replaceAll(' ', '\u00a0')
}
