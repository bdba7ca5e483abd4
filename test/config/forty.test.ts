// The folder in `forty.txt`: mistakes of every sort, and what is said of them.
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { formatMistake } from '../../src/config/mistake.ts'
import { folderOf, readFrom } from './folders.ts'

const FILES = readFileSync(join(import.meta.dirname, 'forty.txt'), 'utf8')
  .split(/^=== /m)
  .slice(1)
  .map((part): [string, string] => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)])

it('finds every mistake of a folder at once, each at its place, and invents none', () => {
  const root = folderOf({
    ...Object.fromEntries(FILES.map(([name, text]) => [`checks/${name}`, text])),
    'data/secrets/exposed': 'not for all',
  })
  chmodSync(join(root, 'data/secrets/exposed'), 0o644)
  const { configuration, plans, mistakes } = readFrom(root)
  const said = mistakes.map((mistake) =>
    formatMistake(mistake)
      .replace(`${root}/checks/`, '')
      .replace(`${root}/checks`, 'FOLDER')
      .replace(`${root}/data`, 'DATA'),
  )
  expect(said.sort()).toEqual(FILES.flatMap(expected).sort())
  expect(said.length).toBeGreaterThan(50)
  expect(configuration).toBeNull()
  expect(plans.size).toBe(0)
})

function expected([file, text]: [string, string]): string[] {
  return text.split('\n').flatMap((line, i) =>
    line
      .split(/(?:^| )#! /)
      .slice(1)
      .map((mark) => {
        const [, other, column, message] = /^(?:(\d+):)?(\d+) (.*?) *$/.exec(mark) ?? []
        return `${file}:${other ?? i + 1}:${column}: ${message}`
      }),
  )
}
