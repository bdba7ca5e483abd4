// What the cycle knows between ticks, recalled from the ledger at start and given back as what changed.
// Decides nothing.

import { type Check, type Configuration, checksOf, type Service } from './core/check.ts'
import { type Instant, MINUTE, type Millis, SECOND } from './core/time/time.ts'
import { ALERTS_KEY, type AlertMemory, NO_ALERTS } from './core/verdict/alert.ts'
import type { Line } from './core/verdict/blindness.ts'
import {
  type CheckKnown,
  eachOpinion,
  essence,
  nothingKnownOf,
  nothingKnownOfService,
  type ServiceKnown,
  shiftMoments,
} from './core/verdict/known.ts'
import { type Lineage, lineageOf } from './core/verdict/parent.ts'
import type { Silences } from './core/verdict/silence.ts'
import type { Spell } from './core/verdict/spell.ts'
import { age, isSettled, type Opinion } from './core/verdict/verdict.ts'

export interface Memory {
  readonly checks: ReadonlyMap<string, CheckKnown>
  readonly services: ReadonlyMap<string, ServiceKnown>
  /** The ledger has it once what `changed` tells is written. */
  know(check: string, known: CheckKnown): void
  knowService(service: string, known: ServiceKnown): void
  alerts: AlertMemory
  line: Line
  /** The last hundred. */
  blind: readonly Spell[]
  /** The times other sites were not heard or could not see. */
  silences: Silences
  /** When the daily mail was last decided, as a date of the site's timezone. */
  daily: string
  configuration: Configuration
  readonly checkById: Map<string, Check>
  readonly serviceById: Map<string, Service>
  readonly lineage: Lineage
  /** Takes another configuration: what is new is unknown, what comes back goes on where it was. */
  configure(configuration: Configuration, now: Instant): void
  /** What the ledger must hold that it doesn't yet. Calling it says that it will. */
  changed(): ReadonlyMap<string, string | null>
  /**
   * When a look was, as far as anybody may build on it. Null: never, or before the start, and the clock was set since or
   * nobody told the time yet, so that it may have been longer ago than it seems.
   */
  lookedAt(opinion: Pick<Opinion, 'at'>): Instant | null
  /** The wall clock was set: every moment moves with it. */
  shift(by: Millis): void
}

const LONGEST_BLIND_MEMORY = 100

/** A machine starts anew in less: that alone makes nothing too old to be said, however often it is looked at. */
const RESTART: Millis = 2 * MINUTE

/** A clock that is off by less tells well enough how long ago something was. */
const SET: Millis = 5 * SECOND

/** What memory is recalled from. */
export interface Recalled {
  readonly configuration: Configuration
  /** What the ledger holds. */
  readonly living: ReadonlyMap<string, string>
  readonly line: Line
  /** What the wall clock says now. */
  readonly clock: Instant
  /** The last moment anything was measured; null: never. */
  readonly measuredUntil: Instant | null
  /** When the older copy was made that stands in for the ledger; left out or null: none does. */
  readonly copiedAt?: Instant | null
}

/**
 * By how much the clock was set back while vigie was off, or stood still while a machine without a battery was: 0 or less.
 * It is behind the last moment anything was measured, or that at which the copy was made that stands in for the ledger.
 */
export function setBackOf({
  clock,
  measuredUntil,
  copiedAt,
}: Pick<Recalled, 'clock' | 'measuredUntil' | 'copiedAt'>): Millis {
  return clock - Math.max(clock, measuredUntil ?? clock, copiedAt ?? clock)
}

/**
 * The time since anything was measured is blind: pings were not heard, or are not known any more; nobody knows of those
 * since a copy was made. Opinions are kept as they were (a restart keeps counts); after one that took longer than a machine
 * needs to start they are as old as the last moment, or as the copy. Where the clock was set back (`setBackOf`), what is
 * known moves with it, as if no time had passed.
 */
