// The pages of a service, of the history and of the method, as browsers show them to members.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningSite, runSite } from '../http/site.ts'
import { MOMENTS } from '../page/pictures.ts'
import { whenPresent } from '../real/present.ts'
import { CHROMIUM, faults, openReader, overflow, type Reader } from './browser.ts'

const PATHS = ['fr/services/mail/', 'fr/history/', 'en/history/2026-10/', 'en/method/']

let site: RunningSite

beforeAll(async () => {
  site = await runSite({}, MOMENTS.partly)
}, 60_000)

afterAll(() => site.close())

whenPresent([CHROMIUM])('the pages of the past in Chromium', () => {
  let reader: Reader

  beforeAll(async () => {
    reader = await openReader()
  }, 150_000)

  afterAll(async () => {
    await reader?.stop()
  }, 60_000)

  it.each(
    PATHS.flatMap((path) =>
      (['light', 'dark', 'forced colours'] as const).flatMap((manner) =>
        ([320, 1280] as const).map((width) => [path, manner, width] as const),
      ),
    ),
  )(
    '%s, %s, %i px wide: fits and is clean, also unfolded',
    async (path, manner, width) => {
      const visit = await reader.visit(`${site.url}/${path}`, { width, manner })
      try {
        const { page } = visit
        await page.locator('summary').evaluateAll('(all) => all.forEach((one) => one.click())')
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        expect(await faults(page)).toEqual([])
        expect(visit.complaints).toEqual([])
      } finally {
        await visit.close()
      }
    },
    120_000,
  )
})
