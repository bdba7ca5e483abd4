// Opens SQLite the one way it is opened here: what is promised about durability is set on every open and read back.
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { Instant } from '../core/time/time.ts'

export interface Migration {
  /** 1, 2, 3 … in order; once released never changed, only followed by another. */
  readonly version: number
  readonly name: string
  readonly up: string
}

export interface Opening {
  /** FULL: a commit is on the disk when it returns. NORMAL: a power cut may take the last ones, and breaks nothing. */
  readonly synchronous: 'FULL' | 'NORMAL'
  /** Bytes of a page, of a new file: what a commit touches is written in whole pages. */
  readonly page: number
  /** Pages in the write-ahead log before it is folded back; the log's file keeps about that size. */
  readonly checkpoint: number
  /**
   * Nobody else opens it meanwhile; who looks from outside reads a copy (snapshot.ts). The log's index then lies in
   * memory and not in a mapped file, of which each commit would wear three pages (sqlite.org/wal.html, 8).
   */
  readonly alone: boolean
  readonly migrations: readonly Migration[]
}

/** Copies taken before migrations are kept this many. */
const COPIES = 2

/** `synchronous` as SQLite reads it back. */
const LEVEL = { FULL: 2, NORMAL: 1 } as const

/**
 * Opens or makes a database, readable by its owner alone, and brings it to the newest format: each migration in a
 * transaction of its own, after a copy of a database that held something (`FILE.before-N`). Killed at any moment, the
 * next open goes on from there. Throws SQLite's errors; and an error with code `NEWER` for a file that a later
 * version of vigie wrote.
 */
export function openDatabase(file: string, opening: Opening): Sqlite.Database {
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  const db = new Sqlite(file)
  try {
    setUp(db, file, opening)
    migrate(db, file, opening.migrations)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Writes a whole, consistent copy: under a temporary name first, on the disk before it takes its own. */
export function copyDatabase(db: Sqlite.Database, target: string): void {
  const temporary = `${target}.new`
  rmSync(temporary, { force: true })
  try {
    closeSync(openSync(temporary, 'a', 0o600))
    db.prepare('VACUUM INTO ?').run(temporary)
    sync(temporary)
    renameSync(temporary, target)
    sync(dirname(target))
  } finally {
    rmSync(temporary, { force: true })
  }
}

/** What SQLite finds wrong with the file, in its words; null: nothing. Reads all of it. */
export function damageOf(db: Sqlite.Database): string | null {
  try {
    const found = String(db.pragma('quick_check(1)', { simple: true }))
    return found === 'ok' ? null : found
  } catch (error) {
    if (trouble(error) === 'broken') return (error as Error).message
    throw error
  }
}

/**
 * Moves a broken database out of the way, its log with it, and returns where it is now: `FILE.broken-20261123T090000000Z`.
 * The last two are kept for whoever wants to know.
 */
export function setAside(file: string, now: Instant): string {
  const aside = `${file}.broken-${new Date(now).toISOString().replace(/[-:.]/g, '')}`
  for (const part of ['', '-wal', '-shm']) {
    if (existsSync(file + part)) renameSync(file + part, aside + part)
  }
  prune(file, /^\.broken-\w+$/)
  return aside
}

/** The `code` of an error of SQLite or the system; undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/**
 * What an error says about a database: `hindered` (disk full, read-only, failing, locked: it may pass by itself), or
 * `broken` (what is in the file is not what was written). Undefined: neither, a mistake of ours.
 */
export function trouble(error: unknown): 'hindered' | 'broken' | undefined {
  const code = errorCode(error)
  if (code === undefined) return undefined
  if (code === 'REFUSED') return 'hindered'
  if (code === 'NEWER' || code === 'SQLITE_IOERR_SHORT_READ' || code === 'SQLITE_IOERR_CORRUPTFS') return 'broken'
  if (/^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|PERM|NOMEM|PROTOCOL|AUTH|NOLFS)/.test(code)) return 'hindered'
  if (code.startsWith('SQLITE_')) return 'broken'
  return /^E[A-Z]+$/.test(code) ? 'hindered' : undefined
}

function setUp(db: Sqlite.Database, file: string, opening: Opening): void {
  db.pragma('busy_timeout = 2000')
  db.pragma(`page_size = ${opening.page}`)
  db.pragma('trusted_schema = OFF')
  db.pragma('cell_size_check = ON')
  db.pragma('foreign_keys = ON')
  db.pragma('temp_store = MEMORY')
  db.pragma('mmap_size = 0')
  db.pragma('cache_size = -2000')
  db.pragma(`journal_size_limit = ${2 * opening.checkpoint * opening.page}`)
  if (opening.alone) db.pragma('locking_mode = EXCLUSIVE')
  db.pragma('journal_mode = WAL')
  db.pragma(`wal_autocheckpoint = ${opening.checkpoint}`)
  db.pragma(`synchronous = ${opening.synchronous}`)
  expect(db, file, 'journal_mode', 'wal')
  expect(db, file, 'synchronous', LEVEL[opening.synchronous])
  expect(db, file, 'foreign_keys', 1)
}

function expect(db: Sqlite.Database, file: string, pragma: string, wanted: string | number): void {
  const found = db.pragma(pragma, { simple: true })
  if (found === wanted) return
  throw Object.assign(new Error(`${file}: ${pragma} is ${String(found)} and should be ${wanted}`), { code: 'REFUSED' })
}

function migrate(db: Sqlite.Database, file: string, migrations: readonly Migration[]): void {
  const version = db.pragma('user_version', { simple: true }) as number
  const newest = migrations.at(-1)?.version ?? 0
  if (version > newest) throw newer(file, version, newest)
  const missing = migrations.filter((migration) => migration.version > version)
  if (missing.length === 0) return
  if (version > 0) {
    copyDatabase(db, `${file}.before-${version + 1}`)
    prune(file, /^\.before-\d+$/)
  }
  for (const migration of missing) {
    db.transaction(() => {
      db.exec(migration.up)
      db.pragma(`user_version = ${migration.version}`)
    }).immediate()
  }
}

function newer(file: string, version: number, newest: number): Error {
  const message =
    `${file} was written by a newer vigie (format ${version}, this one knows ${newest}). ` +
    `Start that version again, or bring back ${basename(file)}.before-${newest + 1}.`
  return Object.assign(new Error(message), { code: 'NEWER' })
}

/** Of the files beside `file` whose ending matches, leaves the newest. */
function prune(file: string, ending: RegExp): void {
  const folder = dirname(file)
  const name = basename(file)
  const age = (other: string) => statSync(join(folder, other)).mtimeMs
  const found = readdirSync(folder).filter((other) => other.startsWith(name) && ending.test(other.slice(name.length)))
  const old = found.sort((a, b) => age(b) - age(a) || (a < b ? 1 : -1)).slice(COPIES)
  for (const other of old) {
    for (const part of ['', '-wal', '-shm']) rmSync(join(folder, other + part), { force: true })
  }
}

/** When it returns, the bytes of a file are on the disk, or the names in a folder. */
export function sync(path: string): void {
  const fd = openSync(path, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}
