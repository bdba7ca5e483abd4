// What a data folder holds about one service at one moment.

import type { Check, Configuration, Service } from '../../core/check.ts'
import type { Subject } from '../../core/history/change.ts'
import type { Became, CheckEvidence, Evidence, LookEvidence, SumEvidence } from '../../core/history/explanation.ts'
import type { OutageRecord } from '../../core/history/outage-record.ts'
import { outagesFrom } from '../../core/history/outage-record.ts'
import { isOurFault } from '../../core/observation.ts'
import { DAY, HOUR, type Instant, MINUTE, type Millis } from '../../core/time/time.ts'
import { explaining, parentsOf, serviceIn } from '../../core/verdict/parent.ts'
import type { Status } from '../../core/verdict/service.ts'
import type { State } from '../../core/verdict/state.ts'
import type { Archive } from '../../store/archive.ts'
import type { Stretch } from '../../store/rollup.ts'

/** So many looks tell how a check came to be what it was. */
const LOOKS = 10
const KEPT: Millis = 7 * DAY
const EVER = Number.MAX_SAFE_INTEGER

/** All but the letters and what people said, which are in another file. */
export function gather(
  archive: Archive,
  configuration: Configuration,
  service: Service,
  at: Instant,
  now: Instant,
): Omit<Evidence, 'letters' | 'waiting' | 'people'> {
  const byId = new Map(configuration.services.map((one) => [one.id, one]))
  const turns = <S extends string>(id: string, subject: Subject, from: Instant, to: Instant) =>
    archive.changesOf(id, subject, from, to) as readonly unknown[] as readonly Became<S>[]
  return {
    service,
    at,
    taint: configuration.policy.taint,
    tested: configuration.witnesses.length > 0,
    checks: service.checks.map((check) => ({
      ...looksBefore(archive, check, at, now),
      agreed: turns<State>(check.id, 'agreement', 0, at + 1),
      next: turns<State>(check.id, 'agreement', at + 1, EVER)[0] ?? null,
    })),
    stood: turns<Status>(service.id, 'status', 0, at + 1),
    flapping: turns<'unstable' | 'calm'>(service.id, 'flapping', 0, at + 1),
    spans: archive.statusSpans(service.id, 0),
    line: turns<'good' | 'bad'>(configuration.site.id, 'line', 0, EVER),
    outages: outagesOf(archive, service.id),
    parents: parentsOf(service.checks, byId).map((id) => ({
      id,
      outages: outagesThatExplain(archive, id, byId),
    })),
  }
}

function outagesOf(archive: Archive, service: string): readonly OutageRecord[] {
  const records = archive.changesOf(service, 'outage', 0, EVER).map(({ sites }) => sites as OutageRecord)
  return outagesFrom(records).toReversed()
}

/** Of what `depends` names `parent`: of a check those that it was part of, of a service those that members saw. */
function outagesThatExplain(
  archive: Archive,
  parent: string,
  services: ReadonlyMap<string, Service>,
): readonly OutageRecord[] {
  const checks = explaining(parent, services)
  return outagesOf(archive, serviceIn(parent)).filter(
    (one) =>
      one.audience === checks[0]?.audience && (parent === one.service || one.checks.some(({ id }) => id === parent)),
  )
}

function looksBefore(
  archive: Archive,
  check: Check,
  at: Instant,
  now: Instant,
): Pick<CheckEvidence, 'check' | 'looks' | 'sums'> {
  const far = Math.min(KEPT, 2 * LOOKS * check.rule.every + HOUR)
  const looks = archive.looksOf(check.id, at - far, at + 1).slice(-LOOKS)
  if (looks.length > 0) {
    const details = archive.detailsOf(check.id, looks[0]!.at - MINUTE, at + 1)
    // How a look went is kept of few; others of the check go the same way.
    const other = details.at(-1) ?? archive.lastLooks().find((one) => one.check === check.id)
    const excuses = looks.some(({ reason }) => isOurFault(reason)) ? archive.detailsOf(check.id, 0, at + 1) : []
    const noted = looks.map(({ at: began, site, strand, took, reason }): LookEvidence => {
      const same = details.find((one) => Math.abs(one.at - began) < 2 && one.site === site && one.strand === strand)
      return {
        at: began,
        site,
        strand,
        took,
        reason,
        note: (same ?? excuseOf(reason, began))?.outcome.note ?? null,
        via: (same ?? other)?.via ?? null,
      }
    })
    return { check, looks: noted, sums: [] }

    /** Of looks in a row that say nothing for one reason the first is kept whole. */
    function excuseOf(reason: LookEvidence['reason'], began: Instant) {
      if (!isOurFault(reason)) return undefined
      return excuses.findLast(
        ({ at: then, outcome }) => then <= began && outcome.ok === null && outcome.reason === reason,
      )
    }
  }
  return { check, looks: [], sums: now - at < KEPT ? [] : sumsAround(archive, check.id, at) }
}

/** Five minutes, else hours, else the day: the finest that is still kept. */
function sumsAround(archive: Archive, check: string, at: Instant): readonly SumEvidence[] {
  const fives = archive.fiveMinutes(check, at - 20 * MINUTE, at + 10 * MINUTE).map(sumOf(5 * MINUTE))
  if (fives.length > 0) return fives
  const hours = archive.hours(check, at - 3 * HOUR, at + HOUR).map(sumOf(HOUR))
  if (hours.length > 0) return hours
  const day = new Date(at).toISOString().slice(0, 10)
  return archive
    .days(check, day, day)
    .map(({ ok, others, median }) => ({ at: Date.parse(`${day}T00:00:00Z`), length: DAY, ok, others, median }))
}

function sumOf(length: Millis): (stretch: Stretch) => SumEvidence {
  return ({ at, ok, others, median }) => ({ at, length, ok, others, median })
}
