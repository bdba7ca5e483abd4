import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startRole } from '../../src/sites/role.ts'
import { configurationOf, siteOf } from '../core/policy.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'vigie-role-'))
  for (const folder of ['before-restore-20261101T120000000Z/keys', '.restore-a1B2c3', 'public', 'keys', 'secrets'])
    mkdirSync(join(data, folder), { recursive: true })
  for (const file of ['before-restore-20261101T120000000Z/ledger.db', '.restore-a1B2c3/ledger.db', 'keys/site.key'])
    writeFileSync(join(data, file), 'CANARY')
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

function start(role: 'full' | 'observer'): readonly string[] {
  const configuration = configurationOf([], { sites: [siteOf('offsite', { role }), siteOf('home')] })
  const log: string[] = []
  startRole({
    memory: { configuration },
    ledger: { withhold: () => false },
    data,
    covered: () => 0,
    after: () => () => {},
    log: (_, message) => log.push(message),
  }).stop()
  return log
}

it('an observer lets go of what a restore set aside, and of one that was cut short, and of nothing else', () => {
  const log = start('observer')
  expect(readdirSync(data).sort()).toEqual(['keys', 'public', 'secrets'])
  expect(existsSync(join(data, 'keys/site.key'))).toBe(true)
  expect(log.join()).toContain('before-restore-20261101T120000000Z')
})

it('a full site keeps them', () => {
  start('full')
  expect(readdirSync(data)).toHaveLength(5)
})
