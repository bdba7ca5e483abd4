// The looks that `vigie explain` tells, and what is left of those that were too long ago.
import type { CheckExplanation, SumEvidence } from '../../core/history/explanation.ts'
import { cleanNote, type Reason } from '../../core/observation.ts'
import { REASONS } from '../../core/reason-words.ts'
import { DAY, HOUR, type Instant, type Millis } from '../../core/time/time.ts'
import type { Screen, Style } from '../terminal/screen.ts'
import { type Cell, type Row, table } from '../terminal/table.ts'
import { fold } from '../terminal/width.ts'
import type { Clock } from './people.ts'

/** A table of looks; of many that saw the same without a pause of `apart` the first and the last are told. */
export function lookTable(
  looks: CheckExplanation['looks'],
  apart: Millis,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const several = new Set(looks.map(({ site, strand }) => `${site} ${strand}`)).size > 1
  const rows = runsOf(looks, apart).flatMap((run): readonly Row[] => {
    const row = (look: Look): Row => {
      const [text, style] = seen(look)
      return {
        cells: [clock(look.at), took(look.took), ...(several ? [whoOf(look)] : []), { text, style }],
        whole: true,
      }
    }
    if (run.length < LONG_RUN) return run.map(row)
    const between: Cell[] = ['…', '', ...(several ? [''] : []), `${run.length - 2} more of the same`]
    return [row(run[0]!), { cells: between, whole: true }, row(run.at(-1)!)]
  })
  const columns = [
    { title: 'LOOKED' },
    { title: 'TOOK', align: 'right' as const },
    ...(several ? [{ title: 'SITE', least: 8 }] : []),
    { title: 'SAW', least: 20 },
  ]
  return table(columns, [{ title: null, rows }], { ...screen, columns: screen.columns - 2 }).map((line) => `  ${line}`)
}

type Look = CheckExplanation['looks'][number]

/** Fewer are told one by one. */
const LONG_RUN = 5

/** Looks that follow each other and saw the same, from the same place. */
function runsOf(looks: readonly Look[], apart: Millis): readonly (readonly Look[])[] {
  const runs: Look[][] = []
  const mark = (look: Look) => `${whoOf(look)} ${seen(look)[0]}`
  for (const look of looks) {
    const run = runs.at(-1)
    const last = run?.at(-1)
    if (last !== undefined && mark(last) === mark(look) && look.at - last.at <= apart) run!.push(look)
    else runs.push([look])
  }
  return runs
}

function whoOf({ site, strand }: Look): string {
  return `${site}${strand === null ? '' : ` IPv${strand}`}`
}

function seen({ reason, note, excuse }: Look): readonly [string, Style] {
  const what = reason === null ? 'fine' : REASONS.en[reason]
  const noted = note === null || note === '' ? '' : `: ${cleanNote(note)}`
  if (excuse === 'cut') return [`${what}${noted}; our line was cut: it doesn’t count`, 'blue']
  if (excuse === 'tainted') return [`${what}${noted}; so soon after a cut of our line it doesn’t count`, 'blue']
  return [`${what}${noted}`, reason === null ? 'green' : 'red']
}

/** What is left of looks that were too long ago. */
export function sumLines(sums: readonly SumEvidence[], at: Instant, clock: Clock, screen: Screen): readonly string[] {
  if (sums.length === 0) return ['  No look before that is known.']
  const length = sums[0]!.length
  const unit = length === DAY ? 'days' : length === HOUR ? 'hours' : 'five minutes'
  const rows = sums.map(({ at: from, ok, others, median }): Row => {
    const failed = Object.entries(others).map(([reason, many]) => `${many} × ${REASONS.en[reason as Reason] ?? reason}`)
    const good = ok === 0 ? [] : [`${ok} fine${median === null ? '' : `, half of them within ${took(median)}`}`]
    return {
      cells: [`${from <= at && at < from + length ? '›' : ' '} ${clock(from)}`, [...good, ...failed].join('; ')],
      whole: true,
    }
  })
  const inner = { ...screen, columns: screen.columns - 2 }
  return [
    ...fold(`Single looks are kept for 7 days: of that time the sums of ${unit} are left.`, inner.columns),
    ...table([{ title: '  FROM' }, { title: 'SAW', least: 20 }], [{ title: null, rows }], inner),
  ].map((line) => `  ${line}`)
}

function took(length: Millis): string {
  return length < 1_000 ? `${Math.round(length)} ms` : `${(length / 1_000).toFixed(1)} s`
}
