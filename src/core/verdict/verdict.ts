// From looks to one site's opinion of a check (verdict.md, 1). What several sites make of it: agreement.ts.

import type { Rule } from '../check.ts'
import type { Observation, Reason, UnknownReason, Via } from '../observation.ts'
import type { Instant, Millis } from '../time/time.ts'
import type { Trust } from './blindness.ts'
import { isWorking, type State } from './state.ts'

/** One site's opinion of a check, or of one address family of it. All that judging the next look needs. */
export interface Opinion {
  readonly state: Exclude<State, 'partial'>
  /** When the state began: a down at its first failed look, an up at its first good one. */
  readonly since: Instant
  /** The last that was known of it, now or before it became unknown (degraded is up); null: nothing ever. */
  readonly known: 'up' | 'down' | null
  /** Fails, or oks, in a row that counted. */
  readonly fails: number
  readonly oks: number
  /** The first fail of the row, while it lasts. */
  readonly suspectSince: Instant | null
  /** The first ok of the row, while it lasts. */
  readonly goodSince: Instant | null
  /** The last ten looks that counted, newest last: `s` slow, `.` not. */
  readonly pace: string
  /** The path into the hoster's provider was good at the last fail. */
  readonly path: boolean
  /** The last look; null before the first. */
  readonly at: Instant | null
  readonly took: Millis | null
  readonly via: Via | null
  readonly reason: Reason | null
  readonly note: string
  /** The last look that was fine. */
  readonly lastGood: Instant | null
  /** The last fail that counted: what to say of an outage when it is over. */
  readonly fault: { readonly reason: Reason; readonly note: string; readonly at: Instant } | null
}

/** Our own line at the moment of a look. */
export interface Circumstances {
  readonly trust: Trust
  /** The way out of the port itself is bad. */
  readonly closed?: boolean
  readonly clock: boolean
  readonly usual: boolean
  readonly path: boolean
}

const PACE_WINDOW = 10
const PACE_SLOW = 5
const PACE_CALM = 1

/** A look older than this many intervals is no look. */
export const STALE_INTERVALS = 3

/** Never looked at. */
export function noOpinion(now: Instant): Opinion {
  return {
    state: 'unknown',
    since: now,
    known: null,
    fails: 0,
    oks: 0,
    suspectSince: null,
    goodSince: null,
    pace: '',
    path: true,
    at: null,
    took: null,
    via: null,
    reason: null,
    note: '',
    lastGood: null,
    fault: null,
  }
}

/** The opinion after one more look. `ours`: our line as the witnesses say, heard after a fail. */
export function judge(before: Opinion, seen: Observation, rule: Rule, ours: Circumstances): Opinion {
  const { outcome } = seen
  if (outcome.ok === null && outcome.reason === 'overload') return before
  const looked = { ...before, at: seen.at, took: seen.took, via: seen.via, note: outcome.note }
  const excuse = excuseFor(seen, ours)
  if (excuse !== null) return toUnknown(looked, seen.at, excuse)
  if (outcome.ok === false && outcome.reason !== 'auth') {
    const { reason, note } = outcome
    return afterFail({ ...looked, reason, fault: { reason, note, at: seen.at }, path: ours.path }, seen.at, rule)
  }
  const slow = outcome.ok === true && rule.slow !== null && seen.took > rule.slow && ours.usual
  const reason: Reason | null = outcome.ok === false ? outcome.reason : slow ? 'slow' : null
  return afterOk({ ...looked, reason }, seen.at, rule, slow)
}

/** Why a look says nothing about the target: its own word, or our line's; null: it counts. */
export function excuseFor(
  seen: Observation,
  ours: Pick<Circumstances, 'trust' | 'closed' | 'clock'>,
): UnknownReason | null {
  const { outcome } = seen
  if (outcome.ok === null) return outcome.reason
  if (ours.trust === 'bad') return ownFault(seen, ours)
  if (outcome.ok === true || outcome.reason === 'auth') return null
  if (ours.trust === 'tainted') return ownFault(seen, ours)
  if (outcome.dated === true && !ours.clock) return 'clock'
  return null
}

function ownFault(seen: Observation, ours: Pick<Circumstances, 'closed'>): UnknownReason {
  if (ours.closed === true) return 'blocked'
  return seen.via.dns && seen.via.family === null ? 'resolver' : 'offline'
}

function afterFail(looked: Opinion, at: Instant, rule: Rule): Opinion {
  const fails = looked.fails + 1
  const suspectSince = looked.suspectSince ?? at
  const failed = { ...looked, fails, oks: 0, suspectSince, goodSince: null, pace: remember(looked.pace, '.') }
  if (looked.state === 'down' || fails < rule.fall) return failed
  return { ...failed, state: 'down', since: suspectSince, known: 'down' }
}

