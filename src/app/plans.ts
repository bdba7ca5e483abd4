// What carries the checks out, over another reading of the configuration: a server must not be asked again with a login
// that it refused because somebody wrote in another file.
import type { ConfiguredCheck } from '../config/check.ts'

/** What carries each check out, by its id. */
type Plans = ReadonlyMap<string, ConfiguredCheck>

/**
 * The next ones. A check that is made of the same as before keeps its plan, with what that remembers; one that is made of
 * something else, another password say, begins anew, and of one that is gone nothing stays.
 */
export function takeOver(before: Plans, next: Plans): Plans {
  return new Map(
    [...next].map(([id, one]) => {
      const known = before.get(id)
      return [id, known?.origin === one.origin ? { ...one, plan: known.plan } : one]
    }),
  )
}
