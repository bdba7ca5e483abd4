// One site, put together as app.ts does it from the same parts; only what lies outside of the process is simulated.
import { createMailing } from '../../src/app/mailing.ts'
import { createTwinning } from '../../src/app/twinning.ts'
import { type Board, createBoard } from '../../src/board/board.ts'
import { createChronicle } from '../../src/chronicle.ts'
import type { Check, Configuration, Witness } from '../../src/core/check.ts'
import type { Observation } from '../../src/core/observation.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import { needsOf, unprovenLine } from '../../src/core/verdict/blindness.ts'
import { isSuspected } from '../../src/core/verdict/known.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { createCycle } from '../../src/cycle.ts'
import { createDaily } from '../../src/daily.ts'
import { type Memory, recall, setBackOf } from '../../src/memory.ts'
import { createBeat } from '../../src/process/beat.ts'
import { createClock } from '../../src/process/clock.ts'
import { createRounds } from '../../src/rounds.ts'
import type { Twins } from '../../src/sites/twins.ts'
import { type Ledger, ledgerIn } from '../../src/store/ledger.ts'
import { prepareTakingOut } from '../../src/store/withholding.ts'
import { createTroubles } from '../../src/troubles.ts'
import type { SiteKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { createWitnesses } from '../../src/witnesses.ts'
import type { World as AppWorld } from '../../src/world.ts'
import { createCarrier } from './carrier.ts'
import { BEGINNING } from './configuration.ts'
import { createDisk } from './disk.ts'
import { deaf, overheard } from './ledger.ts'
import { createMeasured, type Measured } from './measured.ts'
import type { Mutant } from './mutants.ts'
import type { Random } from './random.ts'
import { createRelay } from './relay.ts'
import type { Timeline } from './timeline.ts'
import type { World } from './world.ts'

/** What a relay took, or swallowed. */
export interface Mail {
  readonly site: string
  /** When a person can read it. */
  readonly at: Millis
  readonly letter: Letter
}

export interface SiteDeps {
  readonly name: string
  readonly world: World
  readonly timeline: Timeline
  readonly random: Random
  readonly key: SiteKey
  /** What it measures is kept. */
  readonly measures: boolean
  configuration(): Configuration
  /** The process of another site; null: it isn't running. */
  process(site: string): Process | null
  /** The rule that is taken out here: mails have no turn, nothing mutes, nothing leaves an observer; null: none. */
  readonly without: Mutant | null
  /** Called every second of a running process. */
  watched(site: string, process: Process): void
  /** `quieted`: services that it knows to be worked on, or muted. */
  wrote(site: string, letter: Letter, quieted: (service: string) => boolean): void
  mailed(mail: Mail): void
  /** Bytes of messages that were sent. */
  carried(bytes: number): void
  log(site: string, note: string): void
}

export interface Process {
  readonly began: Millis
  readonly memory: Memory
  readonly ledger: Ledger
  readonly board: Board
  readonly twins: Twins
  /** By its wall clock. */
  now(): Instant
  /** A job says that it ended well. Throws where that can't be kept. */
  ping(check: string): void
}

export interface Site {
  readonly name: string
  readonly disk: Pick<ReturnType<typeof createDisk>, 'refuse' | 'close'>
  readonly measured: Measured | null
  process(): Process | null
  start(): void
  /** Ends the process; `peacefully`: it may put its things in order. */
  end(peacefully: boolean): void
  /** Reads its configuration again. */
  reload(): void
  /** All of its data folder, or its ledger alone, as it stands now: called later, it is put back. */
  keep(what: 'folder' | 'ledger'): () => void
  /** Somebody sets its wall clock. */
  setClock(by: Millis): void
}

/** What a crash may cost of what was only measured. */
const UNFLUSHED: Millis = MINUTE

export function createSite(deps: SiteDeps): Site {
  const { name, world, timeline, random } = deps
  const disk = createDisk()
  const letters = new Map<string, Letter>()
  let wallOff = random.whole(-20 * SECOND, 20 * SECOND)
  let measuredUntil: number | null = null
  /** When the copy was made that stands in for the ledger at the next start. */
  let copiedAt: number | null = null
  const wall = () => BEGINNING + timeline.now() + wallOff
  const measured = deps.measures ? createMeasured(name, wall) : null
  let running: (Process & { stop(): void; reload(): void }) | null = null
  return {
    name,
    disk,
    measured,
    process: () => running,
    start: () => {
      running = boot()
    },
    end: (peacefully) => {
      running?.stop()
      running = null
      if (measuredUntil !== null && !peacefully) measuredUntil -= random.whole(0, UNFLUSHED)
    },
    reload: () => running?.reload(),
    keep: (what) => {
      const [image, looked, made] = [disk.image(), measuredUntil, wall()]
      return () => {
        disk.restore(image)
        if (what === 'folder') measuredUntil = looked
        else copiedAt = made
      }
    },
    setClock: (by) => {
      wallOff += by
    },
  }

  function boot() {
    const began = timeline.now()
    let alive = true
    const after = (delay: Millis, run: () => void) => timeline.after(delay, () => alive && run())
    /** What comes from outside comes later, and to nobody once the process is gone. */
    const later = <T>(delay: Millis, value: () => T) =>
      new Promise<T>((resolve) => after(delay, () => resolve(value())))
    const clock = createClock(wall, () => timeline.now() - began)
    const { now, ticks } = clock
    let configuration = deps.configuration()
    const quieted = (service: string) =>
      board.maintained(now()).has(service) || board.mutedUntil(service, now()) !== null
    const ledger = overheard(
      {
        ...ledgerIn(disk.db, { site: name, sealer: sealer(deps.key), now }),
        restored: null,
        copy: () => {},
        withhold: deps.without === 'withholding' ? () => false : prepareTakingOut(disk.db, sealer(deps.key)).withhold,
      },
      (letter) => deps.wrote(name, letter, quieted),
      (letter) => letters.set(letter.key, letter),
    )
    const setBack = setBackOf({ clock: now(), measuredUntil, copiedAt })
    const line = unprovenLine(needsOf(configuration.witnesses), now())
    const memory = recall({ configuration, living: ledger.living(), line, measuredUntil, clock: now(), copiedAt })
    copiedAt = null
    const board = createBoard(ledger)
    const chronicle = createChronicle({ look: () => {}, changed: () => {}, changesOf: () => [] }, () => name)
    const notices = deps.without === 'quiet' ? { maintained: () => NOBODY, mutedUntil: () => null } : board
    const peers = () => twins.peers()
    const coming = (check: string, strand: 4 | 6 | null) => rounds.isComing(check, strand)
    const cycle = createCycle({ memory, ledger, chronicle, board: notices, peers, coming, now, act })
    const troubles = createTroubles({ write: cycle.write, now, log: (note) => deps.log(name, note) })
    const outer = { name, world, timeline, random, process: deps.process, carried: deps.carried, mailed: deps.mailed }
    const send = createRelay({ ...outer, letterOf: (key) => letters.get(key)!, later })
    const carry = createCarrier({ ...outer, after })
    const daily = createDaily({ memory, write: cycle.write, now })
    const outside = { channels: [{ name: `relay of ${name}`, send, knock: async () => ({ open: true, note: '' }) }] }
    const witnesses = createWitnesses({
      memory,
      now,
      ticks,
      after,
      ask,
      troubled: () => [...memory.checks.values()].some(isSuspected),
      siteClock: () => null,
    })
    const rounds = createRounds({
      memory,
      looker: { look, door: ({ check }) => check.target },
      witnesses,
      peers: () => twins.peers(),
      see: cycle.see,
      judged: () => beat.judged(),
      now,
      ticks,
      after,
    })
    const twins = createTwinning({
      data: '/nowhere',
      troubles: { begin: () => {} },
      memory,
      ledger,
      results: measured ?? { wants: () => [], offer: () => null, keep: () => ({ rows: 0, more: false, full: false }) },
      history: { refresh: () => {} },
      key: deps.key,
      version: '1.0.0',
      carrier: { carry, close: () => {} },
      random: random.hex,
      world: () => outside,
      heard: () => void beat.judged(),
      lookAt: rounds.crossCheck,
      now,
      ticks,
      after,
      log: (_level, note) => deps.log(name, note),
    })
    const delivery = createMailing({
      memory,
      ledger: deps.without === 'turns' ? deaf(ledger) : ledger,
      acknowledging: { link: () => null },
      peers: () => twins.peers(),
      troubles,
      world: () => outside as unknown as AppWorld,
      sent: () => {},
      now,
      ticks,
      after,
    })
    const beat = createBeat({
      clock,
      memory,
      cycle,
      daily,
      attendant: { attend: () => {} },
      history: { jumped: () => {} },
      results: { condition: () => ({ kind: 'good' }) },
      display: { show: async () => {}, refresh: () => deps.watched(name, process) },
      troubles,
      disk: { where: name, free: () => 1 },
      written: () => true,
      after,
      jumped: (by) => {
        delivery.jumped(by)
        twins.jumped(by)
      },
    })
    const ping = (id: string) => cycle.ping(id, { kind: 'success', exit: null, rid: null, at: now() })
    const process = { began, memory, ledger, board, twins, now, ping, stop, reload }
    witnesses.set(configuration.witnesses, configuration.path, configuration.policy)
    rounds.set(configuration)
    twins.set()
    beat.start()
    if (setBack < 0) delivery.jumped(setBack)
    else delivery.wake()
    return process

    function act({ news, proven, letters, suspects }: Parameters<Parameters<typeof createCycle>[0]['act']>[0]) {
      if (news) twins.wake(proven)
      rounds.takeOver()
      if (letters) delivery.wake()
      if (suspects.length > 0) rounds.askParents(suspects)
    }

    function reload() {
      configuration = deps.configuration()
      memory.configure(configuration, now())
      witnesses.set(configuration.witnesses, configuration.path, configuration.policy)
      rounds.set(configuration)
      twins.set()
    }

    function stop() {
      alive = false
      rounds.stop()
      witnesses.stop()
      twins.stop()
      void delivery.stop()
    }

    async function look(check: Check, strand: 4 | 6 | null): Promise<Observation> {
      const at = now()
      const { took, outcome, via } = world.look(name, check, strand)
      return later(took, () => {
        // What seems to come from the future, after the clock was set back, counts for nothing.
        measuredUntil = measuredUntil === null || measuredUntil > now() ? at : Math.max(measuredUntil, at)
        const observation: Observation = { check: check.id, strand, site: name, at, took, phases: {}, via, outcome }
        measured?.look(observation)
        return observation
      })
    }

    function ask(witness: Witness, within: Millis) {
      const inside = configuration.path.includes(witness)
      const { length, ...said } = world.ask(name, witness, inside, within)
      const offset = witness.kind === 'https' && said.took !== null ? BEGINNING + timeline.now() - now() : null
      return later(length, () => ({ ...said, at: now(), offset }))
    }
  }
}

const NOBODY: ReadonlySet<string> = new Set()
