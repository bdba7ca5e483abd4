// Keeps what a tick decided. What the disk refuses is owed and offered again with the next tick: a full disk may delay
// a letter, it never costs one.

import { concern, spokenOf } from './core/letter/correspondence.ts'
import { ALERTS_KEY } from './core/verdict/alert.ts'
import type { Letter } from './core/verdict/letter.ts'
import type { Decision, Ledger } from './store/ledger.ts'

type Whole = Required<Decision>

const NOTHING: Whole = { living: new Map(), letters: [], withdraw: [], entries: [], renames: [] }

/**
 * Returns what puts a decision, and all that is owed, on the disk in one transaction, and says how many letters that were:
 * those of an earlier tick wait to be sent, too. It throws what the ledger throws. `quiet`: no mail is wanted of a service
 * now; what is owed about it alone, and what answers that, is owed until one is.
 */
export function createKeeper(
  ledger: Pick<Ledger, 'remember'>,
  quiet: (service: string) => boolean,
): (decision: Whole) => number {
  let owed = NOTHING
  return ({ living, letters, withdraw, entries, renames }) => {
    const kept = owed.letters.filter(({ letter }) => !withdraw.includes(letter.key))
    const held = heldOf(kept, letters)
    owed = {
      living: owed === NOTHING ? living : new Map([...owed.living, ...living]),
      letters: [...kept, ...letters],
      withdraw: [...owed.withdraw, ...withdraw],
      entries: [...owed.entries, ...entries],
      renames: [...owed.renames, ...renames],
    }
    const ready = held.length === 0 ? owed : without(owed, held)
    ledger.remember(ready)
    owed = held.length === 0 ? NOTHING : { ...NOTHING, letters: held, living: told(owed.living) }
    return ready.letters.length
  }

  function heldOf(before: Whole['letters'], fresh: Whole['letters']): Whole['letters'] {
    const held = before.filter(({ letter }) => isQuiet(letter))
    if (held.length === 0) return held
    return [...before, ...fresh].filter(
      (one) => held.includes(one) || held.some(({ letter }) => concern(letter, one.letter)),
    )
  }

  function isQuiet(letter: Letter): boolean {
    const services = spokenOf(letter)
    return services.length > 0 && services.every(({ service }) => quiet(service))
  }
}

/** That a letter was decided is not on the disk before the letter is: a start in between decides it again. */
function without(all: Whole, held: Whole['letters']): Whole {
  const living = new Map([...all.living].filter(([key]) => key !== ALERTS_KEY))
  return { ...all, living, letters: all.letters.filter((one) => !held.includes(one)) }
}

function told(living: Whole['living']): Whole['living'] {
  return new Map([...living].filter(([key]) => key === ALERTS_KEY))
}
