// From the checks of a service to the word on the page (verdict.md, 4).

import { type Check, isOnPage, type Service } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { Agreement } from './agreement.ts'
import { isFailing, type State, WORST_FIRST } from './state.ts'

/** What the page says of a service; Statuspage's words and `unknown`. */
export type Status =
  | 'operational'
  | 'degraded_performance'
  | 'partial_outage'
  | 'major_outage'
  | 'under_maintenance'
  | 'unknown'

/** Worst last. Unknown is no better and no worse than up: it is not compared. */
const SEVERITY: readonly Status[] = ['operational', 'degraded_performance', 'partial_outage', 'major_outage']

/** The worse of two measured statuses. */
export function worse(a: Status, b: Status): Status {
  return SEVERITY.indexOf(b) > SEVERITY.indexOf(a) ? b : a
}

export interface ServiceStatus {
  readonly status: Status
  /** Checks with a known state, of all that count. `2 of 3 checks measured` when they differ. */
  readonly measured: number
  readonly of: number
}

/**
 * Status of a service from its checks' agreed states: the first line that applies (verdict.md, 4). Checks for admins
 * don't count. A service without a counting check is unknown.
 */
export function statusOf(
  checks: readonly Check[],
  stateOf: (check: Check) => State,
  maintenance: boolean,
): ServiceStatus {
  const counting = checks.filter((check) => check.audience === 'members')
  const states = counting.map((check) => ({ state: stateOf(check), essential: check.essential }))
  const measured = states.filter(({ state }) => state !== 'unknown').length
  const some = (wanted: State) => states.some(({ state }) => state === wanted)
  const status = ((): Status => {
    if (maintenance) return 'under_maintenance'
    if (isWhole(counting, (check) => stateOf(check) === 'down')) return 'major_outage'
    if (states.some(({ state }) => isFailing(state))) return 'partial_outage'
    if (measured === 0 || states.some(({ state, essential }) => essential && state === 'unknown')) return 'unknown'
    if (some('degraded')) return 'degraded_performance'
    return 'operational'
  })()
  return { status, measured, of: states.length }
}

/** Of these checks every one fails, or one that is essential. */
export function isWhole<T extends Pick<Check, 'essential'>>(
  checks: readonly T[],
  fails: (check: T) => boolean,
): boolean {
  return (checks.length > 0 && checks.every(fails)) || checks.some((check) => check.essential && fails(check))
}

/**
 * How sure a service's status is: the agreement of the check that decided it. Unknown decides for an essential check, or
 * when nothing else is known. Undefined without counting checks.
 */
export function deciding(
  checks: readonly Check[],
  agreementOf: (check: Check) => Agreement | undefined,
): Agreement | undefined {
  const rank = (check: Check, { state }: Agreement) =>
    WORST_FIRST.indexOf(state) +
    (check.essential && state === 'down' ? -1 : !check.essential && state === 'unknown' ? WORST_FIRST.length : 0)
  return checks
    .filter((check) => check.audience === 'members')
    .flatMap((check) => {
      const agreement = agreementOf(check)
      return agreement === undefined ? [] : [{ agreement, rank: rank(check, agreement) }]
    })
    .sort((a, b) => a.rank - b.rank || a.agreement.since - b.agreement.since)[0]?.agreement
}

/**
 * How a service is for admins, and since when. One that only they know has no status on the page: its own checks tell.
 * `known`: as it is on the page; undefined, and so is what comes back: nothing is known of it yet.
 */
export function standingForAdmins(
  service: Service,
  known: { readonly status: Status; readonly since: Instant } | undefined,
  agreementOf: (check: Check) => Agreement | undefined,
): { readonly status: Status; readonly since: Instant } | undefined {
  if (known === undefined || known.status === 'under_maintenance' || isOnPage(service)) return known
  const checks = service.checks.map((check) => ({ ...check, audience: 'members' as const }))
  const { status } = statusOf(checks, (check) => agreementOf(check)?.state ?? 'unknown', false)
  return { status, since: deciding(checks, agreementOf)?.since ?? known.since }
}
