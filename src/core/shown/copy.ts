// How a copy of the page elsewhere stands.

export interface CopyState {
  /** Where it goes, as configured. */
  readonly to: string
  /** When it was last tried, as ISO 8601. */
  readonly at: string
  /** What went wrong then, in one line; null: nothing. */
  readonly fault: string | null
  readonly took_ms: number
  /** When it last went well; null: never. */
  readonly good: string | null
}
