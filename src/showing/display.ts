// Shows what is known: at once when it changes, once a minute so that "verified at" moves.
import type { Announcements } from '../board/announcements.ts'
import type { Board } from '../board/board.ts'
import { paint } from '../core/shown/painting.ts'
import type { Notice, Picture } from '../core/shown/picture.ts'
import { type Instant, MINUTE, type Millis } from '../core/time/time.ts'
import { unstableKey } from '../core/verdict/alert.ts'
import { blindKey } from '../core/verdict/spell.ts'
import { voicesNow } from '../core/verdict/voices.ts'
import type { Peer } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import type { Publisher } from '../page/folder/publish.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Results } from '../store/results.ts'
import type { History } from './history.ts'

export interface Display {
  /** Something changed: shows it now. Resolves when it is served. */
  show(): Promise<void>
  /** Shows again what is so when a minute has gone by. */
  refresh(): void
  /** When a relay took the letter that speaks of an outage: its own, or its parent's. Null: not yet. */
  told(outage: string): Instant | null
}

const EVERY: Millis = MINUTE

/** A copy of the page that is older than this was left by a vigie that died. */
const REPLACED_WITHIN: Millis = 3 * MINUTE

/**
 * Paints what is known when the publisher comes to it, not when it was asked for. The page is said to have changed at
 * the last `show`, or at the start.
 */
export function createDisplay(deps: {
  readonly memory: Memory
  readonly history: History
  readonly board: Pick<Board, 'acknowledgement' | 'override'>
  readonly announcements: Announcements
  readonly ledger: Pick<Ledger, 'toldAt'>
  readonly results: Pick<Results, 'condition'>
  readonly publisher: Publisher
  peers(): readonly Peer[]
  now(): Instant
  ticks(): Millis
}): Display {
  const { memory, board, now, ticks } = deps
  let changed = now()
  let shown: Millis = Number.NEGATIVE_INFINITY
  return {
    show: () => {
      changed = now()
      return publish()
    },
    refresh: () => {
      if (ticks() - shown >= EVERY) void publish()
    },
    told,
  }

  function publish(): Promise<void> {
    shown = ticks()
    return deps.publisher.publish(picture)
  }

  function picture(): Picture {
    const { configuration, checks, services, line } = memory
    const peers = deps.peers()
    const at = now()
    const voices = new Map<string, ReturnType<typeof voicesNow>>()
    const heard = (check: string) => {
      const known = voices.get(check) ?? voicesNow(check, memory, peers, at)
      voices.set(check, known)
      return known
    }
    const sight = {
      configuration,
      checks,
      services,
      line,
      peers,
      voices: heard,
      spans: deps.history.spans,
      told,
      toldUnstable: (thread: string) => deps.ledger.toldAt(thread, unstableKey(thread)),
      toldOfLine: toldOfLine(),
      acknowledged: (outage: string) => board.acknowledgement(outage)?.at ?? null,
      override: (service: string) => board.override(service, now()),
      announced: deps.announcements.now(),
      notices: notices(),
      changed,
    }
    return paint(sight, REPLACED_WITHIN, now())
  }

  function told(outage: string): Instant | null {
    const { alarms } = memory.alerts
    const alarm = alarms[outage]
    if (alarm?.letter == null) return null
    const author =
      Object.values(alarms).find((other) => other.letter === alarm.letter && other.told !== 'folded') ?? alarm
    return deps.ledger.toldAt(author.thread, author.told === 'unstable' ? author.letter : null)
  }

  function toldOfLine(): Instant | null {
    const last = memory.blind.at(-1)
    return last === undefined || last.to !== null ? null : deps.ledger.toldAt(blindKey(last))
  }

  function notices(): readonly Notice[] {
    const condition = deps.results.condition()
    return [
      ...(memory.configuration.witnesses.length === 0 ? [{ kind: 'no_witnesses' as const }] : []),
      ...(condition.kind === 'lost' ? [{ kind: 'history_lost' as const, since: condition.since }] : []),
      ...(condition.kind === 'paused' ? [{ kind: 'history_paused' as const, since: condition.since }] : []),
    ]
  }
}
