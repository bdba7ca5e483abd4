// A connection to a relay: whichever of its addresses answers, within what is left of the time.
import type { Socket } from 'node:net'
import type { Relay } from '../core/check.ts'
import { type Millis, SECOND } from '../core/time/time.ts'
import { familyOf } from '../net/address.ts'
import type { Network } from '../net/network.ts'

/** An address that doesn't answer must not eat the time of the next. */
const PER_ADDRESS: Millis = 8 * SECOND

/** More addresses of a family than this aren't tried. */
const MOST_ADDRESSES = 2

/** Opens TCP to a relay, over IPv4 first. Rejects with the first error, or when aborted. */
export async function reach(relay: Relay, network: Network, signal: AbortSignal): Promise<Socket> {
  const { host, port } = network.detour(relay.host, relay.port) ?? relay
  const literal = familyOf(host)
  const failures: unknown[] = []
  for (const family of literal === null ? ([4, 6] as const) : [literal]) {
    const addresses = literal === null ? await network.resolve(host, family, signal).catch(note) : [host]
    for (const address of addresses.slice(0, MOST_ADDRESSES)) {
      const patience = AbortSignal.any([signal, AbortSignal.timeout(PER_ADDRESS)])
      const socket = await network.connect({ address, port, family }, patience).catch(note)
      if ('destroy' in socket) return socket
    }
    signal.throwIfAborted()
  }
  throw failures[0] ?? new Error(`${host} has no address`)

  function note(error: unknown): [] {
    failures.push(error)
    return []
  }
}
