// Puts the parts together. A test starts a whole site here; only main.ts gives it the real clock.
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { createAnswering } from './app/answering.ts'
import { createCarrier } from './app/carrier.ts'
import { createLooking } from './app/looking.ts'
import { createMailing } from './app/mailing.ts'
import { takeOver } from './app/plans.ts'
import { openRemembering } from './app/remembering.ts'
import { type Routine, startRoutine } from './app/routine.ts'
import { createShowing } from './app/showing.ts'
import { createSpeaking } from './app/speaking.ts'
import { createTimers } from './app/timers.ts'
import { createTwinning } from './app/twinning.ts'
import { createVitals } from './app/vitals.ts'
import { createWorlds } from './app/worlds.ts'
import { createChronicle } from './chronicle.ts'
import type { Reading } from './config/read.ts'
import { type Configuration, checksOf } from './core/check.ts'
import type { Millis } from './core/time/time.ts'
import type { Letter } from './core/verdict/letter.ts'
import type { Peer } from './core/verdict/word.ts'
import { type CycleDeps, createCycle } from './cycle.ts'
import { createDaily } from './daily.ts'
import { createHeartbeats } from './heartbeats.ts'
import { openViews } from './page/pages/views.ts'
import { createBeat, freeShare } from './process/beat.ts'
import { createClock } from './process/clock.ts'
import { logged } from './process/outage-log.ts'
import { createReload } from './process/reload.ts'
import { leaveWord, withdrawWord } from './process/running.ts'
import { createWatchdog, type Supervisor } from './process/watchdog.ts'
import { createHistory } from './showing/history.ts'
import { createMetrics } from './showing/metrics.ts'
import { lockFolder } from './store/lock.ts'
import { createTroubles, restoredWords } from './troubles.ts'
import { openWorld, type Replicate, type World } from './world.ts'

export interface AppOptions {
  /** The data folder; made when it isn't there. */
  readonly data: string
  /** The folder of templates. */
  readonly views: string
  /** The folder that is watched for changes. */
  readonly checks: string
  /** What to begin with. */
  readonly reading: Reading & { readonly configuration: Configuration }
  /** Reads the folder again. */
  read(): Reading
  /** The wall clock, and a monotonic one, in milliseconds. */
  wall(): number
  monotonic(): number
  log(level: 'info' | 'warn' | 'error', message: string): void
  /** Vigie's own. */
  readonly version: string
  /** Who started the process and wants to hear that it moves; absent or null: nobody. */
  readonly supervisor?: Supervisor | null
  /** Starts the replica; the built-in one when absent. */
  readonly replicate?: Replicate
}

export interface App {
  /** Begins to listen, look, publish and mail. Rejects when the address can't be listened on. */
  start(): Promise<{ readonly url: string }>
  /** Reads the configuration again; one with mistakes changes nothing and is said. */
  reload(): void
  /** Ends everything; what was seen is on disk then. */
  stop(): Promise<void>
}

