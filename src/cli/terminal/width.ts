// How wide a text stands on a terminal, and how it is made to fit.

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** What terminals draw over two columns: East Asian wide and full-width characters, emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|.*\ufe0f)/u

/** Marks without a letter of their own, and characters that are never drawn. */
const NOTHING = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u

/** Columns a text takes on a terminal: é is one, however it is written; 漢 is two. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += columnsOf(segment)
  return width
}

/** The text in at most so many columns, `…` at its end when something is missing. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  return width < 1 ? '' : `${head(text, width - 1).trimEnd()}…`
}

/** The text filled up with spaces to so many columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + space : space + text
}

/** The text in lines of at most so many columns; a word that is longer is broken. One line at least. */
export function fold(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`
    if (widthOf(longer) <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (widthOf(line) > width) {
      const part = head(line, Math.max(2, width))
      lines.push(part)
      line = line.slice(part.length)
    }
  }
  return [...lines, line]
}

function head(text: string, width: number): string {
  let kept = ''
  let taken = 0
  for (const { segment } of segmenter.segment(text)) {
    taken += columnsOf(segment)
    if (taken > width) break
    kept += segment
  }
  return kept
}

function columnsOf(grapheme: string): number {
  if (NOTHING.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}
