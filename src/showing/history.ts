// How each service stood over the last days: what results.db remembers, kept at hand for the page.
import { recentSpans, SILENCE, type Span, withStatus } from '../core/history/history.ts'
import { DAY, type Instant, type Millis } from '../core/time/time.ts'
import type { Status } from '../core/verdict/service.ts'
import type { Memory } from '../memory.ts'
import type { Results } from '../store/results.ts'

export interface History {
  /** Passes on to results.db and keeps the spans true. */
  readonly changed: Results['changed']
  spans(service: string): readonly Span[]
  /** Reads the spans again: another site handed over what it measured. */
  refresh(): void
  /** The wall clock was set from `before` to `now`: what lies between was not measured. */
  jumped(before: Instant, now: Instant): void
}

/** As long as the page shows. */
const KEPT: Millis = 91 * DAY

/** Opens the history of all services; the time since vigie last lived counts as not measured. */
export function createHistory(results: Results, memory: Memory, clock: () => Instant): History {
  const now = clock()
  const spans = new Map<string, readonly Span[]>()
  read(now)
  const last = results.measuredUntil()
  if (last !== null && now - last > SILENCE) gap(last, now)
  endSpell(Math.min(last ?? now, now))
  for (const [service, known] of memory.services) {
    if (!spans.has(service))
      changed({ at: now, subject: 'status', id: service, since: now, state: known.status, rule: '', sites: {} })
  }
  return { changed, spans: (service) => spans.get(service) ?? [], refresh: () => read(clock()), jumped: gap }

  function read(at: Instant) {
    for (const [service, known] of results.allStatusSpans(at - KEPT)) spans.set(service, known)
  }

  function changed(change: Parameters<Results['changed']>[0]) {
    results.changed(change)
    if (change.subject !== 'status') return
    const known = recentSpans(spans.get(change.id) ?? [], change.at - KEPT)
    spans.set(change.id, withStatus(known, change.state as Status, change.since))
  }

  /** A time our line was cut when vigie ended is known until then. */
  function endSpell(at: Instant) {
    const { id } = memory.configuration.site
    const line = results.changesOf(id, 'line', 0, Number.MAX_SAFE_INTEGER).at(-1)
    if (line?.state !== 'bad') return
    const since = Math.max(at, line.since)
    results.changed({ at: now, subject: 'line', id, since, state: 'good', rule: '', sites: { layers: [] } })
  }

  function gap(from: Instant, to: Instant) {
    for (const [service, { status: state }] of memory.services) {
      const change = { at: to, subject: 'status' as const, id: service, rule: '', sites: {} }
      if (from < to && spans.has(service)) changed({ ...change, since: from, state: 'unknown' })
      changed({ ...change, since: to, state })
    }
  }
}
