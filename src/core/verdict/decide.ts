// One service after its checks were agreed upon: its status, its outages, whether it flaps, and the facts a letter needs.

import type { Audience, Check, Policy, Service } from '../check.ts'
import { type Instant, MINUTE, type Millis } from '../time/time.ts'
import { affectedBy } from './affected.ts'
import type { Agreement, Voice } from './agreement.ts'
import { type Case, unstableKey } from './alert.ts'
import { flapNews, followFlapping } from './flapping.ts'
import type { CheckKnown, ServiceKnown } from './known.ts'
import type { Affected, Letter } from './letter.ts'
import { followOutage, type Outage } from './outage.ts'
import { type Lineage, shownOf } from './parent.ts'
import { type Status, statusOf } from './service.ts'
import { isFailing, isWorking, type State } from './state.ts'
import { STALE_INTERVALS } from './verdict.ts'

/** What the rest must know to decide about one service. */
export interface Surroundings {
  readonly known: (check: string) => CheckKnown | undefined
  /** All that have a say on a check, as they are known now. */
  readonly voices: (check: string) => readonly Voice[]
  readonly maintenance: (service: string, now: Instant) => boolean
  /** An admin wants no mail about it just now. */
  readonly muted: (service: string) => boolean
  /** When others saw the end of an outage that is only remembered here; null: it is ours to follow. */
  readonly elsewhere: (outage: string) => Instant | null
  readonly policy: Policy
}

/** A service, a step on. */
export interface ServiceStep {
  readonly after: ServiceKnown
  /** Outages that ended in this step. */
  readonly ended: readonly Outage[]
  /** `unstable` began, or ended, and is to be told. */
  readonly flap: 'began' | 'ended' | null
}

/** The service as it stands now. Equal to `before` (the same object) when nothing changed. */
export function decideService(service: Service, before: ServiceKnown, around: Surroundings, now: Instant): ServiceStep {
  const stateOf = (check: Check): State => around.known(check.id)?.agreement?.state ?? 'unknown'
  const planned = around.maintenance(service.id, now)
  const { status } = statusOf(service.checks, stateOf, planned)
  const ended: Outage[] = []
  const follow = (audience: Audience): Outage | null => {
    const open = before.outages[audience]
    const about = { service: service.id, audience, planned }
    const agreed = agreements(service, audience, around)
    const after = followOutage(open, about, agreed, now, open === null ? null : around.elsewhere(open.id))
    if (after === null || after.ended === null) return after
    ended.push(after)
    // What fell after an end that others saw is another.
    return followOutage(null, about, agreed, now)
  }
  const outages = { members: follow('members'), admins: follow('admins') }
  const followed = followFlapping(before.flapping, turns(), status, around.policy.flap, now)
  const { news: flap, flapping } = flapNews(before.flapping, followed, planned || around.muted(service.id))
  const lastOutages = lastOf(before.lastOutages, ended)
  const spokenOf = outages.members ?? lastOutages.members
  const after: ServiceKnown = {
    status,
    since: status === before.status ? before.since : sinceOf(service, status, before, around, outages.members, now),
    confirmed: status === 'unknown' ? before.confirmed : status,
    outages,
    lastOutages,
    flapping: flap === 'began' && spokenOf !== null ? { ...flapping, thread: spokenOf.id } : flapping,
    cause: before.cause,
  }
  return { after: same(before, after) ? before : after, ended, flap }

  function turns(): readonly Instant[] {
    const [was, is] = [counts(before.outages.members), counts(outages.members)]
    // It was over when it was, not when we learnt of it.
    const end = ended.find(({ audience }) => audience === 'members')?.ended ?? null
    if (was && is && end !== null) return [end, now]
    return was === is ? [] : [end !== null && !is ? end : now]
  }
}

/**
 * An open outage that others saw end is only remembered here: what of it fails for sure fell after that, and what is unknown
 * was looked at last before that, or up to three intervals later where our line went bad. Not where all of it works: then its
 * end is ours to see. `ended`, null: that may be so, whenever it was.
 */
export function isOnlyRemembered(
  { checks, opened }: Outage,
  ended: Instant | null,
  service: Service,
  { known }: Pick<Surroundings, 'known'>,
): boolean {
  const ailing = service.checks
    .filter(({ id }) => checks.includes(id))
    .flatMap(({ id, rule }) => ({ rule, agreement: known(id)?.agreement ?? null }))
    .filter(({ agreement }) => agreement === null || !isWorking(agreement.state))
  return (
    ailing.length > 0 &&
    ailing.every(({ rule, agreement }) => {
      if (agreement === null) return true
      if (isFailing(agreement.state)) return agreement.since > Math.max(opened, ended ?? opened)
      return ended === null || agreement.since - STALE_INTERVALS * rule.every <= ended
    })
  )
}

function lastOf(before: ServiceKnown['lastOutages'], ended: readonly Outage[]): ServiceKnown['lastOutages'] {
  const last = (audience: Audience) => ended.find((outage) => outage.audience === audience) ?? before[audience]
  return ended.length === 0 ? before : { members: last('members'), admins: last('admins') }
}