export function recall({ configuration, living, line, clock, measuredUntil, copiedAt = null }: Recalled): Memory {
  const setBack = setBackOf({ clock, measuredUntil, copiedAt })
  const now = clock - setBack
  // Measured after the clock was set back, while the ledger is of before: it is not to be moved.
  const isOfNow = measuredUntil !== null && measuredUntil <= clock
  const movedUntil = isOfNow ? measuredUntil - setBack : measuredUntil
  /** Until when `living` was kept up. */
  const keptUntil = copiedAt ?? measuredUntil
  let begun = now
  /** The clock was set since the start, or while vigie was off. */
  let wasSet = false
  const checks = new Map<string, CheckKnown>()
  const services = new Map<string, ServiceKnown>()
  /** What was known of those that left since the start: `living` knows only how they stood then. */
  const gone = { checks: new Map<string, CheckKnown>(), services: new Map<string, ServiceKnown>() }
  /** What the ledger holds, as marks that change when it must be written again. */
  const written = new Map<string, string>()
  /** Values that were compared already: the same object is the same text. */
  const compared = new Map<string, unknown>()
  const dirty = new Set<string>()
  const read = <T>(key: string, otherwise: T): T => {
    const text = living.get(key)
    return text === undefined ? otherwise : (JSON.parse(text) as T)
  }
  const lost = Math.min(movedUntil ?? now, keptUntil ?? now)
  // Of a spell that was told the end must be told as well: it goes on until the line is judged again.
  const spells = read<readonly Spell[]>('blind', []).map((spell) => ({
    ...spell,
    to: spell.to ?? (spell.told ? null : now),
  }))
  const gap = lost < now && spells.at(-1)?.to !== null ? [{ from: lost, to: now, layers: [], told: false }] : []
  const lineage = new Map<string, readonly string[]>()
  const memory: Memory = {
    checks,
    services,
    know: (id, known) => {
      checks.set(id, known)
      dirty.add(`check:${id}`)
    },
    knowService: (id, known) => {
      services.set(id, known)
      dirty.add(`service:${id}`)
    },
    alerts: { ...NO_ALERTS, ...read<Partial<AlertMemory>>(ALERTS_KEY, {}) },
    line,
    blind: [...spells, ...gap],
    silences: read<Silences>('silences', {}),
    daily: read<string>('daily', ''),
    configuration,
    checkById: new Map(),
    serviceById: new Map(),
    lineage,
    configure,
    changed,
    lookedAt: ({ at }) => {
      const isTimed = memory.line.timed === true && memory.line.clock && !wasSet
      return at !== null && at <= begun && !isTimed ? null : at
    },
    shift,
  }
  configure(configuration, now)
  if (setBack < 0) {
    shift(setBack)
    memory.line = line
  }
  return memory

  function configure(next: Configuration, at: Instant) {
    memory.configuration = next
    replace(memory.checkById, new Map(checksOf(next).map((check) => [check.id, check])))
    replace(memory.serviceById, new Map(next.services.map((service) => [service.id, service])))
    replace(lineage, lineageOf(memory.serviceById))
    for (const check of memory.checkById.values()) {
      const known =
        checks.get(check.id) ??
        gone.checks.get(check.id) ??
        fresh(read(`check:${check.id}`, nothingKnownOf(check, at)), check, at)
      checks.set(check.id, matching(known, check, at))
    }
    for (const service of next.services) {
      if (services.has(service.id)) continue
      const known = gone.services.get(service.id) ?? read<Partial<ServiceKnown>>(`service:${service.id}`, {})
      services.set(service.id, { ...nothingKnownOfService(at), ...known })
    }
    leave(checks, gone.checks, memory.checkById)
    leave(services, gone.services, memory.serviceById)
  }

  /**
   * Looks that changed nothing are not written down one by one: until vigie ended, all were as young as they must be;
   * in a copy, until it was made. They age from then on, where it was not just a restart; and where one site at a time
   * looks, another may have stood in for this one.
   */
  function fresh(known: CheckKnown, check: Check, at: Instant): CheckKnown {
    if (check.heartbeat !== null) return { ...known, pulse: { heard: 'before', ...known.pulse } }
    if (keptUntil === null) return known
    const looked = check.from !== 'any' && at - keptUntil <= RESTART ? at : keptUntil
    // Another site may ask before the first tick: what is too old is unknown at once.
    const renewed = eachOpinion(known.opinions, (opinion) =>
      opinion.at === null
        ? opinion
        : age({ ...opinion, ...wellUntil(opinion, keptUntil), at: looked }, check.rule, null, at),
    )
    return { ...known, opinions: renewed }
  }

  /** A check that now looks at both families apart, or no longer does, begins anew. */
  function matching(known: CheckKnown, check: Check, at: Instant): CheckKnown {
    return known.opinions.length === (check.family === 'both' ? 2 : 1) ? known : nothingKnownOf(check, at)
  }

  function changed(): ReadonlyMap<string, string | null> {
    const changes = new Map<string, string | null>()
    const note = (key: string, value: unknown, markOf: (value: unknown) => string = JSON.stringify) => {
      if (compared.get(key) === value) return
      compared.set(key, value)
      const mark = markOf(value)
      if (written.get(key) === mark) return
      written.set(key, mark)
      changes.set(key, JSON.stringify(value))
    }
    for (const key of dirty) {
      const [kind, id] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
      const known = kind === 'check' ? checks.get(id) : undefined
      if (known !== undefined) note(key, known, () => essence(known))
      if (kind === 'service' && services.has(id)) note(key, services.get(id))
    }
    dirty.clear()
    if (memory.blind.length > LONGEST_BLIND_MEMORY) memory.blind = memory.blind.slice(-LONGEST_BLIND_MEMORY)
    note(ALERTS_KEY, memory.alerts)
    note('blind', memory.blind)
    note('silences', memory.silences)
    note('daily', memory.daily)
    return changes
  }

  function shift(by: Millis) {
    for (const [id, known] of checks) memory.know(id, unsure(shiftMoments(known, by), by))
    for (const [id, known] of services) memory.knowService(id, shiftMoments(known, by))
    for (const [id, known] of gone.checks) gone.checks.set(id, unsure(shiftMoments(known, by), by))
    for (const [id, known] of gone.services) gone.services.set(id, shiftMoments(known, by))
    memory.alerts = shiftMoments(memory.alerts, by)
    memory.line = shiftMoments(memory.line, by)
    begun += by
    wasSet ||= Math.abs(by) >= SET
    memory.blind = memory.blind.map((spell) => moved(spell, by))
    const silences = Object.entries(memory.silences)
    memory.silences = Object.fromEntries(
      silences.map(([site, spells]) => [site, spells.map((spell) => moved(spell, by))]),
    )
  }
}

/** Of a ping from before the start nobody knows now how long ago it came; of one since then we do. */
function unsure(known: CheckKnown, by: Millis): CheckKnown {
  const { pulse } = known
  return pulse.heard === 'before' && Math.abs(by) >= SET ? { ...known, pulse: { ...pulse, heard: 'unsure' } } : known
}

/** What was well was well at its last look. */
function wellUntil(opinion: Opinion, at: Instant): Pick<Opinion, 'lastGood'> {
  return { lastGood: isSettled(opinion) ? at : opinion.lastGood }
}

function moved(spell: Spell, by: Millis): Spell {
  return { ...spell, from: spell.from + by, to: spell.to === null ? null : spell.to + by }
}

/** Moves what is no longer configured over to `gone`, and what is again out of it. */
function leave<T>(here: Map<string, T>, gone: Map<string, T>, configured: ReadonlyMap<string, unknown>) {
  for (const [id, known] of here) {
    if (configured.has(id)) gone.delete(id)
    else {
      gone.set(id, known)
      here.delete(id)
    }
  }
}

function replace<K, V>(map: Map<K, V>, by: ReadonlyMap<K, V>) {
  map.clear()
  for (const [key, value] of by) map.set(key, value)
}
