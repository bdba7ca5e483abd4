// Tables that fit.
import type { Screen, Style } from './screen.ts'
import { cut, fold, pad, widthOf } from './width.ts'

export interface Column {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** It may be cut to so many columns where there is little room, to fewer on a telephone; without this it is never cut. */
  readonly least?: number
}

/** One line of text without control characters. */
export type Cell = string | { readonly text: string; readonly style: Style }

export interface Row {
  readonly cells: readonly Cell[]
  /** The last cell goes on below rather than being cut. */
  readonly whole?: boolean
}

export interface Section {
  /** Stands above its rows, which are then indented; null: no title. */
  readonly title: string | null
  readonly rows: readonly Row[]
}

const GAP = 2
const NARROWEST = 5
const INDENT = '  '

/** Lines no wider than the screen, with one header over all sections and the same columns in each. */
export function table(columns: readonly Column[], sections: readonly Section[], screen: Screen): readonly string[] {
  const titled = sections.some(({ title }) => title !== null)
  const indent = titled ? INDENT : ''
  const room = screen.columns - indent.length
  const widths = widthsIn(
    columns,
    sections.flatMap(({ rows }) => rows),
    room,
  )
  const header = line(
    columns.map(({ title }) => title),
    columns,
    widths,
  )
  return [
    screen.paint(cut(indent + header, screen.columns), 'dim'),
    ...sections.flatMap(({ title, rows }, index) => [
      ...(title === null || index === 0 ? [] : ['']),
      ...(title === null ? [] : [screen.paint(cut(title, screen.columns), 'bold')]),
      ...rows.flatMap((row) => rowLines(row, columns, widths, screen).map((text) => indent + text)),
    ]),
  ]
}

/** As wide as its widest cell each; while that is too much, the last that may be cut gives way: names stand first. */
function widthsIn(columns: readonly Column[], rows: readonly Row[], room: number): readonly number[] {
  const widths = columns.map(({ title }, at) =>
    Math.max(widthOf(title), ...rows.map(({ cells }) => widthOf(textOf(cells[at] ?? '')))),
  )
  const total = () => widths.reduce((sum, width) => sum + width, 0) + GAP * (columns.length - 1)
  for (const enough of [(least: number) => least, () => NARROWEST]) {
    while (total() > room) {
      const gives = columns.findLastIndex(({ least }, at) => least !== undefined && widths[at]! > enough(least))
      if (gives < 0) break
      widths[gives]!--
    }
  }
  return widths
}

function rowLines(
  { cells, whole = false }: Row,
  columns: readonly Column[],
  widths: readonly number[],
  screen: Screen,
) {
  const last = columns.length - 1
  const texts = cells.map(textOf)
  const folded = whole ? fold(texts[last] ?? '', widths[last]!) : [texts[last] ?? '']
  const first = line([...texts.slice(0, last), folded[0]!], columns, widths, (text, at) => {
    const cell = cells[at]
    return typeof cell === 'object' ? screen.paint(text, cell.style) : text
  })
  const before = ' '.repeat(widths.slice(0, last).reduce((sum, width) => sum + width + GAP, 0))
  return [first, ...folded.slice(1).map((text) => before + text)]
}

function line(
  texts: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  paint: (text: string, at: number) => string = (text) => text,
): string {
  const parts = columns.map(({ align = 'left' }, at) => {
    const text = cut(texts[at] ?? '', widths[at]!)
    const padded = at === columns.length - 1 && align === 'left' ? text : pad(text, widths[at]!, align)
    return padded.replace(text, () => paint(text, at))
  })
  return parts.join(' '.repeat(GAP)).trimEnd()
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}
