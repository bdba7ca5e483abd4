// What a registry says of a domain (RDAP: RFC 9082, 9083), and which registry to ask (RFC 9224).
import { DAY, type Instant, type Millis } from '../core/time/time.ts'
import { failed } from '../net/failure.ts'
import { exchange, type WebAnswer, type WebRequest } from '../net/web.ts'
import { isObject, type JsonObject, listAt, readObject, textAt } from './json.ts'
import type { Look } from './kind.ts'
import { follow, sendsOn } from './redirect.ts'
import { stage } from './stage.ts'

const BOOTSTRAP = new URL('https://data.iana.org/rdap/dns.json')
const FRESH: Millis = 7 * DAY
const MOST_BOOTSTRAP = 1024 * 1024
const MOST_ANSWER = 512 * 1024
const MOST_REDIRECTS = 3

/** What a registry says of a domain. */
export interface Registration {
  /** In lower case: `active`, `client hold`, `pending delete` … (RFC 8056). */
  readonly statuses: readonly string[]
  /** Null where the registry doesn't say. */
  readonly registered: Instant | null
  readonly expires: Instant | null
}

export interface Registries {
  /** The RDAP server of a domain's registry; null: it has none. IANA is asked once a week. */
  find(look: Look, domain: string): Promise<URL | null>
}

/** Remembers IANA's list while the plan lives that was made with it. `elapsed` is monotonic. */
export function createRegistries(elapsed: () => Millis = () => performance.now()): Registries {
  let known: { readonly at: Millis; readonly list: JsonObject } | null = null
  return {
    async find(look, domain) {
      if (known === null || elapsed() - known.at > FRESH) {
        try {
          known = { at: elapsed(), list: await ask(look, 'bootstrap', BOOTSTRAP, MOST_BOOTSTRAP) }
        } catch (error) {
          // The list changes little: an old one is better than none.
          if (known === null || look.ending.aborted) throw error
        }
      }
      return serverIn(known.list, domain)
    },
  }
}

/** The server of the longest of the list's entries that the domain ends in (RFC 9224, 4); https only. */
function serverIn(list: JsonObject, domain: string): URL | null {
  let longest = ''
  let server: URL | null = null
  for (const service of listAt(list, 'services')) {
    if (!Array.isArray(service)) continue
    const [entries, urls] = service as readonly unknown[]
    for (const entry of Array.isArray(entries) ? entries : []) {
      if (typeof entry !== 'string' || entry.length <= longest.length) continue
      if (domain !== entry.toLowerCase() && !domain.endsWith(`.${entry.toLowerCase()}`)) continue
      const usable = (Array.isArray(urls) ? urls : []).find((url) => typeof url === 'string' && isHttps(url))
      if (usable === undefined) continue
      longest = entry
      server = new URL(String(usable).replace(/\/*$/, '/'))
    }
  }
  return server
}

function isHttps(url: string): boolean {
  return url.startsWith('https://') && URL.canParse(url)
}

/** Asks a registry about a domain (RFC 9082, 3.1.3). Throws what goes wrong; null: it knows no such domain. */
export async function lookUp(look: Look, server: URL, domain: string): Promise<Registration | null> {
  const said = await ask(look, 'registry', new URL(`domain/${domain}`, server), MOST_ANSWER, true)
  if (said === null) return null
  const named = textAt(said, 'ldhName')?.toLowerCase().replace(/\.$/, '')
  if (named !== undefined && named !== domain) {
    throw failed({ ok: false, reason: 'content', note: `${server.host} answers about ${named.slice(0, 80)}` })
  }
  return {
    statuses: listAt(said, 'status').flatMap((one) => (typeof one === 'string' ? [one.toLowerCase()] : [])),
    registered: eventIn(said, 'registration'),
    expires: eventIn(said, 'expiration'),
  }
}

function eventIn(said: JsonObject, action: string): Instant | null {
  const event = listAt(said, 'events').find((one) => isObject(one) && textAt(one, 'eventAction') === action)
  const date = Date.parse(textAt(event, 'eventDate') ?? '')
  return Number.isNaN(date) ? null : date
}

async function ask(look: Look, phase: string, url: URL, maxBytes: number): Promise<JsonObject>
async function ask(look: Look, phase: string, url: URL, maxBytes: number, lenient: true): Promise<JsonObject | null>
/** Follows redirects (RFC 7480, 5.2), to https only. `lenient`: null for 404. */
async function ask(look: Look, phase: string, url: URL, maxBytes: number, lenient = false): Promise<JsonObject | null> {
  const headers = { accept: 'application/rdap+json, application/json' }
  let asked: WebRequest = { url, method: 'GET', headers, body: null, maxBytes }
  for (let left = MOST_REDIRECTS; ; left--) {
    const answer: WebAnswer = await exchange(stage(look, phase, asked.url.host), asked)
    const { status } = answer
    if (status === 200) return readObject(answer, asked.url.host)
    if (lenient && status === 404) return null
    if (!sendsOn(status) || left === 0) {
      throw failed({ ok: false, reason: 'status', note: `${asked.url.host}: ${status}` })
    }
    asked = { ...asked, url: follow(asked, answer).url }
  }
}
