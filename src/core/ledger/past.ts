// Which of two pasts of a site counts. One that lost its memory may have said something in a place that was taken already,
// and not everybody heard the same: it steps back to what others know, and where those others differ, it says which it is.
import { type Entry, siteOf } from './entry.ts'

/** The type of its entries, for ever. */
export const PAST = 'ledger.past'

/**
 * Of `origin`, what follows entry `common` begins with the entry that has this hash (in hex; empty where it was folded), and
 * nothing else counts.
 */
export interface PastChoice {
  readonly origin: string
  readonly common: number
  readonly next: string
}

/** What an entry says of the past of its own site; null: nothing. Never throws. */
export function pastChoiceBy({
  origin: by,
  type,
  payload,
}: Pick<Entry, 'origin' | 'type' | 'payload'>): PastChoice | null {
  if (type !== PAST) return null
  try {
    const { origin, common, next } = JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>
    if (typeof origin !== 'string' || typeof next !== 'string' || typeof common !== 'number') return null
    if (siteOf(origin) !== siteOf(by) || !Number.isSafeInteger(common) || common < 0) return null
    return { origin, common, next }
  } catch {
    return null
  }
}
