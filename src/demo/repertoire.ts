// The faults that a configuration can have: of its services and their checks, and of the world around them.
import type { Check, Configuration, Service } from '../core/check.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import type { Fault, Manner, Place, Road } from './faults.ts'
import { hostOf, JOB, placeOf, RELAY, RESOLVER, SEATS, type Seat, siteOf } from './places.ts'
import { showsCertificate } from './ports.ts'

/** A slow answer takes this many times as long as what still counts as quick. */
const SLOWER = 1.5

/** Where nothing says what is quick. */
const SLOW: Millis = 3 * SECOND

/** A witness that needs five seconds is no witness: a busy line is slow, not cut. Half for its name, half for itself. */
const SLOWEST_LINE: Millis = 4.5 * SECOND

/** The last part of a fault's name, for faults of services. */
const OF_SERVERS = {
  down: 'refused',
  silent: 'silent',
  slow: 'slow',
  error: 'error',
  garbage: 'garbage',
  expired: 'expired',
  foreign: 'foreign',
} as const satisfies Record<string, Manner>

const OF_JOBS = { missing: 'lost', failed: 'error' } as const satisfies Record<string, Manner>

/** Everything that can be broken, the world first, then service by service. */
export function repertoireOf(configuration: Configuration, domain: string): readonly Fault[] {
  return [...ofTheWorld(configuration, domain), ...configuration.services.flatMap(ofService)]
}

function ofTheWorld(configuration: Configuration, domain: string): readonly Fault[] {
  const { services, witnesses, path } = configuration
  const checks = services.flatMap((service) => service.checks)
  const others = new Set(path.map(hostOf))
  const quick = Math.min(SLOW, ...checks.flatMap(({ rule }) => rule.slow ?? []))
  const ours = ({ host }: Place) => host === domain || host.endsWith(`.${domain}`)
  const looked = checks.flatMap((check) => placeOf(check) ?? [])
  const closable = looked.some(({ port }) => port === 25)
  const sixes = checks.some(({ family }) => family === 6 || family === 'both')
  return [
    world('line', 'lost', lineOf('home')),
    world('twin-line', 'lost', lineOf('twin')),
    world('link', 'lost', ({ host }) => SITES.has(host)),
    world(
      'busy',
      'slow',
      ({ host, port }, from) => from === 'home' && port !== JOB && host !== RELAY,
      Math.min(SLOWER * quick, SLOWEST_LINE) / 2,
    ),
    world('dns', 'lost', ({ host }, from) => from === 'home' && host === RESOLVER),
    ...(closable
      ? [world('port-25', 'lost', ({ host, port }, from) => from === 'home' && port === 25 && host !== RELAY)]
      : []),
    ...(path.length > 0 ? [world('hetzner', 'lost', (to) => ours(to) || others.has(to.host))] : []),
    world('servers', 'lost', ours),
    world('names', 'lost', (to) => ours(to) && to.port === 53),
    ...(sixes ? [world('ipv6', 'lost', (to) => ours(to) && to.family === 6)] : []),
    world('relay-refuses', 'error', ({ host }) => host === RELAY),
    world('relay-hangs', 'silent', ({ host }) => host === RELAY),
  ].filter(({ name }) => witnesses.length > 0 || name !== 'busy')
}

const SITES: ReadonlySet<string> = new Set(SEATS.map(siteOf))

type Hits = (to: Place, from: Seat) => boolean

/** All that leaves a site, but for jobs, which are beside it; and what the other sends there. */
function lineOf(seat: Seat): Hits {
  return ({ host, port }, from) => (from === seat ? port !== JOB : host === siteOf(seat))
}

function world(name: string, manner: Manner, hits: Hits, delay: Millis = 0): Fault {
  const road: Fault['road'] = (to, from) => (hits(to, from) ? { manner, delay } : undefined)
  return { name, service: null, check: null, manner, road }
}

/** Those of the whole service, then those of each check where it has several. */
function ofService(service: Service): readonly Fault[] {
  const places = new Set(service.checks.flatMap((check) => keyOf(check) ?? []))
  const whole = ofChecks(service.id, service.id, null, service.checks)
  if (places.size <= 1 && service.checks.every(({ heartbeat }) => heartbeat === null)) return whole
  return [...whole, ...service.checks.flatMap((check) => ofChecks(check.id, service.id, check.id, [check]))]
}

function ofChecks(prefix: string, service: string, check: string | null, checks: readonly Check[]): readonly Fault[] {
  const [first] = checks
  if (check !== null && first?.heartbeat) {
    return Object.entries(OF_JOBS).map(([word, manner]) => {
      const road = (to: Place): Road | undefined =>
        to.port === JOB && to.host === check ? { manner, delay: 0 } : undefined
      return { name: `${prefix}-${word}`, service, check, manner, road }
    })
  }
  const roads = new Map(checks.flatMap((one) => entryOf(one) ?? []))
  if (roads.size === 0) return []
  const certified = checks.some((one) => showsCertificate(placeOf(one)?.port ?? 0) && !/^http:/i.test(one.target))
  return Object.entries(OF_SERVERS).flatMap(([word, manner]) => {
    if (!certified && (manner === 'expired' || manner === 'foreign')) return []
    const road = ({ host, port }: Place): Road | undefined => {
      const delay = roads.get(`${host}:${port}`)
      return delay === undefined ? undefined : { manner, delay: manner === 'slow' ? delay : 0 }
    }
    return [{ name: `${prefix}-${word}`, service, check, manner, road }]
  })
}

/** Where a check looks, and how slow slow is there. */
function entryOf(check: Check): readonly [readonly [key: string, delay: Millis]] | undefined {
  const key = keyOf(check)
  return key === undefined ? undefined : [[key, SLOWER * (check.rule.slow ?? SLOW)]]
}

function keyOf(check: Check): string | undefined {
  const place = placeOf(check)
  return place === undefined ? undefined : `${place.host}:${place.port}`
}
