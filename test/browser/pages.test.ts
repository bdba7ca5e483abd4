// Every kind of page, in every manner of looking at it; and pictures that no designer would draw.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Picture } from '../../src/core/shown/picture.ts'
import { say } from '../../src/core/text.ts'
import { DAY } from '../../src/core/time/time.ts'
import { conditionOf } from '../../src/page/words/trouble.ts'
import { CONDITIONS } from '../../src/page/words/words.ts'
import { type RunningSite, runSite } from '../http/site.ts'
import { EXTREMES } from '../page/extremes.ts'
import { MOMENTS } from '../page/pictures.ts'
import { SPOKEN } from '../page/said.ts'
import { whenPresent } from '../real/present.ts'
import { CHROMIUM, faults, type Manner, openReader, overflow, type Reader, seen, tabbed } from './browser.ts'

/** Of a day in November, and still renewed today. */
const alive = (picture: Picture): Picture => ({ ...picture, nextBy: Date.now() + DAY })
const { incidents, maintenances } = SPOKEN.saidOfTwo
const PICTURE = alive({ ...MOMENTS.partly, incidents, maintenances })
const PATHS = [
  'fr/',
  'fr/services/mail/',
  'fr/history/',
  'en/history/2026-10/',
  'en/method/',
  'fr/incidents/inc000000042/',
  'en/incidents/inc000000007/',
  'fr/maintenance/',
]
const LOOKS: readonly Manner[] = ['light', 'dark', 'forced colours', 'reduced motion']
const PATIENCE = 120_000

const flat = (text: string) => text.replace(/\s+/g, ' ')

let site: RunningSite

beforeAll(async () => {
  site = await runSite({}, PICTURE)
}, 60_000)

afterAll(() => site.close())

whenPresent([CHROMIUM, 'pdftotext'])('a page in Chromium', () => {
  let reader: Reader

  beforeAll(async () => {
    reader = await openReader()
  }, 150_000)

  afterAll(async () => {
    await reader?.stop()
  }, 60_000)

  it.each(PATHS.flatMap((path) => LOOKS.map((manner) => [path, manner] as const)))(
    '%s, %s: fits narrow, wide and at twice its size, and is clean, also unfolded',
    async (path, manner) => {
      const visit = await reader.visit(`${site.url}/${path}`, { width: 320, manner })
      try {
        const { page } = visit
        await page.locator('summary').evaluateAll('(all) => all.forEach((one) => one.click())')
        for (const [width, size] of [
          [320, '100%'],
          [1280, '100%'],
          [640, '200%'],
          [360, '200%'],
        ] as const) {
          await page.setViewportSize({ width, height: 740 })
          await page.evaluate(`document.documentElement.style.fontSize = '${size}'`)
          expect(await overflow(page), `${width} px, letters of ${size}`).toBeLessThanOrEqual(0)
          expect(await faults(page), `${width} px, letters of ${size}`).toEqual([])
        }
        expect(visit.complaints).toEqual([])
      } finally {
        await visit.close()
      }
    },
    PATIENCE,
  )

  it.each(PATHS)(
    '%s: gives every link to the keyboard, in order and in sight',
    async (path) => {
      const visit = await reader.visit(`${site.url}/${path}`, { width: 360, manner: 'light' })
      try {
        const { places, reached } = await tabbed(visit.page)
        expect(places.length).toBeGreaterThan(5)
        for (const one of reached) expect(one).toMatchObject({ inside: true, ringed: true })
        expect(reached.map(({ html }) => html)).toEqual(places)
      } finally {
        await visit.close()
      }
    },
    PATIENCE,
  )

  it.each(PATHS)(
    '%s: is complete without its style sheet, and on paper',
    async (path) => {
      const visit = await reader.visit(`${site.url}/${path}`, { width: 360, manner: 'no JavaScript' })
      try {
        const { page } = visit
        const text = flat(await seen(page))
        const file = join(site.folder, 'page.pdf')
        writeFileSync(file, await page.pdf({ format: 'A4' }))
        const printed = flat((await promisify(execFile)('pdftotext', [file, '-'])).stdout)
        await page.route('**/*', async (route) => {
          const answer = await route.fetch()
          await route.fulfill({ response: answer, body: (await answer.text()).replace(/<style>.*?<\/style>/s, '') })
        })
        await page.reload()
        const bare = flat(await seen(page))
        const words = flat(text.slice(text.indexOf('Nomagic')))
          .split(' ')
          .slice(0, 40)
        for (const word of words) expect(bare).toContain(word)
        expect(await overflow(page)).toBeLessThanOrEqual(0)
        if (path !== 'fr/') return
        for (const service of PICTURE.services) {
          const told = CONDITIONS.fr[conditionOf(service)]
          expect(bare).toContain(flat(`${say(service.service.name, 'fr')}, ${told}`))
          for (const word of flat(say(service.service.name, 'fr')).split(' ')) expect(printed).toContain(word)
          expect(printed).toContain(told)
        }
      } finally {
        await visit.close()
      }
    },
    PATIENCE,
  )

  it.each(Object.entries(EXTREMES))(
    'of %s: fits and is clean',
    async (_name, picture) => {
      const extreme = await runSite({}, alive(picture))
      const visit = await reader.visit(`${extreme.url}/fr/`, { width: 320, manner: 'light' })
      try {
        for (const width of [320, 1280]) {
          await visit.page.setViewportSize({ width, height: 740 })
          expect(await overflow(visit.page), `${width} px`).toBeLessThanOrEqual(0)
          expect(await faults(visit.page), `${width} px`).toEqual([])
        }
      } finally {
        await visit.close()
        await extreme.close()
      }
    },
    PATIENCE,
  )
})
