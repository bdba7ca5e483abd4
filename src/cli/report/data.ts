// A report for programs: JSON, and CSV for spreadsheets (RFC 4180).
import type { Configuration } from '../../core/check.ts'
import type { Report } from '../../core/history/report.ts'
import type { Incident } from '../../core/said/incident.ts'
import { everyLanguage, type Language, say } from '../../core/text.ts'
import type { Period } from '../../core/time/period.ts'
import { type Instant, inSeconds, iso, isoOrNull } from '../../core/time/time.ts'

/** A report and what it is of. */
export interface Reported {
  readonly configuration: Configuration
  readonly period: Period
  readonly report: Report
  /** What admins told members of the period, the first first. */
  readonly incidents: readonly Incident[]
  /** The last moment that is in it. */
  readonly asOf: Instant
  readonly now: Instant
}

/** Version 1. Lengths are whole seconds, `share` is 0 to 1 or null, names of figures those of status.json. */
export function reportDocument({ configuration, period, report, incidents, asOf, now }: Reported) {
  return {
    version: 1,
    name: say(configuration.name, configuration.languages[0]),
    site: configuration.site.id,
    timezone: configuration.timezone,
    period: period.name,
    from: iso(report.from),
    to: iso(report.to),
    complete: period.to <= now,
    as_of: iso(asOf),
    generated_at: iso(now),
    services: report.services.map(({ id, name, since, share, tally, outages, longest }) => ({
      id,
      name: everyLanguage(name),
      since: isoOrNull(since),
      share,
      outage_s: inSeconds(tally.outage),
      partial_s: inSeconds(tally.partial),
      degraded_s: inSeconds(tally.degraded),
      blind_s: inSeconds(tally.blind),
      maintenance_s: inSeconds(tally.maintenance),
      measured_s: inSeconds(tally.measured),
      outages,
      longest_s: inSeconds(longest),
    })),
    outages: report.outages.map(({ record, within }) => ({
      id: record.id,
      service: record.service,
      since: iso(record.since),
      ended: isoOrNull(record.ended),
      within_s: inSeconds(within),
      confirmed: record.confirmed,
      rule: record.rule,
      checks: record.checks.map(({ id, kind, reason }) => ({ id, kind, reason })),
    })),
    incidents: incidents.map(({ id, title, status, impact, services, started, resolved, updates, automatic }) => ({
      id,
      title: everyLanguage(title),
      status,
      impact,
      services,
      started: iso(started),
      resolved: isoOrNull(resolved),
      updates: updates.length,
      automatic,
    })),
  }
}

/**
 * One line a service, after a header (RFC 4180). Moments are ISO 8601 in UTC, lengths whole seconds; `uptime` is 0 to 1,
 * empty when nothing was measured.
 */
export function reportCsv({ report }: Reported, language: Language): string {
  const header = [
    'service',
    'name',
    'from',
    'to',
    'uptime',
    'outage_s',
    'partial_s',
    'degraded_s',
    'blind_s',
    'maintenance_s',
    'measured_s',
    'outages',
    'longest_s',
  ]
  const rows = report.services.map(({ id, name, since, share, tally, outages, longest }) => [
    id,
    say(name, language),
    isoOrNull(since) ?? '',
    iso(report.to),
    share === null ? '' : String(share),
    ...[tally.outage, tally.partial, tally.degraded, tally.blind, tally.maintenance, tally.measured].map(inSeconds),
    outages,
    inSeconds(longest),
  ])
  return [header, ...rows].map((cells) => `${cells.map(cellOf).join(',')}\r\n`).join('')
}

/** In quotes where it must be. What a spreadsheet would take for a formula is kept from being one. */
function cellOf(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
