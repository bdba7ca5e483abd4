// What one look says to whoever asked for it: the objects of `vigie check --json` (contract 2).

import type { Check } from '../../core/check.ts'
import type { Observation, Outcome, Phases, Reason, TlsFacts } from '../../core/observation.ts'
import { type Instant, iso, type Millis } from '../../core/time/time.ts'
import { daysLeft, expiring } from '../../core/verdict/attention.ts'
import { waitsNote } from '../../look.ts'

export interface Result {
  /** `service.check` */
  readonly check: string
  readonly service: string
  readonly kind: string
  readonly target: string
  readonly site: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** Null: the fault is ours, or there was nothing to look at (a heartbeat, which alone has no reason then). */
  readonly ok: boolean | null
  readonly reason: Reason | null
  readonly note: string
  /** 0: it wasn't looked at. */
  readonly took_ms: Millis
  readonly phases: Phases
  /** `expires` in ISO 8601, UTC; whole `days` until then, rounded down, negative after it. */
  readonly tls: { readonly version: string; readonly expires: string; readonly days: number } | null
}

/** A heartbeat is not looked at: it waits. */
export function resultOfHeartbeat(check: Check, site: string, at: Instant): Result {
  const note = waitsNote(check)
  return { ...about(check), site, at: iso(at), ok: null, reason: null, note, took_ms: 0, phases: {}, tls: null }
}

/** One look, or one at each address family: the family that says more about the service stands for both. */
export function resultOf(check: Check, looks: readonly [Observation, ...Observation[]]): Result {
  const [first, second] = looks
  if (second === undefined) return resultOfOne(check, first)
  const [chosen, other] = weight(second) > weight(first) ? [second, first] : [first, second]
  const result = resultOfOne(check, chosen)
  const aside = chosen.outcome.ok === other.outcome.ok ? null : asideOf(other)
  return aside === null ? result : { ...result, note: result.note === '' ? aside : `${result.note}; ${aside}` }
}

/** With both down it is down, with one it works; what we couldn't see says least. */
function weight({ outcome: { ok } }: Observation): number {
  return ok === true ? 2 : ok === false ? 1 : 0
}

function asideOf({ strand, outcome }: Observation): string {
  const family = `IPv${strand ?? 4}`
  return outcome.ok === false ? `not reachable over ${family}: ${outcome.note}` : `${family} unknown: ${outcome.note}`
}

function resultOfOne(check: Check, { at, site, took, phases, outcome }: Observation): Result {
  const tls = factsOf(outcome)
  return {
    ...about(check),
    site,
    at: iso(at),
    ok: outcome.ok,
    reason: outcome.ok === true ? remarkOf(check, took, outcome, at) : outcome.reason,
    note: outcome.note,
    took_ms: took,
    phases,
    tls: tls === null ? null : { version: tls.version, expires: iso(tls.expires), days: daysLeft(tls, at) },
  }
}

/** Fine, but: members notice slowness today, a certificate's end later. */
function remarkOf(
  { rule }: Check,
  took: Millis,
  outcome: Outcome & { ok: true },
  at: Instant,
): 'slow' | 'expiring' | null {
  if (rule.slow !== null && took > rule.slow) return 'slow'
  const terms = [outcome.tls, outcome.term].filter((term) => term !== undefined)
  return terms.some((term) => expiring(term, rule.expiresIn, at)) ? 'expiring' : null
}

function factsOf(outcome: Outcome): TlsFacts | null {
  return outcome.ok === null ? null : (outcome.tls ?? null)
}

function about({ id, service, kind, target }: Check) {
  return { check: id, service, kind, target }
}
