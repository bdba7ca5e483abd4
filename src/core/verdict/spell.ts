// The times our own line was blind, and the one letter about each that lasts (verdict.md, 2 and 3).

import type { Policy } from '../check.ts'
import type { Instant } from '../time/time.ts'
import { blindness, isUnproven, type Line } from './blindness.ts'
import type { Letter } from './letter.ts'
import type { Peer } from './word.ts'

/** A time nothing could be measured; `to` null: still. `layers` empty: vigie did not run. */
export interface Spell {
  readonly from: Instant
  readonly to: Instant | null
  readonly layers: readonly string[]
  readonly told: boolean
}

/**
 * The spells after the line was judged, newest last; the same list when nothing changed. That it lasts is ours to tell
 * only where no other site does: one that sees and hears us tells it, and where we hear nobody no mail of ours gets out
 * either. The end is always ours.
 */
export function followSpells(
  before: readonly Spell[],
  line: Line,
  policy: Policy,
  now: Instant,
  peers: readonly Peer[],
): { readonly spells: readonly Spell[]; readonly letters: readonly Letter[]; readonly withdraw: readonly string[] } {
  const blind = blindness(line)
  const last = before.at(-1)
  const open = last !== undefined && last.to === null ? last : null
  const earlier = open === null ? before : before.slice(0, -1)
  const nothing = { spells: before, letters: [], withdraw: [] }
  if (blind === null) {
    if (open === null || isUnproven(line)) return nothing
    const spells = [...earlier, { ...open, to: now }]
    if (now - open.from < policy.mailAfter) return { ...nothing, spells }
    return { spells, letters: [letterOf(open, now, now)], withdraw: [blindKey(open)] }
  }
  if (open === null)
    return { ...nothing, spells: [...before, { from: blind.since, to: null, layers: blind.layers, told: false }] }
  const layers = joined(open.layers, blind.layers)
  const grown = layers === open.layers ? open : { ...open, layers }
  if (open.told || now - open.from < policy.mailAfter)
    return grown === open ? nothing : { ...nothing, spells: [...earlier, grown] }
  return {
    ...nothing,
    spells: [...earlier, { ...grown, told: true }],
    letters: isOurs(peers) ? [letterOf(grown, null, now)] : [],
  }
}

/** All parts that were bad in a spell: of a line that is cut names fail first. The same list when none joined. */
export function joined(before: readonly string[], now: readonly string[]): readonly string[] {
  const more = now.filter((layer) => !before.includes(layer))
  return more.length === 0 ? before : [...before, ...more]
}

function isOurs(peers: readonly Peer[]): boolean {
  const heard = peers.filter((peer) => peer.heard)
  return (
    peers.length === 0 || (heard.length > 0 && !heard.some(({ condition }) => condition?.mails && !condition.blind))
  )
}

/** True when nothing could be measured at some moment between the two. */
export function blindBetween(spells: readonly Spell[], from: Instant, to: Instant): boolean {
  return spells.some((spell) => spell.from < to && (spell.to ?? to) > from)
}

/** The thread of the letters about it. */
export function blindKey(spell: Pick<Spell, 'from'>): string {
  return `blind:${spell.from}`
}

function letterOf(spell: Spell, until: Instant | null, now: Instant): Letter {
  const key = until === null ? blindKey(spell) : `${blindKey(spell)}:over`
  const news = { kind: 'blind' as const, since: spell.from, until, layers: spell.layers }
  return { key, event: 'blind', thread: blindKey(spell), at: now, news }
}
