// What all sites together say of a check (verdict.md, 3): the table, for one, two and more sites.
import type { Policy } from '../check.ts'
import type { Reason } from '../observation.ts'
import type { Instant } from '../time/time.ts'
import { isFailing, isWorking, type State } from './state.ts'
import type { Opinion } from './verdict.ts'

/** How sure, for people: `of` sites could have an opinion, `confirmed` share it. */
export interface Confidence {
  readonly confirmed: number
  readonly of: number
  /** The sites that share it. */
  readonly sites: readonly string[]
  readonly note: 'confirmed' | 'one_site' | 'disagree' | 'verifying' | 'road' | 'frozen' | 'none'
}

/** What all sites together say of a check. */
export interface Agreement {
  readonly state: State
  /** When that state began; a down begins at its first failed look. */
  readonly since: Instant
  readonly reason: Reason | null
  readonly confidence: Confidence
  /** The row of the table in verdict.md, 3 that decided. */
  readonly rule: string
  /** Since when sites disagree; null while they don't. */
  readonly disagreeSince: Instant | null
}

/** One site's word. */
export interface Voice {
  readonly site: string
  /** Its failure domain: sites that share their fate count once. */
  readonly domain: string
  /** Its word is fresh; own words always are. */
  readonly heard: boolean
  /** Its word is so young that it would have taken it back; so are own words. */
  readonly lately: boolean
  readonly opinion: Pick<Opinion, 'state' | 'since' | 'fails' | 'suspectSince' | 'reason' | 'path' | 'at'>
  /** Its line, or the port this check needs, is good; when not, its own fault explains a down. */
  readonly line: boolean
}

type Known = 'up' | 'degraded' | 'down'

/** What a failure domain knows, by the one site that says it. */
interface DomainWord {
  readonly voice: Voice
  readonly state: Known
}

/** What the rows of the table look at. */
interface Table {
  readonly before: Agreement | null
  readonly voices: readonly Voice[]
  /** Undefined: we don't look. */
  readonly own: Voice | undefined
  readonly words: readonly DomainWord[]
  readonly downs: readonly DomainWord[]
  readonly ups: readonly DomainWord[]
  /** Those whose down a bad road or line of their own explains. */
  readonly excused: readonly Voice[]
  readonly policy: Policy
  readonly now: Instant
}

/**
 * The agreed state. `voices`: all sites that have a say, one at least. `self`: which of them is ours; none where we don't
 * look. `before`: what was agreed last, null at the first start. `as before` in the table is unknown then.
 */
export function agree(
  before: Agreement | null,
  voices: readonly Voice[],
  policy: Policy,
  now: Instant,
  self: string,
): Agreement {
  const own = voices.find(({ site }) => site === self)
  const words = wordsOf(voices)
  const downs = words.filter((word) => word.state === 'down')
  const ups = words.filter((word) => word.state !== 'down')
  const lineless = voices.filter(
    (voice) => voice !== own && voice.heard && !voice.line && voice.opinion.state === 'down',
  )
  const excused = [...downs.filter((word) => !word.voice.opinion.path).map((word) => word.voice), ...lineless]
  const table: Table = { before, voices, own, words, downs, ups, excused, policy, now }
  if (words.length === 0) return nobodyKnows(table)
  if (isConfirmed(table)) return confirmedDown(table)
  if (ups.length === 0) return oneSays(table)
  if (excused.length === 0 && downs.length === 0) return allUp(table)
  if (excused.length === downs.length + lineless.length) return badRoads(table)
  return disagreement(table)
}

/**
 * A site that a bad road of its own explains confirms nothing, neither against one that sees it up nor to one that says
 * down over a good road; all roads together do.
 */
function isConfirmed({ downs, ups }: Table): boolean {
  const sound = downs.filter((word) => word.voice.opinion.path).length
  if (ups.length === 0 && sound === 0) return downs.length >= 2
  return sound >= Math.max(2, Math.floor((sound + ups.length) / 2) + 1)
}

/**
 * Known words, one a failure domain; within a domain whoever sees it up wins (never cry wolf), own site first. A site
 * whose line is bad knows nothing, whatever it saw.
 */
function wordsOf(voices: readonly Voice[]): readonly DomainWord[] {
  const words = new Map<string, DomainWord>()
  for (const voice of voices) {
    const { state } = voice.opinion
    if (!voice.heard || !voice.line || state === 'unknown') continue
    const there = words.get(voice.domain)
    if (there === undefined || (there.state === 'down' && state !== 'down')) words.set(voice.domain, { voice, state })
  }
  return [...words.values()]
}

function domainsOf(voices: readonly Voice[]): number {
  return new Set(voices.map((voice) => voice.domain)).size
}

function sitesOf(words: readonly DomainWord[]): readonly string[] {
  return words.map((word) => word.voice.site)
}

/**
 * Row 10: nobody has a measure. Frozen when it is our own line and nobody else is heard. It began with our own unknown
 * where ours was the last measure; where another site's was, now.
 */
function nobodyKnows({ before, voices, own, now }: Table): Agreement {
  const frozen = own?.line === false && !voices.some((voice) => voice !== own && voice.heard)
  const lost = own?.opinion.state === 'unknown' && (before?.confidence.sites.includes(own.site) ?? true) ? own : null
  return {
    state: 'unknown',
    since: before?.state === 'unknown' ? before.since : (lost?.opinion.since ?? now),
    reason: (own ?? voices[0]!).opinion.reason,
    confidence: { confirmed: 0, of: 0, sites: [], note: frozen ? 'frozen' : 'none' },
    rule: '10',
    disagreeSince: null,
  }
}

/**
 * Rows 1, 3, 4 and 8: whoever knows says up. Degraded where all who know say so; one of several is a note. What all of them
 * doubt ends nothing: whoever saw it come back had no doubt then. It is of before, from a site that was off, or it fails again.
 */
