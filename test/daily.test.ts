// The letters of 08:00: on which days, and to whom late.
import { expect, it } from 'vitest'
import { HOUR, MINUTE } from '../src/core/time/time.ts'
import type { Letter } from '../src/core/verdict/letter.ts'
import { noOpinion } from '../src/core/verdict/verdict.ts'
import { createDaily } from '../src/daily.ts'
import { blankMemory } from './blank-memory.ts'
import { START } from './core/letters.ts'
import { checkOf, configurationOf, serviceOf } from './core/policy.ts'

/** The days on which a site writes that an attention of that day is to be minded, called with these mornings. */
function written(mornings: readonly (readonly [date: string, late: boolean])[]): readonly string[] {
  const web = checkOf('web.http')
  const configuration = configurationOf([serviceOf('web', [web])])
  const memory = blankMemory(configuration, START)
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

it('say what of a service is slow, since when, and when it last was fine', () => {
  const [slow, well] = [checkOf('web.http'), checkOf('web.tcp', { kind: 'tcp' })]
  const configuration = configurationOf([serviceOf('web', [slow, well])])
  const memory = blankMemory(configuration, START)
  const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' as const }
  for (const [check, state] of [
    [slow, 'degraded'],
    [well, 'up'],
  ] as const) {
    const agreement = { state, since: START, reason: null, confidence, rule: '1', disagreeSince: null }
    const opinion = {
      ...noOpinion(START),
      state,
      at: START + MINUTE,
      lastGood: START + MINUTE,
      reason: 'slow' as const,
    }
    memory.know(check.id, { ...memory.checks.get(check.id)!, agreement, opinions: [opinion] })
  }
  memory.knowService('web', { ...memory.services.get('web')!, status: 'degraded_performance', since: START })
  const letters: Letter[] = []
  createDaily({ memory, write: (letter) => letters.push(letter), now: () => START + HOUR }).morning('23', false)
  expect(letters).toMatchObject([
    {
      key: 'degraded:23',
      news: {
        kind: 'degraded',
        affected: [
          { outage: 'web-degraded', service: 'web', since: START, lastGood: START + MINUTE, extent: 'part', rule: '1' },
        ],
      },
    },
  ])
  const { news } = letters[0]!
  const checks = news.kind === 'degraded' ? news.affected[0]!.checks : []
  expect(checks.map(({ id, reason }) => [id, reason])).toEqual([['web.http', 'slow']])
})
