// Copies by rsync (1): to a daemon's module, or over ssh with the keys of whoever vigie runs as.
import type { CopyKind } from './kind.ts'
import { UNFINISHED_PATTERN } from './pages.ts'
import { run } from './run.ts'

/** Files appear all at once at the end, and old ones go after that. No owner, group or rights travel. */
const WORDS = [
  '-rt',
  '--delay-updates',
  '--delete-after',
  '--delete-excluded',
  `--exclude=${UNFINISHED_PATTERN}`,
  '--timeout=60',
]

/** "Partial transfer due to vanished source files": the publisher was at work. */
const VANISHED = { fine: 24 }

export const rsync: CopyKind = {
  scheme: 'rsync://',
  shared: () => true,
  fault: (to) => (/^rsync:\/\/(?:[\w.-]+@)?(?!-)[\w.:[\]-]+\/(?!-)[\w./-]+$/.test(to) ? null : 'rsync://HOST/MODULE'),
  put: (from, to, within) => run('rsync', [...WORDS, '--', `${from}/`, to], within, VANISHED),
}

export const rsyncSsh: CopyKind = {
  scheme: 'rsync+ssh://',
  shared: () => true,
  fault: (to) => (partsOf(to) === null ? 'rsync+ssh://USER@HOST/folder' : null),
  put: (from, to, within) => {
    const { who, port, path } = partsOf(to)!
    const ssh = `ssh -o BatchMode=yes${port === undefined ? '' : ` -p ${port}`}`
    return run('rsync', [...WORDS, '-e', ssh, '--', `${from}/`, `${who}:${path}`], within, VANISHED)
  },
}

function partsOf(to: string) {
  const [, who, port, path] = /^rsync\+ssh:\/\/((?:[\w.-]+@)?(?!-)[\w.-]+)(?::(\d{1,5}))?(\/[\w./-]+)$/.exec(to) ?? []
  return who === undefined || path === undefined || who.startsWith('-') ? null : { who, port, path }
}
