// Of all that was said of an incident, what to show where there is room for one.
import type { IncidentStatus } from './incident.ts'

/**
 * The last update; of an incident that is open, the last that keeps it so. A "resolved" that closed nothing, since whoever
 * said it had not seen the one before, would belie the status beside it.
 */
export function lastWord<U extends { readonly status: IncidentStatus }>(incident: {
  readonly status: IncidentStatus
  /** Never empty. */
  readonly updates: readonly U[]
}): U {
  const { status, updates } = incident
  const telling = status === 'resolved' ? updates : updates.filter((update) => update.status !== 'resolved')
  return telling.at(-1) ?? updates.at(-1)!
}
