import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Letter } from '../../src/core/letter.ts'
import { DAY, HOUR } from '../../src/core/time.ts'
import { openDatabase } from '../../src/store/database.ts'
import { type Decision, type Ledger, openLedger } from '../../src/store/ledger.ts'
import { LEDGER } from '../../src/store/ledger-format.ts'
import { openKey, type SiteKey } from '../../src/twin/key.ts'
import { faultInChain, sealer } from '../../src/twin/seal.ts'
import { compile, start } from './child.ts'

const NOON = Date.UTC(2026, 10, 23, 12)
const ALICE = 'alice@admins.example'

let dir: string
let key: SiteKey
let now: number
let ledger: Ledger
const folders: string[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-ledger-'))
  folders.push(dir)
  key = openKey(dir)
  now = NOON
  ledger = open()
})
afterEach(() => ledger.close())
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function open(): Ledger {
  return openLedger(dir, { site: 'home', sealer: sealer(key), now: () => now })
}

function reopen(): void {
  ledger.close()
  ledger = open()
}

function letter(key: string, thread = 'outage-1', at = NOON): Letter {
  return { key, event: 'down', thread, at, news: { kind: 'test' } }
}

function decision(part: Partial<Decision>): Decision {
  return { living: new Map(), letters: [], entries: [], ...part }
}

function post(...keys: readonly string[]): void {
  ledger.remember(decision({ letters: keys.map((key) => ({ letter: letter(key), recipients: [ALICE] })) }))
}

function said(): readonly { type: string; payload: unknown }[] {
  return ledger
    .entries('home', 0, 1000)
    .map(({ type, payload }) => ({ type, payload: JSON.parse(Buffer.from(payload).toString()) as unknown }))
}

describe('the ledger', () => {
  it('is on the disk when a call returns', () => {
    const db = openDatabase(join(dir, 'ledger.db'), LEDGER)
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    db.close()
  })

  it('keeps what lives, changes only what is named and forgets what is null', () => {
    ledger.remember(
      decision({
        living: new Map([
          ['check:a.b', '{"n":1}'],
          ['line', 'true'],
        ]),
      }),
    )
    ledger.remember(
      decision({
        living: new Map([
          ['check:a.b', '{"n":2}'],
          ['service:a', '[]'],
        ]),
      }),
    )
    ledger.remember(decision({ living: new Map([['line', null]]) }))
    reopen()
    expect([...ledger.living()].sort()).toEqual([
      ['check:a.b', '{"n":2}'],
      ['service:a', '[]'],
    ])
  })

  it('remembers all of a decision or nothing of it', () => {
    post('first')
    const bad = decision({
      living: new Map([['line', '1']]),
      entries: [
        { type: 'x', payload: {} },
        { type: 'y', payload: 10n },
      ],
      letters: [{ letter: letter('second'), recipients: [ALICE] }],
    })
    expect(() => ledger.remember(bad)).toThrow(/BigInt/)
    expect(ledger.living().size).toBe(0)
    expect(said()).toEqual([])
    expect(ledger.due(now).map(({ letter }) => letter.key)).toEqual(['first'])
    ledger.remember(decision({ entries: [{ type: 'x', payload: 1 }] }))
    expect(ledger.vector()).toEqual({ home: 1 })
  })

  it('chains its entries, sealed, without gaps, over restarts and clock jumps', () => {
    for (const [step, at] of [NOON, NOON, NOON + 320 * DAY, 0, NOON + HOUR].entries()) {
      now = at
      ledger.remember(
        decision({
          entries: [
            { type: 'a', payload: { step } },
            { type: 'b', payload: 'é' },
          ],
        }),
      )
      if (step === 2) reopen()
    }
    const entries = ledger.entries('home', 0, 100)
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(faultInChain(entries, key.publicKey)).toBeNull()
    expect(ledger.entries('home', 4, 2).map(({ seq }) => seq)).toEqual([5, 6])
    expect(ledger.vector()).toEqual({ home: 10 })
  })

  it('never lets an entry be changed or deleted', () => {
    ledger.remember(decision({ entries: [{ type: 'a', payload: 1 }] }))
    const db = new Sqlite(join(dir, 'ledger.db'))
    expect(() => db.exec("UPDATE entries SET type = 'b'")).toThrow(/never changed/)
    expect(() => db.exec('DELETE FROM entries')).toThrow(/never deleted/)
    db.close()
  })

  it('makes the token of a heartbeat once', () => {
    const token = ledger.heartbeatToken('backups.nightly')
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    expect(ledger.heartbeatToken('backups.other')).not.toBe(token)
    reopen()
    expect(ledger.heartbeatToken('backups.nightly')).toBe(token)
    expect(ledger.tokens().get(token)).toBe('backups.nightly')
  })

  it('has its last two copies beside it', () => {
    for (const value of ['1', '2', '3']) {
      ledger.remember(decision({ living: new Map([['line', value]]) }))
      ledger.copy()
    }
    const line = (file: string) => {
      const db = new Sqlite(join(dir, file), { readonly: true })
      const value = db.prepare("SELECT value FROM living WHERE key = 'line'").pluck().get()
      db.close()
      return value
    }
    expect(
      readdirSync(dir)
        .filter((name) => name.includes('copy'))
        .sort(),
    ).toEqual(['ledger.db.copy', 'ledger.db.copy.1'])
    expect([line('ledger.db.copy'), line('ledger.db.copy.1')]).toEqual(['3', '2'])
  })
})

