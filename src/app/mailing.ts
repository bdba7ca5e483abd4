// Who writes: the outbox to the world's relays, and what admins hear when none takes anything.
import type { Acknowledging } from '../board/acknowledging.ts'
import { hearLives } from '../core/said/outage-lives.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import type { Peer } from '../core/verdict/word.ts'
import { createDelivery, type Delivery } from '../deliver.ts'
import type { Memory } from '../memory.ts'
import { createDuty } from '../sites/duty.ts'
import type { Ledger } from '../store/ledger.ts'
import { hinderedWords, type Troubles } from '../troubles.ts'
import type { World } from '../world.ts'

/**
 * Sends nothing before the first `run` or `wake`; what another site says of mailing wakes it. Relays that refuse,
 * letters given up and a disk that hinders become troubles of vigie itself.
 */
export function createMailing(deps: {
  readonly memory: Memory
  readonly ledger: Ledger
  readonly acknowledging: Pick<Acknowledging, 'link'>
  peers(): readonly Peer[]
  readonly troubles: Pick<Troubles, 'begin' | 'end'>
  world(): World
  /** A relay took something: the page may say so. */
  sent(): void
  now(): Instant
  ticks(): Millis
  after(delay: Millis, run: () => void): () => void
}): Delivery {
  const { memory, ledger, troubles, now, ticks, peers } = deps
  const changed = () => {
    deps.sent()
    delivery.wake()
  }
  const ended = createEndings(memory, ledger)
  const duty = createDuty({ memory, ledger, peers, changed, now, ticks })
  const delivery = createDelivery({
    outbox: ledger,
    isOurs: duty.isOurs,
    configuration: () => memory.configuration,
    acknowledge: deps.acknowledging.link,
    channels: () => deps.world().channels,
    ended,
    now: deps.now,
    after: deps.after,
    onSent: () => {
      troubles.end('relay')
      troubles.end('outbox')
      deps.sent()
    },
    onTrouble: (note) => troubles.begin('relay', 'relay', note, 'Try the relays with `vigie alert test`.'),
    onHindered: (error) => troubles.begin('database', 'outbox', ...hinderedWords(error)),
    onGivenUp: (_letter, recipient, note) => {
      const remedy = 'Every relay refused it for a day: is the address right?'
      troubles.begin('relay', `given up:${recipient}`, `gave up a letter to ${recipient}: ${note}`, remedy)
    },
  })
  return delivery
}

/** When an outage ended, as the ledger has it, however many came after it; null: it is open here, or nobody said so. */
export function createEndings(
  memory: Pick<Memory, 'services'>,
  ledger: Pick<Ledger, 'statements' | 'onNews'>,
): (outage: string) => Instant | null {
  let lives = hearLives(new Map(), ledger.statements('outage'))
  ledger.onNews((news) => {
    lives = hearLives(lives, news)
  })
  const isOpen = (outage: string) =>
    [...memory.services.values()].some(({ outages: { members, admins } }) => [members?.id, admins?.id].includes(outage))
  return (outage) => (isOpen(outage) ? null : (lives.get(outage)?.ended ?? null))
}
