// How a copy of the page elsewhere stands, and its log.

export interface CopyState {
  /** Where it goes, as configured. */
  readonly to: string
  /** The other site that makes it at present, empty: none may; absent: this one does. The rest tells what this one did. */
  readonly by?: string
  /** With `by`: that one is there. */
  readonly there?: boolean
  /** When it was last tried, as ISO 8601; empty: never. */
  readonly at: string
  /** What went wrong then, in one line; null: nothing. */
  readonly fault: string | null
  /** When it last went well; null: never. */
  readonly good: string | null
  /** The latest first; see `tried`. */
  readonly log: readonly CopySpell[]
}

/** One that another site makes, and this one may have made before. */
export function madeBy(by: string, there: boolean, to: string, before: CopyState | undefined): CopyState {
  return { at: '', good: null, log: [], ...before, fault: null, to, by, there }
}

/** As far as this site knows, it is renewed. */
export function isMade({ by, there, fault }: CopyState): boolean {
  return by === undefined ? fault === null : by !== '' && there !== false
}

/** Tries one after the other that ended alike. */
export interface CopySpell {
  /** When the first and the last of them ended, as ISO 8601. */
  readonly from: string
  readonly until: string
  readonly tries: number
  readonly longest_ms: number
  readonly fault: string | null
}

const SPELLS = 30

/** The state after one more try. The log keeps thirty spells: a copy that always goes well has one. */
export function tried(
  before: CopyState | undefined,
  { to, at, fault, took_ms }: Pick<CopyState, 'to' | 'at' | 'fault'> & { readonly took_ms: number },
): CopyState {
  const [last, ...rest] = before?.log ?? []
  const one = { from: at, until: at, tries: 1, longest_ms: took_ms, fault }
  const log =
    last?.fault === fault
      ? [{ ...last, until: at, tries: last.tries + 1, longest_ms: Math.max(last.longest_ms, took_ms) }, ...rest]
      : [one, ...(last === undefined ? [] : [last, ...rest])].slice(0, SPELLS)
  return { to, at, fault, good: fault === null ? at : (before?.good ?? null), log }
}
