// One name for one outage on every site: opened on two sides, it is one, by the name it was given first.
import type { Audience } from '../check.ts'
import { compare, type Place, siteOf } from '../ledger/entry.ts'
import type { Statement } from '../ledger/statement.ts'
import { incidentFact } from './incident.ts'

/** What a site says in the ledger of an outage: that it has it open, under which name, and that it has no longer. */
export interface Opened {
  readonly id: string
  readonly service: string
  readonly audience: Audience
}

/** The same with its first failed look, and its end; nothing of either where an outage is only named. */
export interface Said extends Opened {
  readonly since?: unknown
  readonly ended?: unknown
}

interface Named extends Opened {
  /** Who said it first. */
  readonly first: Place
  /** The sites that have it open. */
  readonly open: ReadonlySet<string>
}

/** Outages that some site has open, by their id. */
export type Naming = ReadonlyMap<string, Named>

/** Types of entries, for ever. */
export const OUTAGE_OPEN = 'outage.open'
export const OUTAGE_CLOSE = 'outage.close'

/** The names after more was said. What no site has open any longer is forgotten: a site's own words come in order. */
export function hearNames(before: Naming, statements: readonly Statement[]): Naming {
  const after = new Map(before)
  for (const statement of statements) {
    const { type, payload } = statement
    if ((type !== OUTAGE_OPEN && type !== OUTAGE_CLOSE) || !isOpened(payload)) continue
    const { id, service, audience } = payload
    const known = after.get(id)
    if (known !== undefined && (known.service !== service || known.audience !== audience)) continue
    const first = known === undefined || compare(statement, known.first) < 0 ? statement : known.first
    const open = new Set(known?.open)
    if (type === OUTAGE_OPEN) open.add(siteOf(statement.origin))
    else open.delete(siteOf(statement.origin))
    if (open.size === 0) after.delete(id)
    else after.set(id, { id, service, audience, first, open })
  }
  return after
}

/** An outage that its site calls by another's name from now on; null: the statement is about something else. */
export function renameOf({ type, payload }: Statement): { readonly from: string; readonly to: string } | null {
  if (type !== OUTAGE_CLOSE || !isOpened(payload)) return null
  const { became } = payload as { readonly became?: unknown }
  return isId(became) && became !== payload.id ? { from: payload.id, to: became } : null
}

/** Names that gave way, each to one that came after it. */
export type FormerNames = ReadonlyMap<string, string>

/** The names after it was said that two are of one thing. The same map when that is known. */
export function joinNames(names: FormerNames, from: string, to: string): FormerNames {
  const [formerly, now] = [nameNow(names, from), nameNow(names, to)]
  return formerly === now ? names : new Map(names).set(formerly, now)
}

/**
 * Names that a statement says are of one: of an outage that two sites opened apart, and of incidents that were drafted
 * from one outage.
 */
export function sameBy(statement: Statement): readonly { readonly from: string; readonly to: string }[] {
  const renamed = renameOf(statement)
  if (renamed !== null) {
    const { from, to } = renamed
    return [renamed, { from: draftOf(from), to: draftOf(to) }]
  }
  const fact = statement.type === 'incident.open' ? incidentFact(statement) : null
  const outage = fact?.type === 'incident.open' ? fact.payload.outages[0] : undefined
  return fact === null || outage === undefined ? [] : [{ from: fact.payload.id, to: draftOf(outage) }]
}

/** No site gives an outage or an incident such a name. */
function draftOf(outage: string): string {
  return `draft:${outage}`
}

/** The names after all of this was said. */
export function namesBy(statements: readonly Statement[]): FormerNames {
  return statements
    .flatMap(sameBy)
    .reduce((names, { from, to }) => joinNames(names, from, to), new Map() as FormerNames)
}

/** One for all names of one thing; the name itself for one that never gave way. It ends: no circle is ever closed. */
export function nameNow(names: FormerNames, name: string): string {
  let now = name
  for (let next = names.get(now); next !== undefined; next = names.get(now)) now = next
  return now
}

/**
 * The name that an open outage of a service has: of all that these sites have open, the one that was said first. Null:
 * none of them has one open. `isOver`: a name that is not to be taken, since what begins after its end is another outage.
 */
export function nameOf(
  naming: Naming,
  { service, audience }: Pick<Opened, 'service' | 'audience'>,
  sites: ReadonlySet<string>,
  isOver: (id: string) => boolean,
): string | null {
  const open = [...naming.values()].filter(
    (one) =>
      one.service === service &&
      one.audience === audience &&
      !isOver(one.id) &&
      [...sites].some((site) => one.open.has(site)),
  )
  return open.sort((a, b) => compare(a.first, b.first))[0]?.id ?? null
}

/** Outages that a site once said it had open, and never that it had no longer. */
export function openBy(naming: Naming, site: string): readonly Opened[] {
  return [...naming.values()].filter((one) => one.open.has(site))
}

/** True: it speaks of an outage. */
export function isOpened(value: unknown): value is Said {
  if (typeof value !== 'object' || value === null) return false
  const { id, service, audience } = value as Record<string, unknown>
  return isId(id) && isId(service) && (audience === 'members' || audience === 'admins')
}

/** A name goes into letters and addresses: one that no site makes is none. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9-]{1,120}$/.test(value)
}
