// What stands in for a lost file is on the disk before anybody relies on it: a power cut right after must not take it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { backUp } from '../../src/store/backup.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { unpack } from '../../src/store/restore.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'

const flushed: string[] = []
vi.mock(import('node:fs'), async (original) => {
  const fs = await original()
  const fsyncSync: typeof fs.fsyncSync = (fd) => {
    fs.fsyncSync(fd)
    flushed.push(fs.readlinkSync(`/proc/self/fd/${fd}`))
  }
  return { ...fs, default: { ...fs, fsyncSync }, fsyncSync }
})

let root: string
let data: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vigie-flushed-'))
  data = mkdtempSync(join(root, 'data-'))
  const ledger = open()
  ledger.say('ack', { outage: 'mail-1', by: 'cli', at: Date.now() })
  ledger.copy()
  ledger.close()
})
afterEach(() => rmSync(root, { recursive: true }))

function open() {
  return openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: Date.now })
}

it('a copy of the ledger that stands in', () => {
  rmSync(join(data, 'ledger.db'))
  flushed.length = 0
  const ledger = open()
  expect(ledger.restored).not.toBeNull()
  expect(flushed).toEqual([join(data, 'ledger.db'), data])
  ledger.close()
})

it('a backup that is put back, before its files have their names', async () => {
  const file = join(root, 'vigie.tar.gz')
  await backUp(data, file, { version: '0.1.0', now: Date.now() })
  const elsewhere = join(root, 'elsewhere')
  const unpacked = await unpack(file, elsewhere)
  flushed.length = 0
  unpacked.put(Date.now())
  const [work] = flushed.map((path) => relative(elsewhere, path).split('/')[0])
  expect(work).toMatch(/^\.restore-/)
  expect(flushed.map((path) => relative(elsewhere, path).replace(work!, 'work'))).toEqual([
    'work/keys',
    'work/ledger.db',
    'work/keys/site.key',
    '',
  ])
})
