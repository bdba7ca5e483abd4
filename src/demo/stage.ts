// What a demonstration plays on: one replica after the other as the configuration is read again, the same faults, the
// same mailbox and the same jobs all the while.
import { randomBytes } from 'node:crypto'
import type { Check, Configuration } from '../core/check.ts'
import { type Instant, type Millis, SECOND } from '../core/time.ts'
import { createFaults, type Faults } from './faults.ts'
import { createMailbox, type Mailbox } from './mailbox.ts'
import { demonstrated, type Pace, REAL_STRETCH } from './pace.ts'
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
  /** The configuration that is played, once it was prepared. */
  configuration(): Configuration
  /** What to run instead of a configuration that was read. */
  prepare(configuration: Configuration): Configuration
  /** Starts a replica that breaks when faults are set. Its jobs call the site at its own address. */
  start(options: ReplicaOptions): Promise<Replica>
  /** Where the site is, as soon as it listens: `http://127.0.0.1:8080`. Null before. */
  site(): string | null
  listens(url: string): void
  /** Ends the story and repairs everything, so that nobody waits for what never comes. */
  stop(): void
}

/** A site that doesn't answer a job in this time doesn't hear it. */
const PATIENCE: Millis = 2 * SECOND

/** `pace` null: the one the configuration was written for. */
export function createStage(pace: Pace | null, now: () => Instant): Stage {
  const stretch = pace?.stretch ?? REAL_STRETCH
  const faults = createFaults()
  const mailbox = createMailbox(now)
  const player = createPlayer(faults, now, stretch)
  const tokens = new Map<string, string>()
  let site: string | null = null
  let played: Configuration | null = null

  return {
    pace,
    stretch,
    faults,
    mailbox,
    player,
    configuration() {
      if (played === null) throw new Error('asked for a configuration before one was prepared')
      return played
    },
    prepare(configuration) {
      played = demonstrated(configuration, pace, tokenOf)
      faults.offer(repertoireOf(played, domainOf(played)))
      return played
    },
    start: (options) => startReplica({ ...options, ping, faults, mailbox }),
    site: () => site,
    listens: (url) => {
      site = url
    },
    stop() {
      player.stop()
      faults.clearAll()
    },
  }

  function tokenOf(check: string): string {
    const token = tokens.get(check) ?? randomBytes(24).toString('base64url')
    tokens.set(check, token)
    return token
  }

  /** As a real job calls, over HTTP. */
  async function ping({ id }: Check, ok: boolean): Promise<void> {
    if (site === null) throw new Error('nobody listens yet')
    const options = { method: 'POST', signal: AbortSignal.timeout(PATIENCE) }
    const { status } = await fetch(`${site}/push/${tokenOf(id)}${ok ? '' : '/fail'}`, options)
    if (status !== 200) throw new Error(`the site answered ${status}`)
  }
}
