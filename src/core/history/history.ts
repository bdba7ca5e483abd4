// How long it was what: spans of a status, added up. What nobody measured is left out and said (verdict.md, 4).

import { DAY, type Instant, MINUTE, type Millis } from '../time/time.ts'
import type { Status } from '../verdict/service.ts'

/** Nothing remembered for longer than this, and vigie did not run: results are written once a minute. */
export const SILENCE: Millis = 2 * MINUTE

/** From one moment to the next a service had one status; `to` null: it still has. Spans don't overlap. */
export interface Span {
  readonly from: Instant
  readonly to: Instant | null
  readonly status: Status
}

/** `measured` is all the time but `blind` and `maintenance`; what of it is no other was well. */
export interface Tally {
  readonly outage: Millis
  readonly partial: Millis
  readonly degraded: Millis
  readonly blind: Millis
  readonly maintenance: Millis
  readonly measured: Millis
}

/** Lengths in milliseconds over the last `days` days. `share` is 0 to 1, null when nothing was measured. */
export interface Uptime {
  readonly days: number
  readonly share: number | null
  readonly outage: Millis
  readonly partial: Millis
  readonly blind: Millis
  readonly maintenance: Millis
}

/** Adds spans up between two moments. Time no span covers is blind: vigie wasn't there. */
export function tally(spans: readonly Span[], from: Instant, to: Instant): Tally {
  const lengths: Record<Status, Millis> = {
    operational: 0,
    degraded_performance: 0,
    partial_outage: 0,
    major_outage: 0,
    under_maintenance: 0,
    unknown: 0,
  }
  let covered = 0
  for (const span of spans) {
    const length = Math.min(span.to ?? to, to) - Math.max(span.from, from)
    if (length <= 0) continue
    lengths[span.status] += length
    covered += length
  }
  const blind = lengths.unknown + Math.max(0, to - from - covered)
  return {
    outage: lengths.major_outage,
    partial: lengths.partial_outage,
    degraded: lengths.degraded_performance,
    blind,
    maintenance: lengths.under_maintenance,
    measured: Math.max(0, to - from - blind - lengths.under_maintenance),
  }
}

/** 1 − major outage ÷ (time − blind − maintenance); null when nothing was measured. */
export function shareOf(sum: Pick<Tally, 'outage' | 'measured'>): number | null {
  return sum.measured <= 0 ? null : Math.max(0, 1 - sum.outage / sum.measured)
}

/** The uptime a page shows: the last `days` days, or as many as there is history of (begun ones count). */
export function uptimeOf(spans: readonly Span[], days: number, now: Instant): Uptime {
  const from = Math.max(now - days * DAY, Math.min(now, spans[0]?.from ?? now))
  const sum = tally(spans, from, now)
  const { outage, partial, blind, maintenance } = sum
  const covered = Math.max(1, Math.min(days, Math.ceil((now - from) / DAY)))
  return { days: covered, share: shareOf(sum), outage, partial, blind, maintenance }
}

/**
 * Spans after a status changed. It may begin in the past (an outage begins at its first failed look): what was said of
 * that time before is taken back.
 */
export function withStatus(spans: readonly Span[], status: Status, since: Instant): readonly Span[] {
  const kept = spans
    .filter((span) => span.from < since)
    .map((span) => (span.to === null || span.to > since ? { ...span, to: since } : span))
  const last = kept.at(-1)
  if (last !== undefined && last.status === status && last.to === since)
    return [...kept.slice(0, -1), { ...last, to: null }]
  return [...kept, { from: since, to: null, status }]
}

/** Leaves out what ended before `from`. */
export function recentSpans(spans: readonly Span[], from: Instant): readonly Span[] {
  return spans[0] === undefined || (spans[0].to ?? from) >= from
    ? spans
    : spans.filter((span) => span.to === null || span.to >= from)
}

/** Spans with what was unknown, and what was before the first of them, as another site measured it. */
export function filled(spans: readonly Span[], others: readonly Span[]): readonly Span[] {
  const [first] = spans
  if (first === undefined || others.length === 0) return spans
  const from = Math.min(first.from, others[0]!.from)
  const before: Span = { from, to: first.from, status: 'unknown' }
  const all = from < first.from ? [before, ...spans] : spans
  const parts = all.flatMap((span) =>
    span.status === 'unknown' && span.to !== null ? within(others, span, span.to) : span,
  )
  return parts.reduce<Span[]>((so, span) => {
    const last = so.at(-1)
    if (last?.status === span.status) so[so.length - 1] = { ...last, to: span.to }
    else so.push(span)
    return so
  }, [])
}

/** What the others say of a span that ends at `end`; without a gap. */
function within(others: readonly Span[], span: Span, end: Instant): readonly Span[] {
  const found: Span[] = []
  let at = span.from
  for (const other of others) {
    const from = Math.max(other.from, at)
    const to = Math.min(other.to ?? end, end)
    if (to <= from || other.status === 'unknown') continue
    if (from > at) found.push({ from: at, to: from, status: 'unknown' })
    found.push({ from, to, status: other.status })
    at = to
  }
  return at < end ? [...found, { from: at, to: end, status: 'unknown' }] : found
}
