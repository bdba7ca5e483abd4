// Reads the past back from results.db for whoever draws it.
import type { Almanac, Past, Point, Responses } from './core/almanac.ts'
import type { Check } from './core/check.ts'
import { dater } from './core/days.ts'
import { isForMembers, type OutageRecord, outagesFrom } from './core/outage-record.ts'
import { quantile } from './core/quantile.ts'
import { DAY, type Instant, MINUTE, type Millis } from './core/time.ts'
import type { Memory } from './memory.ts'
import type { Results } from './store/results.ts'

const STRETCH: Millis = 5 * MINUTE
const QUARTER = 90

/** Reasons that say nothing about the target. */
const OURS: ReadonlySet<string> = new Set(['offline', 'resolver', 'clock', 'overload', 'blocked', 'config'])

export function createAlmanac(deps: { memory: Memory; results: Results; now(): Instant }): Almanac {
  const { memory, results, now } = deps
  return { past, outages, blind }

  function past(service: string): Past {
    const checks = memory.serviceById.get(service)?.checks.filter((check) => check.audience === 'members') ?? []
    return {
      service,
      responses: checks.filter((check) => check.heartbeat === null).map(responses),
      outages: recordsOf(service),
    }
  }

  function outages(): readonly OutageRecord[] {
    const shown = memory.configuration.services.filter(({ audience }) => audience === 'members')
    return shown.flatMap(({ id }) => recordsOf(id)).sort((a, b) => b.since - a.since)
  }

  function recordsOf(service: string): readonly OutageRecord[] {
    const changes = results.changesOf(service, 'outage', 0, Number.MAX_SAFE_INTEGER)
    return outagesFrom(changes.map(({ sites }) => sites as OutageRecord)).filter(isForMembers)
  }

  function responses(check: Check): Responses {
    const at = now()
    const dateOf = dater(memory.configuration.timezone)
    return {
      check: check.id,
      kind: check.kind,
      day: byStretch(results.looksOf(check.id, at - DAY, at + 1)),
      quarter: results.days(check.id, dateOf(at - QUARTER * DAY), dateOf(at)).map((day) => ({
        at: Date.parse(`${day.day}T12:00:00Z`),
        good: day.ok,
        failed: failures(day.others),
        median: day.median,
        p95: day.p95,
      })),
    }
  }

  function blind() {
    const site = memory.configuration.site.id
    const changes = results.changesOf(site, 'line', 0, Number.MAX_SAFE_INTEGER)
    const spells = changes.flatMap(({ state, since, sites }, index) => {
      if (state !== 'bad') return []
      const over = changes.slice(index + 1).find((change) => change.state === 'good')
      return [{ from: since, to: over?.since ?? null, layers: (sites as { layers?: readonly string[] }).layers ?? [] }]
    })
    return spells.reverse()
  }
}

/** Looks by the stretch they ended in; what was our own fault is no look. */
function byStretch(looks: ReturnType<Results['looksOf']>): readonly Point[] {
  const stretches = new Map<Instant, { took: Millis[]; failed: number }>()
  for (const { at, took, reason } of looks) {
    if (reason !== null && OURS.has(reason)) continue
    const start = Math.floor((at + took) / STRETCH) * STRETCH
    const stretch = stretches.get(start) ?? { took: [], failed: 0 }
    stretches.set(start, stretch)
    if (reason === null) stretch.took.push(took)
    else stretch.failed++
  }
  return [...stretches].map(([at, { took, failed }]) => {
    const sorted = took.sort((a, b) => a - b)
    return { at, good: sorted.length, failed, median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95) }
  })
}

function failures(others: Readonly<Partial<Record<string, number>>>): number {
  return Object.entries(others).reduce((sum, [reason, many]) => sum + (OURS.has(reason) ? 0 : (many ?? 0)), 0)
}
