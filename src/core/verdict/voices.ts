// Who has a say on a check, and what they say: our own opinion beside the fresh words of other sites.

import type { Check, Configuration, Site } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { Voice } from './agreement.ts'
import { blindness, type Line } from './blindness.ts'
import { type CheckKnown, opinionOf } from './known.ts'
import { blindBetween, type Spell } from './spell.ts'
import { noOpinion, type Opinion } from './verdict.ts'
import type { Peer, Word } from './word.ts'

/** What may keep a site from hearing that a job runs again. */
export interface Hearing {
  readonly line: Line
  readonly peers: readonly Pick<Peer, 'site' | 'heard'>[]
  /** The times our own line was blind. */
  readonly blind: readonly Spell[]
  readonly now: Instant
}

/**
 * An opinion that is known used no part of our line that is bad: then the rest of it is good enough. That a job is down
 * ends by a ping, which nobody hears here over a bad line, or where the one of `peers` that hears it is not heard; nor any
 * of them after `blind` times of ours, until the next ping is missing, too. Others are told the same as is judged here.
 */
export function ownVoice(site: Site, check: Check, known: CheckKnown, { line, peers, blind, now }: Hearing): Voice {
  const opinion = opinionOf(known)
  const { heartbeat } = check
  const about = { site: site.id, domain: site.domain, heard: true, lately: true, opinion }
  const measured = heartbeat === null ? opinion.state !== 'unknown' : opinion.state !== 'down'
  if (measured) return { ...about, line: true }
  const wasBlind = heartbeat !== null && blindBetween(blind, now - heartbeat.period - heartbeat.grace, now)
  const deaf =
    heartbeat !== null && peers.some(({ site: other, heard }) => !heard && (wasBlind || other === known.pulse.by))
  return { ...about, line: blindness(line) === null && !deaf }
}

/** What `agree` is to hear of a check: our own voice first where we look, and one of each other site that looks. Never empty. */
export function voicesOn(
  check: Check,
  own: Voice,
  peers: readonly Peer[],
  configuration: Pick<Configuration, 'sites' | 'site' | 'configured'>,
  now: Instant,
): readonly Voice[] {
  const heard = peers
    .filter(({ site }) => looksFrom(check, site))
    .map((peer) => ({
      peer,
      word: peer.words.get(check.id),
      definition: definitionBeside(check, peer, configuration.configured),
    }))
  // A word on another definition says nothing about ours; of the two the one that was changed last holds.
  const outdated = heard.some(({ peer, definition }) => peer.heard && definition === 'newer')
  const mine = outdated ? { ...own, opinion: { ...noOpinion(own.opinion.since), reason: 'config' as const } } : own
  const others = heard
    .filter(({ definition }) => definition === 'same' || definition === 'unheard' || definition === 'newer')
    .filter(({ peer, word }) => !(isObserver(peer.site, configuration.sites) && word?.reason === 'config'))
    .map(({ peer, word }) => voiceOf(peer, word, configuration.sites, now))
  if (!isShared(check)) {
    if (looksFrom(check, own.site)) return [mine, ...others]
    // Where the sites named do not have it yet nobody knows anything of it.
    return others.length > 0 ? others : [{ ...own, opinion: noOpinion(own.opinion.since) }]
  }
  // What others heard of a job we heard from them: ours is never the older word.
  if (check.heartbeat !== null && isKnown(mine)) return [mine]
  return [onDuty([mine, ...others], configuration.sites, check.rule) ?? mine]
}

/** What is known here, that voices are made of. */
interface Remembered {
  readonly configuration: Configuration
  readonly checkById: ReadonlyMap<string, Check>
  readonly checks: ReadonlyMap<string, CheckKnown>
  readonly line: Line
  readonly blind: readonly Spell[]
  lookedAt(opinion: Pick<Opinion, 'at'>): Instant | null
}

/** The same by a check's id, from all that is known now; none of a check that is not. */
export function voicesNow(id: string, memory: Remembered, peers: readonly Peer[], now: Instant): readonly Voice[] {
  const [check, known] = [memory.checkById.get(id), memory.checks.get(id)]
  if (check === undefined || known === undefined) return []
  const { configuration, line, blind } = memory
  const own = ownVoice(configuration.site, check, known, { line, peers, blind, now })
  const dated = { ...own, opinion: { ...own.opinion, at: memory.lookedAt(own.opinion) } }
  return voicesOn(check, dated, peers, configuration, now)
}

/** One site at a time looks, or all hear the same pings: one voice is enough. */
function isShared({ from, heartbeat }: Check): boolean {
  return from === 'any' || heartbeat !== null
}

