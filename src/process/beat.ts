// The heart: every second it compares the clocks, lets time pass for what nobody looked at, and keeps the page's minute.
import { statfsSync } from 'node:fs'
import type { Attendant } from '../board/attendant.ts'
import { LEAST_FREE } from '../core/shown/diagnosis.ts'
import { MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import type { Cycle } from '../cycle.ts'
import type { Daily } from '../daily.ts'
import type { Memory } from '../memory.ts'
import type { Display } from '../showing/display.ts'
import type { History } from '../showing/history.ts'
import type { Results } from '../store/results.ts'
import { hinderedWords, LOST_WORDS, type Troubles } from '../troubles.ts'
import type { Clock } from './clock.ts'

export interface BeatDeps {
  readonly clock: Clock
  readonly memory: Memory
  readonly cycle: Cycle
  readonly daily: Daily
  readonly attendant: Attendant
  readonly history: Pick<History, 'jumped'>
  readonly results: Pick<Results, 'condition'>
  readonly display: Pick<Display, 'show' | 'refresh'>
  readonly troubles: Troubles
  /** The page's folder could be written the last time. */
  written(): boolean
  /** The disk of the data folder: how much of it is free, from 0 to 1. Throws what the system says. */
  readonly disk: { readonly where: string; free(): number }
  after(delay: Millis, run: () => void): () => void
  /** The wall clock was set by so much; what is known has moved with it. */
  jumped(by: Millis): void
}

export interface Beat {
  /** Beats from now on; returns how to end it. */
  start(): () => void
  /** Never throws: what the disk refuses is told as a trouble of vigie itself, and tried again at the next. */
  tick(): void
  /** Settles when what was seen until now is judged, together with what comes in meanwhile. */
  judged(): Promise<void>
  /** When a tick was last remembered, in monotonic milliseconds; null: never. */
  remembered(): Millis | null
}

/** Looks that came back are judged together, this long after the first of them. */
const TOGETHER: Millis = 100

const DISK_EVERY: Millis = 10 * MINUTE

/**
 * Does nothing before `start`, which beats every second, by `after`. The disk is looked at every ten minutes, first at
 * once.
 */
export function createBeat(deps: BeatDeps): Beat {
  const { clock, memory, troubles } = deps
  /** The results were opened a moment before. */
  const born = clock.now() - MINUTE
  let remembered: Millis | null = null
  let judging: Promise<void> | null = null
  let looked: Millis = Number.NEGATIVE_INFINITY
  return { start, tick, judged, remembered: () => remembered }

  function start(): () => void {
    let cancel = deps.after(SECOND, turn)
    return () => cancel()
    function turn() {
      cancel = deps.after(SECOND, turn)
      beat()
    }
  }

  function beat() {
    const before = clock.now()
    const by = clock.check()
    if (by !== 0) {
      memory.shift(by)
      deps.cycle.jumped(by)
      deps.history.jumped(before, clock.now())
      deps.jumped(by)
      void deps.display.show()
    }
    tick()
    deps.display.refresh()
    if (clock.ticks() - looked >= DISK_EVERY) watchDisk()
  }

  function tick() {
    try {
      deps.daily.atOnce()
      deps.cycle.tick()
      deps.attendant.attend()
      remembered = clock.ticks()
      troubles.end('ledger')
    } catch (error) {
      troubles.begin('database', 'ledger', ...hinderedWords(error))
    }
    if (deps.written()) troubles.end('page')
    const condition = deps.results.condition()
    if (condition.kind === 'lost' && condition.since >= born) troubles.begin('database', 'results-lost', ...LOST_WORDS)
    if (condition.kind !== 'paused') return troubles.end('results')
    troubles.begin('database', 'results', condition.note, 'Looks, page and mails go on without history.')
  }

  function judged(): Promise<void> {
    judging ??= new Promise((resolve) => {
      deps.after(TOGETHER, () => {
        judging = null
        tick()
        resolve()
      })
    })
    return judging
  }

  function watchDisk() {
    looked = clock.ticks()
    const { where } = deps.disk
    try {
      const free = deps.disk.free()
      if (free >= LEAST_FREE) return troubles.end('disk')
      const note = `only ${Math.floor(100 * free)} % of the disk is free`
      troubles.begin('disk', 'disk', note, `Free some space where ${where} is.`)
    } catch (error) {
      const note = error instanceof Error ? error.message : String(error)
      troubles.begin('disk', 'disk', note, `Look at the disk where ${where} is.`)
    }
  }
}

/** The share of a folder's disk that is free, from 0 to 1; 1 where the system knows no size. */
export function freeShare(folder: string): number {
  const { bavail, blocks } = statfsSync(folder)
  return blocks === 0 ? 1 : bavail / blocks
}
