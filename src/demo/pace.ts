// What a demonstration makes of a configuration: the replica stands in for the world, and everything goes quicker.
import {
  type Check,
  type Configuration,
  type Heartbeat,
  type Policy,
  type Rule,
  type Site,
  USUAL_EVENTS,
} from '../core/check.ts'
import { MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import { placeOf, SEATS, type Seat } from './places.ts'

/** The longest that things may take; what is configured quicker stays so. */
export interface Pace {
  readonly rule: Pick<Rule, 'every' | 'retry' | 'timeout'> & { readonly slow: Millis }
  readonly policy: Policy
  readonly heartbeat: Pick<Heartbeat, 'period' | 'grace'>
  /** How many times as long as written the steps of stories take. */
  readonly stretch: number
}

/**
 * A fault shows within some ten seconds, silence within thirty, a story takes a minute or two. What a look may take, its
 * doubts about our own line included, stays well below three intervals: a look older than that is none.
 */
export const QUICK: Pace = {
  rule: { every: 6 * SECOND, retry: 1 * SECOND, timeout: 4 * SECOND, slow: 2 * SECOND },
  policy: {
    loneFall: 4,
    hold: 5 * SECOND,
    fresh: 10 * SECOND,
    taint: 5 * SECOND,
    witnessEvery: 2 * SECOND,
    mailAfter: 10 * SECOND,
    takeover: 10 * SECOND,
    flap: { changes: 3, within: 1 * MINUTE, calm: 20 * SECOND },
    digest: { services: 5, within: 30 * SECOND },
  },
  heartbeat: { period: 15 * SECOND, grace: 10 * SECOND },
  stretch: 1,
}

/**
 * At port 25 a look that hears nothing asks the ports beside it before it says so, and takes nearly twice as long: it comes
 * as much less often, else the last one would be too old before the next is done.
 */
const CLOSABLE = { port: 25, slower: 1.75 } as const

/** Where a site of the demonstration listens, and its public key. */
export interface Seated {
  readonly listen: Configuration['listen']
  readonly key: string
}

/** Stories at the pace of `checks/`: looks every 60 s instead of every 6. */
export const REAL_STRETCH = 10

/** So that IPv6 can be told from the rest: Quad9's, as far as the replica is concerned. */
const SIX = { kind: 'dns', address: '2620:fe::fe', port: 53 } as const

/**
 * The configuration to demonstrate: by the replica whatever it says, reachable over IPv6 too, somebody to mail to,
 * nobody outside to be called, two sites, of which `seat` is this one. `pace` null: at the pace it was written for.
 * `tokenOf`: with what each job calls.
 */
export function demonstrated(
  configuration: Configuration,
  pace: Pace | null,
  seated: Readonly<Record<Seat, Seated>>,
  seat: Seat,
  tokenOf: (check: string) => string,
): Configuration {
  const six = configuration.witnesses.some((one) => one.kind === 'dns' && one.address.includes(':'))
  const tested = configuration.witnesses.length > 0
  const both = tested ? chooseWeb(configuration) : null
  const sites = castOf(configuration.sites, seated)
  return {
    ...configuration,
    sites,
    site: sites[SEATS.indexOf(seat)]!,
    listen: seated[seat].listen,
    replica: true,
    deadman: null,
    witnesses: six || !tested ? configuration.witnesses : [...configuration.witnesses, SIX],
    policy: pace?.policy ?? configuration.policy,
    mail: configuration.mail ?? { from: 'Vigie <vigie@elsewhere.example>', relays: [], leftOut: [] },
    alerts:
      configuration.alerts.length > 0
        ? configuration.alerts
        : [{ email: 'admins@elsewhere.example', on: USUAL_EVENTS }],
    services: configuration.services.map((service) => ({
      ...service,
      checks: service.checks.map((check) =>
        quickened(check === both ? { ...check, family: 'both' } : check, pace, tokenOf),
      ),
    })),
  }
}

/** The first two that are configured; where there is one, a twin for it. */
function castOf(sites: readonly Site[], seated: Readonly<Record<Seat, Seated>>): readonly Site[] {
  const home = sites[0]!
  const id = home.id === 'offsite' ? 'twin' : 'offsite'
  const twin = sites[1] ?? { ...home, id, domain: id, where: { fr: 'Paris', en: 'Paris' } }
  return [home, twin].map((site, at) => {
    const { listen, key } = seated[SEATS[at]!]
    return { ...site, url: `http://${listen.host}:${listen.port}`, key, role: 'full' as const }
  })
}

/** One look at the web, the hoster's own site if there is one: to be looked at over both families. */
function chooseWeb({ services, domain }: Configuration): Check | null {
  const webs = services
    .flatMap(({ checks }) => checks)
    .filter((check) => check.family === null && /^https?:/i.test(check.target))
  return webs.find((check) => placeOf(check)?.host === `www.${domain}`) ?? webs[0] ?? null
}

function quickened(check: Check, pace: Pace | null, tokenOf: (check: string) => string): Check {
  const { heartbeat, rule } = check
  if (heartbeat !== null) {
    const period = Math.min(heartbeat.period, pace?.heartbeat.period ?? heartbeat.period)
    const grace = Math.min(heartbeat.grace, pace?.heartbeat.grace ?? heartbeat.grace)
    return { ...check, rule: { ...rule, every: period }, heartbeat: { period, grace, token: tokenOf(check.id) } }
  }
  if (pace === null) return check
  const { retry, timeout, slow } = pace.rule
  const every = pace.rule.every * (placeOf(check)?.port === CLOSABLE.port ? CLOSABLE.slower : 1)
  return {
    ...check,
    rule: {
      ...rule,
      every: Math.min(rule.every, every),
      retry: Math.min(rule.retry, retry),
      timeout: Math.min(rule.timeout, timeout),
      slow: rule.slow === null ? null : Math.min(rule.slow, slow),
    },
  }
}
