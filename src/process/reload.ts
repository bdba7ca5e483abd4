// Reads the configuration again: one that is sound is taken, one with mistakes changes nothing and is said.
import { formatMistake } from '../config/mistake.ts'
import type { Reading } from '../config/read.ts'
import type { Configuration } from '../core/check.ts'
import type { Memory } from '../memory.ts'
import type { Troubles } from '../troubles.ts'
import type { Watchdog } from './watchdog.ts'

export interface ReloadDeps {
  read(): Reading
  /** Works with this configuration from now on. */
  take(reading: Reading, next: Configuration): Promise<void>
  log(level: 'info' | 'warn' | 'error', message: string): void
  /** It knows the configuration of now. */
  readonly memory: Pick<Memory, 'configuration'>
  readonly troubles: Pick<Troubles, 'begin' | 'end'>
  readonly watchdog: Pick<Watchdog, 'reloading' | 'ready'>
}

/** What the server is opened with. */
const OPENED_WITH = ['listen', 'proxy'] as const

/** What to call when a file changed or on SIGHUP. Two calls at once take their turn. */
export function createReload({ read, take, log, memory, troubles, watchdog }: ReloadDeps): () => void {
  let taking = Promise.resolve()
  return () => {
    watchdog.reloading()
    const reading = read()
    const { configuration } = reading
    for (const warning of reading.warnings) log('warn', formatMistake(warning))
    const mistakes = reading.mistakes.map(formatMistake)
    for (const mistake of mistakes) log('error', mistake)
    if (configuration === null) {
      const note =
        mistakes.length === 1 ? `a mistake: ${mistakes[0]}` : `${mistakes.length} mistakes, first ${mistakes[0]}`
      return refuse(note, 'It goes on with the configuration it had; see `vigie config`.')
    }
    const { site } = memory.configuration
    // What a site says is signed and chained under its name from the start of the process on.
    if (configuration.site.id !== site.id)
      return refuse(`site ${site.id} is to be ${configuration.site.id} now`, 'Start vigie anew to make it so.')
    for (const key of OPENED_WITH) {
      if (JSON.stringify(configuration[key]) !== JSON.stringify(memory.configuration[key]))
        log('warn', `${key} in site.yaml is another: it holds from the next start on`)
    }
    troubles.end('configuration')
    taking = taking
      .then(() => take(reading, configuration))
      .catch((error: unknown) => log('error', `the configuration could not be taken: ${String(error)}`))
      .then(watchdog.ready)
  }

  function refuse(note: string, remedy: string) {
    troubles.begin('configuration', 'configuration', note, remedy)
    watchdog.ready()
  }
}
