// The outages there were, as sites told of them: when they were over, which of two that sites had apart are one, and what
// a site that was away missed of the end.
import { compare, type Place, siteOf } from '../ledger/entry.ts'
import { moment } from '../ledger/payload.ts'
import type { Statement } from '../ledger/statement.ts'
import type { Instant, Millis } from '../time/time.ts'
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
  /** How long, by the clock of the one site that had it longest; null: it is not over. */
  readonly lasted: Millis | null
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
      const [over, lasted] = ended === null ? [NONE, null] : [sites, Math.max(0, ended - since)]
      const said = { id, service, audience, first: statement, sites, over, since, ended, lasted }
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
  const last = (a: number | null, b: number | null) => (a === null ? b : b === null ? a : Math.max(a, b))
  return {
    ...one,
    first: compare(one.first, other.first) < 0 ? one.first : other.first,
    sites: new Set([...one.sites, ...other.sites]),
    over: new Set([...one.over, ...other.over]),
    since: Math.min(one.since, other.since),
    ended: last(one.ended, other.ended),
    lasted: last(one.lasted, other.lasted),
  }
}

/**
 * Outages of a site that were over before it heard that another site had them, too, under a name that was given before:
 * theirs give way, as they would have while they were open. Two that one site told apart are two: of those the first is
 * what another had all the while.
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
    const before = (other: Lived) =>
      over.some((own) => own.sites.has(site) && isAbout(own, one) && own.since < one.since && isSameOver(own, other))
    const others = elsewhere.get(subjectOf(one))?.filter((other) => isSameOver(one, other) && !before(other)) ?? []
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
 * The end that sites saw of an outage which is still open here, and its name from then on: of the same, however long it
 * lasted for them, or of one that they had apart at that time. `next`: one of `sites`, those that are heard now, has had
 * another open since. Null: nobody saw its end, or one of them has had another open since before that.
 */
export function endElsewhere(
  lives: Lives,
  naming: Naming,
  outage: Opened & { readonly since: Instant },
  site: string,
  sites: ReadonlySet<string>,
): { readonly id: string; readonly ended: Instant; readonly next: boolean } | null {
  const ours = lives.get(outage.id)
  const theirs = ours === undefined ? undefined : ours.over.size > 0 ? ours : overApart(lives, ours)
  if (ours === undefined || theirs === undefined) return null
  // Clocks are only compared where it is not the same outage.
  const ended = theirs === ours ? outage.since + (ours.lasted ?? 0) : endOf(theirs)
  const open = [...naming.values()].filter(
    (one) =>
      isAbout(one, outage) && one.id !== outage.id && [...one.open].some((other) => other !== site && sites.has(other)),
  )
  if (open.some(({ id }) => (lives.get(id)?.since ?? 0) <= ended)) return null
  return { id: compare(theirs.first, ours.first) < 0 ? theirs.id : ours.id, ended, next: open.length > 0 }
}

/** The first named of those that other sites had at that time, and saw end. */
function overApart(lives: Lives, ours: Lived): Lived | undefined {
  const others = [...lives.values()].filter((one) => isAbout(one, ours) && one.over.size > 0 && isSameOver(ours, one))
  return others.sort((a, b) => compare(a.first, b.first))[0]
}

/** A site saw the end of this one, or of the same by another name: what goes on is another. */
export function sawEnd(lives: Lives, id: string, site: string): boolean {
  const life = lives.get(id)
  if (life === undefined) return false
  if (life.over.has(site)) return true
  return (
    !life.sites.has(site) &&
    [...lives.values()].some((one) => isAbout(one, life) && one.over.has(site) && isSameOver(one, life))
  )
}

function isAbout(one: Opened, { service, audience }: Pick<Opened, 'service' | 'audience'>): boolean {
  return one.service === service && one.audience === audience
}

function subjectOf({ service, audience }: Opened): string {
  return `${service} ${audience}`
}

/** At one time, and no site had both; one that is not over goes on. */
function isSameOver(one: Lived, other: Lived): boolean {
  const together = one.since <= endOf(other) && other.since <= endOf(one)
  return together && ![...one.sites].some((site) => other.sites.has(site))
}
