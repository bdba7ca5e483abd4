// What admins are told. A letter carries facts, not wording: it may go out hours after it was decided, and then says so.

import type { AlertEvent, Recipient } from '../check.ts'
import type { Reason } from '../observation.ts'
import type { Text } from '../text.ts'
import type { Instant } from '../time/time.ts'
import type { Confidence } from './agreement.ts'
import type { Able } from './proof.ts'

/** One piece of news for everybody who wants its event. */
export interface Letter {
  /** What makes it the same news: it goes once to each recipient, whoever decides it again. */
  readonly key: string
  readonly event: AlertEvent
  /** Letters of one thread answer its first one: an outage's id, or a name of its own. */
  readonly thread: string
  /** When it was decided. Sent much later, it says so. */
  readonly at: Instant
  readonly news: News
}

export type News =
  | {
      /** Something is down, confirmed; one service, or a digest of several, or a parent with what hangs on it. */
      readonly kind: 'down'
      readonly affected: readonly Affected[]
      /** Services held back because the one in `affected` explains them. */
      readonly children: readonly Affected[]
      /** Many children of this one fell together although it looks well itself. */
      readonly suspected: { readonly id: string; readonly name: Text } | null
    }
  /** Sites disagree about one service; or, by a bad road, the hoster is out of reach and `others` with it. */
  | { readonly kind: 'partial'; readonly affected: Affected; readonly others?: readonly Affected[] }
  /** The end of outages that were mailed; several only when many end together. */
  | { readonly kind: 'up'; readonly over: readonly { readonly affected: Affected; readonly until: Instant }[] }
  | { readonly kind: 'unstable'; readonly affected: Affected; readonly changes: number }
  /** The end of `unstable`: where it stands now. `down`: still not well. */
  | { readonly kind: 'settled'; readonly affected: Affected; readonly down: boolean }
  | { readonly kind: 'degraded'; readonly affected: readonly Affected[] }
  | { readonly kind: 'attention'; readonly items: readonly AttentionItem[] }
  /** A site's own line, ours when no other is named: since when, until when (null: still), which layers. */
  | {
      readonly kind: 'blind'
      readonly site?: string
      readonly since: Instant
      readonly until: Instant | null
      readonly layers: readonly string[]
    }
  /** Another site is not heard. */
  | {
      readonly kind: 'twin'
      readonly site: string
      /** The site that doesn't hear it, which writes; absent in letters written before this field existed. */
      readonly by?: string
      readonly since: Instant
      readonly until: Instant | null
    }
  /** A site can't reach services that others reach: it is its road. `address`: where it comes from; null: not known. */
  | {
      readonly kind: 'road'
      readonly site: string
      readonly since: Instant
      readonly address: string | null
      readonly services: readonly Text[]
    }
  /** Something of vigie's own: `what` names it, `note` says what happened, `remedy` what to do; one line each. */
  | {
      readonly kind: 'self'
      readonly what: 'disk' | 'database' | 'relay' | 'configuration' | 'page' | 'copy' | 'twin' | 'code' | 'restored'
      readonly note: string
      readonly remedy: string
    }
  /** Somebody takes outages on; whoever it is hears nothing of it. `by` as the ledger has it. */
  | {
      readonly kind: 'acknowledged'
      readonly by: string
      readonly outages: readonly { readonly id: string; readonly name: Text }[]
    }
  /** An open incident: nothing new was said `since` then, or all its services have worked since then. */
  | {
      readonly kind: 'reminder'
      readonly why: 'quiet' | 'over'
      readonly incident: string
      readonly title: Text
      readonly since: Instant
    }
  | { readonly kind: 'test' }

/** `auth`: a login was refused. `expiring`: a certificate or a domain. `finding`: anything else that is no outage. */
export interface AttentionItem {
  readonly check: string
  readonly service: Text
  readonly kind: 'auth' | 'expiring' | 'finding'
  readonly note: string
  readonly since: Instant
}

/** A service as a letter speaks of it. */
export interface Affected {
  /** The outage this is about; equal to the thread for its own letters. */
  readonly outage: string
  readonly service: string
  readonly name: Text
  /** The first failed look. */
  readonly since: Instant
  /** The last look that was fine; null: none remembered. */
  readonly lastGood: Instant | null
  readonly confidence: Confidence
  /** The row of verdict.md that decided. */
  readonly rule: string
  /**
   * How much of it fails; absent in letters written before this field existed. `inside`: what members see of it is
   * well.
   */
  readonly extent?: 'whole' | 'part' | 'inside'
  /** What of it is known to work, and what not, where its checks tell. */
  readonly able?: Able
  /** What fails, worst first. */
  readonly checks: readonly {
    readonly id: string
    readonly kind: string
    readonly target: string
    readonly reason: Reason | null
    readonly note: string
  }[]
}

/** Addresses of those who want its event. */
export function recipientsOf({ event }: Pick<Letter, 'event'>, alerts: readonly Recipient[]): readonly string[] {
  return alerts.filter(({ on }) => on.includes(event)).map(({ email }) => email)
}
