// From looks to a site's opinion, and from the sites' opinions to one agreed state (verdict.md, 1 and 3).
import type { Reason } from './observation.ts'
import type { Instant } from './time.ts'

/** What the rules make of a check. A single site never says `partial`. */
export type State = 'up' | 'degraded' | 'partial' | 'down' | 'unknown'

/** How sure, for people: `of` sites could have an opinion, `confirmed` share it. */
export interface Confidence {
  readonly confirmed: number
  readonly of: number
  /** The sites that share it. */
  readonly sites: readonly string[]
  readonly note: 'confirmed' | 'one_site' | 'disagree' | 'verifying' | 'road' | 'frozen' | 'none'
}

/** What all sites together say of a check. */
export interface Agreement {
  readonly state: State
  /** When that state began; a down begins at its first failed look. */
  readonly since: Instant
  readonly reason: Reason | null
  readonly confidence: Confidence
  /** The row of the table in verdict.md, 3 that decided. */
  readonly rule: string
}
