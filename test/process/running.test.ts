// How commands find the vigie that runs.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findRunning, leaveWord, withdrawWord } from '../../src/process/running.ts'
import { folderWith } from '../cli/folders.ts'

const WORD = {
  pid: 7,
  url: 'http://127.0.0.1:8080',
  version: '0.1.0',
  token: 'x',
  checks: '/etc/vigie/checks',
  site: 'home',
}

it('is found by all it left, by its owner alone, until it goes', () => {
  const data = folderWith()
  expect(findRunning(data)).toBeNull()
  writeFileSync(join(data, 'run.json'), 'what one that was killed left', { mode: 0o644 })
  leaveWord(data, WORD, () => {})
  expect(findRunning(data)).toEqual(WORD)
  expect(statSync(join(data, 'run.json')).mode & 0o777).toBe(0o600)
  withdrawWord(data)
  withdrawWord(data)
  expect(findRunning(data)).toBeNull()
})

it.each([
  [
    '{ "url": "http://127.0.0.1:1" }',
    { pid: null, url: 'http://127.0.0.1:1', version: null, token: null, checks: null, site: null },
  ],
  [
    '{ "url": "http://127.0.0.1:1", "pid": "7", "version": 1, "token": {} }',
    expect.objectContaining({ pid: null, version: null, token: null }),
  ],
  ['{ "url": "nowhere" }', null],
  ['{ "pid": 7 }', null],
  ['null', null],
  ['{', null],
])('%s is read for what it is worth', (text, found) => {
  expect(findRunning(folderWith({ 'run.json': text }))).toEqual(found)
})

it('runs on where it can leave no word, and says so', () => {
  const warnings: string[] = []
  const data = folderWith()
  mkdirSync(join(data, 'run.json'))
  leaveWord(data, WORD, (message) => warnings.push(message))
  rmSync(data, { recursive: true })
  leaveWord(data, WORD, (message) => warnings.push(message))
  expect(warnings).toEqual([expect.stringContaining('run.json'), expect.stringContaining('ENOENT')])
})
