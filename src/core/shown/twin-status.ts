// How the talk with another site stands: what `vigie twin status` prints and `vigie doctor` judges.

import type { Check } from '../check.ts'
import { lasting } from '../time/lasting.ts'
import { type Instant, SECOND } from '../time/time.ts'
import { looksFrom } from '../verdict/voices.ts'
import type { Peer } from '../verdict/word.ts'
import { type Finding, fail, ok, warn } from './diagnosis.ts'

/** One other site. Times are ISO 8601 UTC; the document is the contract of `vigie twin status --json`. */
export interface TwinStatus {
  readonly site: string
  readonly heard: boolean
  /** Since when it is heard, or is not: a word counts for `fresh`, so that one that just went still is. */
  readonly since: string
  /** It was heard since the start here. */
  readonly met: boolean
  /** Our own line works. */
  readonly sees: boolean
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
  /** The key that one of us has wrong: ours, in its site.yaml, or its, in ours; null: none, as far as we know. */
  readonly wrong_key: 'ours' | 'its' | null
  /** One of us has a `url`, so that the other can call it. */
  readonly callable: boolean
  /** It reaches us. */
  readonly calls: boolean
  /** Where it comes from, and where it sees us come from. */
  readonly address: string | null
  readonly seen_at: string | null
  /** It has all that is in our ledger. */
  readonly complete: boolean
  /** How far in our future the last thing it signed is dated, in seconds; 0: by five minutes at most. */
  readonly ahead_s: number
  /** What of its words was refused since the start, by reason. */
  readonly refused: Readonly<Record<string, number>>
}

/** Checks of ours that another site should look at, too, and does not as we do. */
export function differing({ site, condition, words }: Peer, checks: Iterable<Check>): readonly string[] {
  if (condition === null) return []
  const others = [...checks].filter((check) => looksFrom(check, site))
  return others.flatMap(({ id, definition }) => (words.get(id)?.definition === definition ? [] : [id]))
}

/** What to make of it. `layers`: the names of parts of a line, for people. */
export function judgeTwin(
  status: TwinStatus,
  own: { readonly version: string; readonly layers: (layers: readonly string[]) => string },
  now: Instant,
): readonly Finding[] {
  const item = status.site
  if (!status.heard) {
    const since = `not heard for ${lasting(now - Date.parse(status.since), 'en')}`
    return [fail(item, status.trouble === null ? since : `${since}: ${status.trouble}`, remedyOfSilence(status))]
  }
  const ways = [status.reached === true ? 'we reach it' : null, status.calls ? 'it reaches us' : null]
  const found: Finding[] = [ok(item, `heard, ${ways.filter((way) => way !== null).join(', ') || 'a moment ago'}`)]
  if (status.blind !== null)
    found.push(
      warn(
        item,
        `its own line is at fault: ${own.layers(status.blind.layers)}`,
        'Look at its line; we measure for it meanwhile.',
      ),
    )
  if (status.version !== own.version)
    found.push(
      warn(item, `runs version ${status.version}, this is ${own.version}`, 'Install the same version on both.'),
    )
  if (status.configuration === 'newer' || status.configuration === 'older') {
    const signed =
      status.signed === null ? '' : ` (changed there ${lasting(now - Date.parse(status.signed), 'en')} ago)`
    const whose = `${status.configuration === 'newer' ? 'ours' : 'its'} is older${signed}`
    const named = `${status.differs.slice(0, 5).join(', ')}${status.differs.length > 5 ? ' …' : ''}`
    const words = `checks/ differs, ${whose}: ${named === '' ? 'not in a check, but in site.yaml or in words' : named}`
    found.push(warn(item, words, 'Bring both to the same state (git pull).'))
  }
  if (status.ahead_s > 0) {
    const far = lasting(status.ahead_s * SECOND, 'en')
    found.push(
      warn(
        item,
        `dates what it says ${far} ahead of our clock`,
        'Which clock is wrong? Run `date -u` on both. If neither is any more, this ends by itself.',
      ),
    )
  }
  for (const [why, [what, remedy]] of Object.entries(REFUSED)) {
    const times = status.refused[why]
    if (times !== undefined) found.push(warn(item, `since the start here ${times} refused: ${what}`, remedy))
  }
  return found
}

/** By reason; what is missing here is none, since that is only a matter of order. */
const REFUSED: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  signature: [
    'signed with another key',
    'If that goes on: is its key in site.yaml what `vigie twin key` prints there?',
  ],
  altered: [
    'entries that their site did not sign',
    'If that goes on: is the key of each site in site.yaml what `vigie twin key` prints there?',
  ],
  foreign: ['entries of a site that site.yaml here lacks', 'Bring site.yaml to the same state on all sites.'],
  fork: ['entries that contradict earlier ones', 'Does a copy of a site run somewhere, with the same key?'],
  form: ['what no vigie should say', 'Install the same version on both.'],
  full: [
    'entries for which the ledger here has no room: 64 MB, or 200 names of one site',
    'Does a script post there without end, or was that site restored again and again?',
  ],
}

function remedyOfSilence({ site, wrong_key: key, callable, sees, met, reached }: TwinStatus): string {
  if (sees === false) return 'Our own line is bad: nothing is to be said of another site until it works.'
  if (!callable)
    return `Neither site has a \`url\` in site.yaml, so neither can call the other: give one of them its address.`
  if (key === 'its') return `Is the key of ${site} in site.yaml here what \`vigie twin key\` prints there?`
  if (key === 'ours')
    return `Does site.yaml at ${site} name this site, with the key that \`vigie twin key\` prints here?`
  if (met) return `It was heard before: does vigie still run at ${site}, and is the way between the two open?`
  if (reached === null)
    return `It was not called yet, or has no \`url\` and must call us: does vigie run at ${site}, and get through to our \`url\`?`
  return `Does vigie run at ${site}, with this site’s key in its site.yaml (vigie twin key)?`
}
