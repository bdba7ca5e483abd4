// Puts the parts together. A test starts a whole site here; only main.ts gives it the real clock.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { createAdmitting } from './app/admitting.ts'
import { createCarrier } from './app/carrier.ts'
import { createLooking } from './app/looking.ts'
import { createMailing } from './app/mailing.ts'
import { takeOver } from './app/plans.ts'
import { createShowing } from './app/showing.ts'
import { createSpeaking } from './app/speaking.ts'
import { createTimers } from './app/timers.ts'
import { createTwinning } from './app/twinning.ts'
import { createChronicle } from './chronicle.ts'
import type { Reading } from './config/read.ts'
import { watchFolder } from './config/watch.ts'
import { type Configuration, checksOf } from './core/check.ts'
import { type Millis, SECOND } from './core/time/time.ts'
import { blindness, needsOf, unprovenLine } from './core/verdict/blindness.ts'
import type { Letter } from './core/verdict/letter.ts'
import { createCycle } from './cycle.ts'
import { createDaily } from './daily.ts'
import { createHeartbeats } from './heartbeats.ts'
import { buildServer } from './http/server.ts'
import { recall, setBackOf } from './memory.ts'
import { openViews } from './page/pages/views.ts'
import { createBeat, freeShare } from './process/beat.ts'
import { type Calendar, localTime, startCalendar } from './process/calendar.ts'
import { createClock } from './process/clock.ts'
import { startDeadman } from './process/deadman.ts'
import { runNight } from './process/night.ts'
import { logged } from './process/outage-log.ts'
import { createReload } from './process/reload.ts'
import { leaveWord, withdrawWord } from './process/running.ts'
import { createWatchdog, type Supervisor } from './process/watchdog.ts'
import { healthOf, type Movements, movingOf, shortestInterval } from './showing/health.ts'
import { createHistory } from './showing/history.ts'
import { createMetrics } from './showing/metrics.ts'
import { startLookout } from './sites/lookout.ts'
import { openLedger } from './store/ledger.ts'
import { lockFolder } from './store/lock.ts'
import { openResults } from './store/results.ts'
import { createTroubles, restoredWords } from './troubles.ts'
import { openKey } from './twin/key.ts'
import { sealer } from './twin/seal.ts'
import { openWorld, type Replicate } from './world.ts'

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

/** A world that was replaced lives on for so long. */
const RETIRE: Millis = 30 * SECOND

