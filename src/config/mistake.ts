// What is wrong with the configuration, and where.

/** One mistake or warning, at one place. */
export interface Mistake {
  /** As the folder was given: `checks/mail.yaml`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in characters. */
  readonly column: number
  /** One line, never a secret. */
  readonly message: string
  /** What to do about it, or what was meant. */
  readonly hint: string | null
}

const LONGEST = 300

/** `file:line:column: message`, the hint in brackets behind it; always one line. */
export function formatMistake({ file, line, column, message, hint }: Mistake): string {
  return oneLine(`${file}:${line}:${column}: ${message}${hint === null ? '' : ` (${hint})`}`)
}

/** In the order in which they stand in the files. */
export function byPlace(a: Mistake, b: Mistake): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column
}

/** Something as it was written, for a message: short, printable, in quotes. */
export function quote(written: string): string {
  const line = oneLine(written)
  return `"${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`
}

/** Without control, bidirectional and line-breaking characters, and not too long. */
export function oneLine(text: string): string {
  const line = text.slice(0, LONGEST * 2).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line
}
