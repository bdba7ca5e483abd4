// Tests that need a server or a browser of the system: skipped where it is missing, and saying what. With VIGIE_REAL=1
// (as .ci/run sets it) a missing one is a failure: nobody believes in tests that never ran.
import { accessSync, constants } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { describe, it } from 'vitest'

const FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

/**
 * `describe`, when all is there: commands by name, files by absolute path, and `root` for tests that need to be root.
 * `install.sh` beside this file brings the rest.
 */
export function whenPresent(needs: readonly string[]): (title: string, tests: () => void) => void {
  const missing = [...new Set(needs)].filter((need) => !isPresent(need))
  if (missing.length === 0) return (title, tests) => describe(title, tests)
  const why = `missing here: ${missing.join(', ')}`
  if (process.env.VIGIE_REAL !== '1') return (title, tests) => describe.skip(`${title} (${why})`, tests)
  return (title) =>
    describe(title, () => {
      it('finds what it needs, as VIGIE_REAL=1 demands', () => {
        throw new Error(`${why}; as root on Debian: bash test/real/install.sh`)
      })
    })
}

function isPresent(need: string): boolean {
  if (need === 'root') return process.getuid?.() === 0
  if (isAbsolute(need)) return allows(need, constants.R_OK)
  return FOLDERS.some((folder) => allows(join(folder, need), constants.X_OK))
}

function allows(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
