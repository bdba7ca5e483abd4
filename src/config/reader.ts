// What reading a value needs around it: its file, and what stands behind placeholders.
import type { ParsedNode } from 'yaml'
import { type Filled, fill, type Meanings } from './placeholders.ts'
import type { Source } from './source.ts'

/** A value where it stands. */
export interface Entry {
  /** For messages: its key, or where it is in a list. */
  readonly name: string
  /** Where to point: at the value, or at its key when there is none. */
  readonly at: number
  /** Null: nothing was written. */
  readonly node: ParsedNode | null
}

export interface Reader {
  readonly source: Pick<Source, 'complain' | 'warn' | 'resolve'>
  /** Fills placeholders in; undefined after a complaint at that place. */
  fill(raw: string, at: number): Filled | undefined
  /** Values of secrets met so far. */
  readonly secrets: ReadonlySet<string>
  /** Names of secrets that are missing, met so far. */
  readonly missing: ReadonlySet<string>
}

/** Reads an entry, or complains and returns undefined. Undefined without complaint: a secret in it is missing. */
export type Convert<T> = (reader: Reader, entry: Entry) => T | undefined

/** A reader of its own, so that it knows which secrets it met: one for each check. */
export function createReader(source: Reader['source'], meanings: Meanings): Reader {
  const secrets = new Set<string>()
  const missing = new Set<string>()
  return {
    source,
    secrets,
    missing,
    fill(raw, at) {
      const filled = fill(raw, meanings, {
        complain: (message, hint) => source.complain(at, message, hint),
        warn: (message, hint) => source.warn(at, message, hint),
      })
      for (const value of filled?.secrets ?? []) secrets.add(value)
      for (const name of filled?.missing ?? []) missing.add(name)
      return filled
    },
  }
}

/** A source that keeps what it hears to itself, for trying out how something could be read. */
export function silent(source: Reader['source']): Reader['source'] {
  return { complain: () => {}, warn: () => {}, resolve: source.resolve }
}
