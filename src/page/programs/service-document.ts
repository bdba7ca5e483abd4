// `/api/vigie/services/ID.json`, version 1: what the page of a service shows, for programs.
import type { Point, ServicePast } from '../../core/history/almanac.ts'
import type { Picture, ServicePicture } from '../../core/shown/picture.ts'
import { inSeconds, iso, type Millis } from '../../core/time/time.ts'
import { confidenceDocument, serviceRow } from './status.ts'

/**
 * What status.json says of the service, then its past. Times are ISO 8601 in UTC, days the hoster's own; lengths end in
 * `_s` or `_ms`; response times are rows.
 */
export function serviceDocument(picture: Picture, service: ServicePicture, past: ServicePast) {
  return {
    version: 1,
    generated_at: iso(picture.at),
    next_by: iso(picture.nextBy),
    timezone: picture.hoster.timezone,
    ...serviceRow(service),
    days: service.days.map(({ date, tally }) => ({
      date,
      measured_s: seconds(tally?.measured),
      outage_s: seconds(tally?.outage),
      partial_s: seconds(tally?.partial),
      degraded_s: seconds(tally?.degraded),
      blind_s: seconds(tally?.blind),
      maintenance_s: seconds(tally?.maintenance),
    })),
    responses: past.responses.map(({ check, kind, site, day, quarter }) => ({
      check,
      kind,
      site,
      columns: ['at', 'good', 'failed', 'median_ms', 'p95_ms'],
      day: day.map((point) => [iso(point.at), ...figures(point)]),
      quarter: quarter.map((point) => [iso(point.at).slice(0, 10), ...figures(point)]),
    })),
    sites: Object.fromEntries(
      past.sights.map(({ site, blind }) => [
        site,
        { blind: blind.map(({ from, to, layers }) => ({ from: iso(from), to: to === null ? null : iso(to), layers })) },
      ]),
    ),
    outages: past.outages.map(({ id, since, opened, ended, confirmed, confidence, rule, checks }) => ({
      id,
      since: iso(since),
      opened: iso(opened),
      ended: ended === null ? null : iso(ended),
      confirmed,
      confidence: confidenceDocument(confidence),
      rule,
      checks: checks.map((check) => ({ id: check.id, kind: check.kind, reason: check.reason })),
    })),
  }
}

function figures({ good, failed, median, p95 }: Point) {
  return [good, failed, tenths(median), tenths(p95)] as const
}

function tenths(took: Millis | null): number | null {
  return took === null ? null : Math.round(took * 10) / 10
}

function seconds(length: Millis | undefined): number | null {
  return length === undefined ? null : inSeconds(length)
}
