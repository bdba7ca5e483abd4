// What commands say of a data folder that no vigie runs on.
import { statSync } from 'node:fs'
import { join } from 'node:path'

/** For stderr. Whoever has another vigie in mind, or thinks that this one runs, must hear it. */
export function idleRead(data: string): string {
  return `No vigie runs on ${data}: this is what it last knew.\n`
}

/**
 * Why there is nothing to list; null: there is a ledger, or a copy to begin from, or nobody lets us see. Whoever lists makes
 * none.
 */
export function withoutLedger(data: string): string | null {
  if (!['ledger.db', 'ledger.db.copy'].every((file) => isMissing(join(data, file)))) return null
  return `there is no ledger in ${data}: has a vigie run there? Another folder is --data DIR.`
}

function isMissing(file: string): boolean {
  try {
    statSync(file)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

/** As `idleRead`, of what was written. `counts`: what it will be once a vigie runs there. */
export function idleWrite(data: string, counts: string): string {
  return `No vigie runs on ${data}: this is in its ledger, and ${counts} once one does. Another folder is --data DIR.\n`
}
