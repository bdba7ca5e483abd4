// Keeps what a tick decided. What the disk refuses is owed and offered again with the next tick: a full disk may delay
// a letter, it never costs one.
import type { Decision, Ledger } from './store/ledger.ts'

/** `living`: as far as it changed. */
export type Decided = Required<Decision>

const NOTHING: Decided = { living: new Map(), letters: [], withdraw: [], entries: [], renames: [] }

/** Returns what puts a decision, and all that is owed, on the disk in one transaction; it throws what the ledger throws. */
export function createKeeper(ledger: Pick<Ledger, 'remember'>): (decided: Decided) => void {
  let owed = NOTHING
  return ({ living, letters, withdraw, entries, renames }) => {
    owed = {
      living: owed === NOTHING ? living : new Map([...owed.living, ...living]),
      letters: [...owed.letters.filter(({ letter }) => !withdraw.includes(letter.key)), ...letters],
      withdraw: [...owed.withdraw, ...withdraw],
      entries: [...owed.entries, ...entries],
      renames: [...owed.renames, ...renames],
    }
    ledger.remember(owed)
    owed = NOTHING
  }
}
