// `run.json` in the data folder: what a vigie that runs leaves there for the commands of its owner, to be found and asked by.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What can be read of it: another version may have written it. */
export interface Running {
  readonly pid: number | null
  /** Where it listens. */
  readonly url: string
  /** Vigie's own; null: it did not say. */
  readonly version: string | null
  /** For its API; null: it left none. */
  readonly token: string | null
  /** The folder of its configuration, and which site it is; null: it did not say. */
  readonly checks: string | null
  readonly site: string | null
}

type Word = { readonly [Key in Exclude<keyof Running, 'site'>]: NonNullable<Running[Key]> } & Pick<Running, 'site'>

/** Readable by the folder's owner alone. Never throws: a full disk keeps commands from finding us, and us from nothing. */
export function leaveWord(data: string, word: Word, warn: (message: string) => void): void {
  try {
    withdrawWord(data)
    writeFileSync(fileIn(data), `${JSON.stringify(word)}\n`, { mode: 0o600 })
  } catch (error) {
    warn(String(error))
  }
}

/**
 * Null: there is none, or nothing one can use. One that was killed leaves it behind: it proves nothing. Throws what the
 * system says where it is not for us to read: then nobody knows that none runs.
 */
export function findRunning(data: string): Running | null {
  try {
    const said = JSON.parse(readFileSync(fileIn(data), 'utf8')) as { readonly [Key in keyof Word]?: unknown } | null
    if (typeof said?.url !== 'string' || !URL.canParse(said.url)) return null
    return {
      pid: typeof said.pid === 'number' ? said.pid : null,
      url: said.url,
      version: textOrNull(said.version),
      token: textOrNull(said.token),
      checks: textOrNull(said.checks),
      site: textOrNull(said.site),
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EACCES' || code === 'EPERM') throw error
    return null
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** It runs no more. */
export function withdrawWord(data: string): void {
  rmSync(fileIn(data), { force: true })
}

function fileIn(data: string): string {
  return join(data, 'run.json')
}
