// What explains an outage, so that nobody is told of it twice: a parent that is down, was down, or may be (verdict.md, 4).
import type { Policy } from '../check.ts'
import { type Instant, MINUTE, type Millis } from '../time/time.ts'
import type { Affected } from './letter.ts'
import type { Outage } from './outage.ts'
import { type Parent, serviceIn } from './parent.ts'

/** A service with an outage that is open or ended in this tick. */
export interface Case {
  readonly outage: Outage
  readonly affected: Affected
  /** By work that is going on, or by an admin: no mail. */
  readonly muted: boolean
  readonly unstable: boolean
  /** The thread of the letter that says that its service comes and goes; null: none does. */
  readonly unstableThread: string | null
  /** How long it has to come back after what explains it. */
  readonly grace: Millis
  /** What would explain it, as `depends` names it, nearest first, theirs included. */
  readonly parents: readonly string[]
  /** Of an outage that concerns admins only: what members see of the same service, which says it first. */
  readonly shown: Parent | null
}

/** The last confirmed outage of a service that admins knew of, and when it ended. */
export interface Over {
  readonly service: string
  readonly at: Instant
}

export type Cause =
  /** A parent is down: its outage. */
  | { readonly kind: 'down'; readonly outage: string }
  /** A parent that admins were told of came back a moment ago: the child has to, too. */
  | { readonly kind: 'back' }
  /** A parent's own look is being waited for, or it came back just now and nobody was told of it. */
  | { readonly kind: 'wait' }

/** Children of one parent that fall within this time, three and four fifths of them, fell for one reason. */
const TOGETHER: Millis = 2 * MINUTE
const TOGETHER_LEAST = 3
const TOGETHER_SHARE = 0.8

/**
 * What holds an outage's letter back; null: nothing. A parent that is only partly reachable explains a child that is
 * partly reachable, never one that is down for sure. `wasTold`: admins know of an outage of it that ended since then.
 */
export function explanation(
  one: Case,
  cases: readonly Case[],
  parents: ReadonlyMap<string, Parent>,
  wasTold: (parent: Parent, since: Instant) => boolean,
  now: Instant,
): Cause | null {
  let cause: Cause | null = null
  const above = [one.shown, ...one.parents.map((id) => parents.get(id) ?? null)]
  for (const parent of above.filter((known) => known !== null)) {
    const open = cases.find(({ outage }) => outage.id === parent.outage)?.outage
    const sure = !one.outage.confirmed || parent.sure
    const later = open !== undefined && one.outage.ended !== null && open.since >= one.outage.ended
    if (parent.outage !== null && sure && !later) return { kind: 'down', outage: parent.outage }
    const doubted = parent.suspect || parent.outage !== null
    if (doubted && now - one.outage.opened < parent.patience) cause ??= { kind: 'wait' }
    const { back } = parent
    if (back === null || (one.outage.confirmed && !back.sure)) continue
    if (back.since < one.outage.since || now - back.since >= one.grace) continue
    if (wasTold(parent, one.outage.since)) cause = { kind: 'back' }
    else cause ??= { kind: 'wait' }
  }
  return cause
}

/** Longer than this nobody is kept waiting for what broke in planned work. */
const AFTER_WORK: Millis = 2 * MINUTE

/**
 * What must be told of an outage that nothing explains: down at once, partial after a while; null: nothing yet. When work is
 * over, what broke in it has as long to come back as after a parent, two minutes at most: it may be well already, and not be
 * looked at yet.
 */
export function owedOf({ outage, grace }: Case, now: Instant, policy: Policy): 'down' | 'partial' | null {
  if (outage.countedFrom !== undefined && now - outage.countedFrom < Math.min(grace, AFTER_WORK)) return null
  if (outage.confirmed) return 'down'
  return now - outage.opened >= policy.mailAfter ? 'partial' : null
}

/** Children of a parent that looks well but fell together: the parent is suspected. At most one element. */
export function fellTogether(
  parent: Parent,
  cases: readonly Case[],
): readonly { readonly parent: Parent; readonly outages: ReadonlySet<string> }[] {
  if (parent.outage !== null) return []
  const fallen = cases.filter(
    ({ outage, muted, parents }) =>
      outage.ended === null && outage.confirmed && !muted && parents.some((id) => serviceIn(id) === parent.service),
  )
  const newest = Math.max(...fallen.map((one) => one.outage.since))
  const together = fallen.filter((one) => newest - one.outage.since <= TOGETHER)
  const services = new Set(together.map((one) => one.outage.service)).size
  const enough = services >= TOGETHER_LEAST && services >= TOGETHER_SHARE * parent.children
  return enough ? [{ parent, outages: new Set(together.map((one) => one.outage.id)) }] : []
}

/** The way to the hoster is bad: nothing is said about the service itself (row 7b). */
export function isRoad(affected: Affected): boolean {
  return affected.confidence.note === 'road'
}
