// Plain text in lines that fit a terminal and a quoted answer.

const COLUMNS = 72

/**
 * Lines of at most 72 columns: the first begins with `first`, the others with `rest` (as wide by default). A word longer
 * than a line is cut, unless it is an address that would be of no use in pieces: that gets a line of its own. French
 * punctuation that stands apart (`:`) stays with its word, a length of time in one piece. No lines for an empty text.
 */
export function wrap(text: string, first = '', rest = first): readonly string[] {
  const lines: string[] = []
  let line = first
  for (const word of wordsOf(text)) {
    const fresh = lines.length === 0 ? first : rest
    if (line === fresh) line += word
    else if (width(line) + 1 + width(word) <= COLUMNS) line += ` ${word}`
    else {
      lines.push(line)
      line = rest + word
    }
    while (width(line) > COLUMNS && !line.includes('://')) {
      const characters = [...line]
      lines.push(characters.slice(0, COLUMNS).join(''))
      line = rest + characters.slice(COLUMNS).join('')
    }
  }
  if (text.trim() !== '') lines.push(line)
  return lines
}

function wordsOf(text: string): readonly string[] {
  return text
    .trim()
    .replace(/ ([:;?!])/g, '\u00a0$1')
    .replace(/(\d) (s|min|h|j|d)\b(?: (?=\d+ (?:s|min|h)\b))?/g, (length) => length.replaceAll(' ', '\u00a0'))
    .split(/[ \t\r\n]+/)
    .map((word) => word.replaceAll('\u00a0', ' '))
}

function width(text: string): number {
  return [...text].length
}
