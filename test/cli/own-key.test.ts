// A data folder whose key isn't the one that site.yaml gives this site: said by every command, before anything is signed.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openKey } from '../../src/twin/key.ts'
import { folderWith } from './folders.ts'
import { vigie } from './host.ts'

const WEB = 'service: Web\nchecks: [ { http: "https://web.nomagic.example/" } ]\n'
const keyOf = (data: string) => openKey(data).publicKey
const checksWith = (home: string, offsite: string) =>
  folderWith({
    'site.yaml': `name: Essai
domain: nomagic.example
sites:
  home: { key: "${home}" }
  offsite: { url: "https://b.elsewhere.example", key: "${offsite}" }
`,
    'web.yaml': WEB,
  })

it('Of another site: nothing is done under this name, and the way to start it is told.', async () => {
  const [home, offsite] = [folderWith(), folderWith()]
  const checks = checksWith(keyOf(home), keyOf(offsite))
  const at = (data: string, ...words: string[]) => vigie([...words, '--checks', checks, '--data', data])
  const says = `${checks}/site.yaml:4:16: this is to be site home, but ${offsite} has the key of site offsite (start it with --site offsite, or VIGIE_SITE)`
  for (const words of [['run'], ['incident', 'open', '--title', 'Z', '--text', 'z'], ['doctor']]) {
    const { code, err } = await at(offsite, ...words)
    expect([code, err.includes(says)], words.join()).toEqual([2, true])
  }
  const config = await at(offsite, 'config')
  expect([config.code, config.out.includes(says)]).toEqual([2, true])
  expect((await at(offsite, 'config', '--site', 'offsite')).code).toBe(0)
  const copied = await at(home, 'config', '--site', 'offsite')
  expect([copied.code, copied.out.includes('are the keys of offsite and home exchanged here')]).toEqual([2, true])
  expect((await at(home, 'config')).out).toContain('no mistakes')
  expect((await at(folderWith(), 'config')).out, 'no key yet').not.toContain('key of')
})

it('Of nobody: a warning with the key that belongs there.', async () => {
  const [home, other] = [folderWith(), folderWith()]
  const own = keyOf(home)
  const checks = checksWith(keyOf(other), keyOf(folderWith()))
  const { code, out } = await vigie(['config', '--checks', checks, '--data', home])
  expect(code).toBe(0)
  expect(out).toContain(
    `site.yaml:4:16: warning: ${home} has another key: if this machine is site home, the other sites refuse what it says`,
  )
  expect(out).toContain(`(there it is ${own})`)
})

it('That is none is no fault of vigie: one line, with what to do.', async () => {
  const data = folderWith()
  mkdirSync(join(data, 'keys'))
  writeFileSync(join(data, 'keys', 'site.key'), 'junk')
  const { code, err } = await vigie(['twin', 'key', '--data', data])
  expect([code, err.split('\n')]).toEqual([
    1,
    [expect.stringMatching(/^vigie twin key: .*site\.key holds no Ed25519 key\. Bring it back from a backup/), ''],
  ])
})
