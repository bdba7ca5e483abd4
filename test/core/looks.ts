// Looks at a check, in a word each, and the opinions that follow.
import type { Observation, Outcome } from '../../src/core/observation.ts'
import { SECOND } from '../../src/core/time/time.ts'
import { type Circumstances, judge, noOpinion, type Opinion } from '../../src/core/verdict/verdict.ts'
import { RULE } from './policy.ts'

export const START = Date.UTC(2026, 10, 23, 9)
const GOOD: Circumstances = { trust: 'good', clock: true, usual: true, path: true }
const TAINTED: Circumstances = { ...GOOD, trust: 'tainted' }
export const BAD: Circumstances = { ...GOOD, trust: 'bad' }
const OK: Outcome = { ok: true, note: '200' }
const FAIL: Outcome = { ok: false, reason: 'refused', note: 'refused' }
const EXPIRED: Outcome = { ok: false, reason: 'certificate', note: 'expired yesterday', dated: true }

/** The words of the rows: what was seen, how long it took, and how our own line was. */
export const LOOKS: Readonly<Record<string, readonly [Outcome, number, Circumstances]>> = {
  ok: [OK, 100, GOOD],
  slow: [OK, 3001, GOOD],
  atlimit: [OK, 3000, GOOD],
  busy: [OK, 3001, { ...GOOD, usual: false }],
  fail: [FAIL, 100, GOOD],
  nopath: [FAIL, 100, { ...GOOD, path: false }],
  auth: [{ ok: false, reason: 'auth', note: '535' }, 100, GOOD],
  'tainted-auth': [{ ok: false, reason: 'auth', note: '535' }, 100, TAINTED],
  'tainted-fail': [FAIL, 100, TAINTED],
  'tainted-ok': [OK, 100, TAINTED],
  'blind-fail': [FAIL, 100, BAD],
  'blind-ok': [OK, 100, BAD],
  'closed-fail': [FAIL, 100, { ...BAD, closed: true }],
  'open-fail': [FAIL, 100, { ...BAD, closed: false }],
  expired: [EXPIRED, 100, GOOD],
  'expired?': [EXPIRED, 100, { ...GOOD, clock: false }],
  'fail-wrong-clock': [FAIL, 100, { ...GOOD, clock: false }],
  overload: [{ ok: null, reason: 'overload', note: 'late start' }, 100, GOOD],
  blocked: [{ ok: null, reason: 'blocked', note: 'refused by policy' }, 0, GOOD],
  config: [{ ok: null, reason: 'config', note: 'secret missing' }, 0, GOOD],
}

export function lookAt(word: string, at: number): readonly [Observation, Circumstances] {
  const [outcome, took, ours] = LOOKS[word]!
  const via = { dns: true, family: 4, port: 443 } as const
  return [{ check: 'web.http', strand: null, site: 'home', at, took, phases: {}, via, outcome }, ours]
}

/** Opinions after each look; looks are a quarter of a minute apart, the first at START. */
export function opinionsAfter(words: string, rule = RULE, first = noOpinion(START)): readonly Opinion[] {
  let opinion = first
  return words.split(' ').map((word, index) => {
    opinion = judge(opinion, ...(([seen, ours]) => [seen, rule, ours] as const)(lookAt(word, when(index))))
    return opinion
  })
}

export function opinionAfter(words: string, rule = RULE): Opinion {
  return opinionsAfter(words, rule).at(-1)!
}

export function when(index: number): number {
  return START + index * 15 * SECOND
}
