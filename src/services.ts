// The second half of the line: what the sites agree on of checks makes the status of services, outages and letters.
import type { Board } from './board/board.ts'
import type { Chronicle } from './chronicle.ts'
import { AUDIENCES } from './core/check.ts'
import { belated, endElsewhere, hearLives, sawEnd } from './core/said/outage-lives.ts'
import { hearNames, nameOf, OUTAGE_CLOSE, OUTAGE_OPEN, openBy } from './core/said/outage-names.ts'
import type { Instant } from './core/time/time.ts'
import { affectedBy } from './core/verdict/affected.ts'
import { decideLetters, knowing, renamed } from './core/verdict/alert.ts'
import {
  casesOf,
  decideService,
  flapLetter,
  isOnlyRemembered,
  isRestless,
  type Surroundings,
} from './core/verdict/decide.ts'
import { calledAnew, type ServiceKnown } from './core/verdict/known.ts'
import type { Letter } from './core/verdict/letter.ts'
import type { Outage } from './core/verdict/outage.ts'
import { type Parent, parentsNow } from './core/verdict/parent.ts'
import { type Owed, untold, unwanted } from './core/verdict/taken-back.ts'
import { voicesNow } from './core/verdict/voices.ts'
import type { Peer } from './core/verdict/word.ts'
import type { Memory } from './memory.ts'
import type { Decision, Ledger } from './store/ledger.ts'

export interface ServicesDeps {
  readonly memory: Memory
  readonly chronicle: Chronicle
  readonly board: Pick<Board, 'maintained' | 'mutedUntil'>
  readonly ledger: Pick<Ledger, 'statements' | 'onNews'>
}

/** What a decision leaves to be written: all of it together, or after a crash one would contradict the other. */
export interface Consequences {
  readonly letters: readonly Letter[]
  /** Keys of owed letters that nobody wants any more. */
  readonly withdraw: readonly string[]
  /** What is said in the ledger: outages that opened and ended. */
  readonly entries: Decision['entries']
  /** Outages that go by another site's name from now on. */
  readonly renames: NonNullable<Decision['renames']>
  /** The page says something else. */
  readonly changed: boolean
}

export interface Services {
  /** Every service a touched check belongs to or that time alone may change. `owed`: what the disk refused until now. */
  decide(touched: ReadonlySet<string>, peers: readonly Peer[], owed: readonly Owed[], now: Instant): Consequences
}

/**
 * Reads what was said of outages in the ledger now, and throws what it throws. `decide` writes into `memory` and the
 * chronicle itself; the first call also closes outages that this site once said it had and no longer knows.
 */
