// A ledger that somebody else holds for a while: what was decided meanwhile is not lost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createKeeper } from '../src/keeper.ts'
import { type Decision, type Ledger, openLedger } from '../src/store/ledger.ts'
import { openKey } from '../src/twin/key.ts'
import { sealer } from '../src/twin/seal.ts'

const NOON = Date.UTC(2026, 10, 23, 12)

let dir: string
let ledger: Ledger

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vigie-keeper-'))
  ledger = openLedger(dir, { site: 'home', sealer: sealer(openKey(dir)), now: () => NOON })
})
afterEach(() => {
  ledger.close()
  rmSync(dir, { recursive: true, force: true })
})

function decided(
  living: Record<string, string | null>,
  keys: readonly string[],
  withdraw: readonly string[] = [],
): Required<Decision> {
  const letters = keys.map((key) => ({
    letter: { key, event: 'down', thread: 't', at: NOON, news: { kind: 'test' } } as const,
    recipients: ['admins@elsewhere.example'],
  }))
  return { living: new Map(Object.entries(living)), letters, withdraw, entries: [], renames: [] }
}

it('what the disk refused is kept with the next decision: the newest word of each, letters in order, none twice', () => {
  const { keep } = createKeeper(ledger)
  keep(decided({ a: '1', b: '1' }, ['first']))
  const other = new Sqlite(join(dir, 'ledger.db'))
  other.exec('BEGIN IMMEDIATE')
  expect(() => keep(decided({ a: '2', b: '2' }, ['second', 'blind']))).toThrow(/locked/)
  expect(() => keep(decided({ b: '3' }, ['third'], ['blind']))).toThrow(/locked/)
  other.exec('ROLLBACK')
  other.close()
  expect(ledger.living().get('a')).toBe('1')

  expect(keep(decided({}, [])), 'as many letters wait to be sent now').toBe(2)
  expect(keep(decided({}, []))).toBe(0)
  expect(Object.fromEntries(ledger.living())).toMatchObject({ a: '2', b: '3' })
  expect(ledger.due(NOON).map(({ letter }) => letter.key)).toEqual(['first', 'second', 'third'])
})

it('what the disk refused is owed, by the name that its outage has now, until it is kept or taken back', () => {
  const { keep, owed } = createKeeper(ledger)
  expect(owed()).toEqual([])
  const other = new Sqlite(join(dir, 'ledger.db'))
  other.exec('BEGIN IMMEDIATE')
  expect(() => keep(decided({}, ['web-late:down', 'web-late2:down']))).toThrow(/locked/)
  expect(() => keep({ ...decided({}, []), renames: [{ from: 'web-late', to: 'web-early' }] })).toThrow(/locked/)
  expect(owed().map(({ letter, key }) => `${letter.key} ${key}`)).toEqual([
    'web-late:down web-early:down',
    'web-late2:down web-late2:down',
  ])
  expect(() => keep(decided({}, [], ['web-late:down']))).toThrow(/locked/)
  other.exec('ROLLBACK')
  other.close()
  expect(owed().map(({ key }) => key)).toEqual(['web-late2:down'])
  expect(keep(decided({}, []))).toBe(1)
  expect(owed()).toEqual([])
})
