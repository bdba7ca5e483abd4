// Where a setting stands in site.yaml: for a word about it that comes long after the file was read.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { SITE_FILE } from './folder.ts'
import type { Mistake } from './mistake.ts'

/**
 * `checks/site.yaml:60`, of a key at the top or of keys in each other; below it of the first value that holds `text`. Of the
 * file alone where it can't be found.
 */
export function positionOf(dir: string, keys: readonly string[], text?: string): string {
  const file = join(dir, SITE_FILE)
  const found = find(file, keys, text)
  return found === null ? file : `${file}:${found.line}`
}

/** The same for a mistake: the beginning of the file where it can't be found. */
export function placeOf(dir: string, keys: readonly string[]): Pick<Mistake, 'file' | 'line' | 'column'> {
  const file = join(dir, SITE_FILE)
  const { line, col } = find(file, keys) ?? { line: 1, col: 1 }
  return { file, line, column: col }
}

function find(file: string, keys: readonly string[], text?: string) {
  const lines = new LineCounter()
  try {
    const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, logLevel: 'silent' })
    const value = document.getIn(keys, true) as Node | undefined
    const at = (text === undefined ? undefined : valueHolding(value, text)) ?? value?.range?.[0]
    return at === undefined ? null : lines.linePos(at)
  } catch {
    return null
  }
}

function valueHolding(within: Node | undefined, text: string): number | undefined {
  let found: number | undefined
  if (within !== undefined)
    visit(within, (_, node) => {
      if (!isScalar(node) || !String(node.value).includes(text)) return undefined
      found = node.range?.[0]
      return visit.BREAK
    })
  return found
}