function allUp(table: Table): Agreement {
  const { before, ups, voices, own, now } = table
  const slow = ups.filter((word) => word.state === 'degraded')
  const state: State = slow.length === ups.length || slow.length >= 2 ? 'degraded' : 'up'
  const turned = Math.max(...ups.map((word) => word.voice.opinion.since))
  // Nobody saw it come back: whoever said that it was down says nothing any more.
  const isDropped = before !== null && isFailing(before.state) && turned <= before.since
  const since = isDropped ? now : Math.min(turned, now)
  const verifying = ups.some((word) => word.voice.opinion.fails > 0)
  const wasUp = before === null || isWorking(before.state)
  if (!wasUp && ups.every((word) => word.voice.opinion.fails > 0)) {
    const confidence = { confirmed: ups.length, of: domainsOf(voices), sites: sitesOf(ups), note: 'verifying' as const }
    return asBefore(table, confidence, ups.some(({ voice }) => voice === own) ? '7c' : '9c')
  }
  const silent = voices.find((voice) => voice !== own && !(voice.heard && voice.opinion.state !== 'unknown'))
  return {
    state,
    since: before?.state === state ? before.since : since,
    reason: slow[0]?.voice.opinion.reason ?? null,
    confidence: {
      confirmed: ups.length,
      of: domainsOf(voices),
      sites: sitesOf(ups),
      note: verifying ? 'verifying' : ups.length >= 2 ? 'confirmed' : 'one_site',
    },
    rule:
      own === undefined || own.opinion.state === 'unknown' || !own.line
        ? '8'
        : verifying && ups.length === 1
          ? '7c'
          : silent === undefined
            ? '1'
            : silent.heard
              ? '3'
              : '4',
    disagreeSince: null,
  }
}

/**
 * Rows 7 and 9: one site alone says down. With another configured it needs `lone_fall`, and the path good to say red;
 * not where others say down as well, but have bad roads: it is down then, as seen by the one that could measure it.
 */
function oneSays(table: Table): Agreement {
  const { downs, voices, own, policy } = table
  const word = downs.find(({ voice }) => voice.opinion.path) ?? downs[0]!
  const { opinion } = word.voice
  const needsMore = voices.length > 1 && downs.length === 1
  const prefix = word.voice === own ? '7' : '9'
  const confidence = { confirmed: 1, of: domainsOf(voices), sites: sitesOf([word]) }
  if (needsMore && opinion.fails < policy.loneFall) {
    return asBefore(table, { ...confidence, note: 'verifying' }, `${prefix}c`)
  }
  const state = opinion.path ? 'down' : 'partial'
  return {
    state,
    since: opinion.since,
    reason: opinion.reason,
    confidence: { ...confidence, note: opinion.path ? 'one_site' : 'road' },
    rule: `${prefix}${opinion.path ? 'a' : 'b'}`,
    disagreeSince: null,
  }
}

/** Row 6: a quorum of failure domains says down. */
function confirmedDown({ downs, words, now }: Table): Agreement {
  return {
    state: 'down',
    since: Math.min(now, ...downs.map((word) => word.voice.opinion.since)),
    reason: downs[0]!.voice.opinion.reason,
    confidence: { confirmed: downs.length, of: words.length, sites: sitesOf(downs), note: 'confirmed' },
    rule: '6',
    disagreeSince: null,
  }
}

/** Rows 2b and 5b: whoever says down has a bad road of its own, which explains it. */
function badRoads(table: Table): Agreement {
  const { before, ups, excused, own, now } = table
  const agreed = allUp(table)
  const isUp = isWorking(agreed.state)
  const explained = {
    confirmed: ups.length,
    of: ups.length + excused.length,
    sites: sitesOf(ups),
    note: 'road' as const,
  }
  return {
    ...agreed,
    confidence: isUp ? explained : agreed.confidence,
    rule: excused.some((voice) => voice !== own) ? '2b' : '5b',
    disagreeSince: before?.rule.endsWith('b') === true ? (before.disagreeSince ?? now) : now,
  }
}

/**
 * Rows 2a and 5a: some say down, too few to agree. After `hold` it is partial, unless all of them grow silent: what they
 * say they may have taken back, and the way to us be cut. Where only one of three or more says so it is up with a note
 * first, and partial after `mail_after`. A road that was to blame until now begins the hold anew.
 */
function disagreement(table: Table): Agreement {
  const { before, words, downs, ups, own, policy, now } = table
  const confidence = { confirmed: ups.length, of: words.length, sites: sitesOf(ups), note: 'disagree' as const }
  const rule = downs.some((word) => word.voice !== own) ? '2a' : '5a'
  const disagreeSince = before?.rule.endsWith('b') === true ? now : (before?.disagreeSince ?? now)
  const lasted = now - disagreeSince
  const silent = downs.every(({ voice }) => !voice.lately)
  if (lasted < policy.hold || silent) return { ...asBefore(table, confidence, rule), disagreeSince }
  if (downs.length === 1 && words.length >= 3 && lasted < policy.mailAfter) {
    return { ...allUp(table), confidence, rule, disagreeSince }
  }
  return {
    state: 'partial',
    since: Math.min(now, ...downs.map((word) => word.voice.opinion.since)),
    reason: downs[0]!.voice.opinion.reason,
    confidence,
    rule,
    disagreeSince,
  }
}

function asBefore({ before, now }: Table, confidence: Confidence, rule: string): Agreement {
  return {
    state: before?.state ?? 'unknown',
    since: before?.since ?? now,
    reason: before?.reason ?? null,
    confidence,
    rule,
    disagreeSince: before?.disagreeSince ?? null,
  }
}