/** What was never down for sure makes nothing unstable: a road of ours that comes and goes would. */
function counts(outage: Outage | null): boolean {
  return outage !== null && !outage.planned && outage.confirmed
}

/** Time alone can change it: an open outage, too many changes lately, work that began or ended. */
export function isRestless(known: ServiceKnown, maintained: boolean): boolean {
  const { outages, flapping, status } = known
  if (maintained !== (status === 'under_maintenance')) return true
  return outages.members !== null || outages.admins !== null || flapping.changes.length > 0
}

/**
 * A status begins when the last of the checks that make it so turned: one that fell, when it got worse; one that came
 * back, when it got better. Never before what it was until now began: that stays as it was measured. An outage alone
 * takes time back, to its first failed look; no time is taken from maintenance.
 */
function sinceOf(
  service: Service,
  status: Status,
  before: ServiceKnown,
  around: Surroundings,
  outage: Outage | null,
  now: Instant,
): Instant {
  if (status === 'under_maintenance' || before.status === 'under_maintenance') return now
  if ((status === 'major_outage' || status === 'partial_outage') && outage !== null && outage.opened === now)
    return outage.since
  const turned = [...agreements(service, 'members', around).values()].filter(({ since }) => since > before.since)
  const guilty = turned.filter(({ state }) => (MADE_BY[status] ?? []).includes(state))
  const better = status === 'partial_outage' && before.status === 'major_outage'
  const last = Math.max(...(guilty.length === 0 || better ? turned : guilty).map(({ since }) => since))
  return Number.isFinite(last) ? Math.min(now, last) : now
}

/** The states of checks that give a service a status; without: any may. */
const MADE_BY: Readonly<Partial<Record<Status, readonly State[]>>> = {
  major_outage: ['down'],
  partial_outage: ['down', 'partial'],
  unknown: ['unknown'],
}

/** Each part is the same object while nothing changed in it. */
function same(a: ServiceKnown, b: ServiceKnown): boolean {
  const { members, admins } = a.outages
  if (members !== b.outages.members || admins !== b.outages.admins) return false
  if (a.lastOutages !== b.lastOutages) return false
  return a.status === b.status && a.since === b.since && a.confirmed === b.confirmed && a.flapping === b.flapping
}

function agreements(service: Service, audience: Audience, around: Surroundings): ReadonlyMap<string, Agreement> {
  return new Map(
    service.checks
      .filter((check) => check.audience === audience)
      .flatMap((check) => {
        const agreement = around.known(check.id)?.agreement
        return agreement === null || agreement === undefined ? [] : [[check.id, agreement] as const]
      }),
  )
}

/** The cases for `decideLetters`: open outages and those that just ended. */
export function casesOf(
  service: Service,
  known: ServiceKnown,
  ended: readonly Outage[],
  lineage: Lineage,
  around: Surroundings,
  now: Instant,
): readonly Case[] {
  const outages = [...ended, known.outages.members, known.outages.admins].filter((outage) => outage !== null)
  return outages.map((outage) => ({
    outage,
    affected: affectedBy(outage, service, around),
    muted: around.maintenance(service.id, now) || around.muted(service.id),
    unstable: known.flapping.unstableSince !== null && outage.audience === 'members',
    unstableThread: outage.audience === 'members' ? (known.flapping.thread ?? null) : null,
    grace: graceOf(outage, service, around),
    parents: [...new Set(outage.checks.flatMap((check) => lineage.get(check) ?? []))],
    shown: outage.audience === 'admins' ? shownOf(service, known, outage, around) : null,
  }))
}

/** How many of its intervals a check has to come back after what explained its fall, and how long at most. */
const GRACE_INTERVALS = 2
const GRACE_MOST: Millis = 10 * MINUTE

/** As long as the first of the checks that are still down has; when none is, as the last of those that fell had. */
function graceOf(outage: Outage, service: Service, around: Surroundings): Millis {
  const fell = service.checks.filter(({ id }) => outage.checks.includes(id))
  const still = fell.filter(({ id }) => isFailing(around.known(id)?.agreement?.state ?? 'unknown'))
  return still.length > 0 ? Math.min(...still.map(graceOfCheck)) : Math.max(0, ...fell.map(graceOfCheck))
}

/** What is looked at seldom is looked at again each `retry` while it is down; a job can't come sooner than it does. */
function graceOfCheck({ rule: { every, retry, timeout, rise }, heartbeat }: Check): Millis {
  const intervals = GRACE_INTERVALS * every
  return heartbeat !== null ? intervals : Math.min(intervals, Math.max(GRACE_MOST, rise * (retry + timeout)))
}

/** The letter that says a service comes and goes, or where it stands now that it is calm. */
export function flapLetter(
  flap: 'began' | 'ended',
  known: ServiceKnown,
  affected: Affected,
  changes: number,
  now: Instant,
): Letter {
  const thread = affected.outage
  if (flap === 'began') {
    return { key: unstableKey(thread), event: 'down', thread, at: now, news: { kind: 'unstable', affected, changes } }
  }
  const down = known.outages.members !== null
  return {
    key: `${thread}:settled`,
    event: down ? 'down' : 'up',
    thread,
    at: now,
    news: { kind: 'settled', affected, down },
  }
}
