// A ledger that somebody else holds for a while: what was decided meanwhile is not lost.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ALERTS_KEY } from '../src/core/verdict/alert.ts'
import { createKeeper } from '../src/keeper.ts'
import { type Decision, type Ledger, openLedger } from '../src/store/ledger.ts'
import { openKey } from '../src/twin/key.ts'
import { sealer } from '../src/twin/seal.ts'
import { mail } from './core/letters.ts'

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
  const keep = createKeeper(ledger, () => false)
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

it('what the disk refused is not sent in the midst of work, and once that is over', () => {
  let work = false
  let full = true
  const taken: Decision[] = []
  const remember = (decision: Decision) => {
    if (full) throw new Error('database or disk is full')
    taken.push(decision)
  }
  const keep = createKeeper({ remember }, (service) => work && service === 'web')
  const keys = () => taken.splice(0).flatMap(({ letters }) => letters.map(({ letter }) => letter.key))
  const about = (key: string, ...services: string[]) => {
    const thread = key.split(':')[0]!
    const affected = services.map((service) => ({ ...mail, outage: thread, service }))
    const news = { kind: 'down', affected, children: [], suspected: null } as const
    return { letter: { key, event: 'down', thread, at: NOON, news } as const, recipients: [] }
  }
  const none = decided({}, [])
  const decision = (...letters: Required<Decision>['letters']) => ({ ...none, letters })
  expect(() => keep({ ...none, letters: [about('a:down', 'web'), about('b:down', 'mail')] })).toThrow('full')
  expect(() =>
    keep({ ...decided({ [ALERTS_KEY]: '1', x: '1' }, []), letters: [about('c:down', 'web', 'mail')] }),
  ).toThrow()
  full = false
  work = true
  expect(keep(none)).toBe(2)
  expect([...taken[0]!.living.keys()], 'a start in between decides it again').toEqual(['x'])
  expect(keys(), 'nobody waits for what tells of others, too').toEqual(['b:down', 'c:down'])
  expect(keep(decision(about('a:up', 'web'), about('d:down', 'web')))).toBe(1)
  expect(keys(), 'what answers it waits with it').toEqual(['d:down'])
  work = false
  expect(keep(none)).toBe(2)
  expect([...taken[0]!.living], 'and what was decided').toEqual([[ALERTS_KEY, '1']])
  expect(keys()).toEqual(['a:down', 'a:up'])
  expect(keep(none)).toBe(0)
})
