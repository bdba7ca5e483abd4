// Why a data folder can't be used, in words, and what to do: run once as root, it is nobody's fault but is met by everybody.
import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { KeyFault } from '../../twin/key.ts'

/** What the system and SQLite say where a folder is not to be had. */
const CODES = /^(?:EACCES|EPERM|EROFS|EEXIST|ENOTDIR|ENOSPC|SQLITE_(?:CANTOPEN|READONLY|PERM|FULL).*)$/

/** One line with its remedy for an error that the state of the folder explains; null: it doesn't. */
export function folderFault(error: unknown, data: string): string | null {
  if (error instanceof KeyFault) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const making = isMaking(error, data)
  if (!making && !CODES.test(code)) return null
  if (code === 'ENOSPC' || code.startsWith('SQLITE_FULL'))
    return `the disk that holds ${data} is full: make room there, or name another folder with --data DIR`
  const there = nearestThere(data)
  if (!statSync(there).isDirectory()) return `${there} is a file, not a folder: --data DIR names another`
  const closed = closedIn(there, resolve(data))
  if (closed === null) return making ? `no folder can be made in ${there}: --data DIR names another` : null
  if (closed.code === 'EROFS')
    return `${closed.path} is on a disk that can’t be written: \`dmesg\` tells why, \`mount -o remount,rw\` tries again`
  return forbidden(closed.path, there, data)
}

/** It is the folder, or one above it, that could not be made. */
function isMaking(error: unknown, data: string): boolean {
  if (!(error instanceof Error)) return false
  const { syscall, path }: NodeJS.ErrnoException = error
  return syscall === 'mkdir' && path !== undefined && `${resolve(data)}/`.startsWith(`${resolve(path)}/`)
}

/** The folder itself, or the one it would be made in. */
function nearestThere(data: string): string {
  let there = data
  while (!existsSync(there)) there = dirname(resolve(there))
  return there
}

/** The first thing in the way of whoever runs this. */
function closedIn(there: string, data: string): { readonly path: string; readonly code: string } | null {
  const own = resolve(there) === data
  const files = own
    ? [there, ...filesIn(there), ...['keys', 'public'].flatMap((dir) => filesIn(join(there, dir)))]
    : [there]
  for (const path of files) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'ENOENT') return { path, code: code ?? '' }
    }
  }
  return null
}

function filesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir).map((name) => join(dir, name))
  } catch {
    return []
  }
}

function forbidden(path: string, there: string, data: string): string {
  const user = userInfo().username
  const owner = nameOf(statSync(path).uid)
  const says = `${user} may not read and write ${path}, which belongs to ${owner}`
  if (resolve(there) !== resolve(data)) return `${says}: \`sudo install -d -o ${user} ${data}\` makes ${data}`
  const give = `\`sudo chown -R ${user} ${data}\``
  return path === there ? `${says}: run this as ${owner} (\`sudo -u ${owner} …\`), or ${give}` : `${says}: ${give}`
}

function nameOf(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(uid))
    return line?.split(':')[0] ?? `user ${uid}`
  } catch {
    return `user ${uid}`
  }
}
