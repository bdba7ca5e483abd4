// Work that is planned ahead, once or repeating: a fold of what was said on any site, as incidents are. It begins and ends
// by itself; what it becomes of at a moment is a question of the time alone.
import {
  author,
  type Fields,
  line,
  moment,
  name,
  optional,
  prose,
  readPayload,
  services,
  title,
} from '../ledger/payload.ts'
import { inOrder, type Made, register, type Statement } from '../ledger/statement.ts'
import type { Text } from '../text.ts'
import { expand, readRecurrence } from '../time/recurrence.ts'
import { DAY, type Instant, MINUTE } from '../time/time.ts'
import { clocksOf } from '../time/wall-time.ts'

interface Said {
  /** The maintenance. */
  readonly id: string
  readonly by: string
  readonly at: Instant
  /** Whoever repeats a request says this again, and it is said once. */
  readonly key: string | null
}

/** When: the first time, and how it repeats by the clocks of a timezone. */
export interface Plan {
  readonly begins: Instant
  readonly ends: Instant
  /** An RRULE (recurrence.ts); null: once. */
  readonly repeats: string | null
  readonly timezone: string
}

export interface MaintenancePlan extends Said {
  readonly title: Text
  readonly text: Text
  readonly services: readonly string[]
  readonly plan: Plan
}

/** Null: as it was. */
export interface MaintenanceChange extends Said {
  readonly title: Text | null
  readonly text: Text | null
  readonly services: readonly string[] | null
  readonly plan: Plan | null
}

/** Another end for one time: later, or earlier when the work is done. `time`: when that one begins, as planned. */
export interface MaintenanceProlong extends Said {
  readonly time: Instant
  readonly ends: Instant
}

/** Calls off one time, or all of it from now on (null). */
export interface MaintenanceCancel extends Said {
  readonly time: Instant | null
}

/** News of the work. */
export interface MaintenanceUpdate extends Said {
  readonly update: string
  readonly text: Text
}

/** What can be said about maintenance, by the type of its entry. */
export interface MaintenanceSayings {
  readonly 'maintenance.plan': MaintenancePlan
  readonly 'maintenance.change': MaintenanceChange
  readonly 'maintenance.prolong': MaintenanceProlong
  readonly 'maintenance.cancel': MaintenanceCancel
  readonly 'maintenance.update': MaintenanceUpdate
}

export type MaintenanceFact = {
  readonly [T in keyof MaintenanceSayings]: Made & { readonly type: T; readonly payload: MaintenanceSayings[T] }
}[keyof MaintenanceSayings]

/** One time takes no longer than this. */
export const LONGEST_MAINTENANCE = 31 * DAY

const SAID: Fields<Said> = { id: name, by: author, at: moment, key: optional(line(200)) }

const SAYINGS: { readonly [T in keyof MaintenanceSayings]: Fields<MaintenanceSayings[T]> } = {
  'maintenance.plan': { ...SAID, title, text: prose, services, plan },
  'maintenance.change': {
    ...SAID,
    title: optional(title),
    text: optional(prose),
    services: optional(services),
    plan: optional(plan),
  },
  'maintenance.prolong': { ...SAID, time: moment, ends: moment },
  'maintenance.cancel': { ...SAID, time: optional(moment) },
  'maintenance.update': { ...SAID, update: name, text: prose },
}

const PLAN: Fields<Plan> = {
  begins: moment,
  ends: moment,
  repeats: optional((value) => {
    const rule = line(500)(value)
    return rule === undefined || 'wrong' in readRecurrence(rule) ? undefined : rule
  }),
  timezone: (value) => (typeof value === 'string' && isTimezone(value) ? value : undefined),
}

function plan(value: unknown): Plan | undefined {
  const read = readPayload(PLAN, value)
  if (read === null || read.ends <= read.begins || read.ends - read.begins > LONGEST_MAINTENANCE) return undefined
  return read
}

function isTimezone(value: string): boolean {
  try {
    clocksOf(value)
    return true
  } catch {
    return false
  }
}

/** What a statement says of maintenance; null when it says nothing that this vigie understands. */
export function maintenanceFact({ type, payload, ...made }: Statement): MaintenanceFact | null {
  if (!Object.hasOwn(SAYINGS, type)) return null
  const read = readPayload(SAYINGS[type as keyof MaintenanceSayings] as Fields<Said>, payload)
  return read === null ? null : ({ ...made, type, payload: read } as MaintenanceFact)
}

export interface Maintenance {
  readonly id: string
  readonly title: Text
  readonly text: Text
  readonly services: readonly string[]
  readonly plan: Plan
  /** When it was planned, and by whom. */
  readonly created: Instant
  readonly by: string
  /** When anything about it was last said. */
  readonly changed: Instant
  /** How often its times were changed: a calendar's SEQUENCE (RFC 5545, 3.8.7.4). */
  readonly sequence: number
  /** From this moment on nothing of it takes place; null: it is on. */
  readonly cancelled: Instant | null
  /** Times of it that differ, by when they were to begin. */
  readonly exceptions: ReadonlyMap<Instant, Exception>
  /** Oldest first. */
  readonly updates: readonly { readonly id: string; readonly at: Instant; readonly by: string; readonly text: Text }[]
  /** Fields that were changed on two sites at once, the newest shown: for admins. */
  readonly conflicts: readonly string[]
}

