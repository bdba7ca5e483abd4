// The time a service was measured down: opened by its checks, ended when all of them are well again (verdict.md, 3).

import type { Audience } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { Agreement } from './agreement.ts'
import { isFailing, isWorking } from './state.ts'

export interface Outage {
  /** Names it for ever; the thread of its letters. */
  readonly id: string
  readonly service: string
  /** Members see it, or it concerns admins only. */
  readonly audience: Audience
  /** The first failed look. */
  readonly since: Instant
  /** When it was sure. */
  readonly opened: Instant
  /** A check was down, not only partial. */
  readonly confirmed: boolean
  /** When the first check was down for sure; null: partial until now. */
  readonly confirmedAt: Instant | null
  /** All of it while the service was under maintenance: it counts for nobody. */
  readonly planned: boolean
  /** The end of the work that all of it had been under until then; absent: it outlasted none. */
  readonly countedFrom?: Instant
  /** The checks that were down or partial, in the order they fell. */
  readonly checks: readonly string[]
  /** The end: the first good look of the check that came back last; null: not over. */
  readonly ended: Instant | null
}

/** When it began for people: at its first failed look, or where it outlasted planned work, at the end of that. */
export function begunAt({ since, countedFrom = since }: Pick<Outage, 'since' | 'countedFrom'>): Instant {
  return Math.max(since, countedFrom)
}

/**
 * The outage of a service after its checks were agreed upon. Opens with a down or partial check; ends when every check
 * that fell is up or degraded; unknown neither opens nor ends one. `before`: the open one, or null. `planned`: it is under
 * maintenance now. `agreements`: of all checks of this audience; a check that is no longer configured ends its part.
 * `elsewhere`: when others saw its end, where it is only remembered here. The same object while nothing changed.
 */
export function followOutage(
  before: Outage | null,
  { planned, ...about }: { readonly service: string; readonly audience: Audience; readonly planned: boolean },
  agreements: ReadonlyMap<string, Agreement>,
  now: Instant,
  elsewhere: Instant | null = null,
): Outage | null {
  const fallen = [...agreements].filter(([, { state }]) => isFailing(state))
  if (before === null) {
    if (fallen.length === 0) return null
    const since = Math.min(...fallen.map(([, agreement]) => agreement.since))
    const confirmed = fallen.some(([, { state }]) => state === 'down')
    return {
      id: `${about.service}${about.audience === 'admins' ? '-admins' : ''}-${Math.floor(now).toString(36)}`,
      ...about,
      since,
      opened: now,
      confirmed,
      confirmedAt: confirmed ? now : null,
      planned,
      checks: fallen.map(([id]) => id),
      ended: null,
    }
  }
  const joined = fallen.map(([id]) => id).filter((id) => !before.checks.includes(id))
  const checks = [...before.checks, ...joined]
  const confirmed = before.confirmed || fallen.some(([, { state }]) => state === 'down')
  const grown: Outage = {
    ...before,
    checks,
    confirmed,
    confirmedAt: before.confirmedAt ?? (confirmed ? now : null),
    planned: before.planned && planned,
    since: Math.min(before.since, ...fallen.map(([, agreement]) => agreement.since)),
    ...(before.planned && !planned ? { countedFrom: now } : {}),
  }
  const open = checks.some((id) => {
    const state = agreements.get(id)?.state
    return state !== undefined && !isWorking(state)
  })
  if (open && elsewhere === null) return joined.length === 0 && isSame(before, grown) ? before : grown
  const back = checks.map((id) => agreements.get(id)).filter((agreement) => agreement !== undefined)
  const last = elsewhere ?? (back.length > 0 ? Math.max(...back.map((agreement) => agreement.since)) : now)
  const ended = Math.max(last, before.since)
  const { countedFrom, ...rest } = grown
  // Well again before the work was over, and sure of it a little later.
  if (countedFrom !== undefined && ended <= countedFrom) return { ...rest, planned: true, ended }
  return { ...grown, ended }
}

function isSame(a: Outage, b: Outage): boolean {
  return a.confirmed === b.confirmed && a.planned === b.planned && a.since === b.since
}
