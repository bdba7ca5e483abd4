// What a check proves that a member can do, told from the checks' own words: the port it looks at, its id, its kind.
import type { Ability } from '../core/ability.ts'
import { ABILITIES } from '../core/ability.ts'
import type { Service } from '../core/check.ts'
import type { CheckPicture } from '../core/picture.ts'
import type { Language } from '../core/text.ts'
import { list } from './words.ts'

const BY_PORT: Readonly<Record<string, Ability>> = {
  25: 'receive',
  465: 'send',
  587: 'send',
  110: 'read',
  143: 'read',
  993: 'read',
  995: 'read',
  4190: 'filter',
  5222: 'connect',
  5223: 'connect',
  5269: 'federate',
  5270: 'federate',
}

const BY_WORD: Readonly<Record<string, Ability>> = {
  smtp: 'receive',
  mx: 'receive',
  submission: 'send',
  submissions: 'send',
  smtps: 'send',
  imap: 'read',
  imaps: 'read',
  pop3: 'read',
  pop3s: 'read',
  sieve: 'filter',
  client: 'connect',
  c2s: 'connect',
  server: 'federate',
  s2s: 'federate',
  federation: 'federate',
  delegation: 'federate',
  caldav: 'calendar',
  carddav: 'contacts',
  xmpp: 'connect',
  matrix: 'connect',
  http: 'open',
}

/** What fails where every door is open and a round trip does not arrive. */
const BY_TRIP: Readonly<Record<string, Ability>> = { mailtrip: 'receive' }

/** Said only when they fail: nobody asks about them otherwise. */
const MINOR: ReadonlySet<Ability> = new Set(['filter', 'federate'])

/** What a check of a service proves; null when its words don't tell. */
export function abilityOf(check: { readonly id: string; readonly kind: string }, service: Service): Ability | null {
  const configured = service.checks.find((one) => one.id === check.id)
  if (configured?.proves) return configured.proves
  const word = check.id.slice(check.id.indexOf('.') + 1).toLowerCase()
  const port = /:(\d{1,5})$/.exec(configured?.target ?? '')?.[1]
  const web = configured !== undefined && /^https?:/i.test(configured.target)
  const byPort = port === undefined || web ? undefined : BY_PORT[port]
  const told = byPort ?? BY_WORD[word] ?? BY_WORD[check.kind] ?? null
  if ((word === 'server' || word === 'client') && byPort === undefined && !chats(service)) return null
  return told
}

/** `client` and `server` mean something only where people chat. */
function chats(service: Service): boolean {
  return service.checks.some((check) =>
    /xmpp|matrix|:52(22|23|69|70)$/i.test(`${check.kind} ${check.id} ${check.target}`),
  )
}

export interface Able {
  readonly works: readonly Ability[]
  readonly fails: readonly Ability[]
}

/** A service and how its checks stand. */
export interface Examined {
  readonly service: Service
  readonly checks: readonly Pick<CheckPicture, 'id' | 'kind' | 'state'>[]
}

/** What of a service works and what doesn't; what is half of each fails. */
export function ableTo(service: Examined): Able {
  const fails = new Set<Ability>()
  const works = new Set<Ability>()
  const trips = new Set<Ability>()
  for (const check of service.checks) {
    const failed = check.state === 'down' || check.state === 'partial'
    const ability = abilityOf(check, service.service)
    const trip = BY_TRIP[check.kind]
    if (trip !== undefined && failed) trips.add(trip)
    if (ability === null) continue
    if (failed) fails.add(ability)
    else if (check.state !== 'unknown') works.add(ability)
  }
  // A closed door explains a trip that ends there.
  if (fails.size === 0) for (const ability of trips) fails.add(ability)
  return {
    works: ABILITIES.filter((ability) => works.has(ability) && !fails.has(ability)),
    fails: ABILITIES.filter((ability) => fails.has(ability)),
  }
}

const VERBS: Readonly<Record<Language, Readonly<Record<Ability, string>>>> = {
  fr: {
    read: 'lire',
    send: 'envoyer',
    receive: 'recevoir',
    filter: 'régler ses filtres',
    connect: 'se connecter',
    federate: 'échanger avec d’autres serveurs',
    calendar: 'synchroniser son agenda',
    contacts: 'synchroniser ses contacts',
    open: 'ouvrir la page',
    write: 'écrire',
    edit: 'modifier des documents',
    sync: 'synchroniser',
    upload: 'déposer un fichier',
    save: 'retrouver ses articles',
    watch: 'regarder',
  },
  en: {
    read: 'read',
    send: 'send',
    receive: 'receive',
    filter: 'change filters',
    connect: 'connect',
    federate: 'reach other servers',
    calendar: 'sync calendars',
    contacts: 'sync contacts',
    open: 'open the page',
    write: 'write',
    edit: 'edit documents',
    sync: 'sync',
    upload: 'upload',
    save: 'find saved articles',
    watch: 'watch',
  },
}

/** `on peut lire et recevoir, pas envoyer`; null where the checks don't tell both what works and what doesn't. */
export function sayAble(service: Examined, language: Language): string | null {
  const { works, fails } = ableTo(service)
  const telling = works.filter((ability) => !MINOR.has(ability))
  const able = (telling.length > 0 ? telling : works).map((ability) => VERBS[language][ability])
  const unable = fails.map((ability) => VERBS[language][ability])
  if (able.length === 0 || unable.length === 0) return null
  return language === 'fr'
    ? `on peut ${list(able, 'fr')}, pas ${unable.join(' ni ')}`
    : `you can ${list(able, 'en')}, but not ${unable.join(' or ')}`
}

/** What a check is for, as a heading: `Envoyer du courriel`. By its kind where its words don't tell. */
const TITLES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    read: 'Lire le courriel',
    send: 'Envoyer du courriel',
    receive: 'Recevoir le courriel des autres serveurs',
    filter: 'Régler ses filtres',
    connect: 'Se connecter à la messagerie',
    federate: 'Échanger avec d’autres serveurs',
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
    dns: 'L’annonce de l’adresse',
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
    send: 'Sending mail',
    receive: 'Receiving mail from other servers',
    filter: 'Changing filters',
    connect: 'Connecting to the chat',
    federate: 'Talking with other servers',
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
    dns: 'The announcement of the address',
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
