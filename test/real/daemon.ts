// Starts a server of the system in a folder of its own, waits until it serves, and ends it by its process id.
import { spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Daemon {
  readonly pid: number
  /** What it wrote to stdout and stderr. */
  log(): string
  /** Waits until it is so; fails with the log. */
  until(what: string, holds: () => boolean | Promise<boolean>): Promise<void>
  /** Asks it to end and waits, then makes it; its children too. */
  stop(): Promise<void>
}

export interface DaemonOptions {
  readonly command: string
  readonly arguments: readonly string[]
  /** Where it keeps what it writes. */
  readonly folder: string
  /** As whom it runs; as we do when not said. Only root can say. */
  readonly user?: string
  /** True once it serves. */
  readonly ready: (log: string) => boolean | Promise<boolean>
  /** What else to show when it doesn't come up. */
  readonly logFile?: string
}

/** Generous: test machines are slow and busy with other tests. */
const PATIENCE = 60_000
const PAUSE = 50

/** Starts it in the foreground as our child; the system ends it when we die without having done so. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const { folder, user } = options
  const logPath = join(folder, `${options.command.replaceAll('/', '-')}-${process.hrtime.bigint()}.out`)
  const out = openSync(logPath, 'a')
  const as = user === undefined ? [] : ['--reuid', user, '--regid', user, '--init-groups']
  const child = spawn('setpriv', [...as, '--pdeathsig', 'TERM', '--', options.command, ...options.arguments], {
    cwd: folder,
    detached: true, // a process group of its own, so that no child of it is left
    stdio: ['ignore', out, out],
  })
  closeSync(out)
  const { pid } = child
  if (pid === undefined) throw new Error('setpriv (util-linux) could not be started')
  let ended = false
  const end = new Promise<void>((resolve) => {
    child.once('exit', () => {
      ended = true
      resolve()
    })
  })
  const daemon: Daemon = { pid, log, until, stop }
  try {
    await until('ready', () => options.ready(log()))
  } catch (error) {
    await stop()
    throw error
  }
  return daemon

  function log(): string {
    return readFileSync(logPath, 'utf8')
  }

  async function until(what: string, holds: () => boolean | Promise<boolean>) {
    const patience = performance.now() + PATIENCE
    while (!(await holds())) {
      if (ended || performance.now() > patience) {
        const said = options.logFile === undefined ? '' : readOr(options.logFile, '')
        throw new Error(`${options.command} ${ended ? 'ended' : 'is'} and not ${what}:\n${log()}${said}`)
      }
      await pause()
    }
  }

  async function stop() {
    if (!ended) child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await end
    clearTimeout(late)
    try {
      process.kill(-pid!, 'SIGKILL')
    } catch {
      // Nothing of its group is left.
    }
  }
}

export interface Folder {
  readonly path: string
  stop(): Promise<void>
}

/** A folder that servers running as somebody else can enter. */
export function openFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'vigie-real-'))
  chmodSync(path, 0o755)
  return { path, stop: async () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) }
}

const taken = new Set<number>()

/** Ports nobody listens on, below those that the system gives to outgoing connections. */
export async function freePorts<const Name extends string>(...names: readonly Name[]): Promise<Record<Name, number>> {
  const ports = {} as Record<Name, number>
  for (const name of names) {
    do ports[name] = 20_000 + Math.floor(Math.random() * 12_000)
    while (taken.has(ports[name]) || !(await isFree(ports[name])))
    taken.add(ports[name])
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '0.0.0.0', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** True when all of these ports of an address accept connections. */
export async function listening(address: string, ports: Readonly<Record<string, number>>): Promise<boolean> {
  return (await Promise.all(Object.values(ports).map((port) => answers(address, port)))).every((one) => one)
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return otherwise
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE))
}
