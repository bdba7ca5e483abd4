// A vigie's memory read from outside, while it writes.

import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE } from '../../src/core/time/time.ts'
import { readLetters, withArchive } from '../../src/store/archive.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { openResults } from '../../src/store/results.ts'
import { withSnapshot } from '../../src/store/snapshot.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'

const NOW = Date.UTC(2026, 10, 23, 14, 2)

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-test-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const look = (at: number) => ({
  check: 'mail.smtp',
  strand: null,
  site: 'home',
  at,
  took: 40,
  phases: {},
  via: { dns: true, family: 4 as const, port: 25 },
  outcome: { ok: true as const, note: 'fine' },
})

const status = (at: number, state: string) => ({
  at,
  subject: 'status' as const,
  id: 'mail',
  since: at,
  state,
  rule: '',
  sites: {},
})

describe('an archive', () => {
  it('tells what was committed, and as of when, while another writes', () => {
    const results = openResults(dir, { now: () => NOW })
    results.look(look(NOW - 3 * MINUTE), false)
    results.changed(status(NOW - 2 * MINUTE, 'operational'))
    results.look(look(NOW - MINUTE), false)
    const found = withArchive(dir, NOW, (archive) => ({
      asOf: archive.asOf,
      looks: archive.looksOf('mail.smtp', 0, NOW + 1).length,
      spans: archive.statusSpans('mail', 0),
    }))
    results.close()
    expect(found).toEqual({
      asOf: NOW - 2 * MINUTE,
      looks: 1,
      spans: [{ from: NOW - 2 * MINUTE, to: null, status: 'operational' }],
    })
  })

  it('leaves the folder as it was, to the file', () => {
    const results = openResults(dir, { now: () => NOW })
    results.changed(status(NOW, 'operational'))
    const stamp = () => readdirSync(dir).map((name) => [name, statSync(join(dir, name)).mtimeMs])
    const before = stamp()
    withArchive(dir, NOW, () => null)
    expect(stamp()).toEqual(before)
    results.close()
    const closed = stamp()
    withArchive(dir, NOW, () => null)
    expect(stamp()).toEqual(closed)
  })

  it('is null where nothing was ever measured', () => {
    expect(withArchive(dir, NOW, () => 1)).toBeNull()
    expect(readLetters(dir, 0, NOW)).toEqual([])
  })

  it('throws what is damaged', () => {
    writeFileSync(
      join(dir, 'results.db'),
      'no database at all, but long enough to have a header of a hundred bytes'.repeat(3),
    )
    expect(() => withArchive(dir, NOW, () => 1)).toThrow(/not a database/)
  })

  it('takes its copies away, whatever the work did', () => {
    openResults(dir, { now: () => NOW }).close()
    let seen = ''
    expect(() =>
      withSnapshot(join(dir, 'results.db'), (copy) => {
        seen = copy
        throw new Error('enough')
      }),
    ).toThrow('enough')
    expect([seen === '', existsSync(seen)]).toEqual([false, false])
  })

  it('says a file that may not be read', () => {
    openResults(dir, { now: () => NOW }).close()
    chmodSync(join(dir, 'results.db'), 0)
    if (process.getuid?.() !== 0) expect(() => withArchive(dir, NOW, () => 1)).toThrow(/EACCES/)
  })
})

describe('a snapshot of a file that is written all the time', () => {
  const WRITER = `
    const { parentPort, workerData } = require('node:worker_threads')
    const db = require('better-sqlite3')(workerData)
    db.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 60; PRAGMA synchronous = OFF')
    db.exec('CREATE TABLE numbers (number INTEGER PRIMARY KEY, text TEXT)')
    const add = db.prepare('INSERT INTO numbers VALUES (?, ?)')
    parentPort.postMessage('writes')
    const pause = new Int32Array(new SharedArrayBuffer(4))
    for (let number = 1; ; number++) {
      add.run(number, 'x'.repeat(number % 900))
      if (number % 10 === 0) Atomics.wait(pause, 0, 0, 1)
    }`

  it('is sound, holds every row until some moment, and none after it', async () => {
    const file = join(dir, 'numbers.db')
    const writer = new Worker(WRITER, { eval: true, workerData: file })
    await once(writer, 'message')
    let copies = 0
    let most = 0
    for (const end = performance.now() + 5_000; (copies < 80 || most < 100) && performance.now() < end; ) {
      try {
        withSnapshot(file, (copy) => {
          const db = new Sqlite(copy)
          expect(db.pragma('quick_check', { simple: true })).toBe('ok')
          const { rows, last } = db.prepare('SELECT count(*) AS rows, max(number) AS last FROM numbers').get() as Count
          expect(rows).toBe(last ?? 0)
          most = Math.max(most, rows)
          db.close()
        })
        copies++
      } catch (error) {
        expect((error as { code?: string }).code).toBe('BUSY')
      }
    }
    await writer.terminate()
    expect(copies).toBeGreaterThanOrEqual(3)
    expect(most).toBeGreaterThanOrEqual(100)
  })
})

interface Count {
  readonly rows: number
  readonly last: number | null
}

describe('letters', () => {
  it('come with every try', () => {
    const key = openKey(dir)
    const ledger = openLedger(dir, { site: 'home', sealer: sealer(key), now: () => NOW })
    const letter = { key: 'a:down', event: 'down' as const, thread: 'a', at: NOW, news: { kind: 'test' as const } }
    ledger.remember({
      living: new Map(),
      letters: [{ letter, recipients: ['a@example.org', 'b@example.org'] }],
      entries: [],
    })
    const [first] = ledger.due(NOW)
    ledger.began(first!.id, NOW + 1, 'smtp://one')
    ledger.failed(first!.id, NOW + 2, 'smtp://one', 'no', NOW + 3, false)
    ledger.began(first!.id, NOW + 3, 'smtp://two')
    ledger.sent(first!.id, NOW + 4, 'smtp://two', '250 yes')
    const fates = readLetters(dir, NOW, NOW + 1)
    ledger.close()
    expect(fates.map(({ recipient, state, sent, attempts }) => ({ recipient, state, sent, attempts }))).toEqual([
      {
        recipient: 'a@example.org',
        state: 'sent',
        sent: NOW + 4,
        attempts: [
          { at: NOW + 1, relay: 'smtp://one', outcome: 'failed', note: 'no' },
          { at: NOW + 3, relay: 'smtp://two', outcome: 'sent', note: '250 yes' },
        ],
      },
      { recipient: 'b@example.org', state: 'waiting', sent: null, attempts: [] },
    ])
    expect(readLetters(dir, NOW + 1, NOW + 9)).toEqual([])
  })
})
