// A check that waits to be pinged: late, missing and failed told apart (verdict.md, 1; healthchecks.io's ping API).
import type { Heartbeat } from '../check.ts'
import type { Outcome } from '../observation.ts'
import { type Instant, type Millis, SECOND } from '../time/time.ts'
import { noOpinion, type Opinion } from './verdict.ts'

/** One ping as it came in. */
export interface Ping {
  readonly kind: 'success' | 'start' | 'fail' | 'log'
  /** The exit code when one was given. */
  readonly exit: number | null
  /** Pairs a start with its end when several runs overlap; null: not said. */
  readonly rid: string | null
  readonly at: Instant
}

/** The last ping that ended a run or told something, as it is kept for admins. `body`: the beginning of what came with it. */
export interface LastPing extends Pick<Ping, 'kind' | 'exit' | 'at'> {
  readonly body: string
}

/** Where a site's ledger keeps it among what is so now, as JSON. */
export function lastPingKey(check: string): string {
  return `push:${check}`
}

/** What is remembered of a heartbeat's pings. */
export interface Pulse {
  /** The last end of a run, good or bad. */
  readonly ended: {
    readonly at: Instant
    readonly ok: boolean
    readonly exit: number | null
    readonly runtime: Millis | null
  } | null
  readonly lastGood: Instant | null
  /** A run that was announced and has not ended. */
  readonly startedAt: Instant | null
  /** The `rid` it was announced with. */
  readonly rid: string | null
  /** The site that heard it; not said: this one. */
  readonly by?: string
  /**
   * `before`: our last start. `unsure`: our clock was set since, so that it may have been longer ago than it seems: on
   * most small machines the clock stands still while they have no power.
   */
  readonly heard?: 'before' | 'unsure'
}

export const NO_PULSE: Pulse = { ended: null, lastGood: null, startedAt: null, rid: null }

/**
 * Exit code 0 is success, any other a failure; a log line changes nothing. Starts that never end don't put off the
 * moment when the first one is missing.
 */
export function feel(before: Pulse, ping: Ping): Pulse {
  if (ping.kind === 'log') return before
  if (ping.kind === 'start') {
    const startedAt = before.ended === null ? (before.startedAt ?? ping.at) : ping.at
    const { by: _, ...ours } = before
    return { ...ours, startedAt, rid: ping.rid }
  }
  const ok = ping.kind === 'success' && (ping.exit === null || ping.exit === 0)
  const pair = before.rid === null || ping.rid === null || before.rid === ping.rid
  const runtime = before.startedAt === null || !pair ? null : ping.at - before.startedAt
  return {
    ended: { at: ping.at, ok, exit: ping.exit, runtime },
    lastGood: ok ? ping.at : before.lastGood,
    startedAt: pair ? null : before.startedAt,
    rid: pair ? null : before.rid,
  }
}

/** Two sites' clocks and the way between them: moments of one ping differ by so much. */
const SAME: Millis = SECOND

/**
 * The pulse when another site heard pings, too: a ping heard by one counts for all. The same object when nothing is new.
 * Moments grow on the way, and would again on the way back: of what `site` has from somebody else only a later run is news.
 */
export function joinPulse(before: Pulse, heard: Pulse, site: string, { period }: Pick<Heartbeat, 'period'>): Pulse {
  const known = lastPing(before)
  const last = lastPing(heard)
  if (last === null) return before
  const sooner = known === null ? Number.NEGATIVE_INFINITY : heard.by === site ? known - SAME : known + period / 2
  if (last <= sooner) return before
  const same = before.by === heard.by && known !== null && last < known + SAME && marksOf(before) === marksOf(heard)
  return same ? before : heard
}

/**
 * What other sites may hear of it: null where they could take an old ping for a new one. `timed`: somebody told us the time
 * since the start, and our clock agreed.
 */
export function dated(pulse: Pulse, timed: boolean): Pulse | null {
  if (lastPing(pulse) === null || pulse.heard === 'unsure' || (pulse.heard === 'before' && !timed)) return null
  const { heard: _, ...rest } = pulse
  return rest
}

/** When a pulse was last heard to beat; null: never. */
export function lastPing({ ended, startedAt }: Pulse): Instant | null {
  return ended === null && startedAt === null ? null : Math.max(ended?.at ?? 0, startedAt ?? 0)
}

function marksOf({ ended, startedAt, rid }: Pulse): string {
  return JSON.stringify([ended?.ok, ended?.exit, ended?.runtime, startedAt !== null, rid])
}

