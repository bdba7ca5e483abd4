// What a kind of check is: a file, a line in index.ts, and its words for members (README, "A kind of check").
import type { Ability } from '../core/ability.ts'
import type { Rule } from '../core/check.ts'
import type { Settings } from '../core/settings.ts'
import type { Millis } from '../core/time/time.ts'
import type { Probe } from '../net/look.ts'

export type { Look, Probe, Secured } from '../net/look.ts'

/** What a configured check does: it looks, or it waits to be pinged (heartbeat). */
export type Plan =
  | {
      readonly does: 'look'
      readonly probe: Probe
      /** What a member can do when it is well, where its keys tell better than its port or id. */
      readonly proves?: Ability
    }
  | { readonly does: 'wait'; readonly period: Millis; readonly grace: Millis; readonly token: string | null }

export interface ProbeKind {
  /** One line for `vigie config --help`: what a success proves. */
  readonly summary: string
  /** A target that could stand in `checks/`, shown beside it. */
  readonly example: string
  /** Where `policy` doesn't fit (contract 3); `slow: null`: no slow. */
  readonly defaults?: (settings: Settings) => Partial<Rule>
  /** `from` when not said; `all` for most. */
  readonly from?: 'all' | 'any'
  /** True: `from` is the account that a round trip comes from, and not which sites look. */
  readonly ownFrom?: boolean
  /** Common keys that do nothing for this kind, each with what to write instead; null: nothing. */
  readonly idle?: Readonly<Partial<Record<'family' | 'connect', string | null>>>
  /** True: without its login another answer is right, so that an observer, who has none, doesn't look. */
  readonly loginMatters?: boolean
  /**
   * Reads its own keys, complaining where they are wrong, and returns what to do. Never throws. What a plan remembers from
   * look to look (a refused login, a session) stays over another reading of the configuration that makes the same of it.
   */
  configure(settings: Settings): Plan
}
