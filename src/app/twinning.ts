// Who talks with the other sites: the exchange of twin/ between the ledger, what is known here, and the network.
import type { Instant } from '../core/time/time.ts'
import { blindness } from '../core/verdict/blindness.ts'
import { dated } from '../core/verdict/heartbeat.ts'
import { opinionOf } from '../core/verdict/known.ts'
import { looksFrom, ownVoice } from '../core/verdict/voices.ts'
import type { Condition, Peer, Word } from '../core/verdict/word.ts'
import type { Memory } from '../memory.ts'
import type { History } from '../showing/history.ts'
import { createEditions } from '../sites/editions.ts'
import { startRole } from '../sites/role.ts'
import { createTwins, type Twins, type TwinsDeps } from '../sites/twins.ts'
import type { Ledger } from '../store/ledger.ts'
import { MOST_ELSEWHERE, type Parties } from '../store/measures.ts'
import type { Results } from '../store/results.ts'
import type { Troubles } from '../troubles.ts'
import { createExchange } from '../twin/exchange.ts'
import type { SiteKey } from '../twin/key.ts'
import type { World } from '../world.ts'
import type { Carrier } from './carrier.ts'

export interface TwinningDeps extends Pick<TwinsDeps, 'now' | 'ticks' | 'after' | 'heard' | 'lookAt' | 'log'> {
  readonly memory: Memory
  readonly ledger: Ledger
  readonly results: Pick<Results, 'wants' | 'offer' | 'keep'>
  readonly key: SiteKey
  readonly version: string
  /** The data folder. */
  readonly data: string
  readonly carrier: Omit<Carrier, 'siteClock'>
  /** So many random bytes, in hex. */
  random(bytes: number): string
  world(): Pick<World, 'channels'>
  readonly history: Pick<History, 'refresh'>
  readonly troubles: Pick<Troubles, 'begin'>
}

/**
 * Nobody is called before `set`, which also signs for the configuration in the ledger; `stop` closes the carrier, too.
 * On a site that became an observer, what it may not have is looked for from now on, and every ten seconds.
 */
export function createTwinning(deps: TwinningDeps): Twins {
  const { memory, ledger, results, data, now, ticks, after, heard, lookAt, log } = deps
  const exchange = createExchange({
    site: memory.configuration.site.id,
    key: deps.key,
    keyOf,
    isObserver: (site) => memory.configuration.sites.some(({ id, role }) => id === site && role === 'observer'),
    isOnlyFull: (site) => memory.configuration.sites.every(({ id, role }) => id === site || role === 'observer'),
    ledger,
    measures: {
      wants: (site) => results.wants(parties(site)),
      offer: (want) => results.offer(want, memory.configuration.site.id),
      keep(site, piece) {
        const { rows, more, full } = results.keep(piece, parties(site))
        if (full) deps.troubles.begin('database', `elsewhere:${site}`, ...fullWords(site))
        if (rows > 0) deps.history.refresh()
        return more
      },
    },
    own: () => ({ condition: condition(), words: ownWords(memory, twins.peers(), now()) }),
    now,
    ticks,
    random: deps.random,
    fresh: () => memory.configuration.policy.fresh,
  })
  const editions = createEditions(ledger, memory)
  const { changedAt } = editions
  // Where the nightly copy stands in, admins were told at the start.
  const mended = (note: string) => {
    if (ledger.restored === null) deps.troubles.begin('restored', 'restored-past', note, NOT_ASKED)
  }
  const { carry } = deps.carrier
  const twins = createTwins({ memory, exchange, changedAt, carry, now, ticks, after, heard, lookAt, log, mended })
  const role = startRole({ memory, ledger, data, covered: twins.covered, after, log })
  const quiet = ledger.onNews(() => twins.wake())
  return {
    ...twins,
    set: () => {
      sayEdition()
      twins.set()
    },
    stop: () => {
      role.stop()
      quiet()
      twins.stop()
      deps.carrier.close()
    },
  }

  function keyOf(site: string): string | null {
    const { sites, former } = memory.configuration
    return [...sites, ...former].find(({ id }) => id === site)?.key ?? null
  }

  /** What the disk refuses now is said with the next change, or start. */
  function sayEdition() {
    try {
      editions.say()
    } catch (error) {
      log('warn', `this configuration could not be signed for: ${error instanceof Error ? error.message : error}`)
    }
  }

  function parties(other: string): Parties {
    const isKnown = (id: string) => memory.checkById.has(id) || memory.serviceById.has(id)
    return { own: memory.configuration.site.id, other, isKnown }
  }

  function condition(): Condition {
    const { edition, configured, alerts } = memory.configuration
    const mails = deps.world().channels.length > 0 && alerts.length > 0
    return { blind: blindness(memory.line), mails, version: deps.version, configuration: edition, configured }
  }
}

const NOT_ASKED = 'Was it not restored from a copy on purpose? Then its disk forgets what it was given: look at it.'

/** Of another site nothing more is kept: what happened, and what to do. */
function fullWords(site: string): readonly [note: string, remedy: string] {
  const note = `no more of what site ${site} measured is kept: ${MOST_ELSEWHERE} changes of it are here`
  return [
    note,
    'Does a check there change every minute? With results.db taken away while vigie is stopped, it begins anew.',
  ]
}

/** This site's opinions as it tells them to others. */
function ownWords(memory: Memory, peers: readonly Peer[], now: Instant): ReadonlyMap<string, Word> {
  const { configuration, checks, checkById, line, blind, lookedAt } = memory
  const { site, policy } = configuration
  const words = new Map<string, Word>()
  for (const [id, check] of checkById) {
    const known = checks.get(id)
    if (known === undefined || !looksFrom(check, site.id)) continue
    const opinion = opinionOf(known)
    const { state, since, fails, suspectSince, reason, path } = opinion
    const pulse = dated(known.pulse, line.timed === true && line.clock)
    words.set(id, {
      state,
      since,
      // More than that changes nothing, and would be news with every look.
      fails: Math.min(fails, policy.loneFall),
      suspectSince,
      reason,
      path,
      line: ownVoice(site, check, known, { line, peers, blind, now }).line,
      definition: check.definition,
      at: lookedAt(opinion),
      pulse: pulse === null ? null : { ...pulse, by: pulse.by ?? site.id },
    })
  }
  return words
}
