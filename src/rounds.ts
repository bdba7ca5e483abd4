// Where schedule, looks and cycle meet: a look that fails is held until the witnesses were heard, one that leaves
// something open is judged before its next turn is set.
import { type Configuration, checksOf } from './core/check.ts'
import { opinionOf } from './core/known.ts'
import type { Observation } from './core/observation.ts'
import type { Instant, Millis } from './core/time.ts'
import { type Opinion, paceOf } from './core/verdict.ts'
import { doorKey, type Looker } from './look.ts'
import type { Memory } from './memory.ts'
import { createSchedule, type Turn } from './schedule.ts'
import type { Witnesses } from './witnesses.ts'

export interface RoundsDeps {
  readonly memory: Memory
  readonly looker: Looker
  /** What is seen before they were heard for the first time is judged only then. */
  readonly witnesses: Pick<Witnesses, 'ready' | 'askAll'>
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
  /** Looks now at whatever these checks depend on, unless it was looked at since they failed. */
  askParents(suspects: readonly string[]): void
  /** When the last look was started, in ticks. */
  lastStart(): Millis | null
  stop(): void
}

export function createRounds(deps: RoundsDeps): Rounds {
  const { memory, looker } = deps
  const { ticks, after } = deps
  const schedule = createSchedule({ ticks, after, look, pace, unknown, late, door: looker.door })
  return {
    set: (configuration) => {
      const here = checksOf(configuration).filter(
        ({ from }) => typeof from === 'string' || from.includes(configuration.site.id),
      )
      schedule.set(here.flatMap(turnsOf))
    },
    askParents,
    lastStart: schedule.lastStart,
    stop: schedule.stop,
  }

  async function look(turn: Turn): Promise<void> {
    const started = deps.ticks()
    const observation = await looker.look(turn.check, turn.strand)
    const before = opinionAt(turn)
    if (before === undefined) return
    await deps.witnesses.ready()
    if (observation.outcome.ok === false && before.state !== 'down') await deps.witnesses.askAll()
    // By the clock as it is now: it may have been set since the look began.
    deps.see({ ...observation, at: deps.now() - Math.round(deps.ticks() - started) })
    const settled =
      observation.outcome.ok === true && before.fails === 0 && (before.state === 'up' || before.state === 'degraded')
    if (!settled) await deps.judged()
  }

  function opinionAt({ check, strand }: Turn): Opinion | undefined {
    const opinions = memory.checks.get(check.id)?.opinions
    return opinions?.[strand === 6 && opinions.length === 2 ? 1 : 0]
  }

  function pace(turn: Turn): Millis {
    const opinion = opinionAt(turn)
    return opinion === undefined ? turn.check.rule.every : paceOf(opinion, turn.check.rule)
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
      for (const parent of memory.checkById.get(id)?.depends ?? []) {
        for (const check of memory.serviceById.get(parent.split('.')[0]!)?.checks ?? []) {
          if (parent.includes('.') && check.id !== parent) continue
          const known = memory.checks.get(check.id)
          const at = known === undefined ? null : opinionOf(known).at
          if (check.heartbeat === null && since !== null && (at === null || at < since)) schedule.hurry(check.id)
        }
      }
    }
  }
}

/** One turn, or one for each address family; a check that waits for pings has none. */
function turnsOf(check: Parameters<Looker['look']>[0]): readonly Turn[] {
  if (check.heartbeat !== null) return []
  const strands = check.family === 'both' ? ([4, 6] as const) : [null]
  return strands.map((strand) => ({ key: doorKey(check.id, strand), check, strand }))
}
