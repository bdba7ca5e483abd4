// Why a service was what it was at a moment: the chain from looks to mails, from what was written down of each step, and
// what people had said of it.

import type { Check, Service } from '../check.ts'
import { spokenOf } from '../letter/correspondence.ts'
import { type FailReason, isOurFault, type Reason, type UnknownReason, type Via } from '../observation.ts'
import type { Acknowledgement } from '../said/acknowledgement.ts'
import type { SaidThen } from '../said/as-of.ts'
import { DAY, type Instant, type Millis } from '../time/time.ts'
import type { Agreement } from '../verdict/agreement.ts'
import { layersUsed } from '../verdict/blindness.ts'
import type { Letter } from '../verdict/letter.ts'
import { type Status, statusOf } from '../verdict/service.ts'
import { joined, type Spell } from '../verdict/spell.ts'
import type { State } from '../verdict/state.ts'
import type { Span } from './history.ts'
import type { OutageRecord } from './outage-record.ts'

/** Something that became so: decided at `at`, true from `since` on. */
export interface Became<S extends string = string> {
  readonly at: Instant
  readonly since: Instant
  readonly state: S
  readonly rule: string
  readonly sites: unknown
}

export interface LookEvidence {
  readonly at: Instant
  readonly site: string
  /** Null: not judged by address family. */
  readonly strand: 4 | 6 | null
  readonly took: Millis
  /** Null: it was fine. */
  readonly reason: FailReason | UnknownReason | null
  /** What it noted, where that was kept. */
  readonly note: string | null
  /** What of our line it needed, or another look of the check; null: nobody knows. */
  readonly via: Via | null
}

/** Looks that were added up: single ones are kept for a week. */
export interface SumEvidence {
  readonly at: Instant
  readonly length: Millis
  readonly ok: number
  readonly others: Readonly<Partial<Record<Reason, number>>>
  readonly median: Millis | null
}

export interface CheckEvidence {
  readonly check: Check
  /** The last ones before the moment, oldest first; none when they are no longer kept. */
  readonly looks: readonly LookEvidence[]
  /** Instead of looks that are no longer kept. */
  readonly sums: readonly SumEvidence[]
  /** Every agreement decided until the moment, oldest first; the first one after it. */
  readonly agreed: readonly Became<State>[]
  readonly next: Became<State> | null
}

export interface Fate {
  readonly letter: Letter
  readonly recipient: string
  readonly state: 'waiting' | 'sent' | 'withdrawn'
  /** Null: no relay took it. */
  readonly sent: Instant | null
  readonly attempts: readonly {
    readonly at: Instant
    readonly relay: string
    readonly outcome: 'begun' | 'sent' | 'failed' | 'uncertain'
    readonly note: string
  }[]
}

/** What was found of a moment. Lists are oldest first. */
export interface Evidence {
  readonly service: Service
  readonly at: Instant
  readonly taint: Millis
  /** Witnesses are configured. */
  readonly tested: boolean
  readonly checks: readonly CheckEvidence[]
  /** Of the service, until the moment; and how it looks from now on. */
  readonly stood: readonly Became<Status>[]
  /** Whether it came and went, until the moment. */
  readonly flapping: readonly Became<'unstable' | 'calm'>[]
  readonly spans: readonly Span[]
  /** Of our line, all of them. */
  readonly line: readonly Became<'good' | 'bad'>[]
  readonly outages: readonly OutageRecord[]
  /** What would explain its fall, as `depends` names it, nearest first. */
  readonly parents: readonly { readonly id: string; readonly outages: readonly OutageRecord[] }[]
  readonly letters: readonly Fate[]
  /** The outages of which a mail waits for its turn now. */
  readonly waiting: ReadonlySet<string>
  readonly people: SaidThen
}

/** A time our line was cut; `to` null: it still is. */
export type Cut = Omit<Spell, 'told'>

/** Why a look doesn't count: our line was cut, or had been a moment before. */
export type Excuse = 'cut' | 'tainted' | null

