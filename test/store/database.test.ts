import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { type Migration, openDatabase, setAside } from '../../src/store/database.ts'
import { LEDGER } from '../../src/store/ledger-format.ts'
import { RESULTS } from '../../src/store/results-format.ts'
import { compile, start } from './child.ts'

const ONE: Migration = { version: 1, name: 'one', up: 'CREATE TABLE a (x INTEGER NOT NULL) STRICT' }
const TWO: Migration = {
  version: 2,
  name: 'two',
  up: 'CREATE TABLE b (x INTEGER) STRICT; INSERT INTO b SELECT x FROM a',
}
const FAILS: Migration = {
  version: 3,
  name: 'fails',
  up: 'CREATE TABLE c (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1)',
}

let dir: string
let file: string
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-database-'))
  folders.push(dir)
  file = join(dir, 'x.db')
})
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function open(migrations: readonly Migration[], synchronous: 'FULL' | 'NORMAL' = 'FULL') {
  return openDatabase(file, { synchronous, page: 4096, checkpoint: 100, alone: false, migrations })
}

describe('a database', () => {
  it('is durable on every open, not only on the first', () => {
    for (let time = 0; time < 2; time += 1) {
      const db = open([ONE])
      expect(db.pragma('synchronous', { simple: true })).toBe(2)
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
      expect(db.pragma('trusted_schema', { simple: true })).toBe(0)
      expect(db.pragma('wal_autocheckpoint', { simple: true })).toBe(100)
      db.close()
    }
    const normal = open([ONE], 'NORMAL')
    expect(normal.pragma('synchronous', { simple: true })).toBe(1)
    normal.close()
  })

  it('is readable by its owner alone, its log too', () => {
    const db = open([ONE])
    db.exec('INSERT INTO a VALUES (1)')
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).mode & 0o077, name).toBe(0)
    db.close()
  })

  it('is brought to the newest format, a copy of the old one beside it', () => {
    const before = open([ONE])
    before.exec('INSERT INTO a VALUES (7)')
    before.close()
    expect(readdirSync(dir)).toEqual(['x.db'])

    const after = open([ONE, TWO])
    expect(after.prepare('SELECT x FROM b').pluck().all()).toEqual([7])
    expect(after.pragma('user_version', { simple: true })).toBe(2)
    after.close()
    const copy = new Sqlite(join(dir, 'x.db.before-2'), { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(1)
    expect(copy.prepare('SELECT x FROM a').pluck().all()).toEqual([7])
    copy.close()
  })

  it('keeps the last two copies only', () => {
    for (let newest = 1; newest <= 4; newest += 1) {
      const list = Array.from({ length: newest }, (_, i) => ({
        version: i + 1,
        name: `${i}`,
        up: `CREATE TABLE t${i} (x INTEGER) STRICT`,
      }))
      open(list).close()
    }
    expect(readdirSync(dir).sort()).toEqual(['x.db', 'x.db.before-3', 'x.db.before-4'])
  })

  it('keeps its old format whole when a migration fails', () => {
    open([ONE]).close()
    expect(() => open([ONE, TWO, FAILS])).toThrow(/nowhere/)
    const db = open([ONE, TWO])
    expect(db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()).toEqual([
      'a',
      'b',
    ])
    db.close()
  })

  it('of a newer version is refused with words that help', () => {
    open([ONE, TWO]).close()
    expect(() => open([ONE])).toThrow(/newer vigie \(format 2, this one knows 1\).*before-2/s)
  })

  it('set aside goes with its log, and only the last two are kept', () => {
    for (let time = 0; time < 3; time += 1) {
      open([ONE]).close()
      setAside(file, Date.UTC(2026, 10, 23, 9, 0, time))
    }
    expect(existsSync(file)).toBe(false)
    expect(readdirSync(dir).sort()).toEqual(['x.db.broken-20261123T090001000Z', 'x.db.broken-20261123T090002000Z'])
  })
})

describe('the migrations', () => {
  it.each([
    ['ledger', LEDGER],
    ['results', RESULTS],
  ])('of %s are numbered 1, 2, 3 …', (_, { migrations }) => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1))
  })

  it('killed at any moment, go on at the next open', { timeout: 60_000 }, async () => {
    const out = compile('store/database.ts')
    folders.push(out)
    const rows = 20_000
    const seed = open([ONE])
    seed.exec(
      `INSERT INTO a WITH RECURSIVE n (v) AS (VALUES (1) UNION ALL SELECT v + 1 FROM n WHERE v < ${rows}) SELECT v FROM n`,
    )
    seed.close()
    const further = Array.from({ length: 12 }, (_, i) => ({
      version: i + 2,
      name: `${i}`,
      up: `CREATE TABLE t${i} (x INTEGER) STRICT; INSERT INTO t${i} SELECT x FROM a`,
    }))
    const opening = {
      synchronous: 'FULL',
      page: 4096,
      checkpoint: 100,
      alone: false,
      migrations: [ONE, ...further],
    } as const
    const versions = new Set<number>()
    for (let round = 0; round < 12; round += 1) {
      const copy = join(dir, `copy-${round}.db`)
      copyFileSync(file, copy)
      const child = start(`import { openDatabase } from ${JSON.stringify(join(out, 'store/database.js'))}
        console.log('begun')
        openDatabase(${JSON.stringify(copy)}, ${JSON.stringify(opening)}).close()
        setInterval(() => {}, 1000)`)
      await child.printed('begun')
      await new Promise((done) => setTimeout(done, round * 8))
      await child.kill()
      const found = new Sqlite(copy)
      versions.add(found.pragma('user_version', { simple: true }) as number)
      found.close()
      const db = openDatabase(copy, opening)
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      for (let i = 0; i < 12; i += 1) expect(db.prepare(`SELECT count(*) FROM t${i}`).pluck().get()).toBe(rows)
      db.close()
    }
    expect(Math.min(...versions)).toBeLessThan(13)
  })
})
