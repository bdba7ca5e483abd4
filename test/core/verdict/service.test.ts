// The word on the page for a service. Rows are the lines of "Status of a service", the first that applies.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src/core/check.ts'
import type { Agreement } from '../../../src/core/verdict/agreement.ts'
import { deciding, type Status, statusOf, worse } from '../../../src/core/verdict/service.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { checkOf } from '../policy.ts'

/** `down!` is an essential check, `down(admins)` one for admins only. */
function checksOf(words: string): readonly (readonly [Check, State])[] {
  return words
    .split(' ')
    .filter((word) => word !== '')
    .map((word, index) => {
      const essential = word.includes('!')
      const audience = word.includes('(admins)') ? 'admins' : 'members'
      return [checkOf(`mail.${index}`, { essential, audience }), word.replace(/!|\(admins\)/g, '') as State] as const
    })
}

function judged(words: string, maintenance = false) {
  const checks = checksOf(words)
  const states = new Map(checks)
  return statusOf([...states.keys()], (check) => states.get(check)!, maintenance)
}

const rows: readonly (readonly [string, boolean, Status, string])[] = [
  ['up', true, 'under_maintenance', 'in maintenance is under_maintenance'],
  ['down down', true, 'under_maintenance', 'in maintenance before anything that is down'],
  ['unknown', true, 'under_maintenance', 'in maintenance before anything that is unknown'],
  ['down', false, 'major_outage', 'its only check down is major_outage'],
  ['down down down', false, 'major_outage', 'every check down is major_outage'],
  ['down! up up', false, 'major_outage', 'one essential check down is major_outage'],
  ['down! up unknown!', false, 'major_outage', 'an essential down comes before an essential unknown'],
  ['down up', false, 'partial_outage', 'any down is partial_outage'],
  ['down unknown', false, 'partial_outage', 'a down beside an unknown is not every check down'],
  ['down up! up!', false, 'partial_outage', 'a check that is not essential is partial_outage'],
  ['partial up', false, 'partial_outage', 'any partial is partial_outage'],
  ['partial', false, 'partial_outage', 'its only check partial is partial_outage'],
  ['partial! up', false, 'partial_outage', 'an essential check that is partial is not down'],
  ['down partial', false, 'partial_outage', 'down and partial are not every check down'],
  ['down unknown!', false, 'partial_outage', 'any down comes before an essential unknown'],
  ['unknown unknown', false, 'unknown', 'all unknown is unknown'],
  ['unknown! up up', false, 'unknown', 'an essential unknown is unknown'],
  ['unknown! degraded', false, 'unknown', 'an essential unknown comes before a degraded'],
  ['degraded up up', false, 'degraded_performance', 'any degraded is degraded_performance'],
  ['degraded unknown', false, 'degraded_performance', 'a degraded beside an unknown is degraded_performance'],
  ['up up', false, 'operational', 'else it is operational'],
  ['up unknown up', false, 'operational', 'some unknown are operational still'],
  ['up down(admins)', false, 'operational', 'checks for admins do not count: down'],
  ['up unknown!(admins)', false, 'operational', 'checks for admins do not count: unknown'],
  ['down up(admins)', false, 'major_outage', 'checks for admins do not count: up'],
  ['down(admins)', false, 'unknown', 'nothing that counts is unknown'],
  ['', false, 'unknown', 'no checks at all is unknown'],
]

describe('the status of a service', () => {
  for (const [words, maintenance, status, sentence] of rows) {
    it(sentence, () => expect(judged(words, maintenance).status).toBe(status))
  }

  it('says how many of its checks are measured', () => {
    expect(judged('up unknown up')).toMatchObject({ measured: 2, of: 3 })
    expect(judged('up up down(admins)')).toMatchObject({ measured: 2, of: 2 })
    expect(judged('unknown')).toMatchObject({ measured: 0, of: 1 })
  })

  it('does not depend on the order of its checks', () => {
    const word = fc.constantFrom(
      'up',
      'up!',
      'down',
      'down!',
      'partial',
      'degraded',
      'unknown',
      'unknown!',
      'down(admins)',
    )
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(judged(words.join(' '))).toEqual(judged([...words].reverse().join(' ')))
      }),
    )
  })
})

describe('the worse of two', () => {
  const rows: readonly (readonly [Status, Status, Status])[] = [
    ['operational', 'degraded_performance', 'degraded_performance'],
    ['partial_outage', 'degraded_performance', 'partial_outage'],
    ['partial_outage', 'major_outage', 'major_outage'],
    ['major_outage', 'unknown', 'major_outage'],
    ['partial_outage', 'under_maintenance', 'partial_outage'],
  ]
  for (const [a, b, wanted] of rows) it(`of ${a} and ${b} is ${wanted}`, () => expect(worse(a, b)).toBe(wanted))
})

describe('how sure the status is', () => {
  const rows: readonly (readonly [string, State | undefined, string])[] = [
    ['up down', 'down', 'says the check that is down'],
    ['up partial degraded', 'partial', 'says the check that is partial'],
    ['up unknown', 'up', 'says a check that is measured when some are unknown'],
    ['degraded unknown', 'degraded', 'says the check that is degraded'],
    ['up unknown!', 'unknown', 'says the essential check that is unknown'],
    ['degraded up!', 'degraded', 'says the check that is degraded beside an essential one that is up'],
    ['down partial!', 'down', 'says the check that is down beside an essential one that is partial'],
    ['down unknown!', 'down', 'says the check that is down beside an essential unknown'],
    ['unknown unknown', 'unknown', 'says that nothing is known'],
    ['down(admins) up', 'up', 'says nothing of checks for admins'],
    ['', undefined, 'says nothing without checks'],
  ]
  function decisive(words: string) {
    const states = new Map(checksOf(words))
    return deciding([...states.keys()], (check) => {
      const since = -Number(check.id.split('.')[1])
      return { state: states.get(check)!, since, rule: check.id } as Agreement
    })
  }
  for (const [words, state, sentence] of rows) it(sentence, () => expect(decisive(words)?.state).toBe(state))

  it('says the essential check that is down, and else the one that fell first', () => {
    expect(decisive('down down!')?.rule).toBe('mail.1')
    expect(decisive('up down down')?.rule).toBe('mail.2')
  })
})
