// matrix: members' programs find the server and log in, and other servers find it and can trust its keys.
import type { Attention, Outcome } from '../core/observation.ts'
import type { Settings } from '../core/settings.ts'
import { factsNote } from '../net/certificate.ts'
import { failed, outcomeOf } from '../net/failure.ts'
import { exchange, type WebAnswer, type WebRequest } from '../net/web.ts'
import { listAt, readObject, textAt } from './json.ts'
import type { Look, Plan, ProbeKind } from './kind.ts'
import { call, callOpenly, createSession, type Session, waitNote } from './matrix-client.ts'
import { type Delegation, delegate, parseServerName, type ServerName } from './matrix-delegation.ts'
import { keysFault } from './matrix-keys.ts'
import { follow, sendsOn } from './redirect.ts'
import { soonest, stage } from './stage.ts'

const MAX_BYTES = 64 * 1024
const MOST_REDIRECTS = 5
/** Nothing but the position: no room, no presence, no account data. */
const NOTHING = { room: { rooms: [] }, presence: { types: [] }, account_data: { types: [] } }
const KEYS = '/_matrix/key/v2/server'
const SYNC = `/_matrix/client/v3/sync?timeout=0&set_presence=offline&filter=${encodeURIComponent(JSON.stringify(NOTHING))}`

export const matrix: ProbeKind = {
  summary: 'programs find a Matrix server and it answers; other servers find it, and its keys are signed and valid',
  example: 'example.org',
  configure,
}

function configure(settings: Settings): Plan {
  const name = settings.target()
  const server = parseServerName(name)
  if (server === undefined)
    settings.complain(null, 'this is no server name: write example.org, as in @somebody:example.org')
  const federation = settings.flag('federation') ?? true
  const base = settings.url('base') ?? null
  const login = settings.login('login')
  const token = settings.text('token')
  if (login && token !== undefined) settings.complain('token', 'a login or a token: one or the other')
  const account = token === undefined ? login : { token }
  if (account && base?.protocol === 'http:') settings.complain('base', 'a login is only sent over https')
  const session = account ? createSession(account) : null
  return {
    does: 'look',
    probe: (look) => visit(look, name, server ?? { host: 'target.invalid', port: null }, { federation, base, session }),
  }
}

interface Rules {
  readonly federation: boolean
  readonly base: URL | null
  readonly session: Session | null
}

async function visit(look: Look, name: string, server: ServerName, rules: Rules): Promise<Outcome> {
  const answers: WebAnswer[] = []
  try {
    const base = rules.base ?? (await discover(look, server, answers))
    const client = await askClient(look, base, rules.session, answers)
    if ('ok' in client) return { ...client, ...soonest(answers) }
    const federation = rules.federation ? await askFederation(look, name, server, answers) : 'federation not asked'
    if (typeof federation !== 'string') return { ...federation, ...soonest(answers) }
    const shown = soonest(answers)
    const certificate = shown.tls ? `, ${factsNote(shown.tls, look.now())}` : ''
    const well = { ok: true, note: `${client.note}; ${federation}${certificate}`, ...shown } as const
    return client.attention.length === 0 ? well : { ...well, attention: client.attention }
  } catch (error) {
    const failure = outcomeOf(error)
    return failure.ok === false ? { ...soonest(answers), ...failure } : failure
  }
}

/** Where members' programs go (client-server API, "Well-known URI"): without a document, to the server name itself. */
async function discover(look: Look, { host }: ServerName, answers: WebAnswer[]): Promise<URL> {
  const own = new URL(`https://${host.includes(':') ? `[${host}]` : host}/`)
  const what = 'well-known client'
  let asked: WebRequest = {
    url: new URL('/.well-known/matrix/client', own),
    method: 'GET',
    headers: {},
    body: null,
    maxBytes: MAX_BYTES,
  }
  for (let left = MOST_REDIRECTS; ; left--) {
    const answer = await exchange(stage(look, 'well-known', own.host), asked)
    answers.push(answer)
    if (answer.status === 404) return own
    if (sendsOn(answer.status) && left > 0) {
      asked = follow(asked, answer)
      continue
    }
    if (answer.status !== 200) throw failed({ ok: false, reason: 'status', note: `${what}: ${answer.status}` })
    const base = textAt(readObject(answer, what), 'm.homeserver', 'base_url')
    const url = base !== undefined && URL.canParse(base) ? new URL(base) : null
    if (url?.protocol !== 'https:') {
      throw failed({ ok: false, reason: 'content', note: `${what}: no https base_url of m.homeserver` })
    }
    url.username = ''
    url.password = ''
    url.search = ''
    return url
  }
}