describe('a broken ledger', () => {
  const noise = Buffer.alloc(20_000, 0x5a)

  it('is set aside and its last good copy stands in', () => {
    ledger.remember(decision({ living: new Map([['line', '1']]) }))
    ledger.copy()
    ledger.copy()
    ledger.close()
    writeFileSync(join(dir, 'ledger.db'), noise)
    writeFileSync(join(dir, 'ledger.db.copy'), noise)
    ledger = open()
    expect(ledger.restored).toMatchObject({ at: NOON, from: join(dir, 'ledger.db.copy.1') })
    expect(readFileSync(ledger.restored!.aside!)).toEqual(noise)
    expect(ledger.living().get('line')).toBe('1')
    reopen()
    expect(ledger.restored).toBeNull()
  })

  it('that is gone is not begun anew while a copy is there, whatever log it left behind', () => {
    ledger.remember(decision({ living: new Map([['line', '1']]) }))
    ledger.copy()
    ledger.remember(decision({ living: new Map([['line', '2']]) }))
    const log = readFileSync(join(dir, 'ledger.db-wal'))
    ledger.close()
    rmSync(join(dir, 'ledger.db'))
    writeFileSync(join(dir, 'ledger.db-wal'), log)
    utimesSync(join(dir, 'ledger.db.copy'), new Date(NOON - HOUR), new Date(NOON - HOUR))
    ledger = open()
    const from = join(dir, 'ledger.db.copy')
    expect(ledger.restored).toEqual({ at: NOON, aside: null, from, made: NOON - HOUR })
    expect(ledger.living().get('line')).toBe('1')
    reopen()
    expect(ledger.restored).toBeNull()
  })

  it('without a copy begins anew, and says so', () => {
    ledger.close()
    writeFileSync(join(dir, 'ledger.db'), noise)
    ledger = open()
    expect(ledger.restored).toMatchObject({ from: null })
    post('a')
    expect(ledger.unsent()).toBe(1)
  })
})

