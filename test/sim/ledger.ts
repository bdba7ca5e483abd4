// A site's ledger, with an ear at what it keeps and hands out.
import type { Letter } from '../../src/core/verdict/letter.ts'
import type { Ledger } from '../../src/store/ledger.ts'

/** `wrote` hears of letters that were decided, `handed` of those that are to be sent. */
export function overheard(ledger: Ledger, wrote: (letter: Letter) => void, handed: (letter: Letter) => void): Ledger {
  return {
    ...ledger,
    remember: (decision) => {
      ledger.remember(decision)
      for (const { letter } of decision.letters) wrote(letter)
    },
    due: (at) => {
      const queued = ledger.due(at)
      for (const { letter } of queued) handed(letter)
      return queued
    },
  }
}

/** Hears nothing of what other sites mail. */
export function deaf(ledger: Ledger): Ledger {
  return {
    ...ledger,
    onNews: (listener) => ledger.onNews((news) => listener(news.filter(({ type }) => !type.startsWith('alert.')))),
    statements: (...families) => ledger.statements(...families.filter((family) => family !== 'alert')),
  }
}
