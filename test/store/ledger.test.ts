import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR } from '../../src/core/time/time.ts'
import { openDatabase } from '../../src/store/database.ts'
import { LEDGER } from '../../src/store/ledger-format.ts'
import { faultInChain } from '../twin/chain.ts'
import { compile, start } from './child.ts'
import { ALICE, decision, ledgerAtHand, letter, NOON } from './ledger-at-hand.ts'

const hand = ledgerAtHand('ledger')

/** The last number of each origin. */
function seqsOf(ledger: typeof hand.ledger): Readonly<Record<string, number>> {
  return Object.fromEntries([...ledger.heads()].map(([origin, { seq }]) => [origin, seq]))
}

describe('the ledger', () => {
  it('is on the disk when a call returns', () => {
    const db = openDatabase(join(hand.dir, 'ledger.db'), LEDGER)
    expect(db.pragma('synchronous', { simple: true })).toBe(2)
    db.close()
  })

  it('keeps what lives, changes only what is named and forgets what is null', () => {
    hand.ledger.remember(
      decision({
        living: new Map([
          ['check:a.b', '{"n":1}'],
          ['line', 'true'],
        ]),
      }),
    )
    hand.ledger.remember(
      decision({
        living: new Map([
          ['check:a.b', '{"n":2}'],
          ['service:a', '[]'],
        ]),
      }),
    )
    hand.ledger.remember(decision({ living: new Map([['line', null]]) }))
    hand.reopen()
    expect([...hand.ledger.living()].sort()).toEqual([
      ['check:a.b', '{"n":2}'],
      ['service:a', '[]'],
    ])
  })

  it('remembers all of a decision or nothing of it', () => {
    hand.post('first')
    const bad = decision({
      living: new Map([['line', '1']]),
      entries: [
        { type: 'x', payload: {} },
        { type: 'y', payload: 10n },
      ],
      letters: [{ letter: letter('second'), recipients: [ALICE] }],
    })
    expect(() => hand.ledger.remember(bad)).toThrow(/BigInt/)
    expect(hand.ledger.living().size).toBe(0)
    expect(hand.said()).toEqual([])
    expect(hand.ledger.due(hand.now).map(({ letter }) => letter.key)).toEqual(['first'])
    const before = hand.ledger.size()
    expect(() => hand.ledger.remember(bad)).toThrow(/BigInt/)
    expect(hand.ledger.size()).toBe(before)
    hand.ledger.remember(decision({ entries: [{ type: 'x', payload: 1 }] }))
    expect(seqsOf(hand.ledger)).toEqual({ home: 1 })
  })

  it('chains its entries, sealed, without gaps, over restarts and clock jumps', () => {
    for (const [step, at] of [NOON, NOON, NOON + 320 * DAY, 0, NOON + HOUR].entries()) {
      hand.now = at
      hand.ledger.remember(
        decision({
          entries: [
            { type: 'a', payload: { step } },
            { type: 'b', payload: 'é' },
          ],
        }),
      )
      if (step === 2) hand.reopen()
    }
    const entries = hand.ledger.entries('home', 0, 100)
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(faultInChain(entries, hand.key.publicKey)).toBeNull()
    expect(hand.ledger.entries('home', 4, 2).map(({ seq }) => seq)).toEqual([5, 6])
    expect(seqsOf(hand.ledger)).toEqual({ home: 10 })
  })

  it('never lets an entry be changed or deleted', () => {
    hand.ledger.remember(decision({ entries: [{ type: 'a', payload: 1 }] }))
    const db = new Sqlite(join(hand.dir, 'ledger.db'))
    expect(() => db.exec("UPDATE entries SET type = 'b'")).toThrow(/never changed/)
    expect(() => db.exec('DELETE FROM entries')).toThrow(/never deleted/)
    db.close()
  })

  it('makes the token of a heartbeat once', () => {
    const token = hand.ledger.heartbeatToken('backups.nightly')
    expect(token).toMatch(/^[0-9a-f]{32}$/)
    expect(hand.ledger.heartbeatToken('backups.other')).not.toBe(token)
    hand.reopen()
    expect(hand.ledger.heartbeatToken('backups.nightly')).toBe(token)
  })

  it('has its last two copies beside it', () => {
    for (const value of ['1', '2', '3']) {
      hand.ledger.remember(decision({ living: new Map([['line', value]]) }))
      hand.ledger.copy()
    }
    const line = (file: string) => {
      const db = new Sqlite(join(hand.dir, file), { readonly: true })
      const value = db.prepare("SELECT value FROM living WHERE key = 'line'").pluck().get()
      db.close()
      return value
    }
    expect(
      readdirSync(hand.dir)
        .filter((name) => name.includes('copy'))
        .sort(),
    ).toEqual(['ledger.db.copy', 'ledger.db.copy.1'])
    expect([line('ledger.db.copy'), line('ledger.db.copy.1')]).toEqual(['3', '2'])
  })
})