/** With `any`, too, where only the one on duty looks: see `isOnDuty`. */
export function looksFrom({ from }: Check, site: string): boolean {
  return typeof from === 'string' || from.includes(site)
}

/** An observer has nothing to say of what only a login shows. */
function isObserver(site: string, sites: readonly Site[]): boolean {
  return sites.find(({ id }) => id === site)?.role === 'observer'
}

/** How a site's definition of a check stands to ours. */
function definitionBeside(
  check: Check,
  peer: Peer,
  configured: Instant,
): 'unheard' | 'lacks' | 'same' | 'newer' | 'older' {
  if (peer.condition === null) return 'unheard'
  const word = peer.words.get(check.id)
  if (word === undefined) return 'lacks'
  if (word.definition === check.definition) return 'same'
  return peer.condition.configured > configured ? 'newer' : 'older'
}

function voiceOf(peer: Peer, word: Word | undefined, sites: readonly Site[], now: Instant): Voice {
  const domain = sites.find(({ id }) => id === peer.site)?.domain ?? peer.site
  const opinion = word ?? noOpinion(now)
  const { site, heard, lately } = peer
  return { site, domain, heard, lately, opinion, line: word?.line ?? false }
}

/**
 * In the order of the sites the first that knows and looks: the one on duty. One that takes duty back has not looked for a
 * while, and knows less than whoever stood in for it. One whose last look was fine and that only remembers an outage knows
 * less than whoever looked since that began.
 */
function onDuty(
  voices: readonly Voice[],
  sites: readonly Site[],
  { every, timeout }: Check['rule'],
): Voice | undefined {
  const rank = ({ site }: Voice) => sites.findIndex(({ id }) => id === site)
  const at = ({ opinion }: Voice) => opinion.at ?? Number.NEGATIVE_INFINITY
  const known = voices.filter(isKnown).sort((a, b) => rank(a) - rank(b))
  const last = Math.max(...known.map(at))
  const [first, ...others] = known.filter((voice) => at(voice) >= last - every - timeout)
  if (first === undefined || !onlyRemembers(first)) return first
  return others.find((voice) => !onlyRemembers(voice) && at(voice) > first.opinion.since) ?? first
}

/** Down, and well at its last look. */
function onlyRemembers({ opinion: { state, fails } }: Voice): boolean {
  return state === 'down' && fails === 0
}

function isKnown({ heard, line, opinion }: Voice): boolean {
  return heard && line && opinion.state !== 'unknown'
}

/**
 * True when this site is to look at a check. Of one that a single site looks at, the first in the order of the sites
 * does that is heard, sees and has this very check; observers look at none of those.
 */
export function isOnDuty(
  check: Check,
  peers: readonly Peer[],
  configuration: Pick<Configuration, 'sites' | 'site' | 'configured'>,
): boolean {
  const { site, sites, configured } = configuration
  if (!looksFrom(check, site.id)) return false
  if (check.from !== 'any') return true
  if (site.role === 'observer') return false
  for (const { id, role } of sites) {
    if (id === site.id) return true
    const peer = peers.find((one) => one.site === id)
    const able = role === 'full' && peer?.lately === true && peer.condition?.blind === null
    if (able && definitionBeside(check, peer, configured) === 'same') return false
  }
  return true
}

/** Checks of which another site says something else than before, or all when it went silent or came back. */
export function stirred(before: readonly Peer[], after: readonly Peer[], all: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const peer of after) {
    const was = before.find(({ site }) => site === peer.site)
    if (was === peer || (was !== undefined && was.words === peer.words && was.heard === peer.heard)) continue
    if (was?.heard !== peer.heard || was.condition?.configured !== peer.condition?.configured) return new Set(all)
    for (const [id, word] of peer.words) if (hasTurned(was.words.get(id), word)) found.add(id)
  }
  return found
}

function hasTurned(before: Word | undefined, after: Word): boolean {
  if (before === after) return false
  if (before === undefined) return true
  const { state, fails, since, path, line, definition } = after
  return (
    before.state !== state ||
    before.fails !== fails ||
    before.since !== since ||
    before.path !== path ||
    before.line !== line ||
    before.definition !== definition
  )
}

/** Checks that another site began to doubt and we did not: to be looked at now (a cross-check). */
export function doubted(
  checks: ReadonlyMap<string, CheckKnown>,
  before: ReadonlyMap<string, Word>,
  after: ReadonlyMap<string, Word>,
): readonly string[] {
  return [...after].flatMap(([id, word]) => {
    const known = checks.get(id)
    if (word.fails === 0 || (before.get(id)?.fails ?? 0) > 0 || known === undefined) return []
    return opinionOf(known).fails === 0 ? [id] : []
  })
}
