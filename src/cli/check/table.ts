// What `vigie check` prints for people.
import type { Configuration } from '../../core/check.ts'
import { cleanNote } from '../../core/observation.ts'
import { say } from '../../core/text.ts'
import type { Millis } from '../../core/time/time.ts'
import type { Screen, Style } from '../terminal/screen.ts'
import { type Cell, type Column, type Row, table } from '../terminal/table.ts'
import type { Result } from './result.ts'

const COLUMNS: readonly Column[] = [
  { title: 'CHECK', least: 12 },
  { title: 'KIND', least: 4 },
  { title: 'RESULT' },
  { title: 'TOOK', align: 'right' },
  { title: 'NOTE', least: 24 },
]

/** One row a check, under the name of its service. What isn't fine is told whole; with `whole` everything is. */
export function resultTable(
  results: readonly Result[],
  { services }: Configuration,
  screen: Screen,
  whole: boolean,
): readonly string[] {
  const sections = services
    .map(({ id, name }) => ({
      title: cleanNote(say(name, 'en')),
      rows: results
        .filter(({ service }) => service === id)
        .map((result) => ({ ...rowOf(result), ...(whole ? { whole } : {}) })),
    }))
    .filter(({ rows }) => rows.length > 0)
  return table(COLUMNS, sections, screen)
}

/** `17 fine, 2 slow, 1 failed, 1 unknown, 2 wait to be pinged; 1.2 s in all.` */
export function summaryOf(results: readonly Result[], took: Millis): string {
  const count = (wanted: (result: Result) => boolean, words: string) => {
    const found = results.filter(wanted).length
    return found === 0 ? [] : [`${found} ${words}`]
  }
  const parts = [
    ...count(({ ok, reason }) => ok === true && reason === null, 'fine'),
    ...count(({ reason }) => reason === 'slow', 'slow'),
    ...count(({ reason }) => reason === 'expiring', 'with a certificate or domain that expires soon'),
    ...count(({ ok }) => ok === false, 'failed'),
    ...count(({ ok, reason }) => ok === null && reason !== null, 'unknown'),
    ...count(waits, 'to be pinged'),
  ]
  return parts.length === 0 ? 'There was nothing to look at.' : `${parts.join(', ')}; ${length(took)} in all.`
}

function rowOf(result: Result): Row {
  const { check, kind, took_ms, note, ok, reason } = result
  const took = ok === null && took_ms === 0 ? '' : length(took_ms)
  return { cells: [check, kind, wordOf(result), took, note], whole: ok !== true || reason !== null }
}

function wordOf(result: Result): Cell {
  const { ok, reason } = result
  if (waits(result)) return { text: '· waits', style: 'dim' }
  const [mark, style]: readonly [string, Style] =
    ok === false ? ['✗', 'red'] : ok === null ? ['?', 'blue'] : reason === null ? ['✓', 'green'] : ['!', 'yellow']
  return { text: `${mark} ${reason ?? 'ok'}`, style }
}

function waits({ ok, reason }: Result): boolean {
  return ok === null && reason === null
}

/** Milliseconds while they are few. */
function length(took: Millis): string {
  return took < 1_000 ? `${Math.round(took)} ms` : `${(took / 1_000).toFixed(1)} s`
}
