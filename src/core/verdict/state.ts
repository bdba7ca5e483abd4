// The five states of a check, and what the rules make of them.

/** What the rules make of a check. A single site never says `partial`. */
export type State = 'up' | 'degraded' | 'partial' | 'down' | 'unknown'

/** The states, as a service is judged by them: what is unknown may be down. */
export const WORST_FIRST: readonly State[] = ['down', 'partial', 'unknown', 'degraded', 'up']

/** It answers, slowly too; unknown is neither this nor failing. */
export function isWorking(state: State): boolean {
  return state === 'up' || state === 'degraded'
}

/** It is down, for all or from some sites. */
export function isFailing(state: State): boolean {
  return state === 'down' || state === 'partial'
}
