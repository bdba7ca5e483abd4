// What a command is. Those of one subject are a file, and lines in index.ts; nothing else names a command.
import type { Reading } from '../config/read.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import type { OptionName, Options } from './options.ts'
import type { Screen } from './terminal/screen.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The process as commands see it: main.ts has the real one, a test its own. */
export interface Host {
  readonly environment: Environment
  /** For what was asked for. */
  readonly out: Screen
  /** For complaints, progress and logs. */
  readonly err: Screen
  /** The wall clock: milliseconds since 1970 UTC. */
  wall(): Instant
  /** The monotonic clock. */
  monotonic(): Millis
  /** Asks whoever sits at the terminal and waits for a line; null: it was closed. Absent: nobody sits there. */
  ask?(question: string): Promise<string | null>
  /** From the first call on the signal no longer ends the process by itself. */
  onSignal(signal: 'SIGHUP' | 'SIGINT' | 'SIGTERM', run: () => void): void
}

/** How a command was called, environment and defaults filled in. */
export interface Call {
  readonly options: Options
  /** What stood behind the command's name. */
  readonly words: readonly string[]
}

export interface Command {
  /** Its words after the name: `[ID…]`, or empty when it takes none. */
  readonly words: string
  /** For `--help`: what it does, when it fails, one paragraph a line. */
  readonly about: readonly string[]
  /** Below that, what there is of something, each with what it is. */
  readonly list?: { readonly title: string; readonly entries: readonly (readonly [string, string])[] }
  /** Options beside those that every command takes. */
  readonly options: readonly OptionName[]
  readonly examples: readonly { readonly line: string; readonly does: string }[]
  /** Returns the exit code (contract 2): 0 fine, 1 failed, unknown or refused, 2 wrong use or configuration. */
  run(call: Call, host: Host): Promise<number>
}

/** Configuration that was read without mistakes. */
export type SoundReading = Reading & { readonly configuration: NonNullable<Reading['configuration']> }
