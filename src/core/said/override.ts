// What the page says of a service because an admin says so, against what is measured: explicit, labelled, and for a time.
import { author, type Fields, line, moment, oneOf, optional, prose, readPayload } from '../ledger/payload.ts'
import { inOrder, type Made, type Statement } from '../ledger/statement.ts'
import type { Text } from '../text.ts'
import { DAY, type Instant } from '../time/time.ts'
import type { Status } from '../verdict/service.ts'

export const OVERRIDES = [
  'operational',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const satisfies Status[]

/** Whoever still means it after so long says it again. */
export const LONGEST_OVERRIDE = DAY

export interface Override {
  readonly service: string
  /** Null: what is measured counts again. */
  readonly status: (typeof OVERRIDES)[number] | null
  readonly until: Instant
  /** Why, for members; null: not said. */
  readonly text: Text | null
  readonly by: string
  readonly at: Instant
  /** As `Sender.key`: a request repeated with it is said once. */
  readonly key: string | null
}

export type OverrideFact = Made & { readonly type: 'override'; readonly payload: Override }

const OVERRIDE: Fields<Override> = {
  service: line(100),
  status: optional(oneOf(OVERRIDES)),
  until: moment,
  text: optional(prose),
  by: author,
  at: moment,
  key: optional(line(200)),
}

/** Null: the statement is none, or not understood. */
export function overrideFact({ type, payload, ...made }: Statement): OverrideFact | null {
  const read = type === 'override' ? readPayload(OVERRIDE, payload) : null
  if (read === null || read.until - read.at > LONGEST_OVERRIDE) return null
  return { ...made, type: 'override', payload: read }
}

/** Of one service: what was said last. It holds until `until`. */
export function foldOverride(facts: readonly OverrideFact[]): Override | null {
  return inOrder(facts).at(-1)?.payload ?? null
}