describe('what is withheld', () => {
  it('leaves the copies, too, also when it was cut short between the two', () => {
    const credential = { password: 'CANARY-password' }
    hand.ledger.say('account.credential', { name: 'ada', credential })
    hand.ledger.copy()
    const inTheWay = join(hand.dir, 'ledger.db.broken-by-hand')
    mkdirSync(join(inTheWay, 'x'), { recursive: true })
    const copies = () => readdirSync(hand.dir).filter((name) => name.startsWith('ledger.db.'))
    const inCopy = () => copies().some((name) => readFileSync(join(hand.dir, name)).includes('CANARY'))
    expect(() => hand.ledger.withhold(() => 100)).toThrow()
    rmSync(inTheWay, { recursive: true })
    hand.reopen()
    expect(hand.ledger.withhold(() => 100)).toBe(true)
    expect(inCopy()).toBe(false)
    expect(copies()).toContain('ledger.db.copy')
    expect(hand.ledger.withhold(() => 100)).toBe(false)
  })

  it('and is put back, is news', () => {
    hand.ledger.say('account.credential', { name: 'ada' })
    const origin = hand.ledger.origin()
    const whole = hand.ledger.entries(origin, 0, 10)
    hand.ledger.withhold(() => 100)
    expect(hand.ledger.withheldFrom(origin)).toBe(1)
    const heard: string[] = []
    hand.ledger.onNews((news) => void heard.push(...news.map(({ type }) => type)))
    hand.ledger.unveil(whole)
    expect(heard).toEqual(['account.credential'])
    expect(hand.ledger.withheldFrom(origin)).toBeNull()
  })
})

describe('a broken ledger', () => {
  const noise = Buffer.alloc(20_000, 0x5a)

  it('is set aside and its last good copy stands in', () => {
    hand.ledger.remember(decision({ living: new Map([['line', '1']]) }))
    hand.ledger.copy()
    hand.ledger.copy()
    hand.ledger.close()
    writeFileSync(join(hand.dir, 'ledger.db'), noise)
    writeFileSync(join(hand.dir, 'ledger.db.copy'), noise)
    hand.ledger = hand.open()
    expect(hand.ledger.restored).toMatchObject({ at: NOON, from: join(hand.dir, 'ledger.db.copy.1') })
    expect(readFileSync(hand.ledger.restored!.aside!)).toEqual(noise)
    expect(hand.ledger.living().get('line')).toBe('1')
    hand.reopen()
    expect(hand.ledger.restored).toBeNull()
  })

  it('that is gone is not begun anew while a copy is there, whatever log it left behind', () => {
    hand.ledger.remember(decision({ living: new Map([['line', '1']]) }))
    hand.ledger.copy()
    hand.ledger.remember(decision({ living: new Map([['line', '2']]) }))
    const log = readFileSync(join(hand.dir, 'ledger.db-wal'))
    hand.ledger.close()
    rmSync(join(hand.dir, 'ledger.db'))
    writeFileSync(join(hand.dir, 'ledger.db-wal'), log)
    utimesSync(join(hand.dir, 'ledger.db.copy'), new Date(NOON - HOUR), new Date(NOON - HOUR))
    hand.ledger = hand.open()
    const from = join(hand.dir, 'ledger.db.copy')
    expect(hand.ledger.restored).toEqual({ at: NOON, aside: null, from, made: NOON - HOUR })
    expect(hand.ledger.living().get('line')).toBe('1')
    hand.reopen()
    expect(hand.ledger.restored).toBeNull()
  })

  it('that lost all its bytes counts as gone, and so does such a copy', () => {
    hand.ledger.remember(decision({ living: new Map([['line', '1']]) }))
    hand.ledger.copy()
    hand.ledger.copy()
    hand.ledger.close()
    for (const name of ['ledger.db', 'ledger.db.copy']) truncateSync(join(hand.dir, name))
    hand.ledger = hand.open()
    expect(hand.ledger.restored).toMatchObject({ aside: null, from: join(hand.dir, 'ledger.db.copy.1') })
    expect(hand.ledger.living().get('line')).toBe('1')
    hand.ledger.close()
    for (const name of ['ledger.db', 'ledger.db.copy.1']) truncateSync(join(hand.dir, name))
    hand.ledger = hand.open()
    expect(hand.ledger.restored).toMatchObject({ aside: null, from: null })
    expect(readdirSync(hand.dir).filter((name) => name.includes('broken'))).toEqual([])
  })

  it('without a copy begins anew, and says so', () => {
    hand.ledger.close()
    writeFileSync(join(hand.dir, 'ledger.db'), noise)
    hand.ledger = hand.open()
    expect(hand.ledger.restored).toMatchObject({ from: null })
    hand.post('a')
    expect(hand.ledger.unsent()).toBe(1)
  })
})

