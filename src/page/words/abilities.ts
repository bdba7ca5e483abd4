// What a check proves that a member can do, told from the checks' own words: the port it looks at, its id, its kind.
import type { Ability } from '../../core/ability.ts'
import { ABILITIES } from '../../core/ability.ts'
import type { Service } from '../../core/check.ts'
import type { CheckPicture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'
import { list } from './words.ts'

const BY_PORT: Readonly<Record<string, Ability>> = {
  25: 'receive',
  465: 'send',
  587: 'send',
  110: 'fetch',
  143: 'read',
  993: 'read',
  995: 'fetch',
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
  pop3: 'fetch',
  pop3s: 'fetch',
  sieve: 'filter',
  client: 'connect',
  c2s: 'connect',
  bosh: 'browse',
  websocket: 'browse',
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
const BY_TRIP: Readonly<Record<string, Ability>> = { mailtrip: 'receive', xmpptrip: 'message', matrixtrip: 'message' }

const POST: ReadonlySet<Ability | null> = new Set(['receive', 'send', 'read', 'fetch'])

/** A mail that doesn't arrive where none of our doors are could not be sent. */
function tripOf(check: { readonly id: string; readonly kind: string }, service: Service): Ability | null {
  const trip = BY_TRIP[check.kind] ?? null
  if (trip !== 'receive') return trip
  const goal =
    service.checks
      .find(({ id }) => id === check.id)
      ?.target.split('@')
      .at(-1) ?? ''
  const doors = service.checks.filter((door) => POST.has(abilityOf(door, service)))
  return doors.length === 0 || doors.some(({ target }) => `.${target}`.includes(`.${goal}:`)) ? 'receive' : 'send'
}

/** Said only when they fail: nobody asks about them otherwise. */
const MINOR: ReadonlySet<Ability> = new Set(['filter', 'federate', 'browse', 'fetch'])

/** Nobody gets there while the page does not open. */
const BEHIND_PAGE: ReadonlySet<Ability> = new Set(['write', 'edit', 'upload', 'save', 'watch'])

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

/** What of a service works and what doesn't. What is half of each fails: the deeper look is right; half a page is neither. */
export function ableTo(service: Examined): Able {
  const fails = new Set<Ability>()
  const works = new Set<Ability>()
  const trips = new Set<Ability>()
  for (const check of service.checks) {
    const failed = check.state === 'down' || check.state === 'partial'
    const ability = abilityOf(check, service.service)
    const trip = tripOf(check, service.service)
    if (trip !== null && failed) trips.add(trip)
    if (ability === null) continue
    if (failed) fails.add(ability)
    else if (check.state !== 'unknown') works.add(ability)
  }
  // A closed door explains a trip that ends there.
  if (fails.size === 0) for (const ability of trips) fails.add(ability)
  if (fails.has('open') && works.has('open')) fails.delete('open')
  if (fails.has('open')) for (const ability of BEHIND_PAGE) works.delete(ability)
  return {
    works: ABILITIES.filter((ability) => works.has(ability) && !fails.has(ability)),
    fails: ABILITIES.filter((ability) => fails.has(ability)),
  }
}

const VERBS: Readonly<Record<Language, Readonly<Record<Ability, string>>>> = {
  fr: {
    read: 'lire',
    fetch: 'lire en POP',
    send: 'envoyer',
    receive: 'recevoir',
    filter: 'régler ses filtres',
    connect: 'se connecter',
    browse: 'discuter depuis le navigateur',
    message: 'échanger des messages',
    federate: 'joindre des contacts chez d’autres hébergeurs',
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
    fetch: 'read over POP',
    send: 'send',
    receive: 'receive',
    filter: 'change filters',
    connect: 'connect',
    browse: 'chat in the browser',
    message: 'exchange messages',
    federate: 'reach contacts at other providers',
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

/**
 * `on peut lire et recevoir, pas envoyer`, or `on ne peut pas lire` where nothing worth a word works; null where the checks
 * don't tell what doesn't, or nothing stands.
 */
export function sayAble(service: Examined, language: Language): string | null {
  const { works, fails } = ableTo(service)
  const stands = service.checks.some(({ state }) => state === 'up' || state === 'degraded')
  if (fails.length === 0 || !stands) return null
  const telling = works.filter((ability) => !MINOR.has(ability))
  const able = wordsFor(telling, language, 'and')
  const unable = wordsFor(fails, language, 'or')
  if (language === 'en') {
    return able.length === 0
      ? `you cannot ${unable.join(' or ')}`
      : `you can ${list(able, 'en')}, but not ${unable.join(' or ')}`
  }
  if (able.length > 0) return `on peut ${list(able, 'fr')}, pas ${unable.join(' ni ')}`
  return unable.length === 1 ? `on ne peut pas ${unable[0]}` : `on ne peut ni ${unable.join(' ni ')}`
}

/** Whose server it is, where it is one's alone. */
const SERVERS: Readonly<Record<Language, Readonly<Partial<Record<Ability, string>>>>> = {
  fr: { send: 'le serveur d’envoi', receive: 'le serveur de réception', read: 'le serveur de lecture' },
  en: { send: 'the outgoing mail server', receive: 'the incoming mail server', read: 'the mailbox server' },
}

/** What such checks met, by what they prove: `le serveur d’envoi refuse la connexion`, `pour écrire, la réponse est lente`. */
export function sayFailing({ checks, service }: Examined, reason: string, language: Language): string {
  const proven = checks.map((check) => abilityOf(check, service))
  const told = ABILITIES.filter((ability) => proven.includes(ability))
  if (proven.includes(null)) return reason
  const server = told.length === 1 ? SERVERS[language][told[0]!] : undefined
  if (server !== undefined && /^(le serveur|the server) /.test(reason))
    return reason.replace(/^(le serveur|the server)/, server)
  return `${language === 'fr' ? 'pour' : 'when you'} ${list(wordsFor(told, language, 'and'), language)}, ${reason}`
}

/** `on ne peut pas lire`: what members are told when that alone fails. */
export function sayUnable(ability: Ability, language: Language): string {
  return `${language === 'fr' ? 'on ne peut pas' : 'you cannot'} ${VERBS[language][ability]}`
}

/** Calendars and contacts share their verb, and reading is reading. */
const TOGETHER: Readonly<Record<Language, Readonly<Record<'and' | 'or', string>>>> = {
  fr: { and: 'synchroniser son agenda et ses contacts', or: 'synchroniser son agenda ni ses contacts' },
  en: { and: 'sync calendars and contacts', or: 'sync calendars or contacts' },
}

function wordsFor(abilities: readonly Ability[], language: Language, join: 'and' | 'or'): readonly string[] {
  const both = abilities.includes('calendar') && abilities.includes('contacts')
  return abilities
    .filter((ability) => !(both && ability === 'contacts') && !(ability === 'fetch' && abilities.includes('read')))
    .map((ability) => (both && ability === 'calendar' ? TOGETHER[language][join] : VERBS[language][ability]))
}
