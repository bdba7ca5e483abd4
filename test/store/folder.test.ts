import { mkdirSync, mkdtempSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeFolder, makeSecretsFolder } from '../../src/store/folder.ts'
import { startSite } from '../servers/site.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'folder-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

it('is made with all above it, and left as it is when it is there', () => {
  makeFolder(join(root, 'a/b/c'))
  makeFolder(join(root, 'a/b/c'))
  expect(statSync(join(root, 'a/b/c')).isDirectory()).toBe(true)
})

it('is not made where a file is, or below one, or where nothing can be', () => {
  writeFileSync(join(root, 'file'), '')
  expect(() => makeFolder(join(root, 'file'))).toThrow('EEXIST')
  expect(() => makeFolder(join(root, 'file/below'))).toThrow(/EEXIST|ENOTDIR/)
  expect(() => makeFolder('/proc/vigie/data')).toThrow('ENOENT')
})

it('leaves alone what is there for secrets, also a link to a disk that is not there yet', () => {
  mkdirSync(join(root, 'secrets'), { mode: 0o750 })
  makeSecretsFolder(root)
  expect(statSync(join(root, 'secrets')).mode & 0o777).toBe(0o750)
  rmSync(join(root, 'secrets'), { recursive: true })
  symlinkSync(join(root, 'locked/secrets'), join(root, 'secrets'))
  makeSecretsFolder(root)
  expect(readlinkSync(join(root, 'secrets'))).toBe(join(root, 'locked/secrets'))
})

it('has one for secrets beside the keys after the first start, closed to others', async () => {
  const site = await startSite({
    'site.yaml': 'name: Essai\nsites: { home: {} }\n',
    'web.yaml': 'service: Web\nchecks: [{ heartbeat: 1h }]\n',
  })
  const modes = ['keys', 'secrets'].map((name) => statSync(join(site.data, name), { throwIfNoEntry: false })?.mode ?? 0)
  await site.stop()
  expect(modes.map((mode) => mode & 0o777)).toEqual([0o700, 0o700])
})
