// Who writes: the outbox to the world's relays, and what admins hear when none takes anything.
import type { Instant, Millis } from '../core/time.ts'
import { createDelivery, type Delivery, type Outbox } from '../deliver.ts'
import type { Memory } from '../memory.ts'
import type { Troubles } from '../troubles.ts'
import type { World } from '../world.ts'

export function createMailing(deps: {
  readonly memory: Memory
  readonly outbox: Outbox
  readonly troubles: Pick<Troubles, 'begin' | 'end'>
  world(): World
  /** A relay took something: the page may say so. */
  sent(): void
  now(): Instant
  after(delay: Millis, run: () => void): () => void
}): Delivery {
  const { memory, troubles } = deps
  return createDelivery({
    outbox: deps.outbox,
    configuration: () => memory.configuration,
    channels: () => deps.world().channels,
    ended: (outage) => [...memory.services.values()].find(({ last }) => last?.id === outage)?.last?.ended ?? null,
    now: deps.now,
    after: deps.after,
    onSent: () => {
      troubles.end('relay')
      deps.sent()
    },
    onTrouble: (note) => troubles.begin('relay', 'relay', note, 'Try the relays with `vigie alert test`.'),
    onGivenUp: (_letter, recipient, note) => {
      const remedy = 'Every relay refused it for a day: is the address right?'
      troubles.begin('relay', `given up:${recipient}`, `gave up a letter to ${recipient}: ${note}`, remedy)
    },
  })
}
