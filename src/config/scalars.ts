// Single values: text, numbers, durations, choices.
import { isScalar } from 'yaml'
import type { ExpiresIn } from '../core/check.ts'
import { DAY, formatDuration, MINUTE, type Millis, parseDuration } from '../core/time/time.ts'
import { whatIs } from './fields.ts'
import { quote } from './mistake.ts'
import { nearest } from './nearest.ts'
import type { Filled } from './placeholders.ts'
import type { Convert } from './reader.ts'

/** Text with its placeholders filled in. A number is refused: what was written would not be what is used (`0123`). */
export const asFilled: Convert<Filled> = (reader, { name, at, node }) => {
  if (isScalar(node) && typeof node.value === 'string') return reader.fill(node.value, at)
  const hint = isScalar(node) && node.value !== null ? 'put it in quotes' : null
  reader.source.complain(at, `${name} must be text, not ${whatIs(node)}`, hint)
  return undefined
}

/** Text for use, secrets filled in. Undefined also when one of them is missing. */
export const asWritten: Convert<string> = (reader, entry) => {
  const filled = asFilled(reader, entry)
  return filled && filled.missing.length === 0 ? filled.text : undefined
}

/** Text that people may see: not empty, without secrets. */
export const asText: Convert<string> = (reader, entry) => {
  const filled = asFilled(reader, entry)
  if (!filled) return undefined
  if (filled.secret) reader.source.complain(entry.at, `${entry.name} is public and can't hold a secret`)
  else if (filled.text.trim() === '') reader.source.complain(entry.at, `${entry.name} is empty`)
  else return filled.text
  return undefined
}

/** `true` or `false` alone. YAML 1.2 has no `yes` and `on`: whoever writes them is told what to write. */
export const asFlag: Convert<boolean> = (reader, { name, at, node }) => {
  if (isScalar(node) && typeof node.value === 'boolean') return node.value
  const word = isScalar(node) ? String(node.value).toLowerCase() : ''
  const meant = ['yes', 'on', 'true', '1'].includes(word)
    ? 'true'
    : ['no', 'off', 'false', '0'].includes(word)
      ? 'false'
      : null
  reader.source.complain(at, `${name} must be true or false`, meant && `write ${meant}`)
  return undefined
}

/** A whole number within bounds, both included. */
export function asInteger(least: number, most: number): Convert<number> {
  return (reader, { name, at, node }) => {
    const value = isScalar(node) ? node.value : undefined
    if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value)
    reader.source.complain(at, `${name} must be a whole number from ${least} to ${most}`)
    return undefined
  }
}

const LONGEST: Millis = 3650 * DAY

/** A duration (contract 3) of at least so much. */
export function asDuration(least: Millis = 0): Convert<Millis> {
  return (reader, { name, at, node }) => {
    const written = isScalar(node) && node.value !== null ? String(node.source ?? node.value) : undefined
    const length = written === undefined ? undefined : parseDuration(written)
    if (length !== undefined && length >= least && length <= LONGEST) return length
    const wrong =
      length === undefined
        ? 'must be a duration: a whole number and one of ms s m h d'
        : length < least
          ? 'is too short'
          : 'is too long'
    const hint =
      length === undefined
        ? meantDuration(written ?? '')
        : length < least && least > 1
          ? `at least ${formatDuration(least)}`
          : null
    reader.source.complain(at, `${name} ${wrong}`, hint)
    return undefined
  }
}

/** `20%` of a lifetime, or what is left of it as a duration. */
export const asExpiry: Convert<ExpiresIn> = (reader, entry) => {
  const written = isScalar(entry.node) ? String(entry.node.source ?? '') : ''
  if (!written.endsWith('%')) {
    const left = asDuration(1)(reader, entry)
    return left === undefined ? undefined : { left }
  }
  const percent = /^\d{1,2}(?:\.\d{1,3})?%$/.test(written) ? Number(written.slice(0, -1)) : 0
  if (percent > 0) return { share: percent / 100 }
  reader.source.complain(entry.at, `${entry.name} must be a share between 0% and 100%, or a duration`)
  return undefined
}

/** One of a few words; numbers are taken as written. */
export function asOneOf<const T extends string>(choices: readonly T[]): Convert<T> {
  return (reader, { name, at, node }) => {
    const written = isScalar(node) && node.value !== null ? String(node.source ?? node.value) : undefined
    const found = choices.find((choice) => choice === written)
    if (found !== undefined) return found
    const meant = written === undefined ? null : nearest(written, choices)
    const not = written === undefined ? whatIs(node) : quote(written)
    reader.source.complain(
      at,
      `${name} must be ${listed(choices)}, not ${not}`,
      meant && `did you mean ${quote(meant)}?`,
    )
    return undefined
  }
}

/** What keys history and addresses: lowercase letters, digits, hyphens. */
export const asId: Convert<string> = (reader, { name, at, node }) => {
  const written = isScalar(node) ? String(node.source ?? node.value) : ''
  if (isId(written)) return written
  reader.source.complain(at, `${name} must be of lowercase letters, digits and hyphens`)
  return undefined
}

/** 1 to 64 of a to z, 0 to 9 and hyphens. */
export function isId(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/.test(text)
}

/** `a, b or c` */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** What somebody meant who wrote `5min`, `60`, `1.5h`. */
function meantDuration(written: string): string | null {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)\s*([a-zµ]*)\.?$/i.exec(written.trim())
  if (!match) return null
  const word = match[2]!.toLowerCase()
  const units: readonly (readonly [string, RegExp])[] = [
    ['ms', /^m(illi)?s(ec(ond)?s?)?$/],
    ['s', /^(s|secs?|seconds?|)$/],
    ['m', /^(m|mins?|minutes?)$/],
    ['h', /^(h|hrs?|hours?|heures?)$/],
    ['d', /^(d|days?|jours?|j)$/],
  ]
  const weeks = /^(w|weeks?|semaines?)$/.test(word)
  const unit = weeks ? 'd' : units.find(([, pattern]) => pattern.test(word))?.[0]
  const amount = Number(match[1]) * (weeks ? 7 : 1)
  if (unit === undefined || amount === 0) return null
  if (Number.isInteger(amount)) return `write ${amount}${unit}`
  const finer = ({ s: ['ms', 1000], m: ['s', 60], h: ['m', MINUTE / 1000], d: ['h', 24] } as const)[unit]
  const exact = finer && amount * finer[1]
  return finer && Number.isInteger(exact) ? `write ${exact}${finer[0]}` : null
}
