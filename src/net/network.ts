// What the program asks of the outside world, so that the replica (demo/) and a simulator can stand in for it.
import type { Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import type { Ending } from './ending.ts'

/** Where a connection goes in the end. */
export interface Endpoint {
  readonly address: string
  readonly port: number
  readonly family: 4 | 6
}

export interface Network {
  /**
   * Addresses of a name in one family, asked of the system's resolver anew each time: no cache, because a monitor
   * measures DNS. `/etc/hosts` and `localhost` (RFC 6761) are honoured as the system does. Empty: the name exists
   * without such an address. Rejects with Node's codes (`ENOTFOUND`, `ESERVFAIL`, `ETIMEOUT` …) or when the look ends.
   */
  resolve(name: string, family: 4 | 6, ending: Ending): Promise<readonly string[]>
  /** The resolvers in use, `address` or `address:port`: whom a `dns` check asks when it names no server. */
  resolvers(): readonly string[]
  /** Opens TCP. Rejects with the system's code (`ECONNREFUSED` …) or when the look ends. The socket never throws unheard. */
  connect(endpoint: Endpoint, ending: Ending): Promise<Socket>
  /** Where a host and port really are, when something stands in for them (the replica); undefined: as they are. */
  detour(host: string, port: number): { readonly host: string; readonly port: number } | undefined
  /** The trusted roots: one context, reused (a new one costs 23 ms a handshake). `extra`: further roots as PEM. */
  trust(extra?: readonly string[]): SecureContext
  /** True when a check may go there without `allow_private`: public addresses, and the replica's own. */
  permits(address: string): boolean
}
