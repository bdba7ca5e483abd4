// How the talk with another site stands: what `vigie twin status` prints and `vigie doctor` judges.

import type { Check } from '../check.ts'
import { lasting } from '../time/moment.ts'
import type { Instant } from '../time/time.ts'
import { looksFrom } from '../verdict/voices.ts'
import type { Peer } from '../verdict/word.ts'
import { type Finding, fail, ok, warn } from './diagnosis.ts'

/** One other site. Times are ISO 8601 UTC; the document is the contract of `vigie twin status --json`. */
export interface TwinStatus {
  readonly site: string
  readonly heard: boolean
  /** Since when it is heard, or is not. */
  readonly since: string
  /** What it says of its own line; null: good, or unknown. */
  readonly blind: { readonly since: string; readonly layers: readonly string[] } | null
  /** Null: never heard. */
  readonly version: string | null
  /** Its `checks/` beside ours: changed later, earlier, or the same; null: never heard. */
  readonly configuration: 'same' | 'newer' | 'older' | null
  /** When it changed its `checks/` last, as it signed in the ledger; null: it didn't, and its can't be the newer. */
  readonly signed: string | null
  /** Checks that it defines otherwise, or lacks. */
  readonly differs: readonly string[]
  /** We reach it; null: not tried. */
  readonly reached: boolean | null
  readonly trouble: string | null
  /** It reaches us. */
  readonly calls: boolean
  /** Where it comes from, and where it sees us come from. */
  readonly address: string | null
  readonly seen_at: string | null
  /** It has all that is in our ledger. */
  readonly complete: boolean
  /** What of its words was refused since the start, by reason. */
  readonly refused: Readonly<Record<string, number>>
}

/** Checks of ours that another site should look at, too, and does not as we do. */
export function differing({ site, condition, words }: Peer, checks: Iterable<Check>): readonly string[] {
  if (condition === null) return []
  const others = [...checks].filter((check) => looksFrom(check, site))
  return others.flatMap(({ id, definition }) => (words.get(id)?.definition === definition ? [] : [id]))
}

/** What to make of it. */
export function judgeTwin(status: TwinStatus, own: { readonly version: string }, now: Instant): readonly Finding[] {
  const item = status.site
  const asked = `Does vigie run at ${item}, with this site’s key in its site.yaml (vigie twin key)?`
  if (!status.heard) {
    const since = `not heard for ${lasting(now - Date.parse(status.since), 'en')}`
    return [fail(item, status.trouble === null ? since : `${since}: ${status.trouble}`, asked)]
  }
  const ways = [status.reached === true ? 'we reach it' : null, status.calls ? 'it reaches us' : null]
  const found: Finding[] = [ok(item, `heard, ${ways.filter((way) => way !== null).join(', ') || 'quietly'}`)]
  if (status.blind !== null)
    found.push(
      warn(
        item,
        `its own line is at fault: ${status.blind.layers.join(', ')}`,
        'Look at its line; we measure for it meanwhile.',
      ),
    )
  if (status.version !== own.version)
    found.push(
      warn(item, `runs version ${status.version}, this is ${own.version}`, 'Install the same version on both.'),
    )
  if (status.differs.length > 0) {
    const signed =
      status.signed === null ? '' : ` (changed there ${lasting(now - Date.parse(status.signed), 'en')} ago)`
    const whose = `${status.configuration === 'newer' ? 'ours' : 'its'} is older${signed}`
    const words = `checks/ differs, ${whose}: ${status.differs.slice(0, 5).join(', ')}${status.differs.length > 5 ? ' …' : ''}`
    found.push(warn(item, words, 'Bring both to the same state (git pull).'))
  }
  const bad = Object.entries(status.refused).filter(([why]) => !['repeated', 'replayed', 'gap'].includes(why))
  if (bad.length > 0) {
    const words = bad.map(([why, times]) => `${times} ${why}`).join(', ')
    found.push(
      warn(
        item,
        `words of it were refused: ${words}`,
        'Is its key in site.yaml the one that it shows (vigie twin key)?',
      ),
    )
  }
  return found
}
