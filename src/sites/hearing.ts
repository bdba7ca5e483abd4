// What is done with what another site said, as soon as it was heard.
import type { Millis } from '../core/time/time.ts'
import { doubted } from '../core/verdict/voices.ts'
import type { Memory } from '../memory.ts'
import type { Rejection } from '../twin/dialogue.ts'
import type { Exchange, Taken } from '../twin/exchange.ts'
import type { Envelope } from '../twin/wire.ts'
import { type Contact, noteWord } from './contact.ts'

export interface HearingDeps {
  readonly memory: Pick<Memory, 'checks'>
  readonly exchange: Exchange
  /** Monotonic milliseconds. */
  ticks(): Millis
  /** Something was heard: opinions of others are agreed upon again at the next tick. */
  heard(): void
  /** Another site doubts these checks: they are to be looked at now. */
  lookAt(checks: readonly string[]): void
  log(level: 'info' | 'warn', message: string): void
  /** Our own past had to be fetched back; without this callback it is only logged. */
  mended?(note: string): void
}

/** Takes a message in where it belongs, or says why it is refused. Throws what a disk throws that can't be read. */
export function createHearing(deps: HearingDeps) {
  const { memory, exchange, log } = deps

  return (contact: Contact, envelope: Envelope, kind: 'question' | 'answer'): Taken | Rejection => {
    const { id } = contact.site
    const before = exchange.dialogue(id)?.hearer.words() ?? new Map()
    const taken = exchange.hear(envelope, kind)
    if (typeof taken === 'string') return taken
    if (taken.fresh) noteWord(contact, taken.seenAt, deps.ticks())
    if (taken.hindered !== null) log('warn', `what ${id} said for the ledger could not be kept: ${taken.hindered}`)
    if (taken.mended !== null) {
      const note = `this ledger was older than ${id} knows it: what was said before as ${taken.mended} is fetched back`
      log('warn', note)
      deps.mended?.(note)
    }
    const words = exchange.dialogue(id)!.hearer.words()
    const suspects = taken.fresh ? doubted(memory.checks, before, words) : []
    if (suspects.length > 0) deps.lookAt(suspects)
    if (words !== before || !contact.peer.heard) deps.heard()
    return taken
  }
}
