// What a running vigie says of itself: one line each, for journald or a person.
import { iso } from '../core/time/time.ts'
import type { Host } from './command.ts'

export type Level = 'info' | 'warn' | 'error'

export type Log = (level: Level, message: string) => void

const STYLES = { info: 'dim', warn: 'yellow', error: 'red' } as const

/** Lines of `time level message`. Control characters never reach the terminal; further lines of a stack are indented. */
export function createLog({ err, wall }: Pick<Host, 'err' | 'wall'>): Log {
  return (level, message) => {
    const text = message
      .split('\n')
      .map((line) => line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trimEnd())
      .join('\n    ')
    err.write(`${err.paint(iso(wall()), 'dim')} ${err.paint(level.padEnd(5), STYLES[level])} ${text}\n`)
  }
}
