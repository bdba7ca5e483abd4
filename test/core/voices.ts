// What sites say of a check, in a word each, and what they agree on.

import { MINUTE } from '../../src/core/time/time.ts'
import { type Agreement, agree, type Voice } from '../../src/core/verdict/agreement.ts'
import { POLICY } from './policy.ts'

export const NOW = Date.UTC(2026, 10, 23, 9)
export const NAMES = ['home', 'offsite', 'third', 'fourth', 'fifth']

/** What a site says, in a word: `down3` failed three times, `down8` eight; `-road` its path is bad, `-line` its line, `-old` it grows silent. */
export function voice(word: string, index: number, domain = NAMES[index]!): Voice {
  const [said, ...flaws] = word.split('-') as [string, ...string[]]
  const fails = Number(/\d+$/.exec(said)?.[0] ?? 0)
  const state = said === 'unheard' ? 'up' : (said.replace(/\d+$/, '') as Voice['opinion']['state'])
  const since = NOW - (index + 1) * MINUTE
  return {
    site: NAMES[index]!,
    domain,
    heard: said !== 'unheard',
    lately: said !== 'unheard' && !flaws.includes('old'),
    opinion: {
      state,
      since,
      fails,
      suspectSince: fails > 0 ? since : null,
      reason: state === 'down' ? 'refused' : state === 'degraded' ? 'slow' : null,
      path: !flaws.includes('road'),
      at: NOW,
    },
    line: !flaws.includes('line'),
  }
}

export function voices(words: string): readonly Voice[] {
  return words.split(' ').map((word, index) => voice(word, index))
}

export function agreed(words: string, before: Agreement | null = null, now = NOW): Agreement {
  return agree(before, voices(words), POLICY, now, NAMES[0]!)
}

export const UP = agreed('up up')
export const DOWN = agreed('down3 down3')
/** It was down; nobody knows any more. */
export const UNSEEN = agreed('unknown unknown', DOWN)

/** After they disagreed for so long, starting from `before`. */
export function disagreed(words: string, lasting: number, before: Agreement | null = UP): Agreement {
  return agreed(words, agreed(words, before, NOW), NOW + lasting)
}
