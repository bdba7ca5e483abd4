// A service that comes and goes. Rows are the clauses of `flap`: 3 changes in 30 minutes, calm after 15 without.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/time/time.ts'
import { CALM, type Flapping, flapNews, followFlapping } from '../../../src/core/verdict/flapping.ts'
import type { Status } from '../../../src/core/verdict/service.ts'
import { POLICY } from '../policy.ts'

const START = Date.UTC(2026, 10, 23, 9)

/** `12!major_outage`: at minute 12 an outage opened or ended and the status is this; without `!` only time passed. */
function flappingAfter(steps: string, from: Flapping = CALM): Flapping {
  return steps.split(' ').reduce((flapping, step) => {
    const [, minute, changed, status] = /^([\d.]+)(!?)(\w*)$/.exec(step)!
    const now = START + Number(minute) * MINUTE
    return followFlapping(flapping, changed === '!' ? [now] : [], (status || 'operational') as Status, POLICY.flap, now)
  }, from)
}

const rows: readonly (readonly [string, boolean, string])[] = [
  ['0!major_outage', false, 'one change is none'],
  ['0!major_outage 5!operational', false, 'two changes are an outage that is over'],
  ['0!major_outage 5!operational 10!major_outage', true, 'three changes in 30 minutes are unstable'],
  ['0!major_outage 15!operational 30!major_outage', true, 'three changes in exactly 30 minutes are unstable'],
  ['0!major_outage 15!operational 30.1!major_outage', false, 'three changes in more than 30 minutes are not'],
  ['0!major_outage 5!operational 10 20 25', false, 'time alone makes nothing unstable'],
  ['0! 30.5! 35! 40!', true, 'a change counts that comes in the very tick in which an old one is forgotten'],
  ['0! 5! 10! 24.9', true, 'unstable lasts until 15 minutes without a change'],
  ['0! 5! 10! 25', false, 'unstable ends after 15 minutes without a change'],
  ['0! 5! 10! 20! 30', true, 'a change while unstable begins the 15 minutes anew'],
  ['0! 5! 10! 20! 35', false, 'unstable ends 15 minutes after the last change'],
  ['0! 5! 10! 25 26!', false, 'after the calm one change is none again'],
  ['0! 5! 10! 25 26! 27! 28!', true, 'after the calm three changes are unstable again'],
]

describe('a service', () => {
  it('is calm 15 minutes after the last change, whichever was learnt of last', () => {
    const unstable = flappingAfter('0! 5! 10!')
    const late = followFlapping(unstable, [START + MINUTE], 'operational', POLICY.flap, START + 12 * MINUTE)
    expect(flappingAfter('24.9', late).unstableSince).not.toBeNull()
    expect(flappingAfter('25', late).unstableSince).toBeNull()
  })

  for (const [steps, unstable, sentence] of rows) {
    it(sentence, () => expect(flappingAfter(steps).unstableSince !== null).toBe(unstable))
  }

  it('is unstable since the change that made it so', () => {
    expect(flappingAfter('0! 5! 10! 20!').unstableSince).toBe(START + 10 * MINUTE)
  })

  it('is shown at its worst while unstable', () => {
    expect(flappingAfter('0!partial_outage 5!operational 10!partial_outage').worst).toBe('partial_outage')
    expect(flappingAfter('0!partial_outage 5!operational 10!partial_outage 11major_outage 12operational').worst).toBe(
      'major_outage',
    )
    expect(flappingAfter('0! 5! 10!operational').worst).toBe('partial_outage')
  })

  it('is shown at its worst also when that was before the change that made it unstable', () => {
    expect(flappingAfter('0!major_outage 5!operational 6!partial_outage').worst).toBe('major_outage')
    expect(flappingAfter('0!operational 5!major_outage 10!operational').worst).toBe('major_outage')
  })

  it('forgets its worst with its changes', () => {
    expect(flappingAfter('0!major_outage 5!operational 40operational')).toEqual(CALM)
    expect(flappingAfter('0!major_outage 5!operational 40operational 41!partial_outage 42! 43!').worst).toBe(
      'partial_outage',
    )
  })

  it('that nothing happened to is the same object', () => {
    const before = flappingAfter('0!major_outage')
    expect(flappingAfter('1major_outage', before)).toBe(before)
    const unstable = flappingAfter('0! 5! 10!')
    expect(flappingAfter('11', unstable)).toBe(unstable)
  })

  it('begins to be unstable at most once in 15 minutes, however it comes and goes, restarts included', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 60, maxLength: 120 }), (changes) => {
        let flapping = CALM
        let begun = -15
        changes.forEach((changed, minute) => {
          const next = flappingAfter(`${minute}${changed ? '!' : ''}`, flapping)
          if (flapping.unstableSince === null && next.unstableSince !== null) {
            expect(minute - begun).toBeGreaterThanOrEqual(15)
            begun = minute
          }
          flapping = JSON.parse(JSON.stringify(next)) as Flapping
        })
      }),
    )
  })
})

describe('what is told of it', () => {
  const unstable = flappingAfter('0! 5! 10!')
  const calm = flappingAfter('30', unstable)
  const told = (...steps: readonly (readonly [Flapping, boolean])[]) => {
    let before = CALM
    return steps.map(([after, silent]) => {
      const { news, flapping } = flapNews(before, before.untold ? { ...after, untold: true } : after, silent)
      before = flapping
      return news
    })
  }

  it('is that it began and that it ended', () => {
    expect(told([unstable, false], [unstable, false], [calm, false])).toEqual(['began', null, 'ended'])
  })

  it('waits while nobody wants mail, and is told once if it still goes on', () => {
    expect(told([unstable, true], [unstable, true], [unstable, false], [unstable, false])).toEqual([
      null,
      null,
      'began',
      null,
    ])
    expect(told([unstable, true], [unstable, false], [calm, false])).toEqual([null, 'began', 'ended'])
  })

  it('is remembered once: what stays as it is stays the same object', () => {
    const { flapping } = flapNews(CALM, unstable, true)
    expect(flapNews(flapping, flapping, true).flapping).toBe(flapping)
    expect(flapNews(unstable, unstable, false).flapping).toBe(unstable)
  })

  it('is nothing where it ended before anybody was to hear of it', () => {
    expect(told([unstable, true], [calm, false])).toEqual([null, null])
    expect(told([unstable, false], [calm, true])).toEqual(['began', null])
  })
})
