// Makes folders where they can be made, and says at once where they can't.
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

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

/** Makes `DIR/secrets`, for its owner alone, where people may put secrets. Without room for it nothing is lost. */
export function makeSecretsFolder(dir: string): void {
  const folder = join(dir, 'secrets')
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    // It is there; or it is a link to what isn't there yet, an encrypted disk say.
    if (!['EEXIST', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
