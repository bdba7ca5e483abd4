// Calendars and contacts as a phone finds them: well-known address, principal, home (RFC 6764, 4791, 6352, 5397).
import type { Outcome } from '../core/observation.ts'
import type { Login, Settings } from '../core/settings.ts'
import { factsNote } from '../net/certificate.ts'
import { failed, outcomeOf } from '../net/failure.ts'
import { exchange, type WebAnswer, type WebRequest } from '../net/web.ts'
import { readXml, type XmlElement } from '../net/xml.ts'
import { content } from './json.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { createLoginMemory, type LoginMemory } from './login.ts'
import { describe, follow, sendsOn } from './redirect.ts'
import { soonest, stage } from './stage.ts'

/** What tells CalDAV and CardDAV apart. */
export interface DavFlavour {
  /** The name in `/.well-known/` (RFC 6764, 5). */
  readonly wellKnown: 'caldav' | 'carddav'
  /** The namespace of its elements. */
  readonly space: string
  /** What a collection of it is. */
  readonly collection: 'calendar' | 'addressbook'
  /** The property that leads from an account to its collections. */
  readonly homeSet: 'calendar-home-set' | 'addressbook-home-set'
  /** In notes: `finds 2 calendars`. */
  readonly things: readonly [one: string, several: string]
}

const DAV = 'DAV:'
const MAX_BYTES = 256 * 1024
const MOST_REDIRECTS = 5

/** The kind of one flavour. */
export function davKind(flavour: DavFlavour, about: Pick<ProbeKind, 'summary' | 'example'>): ProbeKind {
  return { ...about, configure: (settings) => configure(settings, flavour) }
}

function configure(settings: Settings, flavour: DavFlavour): Plan {
  const url = settings.targetUrl()
  const login = settings.login('login')
  if (login && url.protocol === 'http:') settings.complain('login', 'a login is only sent over https')
  if (!login) return { does: 'look', probe: (look) => visit(look, { flavour, url, login: null, memory: null }) }
  const memory = createLoginMemory()
  return {
    does: 'look',
    probe: (look) => visit(look, { flavour, url, login: memory.due() ? login : null, memory }),
  }
}

interface Visit {
  readonly flavour: DavFlavour
  readonly url: URL
  /** Null: there is none, or it is not to be tried now. */
  readonly login: Login | null
  readonly memory: LoginMemory | null
}

async function visit(look: Look, { flavour, url, login, memory }: Visit): Promise<Outcome> {
  const answers: WebAnswer[] = []
  try {
    const found = await find(look, { flavour, url, login, answers })
    if (login !== null) memory?.accepted()
    const attention = memory?.attention() ?? []
    const shown = soonest(answers)
    const certificate = shown.tls ? `, ${factsNote(shown.tls, look.now())}` : ''
    const well = { ok: true, note: `${found}${certificate}`, ...shown } as const
    return attention.length === 0 ? well : { ...well, attention }
  } catch (error) {
    const failure = outcomeOf(error)
    if (failure.reason === 'auth') memory?.refused(failure.note)
    return failure.ok === false ? { ...soonest(answers), ...failure } : failure
  }
}

/** One look's requests, all by the same rules. */
interface Walk {
  readonly flavour: DavFlavour
  readonly url: URL
  readonly login: Login | null
  readonly answers: WebAnswer[]
}

/** What there is, in words. Throws what is wrong. */
async function find(look: Look, walk: Walk): Promise<string> {
  const { flavour, login } = walk
  const context = await findContext(look, walk)
  if (login === null) return context.answer.status === 401 ? 'asks for a login (401)' : 'answers without a login (207)'
  const [here = []] = read(context)
  if (isA(here, flavour.collection, flavour.space)) return `logged in, finds the ${flavour.things[0]}`
  const principal = hrefIn(here, 'current-user-principal', DAV)
  if (principal === undefined) throw content('it does not say who is logged in (no current-user-principal)')
  const [account = []] = read(await ask(look, walk, 'principal', within(context.url, principal)))
  const home = hrefIn(account, flavour.homeSet, flavour.space)
  if (home === undefined) throw content(`this account has no ${flavour.things[1]} (no ${flavour.homeSet})`)
  // What is in it, not only it: some answer that out of their memory while their database is stopped (SOGo).
  const inside = read(await ask(look, walk, 'home', within(context.url, home), { depth: 1 }))
  if (!inside.some((one) => isA(one, 'collection', DAV)))
    throw content(`the home of the ${flavour.things[1]} is no collection`)
  const count = inside.filter((one) => isA(one, flavour.collection, flavour.space)).length
  return `logged in, finds ${count} ${flavour.things[count === 1 ? 0 : 1]}`
}

