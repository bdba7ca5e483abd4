// Where schedule, looks and cycle meet: a look that fails is held until the witnesses were heard, one that leaves
// something open is judged before its next turn is set.
import { type Check, type Configuration, checksOf } from './core/check.ts'
import type { Observation } from './core/observation.ts'
import type { Instant, Millis } from './core/time/time.ts'
import { opinionFor, opinionOf } from './core/verdict/known.ts'
import { explaining } from './core/verdict/parent.ts'
import { isTimely, SUSPECT } from './core/verdict/seen.ts'
import { isSettled, nextLookIn, type Opinion } from './core/verdict/verdict.ts'
import { isOnDuty, looksFrom } from './core/verdict/voices.ts'
import type { Peer } from './core/verdict/word.ts'
import { doorKey, type Looker } from './look.ts'
import type { Memory } from './memory.ts'
import { type Came, createSchedule, type Turn } from './schedule.ts'
import type { Witnesses } from './witnesses.ts'

export interface RoundsDeps {
  readonly memory: Memory
  readonly looker: Looker
  /** What is seen before they were heard for the first time is judged only then. */
  readonly witnesses: Pick<Witnesses, 'ready' | 'askAll'>
  /** The other sites, as they are known now. */
  peers(): readonly Peer[]
  see(observation: Observation): void
  /** Settles when what was seen until now is judged. */
  judged(): Promise<void>
  now(): Instant
  /** Monotonic milliseconds. */
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
}

export interface Rounds {
  /** Looks at the checks of this configuration from now on. */
  set(configuration: Configuration): void
  /** Looks now at what would explain these checks, unless it was looked at since they failed: whatever they depend on in any
   * way, and for one that concerns admins only what members see of its service. */
  askParents(suspects: readonly string[]): void
  /** Looks now at checks that another site doubts; at each once in its `retry` at most, however often that is asked. */
  crossCheck(checks: readonly string[]): void
  /**
   * Looks now at what fell to this site because the one before it on duty is silent or blind, and at what is its own again
   * after another that stood in for it found it down.
   */
  takeOver(): void
  /** Looks at a check now, unless it is being looked at. */
  hurry(check: string): void
  /** True: a look at it is under way, or is due and waits at its door. */
  isComing(check: string, strand: 4 | 6 | null): boolean
  /** When the last look was started, in ticks. */
  lastStart(): Millis | null
  stop(): void
}

/**
 * Looks at nothing before `set`. After `stop` no look begins; what comes of those under way is still handed to `see`.
 */
