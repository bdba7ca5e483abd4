// Puts a backup back: nothing of the folder is touched before all of it was found whole.
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import type { Entry } from '../core/ledger/entry.ts'
import { type Instant, iso } from '../core/time/time.ts'
import { KEY, MANIFEST, type Manifest, signOf } from './backup.ts'
import { damageOf, sync } from './database.ts'
import { entriesIn } from './entries.ts'
import { makeFolder } from './folder.ts'
import { LEDGER } from './ledger-format.ts'
import { RESULTS } from './results-format.ts'
import { createTarReader } from './tar.ts'

/** What may be in one, and how large at the most. */
const ALLOWED: Readonly<Record<string, number>> = {
  [MANIFEST]: 64 * 1024,
  [KEY]: 64 * 1024,
  'ledger.db': 512 * 1024 * 1024,
  'results.db': 4 * 1024 * 1024 * 1024,
}

/** A backup that was taken apart beside a data folder and found whole; nothing of the folder was touched yet. */
export interface Unpacked {
  readonly manifest: Manifest
  /** Every entry of its ledger, by origin, in order. */
  entries(): Generator<Entry, void, undefined>
  /** The site's key, PEM. */
  readonly key: string
  /**
   * Puts it into the folder. What was there goes to `DIR/before-restore-…`, whose path is returned; null: there was
   * nothing. Whoever was logged in must log in again.
   */
  put(now: Instant): string | null
  discard(): void
}

/** Reads a backup. Throws, in words, for what is none, damaged, cut short, or of a newer vigie. */
export async function unpack(file: string, dir: string): Promise<Unpacked> {
  makeFolder(dir)
  const work = mkdtempSync(join(dir, '.restore-'))
  const discard = () => rmSync(work, { recursive: true, force: true })
  try {
    await extract(file, work)
    const manifest = readManifest(join(work, MANIFEST))
    for (const [name, { size, sha256 }] of Object.entries(manifest.files)) {
      const found = existsSync(join(work, name)) ? await signOf(join(work, name)) : null
      if (found?.size !== size || found.sha256 !== sha256) throw new Error(`${name} in it is not what was put in`)
    }
    for (const name of ['ledger.db', KEY])
      if (!Object.hasOwn(manifest.files, name)) throw new Error(`${name} is missing`)
    sound(join(work, 'ledger.db'), LEDGER.migrations.length)
    if (existsSync(join(work, 'results.db'))) sound(join(work, 'results.db'), RESULTS.migrations.length)
    return {
      manifest,
      key: readFileSync(join(work, KEY), 'utf8'),
      entries: () => entriesIn(join(work, 'ledger.db')),
      put: (now) => put(work, dir, now),
      discard,
    }
  } catch (error) {
    discard()
    throw error
  }
}

async function extract(file: string, folder: string): Promise<void> {
  mkdirSync(join(folder, 'keys'), { mode: 0o700 })
  let open: number | null = null
  const seen = new Set<string>()
  const close = () => {
    if (open !== null) closeSync(open)
    open = null
  }
  const reader = createTarReader(({ name, size }) => {
    close()
    const most = Object.hasOwn(ALLOWED, name) ? ALLOWED[name]! : -1
    if (most < 0 || seen.has(name))
      throw new Error(`it holds ${JSON.stringify(name.slice(0, 60))}, which is no part of a backup`)
    if (size > most) throw new Error(`${name} in it is too large`)
    seen.add(name)
    const fd = openSync(join(folder, name), 'wx', 0o600)
    open = fd
    return (bytes) => {
      writeSync(fd, bytes)
    }
  })
  try {
    await pipeline(createReadStream(file), createGunzip(), taking(reader.write))
    reader.end()
  } catch (error) {
    throw zipFault(error) ?? error
  } finally {
    close()
  }
}

/** What zlib finds wrong, in words; null: something else did. */
function zipFault(error: unknown): Error | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!code.startsWith('Z_')) return null
  return new Error(code === 'Z_BUF_ERROR' ? 'it is cut short' : 'it is no gzipped file, or a damaged one')
}

/** A consumer whose error is the pipeline's. */
function taking(write: (bytes: Buffer) => void): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        write(chunk)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}

function readManifest(file: string): Manifest {
  if (!existsSync(file)) throw new Error(`${MANIFEST} is missing`)
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
  if (manifest?.format !== 1) throw new Error('it was made by a newer vigie')
  if (typeof manifest.files !== 'object' || manifest.files === null)
    throw new Error(`${MANIFEST} is not what was put in`)
  for (const name of Object.keys(manifest.files)) {
    if (!Object.hasOwn(ALLOWED, name)) throw new Error(`${MANIFEST} is not what was put in`)
  }
  return manifest
}

function sound(file: string, newest: number): void {
  const db = new Sqlite(file)
  try {
    const damage = damageOf(db)
    if (damage !== null) throw new Error(`a database in it is damaged: ${damage}`)
    if ((db.pragma('user_version', { simple: true }) as number) > newest)
      throw new Error('it was made by a newer vigie')
  } finally {
    db.close()
  }
}

/** Everything of the folder that a restored site must not find. */
const REPLACED = ['ledger.db', 'results.db'].flatMap((name) =>
  ['', '-wal', '-shm', '.mark', '.copy', '.copy.1'].map((end) => name + end),
)

function put(work: string, dir: string, now: Instant): string | null {
  const db = new Sqlite(join(work, 'ledger.db'))
  if (db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sessions'").get() !== undefined)
    db.exec('DELETE FROM sessions')
  db.close()
  const restored = ['keys', 'results.db', 'ledger.db'].filter((name) => existsSync(join(work, name)))
  for (const name of [...restored, KEY]) sync(join(work, name))
  const old = [...REPLACED, 'keys'].filter((name) => existsSync(join(dir, name)))
  const aside = join(dir, `before-restore-${iso(now).replace(/[-:.]/g, '')}`)
  if (old.length > 0) mkdirSync(aside, { mode: 0o700 })
  for (const name of old) renameSync(join(dir, name), join(aside, name))
  for (const name of restored) renameSync(join(work, name), join(dir, name))
  sync(dir)
  rmSync(work, { recursive: true, force: true })
  return old.length > 0 ? aside : null
}
