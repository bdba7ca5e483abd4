// Who looks: checks at the services, witnesses at our own line, and the rounds that bring both together.

import type { Configuration } from '../core/check.ts'
import type { Observation } from '../core/observation.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import { hasWitnessOn } from '../core/verdict/blindness.ts'
import { isSuspected } from '../core/verdict/known.ts'
import { nameOf } from '../core/verdict/witness.ts'
import { createLooker, type LookerDeps } from '../look.ts'
import type { Memory } from '../memory.ts'
import { askWitness } from '../net/witness.ts'
import { createRounds, type Rounds, type RoundsDeps } from '../rounds.ts'
import { createWitnesses, type Witnesses, type WitnessesDeps } from '../witnesses.ts'
import type { World } from '../world.ts'

export interface LookingDeps {
  readonly memory: Memory
  readonly plan: LookerDeps['plan']
  world(): World
  peers: RoundsDeps['peers']
  see(observation: Observation): void
  judged(): Promise<void>
  siteClock: WitnessesDeps['siteClock']
  now(): Instant
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
  log(level: 'error', message: string): void
}

export interface Looking {
  readonly witnesses: Witnesses
  readonly rounds: Rounds
  /** Looks at what this configuration names, and asks the world's witnesses, from now on. */
  set(configuration: Configuration): void
  stop(): void
}

/**
 * Looks at nothing and asks nobody before `set`, nor ever after `stop`. The world is asked for anew at each look, so
 * that another one counts from the next on. A fault of ours in a probe goes to the log and stops no other look.
 */
export function createLooking(deps: LookingDeps): Looking {
  const { memory, world, now, ticks, after } = deps
  const looker = createLooker({
    network: () => world().network,
    plan: deps.plan,
    site: () => memory.configuration.site.id,
    witnessOn: (port) => hasWitnessOn(memory.configuration.witnesses, port),
    now,
    onBug: (error, check) =>
      deps.log('error', `${check}: a fault in vigie: ${error instanceof Error ? error.stack : String(error)}`),
  })
  const witnesses = createWitnesses({
    memory,
    now,
    ticks,
    after,
    ask: (witness, within) => askWitness(witness, { network: world().network, name: nameOf(witness), within, now }),
    troubled: () => [...memory.checks.values()].some(isSuspected),
    siteClock: deps.siteClock,
  })
  const { peers, see, judged } = deps
  const rounds = createRounds({ memory, looker, witnesses, peers, see, judged, now, ticks, after })
  return {
    witnesses,
    rounds,
    set: (configuration) => {
      witnesses.set(world().witnesses, world().path, configuration.policy)
      rounds.set(configuration)
    },
    stop: () => {
      rounds.stop()
      witnesses.stop()
    },
  }
}
