// The configuration as commands need it: sound, or printed with all that is wrong with it.
import { byPlace, formatMistake, type Mistake } from '../config/mistake.ts'
import { type Reading, readConfiguration } from '../config/read.ts'
import { kinds } from '../probes/index.ts'
import type { Call, Environment, Host, SoundReading } from './command.ts'
import { keyMistake } from './own-key.ts'
import type { Screen } from './terminal/screen.ts'

/** Reads the folder that the options name, and compares its keys with that of the data folder. */
export function read({ options }: Call, environment: Environment): Reading {
  const { checks: dir, data, site, runningSite, listen } = options
  const readAs = (one: string | undefined) => readConfiguration({ dir, data, environment, kinds, site: one, listen })
  const asRunning = readAs(site ?? runningSite)
  // It may have been renamed since.
  const renamed = asRunning.configuration === null && site === undefined && runningSite !== undefined
  const reading = renamed ? readAs(undefined) : asRunning
  const found = reading.configuration === null ? null : keyMistake(options, reading.configuration)
  if (found === null) return reading
  const { foreign, mistake } = found
  if (foreign) return { ...reading, configuration: null, plans: new Map(), mistakes: [...reading.mistakes, mistake] }
  return { ...reading, warnings: [...reading.warnings, mistake].sort(byPlace) }
}

/** The same for those who can't go on with mistakes: they are complained of, and null is returned. */
export function readSound(call: Call, { environment, err }: Host): SoundReading | null {
  const reading = read(call, environment)
  if (isSound(reading)) return reading
  printMistakes(reading.mistakes, [], err)
  err.write(`${countOf(reading.mistakes, 'mistake')} in the configuration: nothing was done.\n`)
  return null
}

/** Warnings are no mistakes. */
export function isSound(reading: Reading): reading is SoundReading {
  return reading.configuration !== null
}

/** One line each, by file and place: what editors and people alike can jump to. */
export function printMistakes(mistakes: readonly Mistake[], warnings: readonly Mistake[], screen: Screen): void {
  const all = [
    ...mistakes.map((mistake) => ({ mistake, mark: '' })),
    ...warnings.map((mistake) => ({ mistake, mark: 'warning: ' })),
  ].sort((a, b) => byPlace(a.mistake, b.mistake))
  for (const { mistake, mark } of all) {
    const line = formatMistake({ ...mistake, message: mark + mistake.message })
    const place = `${mistake.file}:${mistake.line}:${mistake.column}:`
    const rest = line.startsWith(`${place} ${mark}`) ? line.slice(place.length + 1 + mark.length) : null
    screen.write(
      rest === null ? `${line}\n` : `${screen.paint(place, 'bold')} ${screen.paint(mark, 'yellow')}${rest}\n`,
    )
  }
}

/** `1 mistake`, `3 mistakes`. */
export function countOf(items: readonly unknown[] | number, noun: string): string {
  const count = typeof items === 'number' ? items : items.length
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