export function createRounds(deps: RoundsDeps): Rounds {
  const { memory, looker } = deps
  const { ticks, after } = deps
  const schedule = createSchedule({ ticks, after, look, pace, unknown, late, door: looker.door })
  const crossed = new Map<string, Millis>()
  const duties = new Map<string, boolean>()
  return {
    set: (configuration) => {
      const here = checksOf(configuration).filter((check) => looksFrom(check, configuration.site.id))
      schedule.set(here.flatMap(turnsOf))
    },
    askParents,
    crossCheck,
    takeOver,
    hurry: schedule.hurry,
    isComing: (check, strand) => schedule.isComing(doorKey(check, strand)),
    lastStart: schedule.lastStart,
    stop: schedule.stop,
  }

  async function look(turn: Turn): Promise<Came> {
    if (!isOnDuty(turn.check, deps.peers(), memory.configuration)) return null
    const started = deps.ticks()
    const observation = await looker.look(turn.check, turn.strand)
    const before = opinionAt(turn)
    if (before === undefined) return null
    await deps.witnesses.ready()
    if (observation.outcome.ok === false && makesWorse(before)) await deps.witnesses.askAll()
    // By the clock as it is now: it may have been set since the look began.
    deps.see({ ...observation, at: deps.now() - Math.round(deps.ticks() - started) })
    if (observation.outcome.ok !== true || !isSettled(before)) await deps.judged()
    askSiblings(turn, before)
    const { ok, reason } = { reason: null, ...observation.outcome }
    return ok === null ? null : reason === 'timeout' ? 'silence' : 'answer'
  }

  /**
   * What one more fail may turn red, or keep from ending, is held until our line is proven anew: also what was put down to
   * the road until now.
   */
  function makesWorse({ state, oks, path }: Opinion): boolean {
    return state !== 'down' || oks > 0 || (!path && memory.line.path)
  }

  function opinionAt({ check, strand }: Turn): Opinion | undefined {
    const known = memory.checks.get(check.id)
    return known === undefined ? undefined : opinionFor(known, strand)
  }

  function pace(turn: Turn): Millis {
    const opinion = opinionAt(turn)
    const { every, retry } = turn.check.rule
    if (opinion === undefined) return every
    return isContested(turn.check) ? Math.min(retry, every) : nextLookIn(opinion, turn.check.rule)
  }

  /** Another site is making up its mind about it, or the sites have just begun to disagree. */
  function isContested({ id }: Check): boolean {
    const since = memory.checks.get(id)?.agreement?.disagreeSince ?? null
    const lately = since !== null && deps.now() - since < 2 * memory.configuration.policy.hold
    return deps.peers().some(({ heard, words }) => {
      const word = words.get(id)
      return heard && word !== undefined && word.fails > 0 && (word.state !== 'down' || lately)
    })
  }

  function crossCheck(checks: readonly string[]) {
    for (const id of checks) {
      const check = memory.checkById.get(id)
      if (check === undefined || check.heartbeat !== null || check.from === 'any') continue
      crossCheckOne(check)
    }
  }

  function crossCheckOne({ id, rule }: Check) {
    if (ticks() - (crossed.get(id) ?? Number.NEGATIVE_INFINITY) < rule.retry) return
    crossed.set(id, ticks())
    schedule.hurry(id)
  }

  function takeOver() {
    for (const check of memory.checkById.values()) {
      if (check.from !== 'any' || check.heartbeat !== null) continue
      const duty = isOnDuty(check, deps.peers(), memory.configuration)
      if (duty && duties.get(check.id) === false) schedule.hurry(check.id)
      else if (duty && isDownSince(check)) crossCheckOne(check)
      duties.set(check.id, duty)
    }
  }

  /** Another site found it down, and has looked later than we did. */
  function isDownSince({ id }: Check): boolean {
    const known = memory.checks.get(id)
    const ours = (known === undefined ? null : memory.lookedAt(opinionOf(known))) ?? Number.NEGATIVE_INFINITY
    return deps.peers().some(({ heard, words }) => {
      const word = words.get(id)
      return heard && word?.state === 'down' && (word.at ?? Number.NEGATIVE_INFINITY) > ours
    })
  }

  function unknown(turn: Turn): boolean {
    const opinion = opinionAt(turn)
    return opinion === undefined || opinion.state === 'unknown'
  }

  function late({ check, strand }: Turn, by: Millis) {
    const outcome = { ok: null, reason: 'overload' as const, note: `started ${Math.round(by / 1000)} s late` }
    const nothing = { took: 0, phases: {}, via: { dns: false, family: null, port: null } }
    deps.see({ check: check.id, strand, site: memory.configuration.site.id, at: deps.now(), ...nothing, outcome })
  }

  function askParents(suspects: readonly string[]) {
    for (const id of suspects) {
      const since =
        memory.checks.get(id)?.opinions.find((opinion) => opinion.suspectSince !== null)?.suspectSince ?? null
      for (const check of above(id)) {
        const known = memory.checks.get(check.id)
        const at = known === undefined ? null : opinionOf(known).at
        if (check.heartbeat === null && since !== null && (at === null || at < since)) schedule.hurry(check.id)
      }
    }
  }

  /**
   * Looks now at what else members see of the service of a check that failed again, unless that was looked at since: the first
   * mail and the page say what still works. A mere blip costs nobody a look.
   */
  function askSiblings(turn: Turn, before: Opinion) {
    const { check } = turn
    const { fails = 0, suspectSince = null } = opinionAt(turn) ?? {}
    const enough = Math.min(SUSPECT, check.rule.fall)
    if (before.fails >= enough || fails < enough || suspectSince === null || before.state === 'down') return
    for (const { id, audience, from, ...other } of memory.serviceById.get(check.service)?.checks ?? []) {
      const known = memory.checks.get(id)
      if (id === check.id || audience !== check.audience || from === 'any' || !isTimely(other)) continue
      if (known !== undefined && (opinionOf(known).at ?? 0) < suspectSince) schedule.hurry(id)
    }
  }

  /** The checks whose fall would explain that of this one. */
  function above(id: string): readonly Check[] {
    const check = memory.checkById.get(id)
    const shown = check?.audience === 'admins' ? (memory.serviceById.get(check.service)?.checks ?? []) : []
    return [
      ...shown.filter(({ audience }) => audience === 'members'),
      ...(memory.lineage.get(id) ?? []).flatMap((parent) => explaining(parent, memory.serviceById)),
    ]
  }
}

/** One turn, or one for each address family; a check that waits for pings has none. */
function turnsOf(check: Parameters<Looker['look']>[0]): readonly Turn[] {
  if (check.heartbeat !== null) return []
  const strands = check.family === 'both' ? ([4, 6] as const) : [null]
  return strands.map((strand) => ({ key: doorKey(check.id, strand), check, strand }))
}