describe('kill -9', () => {
  it('30 times while it remembers loses nothing acknowledged and breaks no chain', { timeout: 90_000 }, async () => {
    ledger.close()
    const out = compile('store/ledger.ts', 'twin/seal.ts')
    folders.push(out)
    const script = `
      import { writeSync } from 'node:fs'
      import { openLedger } from ${JSON.stringify(join(out, 'store/ledger.js'))}
      import { openKey } from ${JSON.stringify(join(out, 'twin/key.js'))}
      import { sealer } from ${JSON.stringify(join(out, 'twin/seal.js'))}
      const dir = ${JSON.stringify(dir)}
      const ledger = openLedger(dir, { site: 'home', sealer: sealer(openKey(dir)), now: Date.now })
      for (let n = Number(ledger.living().get('n') ?? 0) + 1; ; n += 1) {
        const letter = { key: 'k' + n, event: 'down', thread: 't', at: 0, news: { kind: 'test' } }
        ledger.remember({ living: new Map([['n', String(n)]]), letters: [{ letter, recipients: ['a'] }], entries: [{ type: 'n', payload: n }] })
        writeSync(1, n + '\\n')
      }`
    let acknowledged = 0
    for (let round = 0; round < 30; round += 1) {
      const child = start(script)
      await child.printed('\n')
      await new Promise((done) => setTimeout(done, Math.random() * 25))
      await child.kill()
      acknowledged = Number(child.output().trimEnd().split('\n').at(-1))
      const db = new Sqlite(join(dir, 'ledger.db'))
      const n = Number(db.prepare("SELECT value FROM living WHERE key = 'n'").pluck().get())
      expect(n).toBeGreaterThanOrEqual(acknowledged)
      expect(n).toBeLessThanOrEqual(acknowledged + 1)
      expect(db.prepare('SELECT count(*) FROM letters').pluck().get()).toBe(n)
      expect(db.prepare('SELECT max(seq) FROM entries').pluck().get()).toBe(n)
      db.close()
    }
    ledger = open()
    expect(ledger.restored).toBeNull()
    expect(acknowledged).toBeGreaterThan(30)
    const entries = ledger.entries('home', 0, 1_000_000)
    expect(faultInChain(entries, key.publicKey)).toBeNull()
    expect(ledger.vector().home).toBe(entries.length)
  })
})

it('leaves no file of its own lying about', () => {
  post('a')
  ledger.copy()
  ledger.close()
  expect(readdirSync(dir).sort()).toEqual(['keys', 'ledger.db', 'ledger.db.copy'])
  expect(existsSync(join(dir, 'ledger.db-wal'))).toBe(false)
  ledger = open()
})

describe('sessions', () => {
  it('are kept until they are dropped, and change in nothing but when they were seen', () => {
    const session = {
      digest: 'd1',
      account: 'ana',
      mark: 'home:2',
      made: NOON,
      seen: NOON,
      until: NOON + DAY,
      device: '',
    }
    ledger.keepSession(session)
    ledger.keepSession({ ...session, seen: NOON + HOUR, until: NOON + 99 * DAY })
    reopen()
    expect(ledger.sessions()).toEqual([{ ...session, seen: NOON + HOUR }])
    ledger.dropSession('d1')
    reopen()
    expect(ledger.sessions()).toEqual([])
  })
})

describe('what is said', () => {
  it('is read by its family, in order, and heard once it is on the disk', () => {
    const heard: string[] = []
    const end = ledger.onNews((news) => heard.push(...news.map(({ type }) => type)))
    const said = ledger.say('incident.open', { id: 1 })
    ledger.say('ack', { outage: 'a' })
    ledger.say('incidental', {})
    ledger.remember(decision({ entries: [{ type: 'incident.update', payload: { id: 2 } }] }))
    expect(said).toMatchObject({ origin: 'home', seq: 1, type: 'incident.open', payload: { id: 1 } })
    expect(ledger.statements('incident', 'ack').map(({ seq }) => seq)).toEqual([1, 2, 4])
    expect(heard).toEqual(['incident.open', 'ack', 'incidental', 'incident.update'])
    end()
    ledger.say('ack', {})
    expect(heard.length).toBe(4)
  })

  it('is not heard when the disk would not have it', () => {
    const heard: string[] = []
    ledger.onNews((news) => heard.push(...news.map(({ type }) => type)))
    const good = { type: 'a', payload: {} }
    expect(() => ledger.remember(decision({ entries: [good, { type: 'b', payload: 10n }] }))).toThrow(/BigInt/)
    ledger.say('c', {})
    expect(heard).toEqual(['c'])
  })
})
