// The outages there were, as sites told of them: when they were over, which of two that sites had apart are one, and what
// a site that was away missed of the end.
import { compare, type Place, siteOf } from '../ledger/entry.ts'
import { moment } from '../ledger/payload.ts'
import type { Statement } from '../ledger/statement.ts'
import type { Instant } from '../time/time.ts'
import { isOpened, type Naming, type Opened, OUTAGE_CLOSE, OUTAGE_OPEN, renameOf } from './outage-names.ts'

/** What sites said of an outage until it was over. */
interface Lived extends Opened {
  readonly first: Place
  /** Who had it open, at some time. */
  readonly sites: ReadonlySet<string>
  /** Who saw its end, and did not open it again. */
  readonly over: ReadonlySet<string>
  readonly since: Instant
  /** Null: nobody said so yet. */
  readonly ended: Instant | null
}

/** Outages there were, by their id. */
export type Lives = ReadonlyMap<string, Lived>

/** The outages there were after more was said. One that gave way lives on in the other. */
export function hearLives(before: Lives, statements: readonly Statement[]): Lives {
  const ours = statements.filter(({ type }) => type === OUTAGE_OPEN || type === OUTAGE_CLOSE)
  if (ours.length === 0) return before
  const after = new Map(before)
  for (const statement of ours) {
    const { payload, origin } = statement
    if (!isOpened(payload)) continue
    const { id, service, audience } = payload
    const known = after.get(id)
    const renamed = renameOf(statement)
    const since = moment(payload.since)
    if (renamed !== null) {
      const heir = after.get(renamed.to)
      if (heir !== undefined && known !== undefined) after.set(heir.id, joined(heir, known))
      after.delete(id)
    } else if (since !== undefined) {
      const [sites, ended] = [new Set([siteOf(origin)]), moment(payload.ended) ?? null]
      const said = { id, service, audience, first: statement, sites, over: ended === null ? NONE : sites, since, ended }
      const all = known === undefined ? said : joined(known, said)
      after.set(id, statement.type === OUTAGE_OPEN ? { ...all, over: without(all.over, siteOf(origin)) } : all)
    }
  }
  return after
}

const NONE: ReadonlySet<string> = new Set()

function without(sites: ReadonlySet<string>, site: string): ReadonlySet<string> {
  return sites.has(site) ? new Set([...sites].filter((one) => one !== site)) : sites
}

function joined(one: Lived, other: Lived): Lived {
  const ends = [one.ended, other.ended].filter((end) => end !== null)
  return {
    ...one,
    first: compare(one.first, other.first) < 0 ? one.first : other.first,
    sites: new Set([...one.sites, ...other.sites]),
    over: new Set([...one.over, ...other.over]),
    since: Math.min(one.since, other.since),
    ended: ends.length === 0 ? null : Math.max(...ends),
  }
}

/**
 * Outages of a site that were over before it heard that another site had them, too, under a name that was given before:
 * theirs give way, as they would have while they were open. Two that one site told apart are two.
 */
export function belated(lives: Lives, naming: Naming, site: string): readonly (Opened & { readonly became: string })[] {
  const over = [...lives.values()].filter((one) => one.ended !== null && !naming.has(one.id))
  // By service, what this site never had: little, where sites see the same.
  const elsewhere = new Map<string, Lived[]>()
  for (const one of over) {
    if (one.sites.has(site)) continue
    const those = elsewhere.get(subjectOf(one))
    if (those === undefined) elsewhere.set(subjectOf(one), [one])
    else those.push(one)
  }
  return over.flatMap((one) => {
    if (!one.sites.has(site)) return []
    const others = elsewhere.get(subjectOf(one))?.filter((other) => isSameOver(one, other)) ?? []
    const [first] = others.sort((a, b) => compare(a.first, b.first))
    const { id, service, audience } = one
    return first === undefined || compare(one.first, first.first) < 0
      ? []
      : [{ id, service, audience, became: first.id }]
  })
}

function endOf({ ended }: Lived): Instant {
  return ended ?? Number.POSITIVE_INFINITY
}

/**
 * The end that others saw of an outage which this site has open and may only remember: under its name, or where they had
 * it under one that was given before, under that. `sites`: those that are heard now. Null: none saw its end, or one of
 * them has it open.
 */
export function endElsewhere(
  lives: Lives,
  naming: Naming,
  { id, service, audience }: Opened,
  site: string,
  sites: ReadonlySet<string>,
): { readonly id: string; readonly ended: Instant } | null {
  const ours = lives.get(id)
  const subject = subjectOf({ id, service, audience })
  const open = [...naming.values()].filter((one) => subjectOf(one) === subject)
  if (ours === undefined || open.some((one) => [...without(one.open, site)].some((other) => sites.has(other))))
    return null
  if (ours.over.size > 0 && ours.ended !== null) return { id, ended: ours.ended }
  const others = [...lives.values()].filter(
    (one) =>
      subjectOf(one) === subject && one.over.size > 0 && isSameOver(ours, one) && compare(one.first, ours.first) < 0,
  )
  const [first] = others.sort((a, b) => compare(a.first, b.first))
  return first === undefined ? null : { id: first.id, ended: first.ended! }
}

/** A site said the end of this one: it goes by that name no more. */
export function sawEnd(lives: Lives, id: string, site: string): boolean {
  return lives.get(id)?.over.has(site) === true
}

function subjectOf({ service, audience }: Opened): string {
  return `${service} ${audience}`
}

/** At one time, and no site had both; one that is not over goes on. */
function isSameOver(one: Lived, other: Lived): boolean {
  const together = one.since <= endOf(other) && other.since <= endOf(one)
  return together && ![...one.sites].some((site) => other.sites.has(site))
}
