// What every round trip has: how often and how long it may take, and at which end it went wrong.
import type { Settings } from '../core/settings.ts'
import { MINUTE, type Millis, SECOND } from '../core/time/time.ts'
import { failed, outcomeOf } from '../net/failure.ts'
import type { ProbeKind } from './kind.ts'

const WITHIN: Millis = MINUTE

/** A trip's rule where nothing else is said: its deadline is `within`, and however long it takes it isn't slow. */
export const tripDefaults: NonNullable<ProbeKind['defaults']> = (settings) => ({
  every: 10 * MINUTE,
  timeout: settings.duration('within') ?? WITHIN,
  slow: null,
})

/** The key `within`; complains of one that no trip can keep. */
export function readWithin(settings: Settings): Millis {
  const within = settings.duration('within') ?? WITHIN
  if (within < 2 * SECOND) settings.complain('within', 'within is too short: at least 2s')
  return within
}

/** A little before the deadline, in time to say that it is late: the deadline would only say that it is over. */
export function patienceOf(within: Millis): Millis {
  return within - Math.min(2 * SECOND, within / 10)
}

/** What goes wrong at one end of a trip says at which. */
export async function naming<T>(role: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const failure = outcomeOf(error)
    throw failed({ ...failure, note: `${role}: ${failure.note}` })
  }
}
