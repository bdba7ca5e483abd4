// A heartbeat with all its pings: those that reached us, and those that another site heard.
import type { Check, Heartbeat } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { Line } from './blindness.ts'
import { joinPulse, judgeHeartbeat } from './heartbeat.ts'
import type { CheckKnown } from './known.ts'
import { deafBetween, type Silences } from './silence.ts'
import { blindBetween, type Spell } from './spell.ts'
import type { Peer } from './word.ts'

/** What may have kept pings from being heard. */
export interface Deafness {
  /** Our own line was blind, or vigie did not run. */
  readonly blind: readonly Spell[]
  /** Other sites were not heard, or could not see. */
  readonly silences: Silences
  /** The road into the hoster's provider, which pings come out by. */
  readonly line: Pick<Line, 'path' | 'pathSince'>
}

/** What is known of a heartbeat now; the same object when nothing is new. */
export function hearPings(
  known: CheckKnown,
  { id, definition }: Pick<Check, 'id' | 'definition'>,
  beat: Heartbeat,
  peers: readonly Peer[],
  { blind, silences, line }: Deafness,
  now: Instant,
): CheckKnown {
  const pulse = peers.reduce(
    (so, { site, words }) => joinPulse(so, words.get(id)?.pulse ?? so, site, beat),
    known.pulse,
  )
  const hearer = peers.find(({ site }) => site === pulse.by)
  const ears = {
    blindBetween: (from: Instant, to: Instant) =>
      blindBetween(blind, from, to) || deafBetween(silences, pulse.by ?? '', from, to) || !isMissedThere(),
    roadSince: roadSince(),
  }
  const [before] = known.opinions
  const opinion = judgeHeartbeat(before, pulse, beat, ears, now)
  const same = pulse === known.pulse && JSON.stringify(opinion) === JSON.stringify(before)
  return same ? known : { ...known, pulse, opinions: [opinion] }

  /**
   * Whether the site that heard it last misses it, too: that one knows best what it could hear, and may have lost its memory
   * and with it a ping that it had told nobody of. Its last word holds while it is silent; none does where it does not say
   * itself that it was the one.
   */
  function isMissedThere(): boolean {
    const word = hearer?.words.get(id)
    const claims = word?.pulse?.by === hearer?.site && word?.definition === definition
    return !claims || word?.state === 'down'
  }

  /** The road to the site that heard it last: it is that one's to say, and what it says is of now. */
  function roadSince(): Instant | null {
    if (hearer === undefined) return line.path ? line.pathSince : null
    return hearer.words.get(id)?.path === false ? null : Number.NEGATIVE_INFINITY
  }
}
