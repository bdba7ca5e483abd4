// Strings that are announced by their length (RFC 9051, 4.3; RFC 5804, 4).
import type { Lines } from './lines.ts'

/** The next line, which goes on behind each literal in it; literals are given as quoted strings. Bounded as lines are. */
export async function withLiterals(lines: Lines): Promise<string> {
  let text = ''
  for (;;) {
    const line = await lines.next()
    const announced = /\{(\d{1,15})\+?\}$/.exec(line)
    if (announced === null) return text + line
    text += line.slice(0, announced.index) + quote(await lines.bytes(Number(announced[1])))
  }
}

/** A quoted string; it can't hold the end of a line. */
export function quote(text: string): string {
  return `"${text.replace(/[\r\n\0]+/g, ' ').replace(/["\\]/g, '\\$&')}"`
}
