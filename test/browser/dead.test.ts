// A page that outlived its monitor, as browsers show it: in the past tense, until somebody renews it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Picture } from '../../src/core/shown/picture.ts'
import { LANGUAGES } from '../../src/core/text.ts'
import { HOUR, MINUTE } from '../../src/core/time/time.ts'
import { CONDITIONS } from '../../src/page/words/words.ts'
import { type RunningSite, runSite } from '../http/site.ts'
import { MOMENTS } from '../page/pictures.ts'
import { whenPresent } from '../real/present.ts'
import { CHROMIUM, faults, openReader, type Reader, seen } from './browser.ts'

/** Pages stand for an hour and more; this one was to be renewed two hours ago. */
const renewedAt = (at: number): Picture => ({ ...MOMENTS.oneDown, at, nextBy: at + 2 * MINUTE })
const gone = () => renewedAt(Date.now() - 4 * HOUR)

let site: RunningSite

beforeAll(async () => {
  site = await runSite({}, gone())
}, 60_000)

afterAll(() => site.close())

whenPresent([CHROMIUM])('a page whose monitor died', () => {
  let reader: Reader

  beforeAll(async () => {
    reader = await openReader()
  }, 150_000)

  afterAll(async () => {
    await reader?.stop()
  }, 60_000)

  it.each(LANGUAGES)(
    'speaks of every service as it was, cleanly, and names the other page (%s)',
    async (language) => {
      const visit = await reader.visit(`${site.url}/${language}/`, { width: 360, manner: 'light' })
      try {
        await visit.page.locator('html.old').waitFor()
        const words = await visit.page.locator('li.service .word').allInnerTexts()
        const then = { fr: /^À \d\d:\d\d\u00a0: (en service|en panne)$/, en: /^At \d\d:\d\d: (working|down)$/ }[
          language
        ]
        for (const word of words) expect(word).toMatch(then)
        const text = await seen(visit.page)
        expect(text).toContain({ fr: 'Dernière vérification\u00a0: il y a 4 h', en: 'Last verified 4 h ago' }[language])
        expect(text).toContain({ fr: 'écrivez\u2011nous', en: 'write to us' }[language])
        expect(await visit.page.locator('#stale a').last().getAttribute('href')).toBe('mailto:contact@nomagic.example')
        expect(await visit.page.locator('#stale a').first().getAttribute('href')).toBe('https://b.status.example')
        for (const condition of ['operational', 'major_outage'] as const)
          expect(text.split('\n')).not.toContain(CONDITIONS[language][condition])
        expect(text).not.toContain({ fr: 'Vérifié le', en: 'Verified on' }[language])
        expect(await faults(visit.page)).toEqual([])
        expect(visit.complaints).toEqual([])
      } finally {
        await visit.close()
      }
    },
    120_000,
  )

  it('says so on a page of the past, too, which is written once a day', async () => {
    const visit = await reader.visit(`${site.url}/fr/services/mail/`, { width: 360, manner: 'light' })
    try {
      await visit.page.locator('html.old').waitFor()
      expect(await visit.page.locator('.standing .word').innerText()).toMatch(/^À \d\d:\d\d\u00a0: en panne$/)
      expect(await faults(visit.page)).toEqual([])
    } finally {
      await visit.close()
    }
  }, 120_000)

  it('speaks of now again once it is renewed', async () => {
    const visit = await reader.visit(`${site.url}/fr/`, { width: 360, manner: 'light' })
    try {
      await visit.page.clock.install()
      await visit.page.reload()
      await visit.page.locator('html.old').waitFor()
      await site.publisher.publish(() => renewedAt(Date.now()))
      await site.publisher.settled()
      await visit.page.clock.runFor(MINUTE)
      await visit.page.locator('html:not(.old)').waitFor()
      expect(await visit.page.locator('#service-mail .word').innerText()).toBe(CONDITIONS.fr.major_outage)
    } finally {
      await visit.close()
      await site.publisher.publish(() => gone())
    }
  }, 120_000)
})
