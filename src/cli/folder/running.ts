// Where the vigie that runs is, and what lets commands of its folder's owner in.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export interface Running {
  /** Where it listens. */
  readonly url: string
  /** For its API; null: it left none, or it is not for us. */
  readonly token: string | null
}

/** What `run.json` in a data folder says. Null: there is none, or nothing one can use. One that was killed leaves it behind. */
export function findRunning(data: string): Running | null {
  try {
    const run = JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as { url?: unknown; token?: unknown } | null
    if (typeof run?.url !== 'string' || !URL.canParse(run.url)) return null
    return { url: run.url, token: typeof run.token === 'string' ? run.token : null }
  } catch {
    return null
  }
}

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
