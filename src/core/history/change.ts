// What is written down for ever when something changed: what `explain`, uptime and the history of outages are made of.
import type { Instant } from '../time/time.ts'

export const SUBJECTS = ['opinion', 'agreement', 'status', 'line', 'outage', 'flapping'] as const

export type Subject = (typeof SUBJECTS)[number]

export interface Change {
  /** When it was decided. */
  readonly at: Instant
  readonly subject: Subject
  /** `service.check`; of a status, outage or flapping, the service; of a line, the site. */
  readonly id: string
  /** When the new state began: a down begins at its first failed look, before `at`. */
  readonly since: Instant
  readonly state: string
  /** The row of verdict.md that decided. */
  readonly rule: string
  /** What each site said; any JSON. */
  readonly sites: unknown
  readonly note?: string
}
