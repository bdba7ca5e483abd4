// What a site's role asks of its data folder. One that became an observer stands at somebody else's home: what lets people
// in, and what checks log in with, leaves it. (What it may have again as a full site, the exchange fetches.)
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from '../core/check.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import type { Ledger } from '../store/ledger.ts'

const EVERY: Millis = 10 * SECOND

/** Looks at once, and again and again: others must have an entry before what is in it may go here. */
export function startRole(deps: {
  readonly memory: { readonly configuration: Configuration }
  readonly ledger: Pick<Ledger, 'withhold'>
  readonly data: string
  /** The last entry of an origin that every other site has. */
  covered(origin: string): number
  after(delay: Millis, run: () => void): () => void
  log(level: 'info' | 'warn', message: string): void
}): { stop(): void } {
  let cancel = () => {}
  look()
  return { stop: () => cancel() }

  function look() {
    cancel = deps.after(EVERY, look)
    const { site, sites } = deps.memory.configuration
    // Where nobody else is a full site, nobody else has it.
    if (site.role !== 'observer' || !sites.some(({ id, role }) => id !== site.id && role === 'full')) return
    try {
      if (deps.ledger.withhold(deps.covered))
        deps.log('info', 'this site is an observer: accounts, keys and their copies were taken out of its ledger')
      letGoOfSecrets()
      letGoOfRestores()
    } catch (error) {
      deps.log('warn', `what an observer may not have is still here: ${error instanceof Error ? error.message : error}`)
    }
  }

  /** Secrets of checks: those that nothing in site.yaml asks for. */
  function letGoOfSecrets() {
    const folder = join(deps.data, 'secrets')
    const { secrets } = deps.memory.configuration
    for (const name of namesIn(folder, 'files')) {
      if (secrets.includes(name)) continue
      rmSync(join(folder, name), { force: true })
      deps.log('info', `this site is an observer: the secret ${name}, which only checks ask for, was removed`)
    }
  }

  /** The ledger and key that a restore set aside; and what one that was cut short unpacked: none runs beside us. */
  function letGoOfRestores() {
    for (const name of namesIn(deps.data, 'folders')) {
      if (!/^(before-restore|\.restore)-/.test(name)) continue
      rmSync(join(deps.data, name), { recursive: true, force: true })
      deps.log('info', `this site is an observer: ${name}, which a restore left, was removed`)
    }
  }
}

function namesIn(folder: string, of: 'files' | 'folders'): readonly string[] {
  try {
    const all = readdirSync(folder, { withFileTypes: true })
    return all.flatMap((one) => ((of === 'files' ? one.isFile() : one.isDirectory()) ? [one.name] : []))
  } catch {
    return []
  }
}
