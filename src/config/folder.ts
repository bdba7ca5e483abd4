// The folder: which files are read, and what is wrong with those that can't be.
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Mistake, quote } from './mistake.ts'
import { isId } from './scalars.ts'
import { readSource, type Source } from './source.ts'

/** site.yaml is about the whole, every other file one service. */
export const SITE_FILE = 'site.yaml'

export interface Folder {
  /** By file name, in order. A file that can't be read is there as one that isn't readable. */
  readonly sources: ReadonlyMap<string, Source>
  /** Mistakes that are in no file. */
  readonly mistakes: readonly Mistake[]
}

const LARGEST = 1_000_000
const MOST_FILES = 1000

/** Reads every `*.yaml` of a folder. Hidden files, folders within and files of other kinds are left alone. */
export function readFolder(dir: string): Folder {
  const shown = dir.replace(/\/+$/, '')
  const whole = (message: string, hint: string | null = null): Folder => ({
    sources: new Map(),
    mistakes: [{ file: shown || '/', line: 1, column: 1, message, hint }],
  })
  let names: string[]
  try {
    names = readdirSync(dir)
      .filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith('.'))
      .sort()
  } catch (error) {
    return whole(`the folder ${reasonOf(error)}`, 'name it with --checks DIR or VIGIE_CHECKS')
  }
  if (names.length > MOST_FILES) return whole(`the folder holds more than ${MOST_FILES} files`)
  const mistakes: Mistake[] = []
  const sources = new Map<string, Source>()
  for (const name of names) {
    const file = `${shown}/${name}`
    const complain = (message: string, hint: string | null = null) =>
      void mistakes.push({ file, line: 1, column: 1, message, hint })
    if (!name.endsWith('.yaml')) {
      complain('only *.yaml is read', `rename it to ${quote(`${name.replace(/\.[^.]*$/, '')}.yaml`)}`)
      continue
    }
    if (!isId(name.slice(0, -'.yaml'.length))) {
      complain('a file’s name is an id for ever: lowercase letters, digits and hyphens', 'such as mail.yaml')
    }
    const text = readText(join(dir, name), complain)
    const source = readSource(file, text ?? '')
    sources.set(name, text === undefined ? { ...source, readable: false } : source)
  }
  return { sources, mistakes }
}

/** Undefined after a complaint. Never waits for what isn't a plain file (a pipe), nor reads more than there may be. */
function readText(path: string, complain: (message: string, hint?: string) => void): string | undefined {
  let descriptor: number | undefined
  try {
    if (!statSync(path).isFile()) return void complain('the file is no plain file')
    descriptor = openSync(path, 'r')
    if (fstatSync(descriptor).size > LARGEST) return void complain('the file is larger than 1 MB')
    const buffer = Buffer.alloc(LARGEST + 1)
    let size = 0
    for (let read = -1; read !== 0 && size < buffer.length; size += read) {
      read = readSync(descriptor, buffer, size, buffer.length - size, null)
    }
    if (size > LARGEST) return void complain('the file is larger than 1 MB')
    return new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, size))
  } catch (error) {
    if (error instanceof TypeError) complain('the file is not text in UTF-8')
    else complain(`the file ${reasonOf(error)}`)
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
  return code === 'ENOENT' ? 'is not there' : `can't be read (${code})`
}
