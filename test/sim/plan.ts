// What happens to whom, and when: one schedule, made from a seed. Times are milliseconds since its beginning.
import { MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import { type Arrangement, arrange } from './arrangement.ts'
import { createRandom, type Random } from './random.ts'

/** From when until when. */
export interface Span {
  readonly from: Millis
  readonly to: Millis
}

export type RelayManner =
  /** Takes a mail late, but in time. */
  | 'slow'
  /** Says "not now". */
  | 'refuse'
  /** Says "never". */
  | 'reject'
  /** Answers nothing. */
  | 'hang'
  /** Takes the mail, and says so too late to be heard. */
  | 'swallow'

export type Fault = Span &
  (
    | { readonly kind: 'outage'; readonly service: string; readonly how: 'refused' | 'timeout' | 'status' }
    /**
     * `dead`: nothing at all; `blackhole`: names are known, connections are not answered; `away`: no network at all;
     * `portal`: somebody in between answers names and HTTPS in everybody's place, and lets nothing else by.
     */
    | { readonly kind: 'line'; readonly site: string; readonly how: 'dead' | 'blackhole' | 'away' | 'portal' }
    /** A site has no IPv6. */
    | { readonly kind: 'v6'; readonly site: string }
    /** A service is not reached over IPv6, whoever looks. */
    | { readonly kind: 'half'; readonly service: string }
    /** The resolver of a site is silent, or answers with errors. */
    | { readonly kind: 'dns'; readonly site: string; readonly how: 'silent' | 'error' }
    /** From `site` no call reaches `callee`. */
    | { readonly kind: 'link'; readonly site: string; readonly callee: string }
    /** The way from a site into the hoster's provider: all services and the path witnesses. */
    | { readonly kind: 'path'; readonly site: string }
    /** The way from a site to one service alone, which nothing tells from an outage. */
    | { readonly kind: 'peering'; readonly site: string; readonly service: string }
    /** A site's line lets nothing out to port 25. */
    | { readonly kind: 'port'; readonly site: string }
    | { readonly kind: 'relay'; readonly site: string; readonly how: RelayManner }
    /**
     * The process is not there; `stopped` in peace or killed; `restored`: it comes back on an older image of its disk;
     * `copied`: its ledger broke, and an older copy stands in.
     */
    | {
        readonly kind: 'off'
        readonly site: string
        readonly how: 'stopped' | 'killed' | 'restored' | 'copied'
        /** When the image or copy was taken. */
        readonly image: Millis
      }
    /** What a site measured is lost. `to` means nothing. */
    | { readonly kind: 'lost'; readonly site: string }
    /** The disk refuses to be written. */
    | { readonly kind: 'disk'; readonly site: string }
    /** Says the opposite of what it sees. */
    | { readonly kind: 'lie'; readonly site: string }
    /** Has an older configuration than the others from the start: it lacks a check and means something else by another. */
    | { readonly kind: 'old'; readonly site: string }
    /** The wall clock is set by so much; `to` means nothing. */
    | { readonly kind: 'clock'; readonly site: string; readonly by: Millis }
    /** An admin posts an incident at a site, or adds to one. `to` means nothing. */
    | { readonly kind: 'post'; readonly site: string }
  )

export type FaultKind = Fault['kind']

export interface Plan extends Arrangement {
  readonly seed: number
  readonly sites: readonly string[]
  /** Nobody can call it (NAT). */
  readonly hidden: readonly string[]
  /** A witness listens on port 25, one on IPv6. */
  readonly witness25: boolean
  readonly witness6: boolean
  readonly services: readonly string[]
  /** What sites measure is kept, and follows. It takes a quarter of an hour longer. */
  readonly measured: boolean
  readonly faults: readonly Fault[]
  /** From here on all is well. */
  readonly healed: Millis
  /** The schedule ends by then. */
  readonly end: Millis
}

export const SITES: readonly string[] = ['home', 'offsite', 'third', 'fourth', 'fifth']
export const SERVICES: readonly string[] = ['web', 'mail']
/**
 * Beside these, some of: `host` with `cloud` that hangs on it; `backup`, which pings; `trip`, which one site at a time
 * looks at; `dual`, looked at over IPv4 and IPv6; and those of arrangement.ts.
 */
const MORE: readonly (readonly string[])[] = [['host', 'cloud'], ['backup'], ['trip'], ['dual']]

/** Nothing happens before all sites had time to know what is so. */
const CALM: Millis = 2 * MINUTE
/** Back-off reaches 15 minutes, a lost word 90 seconds: by then everything was said. */
const SETTLE: Millis = 45 * MINUTE

/** A service, and what it needs. */
export function hangsOn(service: string): readonly string[] {
  return service === 'cloud' ? ['cloud', 'host'] : [service]
}

export interface PlanOptions {
  /** How many sites; by chance when not said. */
  readonly sites?: number
  /** Kinds of faults that may happen beside outages; all when not said. */
  readonly kinds?: readonly FaultKind[]
}

/** All that may happen beside outages. */
export const KINDS: readonly FaultKind[] = [
  'line',
  'v6',
  'half',
  'dns',
  'link',
  'path',
  'peering',
  'port',
  'relay',
  'off',
  'lost',
  'disk',
  'lie',
  'old',
  'clock',
  'post',
]

export function makePlan(seed: number, options: PlanOptions = {}): Plan {
  const random = createRandom(seed)
  const count = options.sites ?? random.pick([1, 2, 2, 2, 2, 2, 3, 5])
  const sites = SITES.slice(0, count)
  const kinds = options.kinds ?? KINDS
  const healed = CALM + random.whole(8, 20) * MINUTE
  const faults: Fault[] = []
  const services = [...SERVICES, ...MORE.filter(() => random.chance(0.35)).flat()]
  for (const service of services) {
    if (random.chance(0.6)) faults.push(outage(service, random, healed))
  }
  const wanted = kinds.length === 0 ? 0 : random.whole(1, 5)
  for (let number = 0; number < wanted; number++) {
    const fault = faultOf(random.pick(kinds), random.pick(sites), { sites, services, healed, random })
    if (fault !== null && isBearable(fault, faults)) faults.push(fault)
  }
  if (kinds.includes('post') && random.chance(0.25)) faults.push(...posts(sites, healed, random))
  const hidden = count === 2 && random.chance(0.5) ? ['home'] : []
  const [witness25, witness6] = [random.chance(0.5), random.chance(0.5)]
  // Clocks that are wrong by days, and checks that a site doesn't know, make what is known differ by right.
  const isUneven = faults.some(({ kind }) => kind === 'clock' || kind === 'old')
  const measured = count > 1 && random.chance(0.1) && !isUneven
  const wrong = faults.some(({ kind }) => kind === 'clock')
  const more = arrange(seed, sites, services, healed, wrong, (service, chance) => outage(service, chance, healed))
  return {
    ...more,
    seed,
    sites,
    hidden,
    witness25,
    witness6,
    services: [...services, ...more.services],
    measured,
    faults: [...faults, ...more.faults].sort((a, b) => a.from - b.from),
    healed,
    end: healed + SETTLE,
  }
}

function outage(service: string, random: Random, healed: Millis): Fault {
  const length = random.whole(4 * 60, 12 * 60) * SECOND
  const from = CALM + random.whole(0, 6 * 60) * SECOND
  return {
    kind: 'outage',
    service,
    how: random.pick(['refused', 'timeout', 'status']),
    ...within(from, length, healed),
  }
}

/** Several admins in one minute, each on the site that they reach. */
function posts(sites: readonly string[], healed: Millis, random: Random): readonly Fault[] {
  const begin = CALM + random.whole(0, (healed - CALM) / SECOND - 60) * SECOND
  return Array.from({ length: random.whole(3, 8) }, () => {
    const from = begin + random.whole(0, 60) * SECOND
    return { kind: 'post', site: random.pick(sites), from, to: from } as const
  })
}

interface Stage extends Pick<Plan, 'sites' | 'services' | 'healed'> {
  readonly random: Random
}

/** Null: it can't happen there. */
function faultOf(kind: FaultKind, site: string, { sites, services, healed, random }: Stage): Fault | null {
  const from = CALM + random.whole(0, (healed - CALM) / SECOND - 30) * SECOND
  const length = random.pick([random.whole(5, 90), random.whole(30, 300), random.whole(300, 900)]) * SECOND
  const span = within(from, length, healed)
  const others = sites.filter((other) => other !== site)
  switch (kind) {
    case 'line':
      return { kind, site, how: random.pick(['dead', 'blackhole', 'away', 'portal']), ...span }
    case 'half':
      return { kind, service: random.pick(services), ...span }
    case 'dns':
      return { kind, site, how: random.pick(['silent', 'error']), ...span }
    case 'link':
      return others.length === 0 ? null : { kind, site, callee: random.pick(others), ...span }
    case 'peering':
      return others.length === 0 ? null : { kind, site, service: random.pick(services), ...span }
    case 'relay':
      return { kind, site, how: random.pick(['slow', 'refuse', 'reject', 'hang', 'swallow']), ...span }
    case 'off':
      return {
        kind,
        site,
        how: random.pick(['stopped', 'killed', 'killed', 'restored', 'copied']),
        image: random.whole(30_000, from),
        ...span,
      }
    case 'clock': {
      const by = random.pick([-1, 1]) * random.pick([10 * SECOND, 90 * SECOND, 60 * MINUTE, 20 * 24 * 60 * MINUTE])
      return { kind, site, by, ...span }
    }
    case 'old':
      return others.length === 0 ? null : { kind, site, from: 0, to: span.to }
    case 'lie':
      return others.length === 0 ? null : { kind, site, ...span }
    case 'outage':
      return null
    default:
      return { kind, site, ...span }
  }
}

function within(from: Millis, length: Millis, healed: Millis): Span {
  return { from, to: Math.min(from + length, healed) }
}

/** A process that is off cannot go off; two liars are more than any rule bears. */
function isBearable(fault: Fault, before: readonly Fault[]): boolean {
  if (fault.kind === 'off' || fault.kind === 'disk')
    return !before.some(
      (other) =>
        (other.kind === 'off' || other.kind === 'disk') &&
        other.site === fault.site &&
        other.from <= fault.to &&
        fault.from <= other.to,
    )
  if (fault.kind === 'lie' || fault.kind === 'old')
    return !before.some((other) => other.kind === 'lie' || other.kind === 'old')
  return true
}

/** One line a fault, for people. */
export function describePlan(plan: Plan): readonly string[] {
  const head = [
    `seed ${plan.seed}: ${plan.sites.join(', ')}`,
    ...(plan.hidden.length === 0 ? [] : [`behind NAT: ${plan.hidden.join(', ')}`]),
    ...plan.observing.map(({ site, from }) => `${site} observes${from === 0 ? '' : ` from ${clockOf(from)} on`}`),
    ...(plan.services.includes('near') ? [`near is looked at from ${plan.near}`] : []),
  ].join('; ')
  const faults = plan.faults.map(({ kind, from, to, ...rest }) => {
    const what = Object.entries(rest).map(([name, value]) => `${name}=${value}`)
    return `  ${clockOf(from)}–${clockOf(to)} ${kind} ${what.join(' ')}`
  })
  const quiets = plan.quiets.map(
    ({ kind, service, site, from, to }) => `  ${clockOf(from)}–${clockOf(to)} ${kind} of ${service}, said at ${site}`,
  )
  return [head, ...faults, ...quiets, `  ${clockOf(plan.healed)} all is well`]
}

/** `12:05`: minutes and seconds since the beginning. */
export function clockOf(at: Millis): string {
  const seconds = Math.floor(at / SECOND)
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}
