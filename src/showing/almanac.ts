// Reads the past back from results.db for whoever draws it.

import type { Check } from '../core/check.ts'
import type { Almanac, Blind, Point, Responses, ServicePast } from '../core/history/almanac.ts'
import type { Subject } from '../core/history/change.ts'
import { type Became, cutsFrom } from '../core/history/explanation.ts'
import { isForMembers, type OutageRecord, outagesFrom, withOthers } from '../core/history/outage-record.ts'
import { quantile } from '../core/history/quantile.ts'
import { isOurFault } from '../core/observation.ts'
import { dater } from '../core/time/days.ts'
import { DAY, type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import type { Memory } from '../memory.ts'
import type { Results } from '../store/results.ts'
import type { Day, Stretch } from '../store/rollup.ts'

const STRETCH: Millis = 5 * MINUTE
const QUARTER = 90
const EVER = Number.MAX_SAFE_INTEGER

/**
 * Reads results.db at each call, and never throws: what can't be read is not told. Dates are those of the site's
 * timezone, and the point of a day stands at 12:00 UTC of it.
 */
export function createAlmanac(deps: { memory: Memory; results: Results; now(): Instant }): Almanac {
  const { memory, results, now } = deps
  return { past, outagesOf, outages, blind }

  function past(service: string): ServicePast {
    const checks = memory.serviceById.get(service)?.checks.filter((check) => check.audience === 'members') ?? []
    return {
      service,
      responses: checks.filter((check) => check.heartbeat === null).flatMap(responses),
      sights: inOrder().length < 2 ? [] : inOrder().map((site) => ({ site, blind: blindTimes(site).toReversed() })),
      outages: outagesOf(service, 0),
    }
  }

  /** Our own site first. */
  function inOrder(): readonly string[] {
    const { site, sites } = memory.configuration
    return [site.id, ...sites.flatMap(({ id }) => (id === site.id ? [] : [id]))]
  }

  function outages(): readonly OutageRecord[] {
    const shown = memory.configuration.services.filter(({ audience }) => audience === 'members')
    return shown.flatMap(({ id }) => outagesOf(id, 0)).sort((a, b) => b.since - a.since)
  }

  function outagesOf(service: string, since: Instant): readonly OutageRecord[] {
    const [own, ...others] = inOrder().map((site) =>
      outagesFrom(changesOf(site, service, 'outage', since).map(({ sites }) => sites as OutageRecord)),
    )
    return withOthers(own!, others.flat()).filter(isForMembers)
  }

  /** As each site wrote them down. */
  function changesOf(site: string, id: string, subject: Subject, from: Instant) {
    return site === memory.configuration.site.id
      ? results.changesOf(id, subject, from, EVER)
      : results.changesElsewhere(site, id, subject, from, EVER)
  }

  function responses(check: Check): readonly Responses[] {
    const at = now()
    const dateOf = dater(memory.configuration.timezone)
    const days = results.days(check.id, dateOf(at - QUARTER * DAY), dateOf(at))
    const fives = results.fiveMinutes(check.id, at - DAY, at + 1)
    return inOrder().flatMap((site) => {
      const own = site === memory.configuration.site.id
      const theirs = fives.filter((stretch) => stretch.site === site)
      const day = own
        ? byStretch(results.looksOf(check.id, at - DAY, at + 1))
        : theirs.map((sum) => pointOf(sum.at, sum))
      const quarter = days
        .filter((sum) => sum.site === site)
        .map((sum) => pointOf(Date.parse(`${sum.day}T12:00:00Z`), sum))
      const there = own || day.length + quarter.length > 0
      return there ? [{ check: check.id, kind: check.kind, site, day, quarter }] : []
    })
  }

  function blind() {
    return blindTimes(memory.configuration.site.id)
  }

  /** Newest first. */
  function blindTimes(site: string): readonly Blind[] {
    const changes = changesOf(site, site, 'line', 0)
    return cutsFrom(changes as readonly Became<'good' | 'bad'>[]).toReversed()
  }
}

function pointOf(at: Instant, { ok, others, median, p95 }: Day | Stretch): Point {
  return { at, good: ok, failed: failures(others), median, p95 }
}

/** Looks by the stretch they ended in; what was our own fault is no look. */
function byStretch(looks: ReturnType<Results['looksOf']>): readonly Point[] {
  const stretches = new Map<Instant, { took: Millis[]; failed: number }>()
  for (const { at, took, reason } of looks) {
    if (isOurFault(reason)) continue
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
  return Object.entries(others).reduce((sum, [reason, many]) => sum + (isOurFault(reason) ? 0 : (many ?? 0)), 0)
}
