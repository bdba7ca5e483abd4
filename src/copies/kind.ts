// What a kind of copy is: a place elsewhere that the page's folder is brought to.
import type { Millis } from '../core/time/time.ts'

export interface CopyKind {
  /** The beginning of the addresses it takes. */
  readonly scheme: string
  /** True for one place of all sites, where one of them brings it; else each has its own. */
  shared(to: string): boolean
  /** What is wrong with such an address; null: nothing. */
  fault(to: string): string | null
  /** Makes the place hold what `from` holds, new files first, old ones removed last. Rejects with one short line. */
  put(from: string, to: string, within: Millis): Promise<void>
}
