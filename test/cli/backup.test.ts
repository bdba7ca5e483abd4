// `vigie backup` and `vigie restore`, as they are called.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DAY } from '../../src/core/time/time.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { lockFolder } from '../../src/store/lock.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { vigie } from './host.ts'

let root: string
let data: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-backup-'))
  data = join(root, 'data')
  file = join(root, 'vigie.tar.gz')
  mkdirSync(data)
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
  ledger.say('ack', { outage: 'mail-1', by: 'cli', at: Date.now() })
  ledger.close()
})
afterEach(() => rmSync(root, { recursive: true }))

const backup = (...more: string[]) => vigie(['backup', file, '--data', data, ...more])
const restore = (to: string, ...more: string[]) => vigie(['restore', file, '--data', to, ...more])

test('A backup says what is in it, and is not overwritten by accident.', async () => {
  const first = await backup()
  expect([first.code, first.err]).toEqual([0, ''])
  expect(first.out).toMatch(/vigie\.tar\.gz: ledger\.db .*, keys\/site\.key .*\.\n$/)
  expect(await backup()).toMatchObject({ code: 1, err: expect.stringContaining('--force writes over it') })
  expect(await backup('--force')).toMatchObject({ code: 0 })
  expect(await vigie(['backup', '--data', data])).toMatchObject({ code: 2 })
  expect(await vigie(['backup', join(root, 'x'), '--data', join(root, 'none')])).toMatchObject({ code: 1 })
})

test('A folder that is not there is called that, not by the name of a system call.', async () => {
  const { code, err } = await vigie(['backup', join(root, 'none', 'x.tar.gz'), '--data', data])
  expect([code, err]).toEqual([
    1,
    `vigie backup: there is no folder ${root}/none: make it first, or name a file elsewhere\n`,
  ])
})

test('It comes back on another machine, and only over what is there when told to.', async () => {
  await backup()
  const elsewhere = join(root, 'elsewhere')
  const done = await restore(elsewhere)
  expect([done.code, done.err]).toEqual([0, ''])
  expect(done.out).toContain('Restored what home said, 1 entry, as of 20')
  expect(await restore(elsewhere)).toMatchObject({ code: 1, err: expect.stringContaining('holds a ledger already') })
  expect(await restore(elsewhere, '--force')).toMatchObject({
    code: 0,
    out: expect.stringContaining('before-restore-'),
  })
  expect(existsSync(join(elsewhere, 'ledger.db'))).toBe(true)
})

test('Both say it to scripts, too.', async () => {
  const { made, bytes } = JSON.parse((await backup('--json')).out)
  expect(bytes).toMatchObject({ 'ledger.db': expect.any(Number), 'keys/site.key': expect.any(Number) })
  const elsewhere = join(root, 'elsewhere')
  expect(JSON.parse((await restore(elsewhere, '--json')).out)).toEqual({
    made,
    entries: 1,
    sites: ['home'],
    aside: null,
  })
  expect(JSON.parse((await restore(elsewhere, '--force', '--json')).out).aside).toContain('before-restore-')
})

test('One made after the site got a new key comes back; what was signed before, the chain vouches for.', async () => {
  rmSync(join(data, 'keys/site.key'))
  const say = (type: string) => {
    const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
    ledger.say(type, { outage: 'mail-2', by: 'cli', at: Date.now() })
    if (type === 'account.key') ledger.withhold(() => 100)
    ledger.close()
  }
  say('ack')
  await backup()
  expect(await restore(join(root, 'elsewhere'))).toMatchObject({ code: 0, err: '' })
  // One that became an observer has its own accounts withheld.
  say('account.key')
  await backup('--force')
  expect(await restore(join(root, 'observer'))).toMatchObject({ code: 0, err: '' })
})

test('One whose other site took mails out comes back, though the word for it was still on its way.', async () => {
  const other = join(root, 'offsite')
  mkdirSync(other)
  const said = openLedger(other, { site: 'offsite', sealer: sealer(openKey(other)), now: Date.now })
  for (const outage of ['mail-1', 'mail-2', 'mail-3']) said.say('ack', { outage, by: 'cli', at: Date.now() })
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
  ledger.keep(said.entries('offsite', 1, 10))
  ledger.close()
  said.close()
  await backup()
  expect(await restore(join(root, 'elsewhere'))).toMatchObject({ code: 0, out: expect.stringContaining('3 entries') })
})

/** It sends many mails, somebody acknowledges, and 100 days later the mails are taken out of its past. */
function foldMails() {
  let off = 0
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => Date.now() + off })
  const entries = Array.from({ length: 250 }, (_, n) => ({ type: 'alert.sent', payload: { letter: `l${n}` } }))
  ledger.remember({ living: new Map(), letters: [], entries })
  ledger.say('ack', { outage: 'mail-2', by: 'cli', at: Date.now() })
  off = 100 * DAY
  ledger.fold(() => Number.MAX_SAFE_INTEGER)
  ledger.close()
}

test('One of a site that took old mails out of its past comes back, and nothing else may be missing there.', async () => {
  foldMails()
  await backup()
  const done = await restore(join(root, 'elsewhere'))
  expect([done.code, done.err]).toEqual([0, ''])
  expect(done.out).toContain('what home said, 3 entries,')
  // What a person said is not named by the checkpoint.
  const db = new Sqlite(join(data, 'ledger.db'))
  db.exec('DROP TRIGGER entries_remain; DELETE FROM entries WHERE seq = 252')
  db.close()
  await backup('--force')
  expect(await restore(join(root, 'other'))).toMatchObject({
    code: 1,
    err: expect.stringContaining('of home entries 2 to 252 are missing: the ledger was altered'),
  })
})

test('A file that is no backup, and one that is cut short, are called so in words.', async () => {
  await backup()
  const cut = join(root, 'cut.tar.gz')
  writeFileSync(cut, readFileSync(file).subarray(0, 200))
  expect((await vigie(['restore', cut, '--data', join(root, 'elsewhere')])).err).toContain('it is cut short')
  writeFileSync(cut, 'a log')
  expect((await vigie(['restore', cut, '--data', join(root, 'elsewhere')])).err).toContain('it is no gzipped file')
})

describe('What is refused changes nothing:', () => {
  test('a folder on which a vigie runs', async () => {
    await backup()
    const elsewhere = join(root, 'elsewhere')
    const lock = lockFolder(elsewhere)
    expect(await restore(elsewhere)).toMatchObject({ code: 1, err: expect.stringContaining('stop it first') })
    if ('release' in lock) lock.release()
    expect(readdirSync(elsewhere)).not.toContain('ledger.db')
  })

  test('a ledger that was altered, however well it was packed', async () => {
    const db = new Sqlite(join(data, 'ledger.db'))
    db.exec("DROP TRIGGER entries_stay; UPDATE entries SET payload = CAST('{}' AS BLOB)")
    db.close()
    await backup()
    expect(await restore(join(root, 'elsewhere'))).toMatchObject({ code: 1, err: expect.stringContaining('altered') })
    expect(readdirSync(join(root, 'elsewhere'))).not.toContain('ledger.db')
  })

  test('a file that is none, or is not there', async () => {
    expect(await restore(join(root, 'elsewhere'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no'),
    })
  })
})
