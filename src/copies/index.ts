// The kinds of copies: a file and a line each.
import { folder } from './folder.ts'
import { git } from './git.ts'
import type { CopyKind } from './kind.ts'
import { rsync, rsyncSsh } from './rsync.ts'

const KINDS: readonly CopyKind[] = [folder, rsync, rsyncSsh, git]

/** The kind that takes an address; undefined: none does. */
export function kindOf(to: string): CopyKind | undefined {
  return KINDS.find(({ scheme }) => to.startsWith(scheme))
}