/** Builds a site around its data folder, which is open until `stop`. When another process has it: that one's pid. */
export async function createApp(options: AppOptions): Promise<App | { readonly heldBy: number | null }> {
  const lock = lockFolder(options.data)
  if ('heldBy' in lock) return lock
  const { release } = lock
  let { configuration, plans } = options.reading
  const { log, version } = options
  const clock = createClock(options.wall, options.monotonic)
  const { now, ticks } = clock
  let begun = ticks()
  const ends = new Set<() => void>()
  const timers = createTimers()
  const { after } = timers
  let calendar: Calendar | null = null

  const key = openKey(options.data)
  const ledger = openLedger(options.data, { site: configuration.site.id, sealer: sealer(key), now })
  const results = openResults(options.data, { now })
  const aliveUntil = results.aliveUntil()
  const livingUntil = ledger.restored?.made
  const setBack = setBackOf(now(), aliveUntil, livingUntil)
  const line = unprovenLine(needsOf(configuration.witnesses), now())
  const memory = recall(configuration, ledger.living(), line, aliveUntil, now(), livingUntil)
  const history = createHistory(results, memory, now)
  const views = openViews(options.views)
  const warn = (message: string) => log('warn', message)
  const common = { data: options.data, memory, ledger, views, version, now, ticks, after, log, warn }
  const write = (letter: Letter) => cycle.write(letter)
  const voice = { ...common, key, write, wrote: () => delivery.wake() }
  const { board, api, attendant, token, configured, ...speaking } = createSpeaking(voice)

  const figures = { version, unsent: ledger.unsent, before: results.lastLooks() }
  const metrics = createMetrics({ ...figures, memory, healthy: () => health().ok })
  const records = { ...results, look: metrics.counted(results.look), changed: logged(history.changed, log) }
  const chronicle = createChronicle(records, () => configuration.site.id)
  const coming = (check: string, strand: 4 | 6 | null) => looking.rounds.isComing(check, strand)
  const cycle = createCycle({ memory, ledger, chronicle, board, peers: () => twins.peers(), coming, now, act })
  const troubles = createTroubles({ write: cycle.write, now, log: warn })
  const heartbeats = createHeartbeats({ memory, ledger, cycle, now })
  const daily = createDaily({ memory, write: cycle.write, now })
  let world = await openWorld(configuration, now, heartbeats.own, options.replicate)
  const worlds = new Set([world])
  const shared = { ...common, history, results, troubles, world: () => world, peers: () => twins.peers() }
  const plan = (check: string) => plans.get(check)
  const looking = createLooking({ ...shared, plan, see: cycle.see, judged: () => beat.judged() })
  const heard = () => void beat.judged()
  const carrier = createCarrier(shared)
  const random = (bytes: number) => randomBytes(bytes).toString('hex')
  const twins = createTwinning({ ...shared, key, carrier, random, heard, lookAt: looking.rounds.crossCheck })
  const { publisher, display, copy } = createShowing({ ...shared, board })
  const delivery = createMailing({ ...shared, ...speaking, sent: () => void display.show() })
  const beat = createBeat({
    clock,
    memory,
    cycle,
    daily,
    attendant,
    history,
    results,
    display,
    troubles,
    disk: { where: options.data, free: () => freeShare(options.data) },
    written: () => publisher.state().failure === null,
    after,
    jumped,
  })
  const health = () => healthOf(movements())
  const { rounds } = looking
  const admitting = createAdmitting({ ...common, ...speaking, board, api, display, metrics, heartbeats, rounds })
  const server = buildServer({
    hot: publisher.hot,
    publicDir: join(options.data, 'public'),
    views,
    ping: heartbeats.heard,
    twin: twins.answer,
    twins: twins.standings,
    bearer: api.bearer,
    metrics: metrics.text,
    configuration: () => configuration,
    health,
    api,
    proxy: configuration.proxy,
    ...admitting,
    ticks,
  })
  const watchdog = createWatchdog({
    supervisor: options.supervisor ?? null,
    moving: () => movingOf(movements()),
    after,
    log: warn,
  })
  const reload = createReload({ read: options.read, take, log, memory, troubles, watchdog })
  return { start, reload, stop }

  async function start() {
    heartbeats.set()
    await display.show()
    const url = await server.listen(configuration.listen)
    announce(url)
    looking.set(configuration)
    twins.set()
    ends.add(beat.start())
    calendar = startCalendar({
      local: () => localTime(now(), configuration.timezone),
      morning: daily.morning,
      night: () => void night(),
    })
    const deadman = { url: () => configuration.deadman, network: () => world.network, now, after, log: warn }
    const sees = () => blindness(memory.line) === null
    for (const end of [
      calendar.stop,
      watchFolder(options.checks, reload),
      watchFolder(join(options.checks, 'templates'), reload),
      startDeadman({ ...deadman, well: () => health().ok && sees() }).stop,
      copy().stop,
      startLookout({ ...shared, network: () => world.network, sees }).stop,
    ])
      ends.add(end)
    if (ledger.restored !== null) troubles.begin('database', 'restored', ...restoredWords(ledger.restored))
    if (setBack < 0) delivery.jumped(setBack)
    else delivery.wake()
    watchdog.ready()
    return { url }
  }

  function jumped(by: Millis) {
    warn(`the clock was set by ${Math.round(by / 1000)} s`)
    calendar?.jumped()
    delivery.jumped(by)
    twins.jumped(by)
  }

  function act({ changed, news, letters, suspects }: Parameters<Parameters<typeof createCycle>[0]['act']>[0]) {
    if (changed) void display.show()
    if (news) twins.wake()
    looking.rounds.takeOver()
    if (letters) delivery.wake()
    if (suspects.length > 0) looking.rounds.askParents(suspects)
  }

  async function take(reading: Reading, next: Configuration) {
    const opened = await openWorld(next, now, heartbeats.own, options.replicate)
    const old = world
    world = opened
    plans = takeOver(plans, reading.plans)
    configuration = next
    memory.configure(next, now())
    configured()
    heartbeats.set()
    looking.set(next)
    twins.set()
    begun = ticks()
    // Looks under way end in the world they began in.
    worlds.add(world)
    after(RETIRE, () => {
      worlds.delete(old)
      old.stop().catch((error: unknown) => warn(String(error)))
    })
    log('info', `configuration read: ${next.services.length} services, ${checksOf(next).length} checks`)
    void display.show()
  }

  async function night() {
    const { timezone } = configuration
    const { covered } = twins
    const trusted = memory.line.clock
    await runNight({ results, ledger, timezone, trusted, covered, now: now() }).catch((error: unknown) => {
      troubles.begin('database', 'night', String(error), 'The nightly roll-up or copy failed: look at the disk.')
    })
  }

  function movements(): Movements {
    const condition = results.condition()
    const { served, failure } = publisher.state()
    return {
      ticks: ticks(),
      begun,
      looked: looking.rounds.lastStart(),
      interval: shortestInterval(checksOf(configuration)),
      remembered: beat.remembered(),
      paused: condition.kind === 'paused' ? condition.note : null,
      served,
      unwritten: failure,
    }
  }

  /** A full disk keeps commands from finding us, and us from nothing. */
  function announce(url: string) {
    try {
      leaveWord(options.data, { pid: process.pid, url, version, token })
    } catch (error) {
      warn(String(error))
    }
  }

  async function stop() {
    const told = watchdog.stopping()
    for (const end of ends) end()
    looking.stop()
    twins.stop()
    await server.close()
    await delivery.stop()
    beat.tick()
    await publisher.stop()
    timers.stop()
    for (const one of worlds) await one.stop()
    withdrawWord(options.data)
    results.close()
    ledger.close()
    release()
    await told
  }
}
