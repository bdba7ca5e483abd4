// No mail about a service for a while, because an admin is at it: it is looked at and shown as ever, on every site.
import { author, type Fields, flag, line, moment, readPayload } from '../ledger/payload.ts'
import { inOrder, type Made, type Statement } from '../ledger/statement.ts'
import { DAY, HOUR, type Instant, type Millis } from '../time/time.ts'

/** So long one tap lasts. */
export const MUTE: Millis = HOUR

/** Nothing is muted longer by mistake, or by a clock that was wrong. */
const LONGEST_MUTE: Millis = DAY

export interface Mute {
  readonly service: string
  /** False: mails go out again. */
  readonly muted: boolean
  readonly until: Instant
  readonly by: string
  readonly at: Instant
}

export type MuteFact = Made & { readonly type: 'mute'; readonly payload: Mute }

const FIELDS: Fields<Mute> = { service: line(100), muted: flag, until: moment, by: author, at: moment }

/** Null: the statement is none, or not understood. */
export function muteFact({ type, payload, ...made }: Statement): MuteFact | null {
  const read = type === 'mute' ? readPayload(FIELDS, payload) : null
  if (read === null || read.until - read.at > LONGEST_MUTE) return null
  return { ...made, type: 'mute', payload: read }
}

/** Of one service: what was said last. */
export function foldMute(facts: readonly MuteFact[]): Mute | null {
  return inOrder(facts).at(-1)?.payload ?? null
}

/** Until when it holds; null: it doesn't, or no longer. */
export function mutedUntil(last: Mute | null | undefined, now: Instant): Instant | null {
  return last?.muted === true && now < last.until && last.until - now <= LONGEST_MUTE ? last.until : null
}
