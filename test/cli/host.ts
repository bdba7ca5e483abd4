// A process that isn't one: commands run in place, and what they print is kept.
import type { Host } from '../../src/cli/command.ts'
import { dispatch } from '../../src/cli/dispatch.ts'
import { createScreen } from '../../src/cli/terminal/screen.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Circumstances {
  readonly environment?: Readonly<Record<string, string>>
  /** A terminal of so many columns; none: a pipe. */
  readonly columns?: number
  /** Lines of that terminal. */
  readonly rows?: number
  /** Milliseconds since 1970 UTC; the machine's when not said. */
  readonly wall?: () => number
}

export function createHost({ environment = {}, columns, rows, wall = () => Date.now() }: Circumstances = {}) {
  const written = { out: '', err: '' }
  const handlers = new Map<string, () => void>()
  const stream = (name: 'out' | 'err') => ({
    write: (text: string) => {
      written[name] += text
    },
    isTTY: columns !== undefined,
    ...(columns === undefined ? {} : { columns }),
    ...(rows === undefined ? {} : { rows }),
  })
  const host: Host = {
    environment,
    out: createScreen(stream('out'), environment),
    err: createScreen(stream('err'), environment),
    wall,
    monotonic: () => performance.now(),
    onSignal: (signal, run) => {
      handlers.set(signal, run)
    },
  }
  return { host, written, signal: (name: string) => handlers.get(name)?.() }
}

/** Runs `vigie ARGUMENTS` to its end. */
export async function vigie(argv: readonly string[], circumstances?: Circumstances): Promise<Ran> {
  const { host, written } = createHost(circumstances)
  const code = await dispatch(argv, host)
  return { code, ...written }
}
