// How the API shows what people said: moments in ISO 8601 UTC, texts by language.
import type { Draft } from '../../core/said/draft.ts'
import type { Incident } from '../../core/said/incident.ts'
import { type Maintenance, type Occurrence, occurrenceStatus } from '../../core/said/maintenance.ts'
import type { Override } from '../../core/said/override.ts'
import { type Instant, iso, isoOrNull } from '../../core/time/time.ts'

/** Fields that are no moment go out as they are: what `Incident` gains, the API gains. */
export function showIncident(incident: Incident): object {
  const { started, created, changed, resolved, updates, postmortem, ...rest } = incident
  return {
    ...rest,
    started: iso(started),
    created: iso(created),
    changed: iso(changed),
    resolved: isoOrNull(resolved),
    updates: updates.map(({ at, corrected, ...update }) => ({
      ...update,
      at: iso(at),
      corrected: isoOrNull(corrected),
    })),
    postmortem: postmortem === null ? null : { ...postmortem, at: iso(postmortem.at) },
  }
}

/** `publishes`: when vigie will by itself; null: never. */
export function showDraft({ started, due, ...draft }: Draft): object {
  return { ...draft, started: iso(started), publishes: isoOrNull(due) }
}

/** `times`: the next of it, those under way first. */
export function showMaintenance(maintenance: Maintenance, times: readonly Occurrence[], now: Instant): object {
  const { id, title, text, services, plan, by, sequence, conflicts, updates } = maintenance
  return {
    id,
    title,
    text,
    services,
    begins: iso(plan.begins),
    ends: iso(plan.ends),
    repeats: plan.repeats,
    timezone: plan.timezone,
    created: iso(maintenance.created),
    by,
    changed: iso(maintenance.changed),
    sequence,
    cancelled: isoOrNull(maintenance.cancelled),
    conflicts,
    updates: updates.map(({ at, ...update }) => ({ ...update, at: iso(at) })),
    times: times.map((one) => ({
      id: one.id,
      status: occurrenceStatus(one, now),
      begins: iso(one.begins),
      ends: iso(one.ends),
      cancelled: isoOrNull(one.cancelled),
    })),
  }
}

/** All but its idempotency key. */
export function showOverride({ service, status, until, text, by, at }: Override): object {
  return { service, status, until: iso(until), text, by, at: iso(at) }
}
