// What is remembered in a data folder, opened where the process before left it.
import type { Configuration } from '../core/check.ts'
import type { Instant, Millis } from '../core/time/time.ts'
import { needsOf, unprovenLine } from '../core/verdict/blindness.ts'
import { type Memory, type Recalled, recall, setBackOf } from '../memory.ts'
import { makeSecretsFolder } from '../store/folder.ts'
import { type Ledger, openLedger } from '../store/ledger.ts'
import { openResults, type Results } from '../store/results.ts'
import { openKey, type SiteKey } from '../twin/key.ts'
import { sealer } from '../twin/seal.ts'

export interface Remembering {
  readonly key: SiteKey
  /** To be closed, as the results are. */
  readonly ledger: Ledger
  readonly results: Results
  readonly memory: Memory
  /** By how much the clock was set back meanwhile: 0, or less. */
  readonly setBack: Millis
}

/** Makes what isn't there yet. Our line has to be proven anew. Throws what the disk throws. */
export function openRemembering(data: string, configuration: Configuration, now: () => Instant): Remembering {
  const key = openKey(data)
  makeSecretsFolder(data)
  const ledger = openLedger(data, { site: configuration.site.id, sealer: sealer(key), now })
  const results = openResults(data, { now })
  const recalled: Recalled = {
    configuration,
    living: ledger.living(),
    line: unprovenLine(needsOf(configuration.witnesses), now()),
    clock: now(),
    measuredUntil: results.measuredUntil(),
    copiedAt: ledger.restored?.made ?? null,
  }
  return { key, ledger, results, memory: recall(recalled), setBack: setBackOf(recalled) }
}
