// The folder a page is kept in. A reader, or a power cut, finds each file whole: the old one or the new one.
import { promises as fs } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { LANGUAGES } from '../../core/text.ts'
import { digestOf, gzipped } from './compress.ts'

export interface Shelf {
  /**
   * Makes the folder hold these texts, by path, `.gz` beside each that is longer than a block of a disk (of others nothing
   * is saved, and a `.br` would save a twentieth of that again, and wear): writes those that differ. `all`: the paths of
   * everything that belongs there, these among it; what is ours and not among them is removed. Null: that isn't known yet,
   * nothing is removed; not given: these are all. One call at a time. Resolves with what went wrong, in words; empty: nothing.
   * Whatever one file meets, the others are tried. Never rejects.
   */
  keep(files: ReadonlyMap<string, string>, all?: ReadonlySet<string> | null): Promise<readonly string[]>
  /** Writes texts as `keep` does, but neither remembers nor removes any: for what lies apart (`APART`). */
  put(files: ReadonlyMap<string, string>): Promise<readonly string[]>
  /** Takes away files and whole folders, by path; what isn't there is fine. Throws what the disk refuses. */
  remove(paths: readonly string[]): Promise<void>
  /** What lies in a folder; nothing when there is none. */
  list(path: string): Promise<readonly string[]>
  /** A text for the keeper alone, by a name that begins with a dot; `noted`: that text, null without one. */
  note(name: string, text: string): Promise<readonly string[]>
  noted(name: string): Promise<string | null>
}

/** What may lie of a text, in the order it takes its names: where the text itself is right, what was made of it is. */
const SUFFIXES = ['.gz', ''] as const

/** An earlier vigie kept this beside it, too: a server must not find it there, of an older text. */
const FORMER = '.br'

/** The least that a file takes on a disk, in bytes. */
const BLOCK = 4096

/** What a write leaves behind when it is killed half-way. */
const TEMPORARY = /^\..*\.tmp$/

/** Folders at the top that are ours alone: what lies in there and isn't of the page is old. Others' files are let be. */
const OURS = new Set<string>([...LANGUAGES, 'api', 'badge'])

/** Folders in which somebody else clears up: there are too many pages in them to look at each. */
const APART = /^([a-z]{2}|api\/v2)\/incidents$/

/** What a text is in gzip, where somebody did that already: of what lies at this path, with this digest. */
export type Made = (path: string, digest: string) => Buffer | undefined

interface Kept {
  readonly digest: string
  /** Longer than a block: it has its `.gz`. */
  readonly long: boolean
}

/** A text that differs from what is in the folder, or may. */
interface Wanted {
  readonly path: string
  readonly text: string
  readonly after: Kept
  /** What is surely there, another text: nothing need be compared then. */
  readonly before: Kept | undefined
}

type Rename = readonly [temporary: string, target: string]

/** Opens nothing yet; the folder is made with the first `keep`. */
export function openShelf(folder: string, made: Made = () => undefined): Shelf {
  /** What is surely on disk, by path. */
  const kept = new Map<string, Kept>()
  let paths = ''

  return { keep, put, remove, list, note, noted }

  async function put(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
    const mistakes: string[] = []
    await place(
      [...files].map(([path, text]) => ({ path, text, after: keptOf(text), before: undefined })),
      mistakes,
    )
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
      await sync(join(folder, `${name}.tmp`))
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
    const wanted: Wanted[] = []
    for (const [path, text] of files) {
      const one = { path, text, after: keptOf(text), before: kept.get(path) }
      if (one.before?.digest !== one.after.digest) wanted.push(one)
    }
    for (const { path } of wanted) kept.delete(path)
    for (const { path, after } of await place(wanted, mistakes)) kept.set(path, after)
    if (all !== null && paths !== [...all].sort().join()) await attempt(mistakes, () => sweep(all))
    return mistakes
  }

  async function sweep(all: ReadonlySet<string>): Promise<void> {
    const wanted = new Set([...all].flatMap((path) => SUFFIXES.map((suffix) => path + suffix)))
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
   * Writes what differs of some files; resolves with those the folder has now. All of them are safe on the disk before one
   * is renamed, and are made so together: done for each alone, a file system writes its journal anew for each.
   */
  async function place(wanted: readonly Wanted[], mistakes: string[]): Promise<readonly Wanted[]> {
    const written = await passing(wanted, mistakes, async (one) => ({ one, renames: await stage(one) }))
    const safe = await passingTogether(written, mistakes, async (staged) => {
      await orClear(staged.renames, ([temporary]) => sync(temporary))
      return staged
    })
    const placed = await passing(safe, mistakes, async (staged) => {
      await orClear(staged.renames, ([temporary, target]) => fs.rename(temporary, target))
      return staged
    })
    const renamed = placed.filter(({ renames }) => renames.length > 0)
    const directories = new Set(renamed.map(({ one }) => dirname(join(folder, one.path))))
    await passingTogether([...directories], mistakes, sync)
    return placed.map(({ one }) => one)
  }

  /** Writes what differs of one file under other names, from which to which; what isn't wanted of it is gone then. */
  async function stage({ path, text, after: { digest, long }, before }: Wanted): Promise<readonly Rename[]> {
    const file = join(folder, path)
    const identity = Buffer.from(text)
    if (before === undefined) await fs.rm(file + FORMER, { force: true })
    if (!long && before?.long !== false) await fs.rm(`${file}.gz`, { force: true })
    const there = SUFFIXES.filter((suffix) => long || suffix === '').map((suffix) => file + suffix)
    if (before === undefined && (await holds(file, identity)) && (await areThere(there))) return []
    const bodies = new Map<string, Buffer>()
    for (const target of there) {
      const body = target === file ? identity : (made(path, digest) ?? (await gzipped(identity)))
      if (before !== undefined || !(await holds(target, body))) bodies.set(target, body)
    }
    const renames = [...bodies.keys()].map(
      (target): Rename => [join(dirname(target), `.${basename(target)}.tmp`), target],
    )
    await orClear(renames, ([temporary, target]) => write(temporary, bodies.get(target)!))
    return renames
  }
}

function keptOf(text: string): Kept {
  return { digest: digestOf(text), long: Buffer.byteLength(text) > BLOCK }
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

/** Of a file, or of a directory: a rename is only safe once that is. */
async function sync(path: string): Promise<void> {
  const handle = await fs.open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Does it with each, or takes away all that was left half-way. */
async function orClear(renames: readonly Rename[], work: (rename: Rename) => Promise<void>): Promise<void> {
  try {
    for (const rename of renames) await work(rename)
  } catch (error) {
    for (const [temporary] of renames) await fs.unlink(temporary).catch(() => undefined)
    throw error
  }
}

/** Does it with each; resolves with what came of those that met nothing. */
async function passing<T, R>(items: readonly T[], mistakes: string[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) {
    await attempt(mistakes, async () => {
      results.push(await work(item))
    })
  }
  return results
}

/** The same with all at once. */
async function passingTogether<T, R>(items: readonly T[], mistakes: string[], work: (item: T) => Promise<R>) {
  return (await Promise.all(items.map((item) => passing([item], mistakes, work)))).flat()
}

async function attempt(mistakes: string[], work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    mistakes.push(error instanceof Error ? error.message : String(error))
  }
}
