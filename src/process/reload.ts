// Reads the configuration again: one that is sound is taken, one with mistakes changes nothing and is said.
import { formatMistake } from '../config/mistake.ts'
import type { Reading } from '../config/read.ts'
import type { Configuration } from '../core/check.ts'
import type { Troubles } from '../troubles.ts'
import type { Watchdog } from './watchdog.ts'

export interface ReloadDeps {
  read(): Reading
  /** Works with this configuration from now on. */
  take(reading: Reading, next: Configuration): Promise<void>
  log(level: 'info' | 'warn' | 'error', message: string): void
  readonly troubles: Pick<Troubles, 'begin' | 'end'>
  readonly watchdog: Pick<Watchdog, 'reloading' | 'ready'>
}

/** What to call when a file changed or on SIGHUP. Two calls at once take their turn. */
export function createReload({ read, take, log, troubles, watchdog }: ReloadDeps): () => void {
  let taking = Promise.resolve()
  return () => {
    watchdog.reloading()
    const reading = read()
    const { configuration } = reading
    for (const warning of reading.warnings) log('warn', formatMistake(warning))
    const mistakes = reading.mistakes.map(formatMistake)
    for (const mistake of mistakes) log('error', mistake)
    if (configuration === null) {
      const note = `${mistakes.length} mistakes, first ${mistakes[0]}`
      troubles.begin(
        'configuration',
        'configuration',
        note,
        'It goes on with the configuration it had; see `vigie config`.',
      )
      return watchdog.ready()
    }
    troubles.end('configuration')
    taking = taking
      .then(() => take(reading, configuration))
      .catch((error: unknown) => log('error', `the configuration could not be taken: ${String(error)}`))
      .then(watchdog.ready)
  }
}
