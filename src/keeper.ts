// Keeps what a tick decided. What the disk refuses is owed and offered again with the next tick: a full disk may delay
// a letter, it never costs one.
import type { Decision, Ledger } from './store/ledger.ts'

const NOTHING: Required<Decision> = { living: new Map(), letters: [], withdraw: [], entries: [], renames: [] }

/**
 * Returns what puts a decision, and all that is owed, on the disk in one transaction, and says how many letters that were:
 * those of an earlier tick wait to be sent, too. It throws what the ledger throws.
 */
export function createKeeper(ledger: Pick<Ledger, 'remember'>): (decision: Required<Decision>) => number {
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
    const { length } = owed.letters
    owed = NOTHING
    return length
  }
}