interface Client {
  readonly note: string
  readonly attention: readonly Attention[]
}

async function askClient(
  look: Look,
  base: URL,
  session: Session | null,
  answers: WebAnswer[],
): Promise<Client | (Outcome & { readonly ok: false })> {
  const { document, answer } = await callOpenly(look, { phase: 'versions', base, path: '/_matrix/client/versions' })
  answers.push(answer)
  const versions = listAt(document, 'versions').filter((version) => typeof version === 'string')
  if (versions.length === 0) return { ok: false, reason: 'content', note: 'versions: it speaks none' }
  if (session?.due()) {
    const said = await session.work(look, base, (token) => call(look, { phase: 'sync', base, path: SYNC, token }))
    if (said.is === 'refused') return { ok: false, reason: 'auth', note: said.note }
    if (said.is === 'limited') return { note: `login put off: ${waitNote(said.wait)}`, attention: [] }
    if (textAt(said.document, 'next_batch') === undefined) {
      return { ok: false, reason: 'content', note: 'sync: no position in the answer' }
    }
    return { note: 'logged in and synced', attention: [] }
  }
  // `versions` may come out of a cache on the way (Synapse lets it for an hour); this doesn't.
  const flows = await callOpenly(look, { phase: 'flows', base, path: '/_matrix/client/v3/login' })
  if (listAt(flows.document, 'flows').length === 0) {
    return { ok: false, reason: 'content', note: 'flows: it offers no way to log in' }
  }
  const without = session === null ? '' : ' without the login'
  return { note: `answers${without} at ${base.host}`, attention: session?.attention() ?? [] }
}

/** What other servers find; in words. */
async function askFederation(
  look: Look,
  name: string,
  server: ServerName,
  answers: WebAnswer[],
): Promise<string | (Outcome & { readonly ok: false })> {
  const led = await delegate(look, server)
  answers.push(...led.answers)
  if (led.places.length === 0) return { ok: false, reason: 'dns', note: `${led.by} says that there is no such service` }
  const { answer, place } = await naming(led, () => askKeys(look, led))
  answers.push(answer)
  if (answer.status !== 200) {
    return { ok: false, reason: 'status', note: `federation at ${led.host}: keys: ${answer.status}${hint(led)}` }
  }
  const fault = keysFault(readObject(answer, `federation at ${led.host}: keys`), name, look.now())
  if (fault) {
    const note = `federation at ${led.host}: ${fault.note}`
    return { ok: false, reason: 'content', note, ...(fault.dated ? { dated: true } : {}) }
  }
  const version = await exchange(
    stage(look, 'version', led.host),
    request(led, '/_matrix/federation/v1/version', place),
  )
  if (version.status !== 200) {
    return { ok: false, reason: 'status', note: `federation at ${led.host}: version: ${version.status}` }
  }
  const software = textAt(readObject(version, `federation at ${led.host}: version`), 'server', 'name')
  return `federation at ${led.host} by ${led.by}${software === undefined ? '' : ` (${software.slice(0, 40)})`}`
}

/** Other servers try one place after the other, too. */
async function askKeys(look: Look, led: Delegation): Promise<{ answer: WebAnswer; place: number }> {
  for (let place = 0; ; place++) {
    try {
      return { answer: await exchange(stage(look, 'keys', led.host), request(led, KEYS, place)), place }
    } catch (error) {
      if (place === led.places.length - 1 || look.ending.aborted) throw error
    }
  }
}

function request(led: Delegation, path: string, place: number): WebRequest {
  const host = led.name.includes(':') ? `[${led.name}]` : led.name
  return {
    url: new URL(`https://${host}${path}`),
    at: led.places[place]!,
    method: 'GET',
    headers: { host: led.host },
    body: null,
    maxBytes: MAX_BYTES,
  }
}

/** What goes wrong there says where it was, and why it was there. */
async function naming<T>(led: Delegation, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const failure = outcomeOf(error)
    throw failed({ ...failure, note: `federation at ${led.host}: ${failure.note}${hint(led)}` })
  }
}

function hint({ passed, by }: Delegation): string {
  return passed === null ? ` (by ${by})` : ` (by ${by}; well-known server: ${passed.note})`
}
