// Whether what is agreed to be well was seen to be: nothing is said to work because it worked before (verdict.md, 4).
import type { Check } from '../check.ts'
import { type Instant, MINUTE, type Millis } from '../time/time.ts'
import type { Voice } from './agreement.ts'
import { isWorking } from './state.ts'

/** So many fails in a row are no mere blip, though no outage yet. */
export const SUSPECT = 2

/** So long after a fall one fail is enough: whatever fell together shows it by then, and all that is timely was looked at. */
export const ONSET: Millis = 10 * MINUTE

/** What is looked at more seldom tells nothing of the moment: nobody waits for it. */
const SELDOM: Millis = 10 * MINUTE

/** Its looks come often enough, and are ours to make, so that it is worth waiting for the next. */
export function isTimely({ heartbeat, rule }: Pick<Check, 'heartbeat' | 'rule'>): boolean {
  return heartbeat === null && rule.every <= SELDOM
}

/**
 * Somebody who has a say sees it fail, so many times in a row at least, or down. A fail over a bad road is the road's
 * where another sees it well.
 */
export function isSuspect(voices: readonly Voice[], fails: number): boolean {
  const heard = voices.filter(counts)
  const failing = heard.filter(({ opinion }) => opinion.fails >= fails || opinion.state === 'down')
  return failing.some(({ opinion }) => opinion.path) || (failing.length > 0 && !heard.some(isWell))
}

/** Somebody who has a say saw it well since then, and nobody has seen it fail after that, so many times in a row at least. */
export function wasSeenSince(voices: readonly Voice[], since: Instant, fails: number): boolean {
  const wasWell = ({ state, fails: failed }: Voice['opinion']) => isWorking(state) && failed < fails
  const seen = voices.some(
    (voice) => counts(voice) && wasWell(voice.opinion) && (voice.opinion.at ?? Number.NEGATIVE_INFINITY) >= since,
  )
  return seen && !isSuspect(voices, fails)
}

function counts({ heard, line }: Voice): boolean {
  return heard && line
}

/** Its last look was fine: of what is unknown that says nothing. */
function isWell({ opinion: { state, fails } }: Voice): boolean {
  return isWorking(state) && fails === 0
}
