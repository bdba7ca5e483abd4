// One process owns a data folder.
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { errorCode } from './database.ts'
import { makeFolder } from './folder.ts'

export interface Lock {
  release(): void
}

/**
 * Takes the data folder, made when it isn't there, or says which process has it (null: it didn't say).
 *
 * The lock is one the kernel holds for the process (an exclusive transaction on an empty database): it is gone the
 * moment the process is, by kill -9 or a power cut, and a reused pid can't be mistaken for the owner. `DIR/pid` is
 * for people.
 */
export function lockFolder(dir: string): Lock | { readonly heldBy: number | null } {
  makeFolder(dir)
  const pidFile = join(dir, 'pid')
  const db = hold(join(dir, 'lock'))
  if (db === undefined) return { heldBy: readPid(pidFile) }
  writePid(pidFile)
  return {
    release: () => {
      rmSync(pidFile, { force: true })
      db.close()
    },
  }
}

function hold(file: string): Sqlite.Database | undefined {
  try {
    return begin(file)
  } catch (error) {
    if (errorCode(error) === 'SQLITE_BUSY') return undefined
    if (errorCode(error) !== 'SQLITE_NOTADB') throw error
  }
  // Noise from a bad card. It could be read, so nobody holds it; emptied in place, because a file put in its stead
  // would be another lock for whoever opened the first.
  truncateSync(file)
  try {
    return begin(file)
  } catch (error) {
    if (errorCode(error) === 'SQLITE_BUSY') return undefined
    throw error
  }
}

function begin(file: string): Sqlite.Database {
  const db = new Sqlite(file, { timeout: 0 })
  try {
    db.pragma('journal_mode = MEMORY')
    db.exec('BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** A full disk is no reason not to look: then the owner is nameless. */
function writePid(file: string): void {
  try {
    writeFileSync(file, `${process.pid}\n`)
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC') throw error
  }
}

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
    return pid > 0 ? pid : null
  } catch {
    return null
  }
}
