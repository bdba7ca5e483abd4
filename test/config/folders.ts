// Folders of configuration for a test, in a temporary place.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Input, type Reading, readConfiguration } from '../../src/config/read.ts'
import { KINDS } from './kinds.ts'

export const SITE = 'name: Nomagic\ndomain: nomagic.test\nsites: { home: {} }\n'
export const SERVICE = 'service: Web\nchecks:\n  - http: https://www.nomagic.test/\n'

/** A new folder with these files, `checks` and `data` in it by name. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), 'vigie-config-'))
  mkdirSync(join(root, 'checks'))
  mkdirSync(join(root, 'data'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text, { mode: 0o600 })
  }
  return root
}

/** Reads a folder that `folderOf` made. */
export function readFrom(root: string, more: Partial<Input> = {}): Reading {
  return readConfiguration({
    dir: join(root, 'checks'),
    data: join(root, 'data'),
    environment: {},
    kinds: KINDS,
    ...more,
  })
}

/** Reads these files of `checks/`: site.yaml is a good one unless it is among them. */
export function readFiles(files: Readonly<Record<string, string | Buffer>>, more: Partial<Input> = {}): Reading {
  const all = Object.entries({ 'site.yaml': SITE, ...files })
  const root = folderOf(Object.fromEntries(all.map(([name, text]) => [`checks/${name}`, text])))
  try {
    return readFrom(root, more)
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** `file:line:column: message`, the file without its folder. */
export function briefly(reading: Pick<Reading, 'mistakes'>): string[] {
  return reading.mistakes.map(
    ({ file, line, column, message }) => `${file.replace(/.*\//, '')}:${line}:${column}: ${message}`,
  )
}
