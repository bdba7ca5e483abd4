// What lies outside of this process: the real network and the configured witnesses and relays, or the replica of all that.
import type { Channel } from './channels/channel.ts'
import { channels } from './channels/index.ts'
import type { Check, Configuration, Witness } from './core/check.ts'
import type { Instant } from './core/time/time.ts'
import type { Replica, ReplicaOptions } from './demo/replica.ts'
import type { Network } from './net/network.ts'
import { createNetwork } from './net/system.ts'

export interface World {
  readonly network: Network
  readonly witnesses: readonly Witness[]
  readonly path: readonly Witness[]
  /** The relays in their order, ready to use. */
  readonly channels: readonly Channel[]
  /** Nothing to do for the real one; ends a replica. */
  stop(): Promise<void>
}

/** Starts a replica: the built-in one, or one that can be broken (demo/stage.ts). */
export type Replicate = (options: ReplicaOptions) => Promise<Replica>

/**
 * Opens the world a configuration lives in. With `replica: true` that is the built-in one (loaded only then), whose jobs
 * ping through `ping`; nothing outside loopback is touched then.
 */
export async function openWorld(
  configuration: Configuration,
  now: () => Instant,
  ping: (check: Check) => void,
  replicate?: Replicate,
): Promise<World> {
  if (!configuration.replica) {
    const network = createNetwork({ ca: configuration.ca })
    const { witnesses, path } = configuration
    return { network, witnesses, path, channels: open(configuration.mail?.relays ?? [], network), stop: async () => {} }
  }
  const start = replicate ?? (await import('./demo/replica.ts')).startReplica
  const replica = await start({ configuration, now, ping })
  const { network, witnesses, path, relays, stop } = replica
  return { network, witnesses, path, channels: open(relays, network), stop }

  function open(relays: NonNullable<Configuration['mail']>['relays'], network: Network): readonly Channel[] {
    const from = configuration.mail?.from
    if (from === undefined) return []
    return relays.map((relay) => channels.mail.open({ relay, from, network, ca: configuration.ca, now }))
  }
}
