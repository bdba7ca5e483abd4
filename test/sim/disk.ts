// A site's disk: a ledger's database in memory that outlives the process, can be copied, and can refuse to be written.
import Sqlite from 'better-sqlite3'
import { LEDGER } from '../../src/store/ledger-format.ts'

export interface Disk {
  readonly db: Sqlite.Database
  image(): Buffer
  /** Puts an older image in its place. */
  restore(image: Buffer): void
  refuse(refuses: boolean): void
  close(): void
}

const FORMATTED = formatted()

export function createDisk(): Disk {
  let db = open(FORMATTED)
  return {
    get db() {
      return db
    },
    image: () => db.serialize(),
    restore: (image) => {
      db.close()
      db = open(image)
    },
    refuse: (refuses) => {
      db.pragma(`query_only = ${refuses ? 'ON' : 'OFF'}`)
    },
    close: () => db.close(),
  }
}

function open(image: Buffer): Sqlite.Database {
  const db = new Sqlite(image)
  db.pragma('foreign_keys = ON')
  return db
}

function formatted(): Buffer {
  const db = new Sqlite(':memory:')
  for (const { up } of LEDGER.migrations) db.exec(up)
  const image = db.serialize()
  db.close()
  return image
}
