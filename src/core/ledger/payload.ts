// Reads what a statement says, as strictly as we write it: one wrong field, and the whole is null. Fields that this vigie
// doesn't know may stand beside, so that a newer twin can say more.
import { LANGUAGES, type Text } from '../text.ts'
import type { Instant } from '../time/time.ts'

/** What a field holds; undefined: that isn't it. */
export type Field<T> = (value: unknown) => T | undefined

export type Fields<T> = { readonly [K in keyof T]: Field<T[K]> }

/** Every field as its own rule wants it, or null. Never throws. */
export function readPayload<T extends object>(fields: Fields<T>, payload: unknown): T | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null
  const read: Partial<Record<keyof T, unknown>> = {}
  for (const name of Object.keys(fields) as (keyof T)[]) {
    const value = fields[name]((payload as Readonly<Record<keyof T, unknown>>)[name])
    if (value === undefined) return null
    read[name] = value
  }
  return read as T
}

/** Of one language's text, in UTF-16 units; of services how many. */
export const LONGEST_TITLE = 200
export const LONGEST_TEXT = 20_000
export const MOST_SERVICES = 500

/** Names of incidents, updates, maintenances: 12 of a to z and 0 to 9, as Statuspage's clients expect. */
const NAME = /^[a-z0-9]{12}$/

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value)
}

/** A name made of a text: every site makes the same of the same (FNV-1a, 64 bits). */
export function nameFrom(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(36).padStart(12, '0').slice(-12)
}

/** Of an incident, an update, a maintenance, as `nameFrom` makes them. */
export const name: Field<string> = (value) => (isName(value) ? value : undefined)

/** Who said it: an account's name, `cli`, `token:NAME`, or `vigie` itself. */
export const author: Field<string> = (value) => (isLine(value, 300) ? value : undefined)

/** A moment that a Date can show. */
export const moment: Field<Instant> = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15 ? value : undefined

/** True or false, and nothing like them. */
export const flag: Field<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)

/** One line without control characters. */
export const line =
  (most: number): Field<string> =>
  (value) =>
    isLine(value, most) ? value : undefined

/** A title: one line, in at least one language. */
export const title: Field<Text> = texts((value) => isLine(value, LONGEST_TITLE))

/** Markdown in at least one language; line feeds and tabs, no other control characters. */
export const prose: Field<Text> = texts(isProse)

/** Ids of services, each once. */
export const services: Field<readonly string[]> = (value) => {
  const ids = list(line(100), MOST_SERVICES)(value)
  return ids === undefined ? undefined : [...new Set(ids)]
}

/** At most so many; one item that isn't `item`, and there is no list. */
export function list<T>(item: Field<T>, most: number): Field<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) return undefined
    const items = value.map(item)
    return items.every((one) => one !== undefined) ? (items as readonly T[]) : undefined
  }
}

/** A word that only a newer vigie knows is none: its statement stays unread. */
export function oneOf<T extends string>(words: readonly T[]): Field<T> {
  return (value) => words.find((word) => word === value)
}

/** Null when it isn't said. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return (value) => (value === undefined || value === null ? null : field(value))
}

/** True for text in one line that is not empty and has no control characters. */
export function isLine(value: unknown, most: number): value is string {
  return (
    typeof value === 'string' &&
    value.length <= most &&
    value.trim() !== '' &&
    !/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)
  )
}

/** True for text that is not empty, of `LONGEST_TEXT` at most, with no control characters but line feeds and tabs. */
export function isProse(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= LONGEST_TEXT &&
    value.trim() !== '' &&
    !/[\p{Cs}]|(?![\n\t])\p{Cc}/u.test(value)
  )
}

function texts(good: (value: unknown) => boolean): Field<Text> {
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    const given = LANGUAGES.filter((language) => (value as Text)[language] !== undefined)
    if (given.length === 0 || !given.every((language) => good((value as Text)[language]))) return undefined
    return Object.fromEntries(given.map((language) => [language, (value as Text)[language]!]))
  }
}