function afterOk(looked: Opinion, at: Instant, rule: Rule, slow: boolean): Opinion {
  const pace = remember(looked.pace, slow ? 's' : '.')
  const goodSince = looked.goodSince ?? at
  const fine = { ...looked, fails: 0, oks: looked.oks + 1, suspectSince: null, goodSince, lastGood: at, pace }
  const fell = looked.state === 'down' || (looked.state === 'unknown' && looked.known === 'down')
  if (fell && fine.oks < rule.rise) return fine
  const slows = [...pace].filter((mark) => mark === 's').length
  const state = slows >= PACE_SLOW || (looked.state === 'degraded' && slows > PACE_CALM) ? 'degraded' : 'up'
  return { ...fine, state, known: 'up', since: state === looked.state ? looked.since : fell ? goodSince : at }
}

function remember(pace: string, mark: 's' | '.'): string {
  return (pace + mark).slice(-PACE_WINDOW)
}

/** Nothing is known any more, for a reason of ours: counts begin anew, what it was is kept. */
function toUnknown(before: Opinion, at: Instant, reason: UnknownReason | null): Opinion {
  const cleared = { ...before, fails: 0, oks: 0, suspectSince: null, goodSince: null, reason }
  if (before.state === 'unknown') return cleared
  return { ...cleared, state: 'unknown', since: at, known: before.state === 'down' ? 'down' : 'up' }
}

/**
 * The opinion when nothing was seen but time passed: our line went bad, or the last look is too old. `coming`: the next is
 * under way, or waits at a door where others take all their time: that ends, and nothing is too old before.
 */
export function age(
  before: Opinion,
  rule: Rule,
  blindSince: Instant | null,
  now: Instant,
  coming: boolean = false,
): Opinion {
  if (blindSince !== null && before.state !== 'unknown') {
    return toUnknown(
      before,
      blindSince,
      before.via?.dns === true && before.via.family === null ? 'resolver' : 'offline',
    )
  }
  const due = (before.at ?? before.since) + STALE_INTERVALS * rule.every
  if (before.state !== 'unknown' && !coming && now > due) return toUnknown(before, due, null)
  return before
}

/** It works and nothing is open: the next look may come at its usual pace, and needs no verdict first. */
export function isSettled({ state, fails }: Pick<Opinion, 'state' | 'fails'>): boolean {
  return fails === 0 && isWorking(state)
}

/** How soon the next look is due after the last: `retry` while anything is open, else `every`. */
export function nextLookIn(opinion: Opinion, rule: Rule): Millis {
  return isSettled(opinion) ? rule.every : Math.min(rule.retry, rule.every)
}

/**
 * Both address families of a check in one opinion: both down is down, one down beside a good one is degraded; a family
 * that can't be measured has no say. IPv6 alone says no down beside an IPv4 that was up: that is ours to measure first.
 */
export function joinFamilies(four: Opinion, six: Opinion): Opinion {
  if (four.state === 'unknown') return six.state === 'down' && four.known === 'up' ? four : six
  if (six.state === 'unknown') return four
  const down = [four, six].filter((opinion) => opinion.state === 'down')
  if (down.length === 2) {
    const since = Math.max(four.since, six.since)
    return { ...later(four, six), since, suspectSince: since, fails: Math.min(four.fails, six.fails) }
  }
  if (down.length === 1) {
    const family = down[0] === four ? 'IPv4' : 'IPv6'
    return {
      ...(down[0] === four ? six : four),
      state: 'degraded',
      // That one alone is down may begin with the other's return.
      since: Math.max(four.since, six.since),
      reason: down[0]!.reason,
      note: `${family}: ${down[0]!.note}`,
    }
  }
  return four.state === 'degraded' ? four : six.state === 'degraded' ? six : later(four, six)
}

function later(a: Opinion, b: Opinion): Opinion {
  return (b.at ?? 0) > (a.at ?? 0) ? b : a
}

/** A change worth agreeing upon again and showing. `enough`: more fails than that decide nothing. */
export function hasMoved(before: Opinion, after: Opinion, enough: number): boolean {
  return (
    isNews(before, after) ||
    before.reason !== after.reason ||
    Math.min(before.fails, enough) !== Math.min(after.fails, enough)
  )
}

/** A change that other sites should hear of at once; of a mere reason, or one more fail of an outage, with the next call. */
export function isNews(before: Opinion, after: Opinion): boolean {
  return (
    before.state !== after.state ||
    before.since !== after.since ||
    before.path !== after.path ||
    (before.fails !== after.fails && after.state !== 'down')
  )
}
