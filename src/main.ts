#!/usr/bin/env node
// The process: arguments, environment, the real clock, signals. The only place that reads them.
// Nothing is imported before the version of Node is known to do.
import type { Host } from './cli/command.ts'

/** Debian 13's own; what is older lacks parts that the database and the web server need. */
const LEAST_NODE = [20, 19] as const

const { argv, env: environment, stdin, stdout, stderr, versions } = process

// `vigie check | head`: nobody reads on.
stdout.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? process.exit(0) : die(error)))
// A log that nobody reads is no reason to stop watching; a terminal that was closed is.
stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EIO') process.kill(process.pid, 'SIGTERM')
})
process.on('uncaughtException', die)

main().then(leave, die)

async function main(): Promise<number> {
  if (isOld(versions.node)) {
    const least = LEAST_NODE.join('.')
    stderr.write(`vigie needs Node.js ${least} or newer; this is ${versions.node}. See https://nodejs.org/\n`)
    return 1
  }
  const [{ dispatch }, { createScreen }] = await Promise.all([
    import('./cli/dispatch.ts'),
    import('./cli/terminal/screen.ts'),
  ])
  const host: Host = {
    environment,
    out: createScreen(stdout, environment),
    err: createScreen(stderr, environment),
    wall: () => Date.now(),
    monotonic: () => performance.now(),
    ...(stdin.isTTY && stderr.isTTY ? { ask } : {}),
    onSignal: (signal, run) => {
      process.on(signal, run)
    },
  }
  return dispatch(argv.slice(2), host)
}

async function ask(question: string): Promise<string | null> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: stdin, output: stderr })
  const closed = new Promise<null>((resolve) => lines.once('close', () => resolve(null)))
  return Promise.race([lines.question(question), closed]).finally(() => lines.close())
}

function isOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = LEAST_NODE
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}

/** Ends once everything is written: whatever a command still holds open was of use to it alone. */
function leave(code: number): void {
  stdout.write('', () => stderr.write('', () => process.exit(code)))
}

/** A fault of ours: said in one line, with what a report of it needs. */
function die(error: unknown): void {
  const fault = error instanceof Error ? error : new Error(String(error))
  process.exitCode = 1
  stderr.write(`vigie: a fault in vigie: ${fault.message}\n${fault.stack ?? ''}\n`, () => process.exit(1))
}
