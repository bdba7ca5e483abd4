// Old phones: Safari 10, Chromium 51, Firefox 52. What they don't know must not carry the page.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { parseAst } from 'vite'
import { describe, expect, test } from 'vitest'
import { openViews } from '../../src/page/pages/views.ts'

const css = readFileSync('views/style.css', 'utf8').replace(/\/\*.*?\*\//gs, '')
const { script } = openViews('views')

/** Nodes of the syntax tree (ESTree) that ECMAScript 5.1 has. */
const ES5 = new Set(
  `Program ExpressionStatement BlockStatement EmptyStatement IfStatement ForStatement ForInStatement WhileStatement
  DoWhileStatement ReturnStatement BreakStatement ContinueStatement ThrowStatement TryStatement CatchClause
  SwitchStatement SwitchCase VariableDeclaration VariableDeclarator FunctionDeclaration FunctionExpression Identifier
  Literal ThisExpression ArrayExpression ObjectExpression Property UnaryExpression UpdateExpression BinaryExpression
  LogicalExpression AssignmentExpression ConditionalExpression CallExpression NewExpression MemberExpression
  SequenceExpression`.split(/\s+/),
)
/** What a standard library of 2016 lacks somewhere on the floor, and what doesn't parse there though its node is old. */
const NEWER_NAMES =
  /^(Promise|Map|Set|Symbol|Proxy|Reflect|fetch|URL|includes|remove|closest|forEach|matches|append|replaceWith|find|findIndex|startsWith|endsWith|padStart|entries|assign|from|of|toggleAttribute|replaceChildren)$/
const NEWER_OPERATORS = new Set(['**', '??', '**=', '??=', '||=', '&&='])

interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

/** What of a script an engine of ES5 would not take, as `type: text`. */
function newerThanEs5(code: string): readonly string[] {
  const found: string[] = []
  visit(parseAst(code))
  return found

  function visit(value: unknown): void {
    if (Array.isArray(value)) value.forEach(visit)
    else if (value !== null && typeof value === 'object' && 'type' in value) {
      const node = value as Node
      if (isNewer(node)) found.push(`${node.type}: ${code.slice(Number(node.start), Number(node.end))}`)
      Object.values(node).forEach(visit)
    }
  }
}

function isNewer(node: Node): boolean {
  return (
    !ES5.has(node.type) ||
    (node.type === 'VariableDeclaration' && node.kind !== 'var') ||
    (node.type === 'Property' && (node.shorthand === true || node.method === true || node.computed === true)) ||
    (node.type === 'CatchClause' && node.param === null) ||
    node.async === true ||
    node.generator === true ||
    node.optional === true ||
    NEWER_OPERATORS.has(String(node.operator)) ||
    (node.type === 'Identifier' && NEWER_NAMES.test(String(node.name))) ||
    (node.type === 'Literal' &&
      /^\d+_|^0[ob]|n$|^\/.*\/\w*[usyd]/i.test(String(node.raw ?? '')) &&
      !/^['"]/.test(String(node.raw)))
  )
}

describe('the style sheet', () => {
  test.each([
    ['grid', /display:\s*(inline-)?grid|grid-template/],
    ['gap', /(^|[^-])gap:|(row|column)-gap:/],
    ['custom properties', /var\(|--[a-z]/],
    ['newer selectors', /:(is|where|has|focus-visible|focus-within|not\([^)]*,)/],
    ['newer functions', /\b(min|max|clamp|color-mix|oklch|oklab|lab|lch|hwb|light-dark|calc-size)\(/],
    ['colours with spaces or four or eight digits', /rgba?\(\d+ |#[0-9a-f]{4}\b|#[0-9a-f]{8}\b/i],
    ['newer boxes', /(^|[\s;{])(inset|aspect-ratio|place-(items|content|self))\s*:/],
    ['logical sides', /(margin|padding|border)-(inline|block)/],
    ['nesting and layers', /@(layer|container|supports|scope|property|import|font-face)|&/],
    ['the size of the screen as it is now', /\d(d|s|l)v[hw]\b/],
  ])('holds the floor: no %s', (_name, newer) => {
    expect(css).not.toMatch(newer)
  })

  test('asks nobody for anything', () => {
    expect(css).not.toMatch(/url\((?!#)/)
  })

  test('gives every status a colour in light and in dark', () => {
    const dark = /@media \(prefers-color-scheme: dark\) \{(.*?)\n\}/s.exec(css)![1]!
    for (const status of [
      'operational',
      'degraded_performance',
      'partial_outage',
      'major_outage',
      'under_maintenance',
      'unknown',
    ]) {
      expect(css.replace(dark, '')).toContain(`.is-${status} { color:`)
      expect(dark).toContain(`.is-${status} { color:`)
    }
  })
})

describe('the script', () => {
  test('weighs a kilobyte at most', () => {
    expect(Buffer.byteLength(script)).toBeLessThanOrEqual(1_000)
    expect(gzipSync(script).length).toBeLessThan(700)
  })

  test('is in ES5', () => {
    expect(newerThanEs5(script)).toEqual([])
  })

  test.each([
    'a => 1',
    'let a = 1',
    '`a`',
    'class A {}',
    'f(...a)',
    '({ a })',
    '({ a() {} })',
    '({ [a]: 1 })',
    'var { a } = b',
    'function f(a = 1) {}',
    'for (var a of b);',
    'a?.b',
    'a ?? b',
    'a ** b',
    'try {} catch {}',
    'a ||= b',
    '1_000',
    '/a/u',
    'new Promise(f)',
    'fetch(a)',
    'a.includes(b)',
    'e.remove()',
    'nodes.forEach(f)',
  ])('would not be, with %s', (newer) => {
    expect(newerThanEs5(newer)).not.toEqual([])
  })
})
