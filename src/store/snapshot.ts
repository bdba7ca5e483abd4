// A database of another process, as it was at one moment. A copy is read: opening a file in WAL mode writes beside it,
// and what is written there must not belong to whoever was only curious, nor hold up the one who writes.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** A reset of the log while it is copied spoils the copy; it happens once in some thousand writes. */
const TRIES = 5

/** A folder for copies must have so many times their room: some lie in memory. */
const ROOM = 4

/** Bytes 16 to 23 of a write-ahead log change whenever it begins anew (sqlite.org/fileformat2.html, 4.1). */
const SALT = { at: 16, length: 8 } as const

/**
 * Copies a database and its log into a folder of its own, hands the copy to `work` and takes it away again. Null: there
 * is no such file. Throws the system's errors, and one with code `BUSY` when the log never stood still.
 */
export function withSnapshot<T>(file: string, work: (copy: string) => T): T | null {
  if (!existsSync(file)) return null
  const folder = mkdtempSync(join(folderFor(file), 'vigie-'))
  const copy = join(folder, basename(file))
  try {
    for (let tries = 0; tries < TRIES; tries++) if (copyWhole(file, copy)) return work(copy)
    throw Object.assign(new Error(`${file} is being written too fast to be copied; try again`), { code: 'BUSY' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The file first, its log after it: what was folded back meanwhile is in the log, too, as long as that did not begin
 * anew. False: it did, and the two don't belong together.
 */
function copyWhole(file: string, copy: string): boolean {
  const before = signOf(file)
  copyFileSync(file, copy, constants.COPYFILE_FICLONE)
  rmSync(`${copy}-wal`, { force: true })
  if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`)
  return signOf(file) === before
}

/** What changes when the log begins anew; without a log, when the file does. */
function signOf(file: string): string {
  const log = `${file}-wal`
  const written = statSync(log, { throwIfNoEntry: false })?.size ?? 0
  if (written < SALT.at + SALT.length) return `${statSync(file).mtimeMs} ${statSync(file).size}`
  const fd = openSync(log, 'r')
  try {
    const salt = Buffer.alloc(SALT.length)
    readSync(fd, salt, 0, SALT.length, SALT.at)
    return salt.toString('hex')
  } finally {
    closeSync(fd)
  }
}

function folderFor(file: string): string {
  const size = statSync(file).size + (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0)
  const roomy = [tmpdir(), '/var/tmp'].find((folder) => {
    if (!existsSync(folder)) return false
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize >= ROOM * size
  })
  return roomy ?? tmpdir()
}
