// Runs a program of the system without a shell, and says in one line why it failed.
import { execFile } from 'node:child_process'
import { homedir } from 'node:os'
import { cleanNote } from '../core/observation.ts'
import type { Millis } from '../core/time/time.ts'

const MOST_OUTPUT = 256 * 1024

/** Never asks anybody anything: keys and known hosts are those of whoever vigie runs as. */
const QUIET = { GIT_TERMINAL_PROMPT: '0', GIT_SSH_COMMAND: 'ssh -o BatchMode=yes', LC_ALL: 'C' }

/** `cwd`: where it runs, `fine`: an exit code beside 0 that is no failure. */
export function run(
  command: string,
  words: readonly string[],
  within: Millis,
  { cwd, fine }: { readonly cwd?: string; readonly fine?: number } = {},
): Promise<void> {
  const env = { ...QUIET, PATH: '/usr/local/bin:/usr/bin:/bin', HOME: homedir() }
  return new Promise((done, fail) => {
    const options = { env, cwd, timeout: Math.max(1, within), killSignal: 'SIGKILL' as const, maxBuffer: MOST_OUTPUT }
    execFile(command, words, options, (error, _out, err) => {
      if (error === null || (fine !== undefined && error.code === fine)) return done()
      const said = err.trim().split('\n')[0] ?? ''
      const missing = error.code === 'ENOENT' ? `${command} is not installed` : null
      const late = error.killed ? `${command} took longer than ${Math.round(within / 1000)} s` : null
      fail(new Error(cleanNote(missing ?? late ?? (said === '' ? `${command} failed` : said))))
    })
  })
}
