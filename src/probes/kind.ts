// What a kind of check is. A kind is one file and one line in index.ts; nothing else names a kind.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Rule } from '../core/check.ts'
import type { Outcome, TlsFacts } from '../core/observation.ts'
import type { HostPort, Settings } from '../core/settings.ts'
import type { Instant, Millis } from '../core/time.ts'
import type { Network } from '../net/network.ts'

/**
 * One look, as a probe sees it. The caller owns deadline, measuring and retry: a probe only dials, talks and marks.
 * A failure of the network may be thrown (`net/failure.ts` makes an outcome of it, in one place); what the protocol
 * itself says wrong is returned.
 */
export interface Look {
  /** Aborted at the deadline, absolutely. */
  readonly signal: AbortSignal
  /** Ends the phase that ran until now and gives it a name; phases add up to the whole. */
  mark(phase: string): void
  /** Opens TCP to where the check points (its `connect`, family, address policy honoured); marks `resolve`, `connect`. */
  dial(to: HostPort): Promise<Socket>
  /** Makes a connection TLS, certificate read whether it is good or not; marks `tls`. `name`: SNI and certificate name. */
  secure(socket: Socket, name: string, alpn?: readonly string[]): Promise<Secured>
  readonly network: Network
  /** 4 or 6 when this look is for one family alone, null: whichever `dial` finds. */
  readonly family: 4 | 6 | null
  /** Addresses that are loopback, private, link-local or metadata are allowed. */
  readonly allowPrivate: boolean
  /** The wall clock, for certificates and the like. */
  now(): Instant
}

export interface Secured {
  readonly socket: TLSSocket
  readonly facts: TlsFacts
  /** Null: chain and name are good. Else what is wrong, in words, and whether only the dates are. */
  readonly fault: { readonly note: string; readonly dated: boolean } | null
}

export type Probe = (look: Look) => Promise<Outcome>

/** What a configured check does: it looks, or it waits to be pinged (heartbeat). */
export type Plan =
  | { readonly does: 'look'; readonly probe: Probe }
  | { readonly does: 'wait'; readonly period: Millis; readonly grace: Millis; readonly token: string | null }

export interface ProbeKind {
  /** One line for `vigie config --help` and the README: what a success proves. */
  readonly summary: string
  /** A target that could stand in `checks/`. */
  readonly example: string
  /** Where `policy` doesn't fit (contract 3); `slow: null`: no slow. */
  readonly defaults?: (settings: Settings) => Partial<Rule>
  /** `from` when not said; `all` for most. */
  readonly from?: 'all' | 'any'
  /** True: `family` has no meaning (dns, heartbeat). */
  readonly familyless?: boolean
  /** Reads its own keys, complaining where they are wrong, and returns what to do. Never throws. */
  configure(settings: Settings): Plan
}
