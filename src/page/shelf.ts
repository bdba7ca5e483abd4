// The folder a page is kept in. A reader, or a power cut, finds each file whole: the old one or the new one.
import { promises as fs } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { brotlied, digestOf, type Encoding, gzipped } from './compress.ts'

export interface Shelf {
  /**
   * Makes the folder hold these texts, by path, `.br` and `.gz` beside each that is longer than a block of a disk (of
   * others nothing is saved): writes those that differ. `all`: the paths of everything that belongs there, these among
   * it; what is ours and not among them is removed. Null: that isn't known yet, nothing is removed; not given: these are
   * all. One call at a time. Resolves with what went wrong, in words; empty: nothing.
   * Whatever one file meets, the others are tried. Never rejects.
   */
  keep(files: ReadonlyMap<string, string>, all?: ReadonlySet<string> | null): Promise<readonly string[]>
  /**
   * Writes texts as `keep` does, but neither remembers nor removes any: for what lies apart (`APART`). There may be
   * thousands: nothing of it has a `.br`.
   */
  put(files: ReadonlyMap<string, string>): Promise<readonly string[]>
  /** Takes away files and whole folders, by path; what isn't there is fine. Throws what the disk refuses. */
  remove(paths: readonly string[]): Promise<void>
  /** What lies in a folder; nothing when there is none. */
  list(path: string): Promise<readonly string[]>
  /** A text for the keeper alone, by a name that begins with a dot; `noted`: that text, null without one. */
  note(name: string, text: string): Promise<readonly string[]>
  noted(name: string): Promise<string | null>
}

/** In the order they take their names: where the text itself is right, what was made of it is. */
const SUFFIXES: readonly (readonly [Encoding, string])[] = [
  ['br', '.br'],
  ['gzip', '.gz'],
  ['identity', ''],
]

type Encodings = readonly Encoding[]

const ALONE: Encodings = ['identity']

/** The least that a file takes on a disk, in bytes. */
const BLOCK = 4096

/** What a write leaves behind when it is killed half-way. */
const TEMPORARY = /^\..*\.tmp$/

/** Folders at the top that are ours alone: what lies in there and isn't of the page is old. Others' files are let be. */
const OURS = new Set(['fr', 'en', 'api', 'badge'])

/** Folders in which somebody else clears up: there are too many pages in them to look at each. */
const APART = /^([a-z]{2}|api\/v2)\/incidents$/

/** What a text is compressed, where somebody did that already: of what lies at this path, with this digest. */
export type Made = (path: string, encoding: Exclude<Encoding, 'identity'>, digest: string) => Buffer | undefined

interface Kept {
  readonly digest: string
  readonly encodings: Encodings
}

