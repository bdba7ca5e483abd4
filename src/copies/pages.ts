// What a copy is made of, while the publisher goes on writing: every file that is whole.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A text that is being written, as the publisher names it until it is whole. */
const UNFINISHED = /^\..*\.tmp$/

/** The same, as rsync(1) understands it. */
export const UNFINISHED_PATTERN = '.*.tmp'

/** Each whole file below `from`, by its path there. What vanishes meanwhile is passed over; a `from` that isn't there rejects. */
export async function* pagesIn(from: string): AsyncGenerator<readonly [path: string, bytes: Buffer]> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (UNFINISHED.test(entry.name)) continue
    try {
      if (entry.isFile()) yield [entry.name, await readFile(join(from, entry.name))]
    } catch (error) {
      if (!hasVanished(error)) throw error
    }
    if (entry.isDirectory()) yield* pagesBelow(from, entry.name)
  }
}

async function* pagesBelow(from: string, folder: string): ReturnType<typeof pagesIn> {
  try {
    for await (const [path, bytes] of pagesIn(join(from, folder))) yield [`${folder}/${path}`, bytes]
  } catch (error) {
    if (!hasVanished(error)) throw error
  }
}

function hasVanished(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