export function createServices({ memory, chronicle, board, ledger }: ServicesDeps): Services {
  const said = ledger.statements('outage')
  let naming = hearNames(new Map(), said)
  let lives = hearLives(new Map(), said)
  /** Something was said of outages since the belated ones were looked for. */
  let stirred = true
  ledger.onNews((news) => {
    naming = hearNames(naming, news)
    const before = lives
    lives = hearLives(lives, news)
    stirred ||= lives !== before
  })
  let begun = false
  return { decide }

  function decide(
    touched: ReadonlySet<string>,
    peers: readonly Peer[],
    owed: readonly Owed[],
    now: Instant,
  ): Consequences {
    const maintained = board.maintained(now)
    const { policy, site } = memory.configuration
    const ends = new Map<string, Instant>()
    const around: Surroundings = {
      known: (id) => memory.checks.get(id),
      voices: (id) => voicesNow(id, memory, peers, now),
      maintenance: (service) => maintained.has(service),
      muted: (service) => board.mutedUntil(service, now) !== null,
      elsewhere: (outage) => ends.get(outage) ?? null,
      policy,
    }
    const others = new Set(peers.filter(({ heard }) => heard).map((peer) => peer.site))
    const entries: Decision['entries'][number][] = begun ? [] : forgotten(site.id)
    begun = true
    const sites = new Set([site.id, ...others])
    const renames = [
      ...letGo(sites, ends, around, entries, now),
      ...rename(sites, ends, around, entries, now),
      ...renameBelated(entries, now),
    ]
    const services = new Set([...touched].map((id) => memory.checkById.get(id)?.service ?? ''))
    for (const [id, known] of memory.services) if (isRestless(known, maintained.has(id))) services.add(id)
    const endings = new Map<string, readonly Outage[]>()
    const letters: Letter[] = []
    let changed = renames.length > 0
    for (const id of services) {
      const service = memory.serviceById.get(id)
      const before = memory.services.get(id)
      if (service === undefined || before === undefined) continue
      const { after: decided, ended, flap } = decideService(service, before, around, now)
      if (ended.length > 0) endings.set(id, ended)
      if (decided === before) continue
      const after = named(decided, before, others)
      memory.knowService(id, after)
      changed = true
      chronicle.stood(id, before, after, now)
      for (const outage of [...ended, after.outages.members, after.outages.admins]) {
        if (outage === null) continue
        const was = before.outages[outage.audience]
        chronicle.fell(outage, was, affectedBy(outage, service, around), now)
        if (outage.ended !== null || was?.id !== outage.id) entries.push(saidOf(outage))
      }
      const outage = after.outages.members ?? after.lastOutages.members
      if (flap !== null && outage !== null)
        letters.push(flapLetter(flap, after, affectedBy(outage, service, around), policy.flap.changes, now))
    }
    const withdraw = takeBack(owed, endings, around, now)
    return { letters: [...letters, ...alert(endings, letters, around, now)], withdraw, entries, renames, changed }
  }

  /** What the disk refused until work began is not told, and is decided anew. */
  function takeBack(
    owed: readonly Owed[],
    endings: ReadonlyMap<string, readonly Outage[]>,
    { maintenance, muted }: Surroundings,
    now: Instant,
  ): readonly string[] {
    if (owed.length === 0) return []
    const over = new Set([...endings.values()].flat().map(({ id }) => id))
    const open = Object.fromEntries(Object.entries(memory.alerts.alarms).filter(([id]) => !over.has(id)))
    const flapping = (service: string) => memory.services.get(service)?.flapping
    const quieted = (service: string) => maintenance(service, now) || muted(service)
    const isUnstable = (service: string) => (flapping(service)?.unstableSince ?? null) !== null
    const back = unwanted(owed, open, quieted, isUnstable)
    memory.alerts = untold(memory.alerts, back)
    for (const { news } of back.map(({ letter }) => letter)) {
      const known = news.kind === 'unstable' ? memory.services.get(news.affected.service) : undefined
      if (news.kind !== 'unstable' || known === undefined) continue
      const { thread: _, ...flapping } = known.flapping
      memory.knowService(news.affected.service, { ...known, flapping: { ...flapping, untold: true } })
    }
    return back.map(({ letter }) => letter.key)
  }

  /** One that another site has open goes by the name it has there. */
  function named(after: ServiceKnown, before: ServiceKnown, others: ReadonlySet<string>): ServiceKnown {
    let known = after
    for (const audience of AUDIENCES) {
      const outage = after.outages[audience]
      if (outage === null || before.outages[audience]?.id === outage.id) continue
      known = calledAnew(known, outage.id, nameOf(naming, outage, others, isOver) ?? outage.id)
    }
    return known
  }

  /** We saw its end: what goes on is another outage, whoever still has that one open. */
  function isOver(outage: string): boolean {
    return sawEnd(lives, outage, memory.configuration.site.id)
  }

  /** Two sites opened it apart from each other: the later name gives way. */
  function rename(
    sites: ReadonlySet<string>,
    ends: ReadonlyMap<string, Instant>,
    around: Surroundings,
    entries: Decision['entries'][number][],
    now: Instant,
  ): Consequences['renames'] {
    return openHere().flatMap((outage) => {
      const name = ends.has(outage.id) ? null : nameOf(naming, outage, sites, isOver)
      return name === null || name === outage.id ? [] : [giveWay(outage, name, around, entries, now)]
    })
  }

  /** Others saw the end of what is only remembered here, since we were off, or blind: it ended then. */
  function letGo(
    sites: ReadonlySet<string>,
    ends: Map<string, Instant>,
    around: Surroundings,
    entries: Decision['entries'][number][],
    now: Instant,
  ): Consequences['renames'] {
    return openHere().flatMap((outage) => {
      const service = memory.serviceById.get(outage.service)!
      // Our own word of a past that we lost holds, whatever fails now.
      const lost = isOver(outage.id)
      if (!lost && !isOnlyRemembered(outage, null, service, around)) return []
      const end = endElsewhere(lives, naming, outage, memory.configuration.site.id, sites)
      if (end === null) return []
      const ended = Math.min(end.ended, now)
      // Where others have the next already, all that fell since ours opened is of that.
      if (!lost && !end.next && !isOnlyRemembered(outage, ended, service, around)) return []
      ends.set(end.id, ended)
      return end.id === outage.id ? [] : [giveWay(outage, end.id, around, entries, now)]
    })
  }

  function openHere(): readonly Outage[] {
    return [...memory.services]
      .filter(([id]) => memory.serviceById.has(id))
      .flatMap(([, { outages }]) => AUDIENCES.map((audience) => outages[audience]))
      .filter((outage) => outage !== null)
  }

  function giveWay(
    outage: Outage,
    to: string,
    around: Surroundings,
    entries: Decision['entries'][number][],
    now: Instant,
  ): { readonly from: string; readonly to: string } {
    const { id: from, service, audience } = outage
    const after = { ...outage, id: to }
    memory.knowService(service, calledAnew(memory.services.get(service)!, from, to))
    memory.alerts = renamed(memory.alerts, from, to)
    chronicle.fell(after, null, affectedBy(after, memory.serviceById.get(service)!, around), now, from)
    entries.push(saidOf(after), { type: OUTAGE_CLOSE, payload: { id: from, service, audience, became: to } })
    return { from, to }
  }

  /** The same of outages that were over before the sites heard each other. */
  function renameBelated(entries: Decision['entries'][number][], now: Instant): Consequences['renames'] {
    if (!stirred) return []
    stirred = false
    return belated(lives, naming, memory.configuration.site.id).map((gone) => {
      const { id: from, service, became: to } = gone
      memory.alerts = renamed(memory.alerts, from, to)
      const known = memory.services.get(service)
      if (known !== undefined) memory.knowService(service, calledAnew(known, from, to))
      chronicle.calledAnew(service, from, to, now)
      entries.push({ type: OUTAGE_CLOSE, payload: gone })
      return { from, to }
    })
  }

  /** What this site said it had open and knows nothing of any more: its memory was lost, or the service left. */
  function forgotten(site: string): Decision['entries'][number][] {
    const open = new Set(
      [...memory.services.values()].flatMap(({ outages }) => AUDIENCES.map((audience) => outages[audience]?.id)),
    )
    return openBy(naming, site)
      .filter(({ id }) => !open.has(id))
      .map(({ id, service, audience }) => ({ type: OUTAGE_CLOSE, payload: { id, service, audience } }))
  }

  function alert(
    endings: ReadonlyMap<string, readonly Outage[]>,
    flaps: readonly Letter[],
    around: Surroundings,
    now: Instant,
  ): readonly Letter[] {
    const cases = [...memory.services].flatMap(([id, known]) => {
      const ended = endings.get(id) ?? []
      if (ended.length === 0 && known.outages.members === null && known.outages.admins === null) return []
      return casesOf(memory.serviceById.get(id)!, known, ended, memory.lineage, around, now)
    })
    if (cases.length === 0 && flaps.length === 0 && memory.alerts.waiting.length === 0) return []
    const parents = parentsNow(new Set(cases.flatMap((one) => one.parents)), {
      services: memory.serviceById,
      lineage: memory.lineage,
      stateOf: (id) => memory.services.get(id),
      known: around.known,
    })
    for (const { outage, parents: above } of cases)
      nameCause(
        outage,
        above.map((id) => parents.get(id)).filter((parent) => parent !== undefined),
      )
    const before = knowing(memory.alerts, flaps, now)
    const { letters, memory: alerts } = decideLetters(cases, parents, before, memory.configuration.policy, now)
    memory.alerts = alerts
    return letters
  }

  /** The row of a child names its parent while members see that down; what is out for admins alone says nothing there. */
  function nameCause(outage: Outage, parents: readonly Parent[]) {
    const known = memory.services.get(outage.service)
    if (known === undefined || (outage.audience === 'admins' && known.outages.members !== null)) return
    const down = parents.find(
      (parent) => parent.outage !== null && parent.outage === memory.services.get(parent.service)?.outages.members?.id,
    )
    const cause = outage.ended !== null ? null : (down?.service ?? null)
    if (known.cause !== cause) memory.knowService(outage.service, { ...known, cause })
  }
}

function saidOf({ id, service, audience, since, ended }: Outage): Decision['entries'][number] {
  const about = { id, service, audience, since }
  return ended === null ? { type: OUTAGE_OPEN, payload: about } : { type: OUTAGE_CLOSE, payload: { ...about, ended } }
}