interface Found {
  readonly url: URL
  readonly answer: WebAnswer
}

/** Where a URL says no path, the well-known address leads on, and failing that the root may be it (RFC 6764, 6). */
async function findContext(look: Look, walk: Walk): Promise<Found> {
  const { url, flavour } = walk
  if (url.pathname !== '/' || url.search !== '') return ask(look, walk, 'propfind', url)
  const known = await ask(look, walk, 'well-known', new URL(`/.well-known/${flavour.wellKnown}`, url), {
    lenient: true,
  })
  if (known.answer.status === 207 || known.answer.status === 401) return known
  try {
    return await ask(look, walk, 'propfind', url)
  } catch (error) {
    const failure = outcomeOf(error)
    throw failed({ ...failure, note: `${failure.note} (well-known: ${known.answer.status})` })
  }
}

interface Manner {
  /** 0: about the thing itself; 1: and what is in it. */
  readonly depth?: 0 | 1
  /** A missing page is an answer. */
  readonly lenient?: boolean
}

/** Follows redirects with the same question. */
async function ask(
  look: Look,
  walk: Walk,
  phase: string,
  url: URL,
  { depth = 0, lenient = false }: Manner = {},
): Promise<Found> {
  const { login, answers, flavour } = walk
  const authorization = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`
  let asked: WebRequest = {
    url,
    method: 'PROPFIND',
    headers: {
      depth: String(depth),
      'content-type': 'application/xml; charset=utf-8',
      ...(authorization ? { authorization } : {}),
    },
    body: question(flavour),
    maxBytes: MAX_BYTES,
  }
  for (let left = MOST_REDIRECTS; ; left--) {
    const answer = await exchange(stage(look, phase, url.host), asked)
    answers.push(answer)
    const { status } = answer
    if (sendsOn(status) && left > 0) {
      const onward = follow(asked, answer).url
      if (login !== null && onward.origin !== asked.url.origin) {
        throw content(`${phase}: ${status} to ${describe(onward)}, where the login is not sent: write that address`)
      }
      asked = { ...asked, url: onward }
      continue
    }
    if (status === 207 || (status === 401 && login === null)) return { url: asked.url, answer }
    if (login !== null && (status === 401 || (status === 403 && !lenient))) throw refused(phase, answer)
    if (lenient && status < 500 && !sendsOn(status)) return { url: asked.url, answer }
    throw failed({ ok: false, reason: 'status', note: `${phase}: ${status}` })
  }
}

function refused(phase: string, { status, headers }: WebAnswer): Error {
  const offered = String(headers['www-authenticate'] ?? '')
  const other = status === 401 && offered !== '' && !/\bbasic\b/i.test(offered) ? ', it does not take Basic' : ''
  return failed({ ok: false, reason: 'auth', note: `${phase}: login refused (${status}${other})` })
}

function question({ space, homeSet }: DavFlavour): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:f="${space}"><prop><resourcetype/><current-user-principal/><f:${homeSet}/></prop></propfind>
`
}

/** The properties that were found, thing by thing (RFC 4918, 13 and 14). */
function read({ answer }: Found): readonly (readonly XmlElement[])[] {
  if (answer.cut) throw failed({ ok: false, reason: 'protocol', note: 'the XML is endless' })
  const root = readXml(answer.body.toString('utf8'))
  if (!is(root, 'multistatus', DAV)) throw content('the answer is no multistatus')
  return only(root, 'response', DAV).map((response) =>
    only(response, 'propstat', DAV)
      .filter((stat) => only(stat, 'status', DAV).some(({ text }) => /^\s*HTTP\/\S+ 200\b/.test(text)))
      .flatMap((stat) => only(stat, 'prop', DAV))
      .flatMap(({ children }) => children),
  )
}

function is(element: XmlElement, name: string, space: string): boolean {
  return element.name === name && element.space === space
}

function only(element: XmlElement | undefined, name: string, space: string): readonly XmlElement[] {
  return element?.children.filter((child) => is(child, name, space)) ?? []
}

function isA(properties: readonly XmlElement[], type: string, space: string): boolean {
  return properties.some((one) => is(one, 'resourcetype', DAV) && only(one, type, space).length > 0)
}

function hrefIn(properties: readonly XmlElement[], name: string, space: string): string | undefined {
  const hrefs = properties.filter((one) => is(one, name, space)).flatMap((one) => only(one, 'href', DAV))
  return hrefs.map(({ text }) => text.trim()).find((text) => text !== '')
}

/** What an answer leads to stays at its server: the login goes there, too. */
function within(url: URL, href: string): URL {
  const led = URL.canParse(href, url.href) ? new URL(href, url) : null
  if (led === null || led.origin !== url.origin) throw content('the answer leads to another server')
  return led
}
