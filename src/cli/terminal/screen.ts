// Where a command's words go: a terminal with a width and maybe colours, or a file or pipe without.

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue'

export interface Screen {
  write(text: string): void
  /** Columns; 80 where nobody knows. */
  readonly columns: number
  /** Lines; null where there is no end to them. */
  readonly rows: number | null
  /** A person may be watching: lines can be rewritten. */
  readonly live: boolean
  /** The text in a style where colours are welcome, else as it is. */
  paint(text: string, style: Style): string
}

/** What a screen is made of: `process.stdout` is one. */
export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

const USUAL_COLUMNS = 80
/** Narrower than this nothing is readable; a terminal that says so lies. */
const FEWEST_COLUMNS = 20

const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
}

/** Colours on a terminal alone, never with NO_COLOR (no-color.org) nor on one that calls itself dumb. */
export function createScreen(stream: Stream, environment: Readonly<Record<string, string | undefined>>): Screen {
  const terminal = stream.isTTY === true
  const able = terminal && environment.TERM !== 'dumb'
  const coloured = able && !environment.NO_COLOR
  return {
    write: (text) => {
      stream.write(text)
    },
    get columns() {
      return terminal && stream.columns ? Math.max(FEWEST_COLUMNS, stream.columns) : USUAL_COLUMNS
    },
    get rows() {
      return terminal && stream.rows ? stream.rows : null
    },
    live: able,
    paint: (text, style) =>
      coloured && text !== '' ? `\x1b[${CODES[style][0]}m${text}\x1b[${CODES[style][1]}m` : text,
  }
}
