// Keeps what a tick decided. What the disk refuses is owed and offered again with the next tick: a full disk may delay
// a letter, it never costs one.
import type { Ledger } from './store/ledger.ts'
import type { OutgoingLetter } from './store/outbox.ts'

export interface Decided {
  /** JSON by key, as far as it changed. */
  readonly living: ReadonlyMap<string, string | null>
  readonly letters: readonly OutgoingLetter[]
  /** Keys of letters that these supersede, if they didn't go out yet. */
  readonly withdraw: readonly string[]
}

const NOTHING: Decided = { living: new Map(), letters: [], withdraw: [] }

/** Returns what puts a decision, and all that is owed, on the disk in one transaction; it throws what the ledger throws. */
export function createKeeper(ledger: Pick<Ledger, 'remember'>): (decided: Decided) => void {
  let owed = NOTHING
  return ({ living, letters, withdraw }) => {
    owed = {
      living: owed === NOTHING ? living : new Map([...owed.living, ...living]),
      letters: [...owed.letters.filter(({ letter }) => !withdraw.includes(letter.key)), ...letters],
      withdraw: [...owed.withdraw, ...withdraw],
    }
    ledger.remember({ ...owed, entries: [] })
    owed = NOTHING
  }
}
