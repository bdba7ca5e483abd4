// An outage as history keeps it: written when it opens, gets worse and ends; the last one written is the truth.

import type { Reason } from '../observation.ts'
import type { Instant } from '../time/time.ts'
import type { Confidence } from '../verdict/agreement.ts'
import type { Affected } from '../verdict/letter.ts'
import { begunAt, type Outage } from '../verdict/outage.ts'

export interface OutageRecord {
  readonly id: string
  /** The name it had here before it took another site's. */
  readonly formerly?: string
  readonly service: string
  readonly audience: Outage['audience']
  readonly since: Instant
  /** When it was sure. */
  readonly opened: Instant
  /** Null: not over. */
  readonly ended: Instant | null
  /** Down for sure, not only partly reachable. */
  readonly confirmed: boolean
  readonly confidence: Confidence
  /** The row of verdict.md that decided. */
  readonly rule: string
  /** The last look that was fine; null: none remembered. */
  readonly lastGood: Instant | null
  /** All of it while the service was under maintenance. */
  readonly planned?: true
  /** It began while the service was under maintenance and outlasted that, which ended at `since`. */
  readonly outlasted?: true
  /** What failed, worst first. `note` is for admins. */
  readonly checks: readonly {
    readonly id: string
    readonly kind: string
    readonly reason: Reason | null
    readonly note: string
  }[]
}

/** What to write of an outage now; null: what was written says it already. */
export function recordOf(
  outage: Outage,
  before: Outage | null,
  affected: Affected,
  formerly?: string,
): OutageRecord | null {
  const same =
    before?.id === outage.id &&
    before.confirmed === outage.confirmed &&
    before.planned === outage.planned &&
    before.checks.length === outage.checks.length
  if (same && outage.ended === null) return null
  const { id, service, audience, ended, confirmed, planned } = outage
  const since = begunAt(outage)
  const opened = Math.max(since, outage.opened)
  const { confidence, rule, lastGood } = affected
  const checks = affected.checks.map((check) => ({
    id: check.id,
    kind: check.kind,
    reason: check.reason,
    note: check.note,
  }))
  const about = { id, service, audience, since, opened, ended, confirmed, confidence, rule, lastGood, checks }
  return {
    ...about,
    ...(planned ? { planned } : {}),
    ...(outage.countedFrom === undefined ? {} : { outlasted: true }),
    ...(formerly === undefined ? {} : { formerly }),
  }
}

/** Members are told of it: theirs, and not what maintenance had announced. */
export function isForMembers({ audience, planned }: OutageRecord): boolean {
  return audience === 'members' && planned !== true
}

/** The last word on each outage, newest first. What an end no longer knows (why it failed) is taken from before it. */
export function outagesFrom(records: readonly OutageRecord[]): readonly OutageRecord[] {
  const outages = new Map<string, OutageRecord>()
  for (const record of records) {
    if (record.formerly !== undefined) outages.delete(record.formerly)
    const before = outages.get(record.id)
    const known =
      before !== undefined && record.ended !== null
        ? { checks: before.checks, confidence: before.confidence, rule: before.rule }
        : {}
    outages.set(record.id, { ...record, ...known })
  }
  return [...outages.values()].sort((a, b) => b.since - a.since)
}

/** With outages that other sites measured while here nothing stood against it: those that overlap none of ours, each once. */
export function withOthers(own: readonly OutageRecord[], others: readonly OutageRecord[]): readonly OutageRecord[] {
  const all = [...own]
  for (const other of others) {
    if (other.ended !== null && !all.some((one) => one.id === other.id || overlap(one, other))) all.push(other)
  }
  return all.sort((a, b) => b.since - a.since)
}

function overlap(a: OutageRecord, b: OutageRecord): boolean {
  return (
    a.audience === b.audience &&
    (a.ended ?? Number.POSITIVE_INFINITY) > b.since &&
    (b.ended ?? Number.POSITIVE_INFINITY) > a.since
  )
}
