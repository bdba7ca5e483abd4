// An entry as it lies in its table.
import type { Entry } from '../core/ledger/entry.ts'

export type EntryRow = Omit<Entry, 'hlc' | 'seen'> & {
  readonly at: number
  readonly count: number
  readonly seen: string
}

/** Throws SyntaxError where what it had seen is no JSON: the file is broken. */
export function entryOf({ at, count, seen, ...rest }: EntryRow): Entry {
  return { ...rest, hlc: { at, count }, seen: JSON.parse(seen) as Readonly<Record<string, number>> }
}