describe('kill -9', () => {
  it('30 times while it remembers loses nothing acknowledged and breaks no chain', { timeout: 90_000 }, async () => {
    hand.ledger.close()
    const out = compile('store/ledger.ts', 'twin/seal.ts')
    hand.folders.push(out)
    const script = `
      import { writeSync } from 'node:fs'
      import { openLedger } from ${JSON.stringify(join(out, 'store/ledger.js'))}
      import { openKey } from ${JSON.stringify(join(out, 'twin/key.js'))}
      import { sealer } from ${JSON.stringify(join(out, 'twin/seal.js'))}
      const dir = ${JSON.stringify(hand.dir)}
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
      const db = new Sqlite(join(hand.dir, 'ledger.db'))
      const n = Number(db.prepare("SELECT value FROM living WHERE key = 'n'").pluck().get())
      expect(n).toBeGreaterThanOrEqual(acknowledged)
      expect(n).toBeLessThanOrEqual(acknowledged + 1)
      expect(db.prepare('SELECT count(*) FROM letters').pluck().get()).toBe(n)
      expect(db.prepare('SELECT max(seq) FROM entries').pluck().get()).toBe(n)
      db.close()
    }
    hand.ledger = hand.open()
    expect(hand.ledger.restored).toBeNull()
    expect(acknowledged).toBeGreaterThan(30)
    const entries = hand.ledger.entries('home', 0, 1_000_000)
    expect(faultInChain(entries, hand.key.publicKey)).toBeNull()
    expect(seqsOf(hand.ledger)).toEqual({ home: entries.length })
  })
})

it('leaves no file of its own lying about', () => {
  hand.post('a')
  hand.ledger.copy()
  hand.ledger.close()
  expect(readdirSync(hand.dir).sort()).toEqual(['keys', 'ledger.db', 'ledger.db.copy'])
  expect(existsSync(join(hand.dir, 'ledger.db-wal'))).toBe(false)
  hand.ledger = hand.open()
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
    hand.ledger.keepSession(session)
    hand.ledger.keepSession({ ...session, seen: NOON + HOUR, until: NOON + 99 * DAY })
    hand.reopen()
    expect(hand.ledger.sessions()).toEqual([{ ...session, seen: NOON + HOUR }])
    hand.ledger.dropSession('d1')
    hand.reopen()
    expect(hand.ledger.sessions()).toEqual([])
  })
})

describe('what is said', () => {
  it('is read by its family, in order, and heard once it is on the disk', () => {
    const heard: string[] = []
    const end = hand.ledger.onNews((news) => heard.push(...news.map(({ type }) => type)))
    const said = hand.ledger.say('incident.open', { id: 1 })
    hand.ledger.say('ack', { outage: 'a' })
    hand.ledger.say('incidental', {})
    hand.ledger.remember(decision({ entries: [{ type: 'incident.update', payload: { id: 2 } }] }))
    expect(said).toMatchObject({ origin: 'home', seq: 1, type: 'incident.open', payload: { id: 1 } })
    expect(hand.ledger.statements('incident', 'ack').map(({ seq }) => seq)).toEqual([1, 2, 4])
    expect(heard).toEqual(['incident.open', 'ack', 'incidental', 'incident.update'])
    end()
    hand.ledger.say('ack', {})
    expect(heard.length).toBe(4)
  })

  it('is not heard when the disk would not have it', () => {
    const heard: string[] = []
    hand.ledger.onNews((news) => heard.push(...news.map(({ type }) => type)))
    const good = { type: 'a', payload: {} }
    expect(() => hand.ledger.remember(decision({ entries: [good, { type: 'b', payload: 10n }] }))).toThrow(/BigInt/)
    hand.ledger.say('c', {})
    expect(heard).toEqual(['c'])
  })
})
