// A whole site as the process people run: `vigie run` as it was built (`npm test` builds first), with its own checks/.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Stage } from './stage.ts'

const MAIN = resolve('dist/main.js')

export interface Process {
  readonly pid: number
  readonly out: () => string
  readonly err: () => string
  kill(signal: NodeJS.Signals): void
  /** Its exit code, once it ended; null after a signal. */
  readonly ended: Promise<number | null>
}

export interface RunningSite extends Process {
  readonly url: string
  /** `/api/vigie/status.json` */
  status(): Promise<StatusSeen>
  until(what: string, holds: () => Promise<boolean> | boolean, within?: number): Promise<void>
}

export interface StatusSeen {
  readonly blind: object | null
  readonly services: readonly {
    readonly id: string
    readonly status: string
    readonly checks: readonly { readonly reason: string | null; readonly took_ms: number | null }[]
  }[]
}

/** A folder of its own with a `checks/` in it; gone with the test. */
export function layOut(stage: Stage, files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), 'vigie-trial-'))
  stage.ends(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }))
  const checks = join(root, 'checks')
  mkdirSync(checks)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(checks, name), text)
  return { root, checks, data: join(root, 'data') }
}

/** `vigie WORDS`, started by the words `before` where there are any. Made to end with the test. */
export function start(stage: Stage, words: readonly string[], before: readonly string[] = []): Process {
  const [command, ...rest] = [...before, process.execPath, MAIN, ...words]
  const child: ChildProcess = spawn(command!, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  let out = ''
  let err = ''
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const kill = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  }
  stage.ends(() => {
    kill('SIGKILL')
    return ended
  })
  return { pid: child.pid!, out: () => out, err: () => err, kill, ended }
}

/** `vigie run`, serving. */
export async function run(
  stage: Stage,
  { checks, data }: { readonly checks: string; readonly data: string },
  before: readonly string[] = [],
): Promise<RunningSite> {
  const process = start(stage, ['run', '--checks', checks, '--data', data, '--listen', '127.0.0.1:0'], before)
  const over = new Promise<never>((_, reject) => {
    void process.ended.then((code) => reject(new Error(`ended with ${code}: ${process.err()}`)))
  })
  over.catch(() => {})
  const until: RunningSite['until'] = async (what, holds, within = 20_000) => {
    const end = performance.now() + within
    while (!(await Promise.race([holds(), over]))) {
      if (performance.now() > end) throw new Error(`not ${what}: ${process.out()}${process.err()}`)
      await new Promise((done) => setTimeout(done, 50))
    }
  }
  const served = () => /^The page: (http:\S+?)\/?$/m.exec(process.out())?.[1]
  await until('serving', () => served() !== undefined)
  const url = served()!
  return { ...process, url, status, until }

  async function status(): Promise<StatusSeen> {
    return (await (await fetch(`${url}/api/vigie/status.json`)).json()) as StatusSeen
  }
}

/** The most memory a process ever had in its hands, in bytes; null where the system doesn't say. */
export function mostMemory(pid: number): number | null {
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found === null ? null : Number(found[1]) * 1024
  } catch {
    return null
  }
}

/** True when the machine kept a process waiting for a processor for more than a second of its life. */
export function starved(pid: number): boolean {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) > 1e9
  } catch {
    return false
  }
}
