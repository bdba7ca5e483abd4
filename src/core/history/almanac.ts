// What pages about the past are made of: the days, the response times and the outages of services.

import type { Instant, Millis } from '../time/time.ts'
import type { OutageRecord } from './outage-record.ts'

/** Looks that ended within one stretch of time. Durations are those of good looks; null without any. */
export interface Point {
  readonly at: Instant
  readonly good: number
  readonly failed: number
  readonly median: Millis | null
  readonly p95: Millis | null
}

export interface Responses {
  /** `service.check` */
  readonly check: string
  readonly kind: string
  /** The site that looked. */
  readonly site: string
  /** The last 24 hours, by five minutes, oldest first; stretches without looks are missing. */
  readonly day: readonly Point[]
  /** The last 90 days, by day. */
  readonly quarter: readonly Point[]
}

/** The past of one service, for members: nothing of checks for admins is in it. */
export interface ServicePast {
  readonly service: string
  /** Check by check, and of each those of our own site first. */
  readonly responses: readonly Responses[]
  /** Where several sites look: when each could measure nothing, oldest first, as far as it is known here. */
  readonly sights: readonly { readonly site: string; readonly blind: readonly Blind[] }[]
  /** Newest first; the open one, too. */
  readonly outages: readonly OutageRecord[]
}

/** Whom pages ask about the past. Reading costs some milliseconds a service: not for every minute. */
export interface Almanac {
  past(service: string): ServicePast
  /**
   * The outages of a service, for members, that began, grew or ended at `since` or later, newest first; of one that
   * began before, not why. Quick.
   */
  outagesOf(service: string, since: Instant): readonly OutageRecord[]
  /** All outages for members, newest first, the open ones too, as far back as history goes. */
  outages(): readonly OutageRecord[]
  /** Times nothing could be measured from here, newest first. */
  blind(): readonly Blind[]
}

/** A time a site's own line was not to be trusted; `to` null: it still isn't. */
export interface Blind {
  readonly from: Instant
  readonly to: Instant | null
  readonly layers: readonly string[]
}
