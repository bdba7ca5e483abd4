// What lies on an admin's desk: what vigie knows and can do, as the pages need it. The app puts it there.

import type { Configuration, Service } from '../../core/check.ts'
import type { Statement } from '../../core/ledger/statement.ts'
import type { Observation } from '../../core/observation.ts'
import type { Acknowledgement } from '../../core/said/acknowledgement.ts'
import type { Impact, Incident, IncidentStatus } from '../../core/said/incident.ts'
import type { Maintenance, Occurrence } from '../../core/said/maintenance.ts'
import type { Post } from '../../core/said/post.ts'
import type { CopyState } from '../../core/shown/copy.ts'
import type { Language, Text } from '../../core/text.ts'
import type { Instant } from '../../core/time/time.ts'
import type { LastPing } from '../../core/verdict/heartbeat.ts'
import type { CheckKnown, ServiceKnown } from '../../core/verdict/known.ts'
import { standingForAdmins } from '../../core/verdict/service.ts'
import { type Moments, momentsOf } from '../../page/words/page-moments.ts'
import type { Attempt } from '../../store/outbox.ts'

/** What people said (src/board/board.ts). */
export interface Notes {
  incidents(): readonly Incident[]
  /** Also one that was retracted. */
  incident(id: string): Incident | undefined
  maintenances(): readonly Maintenance[]
  maintenance(id: string): Maintenance | undefined
  occurrences(from: Instant, to: Instant): readonly Occurrence[]
  acknowledgement(outage: string): Acknowledgement | null
}

/** Words for an incident that wait for somebody: of an outage (a draft) or of a kind of trouble (a template). */
export interface Prepared {
  readonly id: string
  readonly title: Text
  readonly text: Text
  readonly status: IncidentStatus
  readonly impact: Impact
  readonly services: readonly string[]
  /** Null: not known. */
  readonly started: Instant | null
}

export interface Desk {
  now(): Instant
  configuration(): Configuration
  /** False: the time may be wrong. */
  clockTrusted(): boolean
  readonly notes: Notes
  /** How to add to them. */
  readonly post: Post
  /** Of outages that are going on. */
  drafts(): readonly Prepared[]
  /** One that is gone already is fine. Throws what the ledger throws. */
  dismissDraft(id: string): void
  /** With their blanks filled in for these services. */
  templates(services: readonly string[]): readonly Prepared[]
  /** Undefined: there is none of that name; so below. */
  service(id: string): ServiceKnown | undefined
  check(id: string): CheckKnown | undefined
  /**
   * The last look of a check, from before the start, too, where it was kept; two where both address families are looked
   * at.
   */
  lastLooks(check: string): readonly Observation[]
  /** Of a job's check, to this site; null: none is known. */
  lastPing(check: string): LastPing | null
  /** Looks now, unless it is being looked at. */
  look(check: string): void
  /** No mail about a service for an hour, or again. Throws what the ledger throws. */
  mute(service: string, muted: boolean, by: string): void
  /** Null: it isn't. */
  mutedUntil(service: string): Instant | null
  /** When a relay took the letter about an outage; null: not yet. */
  told(outage: string): Instant | null
  /** Newest first. */
  attempts(limit: number): readonly Attempt[]
  /** Letters that no relay took yet. */
  unsent(): number
  /** Those of them that are more than a minute old. */
  late(): number
  /** Our own line. */
  blind(): { readonly since: Instant; readonly layers: readonly string[] } | null
  /** Other sites that aren't heard any more, or not for a minute since the start; and since when. */
  silent(): readonly { readonly site: string; readonly since: Instant }[]
  /** How much of the disk is free, 0 to 1; null: it can't be told. */
  diskFree(): number | null
  /** How each copy of the page elsewhere stands. */
  copies(): readonly CopyState[]
  /** What was said by people, newest first. */
  journal(limit: number): readonly Statement[]
  /** Of a recovery code's digest: it let somebody in on two sites that did not hear each other. */
  spentTwice(code: string): boolean
}

/** How a service is for admins, and since when. Undefined: nothing is known of it yet. */
export function statusForAdmins(desk: Desk, service: Service): ReturnType<typeof standingForAdmins> {
  return standingForAdmins(service, desk.service(service.id), ({ id }) => desk.check(id)?.agreement ?? undefined)
}

/** Every service of the configuration, those for admins too. */
export function servicesOf(desk: Desk): readonly Service[] {
  return desk.configuration().services
}

/** The names by which forms and addresses call them. */
export function idsOf(desk: Desk): readonly string[] {
  return servicesOf(desk).map(({ id }) => id)
}

/** Words for moments, as of now. */
export function momentsFor(desk: Pick<Desk, 'configuration' | 'now'>, language: Language): Moments {
  return momentsOf(language, desk.configuration().timezone, desk.now())
}
