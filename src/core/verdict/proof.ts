// What a check proves that a member can do, told from the checks' own words: the port it looks at, its id, its kind.
import { ABILITIES, type Ability } from '../ability.ts'
import type { Service } from '../check.ts'
import { isFailing, type State } from './state.ts'

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

/** Ids and kinds that tell what a check proves. Every kind is here or in BY_TRIP; null: it proves nothing to members. */
export const BY_WORD: Readonly<Record<string, Ability | null>> = {
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
  tls: null,
  tcp: null,
  dns: null,
  ping: null,
  heartbeat: null,
  domain: null,
  mailhealth: null,
  proxmox: null,
}

/** What fails where every door is open and a round trip does not arrive. */
export const BY_TRIP: Readonly<Record<string, Ability>> = {
  mailtrip: 'receive',
  xmpptrip: 'message',
  matrixtrip: 'message',
}

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

/** A service and how its checks stand. `seen`: one that is well was seen so since the outage began (seen.ts). */
export interface Examined {
  readonly service: Service
  readonly checks: readonly {
    readonly id: string
    readonly kind: string
    readonly state: State
    readonly seen: boolean
  }[]
}

/**
 * What of a service works and what doesn't, and what is in doubt: it is not said to do either. What is half of each fails:
 * the deeper look is right; half a page is neither.
 */
export function ableTo(service: Examined): Able & { readonly doubtful: readonly Ability[] } {
  const fails = new Set<Ability>()
  const works = new Set<Ability>()
  const doubtful = new Set<Ability>()
  const trips = new Set<Ability>()
  for (const check of service.checks) {
    const failed = isFailing(check.state)
    const ability = abilityOf(check, service.service)
    const trip = tripOf(check, service.service)
    if (trip !== null && failed) trips.add(trip)
    if (ability === null) continue
    if (failed) fails.add(ability)
    else if (check.state !== 'unknown' && check.seen) works.add(ability)
    else doubtful.add(ability)
  }
  // A closed door explains a trip that ends there.
  if (fails.size === 0) for (const ability of trips) fails.add(ability)
  if (fails.has('open') && works.has('open')) fails.delete('open')
  if (fails.has('open')) {
    for (const ability of BEHIND_PAGE) {
      works.delete(ability)
      doubtful.delete(ability)
    }
  }
  return {
    works: ABILITIES.filter((ability) => works.has(ability) && !fails.has(ability) && !doubtful.has(ability)),
    fails: ABILITIES.filter((ability) => fails.has(ability)),
    doubtful: ABILITIES.filter((ability) => doubtful.has(ability) && !fails.has(ability)),
  }
}

/** Several things fail and nothing else can be done: plainly down, though a check that proves nothing to members is well. */
export function nothingWorks(service: Examined): boolean {
  const { works, fails, doubtful } = ableTo(service)
  return (
    works.length + doubtful.length === 0 && fails.length > 1 && service.checks.every(({ state }) => state !== 'unknown')
  )
}
