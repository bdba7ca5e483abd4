// What an HTTP answer must be: its status, what its body says.
import type { Failure } from '../net/failure.ts'
import type { WebAnswer } from '../net/web.ts'

/** Both included. */
export type StatusRange = readonly [least: number, most: number]

/** One field of a JSON answer and what it must be. */
export interface FieldRule {
  readonly path: string
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>='
  readonly value: string
}

export interface BodyRules {
  readonly contains: readonly string[]
  readonly absent: readonly string[]
  readonly fields: readonly FieldRule[]
}

type Scalar = string | number | boolean | null

/** `200`, `"204"`, `"200-299"`; undefined for anything else, or outside 100 to 599. */
export function parseStatus(value: Scalar): StatusRange | undefined {
  const match = /^([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?$/.exec(String(value).trim())
  if (!match) return undefined
  const least = Number(match[1])
  const most = Number(match[2] ?? match[1])
  return least <= most ? [least, most] : undefined
}

/** Reads `">= 5"`, `"!= error"`, `"ok"`; undefined when an order is asked of what is no number. */
export function parseFieldRule(path: string, wanted: string): FieldRule | undefined {
  const match = /^\s*(<=|>=|!=|==|=|<|>)\s*(.*)$/s.exec(wanted)
  if (!match) return { path, operator: '=', value: wanted }
  const operator = match[1] === '==' ? '=' : (match[1] as FieldRule['operator'])
  const value = match[2]!.trim()
  const ordered = operator !== '=' && operator !== '!='
  return ordered && numberOf(value) === undefined ? undefined : { path, operator, value }
}

/** False where there are no ranges. */
export function statusFits(ranges: readonly StatusRange[], status: number): boolean {
  return ranges.some(([least, most]) => status >= least && status <= most)
}

/** The first rule that a body breaks, null when it keeps them all. */
export function judgeBody(answer: WebAnswer, rules: BodyRules): Failure | null {
  if (rules.contains.length + rules.absent.length + rules.fields.length === 0) return null
  const text = decode(answer)
  const missing = rules.contains.find((part) => !text.includes(part))
  if (missing !== undefined) {
    return content(
      `does not contain "${missing}"${answer.cut ? ` in its first ${formatBytes(answer.body.length)}` : ''}`,
    )
  }
  const unwanted = rules.absent.find((part) => text.includes(part))
  if (unwanted !== undefined) return content(`contains "${unwanted}"`)
  return rules.fields.length === 0 ? null : judgeFields(text, rules.fields, answer.cut)
}

/** `12 kB`, for people. */
export function formatBytes(size: number): string {
  if (size < 1_000) return `${size} B`
  return size < 1_000_000 ? `${Math.round(size / 1_000)} kB` : `${(size / 1_000_000).toFixed(1)} MB`
}

function judgeFields(text: string, rules: readonly FieldRule[], cut: boolean): Failure | null {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return content(cut ? 'the JSON is longer than max_bytes' : 'the answer is not JSON')
  }
  for (const rule of rules) {
    const actual = fieldOf(document, rule.path)
    if (actual === undefined) return content(`${rule.path} is missing`)
    const wanted = `${rule.operator === '=' ? '' : `${rule.operator} `}${rule.value}`
    if (!fieldFits(actual, rule)) return content(`${rule.path} is ${shown(actual)}, not ${wanted}`)
  }
  return null
}

/** Follows a dotted path; numbers are places in a list. Undefined: nothing there. */
export function fieldOf(document: unknown, path: string): unknown {
  let value = document
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/**
 * `=` takes a number as a number (5 is `5.0`), all else as text; a list or an object equals nothing. In an order stand
 * numbers alone, be they written as text.
 */
export function fieldFits(actual: unknown, rule: FieldRule): boolean {
  if (rule.operator === '=') return same(actual, rule.value)
  if (rule.operator === '!=') return !same(actual, rule.value)
  const [left, right] = [numberOf(actual), numberOf(rule.value)]
  if (left === undefined || right === undefined) return false
  if (rule.operator === '<') return left < right
  if (rule.operator === '<=') return left <= right
  return rule.operator === '>' ? left > right : left >= right
}

function same(actual: unknown, wanted: string): boolean {
  if (typeof actual === 'number') return actual === numberOf(wanted)
  return typeof actual !== 'object' || actual === null ? String(actual) === wanted : false
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^\s*[-+]?\d+(\.\d+)?(e[-+]?\d+)?\s*$/i.test(value)) return undefined
  return Number(value)
}

function shown(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : String(value).slice(0, 60)
}

/** In the charset it claims, UTF-8 where that is none. */
function decode(answer: WebAnswer): string {
  const type = String(answer.headers['content-type'] ?? '')
  const charset = /;\s*charset="?([\w.:-]{1,40})/i.exec(type)?.[1]
  try {
    return new TextDecoder(charset ?? 'utf-8').decode(answer.body)
  } catch {
    return answer.body.toString('utf8')
  }
}

function content(note: string): Failure {
  return { ok: false, reason: 'content', note }
}