interface Exception {
  readonly ends: Instant | null
  /** When it was called off. */
  readonly cancelled: Instant | null
}

/** All facts of one maintenance, in any order and however often, as it stands. Null: its plan is not known (yet). */
export function foldMaintenance(unordered: readonly MaintenanceFact[]): Maintenance | null {
  const facts = inOrder(unordered)
  const planned = ofType(facts, 'maintenance.plan')[0]
  if (planned === undefined) return null
  const { payload: first } = planned
  const changes = ofType(facts, 'maintenance.change')
  const cancels = ofType(facts, 'maintenance.cancel')
  const prolongs = ofType(facts, 'maintenance.prolong')
  const conflicts: string[] = []
  const field = <K extends 'title' | 'text' | 'services' | 'plan'>(key: K): MaintenancePlan[K] => {
    const writes = changes.flatMap((fact) => {
      const value = fact.payload[key] as MaintenancePlan[K] | null
      return value === null ? [] : [{ ...fact, value }]
    })
    const { value, rivals } = register([{ ...planned, value: first[key] }, ...writes])!
    if (rivals.length > 0) conflicts.push(key)
    return value
  }
  const exceptions = new Map<Instant, Exception>()
  const except = (time: Instant) => exceptions.get(time) ?? { ends: null, cancelled: null }
  for (const { payload } of prolongs) exceptions.set(payload.time, { ...except(payload.time), ends: payload.ends })
  for (const { payload } of cancels) {
    if (payload.time === null) continue
    const before = except(payload.time)
    exceptions.set(payload.time, { ...before, cancelled: before.cancelled ?? payload.at })
  }
  return {
    id: first.id,
    title: field('title'),
    text: field('text'),
    services: field('services'),
    plan: field('plan'),
    created: first.at,
    by: first.by,
    changed: Math.max(...facts.map(({ payload }) => payload.at)),
    sequence: cancels.length + prolongs.length + changes.filter(({ payload }) => payload.plan !== null).length,
    cancelled: cancels.find(({ payload }) => payload.time === null)?.payload.at ?? null,
    exceptions,
    updates: ofType(facts, 'maintenance.update').map(({ payload: { update: id, at, by, text } }) => ({
      id,
      at,
      by,
      text,
    })),
    conflicts,
  }
}

function ofType<T extends MaintenanceFact['type']>(
  facts: readonly MaintenanceFact[],
  type: T,
): readonly Extract<MaintenanceFact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<MaintenanceFact, { type: T }> => fact.type === type)
}

/** One time of a maintenance. */
export interface Occurrence {
  /** Its own name, for ever: the maintenance's when it takes place once. */
  readonly id: string
  readonly maintenance: Maintenance
  /** When it was planned to begin: what `time` of a change means. */
  readonly begins: Instant
  /** When it ends or ended, prolonged or cut short. */
  readonly ends: Instant
  /** Null: it takes place. One that was called off while it ran took place until then. */
  readonly cancelled: Instant | null
}

export type OccurrenceStatus = 'scheduled' | 'in_progress' | 'completed' | 'cancelled'

/** How a time of maintenance stands: by the clock alone. */
export function occurrenceStatus(
  { begins, ends, cancelled }: Pick<Occurrence, 'begins' | 'ends' | 'cancelled'>,
  now: Instant,
): OccurrenceStatus {
  if (cancelled !== null) return 'cancelled'
  return now < begins ? 'scheduled' : now < ends ? 'in_progress' : 'completed'
}

/** Its times that touch a span, in order. Times by the clock stay so over clock changes, the end as well as the beginning. */
export function occurrencesOf(maintenance: Maintenance, from: Instant, to: Instant): readonly Occurrence[] {
  const { plan } = maintenance
  const clocks = clocksOf(plan.timezone)
  const length = clocks.show(plan.ends) - clocks.show(plan.begins)
  const rule = plan.repeats === null ? null : readRecurrence(plan.repeats)
  const begins = rule === null || 'wrong' in rule ? [plan.begins] : expand(rule, plan.begins, plan.timezone, to)
  const found: Occurrence[] = []
  for (const at of begins) {
    if (at >= to) break
    const byClock = clocks.moment(clocks.show(at) + length)
    // What was planned is exact, also where clocks show its end twice.
    const ends = at === plan.begins ? plan.ends : byClock > at ? byClock : at + plan.ends - plan.begins
    const one = occurrence(maintenance, at, ends)
    if (one.ends > from) found.push(one)
  }
  return found
}

function occurrence(maintenance: Maintenance, begins: Instant, planned: Instant): Occurrence {
  const { id, plan, exceptions } = maintenance
  const exception = exceptions.get(begins)
  const ends = Math.max(begins, exception?.ends ?? planned)
  const off = Math.min(exception?.cancelled ?? ends, maintenance.cancelled ?? ends)
  return {
    id: plan.repeats === null ? id : occurrenceId(id, begins),
    maintenance,
    begins,
    ends: off > begins ? off : ends,
    cancelled: off < ends && off <= begins ? off : null,
  }
}

/** Half of the maintenance's name, and the minute it begins. */
function occurrenceId(id: string, begins: Instant): string {
  return (
    id.slice(0, 6) +
    Math.floor(begins / MINUTE)
      .toString(36)
      .padStart(6, '0')
      .slice(-6)
  )
}
