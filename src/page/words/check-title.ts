// What a check looks at, as members would call it.
import type { Service } from '../../core/check.ts'
import type { Language } from '../../core/text.ts'
import { abilityOf } from '../../core/verdict/proof.ts'

/** What a check is for, as a heading: `Envoyer du courriel`. By its kind where its words don't tell. */
const TITLES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    read: 'Lire le courriel',
    fetch: 'Lire le courriel en POP',
    send: 'Envoyer du courriel',
    receive: 'Recevoir du courriel',
    filter: 'Régler ses filtres',
    connect: 'Se connecter',
    browse: 'Discuter depuis le navigateur',
    federate: 'Joindre des contacts chez d’autres hébergeurs',
    calendar: 'Synchroniser l’agenda',
    contacts: 'Synchroniser les contacts',
    write: 'Écrire ensemble',
    edit: 'Modifier des documents',
    sync: 'Retrouver et synchroniser ses données',
    upload: 'Déposer un fichier',
    save: 'Retrouver ses articles',
    watch: 'Regarder des vidéos',
    http: 'La page web',
    tls: 'La connexion chiffrée au serveur',
    tcp: 'La connexion au serveur',
    dns: 'Trouver l’adresse du serveur',
    ping: 'La machine',
    heartbeat: 'Les nouvelles que donne la tâche',
    domain: 'Le nom de domaine',
    mailhealth: 'La réputation de nos courriels',
    mailtrip: 'Un courriel d’essai',
    xmpptrip: 'Un message d’essai',
    matrixtrip: 'Un message d’essai',
    proxmox: 'La machine et ses sauvegardes',
    other: 'Le service',
  },
  en: {
    read: 'Reading mail',
    fetch: 'Reading mail over POP',
    send: 'Sending mail',
    receive: 'Receiving mail',
    filter: 'Changing filters',
    connect: 'Connecting',
    browse: 'Chatting in the browser',
    federate: 'Reaching contacts at other providers',
    calendar: 'Syncing calendars',
    contacts: 'Syncing contacts',
    write: 'Writing together',
    edit: 'Editing documents',
    sync: 'Finding and syncing one’s data',
    upload: 'Uploading a file',
    save: 'Finding saved articles',
    watch: 'Watching videos',
    http: 'The web page',
    tls: 'The encrypted connection to the server',
    tcp: 'The connection to the server',
    dns: 'Finding the server’s address',
    ping: 'The machine',
    heartbeat: 'The job’s sign of life',
    domain: 'The domain name',
    mailhealth: 'The reputation of our mail',
    mailtrip: 'A test mail',
    xmpptrip: 'A test message',
    matrixtrip: 'A test message',
    proxmox: 'The machine and its backups',
    other: 'The service',
  },
}

/** Kinds whose own title says more than what they are good for. */
const TELLING: ReadonlySet<string> = new Set(['dns', 'mailtrip', 'xmpptrip', 'matrixtrip', 'mailhealth'])

/** What a check looks at, in words for members. */
export function checkTitle(
  check: { readonly id: string; readonly kind: string },
  service: Service,
  language: Language,
): string {
  const titles = TITLES[language]
  const ability = abilityOf(check, service)
  const generic = ability === null || ability === 'open' || TELLING.has(check.kind)
  return titles[generic ? check.kind : ability] ?? titles.other!
}