export interface Explanation {
  readonly service: string
  readonly at: Instant
  /** What the page said then; null: nothing was known yet. */
  readonly said: Became<Status> | null
  /** It came and went: what the page called unstable instead, since when, and its worst. */
  readonly unstable: { readonly since: Instant; readonly worst: Status } | null
  /** What is known of that moment now, where a later look changed it: an outage begins at its first failed look. */
  readonly known: Span | null
  /** Which line of verdict.md, 4 makes it so, and the checks that do. */
  readonly because: Because
  /** `tested`: there are witnesses to tell it. */
  readonly line: { readonly tested: boolean; readonly bad: Cut | null; readonly ended: Cut | null }
  readonly checks: readonly CheckExplanation[]
  /** The one that went on; else one that had ended within the day before. */
  readonly outage: OutageRecord | null
  readonly parents: readonly { readonly id: string; readonly outage: OutageRecord | null }[]
  /** What people had said that bears on status, page or mails. */
  readonly people: Omit<SaidThen, 'acknowledgements'>
  /** Who saw the outage first. */
  readonly acknowledged: Acknowledgement | null
  readonly letters: readonly Fate[]
  /** A mail of the outage is decided and waits for its turn: for others of its minute, or for the hour to be over. */
  readonly waits: boolean
}

export interface Because {
  readonly rule:
    | 'nothing'
    | 'maintenance'
    | 'all_down'
    | 'essential_down'
    | 'some_down'
    | 'all_unknown'
    | 'essential_unknown'
    | 'some_degraded'
    | 'well'
  readonly checks: readonly string[]
  /** Checks with a known state, of all that count. */
  readonly measured: number
  readonly of: number
}

export interface CheckExplanation extends Omit<CheckEvidence, 'looks' | 'agreed'> {
  readonly looks: readonly (LookEvidence & { readonly excuse: Excuse })[]
  /** How many of a kind in a row, at the end; null without looks. */
  readonly run: { readonly kind: 'fail' | 'ok' | 'unknown'; readonly length: number; readonly since: Instant } | null
  /** What each site said, as it went into the agreement; none when that was not written down. */
  readonly opinions: readonly SiteOpinion[]
  readonly confidence: Agreement['confidence'] | null
  /** What stood at the moment; null: nothing was agreed yet. */
  readonly agreed: Became<State> | null
}

export interface SiteOpinion {
  readonly site: string
  readonly state: string
  readonly fails: number
  /** The road into the provider was good from there at its last fail. */
  readonly path: boolean
  readonly reason: Reason | null
}

/** The chain that led to what a service was, as far as the evidence goes. */
export function explain(evidence: Evidence): Explanation {
  const { acknowledgements, ...people } = evidence.people
  const { service, at, stood, spans, outages, parents } = evidence
  const cuts = cutsFrom(evidence.line)
  const checks = evidence.checks.map((one) => explainCheck(one, cuts, evidence.taint))
  const said = stood.at(-1) ?? null
  const span = spans.find(({ from, to }) => from <= at && (to === null || at < to)) ?? null
  const outage =
    outages.find((one) => covers(one, at)) ??
    outages.findLast(({ ended }) => ended !== null && ended <= at && at - ended < DAY) ??
    null
  return {
    service: service.id,
    at,
    said,
    unstable: unstableIn(evidence.flapping.at(-1)),
    known: span !== null && span.status !== said?.state ? span : null,
    because: becauseOf(service, checks, said),
    line: {
      tested: evidence.tested,
      bad: cuts.find(({ from, to }) => from <= at && (to === null || at < to)) ?? null,
      ended: cuts.findLast(({ to }) => to !== null && to <= at) ?? null,
    },
    checks,
    outage,
    parents: parents.map(({ id, outages: theirs }) => ({
      id,
      outage: theirs.findLast((one) => covers(one, at) || (outage !== null && overlap(one, outage))) ?? null,
    })),
    people,
    acknowledged: (outage && acknowledgements.get(outage.id)) ?? null,
    letters:
      outage === null
        ? []
        : evidence.letters.filter(({ letter }) => spokenOf(letter).some((one) => one.outage === outage.id)),
    waits: outage !== null && evidence.waiting.has(outage.id),
  }
}

/** What `Chronicle.stood` writes of a service that comes and goes. */
function unstableIn(last: Became<'unstable' | 'calm'> | undefined): Explanation['unstable'] {
  if (last?.state !== 'unstable') return null
  const { worst = 'partial_outage' } = (last.sites ?? {}) as { worst?: Status }
  return { since: last.since, worst }
}

function explainCheck(evidence: CheckEvidence, cuts: readonly Cut[], taint: Millis): CheckExplanation {
  const { looks, agreed, ...rest } = evidence
  const last = agreed.at(-1) ?? null
  const excused = looks.map((look) => ({ ...look, excuse: excuseOf(look, cuts, taint) }))
  return { ...rest, looks: excused, run: runOf(excused), agreed: last, ...opinionsIn(last?.sites) }
}

