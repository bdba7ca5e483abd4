import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutageRecord } from '../../../src/core/history/outage-record.ts'
import { HOUR, MINUTE, SECOND } from '../../../src/core/time/time.ts'
import { causeFirst, runningStories } from '../../../src/page/words/stories.ts'
import { hangingOn, outageOf } from '../past.ts'
import { MOMENTS, NOON } from '../pictures.ts'

const { services } = hangingOn('hetzner', MOMENTS.allWell)
const servicesOf = (outages: readonly OutageRecord[]) => outages.map(({ service }) => service)

describe('the cause', () => {
  it('is what the others hang on, whenever it was seen', () => {
    const fell = ['mail', 'files', 'hetzner'].map((id, at) => outageOf(id, NOON + at * SECOND, HOUR))
    expect(servicesOf(causeFirst(fell, services))).toEqual(['hetzner', 'mail', 'files'])
    expect(servicesOf(causeFirst(fell, MOMENTS.allWell.services))).toEqual(['mail', 'files', 'hetzner'])
  })
})

describe('a running story', () => {
  const told = (outages: readonly OutageRecord[]) =>
    runningStories(outages, services, 100).map(({ id, down, back, ended }) => [
      id.split('-')[0],
      servicesOf(down),
      servicesOf(back),
      ended,
    ])

  it('goes by what was seen first, and is told by its cause', () => {
    const fell = ['mail', 'hetzner', 'files'].map((id, at) => outageOf(id, NOON + at * SECOND, null))
    expect(told(fell)).toEqual([['mail', ['hetzner', 'mail', 'files'], [], null]])
  })

  it('takes in what falls later while its parent is down, and nothing else', () => {
    const fell = [
      outageOf('hetzner', NOON, 20 * MINUTE),
      outageOf('mail', NOON + 5 * MINUTE, 15 * MINUTE),
      outageOf('files', NOON + 30 * MINUTE, MINUTE + SECOND),
    ]
    expect(told(fell)).toEqual([
      ['files', ['files'], [], NOON + 31 * MINUTE + SECOND],
      ['hetzner', ['hetzner', 'mail'], [], NOON + 20 * MINUTE],
    ])
    expect(runningStories(fell, MOMENTS.allWell.services, 100)).toHaveLength(3)
  })

  it('tells apart what works again', () => {
    const fell = [outageOf('hetzner', NOON, 9 * MINUTE), outageOf('mail', NOON, null), outageOf('files', NOON, null)]
    expect(told(fell)).toEqual([['files', ['files', 'mail'], ['hetzner'], null]])
  })

  it('holds a service once that falls again while the others are down', () => {
    const fell = [
      outageOf('hetzner', NOON, null),
      outageOf('mail', NOON, 3 * MINUTE),
      outageOf('mail', NOON + 4 * MINUTE, null),
    ]
    expect(told(fell)).toEqual([['hetzner', ['hetzner', 'mail'], [], null]])
  })

  it('never takes back a name, whatever opens and ends', () => {
    const outage = fc
      .record({
        service: fc.constantFrom('hetzner', 'mail', 'files', 'pads'),
        since: fc.integer({ min: 0, max: 30 }),
        sure: fc.integer({ min: 1, max: 6 }),
        lasts: fc.integer({ min: 7, max: 40 }),
      })
      .map(({ service, since, sure, lasts }) =>
        outageOf(service, NOON + since * 20 * SECOND, lasts * 20 * SECOND, [], {
          opened: NOON + (since + sure) * 20 * SECOND,
        }),
      )
    const outages = fc.uniqueArray(outage, { maxLength: 12, selector: ({ id }) => id })
    fc.assert(
      fc.property(outages, (all) => {
        let before: readonly string[] = []
        for (let at = NOON; at < NOON + 30 * MINUTE; at += 20 * SECOND) {
          const known = all
            .filter(({ opened }) => opened <= at)
            .map((one) => (one.ended! > at ? { ...one, ended: null } : one))
          const ids = runningStories(known, services, 100).map(({ id }) => id)
          expect(ids).toEqual(expect.arrayContaining([...before]))
          before = ids
        }
      }),
    )
  })
})
