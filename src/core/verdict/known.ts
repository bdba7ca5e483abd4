// All that is known at a moment: what must survive a restart, as plain values.

import type { Audience, Check } from '../check.ts'
import type { Instant, Millis } from '../time/time.ts'
import type { Agreement } from './agreement.ts'
import type { Attentions } from './attention.ts'
import { CALM, type Flapping } from './flapping.ts'
import { NO_PULSE, type Pulse } from './heartbeat.ts'
import type { Outage } from './outage.ts'
import type { Status } from './service.ts'
import { isWorking } from './state.ts'
import { joinFamilies, noOpinion, type Opinion } from './verdict.ts'

/** What is known of a check: this site's opinion, by address family where each is judged apart, and what was agreed. */
export interface CheckKnown {
  /** One opinion, or two: IPv4's and IPv6's. */
  readonly opinions: readonly [Opinion] | readonly [Opinion, Opinion]
  readonly agreement: Agreement | null
  readonly pulse: Pulse
  /** What admins are to mind, and whether they were told: it mails once. */
  readonly attention: Attentions
}

export interface ServiceKnown {
  readonly status: Status
  readonly since: Instant
  /** The last status that wasn't unknown. */
  readonly confirmed: Status
  readonly outages: Readonly<Record<Audience, Outage | null>>
  /** Those that ended last. */
  readonly lastOutages: Readonly<Record<Audience, Outage | null>>
  readonly flapping: Flapping
  /** The service whose outage explains this one's. */
  readonly cause: string | null
}

/** Two opinions where both address families are judged apart. */
export function nothingKnownOf(check: Check, now: Instant): CheckKnown {
  const one = noOpinion(now)
  return { opinions: check.family === 'both' ? [one, one] : [one], agreement: null, pulse: NO_PULSE, attention: {} }
}

/** The last that was known of it is that it works: nobody saw otherwise. */
export function nothingKnownOfService(now: Instant): ServiceKnown {
  return {
    status: 'unknown',
    since: now,
    confirmed: 'operational',
    outages: { members: null, admins: null },
    lastOutages: { members: null, admins: null },
    flapping: CALM,
    cause: null,
  }
}

/** The same after an outage took another name. */
export function calledAnew(known: ServiceKnown, from: string, to: string): ServiceKnown {
  const anew = (outage: Outage | null) => (outage?.id === from ? { ...outage, id: to } : outage)
  const each = ({ members, admins }: ServiceKnown['outages']) => ({ members: anew(members), admins: anew(admins) })
  const flapping = known.flapping.thread === from ? { ...known.flapping, thread: to } : known.flapping
  return { ...known, outages: each(known.outages), lastOutages: each(known.lastOutages), flapping }
}

/** The opinion that a look at this address family is about; null: at whichever. Where one alone is judged it is that. */
export function opinionFor({ opinions: [four, six] }: CheckKnown, strand: 4 | 6 | null): Opinion {
  return strand === 6 && six !== undefined ? six : four
}

/** The opinions after that one became another. */
export function withOpinionFor(
  { opinions: [four, six] }: CheckKnown,
  strand: 4 | 6 | null,
  opinion: Opinion,
): CheckKnown['opinions'] {
  if (six === undefined) return [opinion]
  return strand === 6 ? [four, opinion] : [opinion, six]
}

/** The opinions after each of them became another; `strand`: its address family where there are two. */
export function eachOpinion(
  [four, six]: CheckKnown['opinions'],
  become: (opinion: Opinion, strand: 4 | 6 | null) => Opinion,
): CheckKnown['opinions'] {
  return six === undefined ? [become(four, null)] : [become(four, 4), become(six, 6)]
}

/** Something failed, or a ping is overdue: whoever can testify is asked steadily, the path among them. */
export function isSuspected({ opinions }: CheckKnown): boolean {
  return opinions.some(({ fails, suspectSince }) => fails > 0 || suspectSince !== null)
}

/** This site's one opinion of a check. */
export function opinionOf(known: CheckKnown): Opinion {
  const [four, six] = known.opinions
  return six === undefined ? four : joinFamilies(four, six)
}

/**
 * What a restart must not forget, as a text that changes only when it must be written again: an ok after an ok is not
 * worth a write, a count, a suspicion, a state is.
 */
export function essence(known: CheckKnown): string {
  const opinions = known.opinions.map(({ state, since, known: was, fails, oks, suspectSince, pace }) => {
    return [state, since, was, fails, isWorking(state) ? 0 : oks, suspectSince, pace.includes('s') ? pace : '']
  })
  const { agreement, pulse, attention } = known
  return JSON.stringify([opinions, agreement?.state, agreement?.since, agreement?.disagreeSince, pulse, attention])
}

/** The names under which moments are kept in what survives; see `shiftMoments`. */
const MOMENTS: ReadonlySet<string> = new Set([
  'at',
  'since',
  'suspectSince',
  'pathSince',
  'goodSince',
  'lastGood',
  'lastBad',
  'opened',
  'confirmedAt',
  'countedFrom',
  'ended',
  'disagreeSince',
  'changes',
  'unstableSince',
  'startedAt',
  'until',
])

/**
 * The same knowledge after the wall clock was set: every moment moves with it, so that lengths of time stay what they
 * were and labels read right. A clock that jumps makes nothing late and nothing new.
 */
export function shiftMoments<T>(value: T, by: Millis): T {
  return shifted(value, by, false) as T
}

function shifted(value: unknown, by: Millis, moment: boolean): unknown {
  if (typeof value === 'number') return moment ? value + by : value
  if (Array.isArray(value)) return value.map((item) => shifted(item, by, moment))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shifted(item, by, MOMENTS.has(key))]))
}
