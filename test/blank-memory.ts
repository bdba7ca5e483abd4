// What a site remembers at its very first start, for tests of what it makes of it.
import type { Configuration } from '../src/core/check.ts'
import type { Instant } from '../src/core/time/time.ts'
import { type Line, unprovenLine } from '../src/core/verdict/blindness.ts'
import { type Memory, recall } from '../src/memory.ts'

/** Nothing was measured and nothing said before `clock`. `line`: nobody testified for it yet, where it isn't given. */
export function blankMemory(
  configuration: Configuration,
  clock: Instant,
  line: Line = unprovenLine(new Map(), clock),
): Memory {
  return recall({ configuration, living: new Map(), line, measuredUntil: null, clock })
}
