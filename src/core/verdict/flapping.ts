// A service that comes and goes: shown at its worst, told once, silent until it is calm (verdict.md, 4).
import type { Policy } from '../check.ts'
import type { Instant } from '../time/time.ts'
import { type Status, worse } from './service.ts'

export interface Flapping {
  /** Recent moments at which a service was found down for sure, or an outage with a down ended. */
  readonly changes: readonly Instant[]
  /** Null: stable. */
  readonly unstableSince: Instant | null
  /** The worst status since the oldest of the changes, and while unstable. */
  readonly worst: Status
  /** It began while no mail was wanted, and nobody was told. */
  readonly untold?: true
  /** The thread of the letter that says so; absent: none was written, or before this field existed. */
  readonly thread?: string
}

export const CALM: Flapping = { changes: [], unstableSince: null, worst: 'operational' }

/** After one tick: `turns`, when such outages began or ended in it; `status` as measured. */
export function followFlapping(
  before: Flapping,
  turns: readonly Instant[],
  status: Status,
  policy: Policy['flap'],
  now: Instant,
): Flapping {
  const changed = turns.length > 0
  const changes = [...before.changes, ...turns].filter((at) => now - at <= Math.max(policy.within, policy.calm))
  const recent = changes.filter((at) => now - at <= policy.within)
  if (before.unstableSince === null) {
    const worst = changes.length === 0 ? 'operational' : worse(before.worst, status)
    if (changed && recent.length >= policy.changes) {
      return { changes, unstableSince: now, worst: worse(worst, 'partial_outage') }
    }
    const same = worst === before.worst && !changed && changes.length === before.changes.length
    return same ? before : { ...before, changes, worst }
  }
  const last = changes.length === 0 ? undefined : Math.max(...changes)
  if (last === undefined || now - last >= policy.calm) return { changes: [], unstableSince: null, worst: 'operational' }
  const worst = worse(before.worst, status)
  const same = worst === before.worst && !changed && changes.length === before.changes.length
  return same ? before : { ...before, changes, worst }
}

/**
 * What is news of it, and what is remembered of that. Nobody is told while `silent` (maintenance, mute): that it comes and
 * goes is told afterwards if it still does, and that it no longer does only where it was told that it did.
 */
export function flapNews(
  before: Flapping,
  after: Flapping,
  silent: boolean,
): { readonly news: 'began' | 'ended' | null; readonly flapping: Flapping } {
  const [was, is] = [before.unstableSince !== null, after.unstableSince !== null]
  if (!is) return { news: was && !silent && before.untold !== true ? 'ended' : null, flapping: after }
  const isNews = !was || before.untold === true
  if (!isNews) return { news: null, flapping: after }
  const { untold: _, ...told } = after
  if (!silent) return { news: 'began', flapping: told }
  return { news: null, flapping: after.untold ? after : { ...after, untold: true } }
}
