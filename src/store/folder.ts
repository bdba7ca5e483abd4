// Makes folders where they can be made, and says at once where they can't.
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder, and those above it, when it isn't there. One at a time: Node's own `recursive` tries without end where
 * nothing can be made (/proc), and says ENOENT of a disk that can't be written. Throws what the system says.
 */
export function makeFolder(dir: string): void {
  if (isFolder(dir)) return
  const above = dirname(resolve(dir))
  if (!existsSync(dir) && above !== resolve(dir)) makeFolder(above)
  try {
    mkdirSync(dir)
  } catch (error) {
    // Somebody else made it meanwhile.
    if (!isFolder(dir)) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
