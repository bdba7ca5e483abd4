// The home page of a living site, as browsers show it to members.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LANGUAGES, type Language } from '../../src/core/text.ts'
import { CONDITIONS, DOUBTED } from '../../src/page/words/words.ts'
import { whenPresent } from '../real/present.ts'
import { CHROMIUM, faults, MANNERS, type Manner, openReader, overflow, type Reader, seen, WIDTHS } from './browser.ts'
import { type Scene, startCalm, startTrouble } from './sites.ts'

const SCENES = { calm: startCalm, trouble: startTrouble } as const
type SceneName = keyof typeof SCENES

const PATIENCE = 120_000
const scenes = new Map<SceneName, Scene>()
const siteOf = (scene: SceneName) => scenes.get(scene)!.site

interface Row {
  readonly name: Readonly<Record<Language, string>>
  readonly status: keyof typeof CONDITIONS.fr
  readonly checks: readonly { readonly state: string; readonly reason: string | null }[]
}

/** Every service as the machines' document tells it; what is nothing but slow is called so on the page. */
const rowsOf = async (scene: SceneName) => {
  const text = await siteOf(scene).get('/api/vigie/status.json')
  return (JSON.parse(text) as { services: readonly Row[] }).services.map((row): Row => {
    const slow = row.checks.every(({ state, reason }) => state === 'up' || reason === 'slow')
    return row.status === 'degraded_performance' && slow ? { ...row, status: 'slow' } : row
  })
}

/** What the page may call a service of which its last sure status is known: a well one may be in doubt at that moment. */
const wordsOn = ({ status }: Row, language: Language): readonly string[] =>
  status === 'operational' ? [CONDITIONS[language][status], DOUBTED[language]] : [CONDITIONS[language][status]]

/** What the page says, as a person sees it. Every white space, no-break ones too, as one space. */
const flat = (text: string) => text.replace(/\s+/g, ' ')

beforeAll(async () => {
  for (const [name, start] of Object.entries(SCENES)) scenes.set(name as SceneName, await start())
}, 300_000)

afterAll(async () => {
  for (const scene of scenes.values()) await scene.stop()
}, 60_000)

whenPresent([CHROMIUM])('the home page in Chromium', () => {
  let reader: Reader

  beforeAll(async () => {
    reader = await openReader()
  }, 150_000)

  afterAll(async () => {
    await reader?.stop()
  }, 60_000)

  const views = (Object.keys(SCENES) as SceneName[]).flatMap((scene) =>
    LANGUAGES.flatMap((language) =>
      (Object.keys(MANNERS) as Manner[]).map((manner) => [scene, language, manner] as const),
    ),
  )

  it.each(views)(
    'when all is %s, in %s, %s: fits at any width, is whole, clean, and calls nobody',
    async (scene, language, manner) => {
      const { url } = siteOf(scene)
      const visit = await reader.visit(`${url}/${language}/`, { width: WIDTHS[0], manner })
      try {
        const { page } = visit
        expect(await page.locator('h1').count()).toBe(1)
        expect(await page.locator('html').getAttribute('lang')).toBe(language)
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 740 })
          expect(await overflow(page), `nothing to scroll sideways at ${width} px`).toBeLessThanOrEqual(0)
          if (manner !== 'no JavaScript') expect(await faults(page), `axe at ${width} px`).toEqual([])
        }
        const text = flat(await seen(page))
        for (const row of await rowsOf(scene)) {
          expect(text).toContain(flat(row.name[language]))
          const words = wordsOn(row, language)
          expect(
            words.filter((word) => text.includes(word)),
            `one of ${words}`,
          ).not.toEqual([])
        }
        expect([...visit.asked.keys()].filter((asked) => new URL(asked).origin !== new URL(url).origin)).toEqual([])
        expect([...visit.asked].filter(([, status]) => status >= 400)).toEqual([])
        expect(visit.complaints).toEqual([])
      } finally {
        await visit.close()
      }
    },
    PATIENCE,
  )

  it(
    'lets the keyboard skip to the services',
    async () => {
      const visit = await reader.visit(`${siteOf('trouble').url}/fr/`, { width: 360, manner: 'light' })
      try {
        await visit.page.keyboard.press('Tab')
        await visit.page.keyboard.press('Enter')
        expect(new URL(visit.page.url()).hash).toBe('#services')
        await visit.page.keyboard.press('Tab')
        expect(await visit.page.locator('#services :focus').count()).toBe(1)
      } finally {
        await visit.close()
      }
    },
    PATIENCE,
  )

  it.each(['light', 'dark', 'forced colours'] as const)(
    'says that a page is not there, %s, as cleanly',
    async (manner) => {
      const visit = await reader.visit(`${siteOf('calm').url}/nothing/here`, { width: 320, manner })
      try {
        expect(visit.asked.get(`${siteOf('calm').url}/nothing/here`)).toBe(404)
        expect(await overflow(visit.page)).toBeLessThanOrEqual(0)
        expect(await faults(visit.page)).toEqual([])
      } finally {
        await visit.close()
      }
    },
    PATIENCE,
  )
})

const TEXT_BROWSERS = {
  lynx: ['-dump', '-nolist', '-width=80', '-display_charset=utf-8'],
  w3m: ['-dump', '-cols', '80', '-O', 'UTF-8'],
} as const

whenPresent(Object.keys(TEXT_BROWSERS))('the home page in a browser of text alone', () => {
  it.each(
    (Object.keys(TEXT_BROWSERS) as (keyof typeof TEXT_BROWSERS)[]).flatMap((program) =>
      (Object.keys(SCENES) as SceneName[]).flatMap((scene) =>
        LANGUAGES.map((language) => [program, scene, language] as const),
      ),
    ),
  )(
    '%s, when all is %s, in %s: says of each service how it is, in the order of the page',
    async (program, scene, language) => {
      const address = `${siteOf(scene).url}/${language}/`
      const env = { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: siteOf(scene).data }
      const { stdout } = await promisify(execFile)(program, [...TEXT_BROWSERS[program], address], {
        env,
        timeout: 60_000,
      })
      const text = flat(stdout)
      for (const row of await rowsOf(scene)) {
        const told = wordsOn(row, language).map((word) => flat(`${row.name[language]}, ${word}`))
        expect(
          told.filter((one) => text.includes(one)),
          `one of ${told}`,
        ).toHaveLength(1)
      }
      expect(text).not.toMatch(/\[(IMG|INLINE|svg)|undefined|\[object/i)
    },
    PATIENCE,
  )
})
