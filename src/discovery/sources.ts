// Whom a discovery asks, and what that may cost: whatever a domain answers, it ends, and asks for no more than is decent.
import { type Millis, SECOND } from '../core/time/time.ts'
import type { Lookups } from './lookups.ts'
import type { Visitor } from './visit.ts'

export interface Sources {
  readonly lookups: Lookups
  readonly visit: Visitor
  /** Names of the certificate that a host shows on 443. */
  namesAt(host: string): Promise<readonly string[]>
  /** Says what is being asked. */
  progress(what: string): void
}

/** From the first question on; a question that is under way then may take its own few seconds more. */
const LONGEST = 75 * SECOND
const MOST_DOCUMENTS = 120
/** A host that gave no document so often is not asked again. */
const PATIENT = 2

export interface Ration extends Sources {
  /** Something was not asked for, as time or measure was over. */
  cut(): boolean
}

/** The same sources, which find nothing any more when it is enough. `clock`: monotonic. */
export function rationed(sources: Sources, clock: () => Millis = () => performance.now()): Ration {
  const until = clock() + LONGEST
  const silences = new Map<string, number>()
  let documents = 0
  let cut = false
  return {
    lookups: {
      mx: (name) => within(() => sources.lookups.mx(name), []),
      srv: (name) => within(() => sources.lookups.srv(name), []),
    },
    namesAt: (host) => within(() => sources.namesAt(host), []),
    visit: (url, request) =>
      within(async () => {
        const { host } = new URL(url)
        if ((silences.get(host) ?? 0) >= PATIENT) return null
        if (documents >= MOST_DOCUMENTS) cut = true
        if (documents++ >= MOST_DOCUMENTS) return null
        const seen = await sources.visit(url, request)
        if (seen === null) silences.set(host, (silences.get(host) ?? 0) + 1)
        return seen
      }, null),
    progress: sources.progress,
    cut: () => cut,
  }

  async function within<T>(ask: () => Promise<T>, nothing: T): Promise<T> {
    if (clock() < until) return ask()
    cut = true
    return nothing
  }
}
