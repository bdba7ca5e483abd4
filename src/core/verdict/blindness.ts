// Is it them or us? Which parts of our own line can be trusted, from what witnesses answered (verdict.md, 2).
import type { Policy, Witness } from '../check.ts'
import type { Via } from '../observation.ts'
import { type Instant, MINUTE, type Millis } from '../time/time.ts'
import { hostOf } from './witness.ts'

/**
 * A part of our line that can fail alone. `port:25`: the way out of that port. `tls`: hosts answer themselves, with their
 * own certificates; a captive portal answers in their place, also every question for an address.
 */
export type Layer = 'dns' | 'v4' | 'v6' | 'tls' | `port:${number}`

/** What asking one witness once showed. A layer it never came to is left out. */
export interface Testimony {
  readonly witness: string
  readonly at: Instant
  readonly layers: Readonly<Partial<Record<Layer, boolean>>>
  /** How long the answer took; null without one. */
  readonly took: Millis | null
  /** Its clock minus ours, from the `Date` header. */
  readonly offset: Millis | null
}

export interface LayerState {
  readonly good: boolean
  /** Since when it is good or bad. */
  readonly since: Instant
  /** The last moment it was bad; null: never seen bad. */
  readonly lastBad: Instant | null
}

/** Our line as far as witnesses prove it. A layer that nobody can testify for is missing. */
export interface Line {
  readonly layers: Readonly<Partial<Record<Layer, LayerState>>>
  /** Since when it is asked about, or counts as good without: the start, or the end of the witnesses there were. */
  readonly since: Instant
  /** At least one of the third parties inside the hoster's provider answered, or none is configured. */
  readonly path: boolean
  /** Since when the path is good, or bad; before the start it is not proven. -Infinity: none is configured. */
  readonly pathSince: Instant
  /** Our clock agrees within two minutes with the witnesses', or where none tells the time with another site's; as it was where nobody does. */
  readonly clock: boolean
  /** A witness told the time since the start, or another site. */
  readonly timed?: boolean
  /** Witnesses answer at their usual speed: what is slow isn't our line. */
  readonly usual: boolean
  /** False: no witnesses are configured and everything counts as good. */
  readonly tested: boolean
}

/** How many different witnesses must answer before a layer is good, for each layer somebody can testify for. */
export type Needs = ReadonlyMap<Layer, number>

/** Ports everybody lets out: a witness there says nothing about the port. */
const OPEN_PORTS: readonly number[] = [53, 80, 443]

/** Our clock is bad when it is off by more than this. */
export const CLOCK_TOLERANCE: Millis = 2 * MINUTE

/** Slower than this many times the median of an hour is not the usual speed. */
const HURRIED = 3

/** Which layers a witness can testify for. A name needs our resolver; a family other than IPv4 shows in the address. */
export function layersOf(witness: Witness): readonly Layer[] {
  const host = hostOf(witness)
  const family: Layer = host.includes(':') ? 'v6' : 'v4'
  const port = witness.kind === 'tcp' ? witness.port : 443
  return [
    ...(isName(host) ? (['dns'] as const) : []),
    family,
    ...(witness.kind === 'https' ? (['tls'] as const) : []),
    ...(OPEN_PORTS.includes(port) ? [] : ([`port:${port}`] as const)),
  ]
}

/** Somebody can testify whether our line lets this port out. */
export function hasWitnessOn(witnesses: readonly Witness[], port: number): boolean {
  return witnesses.some((witness) => witness.kind === 'tcp' && witness.port === port)
}

/**
 * Two different witnesses prove a layer, one where only one can; a port that lines often close doesn't vote on the line.
 * One certificate proves that nobody answers in others' place; where only one host shows any, it may just as well be gone.
 */
export function needsOf(witnesses: readonly Witness[]): Needs {
  const voting = new Map<Layer, number>()
  for (const layers of witnesses.map(layersOf)) {
    for (const layer of layers) {
      const votes = layer === 'port:25' || !layers.includes('port:25')
      voting.set(layer, (voting.get(layer) ?? 0) + (votes ? 1 : 0))
    }
  }
  if ((voting.get('tls') ?? 0) < 2) voting.delete('tls')
  return new Map([...voting].map(([layer, count]) => [layer, layer === 'tls' ? 1 : Math.max(1, Math.min(2, count))]))
}

/** Before anybody was asked: nothing is proven, so nothing that fails counts. */
export function unprovenLine(needs: Needs, now: Instant): Line {
  const layers = Object.fromEntries(
    [...needs.keys()].map((layer) => [layer, { good: false, since: now, lastBad: null }]),
  )
  return { layers, since: now, path: true, pathSince: now, clock: true, usual: true, tested: needs.size > 0 }
}

/**
 * The line as it is now. `heard` is the latest testimony of each witness that still counts: within two `witness_every`
 * for the layers asked for all the time, or since the last time all were asked at once. A layer is good when as many
 * different witnesses proved it as it needs. Not to be called before anybody could answer.
 */
