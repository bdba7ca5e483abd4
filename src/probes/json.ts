// JSON from strangers: an object, and what is in it by keys that are its own.
import { failed } from '../net/failure.ts'
import type { WebAnswer } from '../net/web.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The JSON object that an answer is. Throws `content`, naming `what` answered, for anything else. */
export function readObject(answer: WebAnswer, what: string): JsonObject {
  const document = parseJson(answer.body.toString('utf8'))
  if (answer.cut) throw content(`${what}: the answer is too long`)
  if (!isObject(document)) throw content(`${what}: the answer is ${document === undefined ? 'not JSON' : 'no object'}`)
  return document
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** False for a list and null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What stands at a key of an object; undefined when there is no such key, or no object. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined),
    value,
  )
}

/** The same as text; undefined for what is none, or empty. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = at(value, ...keys)
  return typeof found === 'string' && found !== '' ? found : undefined
}

/** The same as a finite number. */
export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
  const found = at(value, ...keys)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** The same as a list; empty for what is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = at(value, ...keys)
  return Array.isArray(found) ? found : []
}

/** The answer is not what it should be. */
export function content(note: string): Error {
  return failed({ ok: false, reason: 'content', note })
}
