// A copy in a folder of this machine: a mounted disk, a web server's root.
import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { CopyKind } from './kind.ts'
import { pagesIn } from './pages.ts'

/** What we put there: nothing else is ever removed. */
const MANIFEST = '.vigie-copy.json'

/** Folders of the kernel's: nothing can be kept there, and making one there may never end. */
const KERNEL = /^\/(proc|sys)(\/|$)/

type Manifest = Readonly<Record<string, string>>

export const folder: CopyKind = {
  scheme: '/',
  shared: () => false,
  fault: (to) => {
    const place = resolve(to)
    if (to.includes('#')) return 'git+file:///… for a branch of a repository on this machine'
    const amiss = place === '/' || KERNEL.test(place) || to.split('/').includes('..')
    return amiss ? 'a folder of its own, such as /srv/status' : null
  },
  put,
}

/** Each file is whole at any moment: written beside its place and then renamed. */
async function put(from: string, to: string): Promise<void> {
  if (`${resolve(to)}/`.startsWith(`${resolve(from)}/`))
    throw new Error(`${to} lies in the folder that it would be a copy of`)
  await mkdir(to, { recursive: true })
  const before = await manifestOf(to)
  const after: Record<string, string> = {}
  for await (const [path, bytes] of pagesIn(from)) {
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 16)
    after[path] = hash
    if (before[path] === hash) continue
    await mkdir(dirname(join(to, path)), { recursive: true })
    await replace(join(to, path), bytes)
  }
  for (const path of Object.keys(before)) {
    if (after[path] === undefined && isWithin(path)) await rm(join(to, path), { force: true })
  }
  await replace(join(to, MANIFEST), JSON.stringify(after))
}

async function replace(file: string, bytes: Buffer | string): Promise<void> {
  await writeFile(`${file}.new`, bytes)
  await rename(`${file}.new`, file)
}

async function manifestOf(to: string): Promise<Manifest> {
  try {
    const value: unknown = JSON.parse(await readFile(join(to, MANIFEST), 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Manifest) : {}
  } catch {
    return {}
  }
}

function isWithin(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').includes('..')
}