/** What one ping says, as an observation carries it. Null: it says nothing yet (a start, a log line). */
export function outcomeOf(ping: Ping, pulse: Pulse): Outcome | null {
  if (ping.kind === 'start' || ping.kind === 'log') return null
  const took = pulse.ended?.runtime
  const ran = took === null || took === undefined ? '' : `, ran ${Math.round(took / 1000)} s`
  if (pulse.ended?.ok === true) return { ok: true, note: `finished${ran}` }
  return {
    ok: false,
    reason: 'status',
    note: ping.exit === null ? `said that it failed${ran}` : `exit code ${ping.exit}${ran}`,
  }
}

/**
 * When the next ping is due, and by when it is missing; null before the first. A run that began in time has `grace` to
 * end; one that began when it was missing already changes nothing: only its end does.
 */
export function dueOf(pulse: Pulse, beat: Heartbeat): { readonly due: Instant; readonly missing: Instant } | null {
  const { startedAt, ended } = pulse
  const due = ended === null ? null : ended.at + beat.period
  if (startedAt !== null && (due === null || startedAt < due + beat.grace)) {
    return { due: startedAt, missing: startedAt + beat.grace }
  }
  return due === null ? null : { due, missing: due + beat.grace }
}

/** What may keep a ping from being heard. */
export interface Ears {
  /** It may have come unheard, at any moment of that span: our line was blind, say, or vigie not running. */
  blindBetween(from: Instant, to: Instant): boolean
  /** Since when the road is good that pings come by, out of the hoster's provider; null: it is bad. */
  readonly roadSince: Instant | null
}

/**
 * The opinion on a heartbeat. Failed is down at once, missing is down since it was missing, late within the grace is up
 * with a note, and suspected since it was due; never pinged is unknown, and so is one whose last ping came before our clock
 * was set. What is missing while we could not hear is unknown until the ping after it is due, with its grace. What is
 * missing while the road was bad is down over a bad path for so long; the path is also said of what is late or unknown,
 * for sites that have the pings from this one. What was down for sure stays so until a run ends well.
 */
export function judgeHeartbeat(
  before: Opinion,
  pulse: Pulse,
  beat: Heartbeat,
  { blindBetween, roadSince }: Ears,
  now: Instant,
): Opinion {
  const due = dueOf(pulse, beat)
  if (due === null) return { ...noOpinion(before.since), note: 'never pinged' }
  const ended = pulse.ended
  const base: Opinion = {
    ...before,
    at: ended?.at ?? pulse.startedAt,
    took: ended?.runtime ?? null,
    lastGood: pulse.lastGood,
    path: true,
  }
  if (ended !== null && !ended.ok && pulse.startedAt === null) {
    const note = ended.exit === null ? 'said that it failed' : `exit code ${ended.exit}`
    return down(base, ended.at, 'status', note)
  }
  const rounds = Math.max(0, Math.floor((now - due.missing) / beat.period)) * beat.period
  const wasSound = before.state === 'down' && before.path
  const path = wasSound || (roadSince !== null && roadSince <= due.due + rounds)
  if (now >= due.missing) {
    const unheard = !wasSound && blindBetween(due.due + rounds, due.missing + rounds)
    if (unheard) return unknown({ ...base, path }, due.missing)
    return down(
      { ...base, path },
      due.missing + (base.known === 'down' ? 0 : rounds),
      'late',
      pulse.startedAt === null ? 'missing: it did not come' : 'started and never finished',
    )
  }
  if (ended === null) return { ...noOpinion(before.since), at: pulse.startedAt, note: 'started for the first time' }
  if (!ended.ok) return down(base, ended.at, 'status', 'failed; running again')
  if (pulse.heard === 'unsure') {
    return {
      ...noOpinion(before.state === 'unknown' ? before.since : now),
      path: roadSince !== null,
      note: 'our clock was set since its last ping',
    }
  }
  if (now <= due.due || pulse.startedAt !== null) return up(base, ended.at, '')
  return { ...up({ ...base, path }, ended.at, 'late, not missing yet'), suspectSince: due.due }
}

function down(base: Opinion, since: Instant, reason: 'status' | 'late', note: string): Opinion {
  const stays = base.state === 'down'
  const began = stays ? base.since : since
  return {
    ...base,
    state: 'down',
    known: 'down',
    since: began,
    suspectSince: stays ? base.suspectSince : since,
    fails: Math.max(base.fails, 1),
    oks: 0,
    reason,
    note,
    fault: { reason, note, at: began },
  }
}

function up(base: Opinion, at: Instant, note: string): Opinion {
  const stays = base.state === 'up'
  return {
    ...base,
    state: 'up',
    known: 'up',
    since: stays ? base.since : at,
    fails: 0,
    oks: 1,
    suspectSince: null,
    reason: null,
    note,
  }
}

function unknown(base: Opinion, since: Instant): Opinion {
  const stays = base.state === 'unknown'
  return {
    ...base,
    state: 'unknown',
    since: stays ? base.since : since,
    fails: 0,
    suspectSince: null,
    reason: 'offline',
    note: 'it may have come while we could not hear',
  }
}
