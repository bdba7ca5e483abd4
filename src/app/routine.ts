// What goes by itself once a site has started: the beat, mornings and nights, folders that are watched, copies of the page,
// and whoever looks at other sites' pages or is told that we live.
import { join } from 'node:path'
import { watchFolder } from '../config/watch.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import { blindness } from '../core/verdict/blindness.ts'
import type { Daily } from '../daily.ts'
import type { Memory } from '../memory.ts'
import type { Beat } from '../process/beat.ts'
import { localTime, startCalendar } from '../process/calendar.ts'
import { startDeadman } from '../process/deadman.ts'
import { runNight } from '../process/night.ts'
import { startLookout } from '../sites/lookout.ts'
import type { Twins } from '../sites/twins.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Results } from '../store/results.ts'
import type { Troubles } from '../troubles.ts'
import type { World } from '../world.ts'

export interface RoutineDeps {
  /** The folder of the configuration. */
  readonly checks: string
  readonly memory: Memory
  readonly ledger: Ledger
  readonly results: Results
  readonly troubles: Troubles
  readonly beat: Pick<Beat, 'start'>
  readonly daily: Pick<Daily, 'morning'>
  readonly twins: Pick<Twins, 'covered' | 'peers'>
  /** Begins the copies of the page. */
  copy(): { stop(): void }
  /** Everything that must move moves. */
  healthy(): boolean
  /** A file of the configuration changed. */
  reload(): void
  world(): Pick<World, 'network'>
  now(): Instant
  after(delay: Millis, run: () => void): () => void
  warn(message: string): void
}

export interface Routine {
  /** The wall clock was set. */
  jumped(): void
  stop(): void
}

/** From now on. A night that fails is a trouble of vigie itself, and there is another one tomorrow. */
export function startRoutine(deps: RoutineDeps): Routine {
  const { memory, ledger, results, troubles, twins, now, after, warn } = deps
  const network = () => deps.world().network
  const sees = () => blindness(memory.line) === null
  const calendar = startCalendar({
    local: () => localTime(now(), memory.configuration.timezone),
    morning: deps.daily.morning,
    night: () => void night(),
  })
  const deadman = startDeadman({
    url: () => memory.configuration.deadman,
    network,
    well: () => deps.healthy() && sees(),
    now,
    after,
    log: warn,
  })
  const lookout = startLookout({ memory, troubles, ledger, network, peers: twins.peers, sees, now, after })
  const ends = [
    deps.beat.start(),
    calendar.stop,
    watchFolder(deps.checks, deps.reload),
    watchFolder(join(deps.checks, 'templates'), deps.reload),
    deadman.stop,
    deps.copy().stop,
    lookout.stop,
  ]
  return {
    jumped: calendar.jumped,
    stop: () => {
      for (const end of ends) end()
    },
  }

  async function night() {
    const { timezone } = memory.configuration
    const trusted = memory.line.clock
    await runNight({ results, ledger, timezone, trusted, covered: twins.covered, now: now() }).catch(
      (error: unknown) => {
        troubles.begin('database', 'night', String(error), 'The nightly roll-up or copy failed: look at the disk.')
      },
    )
  }
}
