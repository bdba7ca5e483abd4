// Where `${secret:NAME}` comes from: systemd's credentials, the environment, the data folder, in this order.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type Secret =
  | { readonly value: string }
  /** Nowhere to be had; `why` says so in words. Null: it is not to be had here, and nobody need hear of it. */
  | { readonly value: null; readonly why: string | null }
  /** It could be used, but everybody on the machine can read this file. */
  | { readonly value: string; readonly exposed: string }

/** No secret at all: what an observer looks with. */
export const noSecret = (): Secret => ({ value: null, why: null })

const LARGEST = 64 * 1024

/** Looks secrets up; each is read once. `asked`: the names of all that were looked up. `data`: the data folder. Never throws. */
export function openSecrets(environment: Readonly<Record<string, string | undefined>>, data: string) {
  const known = new Map<string, Secret>()
  return { find, asked: (): readonly string[] => [...known.keys()] }

  function find(name: string): Secret {
    const secret = known.get(name) ?? look(name)
    known.set(name, secret)
    return secret
  }

  function look(name: string): Secret {
    const variable = `VIGIE_SECRET_${name.toUpperCase().replaceAll('-', '_')}`
    const credentials = environment.CREDENTIALS_DIRECTORY
    const given = environment[variable]
    const own = join(data, 'secrets', name)
    return (
      (credentials ? fromFile(join(credentials, name)) : undefined) ??
      (given ? { value: withoutNewline(given) } : undefined) ??
      fromFile(own) ?? { value: null, why: `neither ${own} nor $${variable} is there` }
    )
  }
}

/** Undefined when there is no such file. */
function fromFile(path: string): Secret | undefined {
  try {
    const stat = statSync(path)
    if (!stat.isFile() || stat.size > LARGEST) return { value: null, why: `${path} is no small file` }
    const value = withoutNewline(readFileSync(path, 'utf8'))
    if (value === '') return { value: null, why: `${path} is empty` }
    return stat.mode & 0o004 ? { value, exposed: path } : { value }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { value: null, why: `${path} can't be read (${code})` }
  }
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}
