// Keeps what a tick decided. What the disk refuses is owed and offered again with the next tick: a full disk may delay
// a letter, it never costs one.
import type { Owed } from './core/verdict/taken-back.ts'
import type { Decision, Ledger } from './store/ledger.ts'

const NOTHING: Required<Decision> = { living: new Map(), letters: [], withdraw: [], entries: [], renames: [] }

/** What a site decided, on its way to the disk. */
export interface Keeper {
  /**
   * Puts a decision, and all that is owed, on the disk in one transaction, and says how many letters that were: those of an
   * earlier tick wait to be sent, too. Throws what the ledger throws.
   */
  keep(decision: Required<Decision>): number
  /** Letters that the disk refused until now. */
  owed(): readonly Owed[]
}

/** Nothing is owed at first: what an earlier process could not keep is decided anew. */
export function createKeeper(ledger: Pick<Ledger, 'remember'>): Keeper {
  let owed = NOTHING
  return {
    keep({ living, letters, withdraw, entries, renames }) {
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
    },
    owed: () => owed.letters.map(({ letter }) => ({ letter, key: nameNow(letter.key) })),
  }

  function nameNow(key: string): string {
    return owed.renames.reduce(
      (name, { from, to }) => (name.startsWith(`${from}:`) ? to + name.slice(from.length) : name),
      key,
    )
  }
}
