// The notice board: what people said of outages and of work, on any site, as it stands. Whoever shows it, mutes mails by
// it or adds to it asks here.

import type { Statement } from '../core/ledger/statement.ts'
import {
  type Acknowledgement,
  type AcknowledgementFact,
  acknowledgementFact,
  foldAcknowledgement,
} from '../core/said/acknowledgement.ts'
import {
  foldIncident,
  type Incident,
  type IncidentFact,
  type IncidentSayings,
  incidentFact,
} from '../core/said/incident.ts'
import {
  foldMaintenance,
  type Maintenance,
  type MaintenanceFact,
  type MaintenanceSayings,
  maintenanceFact,
  type Occurrence,
  occurrencesOf,
} from '../core/said/maintenance.ts'
import { foldMute, type Mute, type MuteFact, mutedUntil, muteFact } from '../core/said/mute.ts'
import { hearLives, type Lives } from '../core/said/outage-lives.ts'
import { type FormerNames, joinNames, nameNow, sameBy } from '../core/said/outage-names.ts'
import { foldOverride, type Override, type OverrideFact, overrideFact } from '../core/said/override.ts'
import { HOUR, type Instant } from '../core/time/time.ts'
import type { Ledger } from '../store/ledger.ts'

/** Everything that can be said here, by the type of its entry. */
export interface Sayings extends IncidentSayings, MaintenanceSayings {
  readonly ack: Acknowledgement
  readonly override: Override
  readonly mute: Mute
}

export interface Board {
  /** Those that weren't retracted, the one that began last first. The same array until something is said. */
  incidents(): readonly Incident[]
  /** By any name it was opened by, also one that was retracted. */
  incident(id: string): Incident | undefined
  /** All, the one that was planned last first. The same array until something is said. */
  maintenances(): readonly Maintenance[]
  maintenance(id: string): Maintenance | undefined
  /** Times of work that touch a span, called off or not, in order of their beginning. */
  occurrences(from: Instant, to: Instant): readonly Occurrence[]
  /** Services that are being worked on. */
  maintained(now: Instant): ReadonlySet<string>
  /** Who saw an outage first, under any of its names; null: nobody said so yet. */
  acknowledgement(outage: string): Acknowledgement | null
  /** Whether two names are of one outage, which sites opened apart from each other. */
  isSame(outage: string, other: string): boolean
  /** The sites that had an outage open at some time, under any of its names; empty: none that is known of. */
  hadBy(outage: string): ReadonlySet<string>
  /** What an admin says of a service against what is measured; null: nothing that still holds. */
  override(service: string, now: Instant): Override | null
  /** Until when no mail is to go out about a service; null: it may. */
  mutedUntil(service: string, now: Instant): Instant | null
  /**
   * Says it: on the disk when this returns, and heard by `onNews`. Throws what the ledger throws; a RangeError for what
   * nobody would understand.
   */
  say<T extends keyof Sayings>(type: T, payload: Sayings[T]): void
  /**
   * What a request with this key was about, when it was said before and is among the last 10,000 with a key: an incident,
   * a maintenance or a service.
   */
  made(key: string): string | undefined
  /** Calls when anything here changed, said by this site or another. Returns what ends that. */
  onNews(listener: () => void): () => void
}

const FAMILIES = ['incident', 'maintenance', 'ack', 'override', 'mute'] as const

/** Nobody repeats a request after so many others. By number, not by time: clocks of sites may be wrong. */
const KEYS = 10_000

/** Work that begins within this time is looked up at once. */
const AHEAD = 6 * HOUR

