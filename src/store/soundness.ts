// Is a database sound? Asked from outside, of a copy.
import { statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { damageOf } from './database.ts'
import { withSnapshot } from './snapshot.ts'

export type Soundness =
  | { readonly kind: 'sound' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'large'; readonly bytes: number }
  | { readonly kind: 'unreadable'; readonly note: string }
  | { readonly kind: 'damaged'; readonly note: string }

/** Reads all of a database of at most so many bytes. Never throws. */
export function soundnessOf(file: string, most: number): Soundness {
  try {
    const size = statSync(file, { throwIfNoEntry: false })?.size
    if (size === undefined) return { kind: 'missing' }
    if (size > most) return { kind: 'large', bytes: size }
    const damage = withSnapshot(file, readThrough)
    return damage === null ? { kind: 'sound' } : { kind: 'damaged', note: damage }
  } catch (error) {
    return { kind: 'unreadable', note: (error as Error).message }
  }
}

function readThrough(copy: string): string | null {
  try {
    const db = new Sqlite(copy)
    try {
      return damageOf(db)
    } finally {
      db.close()
    }
  } catch (error) {
    return (error as Error).message
  }
}
