// A login that was refused is not tried again at once: the account may be ours to mend, and servers punish guessing.
import type { Attention } from '../core/observation.ts'
import type { Login } from '../core/settings.ts'
import { HOUR, type Millis } from '../core/time/time.ts'
import { outcomeOf } from '../net/failure.ts'
import type { Probe } from '../net/look.ts'
import { tracesOf } from '../net/sasl.ts'

/** Remembers a refusal, as long as the plan lives that was made with it. */
export interface LoginMemory {
  /** True when the login may be tried: it was never refused, or not within the hour. */
  due(): boolean
  refused(note: string): void
  accepted(): void
  /** What admins should hear meanwhile; empty when nothing is wrong. */
  attention(): readonly Attention[]
}

/** `elapsed` is monotonic: a clock that jumps must not bring on a second guess. */
export function createLoginMemory(elapsed: () => Millis = () => performance.now()): LoginMemory {
  let refusal: { readonly at: Millis; readonly note: string } | null = null
  return {
    due: () => refusal === null || elapsed() - refusal.at >= HOUR,
    refused(note) {
      refusal = { at: elapsed(), note }
    },
    accepted() {
      refusal = null
    },
    attention: () => (refusal === null ? [] : [{ kind: 'auth', note: refusal.note }]),
  }
}

/**
 * A probe whose notes hold no form of these logins, whatever a server repeats of what it was told; failures are told as
 * outcomes for that.
 */
export function discreet(logins: readonly (Login | undefined)[], probe: Probe): Probe {
  const traces = logins.flatMap((login) => (login === undefined ? [] : tracesOf(login)))
  const hush = (note: string) => traces.reduce((rest, trace) => rest.replaceAll(trace, '…'), note)
  return async (look) => {
    const outcome = await probe(look).catch(outcomeOf)
    if (outcome.ok !== true || outcome.attention === undefined) return { ...outcome, note: hush(outcome.note) }
    const attention = outcome.attention.map((one) => ({ ...one, note: hush(one.note) }))
    return { ...outcome, note: hush(outcome.note), attention }
  }
}
