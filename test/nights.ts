// Nights of a hoster with services of the shipped checks/, over the real line and schedule: what is mailed, and when.
import { readConfiguration } from '../src/config/read.ts'
import type { Check, Configuration } from '../src/core/check.ts'
import type { Observation, Outcome } from '../src/core/observation.ts'
import { type Instant, MINUTE, type Millis, SECOND } from '../src/core/time/time.ts'
import type { Letter } from '../src/core/verdict/letter.ts'
import { createCycle } from '../src/cycle.ts'
import type { Memory } from '../src/memory.ts'
import { kinds } from '../src/probes/index.ts'
import { createRounds } from '../src/rounds.ts'
import { blankMemory } from './blank-memory.ts'
import { inWords } from './core/fates.ts'
import { START } from './core/letters.ts'
import { fakeTime } from './servers/time.ts'
import { silent } from './silent.ts'

export const shipped = readConfiguration({ dir: 'checks', environment: {}, data: 'no-such-folder', kinds })
  .configuration!

const nothing = () => {}
/** When what befalls begins to. */
export const BEGIN: Instant = START + 10 * MINUTE
const FINE: Outcome = { ok: true, note: '' }
const REFUSED: Outcome = { ok: false, reason: 'refused', note: '' }

export interface Fault {
  /** The checks that fail: all of a service, or one. */
  readonly of: string
  /** After the first ten minutes. */
  readonly from: Millis
  readonly to: Millis
  readonly outcome?: Outcome
}

/**
 * What comes of it when this befalls services of the shipped checks: the letters, each with its minute, and as they are; how
 * often a check was looked at, and what the row of each service names as cause at the end. `watch` looks on every second.
 */
export async function night(
  services: readonly string[],
  faults: readonly Fault[],
  length: Millis,
  change: (check: Check) => Check = (check) => check,
  watch: (memory: Memory, now: Instant) => void = nothing,
) {
  const time = fakeTime()
  const now = () => START + time.ticks()
  const configuration: Configuration = {
    ...shipped,
    witnesses: [],
    services: shipped.services
      .filter(({ id }) => services.includes(id))
      .map((service) => ({ ...service, checks: service.checks.map(change) })),
  }
  const memory = blankMemory(configuration, START)
  const letters: string[] = []
  const written: Letter[] = []
  const looks = new Map<string, number>()
  const cycle = createCycle({
    memory,
    ledger: {
      statements: () => [],
      onNews: () => nothing,
      remember: (decision) => {
        for (const { letter } of decision.letters ?? []) {
          letters.push(inWords({ second: Math.floor((letter.at - BEGIN) / MINUTE), letter }))
          written.push(letter)
        }
      },
    },
    chronicle: silent.chronicle,
    board: silent.board,
    peers: () => [],
    now,
    act: ({ suspects }) => rounds.askParents(suspects),
  })
  const rounds = createRounds({
    memory,
    looker: { look, door: ({ check }) => check.id },
    witnesses: { ready: async () => {}, askAll: async () => {} },
    peers: () => [],
    see: cycle.see,
    judged: async () => cycle.tick(),
    now,
    ticks: time.ticks,
    after: time.after,
  })
  const beat = () => {
    cycle.tick()
    watch(memory, now())
    time.after(SECOND, beat)
  }
  rounds.set(configuration)
  beat()
  await time.pass(10 * MINUTE + length)
  rounds.stop()
  const causes = Object.fromEntries([...memory.services].map(([id, { cause }]) => [id, cause]))
  return { letters, written, looks, causes }

  async function look(check: Check): Promise<Observation> {
    const at = now()
    looks.set(check.id, (looks.get(check.id) ?? 0) + 1)
    const fault = faults.find(
      ({ of, from, to }) => [check.service, check.id].includes(of) && BEGIN + from <= at && at < BEGIN + to,
    )
    const via = { dns: false, family: null, port: null }
    const outcome = fault === undefined ? FINE : (fault.outcome ?? REFUSED)
    return { check: check.id, strand: null, site: configuration.site.id, at, took: 20, phases: {}, via, outcome }
  }
}