/** Reads what the ledger holds, and follows it from then on. */
export function createBoard(ledger: Pick<Ledger, 'statements' | 'say' | 'onNews' | 'onMended'>): Board {
  const incidents = createShelf(incidentFact, ({ payload }: IncidentFact) => nameNow(names, payload.id), foldIncident)
  const maintenances = createShelf(maintenanceFact, ({ payload }: MaintenanceFact) => payload.id, foldMaintenance)
  const acknowledgements = createShelf(
    acknowledgementFact,
    ({ payload }: AcknowledgementFact) => nameNow(names, payload.outage),
    foldAcknowledgement,
  )
  const overrides = createShelf(overrideFact, ({ payload }: OverrideFact) => payload.service, foldOverride)
  const mutes = createShelf(muteFact, ({ payload }: MuteFact) => payload.service, foldMute)
  const shelves = {
    incident: incidents,
    maintenance: maintenances,
    ack: acknowledgements,
    override: overrides,
    mute: mutes,
  }
  let names: FormerNames = new Map()
  let lives: Lives = new Map()
  const made = new Map<string, string>()
  const listeners = new Set<() => void>()
  let shown: readonly Incident[] | null = null
  let planned: readonly Maintenance[] | null = null
  /** Work from `from` to `to`, so that asking every second costs nothing. */
  let soon: { readonly from: Instant; readonly to: Instant; readonly work: readonly Occurrence[] } | null = null

  read()
  ledger.onMended(() => {
    for (const shelf of Object.values(shelves)) shelf.clear()
    names = new Map()
    made.clear()
    read()
    changed()
  })
  ledger.onNews((news) => {
    lives = hearLives(lives, news)
    if (news.filter(take).length > 0) changed()
  })

  return {
    incidents: () =>
      (shown ??= incidents
        .all()
        .filter(({ retracted }) => !retracted)
        .map(named)
        .sort(latest)),
    incident: (id) => {
      const incident = incidents.get(nameNow(names, id))
      return incident && named(incident)
    },
    maintenances: () =>
      (planned ??= maintenances.all().sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1))),
    maintenance: maintenances.get,
    occurrences,
    maintained: (now) => {
      if (soon === null || now < soon.from || now >= soon.to)
        soon = { from: now, to: now + AHEAD, work: occurrences(now, now + AHEAD) }
      const working = soon.work.filter((one) => one.cancelled === null && one.begins <= now && now < one.ends)
      return new Set(working.flatMap(({ maintenance }) => maintenance.services))
    },
    acknowledgement: (outage) => acknowledgements.get(nameNow(names, outage)) ?? null,
    isSame: (outage, other) => nameNow(names, outage) === nameNow(names, other),
    hadBy: (outage) => lives.get(nameNow(names, outage))?.sites ?? new Set(),
    override: (service, now) => {
      const last = overrides.get(service)
      return last === undefined || last.status === null || now >= last.until ? null : last
    },
    mutedUntil: (service, now) => mutedUntil(mutes.get(service), now),
    say: (type, payload) => {
      const draft = { origin: '', seq: 0, hlc: { at: 0, count: 0 }, seen: {}, type, payload }
      if (shelfOf(type)?.read(draft) == null) throw new RangeError(`${type}: nobody would understand this`)
      ledger.say(type, payload)
    },
    made: (key) => made.get(key),
    onNews: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }

  function read() {
    const said = ledger.statements(...FAMILIES, 'outage')
    for (const statement of said) take(statement)
    lives = hearLives(new Map(), said)
  }

  function changed() {
    shown = planned = soon = null
    for (const listener of listeners) listener()
  }

  /** False: it is about something else. */
  function take(statement: Statement): boolean {
    const united = unite(statement)
    const shelf = shelfOf(statement.type)
    if (shelf === undefined) return united
    const fact = shelf.take(statement)
    // Null: of a newer vigie, or garbage.
    if (fact !== null && 'key' in fact.payload && fact.payload.key !== null) {
      made.set(fact.payload.key, 'id' in fact.payload ? fact.payload.id : fact.payload.service)
      if (made.size > KEYS) made.delete(made.keys().next().value!)
    }
    return true
  }

  /** True: two of which people may have spoken are one. */
  function unite(statement: Statement): boolean {
    const before = names
    for (const { from, to } of sameBy(statement)) {
      const formerly = nameNow(names, from)
      names = joinNames(names, from, to)
      for (const shelf of [acknowledgements, incidents]) shelf.join(formerly, nameNow(names, formerly))
    }
    return names !== before
  }

  /** Its outages by the names they have now, each once. */
  function named(incident: Incident): Incident {
    const outages = [...new Set(incident.outages.map((outage) => nameNow(names, outage)))]
    return outages.every((outage, at) => outage === incident.outages[at]) && outages.length === incident.outages.length
      ? incident
      : { ...incident, outages }
  }

  function shelfOf(type: string) {
    const family = FAMILIES.find((one) => type === one || type.startsWith(`${one}.`))
    return family === undefined ? undefined : shelves[family]
  }

  function occurrences(from: Instant, to: Instant): readonly Occurrence[] {
    return maintenances
      .all()
      .flatMap((one) => occurrencesOf(one, from, to))
      .sort((a, b) => a.begins - b.begins || (a.id < b.id ? -1 : 1))
  }
}

function latest(a: Incident, b: Incident): number {
  return b.started - a.started || (a.id < b.id ? -1 : 1)
}

interface Shelf<F, T> {
  /** The fact a statement is; null when it is not understood. */
  read(statement: Statement): F | null
  /** The same, and keeps it. */
  take(statement: Statement): F | null
  get(id: string): T | undefined
  all(): T[]
  /** What was said of one was said of the other. */
  join(from: string, to: string): void
  clear(): void
}

/** Facts by what they are about, folded when somebody asks. */
function createShelf<F, T>(
  read: (statement: Statement) => F | null,
  idOf: (fact: F) => string,
  fold: (facts: readonly F[]) => T | null,
): Shelf<F, T> {
  const facts = new Map<string, F[]>()
  const folded = new Map<string, T | null>()
  const get = (id: string): T | undefined => {
    const those = facts.get(id)
    if (those === undefined) return undefined
    const known = folded.get(id)
    if (known !== undefined) return known ?? undefined
    const made = fold(those)
    folded.set(id, made)
    return made ?? undefined
  }
  return {
    read,
    take: (statement) => {
      const fact = read(statement)
      if (fact === null) return null
      const id = idOf(fact)
      const those = facts.get(id)
      if (those === undefined) facts.set(id, [fact])
      else those.push(fact)
      folded.delete(id)
      return fact
    },
    get,
    all: () => [...facts.keys()].flatMap((id) => get(id) ?? []),
    join: (from, to) => {
      if (from === to || !facts.has(from)) return
      facts.set(to, [...(facts.get(to) ?? []), ...(facts.get(from) ?? [])])
      facts.delete(from)
      folded.delete(from)
      folded.delete(to)
    },
    clear: () => {
      facts.clear()
      folded.clear()
    },
  }
}
