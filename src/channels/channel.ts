// How an alert goes out. A channel is a file and a line in index.ts; world.ts opens it (README, "A channel").
import type { Relay } from '../core/check.ts'
import type { Message } from '../core/letter/message.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import type { Network } from '../net/network.ts'

/** What came of one attempt. `note` and `response` are one clean line, without secrets. */
export type Attempt =
  | { readonly taken: true; readonly response: string }
  | {
      readonly taken: false
      /** False: refused for good, this one will not take this message. */
      readonly again: boolean
      /** It had the whole message when it fell silent: it may have arrived. */
      readonly uncertain: boolean
      readonly note: string
    }

/** One way out, ready to use. */
export interface Channel {
  /** For people and logs; never a secret. */
  readonly name: string
  /** Never throws, and ends by its own absolute deadline. */
  send(message: Message): Promise<Attempt>
  /** As far as a message could be handed over (connection, TLS, login), and no further. Never throws, ends as `send` does. */
  knock(): Promise<{ readonly open: boolean; readonly note: string }>
}

export interface ChannelSettings {
  readonly relay: Relay
  /** `Name <address>`, as configured. */
  readonly from: string
  readonly network: Network
  /** Further trusted roots, as PEM. */
  readonly ca: readonly string[]
  /** The wall clock, for the date of a message. */
  readonly now: () => Instant
  /** One absolute deadline for the whole attempt. */
  readonly timeout?: Millis
}

export interface ChannelKind {
  open(settings: ChannelSettings): Channel
}