/** Opens nothing yet; the folder is made with the first `keep`. */
export function openShelf(folder: string, made: Made = () => undefined): Shelf {
  /** What is surely on disk, by path. */
  const kept = new Map<string, Kept>()
  let paths = ''

  return { keep, put: putAll, remove, list, note, noted }

  async function putAll(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const mistakes: string[] = []
    for (const [path, text] of files) {
      await attempt(mistakes, async () => {
        const encodings: Encodings = isLong(text) ? ['gzip', 'identity'] : ALONE
        if (await put(path, text, { digest: digestOf(text), encodings })) await sync(dirname(join(folder, path)))
      })
    }
    return mistakes
  }

  async function remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) await fs.rm(join(folder, path), { recursive: true, force: true })
  }

  async function list(path: string): Promise<readonly string[]> {
    try {
      return await fs.readdir(join(folder, path))
    } catch {
      return []
    }
  }

  async function note(name: string, text: string): Promise<readonly string[]> {
    const mistakes: string[] = []
    await attempt(mistakes, async () => {
      await write(join(folder, `${name}.tmp`), Buffer.from(text))
      await fs.rename(join(folder, `${name}.tmp`), join(folder, name))
      await sync(folder)
    })
    return mistakes
  }

  async function noted(name: string): Promise<string | null> {
    try {
      return await fs.readFile(join(folder, name), 'utf8')
    } catch {
      return null
    }
  }

  async function keep(
    files: ReadonlyMap<string, string>,
    all: ReadonlySet<string> | null = new Set(files.keys()),
  ): Promise<readonly string[]> {
    const mistakes: string[] = []
    const touched = new Set<string>()
    for (const [path, text] of files) {
      const before = kept.get(path)
      const after: Kept = { digest: digestOf(text), encodings: isLong(text) ? ['br', 'gzip', 'identity'] : ALONE }
      if (before?.digest === after.digest) continue
      kept.delete(path)
      await attempt(mistakes, async () => {
        if (await put(path, text, after, before)) touched.add(dirname(join(folder, path)))
        kept.set(path, after)
      })
    }
    for (const directory of touched) await attempt(mistakes, () => sync(directory))
    if (all !== null && paths !== [...all].sort().join()) await attempt(mistakes, () => sweep(all))
    return mistakes
  }

  async function sweep(all: ReadonlySet<string>): Promise<void> {
    const wanted = new Set([...all].flatMap((path) => SUFFIXES.map(([, suffix]) => path + suffix)))
    await sweepIn('', wanted)
    for (const path of kept.keys()) if (!all.has(path)) kept.delete(path)
    paths = [...all].sort().join()
  }

  async function sweepIn(within: string, wanted: ReadonlySet<string>): Promise<void> {
    for (const entry of await fs.readdir(join(folder, within), { withFileTypes: true })) {
      const path = within === '' ? entry.name : `${within}/${entry.name}`
      const stale = OURS.has(path.split('/')[0]!) && within !== '' && !wanted.has(path)
      if (entry.isDirectory() && !APART.test(path)) await sweepIn(path, wanted)
      else if (entry.isFile() && (stale || TEMPORARY.test(entry.name))) await fs.unlink(join(folder, path))
    }
  }

  /**
   * Writes what differs of one file; true when something did. All of it is safe on disk before any of it is renamed, and
   * an encoding that isn't wanted is gone by then. `before`: what is surely there, another text; nothing need be
   * compared then.
   */
  async function put(path: string, text: string, { digest, encodings }: Kept, before?: Kept): Promise<boolean> {
    const file = join(folder, path)
    const identity = Buffer.from(text)
    const targets = SUFFIXES.filter(([encoding]) => encodings.includes(encoding))
    const there = targets.map(([, suffix]) => file + suffix)
    if (before === undefined && (await holds(file, identity)) && (await areThere(there))) return false
    const renames: (readonly [string, string])[] = []
    try {
      for (const [encoding, suffix] of targets) {
        const target = file + suffix
        const body = encoding === 'identity' ? identity : await compressed(path, encoding, digest, identity)
        if (before === undefined && (await holds(target, body))) continue
        const temporary = join(dirname(target), `.${basename(target)}.tmp`)
        renames.push([temporary, target])
        await write(temporary, body)
      }
      for (const [encoding, suffix] of SUFFIXES) {
        if (encodings.includes(encoding) || before?.encodings.includes(encoding) === false) continue
        await fs.rm(file + suffix, { force: true })
      }
      for (const [temporary, target] of renames) await fs.rename(temporary, target)
      return renames.length > 0
    } catch (error) {
      for (const [temporary] of renames) await fs.unlink(temporary).catch(() => undefined)
      throw error
    }
  }

  async function compressed(path: string, encoding: 'br' | 'gzip', digest: string, body: Buffer): Promise<Buffer> {
    return made(path, encoding, digest) ?? (await (encoding === 'br' ? brotlied(body) : gzipped(body)))
  }
}

function isLong(text: string): boolean {
  return Buffer.byteLength(text) > BLOCK
}

async function areThere(files: readonly string[]): Promise<boolean> {
  try {
    for (const file of files) await fs.access(file)
    return true
  } catch {
    return false
  }
}

async function write(file: string, body: Buffer): Promise<void> {
  const handle = await fs.open(file, 'w', 0o644).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
    await fs.mkdir(dirname(file), { recursive: true })
    return fs.open(file, 'w', 0o644)
  })
  try {
    await handle.writeFile(body)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function holds(file: string, body: Buffer): Promise<boolean> {
  try {
    return body.equals(await fs.readFile(file))
  } catch {
    return false
  }
}

/** A rename is only safe once its directory is. */
async function sync(directory: string): Promise<void> {
  const handle = await fs.open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function attempt(mistakes: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    mistakes.push(error instanceof Error ? error.message : String(error))
  }
}