export function judgeLine(
  before: Line,
  heard: readonly Testimony[],
  path: boolean,
  needs: Needs,
  usual: boolean,
  now: Instant,
): Line {
  const layers: Partial<Record<Layer, LayerState>> = {}
  for (const [layer, need] of needs) {
    const proofs = heard.filter((testimony) => testimony.layers[layer] === true)
    const proven = new Set(proofs.map(({ witness }) => witness)).size >= need
    // Where no name is found nobody got far enough to see a certificate, good or bad.
    const good = proven || (layer === 'tls' && heard.every(({ layers: said }) => said.tls === undefined))
    const was = before.layers[layer]
    const since = was !== undefined && was.good === good ? was.since : now
    layers[layer] = { good, since, lastBad: good ? (was?.lastBad ?? null) : now }
  }
  const offsets = heard.map((testimony) => testimony.offset).filter((offset) => offset !== null)
  const clock = offsets.length === 0 ? before.clock : Math.abs(median(offsets)) <= CLOCK_TOLERANCE
  const timed = before.timed === true || offsets.length > 0
  const pathSince = path === before.path ? before.pathSince : now
  return { layers, since: before.since, path, pathSince, clock, timed, usual, tested: needs.size > 0 }
}

/** Few checks use it, so that it is asked for now and then. */
export function isRare(layer: Layer): boolean {
  return layer === 'v6' || layer.startsWith('port:')
}

/** What one answer proves for longer. A fail asks everybody anew. */
export function lasts(layer: Layer): boolean {
  return isRare(layer) || layer === 'tls'
}

/** True when a part of the line that was good is bad now. */
export function worsens(before: Line, after: Line): boolean {
  return Object.entries(before.layers).some(([layer, was]) => was!.good && after.layers[layer as Layer]?.good === false)
}

/** What a look over these layers is worth. */
export type Trust =
  /** Counts whatever it saw. */
  | 'good'
  /** The line was bad a moment ago, or nobody can testify: an ok counts, a fail doesn't. */
  | 'tainted'
  /** Worth nothing, whatever it saw. */
  | 'bad'

/**
 * What a look that used these parts of our line is worth now. A family, or a resolver that gave no address, that no
 * witness can testify for may be our own fault.
 */
export function trustIn(line: Line, via: Via, policy: Pick<Policy, 'taint'>, now: Instant): Trust {
  if (!line.tested) return 'good'
  let worst: Trust = 'good'
  for (const layer of layersUsed(via)) {
    const state = line.layers[layer]
    if (state === undefined) {
      if (layer === 'v4' || layer === 'v6' || (layer === 'dns' && via.family === null)) worst = 'tainted'
      continue
    }
    if (!state.good) return 'bad'
    if (state.lastBad !== null && now - state.lastBad < policy.taint) worst = 'tainted'
  }
  return worst
}

/** The parts of our line that a look needed: one at an address as such needs no name, and counts while none is found. */
export function layersUsed(via: Via): readonly Layer[] {
  const used: Layer[] = via.dns || via.family !== null ? ['tls'] : []
  if (via.dns) used.push('dns')
  if (via.family !== null) used.push(via.family === 4 ? 'v4' : 'v6')
  if (via.port !== null) used.push(`port:${via.port}`)
  return used
}

/**
 * The parts without which nothing can be measured; null while they are good, or before anybody was asked (a restart
 * keeps opinions). IPv6 or a closed port alone blind nobody.
 */
export function blindness(line: Line): { readonly since: Instant; readonly layers: readonly Layer[] } | null {
  const cut = (['dns', 'v4'] as const).filter((layer) => isBad(line.layers[layer]))
  const bad: readonly Layer[] = cut.length === 0 && isBad(line.layers.tls) ? ['tls'] : cut
  if (bad.length === 0) return null
  return { since: Math.min(...bad.map((layer) => line.layers[layer]!.since)), layers: bad }
}

/** What to blame of a line's bad parts: where nothing answers by its address either, no name is found for that alone. */
export function blamed(layers: readonly string[]): readonly string[] {
  return layers.includes('v4') ? layers.filter((layer) => layer !== 'dns') : layers
}

/** Nobody was asked yet whether it is good. */
export function isUnproven({ layers, tested }: Line): boolean {
  return tested && Object.values(layers).every((layer) => layer?.good === false && layer.lastBad === null)
}

function isBad(state: LayerState | undefined): boolean {
  return state !== undefined && !state.good && state.lastBad !== null
}

/** Witnesses on this port are silent while others answer: our line doesn't let it out. */
export function isClosed(line: Line, port: number | null): boolean {
  return port !== null && line.layers[`port:${port}`]?.good === false && line.layers.v4?.good !== false
}

/**
 * Do witnesses answer at their usual speed? Of each that answered lately, how long that took and what is usual (see
 * `usualOf`): at most three times as long is (a busy home line makes nothing slow). With little to compare: yes.
 */
export function usualSpeed(answers: readonly { readonly took: Millis; readonly usual: Millis | null }[]): boolean {
  const ratios = answers.flatMap(({ took, usual }) => (usual === null ? [] : [took / Math.max(usual, 1)]))
  return ratios.length === 0 || median(ratios) <= HURRIED
}

/** How long a witness usually takes, by its answers of the last hour; null: there are too few. */
export function usualOf(hour: readonly Millis[]): Millis | null {
  return hour.length < 5 ? null : median(hour)
}

/** The middle of a list; of an even number the mean of the two; 0 of an empty one. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? 0 : (low + high) / 2
}

function isName(host: string): boolean {
  return !host.includes(':') && !/^[\d.]+$/.test(host)
}
