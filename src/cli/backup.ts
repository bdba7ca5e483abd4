// `vigie backup FILE`: what makes this site what it is, in one file, taken while it runs.
import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { bytes } from '../core/shown/diagnosis.ts'
import type { Call, Command, Host } from './command.ts'
import { version } from './version.ts'

export const backup: Command = {
  words: 'FILE',
  about: [
    'Writes what makes this site what it is into one file (a tar, gzipped): what people said and what was sent, what was measured, and the site’s key. A running vigie is not disturbed. Left out are `secrets/`, which belong where your other passwords are kept, and the page, which is made anew.',
    'Whoever has the file can speak as this site and try the admins’ passwords: it is readable by its owner alone, keep it so. A file that is there already is not overwritten without --force.',
    'Exit code 0 when it is written, 1 when it can’t be.',
  ],
  options: ['force', 'json'],
  examples: [
    { line: 'vigie backup /mnt/usb/vigie.tar.gz --force', does: 'every night, by cron' },
    { line: 'tar tzf vigie.tar.gz', does: 'what is in it' },
  ],
  run: runBackup,
}

async function runBackup({ options, words }: Call, host: Host): Promise<number> {
  const [file, ...more] = words
  if (file === undefined || more.length > 0) {
    host.err.write('vigie backup: say one file: vigie backup vigie.tar.gz\n')
    return 2
  }
  if (existsSync(file) && !options.given.has('force')) {
    host.err.write(`vigie backup: ${file} is there already; --force writes over it\n`)
    return 1
  }
  const closed = closedTo(dirname(file))
  if (closed !== null) {
    host.err.write(`vigie backup: ${closed}\n`)
    return 1
  }
  const { backUp } = await import('../store/backup.ts')
  try {
    const about = { version: version(), now: host.wall() }
    const { made, files } = await backUp(options.data, file, about)
    if (options.json) {
      const sizes = Object.fromEntries(Object.entries(files).map(([name, { size }]) => [name, size]))
      host.out.write(`${JSON.stringify({ file, made, bytes: sizes }, null, 2)}\n`)
      return 0
    }
    const parts = Object.entries(files).map(([name, { size }]) => `${name} ${bytes(size)}`)
    host.out.write(`${file}: ${parts.join(', ')}.\n`)
    return 0
  } catch (error) {
    host.err.write(`vigie backup: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}

/** Why nothing can be written into a folder; null: it can. */
function closedTo(folder: string): string | null {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return `there is no folder ${folder}: make it first, or name a file elsewhere`
    if (code === 'EROFS') return `${folder} is on a disk that can’t be written`
    return `this user may not write into ${folder}: name a file elsewhere`
  }
}