/** Times our line was cut. One written as begun twice is one. */
export function cutsFrom(line: readonly Became<'good' | 'bad'>[]): readonly Cut[] {
  const cuts: { from: Instant; to: Instant | null; layers: readonly string[] }[] = []
  for (const { state, since, sites } of line) {
    const open = cuts.at(-1)?.to === null ? cuts.at(-1) : undefined
    const layers = (sites as { layers?: readonly string[] } | null)?.layers ?? []
    if (state === 'bad' && open === undefined) cuts.push({ from: since, to: null, layers })
    if (state === 'bad' && open !== undefined) open.layers = joined(open.layers, layers)
    if (state === 'good' && open !== undefined) open.to = since
  }
  return cuts
}

function excuseOf({ at, reason, via }: LookEvidence, cuts: readonly Cut[], taint: Millis): Excuse {
  const its = cuts.filter(({ layers }) => isHitBy(via, layers))
  if (its.some(({ from, to }) => from <= at && (to === null || at < to))) return 'cut'
  if (reason === null) return null
  return its.some(({ to }) => to !== null && to <= at && at - to < taint) ? 'tainted' : null
}

/** A cut of these parts of our line takes away what needed one of them. None are named where vigie did not run. */
function isHitBy(via: Via | null, layers: readonly string[]): boolean {
  if (via === null || layers.length === 0) return true
  const used: readonly string[] = layersUsed(via)
  return layers.some((layer) => used.includes(layer))
}

function runOf(looks: CheckExplanation['looks']): CheckExplanation['run'] {
  const kindOf = ({ reason, excuse }: CheckExplanation['looks'][number]) =>
    excuse !== null || isOurFault(reason) ? 'unknown' : reason === null || reason === 'auth' ? 'ok' : 'fail'
  const last = looks.at(-1)
  if (last === undefined) return null
  const kind = kindOf(last)
  const before = looks.findLastIndex((look) => kindOf(look) !== kind)
  return { kind, length: looks.length - 1 - before, since: looks[before + 1]!.at }
}

/** What `Chronicle.agreed` writes: each site's word by its name, and `confidence` beside them. */
function opinionsIn(sites: unknown): Pick<CheckExplanation, 'opinions' | 'confidence'> {
  const { confidence = null, ...rest } = (sites ?? {}) as Record<string, unknown>
  const opinions = Object.entries(rest).map(([site, said]) => {
    const { state = '?', fails = 0, path = true, reason = null } = (said ?? {}) as Partial<SiteOpinion>
    return { site, state, fails, path, reason }
  })
  return { opinions, confidence: confidence as CheckExplanation['confidence'] }
}

function becauseOf(service: Service, checks: readonly CheckExplanation[], said: Became<Status> | null): Because {
  const stateOf = (check: Check): State => checks.find((one) => one.check.id === check.id)?.agreed?.state ?? 'unknown'
  const counting = service.checks.filter((check) => check.audience === 'members')
  const { measured, of } = statusOf(service.checks, stateOf, false)
  const inState = (...states: readonly State[]) => counting.filter((check) => states.includes(stateOf(check)))
  const made = (rule: Because['rule'], guilty: readonly Check[]) => ({
    rule,
    checks: guilty.map(({ id }) => id),
    measured,
    of,
  })
  const essential = (found: readonly Check[]) => found.filter((check) => check.essential)
  const down = inState('down')
  if (said === null) return made('nothing', [])
  if (said.state === 'under_maintenance') return made('maintenance', [])
  if (counting.length > 0 && down.length === counting.length) return made('all_down', down)
  if (essential(down).length > 0) return made('essential_down', essential(down))
  if (inState('down', 'partial').length > 0) return made('some_down', inState('down', 'partial'))
  if (measured === 0) return made('all_unknown', counting)
  if (essential(inState('unknown')).length > 0) return made('essential_unknown', essential(inState('unknown')))
  const slow = inState('degraded')
  return slow.length > 0 ? made('some_degraded', slow) : made('well', [])
}

function covers({ since, ended }: OutageRecord, at: Instant): boolean {
  return since <= at && (ended === null || at < ended)
}

function overlap(a: OutageRecord, b: OutageRecord): boolean {
  return (a.ended ?? Number.POSITIVE_INFINITY) > b.since && (b.ended ?? Number.POSITIVE_INFINITY) > a.since
}
