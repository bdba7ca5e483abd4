// The letters of 08:00: on which days, and to whom late.
import { expect, it } from 'vitest'
import type { Configuration } from '../src/core/check.ts'
import { unprovenLine } from '../src/core/verdict/blindness.ts'
import { createDaily } from '../src/daily.ts'
import { recall } from '../src/memory.ts'
import { START } from './core/letters.ts'
import { checkOf, POLICY } from './core/policy.ts'

/** The days on which a site writes that an attention of that day is to be minded, called with these mornings. */
function written(mornings: readonly (readonly [date: string, late: boolean])[]): readonly string[] {
  const web = checkOf('web.http')
  const about = { id: 'web', name: 'Web', group: null, about: null, url: null, audience: 'members' }
  const configuration = { site: { id: 'home' }, services: [{ ...about, checks: [web] }], policy: POLICY, alerts: [] }
  const memory = recall(
    configuration as unknown as Configuration,
    new Map(),
    unprovenLine(new Map(), START),
    null,
    START,
  )
  const days: string[] = []
  let today = ''
  const daily = createDaily({ memory, write: () => days.push(today), now: () => START })
  for (const [date, late] of mornings) {
    if (date !== today) {
      const attention = { [`finding ${date}`]: { note: 'no SPF', since: START, told: false } }
      memory.know(web.id, { ...memory.checks.get(web.id)!, attention })
    }
    today = date
    daily.morning(date, late)
  }
  return days
}

it('come once a day', () => {
  expect(
    written([
      ['23', false],
      ['23', true],
      ['24', false],
    ]),
  ).toEqual(['23', '24'])
})

it('come late to a site that did not run at eight', () => {
  expect(
    written([
      ['23', false],
      ['24', true],
      ['24', true],
      ['25', false],
    ]),
  ).toEqual(['23', '24', '25'])
})

it('wait for the next morning at a new site', () => {
  expect(
    written([
      ['23', true],
      ['23', true],
      ['24', false],
    ]),
  ).toEqual(['24'])
})
