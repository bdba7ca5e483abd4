// Which site mails (verdict.md, 3: "mail"): one in the normal case, at least one in every other. The first in the order of
// the sites that is heard and could mail does at once; the next when that one says that it failed, or nothing for a while.
import type { Site } from '../check.ts'
import { MINUTE, type Millis } from '../time/time.ts'
import type { Letter } from './letter.ts'
import type { Peer } from './word.ts'

/** The last that another site said of mailing one subject to one person. */
export interface Claim {
  readonly site: string
  readonly kind: 'intent' | 'sent' | 'failed'
  /** It failed without an answer: it may have arrived. */
  readonly uncertain: boolean
  /** How long ago we heard it. */
  readonly age: Millis
}

export type MailTurn =
  /** It is ours to send. */
  | { readonly kind: 'ours' }
  /** That site sent it. */
  | { readonly kind: 'sent'; readonly by: string }
  /** Not yet: ask again within so long, or when more was heard. */
  | { readonly kind: 'wait'; readonly within: Millis }

/** So long nobody sends another copy of what may have arrived. */
const DOUBT: Millis = MINUTE

const OWN: ReadonlySet<Letter['news']['kind']> = new Set(['self', 'test', 'twin', 'blind', 'acknowledged'])

/** News of this site alone, of itself or handed in here: no other would send it. */
export function isOwn({ news }: Pick<Letter, 'news'>): boolean {
  return OWN.has(news.kind) && !(news.kind === 'blind' && news.site !== undefined)
}

/** This site's place among those that could mail now: 0 is first. One whose own line is bad comes last. */
export function placeOf(site: string, sites: readonly Site[], peers: readonly Peer[], blind: boolean): number {
  const able = peers.filter(({ heard, condition }) => heard && condition?.mails === true && condition.blind === null)
  if (blind) return able.length
  const before = sites.slice(
    0,
    sites.findIndex(({ id }) => id === site),
  )
  return before.filter(({ id }) => able.some((peer) => peer.site === id)).length
}

/**
 * Whose turn it is. `claims`: for each subject of a letter, what other sites said of it; `age`: since it was decided.
 */
export function mailTurnOf(
  claims: readonly (readonly Claim[])[],
  place: number,
  age: Millis,
  takeover: Millis,
): MailTurn {
  const senders = claims.map((of) => of.find(({ kind }) => kind === 'sent')?.site)
  if (senders.length > 0 && senders.every((site) => site !== undefined)) return { kind: 'sent', by: senders[0]! }
  const all = claims.flat()
  const under = all.filter(({ kind }) => kind === 'intent').map((claim) => takeover - claim.age)
  const doubtful = all.filter(({ kind, uncertain }) => kind === 'failed' && uncertain).map((claim) => DOUBT - claim.age)
  const failed = all.some(({ kind }) => kind === 'failed')
  const within = Math.max(0, ...under, ...doubtful, failed ? 0 : place * takeover - age)
  return within > 0 ? { kind: 'wait', within } : { kind: 'ours' }
}
