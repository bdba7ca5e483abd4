import { brotliCompressSync, constants } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { say } from '../../src/core/text.ts'
import { sectionsOf } from '../../src/page/folder/past-files.ts'
import { renderHome } from '../../src/page/pages/home.ts'
import { openViews } from '../../src/page/pages/views.ts'
import { aYearOf, EXTREMES } from './extremes.ts'
import { MOMENTS } from './pictures.ts'

const views = openViews('views')
const weight = (text: string) => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length

describe.each(Object.entries(EXTREMES))('the home page of %s', (_name, picture) => {
  const html = renderHome(picture, [], 'fr', false, views)

  test('shows every service once, and no group without any', () => {
    for (const { service } of picture.services) {
      expect(html.split(`id="service-${service.id}"`)).toHaveLength(2)
      expect(say(service.name, 'fr').length).toBeLessThanOrEqual(80)
    }
    expect(html).not.toMatch(/<ul class="services">\s*<\/ul>/)
  })

  test('is whole within 20 kB', () => {
    expect(weight(html)).toBeLessThan(20_000)
    expect(html).not.toMatch(/undefined|>null|NaN/)
  })
})

test('a name in another script keeps its direction to itself', () => {
  const html = renderHome(EXTREMES.rightToLeft, [], 'fr', false, views)
  expect(html).toMatch(/<a class="name"[^>]* dir="auto">البريد/)
  expect(html).toMatch(/<bdi[^>]*>البريد/)
})

test('a year of outages makes a page a month, each light', () => {
  const picture = MOMENTS.allWell
  const files = sectionsOf(picture, aYearOf(picture), views).flatMap((section) => [...section.files()])
  const months = files.filter(({ path }) => /^fr\/history\/\d{4}-\d{2}\/index\.html$/.test(path))
  expect(months.length).toBeGreaterThanOrEqual(12)
  for (const { body } of months) expect(weight(body)).toBeLessThan(14_000)
  expect(weight(files.find(({ path }) => path === 'fr/history/index.html')!.body)).toBeLessThan(14_000)
})
