// One look, as a probe sees it.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Outcome, TlsFacts } from '../core/observation.ts'
import type { HostPort } from '../core/settings.ts'
import type { Instant } from '../core/time/time.ts'
import type { Ending } from './ending.ts'
import type { Endpoint, Network } from './network.ts'

/**
 * The caller owns deadline, measuring and retry: a probe only dials, talks and marks. A failure of the network may be
 * thrown (`failure.ts` makes an outcome of it, in one place); what the protocol itself says wrong is returned.
 */
export interface Look {
  /** Aborted at the deadline, absolutely. */
  signal(): AbortSignal
  /** The same for those who only listen: it costs next to nothing, a signal is made when it is asked for. */
  readonly ending: Ending
  /** Ends the phase that ran until now and gives it a name; phases add up to the whole. */
  mark(phase: string): void
  /** Says what is waited for from now on, and of whom, so that a look cut short can name it. `mark` ends it. */
  begin(phase: string, of?: string): void
  /** Finds where a host is, as `dial` would (`connect`, family, address policy honoured); marks `resolve`. */
  locate(to: HostPort): Promise<Endpoint>
  /** Opens TCP to where the check points (its `connect`, family, address policy honoured); marks `resolve`, `connect`. */
  dial(to: HostPort): Promise<Socket>
  /** The same for what the look asks besides: how it got there says nothing of the look (a port that our line closes). */
  dialAside(to: HostPort): Promise<Socket>
  /** Makes a connection TLS, certificate read whether it is good or not; marks `tls`. `name`: SNI and certificate name. */
  secure(socket: Socket, name: string, alpn?: readonly string[]): Promise<Secured>
  /** The first of our own resolvers, for a question put to it directly: the look then leans on our DNS. */
  resolver(): Endpoint
  readonly network: Network
  /** The check's `connect`, where `dial` goes whatever is asked for at first: nobody needs to be asked where that is. */
  readonly connect: HostPort | null
  /** 4 or 6 when this look is for one family alone, null: whichever `dial` finds. */
  readonly family: 4 | 6 | null
  /** Addresses that are loopback, private, link-local or metadata are allowed. */
  readonly allowPrivate: boolean
  /** When the look began, by the wall clock: for certificates and the like, and as its observation says. */
  now(): Instant
}

export interface Secured {
  readonly socket: TLSSocket
  readonly facts: TlsFacts
  /** Null: chain and name are good. Else what is wrong, in words, and whether only the dates are. */
  readonly fault: { readonly note: string; readonly dated: boolean } | null
}

/** The code of a kind: looks once. It neither times itself nor retries. */
export type Probe = (look: Look) => Promise<Outcome>
