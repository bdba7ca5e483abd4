// How letters to one person hang together: what must not overtake what, and what says the same once it is late.

import { type Instant, iso } from '../time/time.ts'
import type { Affected, Letter } from '../verdict/letter.ts'

/** Every service a letter speaks of, those that hang on another included. */
export function spokenOf({ news }: Pick<Letter, 'news'>): readonly Affected[] {
  if (news.kind === 'up') return news.over.map(({ affected }) => affected)
  if (news.kind === 'down') return [...news.affected, ...news.children]
  if (news.kind === 'partial') return [news.affected, ...(news.others ?? [])]
  if (news.kind === 'degraded') return news.affected
  return 'affected' in news ? [news.affected] : []
}

/**
 * What a letter tells, in names that are the same on every site: `OUTAGE:down` … for each outage it is about, else its
 * key. Whoever was told all of it needs no other copy.
 */
export function subjectsOf(letter: Letter): readonly string[] {
  const { news } = letter
  if (news.kind === 'down') return news.affected.map(({ outage }) => `${outage}:down`)
  if (news.kind === 'partial') return [news.affected, ...(news.others ?? [])].map(({ outage }) => `${outage}:partial`)
  if (news.kind === 'up') return news.over.map(({ affected }) => `${affected.outage}:up`)
  // By day: two sites see it first at two moments.
  if (news.kind === 'attention')
    return news.items.map(({ check, kind, since }) => `attention:${check}:${kind}:${iso(since).slice(0, 10)}`)
  const trouble = troubleOf(letter)
  return [trouble === null ? letter.key : `${trouble.kind}:${trouble.site}`]
}

/** What it tells may come again under the same name: said before that moment, it was of an earlier time. Null: it comes once. */
export function saidAnewSince(letter: Letter): Instant | null {
  return troubleOf(letter)?.since ?? null
}

/** Of another site: others see it, too, each since a moment of its own. */
function troubleOf({ news }: Letter) {
  if (news.kind === 'road') return news
  return news.kind === 'blind' && news.site !== undefined ? news : null
}

/** Both are of one thread or about one outage: to one person the later one waits for the earlier. */
export function concern(earlier: Letter, later: Letter): boolean {
  if (earlier.thread === later.thread) return true
  const outages = new Set(spokenOf(earlier).map(({ outage }) => outage))
  return spokenOf(later).some(({ outage }) => outages.has(outage))
}

/** The outages a letter speaks of that have ended by now, and when. */
export function endedBy(letter: Letter, ended: (outage: string) => Instant | null): ReadonlyMap<string, Instant> {
  const ends = new Map<string, Instant>()
  for (const { outage } of spokenOf(letter)) {
    const end = ended(outage)
    if (end !== null) ends.set(outage, end)
  }
  return ends
}

/** A late `down` or `partial` that says "was down from … to …" leaves nothing for this `up` to say. */
export function tellsEnd(late: Letter, ended: ReadonlyMap<string, Instant>, up: Letter): boolean {
  if (late.news.kind !== 'down' && late.news.kind !== 'partial') return false
  const told = new Set(
    spokenOf(late)
      .map(({ outage }) => outage)
      .filter((outage) => ended.has(outage)),
  )
  return up.news.kind === 'up' && up.news.over.every(({ affected }) => told.has(affected.outage))
}

/** A `partial` that didn't go out yet is no news once the outage is confirmed. */
export function outdates(later: Letter, earlier: Letter): boolean {
  const { news } = earlier
  if (later.news.kind !== 'down' || news.kind !== 'partial') return false
  const confirmed = new Set(later.news.affected.map(({ outage }) => outage))
  return spokenOf(earlier).every(({ outage }) => confirmed.has(outage))
}
