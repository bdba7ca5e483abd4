// One file: its YAML as nodes that know their place, and what is wrong with it.
import { type Alias, isAlias, isNode, type ParsedNode, parseDocument, visit, type YAMLError } from 'yaml'
import { type Mistake, oneLine } from './mistake.ts'

export interface Source {
  readonly file: string
  /** Null: an empty file, or one with mistakes of YAML itself, which is not read further. */
  readonly root: ParsedNode | null
  /** False: it isn't YAML, and nothing can be said of what is in it. */
  readonly readable: boolean
  /** Reports a mistake at an offset of the text. The same words at the same place are reported once. */
  complain(at: number, message: string, hint?: string | null): void
  /** The same of what may stay as it is. */
  warn(at: number, message: string, hint?: string | null): void
  /** The node itself, or the one that an alias stands for; null for nothing at all or an alias without its anchor. */
  resolve(node: unknown): ParsedNode | null
  /** In the order of the text. */
  mistakes(): Mistake[]
  warnings(): Mistake[]
}

interface Remark {
  readonly at: number
  readonly message: string
  readonly hint: string | null
}

const MOST_ALIASES = 100
const MOST_SYNTAX_ERRORS = 100

const REMEDIES: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BAD_SCALAR_START: 'put the value in quotes',
  MULTILINE_IMPLICIT_KEY: 'is a colon or the space after it missing?',
  BLOCK_AS_IMPLICIT_KEY: 'is the indentation right? a value with ": " in it needs quotes',
  BAD_DQ_ESCAPE: 'use single quotes, or \\\\ for a backslash',
  MISSING_CHAR: 'is a quote or a bracket missing? a value with { } [ ] or , in it needs quotes',
  MULTIPLE_DOCS: 'a file is one document',
  TAG_RESOLVE_FAILED: 'take the tag out',
  RESOURCE_EXHAUSTION: 'it is nested too deeply',
}

/** Reads a text as YAML 1.2. Never throws: what isn't YAML is a mistake. */
export function readSource(file: string, text: string): Source {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const mistakes: Remark[] = []
  const warnings: Remark[] = []
  const targets = new Map<unknown, ParsedNode>()
  const contents = parse()
  return {
    file,
    root: contents ?? null,
    readable: contents !== undefined,
    complain: (at, message, hint = null) => void mistakes.push({ at, message, hint }),
    warn: (at, message, hint = null) => void warnings.push({ at, message, hint }),
    resolve: (node) => (isAlias(node) ? (targets.get(node) ?? null) : isNode(node) ? (node as ParsedNode) : null),
    mistakes: () => locate(file, body, mistakes),
    warnings: () => locate(file, body, warnings),
  }

  function parse(): ParsedNode | null | undefined {
    const stray = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(body)
    if (stray) {
      mistakes.push({ at: stray.index, message: 'a control character: this is no text file', hint: null })
      return undefined
    }
    try {
      const document = parseDocument(body, {
        prettyErrors: false,
        uniqueKeys: false,
        resolveKnownTags: false,
        logLevel: 'error',
      })
      const errors = firstOfEachLine(body, [...document.errors, ...document.warnings])
      for (const error of errors) {
        mistakes.push({
          at: afterSpaces(error.pos[0]),
          message: `YAML: ${error.message}`,
          hint: REMEDIES[error.code] ?? null,
        })
      }
      if (errors.length > 0) return undefined
      followAliases(document)
      return mistakes.length > 0 ? undefined : document.contents
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      mistakes.push({ at: 0, message: 'YAML: nested too deeply', hint: null })
      return undefined
    }
  }

  /** The parser means the line's first word where it points at the indentation. */
  function afterSpaces(at: number): number {
    const word = at + /^ */.exec(body.slice(at, at + 1000))![0].length
    return /[\r\n]/.test(body[word] ?? '\n') ? at : word
  }

  function followAliases(document: ReturnType<typeof parseDocument>): void {
    const anchors = new Map<string, ParsedNode>()
    let aliases = 0
    visit(document, {
      Node(_key, node) {
        if (!isAlias(node)) {
          const anchor = (node as ParsedNode).anchor
          if (anchor) anchors.set(anchor, node as ParsedNode)
          return
        }
        const at = node.range?.[0] ?? 0
        const target = anchors.get(node.source)
        aliases++
        if (target) targets.set(node, target)
        else mistakes.push({ at, message: `no anchor &${node.source} before this alias`, hint: null })
        if (aliases > MOST_ALIASES) {
          mistakes.push({ at, message: `more than ${MOST_ALIASES} aliases in one file`, hint: null })
          return visit.BREAK
        }
        return
      },
    })
  }
}

/** A node for `JSON.stringify`, where an alias is only its name: followed, if there are any, by what each stands for. */
export function spellOut(node: ParsedNode | null, resolve: Source['resolve']): unknown {
  const meant = new Map<Alias, ParsedNode | null>()
  follow(node)
  return meant.size === 0 ? node : [node, ...meant.values()]

  function follow(within: ParsedNode | null) {
    visit(within, {
      Alias(_key, alias) {
        if (meant.has(alias)) return
        const target = resolve(alias)
        meant.set(alias, target)
        follow(target)
      },
    })
  }
}

/** A mistake of YAML makes the parser stumble several times: the first of each line is the one to see. */
function firstOfEachLine(text: string, errors: readonly YAMLError[]): YAMLError[] {
  const first: YAMLError[] = []
  let end = -1
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    if (error.pos[0] <= end) continue
    first.push(error)
    if (first.length >= MOST_SYNTAX_ERRORS) break
    const newline = text.indexOf('\n', error.pos[0])
    end = newline < 0 ? text.length : newline
  }
  return first
}

/** Gives remarks their line and column, in one walk over the text. */
function locate(file: string, text: string, remarks: readonly Remark[]): Mistake[] {
  const found: Mistake[] = []
  const seen = new Set<string>()
  let at = 0
  let line = 1
  let column = 1
  for (const remark of [...remarks].sort((a, b) => a.at - b.at)) {
    for (; at < Math.min(remark.at, text.length); at++) {
      const unit = text.charCodeAt(at)
      if (unit === 0x0a) {
        line++
        column = 1
      } else if ((unit & 0xfc00) !== 0xdc00) column++
    }
    const key = `${remark.at} ${remark.message}`
    if (seen.has(key)) continue
    seen.add(key)
    found.push({ file, line, column, message: oneLine(remark.message), hint: remark.hint })
  }
  return found
}
