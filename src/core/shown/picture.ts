// Everything the public side may show, in one value. Pages, feeds and APIs are made from it and from nothing else, so
// that what isn't in here can't leak.

import type { Group, Policy, Service, Site } from '../check.ts'
import type { DayPicture } from '../history/day-picture.ts'
import type { Uptime } from '../history/history.ts'
import type { Reason } from '../observation.ts'
import type { Incident, Update } from '../said/incident.ts'
import type { Maintenance } from '../said/maintenance.ts'
import type { Language, Text } from '../text.ts'
import type { Instant, Millis } from '../time/time.ts'
import type { Confidence } from '../verdict/agreement.ts'
import type { Status } from '../verdict/service.ts'
import type { State } from '../verdict/state.ts'

export interface Picture {
  readonly version: 1
  /** About the whole, from the configuration. */
  readonly hoster: {
    readonly name: Text
    readonly about: Text | null
    readonly contact: string | null
    /** Whom to tell of a security problem; null: nobody is named. */
    readonly security: string | null
    readonly languages: readonly [Language, ...Language[]]
    readonly timezone: string
    readonly groups: readonly Group[]
    readonly sites: readonly Site[]
  }
  readonly site: string
  /** When this was last verified: the page's "verified at". */
  readonly at: Instant
  /** A living vigie has replaced this copy by then. */
  readonly nextBy: Instant
  readonly status: Status
  /** All that is well was seen so since the outage that began last; true where none is open. */
  readonly restSeen: boolean
  /** The moment anything but `at` last changed; Statuspage's `updated_at`. */
  readonly changed: Instant
  /** Our own line is not to be trusted; `told`: when a relay took a letter about it, null: not yet. */
  readonly blind: { readonly since: Instant; readonly layers: readonly string[]; readonly told: Instant | null } | null
  /** Of every site, in the order of the configuration. */
  readonly lines: readonly {
    readonly site: string
    readonly line: 'good' | 'bad' | 'unheard'
    readonly since: Instant
  }[]
  /** Those for members only, in the order of the groups, then of the files. */
  readonly services: readonly ServicePicture[]
  /** What admins say of outages, all there ever were: the one that began last first. */
  readonly incidents: readonly IncidentPicture[]
  /** Times of planned work, past and to come as far as three months, in order of their beginning. */
  readonly maintenances: readonly MaintenancePicture[]
  readonly notices: readonly Notice[]
  readonly method: Method
  /** For the folder, which others may serve: it says where the living pages are. */
  readonly copied?: boolean
  /** True: the built-in replica; the page says that this is a demonstration. */
  readonly replica: boolean
}

/** How it is measured, as configured: what the page tells of its own ways. */
export interface Method {
  /** Hosts that prove our own line works, by name or address. */
  readonly witnesses: readonly string[]
  /** Hosts inside the provider that tell the road from the services. */
  readonly path: readonly string[]
  readonly policy: Pick<Policy, 'loneFall' | 'hold' | 'taint' | 'witnessEvery' | 'flap'>
}

/** What the page says of itself. */
export type Notice =
  | { readonly kind: 'no_witnesses' }
  /** results.db was broken or full and was set aside; history begins at `since`. */
  | { readonly kind: 'history_lost'; readonly since: Instant }
  /** Nothing can be written to results.db just now; looks, page and mails go on. */
  | { readonly kind: 'history_paused'; readonly since: Instant }

/** An incident as members may know it: without who wrote it. Services that members don't see are left out. */
export interface IncidentPicture
  extends Pick<
    Incident,
    | 'id'
    | 'formerly'
    | 'title'
    | 'status'
    | 'impact'
    | 'services'
    | 'started'
    | 'raises'
    | 'outages'
    | 'automatic'
    | 'created'
    | 'changed'
    | 'said'
    | 'resolved'
  > {
  /** Oldest first; never empty. Texts are Markdown. */
  readonly updates: readonly [UpdatePicture, ...UpdatePicture[]]
  readonly postmortem: { readonly text: Text; readonly at: Instant } | null
}

export type UpdatePicture = Pick<Update, 'id' | 'at' | 'status' | 'text' | 'corrected'>

/** One time of planned work as members may know it. How it stands at a moment: `occurrenceStatus`. */
export interface MaintenancePicture
  extends Pick<Maintenance, 'title' | 'text' | 'services' | 'created' | 'changed' | 'sequence'> {
  /** Its own name, for ever. */
  readonly id: string
  /** The maintenance it is a time of; the same where it takes place once. */
  readonly of: string
  /** When it was planned to begin. */
  readonly begins: Instant
  readonly ends: Instant
  /** When it was called off; null: it takes place. */
  readonly cancelled: Instant | null
  /** Whether there are other times of it. */
  readonly repeats: boolean
  readonly updates: readonly { readonly id: string; readonly at: Instant; readonly text: Text }[]
}

/** What an admin says of a service against what is measured. */
export interface OverridePicture {
  readonly until: Instant
  readonly text: Text | null
}

export interface ServicePicture {
  /** As configured, without its checks for admins and without tokens. */
  readonly service: Service
  /** What is measured, unless an open incident raises it or an admin says otherwise. */
  readonly status: Status
  /** The status is an admin's word for a while; null: it isn't. */
  readonly override: OverridePicture | null
  /** The status is what an open incident says: worse than measured. */
  readonly raised: boolean
  /** The agreed state of the check that decides (core/verdict/service.ts, `deciding`). */
  readonly state: State
  readonly since: Instant
  /** Changes too often to be called anything else; `status` is its worst meanwhile. */
  readonly unstable: boolean
  /** The service whose fall explains this one. */
  readonly cause: string | null
  readonly confidence: Confidence
  /** A check that is agreed to be well fails just now: it may be no outage, and is not said to work. */
  readonly suspect: boolean
  /** Checks with a known state, of all that count. */
  readonly measured: number
  readonly of: number
  /** Last status that wasn't unknown, for formats that know no unknown; operational before any. */
  readonly confirmed: Status
  /** When a relay took the first mail about the outage that is open; null: none open, or not yet. */
  readonly told: Instant | null
  /** When somebody of the team said that they saw the outage that is open; null: none open, or nobody yet. */
  readonly acknowledged: Instant | null
  readonly uptime: Uptime
  /** The last 90 days, oldest first; the last is today. */
  readonly days: readonly DayPicture[]
  readonly checks: readonly CheckPicture[]
}

export interface CheckPicture {
  readonly id: string
  readonly kind: string
  readonly state: State
  readonly reason: Reason | null
  readonly since: Instant
  /** Where its state is a good one: it was seen so since its service fell, and is under no suspicion. */
  readonly seen: boolean
  /** The last look; null before the first. */
  readonly at: Instant | null
  /** Of that look. */
  readonly took: Millis | null
  readonly sites: readonly {
    readonly site: string
    readonly state: State
    readonly at: Instant | null
    readonly failures: number
    readonly suspectSince: Instant | null
  }[]
}
