// What is said of vigie's own troubles: the reason, and the remedy that fits it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hinderedWords } from '../src/troubles.ts'
import { startSite } from './servers/site.ts'

test('A full disk is not sent to look for a broken one.', () => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  expect(hinderedWords(full)).toEqual([
    'database or disk is full',
    'Nothing can be remembered or mailed: free some space where the data folder is.',
  ])
  expect(hinderedWords(new Error('disk I/O error'))[1]).toContain('look at the disk')
})

test('Two broken databases are both named, with where they are kept.', async () => {
  const data = join(mkdtempSync(join(tmpdir(), 'vigie-broken-')), 'data')
  mkdirSync(data)
  for (const name of ['ledger.db', 'results.db']) writeFileSync(join(data, name), 'noise '.repeat(4000))
  const files = {
    'site.yaml': 'name: Essai\nsites: { home: {} }\n',
    'web.yaml': 'service: Web\nchecks:\n  - tcp: 127.0.0.1:1\n    allow_private: true\n',
  }
  const one = await startSite(files, { data })
  const said = (name: string) => one.log.filter((line) => line.includes(`${name} was broken`))
  await one.until('told', () => said('results.db').length > 0)
  expect([said('ledger.db').length, said('results.db').length]).toEqual([1, 1])
  expect(said('results.db')[0]).toContain('results.db.broken-')
  await one.stop()
  rmSync(join(data, '..'), { recursive: true })
})
