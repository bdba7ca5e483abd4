// `/api/vigie/status.json`, version 1: everything the page shows, for programs. `vigie status --json` prints the same.

import { occurrenceStatus } from '../../core/said/maintenance.ts'
import type { IncidentPicture, MaintenancePicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import { everyLanguage } from '../../core/text.ts'
import { type Instant, inSeconds, iso, isoOrNull } from '../../core/time/time.ts'
import type { Confidence } from '../../core/verdict/agreement.ts'
import { sentences } from '../words/sentence.ts'
import { openIncidents } from '../words/telling.ts'

export type StatusDocument = ReturnType<typeof statusDocument>
export type ConfidenceDocument = ReturnType<typeof confidenceDocument>

/**
 * The document of contract 4. Beyond it: `replica`, `notices`, `incidents` (open), `maintenances` (under way, and the
 * next time of each), and of a service `confirmed`, `told`, `acknowledged`, `override`, `raised`, `measured`, `of`.
 * Texts are Markdown as they were written, each language's own or the other's.
 */
export function statusDocument(picture: Picture) {
  return {
    version: picture.version,
    site: picture.site,
    generated_at: iso(picture.at),
    next_by: iso(picture.nextBy),
    changed_at: iso(picture.changed),
    status: picture.status,
    sentence: sentences(picture),
    replica: picture.replica,
    blind: picture.blind === null ? null : { since: iso(picture.blind.since), layers: picture.blind.layers },
    notices: picture.notices.map((notice) => ({
      kind: notice.kind,
      since: 'since' in notice ? iso(notice.since) : null,
    })),
    sites: Object.fromEntries(picture.lines.map(({ site, line, since }) => [site, { line, since: iso(since) }])),
    services: picture.services.map(serviceRow),
    incidents: openIncidents(picture).map(incidentDocument),
    maintenances: nextTimes(picture).map((time) => maintenanceDocument(time, picture.at)),
  }
}

function incidentDocument(incident: IncidentPicture) {
  const { id, title, status, impact, services, started, created, changed, automatic, updates } = incident
  return {
    id,
    title: everyLanguage(title),
    status,
    impact,
    services,
    since: iso(started),
    created_at: iso(created),
    updated_at: iso(changed),
    automatic,
    updates: updates.map((update) => ({
      id: update.id,
      at: iso(update.at),
      status: update.status,
      text: everyLanguage(update.text),
      corrected: isoOrNull(update.corrected),
    })),
  }
}

function nextTimes({ maintenances, at }: Picture): readonly MaintenancePicture[] {
  const ahead = maintenances.filter(({ ends, cancelled }) => ends > at && cancelled === null)
  const next = new Map<string, MaintenancePicture>()
  for (const time of ahead) if (!next.has(time.of)) next.set(time.of, time)
  return [...next.values()]
}

function maintenanceDocument(time: MaintenancePicture, now: Instant) {
  const { id, title, text, services, begins, ends, repeats } = time
  return {
    id,
    title: everyLanguage(title),
    text: everyLanguage(text),
    services,
    status: occurrenceStatus(time, now),
    begins: iso(begins),
    ends: iso(ends),
    repeats,
  }
}

/** By name: what `Confidence` gains is not published by itself. */
export function confidenceDocument({ confirmed, of, sites, note }: Confidence) {
  return { confirmed, of, sites, note }
}

/**
 * A service as `services` has it. Moments in ISO 8601, UTC; lengths in whole seconds (`_s`), a look's in milliseconds, to a
 * tenth.
 */
export function serviceRow(service: ServicePicture) {
  const { uptime } = service
  return {
    id: service.service.id,
    name: everyLanguage(service.service.name),
    group: service.service.group,
    status: service.status,
    state: service.state,
    since: iso(service.since),
    unstable: service.unstable,
    cause: service.cause,
    confidence: confidenceDocument(service.confidence),
    measured: service.measured,
    of: service.of,
    confirmed: service.confirmed,
    told: isoOrNull(service.told),
    acknowledged: isoOrNull(service.acknowledged),
    override:
      service.override === null
        ? null
        : {
            until: iso(service.override.until),
            text: service.override.text === null ? null : everyLanguage(service.override.text),
          },
    raised: service.raised,
    uptime: {
      days: uptime.days,
      share: uptime.share,
      outage_s: inSeconds(uptime.outage),
      partial_s: inSeconds(uptime.partial),
      blind_s: inSeconds(uptime.blind),
      maintenance_s: inSeconds(uptime.maintenance),
    },
    checks: service.checks.map((check) => ({
      id: check.id,
      kind: check.kind,
      state: check.state,
      reason: check.reason,
      since: iso(check.since),
      at: isoOrNull(check.at),
      took_ms: check.took === null ? null : Math.round(check.took * 10) / 10,
      sites: Object.fromEntries(
        check.sites.map(({ site, state, at, failures, suspectSince }) => [
          site,
          { state, at: isoOrNull(at), failures, suspect_since: isoOrNull(suspectSince) },
        ]),
      ),
    })),
  }
}
