// The ledger of a data folder that no vigie runs on: a command is its owner for a moment.
import type { Instant } from '../../core/time/time.ts'
import type { Ledger } from '../../store/ledger.ts'

/** Opens it, lets `use` have it, and closes it. When somebody has the folder: their pid, null if they didn't say. */
export async function asOwner<T>(
  data: string,
  { site, now }: { readonly site: string; readonly now: () => Instant },
  use: (ledger: Ledger) => T,
): Promise<T | { readonly heldBy: number | null }> {
  // Loaded only now: the database is native code, and with a vigie that runs nobody needs it.
  const [{ lockFolder }, { openLedger }, { openKey }, { sealer }] = await Promise.all([
    import('../../store/lock.ts'),
    import('../../store/ledger.ts'),
    import('../../twin/key.ts'),
    import('../../twin/seal.ts'),
  ])
  const lock = lockFolder(data)
  if ('heldBy' in lock) return lock
  try {
    const ledger = openLedger(data, { site, sealer: sealer(openKey(data)), now })
    try {
      return use(ledger)
    } finally {
      ledger.close()
    }
  } finally {
    lock.release()
  }
}
