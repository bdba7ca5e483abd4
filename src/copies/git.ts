// A copy as a branch of a git repository that is served as pages: one commit without a past, so that it never grows.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CopyKind } from './kind.ts'
import { pagesIn } from './pages.ts'
import { run } from './run.ts'

const BRANCH = 'pages'

export const git: CopyKind = {
  scheme: 'git+',
  shared: (to) => !to.startsWith('git+file:'),
  fault: (to) => (partsOf(to) === null ? 'git+ssh://git@HOST/repository.git#branch' : null),
  put,
}

async function put(from: string, to: string, within: number): Promise<void> {
  const { url, branch } = partsOf(to)!
  const work = await mkdtemp(join(tmpdir(), 'vigie-copy-'))
  const as = ['-c', 'user.name=vigie', '-c', 'user.email=vigie@localhost']
  try {
    for await (const [path, bytes] of pagesIn(from)) {
      await mkdir(dirname(join(work, path)), { recursive: true })
      await writeFile(join(work, path), bytes)
    }
    await run('git', ['init', '-q', '-b', branch], within, { cwd: work })
    await run('git', ['add', '-A', '-f'], within, { cwd: work })
    await run('git', [...as, 'commit', '-q', '-m', 'The page as it is'], within, { cwd: work })
    await run('git', ['push', '-q', '--force', '--', url, `HEAD:refs/heads/${branch}`], within, { cwd: work })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** `file` is for a repository on a disk of this machine. */
function partsOf(to: string) {
  const [, url, branch = BRANCH] =
    /^git\+((?:ssh:\/\/(?:[\w.-]+@)?(?!-)[\w.:-]+|file:\/\/)\/[\w./~-]+)(?:#(?!-)([\w./-]+))?$/.exec(to) ?? []
  return url === undefined ? null : { url, branch }
}
