// A backup: one file with what makes a site what it is, taken while it runs. The way back: restore.ts.
import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import Sqlite from 'better-sqlite3'
import { type Instant, iso } from '../core/time/time.ts'
import { copyDatabase, damageOf } from './database.ts'
import { withSnapshot } from './snapshot.ts'
import { TAR_END, tarHeader, tarPadding } from './tar.ts'

/** What a backup says of itself. */
export interface Manifest {
  readonly format: 1
  readonly made: string
  /** Of vigie. */
  readonly version: string
  readonly files: Readonly<Record<string, { readonly size: number; readonly sha256: string }>>
}

export const MANIFEST = 'manifest.json'
export const KEY = 'keys/site.key'

/**
 * Writes `DIR` to a file, readable by its owner alone, under another name until it is whole.
 * Throws the system's errors, and for a folder that holds no ledger, or a damaged one.
 */
export async function backUp(
  dir: string,
  target: string,
  about: { readonly version: string; readonly now: Instant },
): Promise<Manifest> {
  const work = mkdtempSync(join(dirname(target), '.vigie-backup-'))
  try {
    const files = ['ledger.db', 'results.db'].filter((name) => copyOf(join(dir, name), join(work, name)))
    if (!files.includes('ledger.db')) throw new Error(`${dir} holds no ledger.db: has a vigie run there?`)
    mkdirSync(join(work, 'keys'), { mode: 0o700 })
    writeFileSync(join(work, KEY), readFileSync(join(dir, KEY)), { mode: 0o600 })
    const manifest: Manifest = {
      format: 1,
      made: iso(about.now),
      version: about.version,
      files: Object.fromEntries(
        await Promise.all([...files, KEY].map(async (name) => [name, await signOf(join(work, name))])),
      ),
    }
    writeFileSync(join(work, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
    const packed = join(work, 'packed')
    const names = [MANIFEST, KEY, ...files]
    const durable = new Writable(sink(openSync(packed, 'wx', 0o600)))
    await pipeline(Readable.from(archive(work, names, about.now)), createGzip(), durable)
    renameSync(packed, target)
    return manifest
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** False: there is no such database. */
function copyOf(file: string, target: string): boolean {
  const copied = withSnapshot(file, (copy) => {
    const db = new Sqlite(copy)
    try {
      const damage = damageOf(db)
      if (damage !== null) throw new Error(`${file} is damaged: ${damage}`)
      copyDatabase(db, target)
      return true
    } finally {
      db.close()
    }
  })
  return copied ?? false
}

async function* archive(folder: string, names: readonly string[], now: Instant) {
  for (const name of names) {
    const { size } = statSync(join(folder, name))
    yield tarHeader({ name, size }, now / 1000)
    yield* createReadStream(join(folder, name))
    yield tarPadding(size)
  }
  yield TAR_END
}

function sink(fd: number): ConstructorParameters<typeof Writable>[0] {
  return {
    write(chunk: Buffer, _encoding, done) {
      try {
        writeSync(fd, chunk)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    final(done) {
      fsyncSync(fd)
      done()
    },
    destroy(error, done) {
      closeSync(fd)
      done(error)
    },
  }
}

/** Size and SHA-256 of a file. */
export async function signOf(file: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return { size: statSync(file).size, sha256: hash.digest('hex') }
}
