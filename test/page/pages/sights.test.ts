import { expect, test } from 'vitest'
import { SECOND } from '../../../src/core/time/time.ts'
import { pageOf } from '../../../src/page/pages/frame.ts'
import { sightsOf } from '../../../src/page/pages/sights.ts'
import { MOMENTS, NOON } from '../pictures.ts'

/** What is drawn and said of a site that was blind for so long just now. */
function blindFor(length: number) {
  const picture = MOMENTS.allWell
  const sights = [{ site: 'home', blind: length === 0 ? [] : [{ from: NOON - length, to: NOON, layers: ['v4'] }] }]
  const [row] = sightsOf(
    { service: 'mail', responses: [], outages: [], sights },
    picture.services[0]!,
    pageOf(picture, 'fr', '', false),
  )
  return row
}

test('what is said of a blind time is drawn, however short it was', () => {
  for (const length of [SECOND, 38 * SECOND]) {
    const row = blindFor(length)
    expect(row?.bars.paths.map(({ layer }) => layer)).toContain('blind')
    expect(row?.words).toContain(`1 fois, ${length / SECOND}`)
  }
  expect(blindFor(0)).toBeUndefined()
})
