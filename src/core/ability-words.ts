// What members can do and what not, as a person would say it.
import { ABILITIES, type Ability } from './ability.ts'
import { type Language, list } from './text.ts'
import { type Able, abilityOf, ableTo, type Examined } from './verdict/proof.ts'
import { isWorking } from './verdict/state.ts'

/** Said only when they fail: nobody asks about them otherwise. */
const MINOR: ReadonlySet<Ability> = new Set(['filter', 'federate', 'browse', 'fetch'])

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

interface Sentences {
  /** `able` may be empty. */
  readonly can: (able: readonly string[], unable: readonly string[]) => string
  readonly cannot: (verb: string) => string
  readonly failing: (verbs: string, reason: string) => string
  /** How a reason begins that is about one. */
  readonly server: string
}

const SENTENCES: Readonly<Record<Language, Sentences>> = {
  fr: {
    can: (able, unable) => {
      if (able.length > 0) return `on peut ${list(able, 'fr')}, pas ${unable.join(' ni ')}`
      return unable.length === 1 ? `on ne peut pas ${unable[0]}` : `on ne peut ni ${unable.join(' ni ')}`
    },
    cannot: (verb) => `on ne peut pas ${verb}`,
    failing: (verbs, reason) => `pour ${verbs}, ${reason}`,
    server: 'le serveur',
  },
  en: {
    can: (able, unable) =>
      able.length === 0
        ? `you cannot ${unable.join(' or ')}`
        : `you can ${list(able, 'en')}, but not ${unable.join(' or ')}`,
    cannot: (verb) => `you cannot ${verb}`,
    failing: (verbs, reason) => `when you ${verbs}, ${reason}`,
    server: 'the server',
  },
}

/**
 * `on peut lire et recevoir, pas envoyer`, or `on ne peut pas lire` where nothing worth a word works; null where the checks
 * don't tell what doesn't, or nothing stands.
 */
export function sayAble(service: Examined, language: Language): string | null {
  const stands = service.checks.some(({ state }) => isWorking(state))
  return stands ? sayCan(ableTo(service), language) : null
}

/** The same of what is known already; null where nothing is known to fail. */
export function sayCan({ works, fails }: Able, language: Language): string | null {
  if (fails.length === 0) return null
  const telling = works.filter((ability) => !MINOR.has(ability))
  const able = wordsFor(telling, language, 'and')
  const unable = wordsFor(fails, language, 'or')
  return SENTENCES[language].can(able, unable)
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
  const sentences = SENTENCES[language]
  const server = told.length === 1 ? SERVERS[language][told[0]!] : undefined
  if (server !== undefined && reason.startsWith(`${sentences.server} `))
    return server + reason.slice(sentences.server.length)
  return sentences.failing(list(wordsFor(told, language, 'and'), language), reason)
}

/** `on ne peut pas lire`: what members are told when that alone fails. */
export function sayUnable(ability: Ability, language: Language): string {
  return SENTENCES[language].cannot(VERBS[language][ability])
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
