// The times another site was not heard, or its line was bad as it says itself, and the one letter about each that lasts.
import type { Policy } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { Letter } from './letter.ts'
import { blindBetween, joined, type Spell } from './spell.ts'
import type { Peer } from './word.ts'

/** By site, newest last; `layers` of a time it was not heard is `unheard`. */
export type Silences = Readonly<Record<string, readonly Spell[]>>

const UNHEARD = 'unheard'
const LONGEST_MEMORY = 50

/**
 * The silences after a look of site `own` at the others; the same object when nothing changed. `blind`: our own spells:
 * while our line is bad nobody is to be heard, and that is no news of them.
 */
export function followSilences(
  own: string,
  before: Silences,
  peers: readonly Peer[],
  blind: readonly Spell[],
  policy: Pick<Policy, 'mailAfter'>,
  now: Instant,
): { readonly silences: Silences; readonly letters: readonly Letter[]; readonly withdraw: readonly string[] } {
  const letters: Letter[] = []
  const withdraw: string[] = []
  let silences = before
  for (const peer of peers) {
    const spells = silences[peer.site] ?? []
    const after = follow(spells, peer)
    if (after !== spells) silences = { ...silences, [peer.site]: after.slice(-LONGEST_MEMORY) }
  }
  return { silences, letters, withdraw }

  function follow(spells: readonly Spell[], peer: Peer): readonly Spell[] {
    const last = spells.at(-1)
    const open = last !== undefined && last.to === null ? last : null
    const trouble = troubleOf(peer)
    if (open === null) return trouble === null ? spells : [...spells, { ...trouble, to: null, told: false }]
    const earlier = spells.slice(0, -1)
    if (trouble === null || isUnheard(trouble) !== isUnheard(open)) {
      end(peer.site, open)
      return [...earlier, { ...open, to: now }]
    }
    // One that comes back is blind for a moment more, and was since it went silent: it is news only if that lasts.
    const lasted =
      now - Math.max(open.from, peer.since) >= policy.mailAfter && !blindBetween(blind, now - policy.mailAfter, now)
    const layers = joined(open.layers, trouble.layers)
    const grown = layers === open.layers ? open : { ...open, layers }
    if (open.told || !lasted) return grown === open ? spells : [...earlier, grown]
    letters.push(letterOf(own, peer.site, grown, null, now))
    return [...earlier, { ...grown, told: true }]
  }

  /** That a site is heard again is news to whoever was told; what it couldn't see meanwhile it says itself. */
  function end(site: string, open: Spell) {
    if (!open.told || !isUnheard(open)) return
    withdraw.push(keyOf(site, open))
    letters.push(letterOf(own, site, open, now, now))
  }
}

/** Times in which a site can't have heard pings, as far as we know. */
export function deafBetween(silences: Silences, site: string, from: Instant, to: Instant): boolean {
  return blindBetween(silences[site] ?? [], from, to)
}

function troubleOf(peer: Peer): Pick<Spell, 'from' | 'layers'> | null {
  if (!peer.heard) return { from: peer.since, layers: [UNHEARD] }
  const blind = peer.condition?.blind ?? null
  return blind === null ? null : { from: blind.since, layers: blind.layers }
}

function isUnheard({ layers }: Pick<Spell, 'layers'>): boolean {
  return layers.includes(UNHEARD)
}

function keyOf(site: string, spell: Spell): string {
  return `${isUnheard(spell) ? 'twin' : 'blind'}:${site}:${spell.from}`
}

function letterOf(by: string, site: string, spell: Spell, until: Instant | null, at: Instant): Letter {
  const thread = keyOf(site, spell)
  const key = until === null ? thread : `${thread}:over`
  if (isUnheard(spell))
    return { key, event: 'twin', thread, at, news: { kind: 'twin', site, by, since: spell.from, until } }
  return {
    key,
    event: 'blind',
    thread,
    at,
    news: { kind: 'blind', site, since: spell.from, until, layers: spell.layers },
  }
}
