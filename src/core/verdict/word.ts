// What one site tells another of a check, in the hearer's own time; and what is known of that site.

import type { Instant } from '../time/time.ts'
import type { Pulse } from './heartbeat.ts'
import type { Opinion } from './verdict.ts'

/** A site's word on a check. Moments are the hearer's: only lengths of time travel. */
export interface Word extends Pick<Opinion, 'state' | 'since' | 'fails' | 'suspectSince' | 'reason' | 'path'> {
  /** Its line, and the way out of the port this check needs, are good. */
  readonly line: boolean
  /** Names what exactly it looks at and by which rule (`Check.definition`). */
  readonly definition: string
  /** Its last look; null before the first. */
  readonly at: Instant | null
  /** Of a check that waits to be pinged: the last end of a run, and what began since. */
  readonly pulse: Pulse | null
}

/** What a site says of itself, beside its words. */
export interface Condition {
  /** Its own line is not to be trusted; null: it is. */
  readonly blind: { readonly since: Instant; readonly layers: readonly string[] } | null
  /** It has relays, and could mail. */
  readonly mails: boolean
  /** Vigie's version there. */
  readonly version: string
  /** Names its whole configuration. */
  readonly configuration: string
  /** When that was last changed there. */
  readonly configured: Instant
}

/** A site other than ours, as far as it is known. */
export interface Peer {
  readonly site: string
  /** Its word is fresh. */
  readonly heard: boolean
  /** Its word is so young that what only one site does may be left to it. */
  readonly lately: boolean
  /** It was heard since our start. */
  readonly met: boolean
  /** Since when it is heard, or unheard. */
  readonly since: Instant
  /** Where it comes from, as we see it; null: it never called us. */
  readonly address: string | null
  /** Null: never heard. */
  readonly condition: Condition | null
  /** By check. Kept while it is unheard, and worth nothing then. */
  readonly words: ReadonlyMap<string, Word>
}