/** Builds a site around its data folder, which is open until `stop`. When another process has it: that one's pid. */
export async function createApp(options: AppOptions): Promise<App | { readonly heldBy: number | null }> {
  const lock = lockFolder(options.data)
  if ('heldBy' in lock) return lock
  const { release } = lock
  const { data, log, version } = options
  const { configuration } = options.reading
  let { plans } = options.reading
  const clock = createClock(options.wall, options.monotonic)
  const { now, ticks } = clock
  const timers = createTimers()
  const { after } = timers
  const warn = (message: string) => log('warn', message)
  let routine: Routine | null = null

  // What parts ask of those that are made after them: nothing calls these before all are made.
  const write = (letter: Letter): void => cycle.write(letter)
  const wrote = (): void => delivery.wake()
  const peers = (): readonly Peer[] => twins.peers()
  const coming = (check: string, strand: 4 | 6 | null): boolean => rounds.isComing(check, strand)
  const judged = (): Promise<void> => beat.judged()
  const healthy = (): boolean => vitals.health().ok

  // What was, and is remembered.
  const { key, ledger, results, memory, setBack } = openRemembering(data, configuration, now)
  const history = createHistory(results, memory, now)
  const views = openViews(options.views)

  // Who speaks, and who decides.
  const speaking = createSpeaking({ key, ledger, memory, views, version, write, wrote, peers, now, ticks, warn })
  const { board, post, access, acknowledging, api } = speaking
  const metrics = createMetrics({ memory, version, unsent: ledger.unsent, before: results.lastLooks(), healthy })
  const records = { ...results, look: metrics.counted(results.look), changed: logged(history.changed, log) }
  const chronicle = createChronicle(records, () => memory.configuration.site.id)
  const cycle = createCycle({ memory, ledger, chronicle, board, peers, coming, now, act })
  const troubles = createTroubles({ write: cycle.write, now, log: warn })
  const heartbeats = createHeartbeats({ memory, ledger, cycle, now })
  const daily = createDaily({ memory, write: cycle.write, now })

  // Who looks, and who talks with the other sites.
  const worlds = createWorlds(await open(configuration), { after, warn })
  const world = worlds.current
  const plan = (check: string) => plans.get(check)
  const carrier = createCarrier({ memory, world, now, ticks })
  const { siteClock } = carrier
  const { see } = cycle
  const looking = createLooking({ memory, plan, world, peers, see, judged, siteClock, now, ticks, after, log })
  const { rounds } = looking
  const twins = createTwinning({
    memory,
    ledger,
    results,
    history,
    troubles,
    key,
    version,
    data,
    carrier,
    random: (bytes) => randomBytes(bytes).toString('hex'),
    world,
    heard: () => void judged(),
    lookAt: rounds.crossCheck,
    now,
    ticks,
    after,
    log,
  })

  // Who shows, and who tells admins.
  const { publisher, display, copy } = createShowing({
    memory,
    history,
    board,
    ledger,
    results,
    views,
    data,
    troubles,
    peers,
    now,
    ticks,
    after,
  })
  const delivery = createMailing({
    memory,
    ledger,
    acknowledging,
    peers,
    troubles,
    world,
    sent: () => void display.show(),
    now,
    ticks,
    after,
  })

  // What keeps it going.
  const beat = createBeat({
    clock,
    memory,
    cycle,
    daily,
    attendant: speaking.attendant,
    history,
    results,
    display,
    troubles,
    disk: { where: data, free: () => freeShare(data) },
    written: () => publisher.state().failure === null,
    after,
    jumped,
  })
  const vitals = createVitals({ memory, results, rounds, beat, publisher, ticks })
  const supervisor = options.supervisor ?? null
  const watchdog = createWatchdog({ supervisor, moving: vitals.moving, after, log: warn })
  const reload = createReload({ read: options.read, take, log, memory, troubles, watchdog })

  // Who answers.
  const server = createAnswering({
    memory,
    ledger,
    board,
    post,
    access,
    api,
    acknowledging,
    display,
    metrics,
    heartbeats,
    publisher,
    views,
    peers,
    rounds,
    twins,
    vitals,
    data,
    now,
    ticks,
    warn,
  })
  return { start, reload, stop }

  function act({ changed, news, proven, letters, suspects }: Parameters<CycleDeps['act']>[0]) {
    if (changed) void display.show()
    if (news) twins.wake(proven)
    rounds.takeOver()
    if (letters) delivery.wake()
    if (suspects.length > 0) rounds.askParents(suspects)
  }
  function jumped(by: Millis) {
    warn(`the clock was set by ${Math.round(by / 1000)} s`)
    routine?.jumped()
    delivery.jumped(by)
    twins.jumped(by)
  }

  function open(next: Configuration): Promise<World> {
    return openWorld(next, now, heartbeats.own, options.replicate)
  }

  async function start() {
    heartbeats.set()
    await display.show()
    const url = await server.listen(configuration.listen)
    const checks = resolve(options.checks)
    // The sites of a demonstration are its own, whatever checks/ says.
    const site = options.replicate === undefined ? configuration.site.id : null
    leaveWord(data, { pid: process.pid, url, version, token: speaking.token, checks, site }, warn)
    looking.set(configuration)
    twins.set()
    routine = startRoutine({
      checks: options.checks,
      memory,
      ledger,
      results,
      troubles,
      beat,
      daily,
      twins,
      copy,
      healthy,
      reload,
      world,
      now,
      after,
      warn,
    })
    if (ledger.restored !== null) troubles.begin('database', 'restored', ...restoredWords(ledger.restored))
    if (setBack < 0) delivery.jumped(setBack)
    else delivery.wake()
    watchdog.ready()
    return { url }
  }

  async function take(reading: Reading, next: Configuration) {
    worlds.enter(await open(next))
    plans = takeOver(plans, reading.plans)
    memory.configure(next, now())
    speaking.configured()
    heartbeats.set()
    looking.set(next)
    twins.set()
    vitals.begin()
    log('info', `configuration read: ${next.services.length} services, ${checksOf(next).length} checks`)
    void display.show()
  }

  async function stop() {
    const told = watchdog.stopping()
    routine?.stop()
    looking.stop()
    twins.stop()
    await server.close()
    await delivery.stop()
    beat.tick()
    await publisher.stop()
    timers.stop()
    await worlds.stop()
    withdrawWord(data)
    results.close()
    ledger.close()
    release()
    await told
  }
}
