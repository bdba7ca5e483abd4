// What admins read around every page. What stands on one has its words in a file of its own, NAME-words.ts.
import type { Language } from '../../core/text.ts'

export interface Words {
  readonly skip: string
  readonly page: string
  readonly nav: string
  readonly ways: Readonly<Record<Way, string>>
  readonly languages: string
  readonly signedIn: string
  readonly logOut: string
  readonly failed: string
  readonly disk: string
  /** Of a form that came late and is shown again. */
  readonly late: Readonly<Record<'ended' | 'stale', string>>
  readonly done: Readonly<Record<Done, string>>
  readonly typed: string
  readonly back: string
}

/** Where one can go from every page. */
export const WAYS = ['now', 'incidents', 'maintenance', 'checks', 'mail', 'accounts', 'journal'] as const
export type Way = (typeof WAYS)[number]

/** What a page says was done by the one before. */
export const DONE = [
  'published',
  'dismissed',
  'seen',
  'updated',
  'resolved',
  'corrected',
  'retracted',
  'postmortem',
  'planned',
  'prolonged',
  'cancelled',
  'changed',
  'looking',
  'silenced',
  'speaking',
  'removed',
  'revoked',
  'ended',
  'returned',
] as const
export type Done = (typeof DONE)[number]

export const WORDS: Readonly<Record<Language, Words>> = {
  fr: {
    skip: 'Aller au contenu',
    page: 'Page publique',
    nav: 'Administration',
    ways: {
      now: 'Maintenant',
      incidents: 'Incidents',
      maintenance: 'Maintenances',
      checks: 'Vérifications',
      mail: 'Courriels',
      accounts: 'Comptes',
      journal: 'Qui a fait quoi',
    },
    languages: 'Langue',
    signedIn: 'Connexion :',
    logOut: 'Se déconnecter',
    failed: 'Ce n’est pas fait :',
    disk: 'le disque n’a rien pris. Réessayez dans un moment.',
    late: {
      ended:
        'votre session était finie. Elle est rouverte, et ce que vous aviez écrit est là : relisez, puis renvoyez.',
      stale: 'votre session a changé entre-temps. Ce que vous aviez écrit est là : relisez, puis renvoyez.',
    },
    done: {
      published: 'C’est publié. Les membres le voient.',
      dismissed: 'Le brouillon est écarté.',
      seen: 'C’est dit : la page et les autres admins savent que l’équipe l’a vu.',
      updated: 'La nouvelle est publiée.',
      resolved: 'L’incident est clos.',
      corrected: 'La correction est publiée.',
      retracted: 'C’est retiré de la page.',
      postmortem: 'Le retour sur incident est publié.',
      planned: 'La maintenance est annoncée.',
      prolonged: 'La nouvelle heure de fin est publiée.',
      cancelled: 'L’annulation est publiée.',
      changed: 'Le changement est publié.',
      looking: 'La vérification est lancée. Son résultat est ici dans quelques secondes.',
      silenced:
        'Silence pendant une heure : pas de courriel pour ce service. La page continue de dire ce qui est mesuré.',
      speaking: 'Le silence est levé.',
      removed: 'Le compte est supprimé, ses sessions sont closes.',
      revoked: 'La clé ne vaut plus rien.',
      ended: 'La session est close.',
      returned: 'Vous êtes de nouveau en ligne. Rien n’a été fait entre-temps : recommencez.',
    },
    typed: 'Ce que vous aviez écrit, à copier :',
    back: 'Revenir',
  },
  en: {
    skip: 'Skip to content',
    page: 'Public page',
    nav: 'Administration',
    ways: {
      now: 'Now',
      incidents: 'Incidents',
      maintenance: 'Maintenance',
      checks: 'Checks',
      mail: 'Mail',
      accounts: 'Accounts',
      journal: 'Who did what',
    },
    languages: 'Language',
    signedIn: 'Signed in as',
    logOut: 'Log out',
    failed: 'Not done:',
    disk: 'the disk took nothing. Try again in a moment.',
    late: {
      ended:
        'your session had ended. You are logged in again, and what you had written is here: read it over, then send it again.',
      stale: 'your session changed meanwhile. What you had written is here: read it over, then send it again.',
    },
    done: {
      published: 'Published. Members see it.',
      dismissed: 'The draft is put aside.',
      seen: 'Said: the page and the other admins know that the team has seen it.',
      updated: 'The update is published.',
      resolved: 'The incident is closed.',
      corrected: 'The correction is published.',
      retracted: 'It is taken off the page.',
      postmortem: 'The post-mortem is published.',
      planned: 'The maintenance is announced.',
      prolonged: 'The new end is published.',
      cancelled: 'The cancellation is published.',
      changed: 'The change is published.',
      looking: 'The look has begun. Its result is here in a few seconds.',
      silenced: 'Silent for an hour: no mail about this service. The page goes on saying what is measured.',
      speaking: 'The silence is over.',
      removed: 'The account is removed, its sessions are over.',
      revoked: 'The key is worth nothing now.',
      ended: 'The session is over.',
      returned: 'You are logged in again. Nothing was done meanwhile: do it again.',
    },
    typed: 'What you had written, to be copied:',
    back: 'Go back',
  },
}
