// What a demonstration plays on: two sites, each in a replica of the world, one after the other as the configuration is
// read again; the same faults, the same mailbox and the same jobs all the while.
import { randomBytes } from 'node:crypto'
import type { Check, Configuration } from '../core/check.ts'
import type { Text } from '../core/text.ts'
import { type Instant, type Millis, SECOND } from '../core/time/time.ts'
import { createFaults, type Faults, seenFrom } from './faults.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { demonstrated, type Pace, REAL_STRETCH, type Seated } from './pace.ts'
import { SEATS, type Seat } from './places.ts'
import { createPlayer, type Player } from './player.ts'
import { repertoireOf } from './repertoire.ts'
import { domainOf, type Replica, type ReplicaOptions, startReplica } from './replica.ts'

export interface Stage {
  /** Null: the one the configuration was written for. */
  readonly pace: Pace | null
  /** How many times as long as written the steps of stories take. */
  readonly stretch: number
  readonly faults: Faults
  readonly mailbox: Mailbox
  readonly player: Player
  /** The configuration that is played, as home has it, once it was prepared. */
  configuration(): Configuration
  /** What a site is to run instead of a configuration that was read. */
  prepare(configuration: Configuration, seat: Seat): Configuration
  /** Starts a site's replica, which breaks when faults are set. Jobs call home at its own address. */
  start(seat: Seat): (options: ReplicaOptions) => Promise<Replica>
  /** Both sites, home first. */
  sites(): readonly StageSite[]
  /** A site listens: `http://127.0.0.1:8080`. */
  listens(seat: Seat, url: string): void
  /** Ends the story and repairs everything, so that nobody waits for what never comes. */
  stop(): void
}

export interface StageSite {
  readonly seat: Seat
  /** Where it is said to be, else its id. */
  readonly name: Text
  /** Null until it listens. */
  readonly url: string | null
}

/** A site that doesn't answer a job in this time doesn't hear it. */
const PATIENCE: Millis = 2 * SECOND

/** `pace` null: the one the configuration was written for. `seated`: where each site listens, and its key. */
export function createStage(pace: Pace | null, seated: Readonly<Record<Seat, Seated>>, now: () => Instant): Stage {
  const stretch = pace?.stretch ?? REAL_STRETCH
  const faults = createFaults()
  const mailbox = createMailbox(now)
  const player = createPlayer(faults, now, stretch)
  const tokens = new Map<string, string>()
  const urls = new Map<Seat, string>()
  const ports = new Map(SEATS.map((seat) => [seated[seat].listen.port, seat]))
  let played: Configuration | null = null

  return {
    pace,
    stretch,
    faults,
    mailbox,
    player,
    configuration,
    prepare(read, seat) {
      const prepared = demonstrated(read, pace, seated, seat, tokenOf)
      if (seat === 'twin') return prepared
      played = prepared
      faults.offer(repertoireOf(played, domainOf(played)))
      return played
    },
    start: (seat) => (options) =>
      startReplica({
        ...options,
        ping: seat === 'home' ? ping : () => {},
        faults: seenFrom(faults, seat),
        mailbox: { ...mailbox, take: (mail) => mailbox.take(mail, seat) },
        sites: ports,
      }),
    sites: () =>
      SEATS.map((seat, at) => {
        const { id, where } = configuration().sites[at]!
        return { seat, name: where ?? { fr: id, en: id }, url: urls.get(seat) ?? null }
      }),
    listens: (seat, url) => {
      urls.set(seat, url)
    },
    stop() {
      player.stop()
      faults.clearAll()
    },
  }

  function configuration(): Configuration {
    if (played === null) throw new Error('asked for a configuration before one was prepared')
    return played
  }

  function tokenOf(check: string): string {
    const token = tokens.get(check) ?? randomBytes(24).toString('base64url')
    tokens.set(check, token)
    return token
  }

  /** As a real job calls, over HTTP. */
  async function ping({ id }: Check, ok: boolean): Promise<void> {
    const home = urls.get('home')
    if (home === undefined) throw new Error('nobody listens yet')
    const options = { method: 'POST', signal: AbortSignal.timeout(PATIENCE) }
    const { status } = await fetch(`${home}/push/${tokenOf(id)}${ok ? '' : '/fail'}`, options)
    if (status !== 200) throw new Error(`the site answered ${status}`)
  }
}
