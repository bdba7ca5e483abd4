import { describe, expect, test } from 'vitest'
import type { Picture } from '../../src/core/picture.ts'
import { LANGUAGES, type Language } from '../../src/core/text.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time.ts'
import { storiesOf } from '../../src/page/outage-words.ts'
import { sectionsOf } from '../../src/page/past-files.ts'
import { openViews } from '../../src/page/views.ts'
import { almanacOf, outageOf } from './past.ts'
import { catalogue, EVERY_MOMENT, MOMENTS, NOON, pictureOf, serviceOf } from './pictures.ts'

const views = openViews('views')

function filesOf(picture: Picture, almanac = almanacOf(picture)): ReadonlyMap<string, string> {
  const files = sectionsOf(picture, almanac, views).flatMap((section) => [...section.files()])
  return new Map(files.map(({ path, body }) => [path, body]))
}

const textOf = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
    .replace(/\s+/g, ' ')

describe.each(EVERY_MOMENT)('the pages of the past when it is %s', (_name, picture) => {
  const files = filesOf(picture)

  test('have one heading each, and lead only where there is something', () => {
    for (const [path, body] of files) {
      if (!path.endsWith('.html')) continue
      expect(body.match(/<h1[ >]/g), path).toHaveLength(1)
      for (const [, href] of body.matchAll(/ href="((?:\.\.\/)+[^"#]*)"/g)) {
        const target = new URL(href!, `file:///${path}`).pathname.slice(1).replace(/(^|\/)$/, '$1index.html')
        const home = /^(fr|en)?\/?index\.html$|^api\/v|\.atom$/.test(target)
        expect(home || files.has(target), `${path} → ${href}`).toBe(true)
      }
      expect(body).not.toContain('undefined')
      expect(body).not.toContain('>null')
      expect(body).not.toContain('NaN')
    }
  })
})

describe('the page of a service', () => {
  const page = (picture: Picture, language: Language = 'fr') =>
    filesOf(picture).get(`${language}/services/mail/index.html`)!

  test('tells its checks, days, response times and outages', () => {
    const text = textOf(page(MOMENTS.partly))
    expect(text).toContain('Envoyer du courriel Ne fonctionne pas, la connexion est refusée')
    expect(text).toContain('C’est chez nous, pas chez vous : confirmé par 2 sites sur 2 (Grenoble et Paris).')
    expect(text).toContain('En attendant : gardez vos envois dans les brouillons')
    expect(text).toMatch(/Disponibilité 99,98 %/)
    expect(text).toMatch(/Le plus souvent \d+ ms/)
    expect(text).toContain('23 novembre, 14:02 → en cours')
    expect(page(MOMENTS.partly).match(/<tr><th scope="row">/g)).toHaveLength(90)
  })

  test('says nothing that is for admins', () => {
    for (const body of filesOf(MOMENTS.partly).values()) expect(body).not.toContain('secret')
  })

  test('is there as JSON, with the same figures', () => {
    const document = JSON.parse(filesOf(MOMENTS.partly).get('api/vigie/services/mail.json')!) as {
      version: number
      id: string
      days: { date: string; outage_s: number | null }[]
      responses: { check: string; day: unknown[]; quarter: [string, ...unknown[]][] }[]
      outages: { ended: string | null; checks: object[] }[]
    }
    expect(document).toMatchObject({ version: 1, id: 'mail', status: 'partial_outage' })
    expect(document.days).toHaveLength(90)
    expect(document.days[0]).toMatchObject({ outage_s: null })
    expect(document.days.at(-1)).toMatchObject({ date: '2026-11-23', partial_s: 600 })
    expect(document.responses[0]!.day.length).toBeGreaterThan(200)
    expect(document.responses[0]!.quarter[0]![0]).toBe('2026-09-11')
    expect(document.outages[0]).toMatchObject({ ended: null, checks: [{ id: 'mail.smtp' }] })
  })
})

describe('the history', () => {
  test('goes month by month, with a page for each', () => {
    const files = filesOf(MOMENTS.allWell)
    const months = [...files.keys()].filter((path) => /^fr\/history\/\d/.test(path))
    expect(months).toEqual(['2026-11', '2026-10', '2026-09'].map((month) => `fr/history/${month}/index.html`))
    expect(textOf(files.get('fr/history/2026-10/index.html')!)).toContain('24 octobre, 15:12 → 15:29 (17 min)')
    expect(textOf(files.get('en/history/2026-09/index.html')!)).toContain('When we saw nothing')
  })

  test('of a month that is over does not change from day to day', () => {
    const [today, tomorrow] = [NOON, NOON + DAY].map((at) =>
      filesOf({ ...MOMENTS.allWell, at, nextBy: at + MINUTE }, almanacOf()).get('fr/history/2026-10/index.html'),
    )
    expect(today).toBe(tomorrow)
  })

  test('carries a year of outages', () => {
    const outages = Array.from({ length: 365 }, (_, n) => outageOf('mail', NOON - n * DAY - HOUR, 20 * MINUTE))
    const files = filesOf(MOMENTS.allWell, { ...almanacOf(), outages: () => outages })
    expect([...files.keys()].filter((path) => /^fr\/history\/\d/.test(path))).toHaveLength(13)
    expect(files.get('fr/history/index.html')!.length).toBeLessThan(80_000)
  })

  test('tells as one story what fell and came back together', () => {
    const together = ['mail', 'files'].map((id, at) => outageOf(id, NOON + at * MINUTE, HOUR))
    const apart = outageOf('pads', NOON, 3 * HOUR)
    const stories = storiesOf([...together, apart, outageOf('mail', NOON + DAY, null)])
    expect(stories.map(({ outages }) => outages.map(({ service }) => service))).toEqual([
      ['mail'],
      ['pads'],
      ['mail', 'files'],
    ])
    expect(storiesOf([])).toEqual([])
  })
})

describe('the method', () => {
  test.each(LANGUAGES)('names the witnesses and tells how each outage was found (%s)', (language) => {
    const text = textOf(filesOf(MOMENTS.oneDown).get(`${language}/method/index.html`)!)
    expect(text).toContain('www.debian.org')
    expect(text).toContain(
      language === 'fr' ? 'Constatée par 2 sites (Grenoble et Paris)' : 'Seen by 2 sites (Grenoble and Paris)',
    )
  })
})

describe('hard cases', () => {
  test('names of 80 characters, from right to left, hostile ones, one service alone', () => {
    const names = [{ fr: 'x'.repeat(80) }, { fr: 'بريد إلكتروني' }, { fr: '<script>"&' }]
    for (const name of names) {
      const files = filesOf(pictureOf([serviceOf('mail', name, null)]))
      for (const [path, body] of files) {
        if (!path.endsWith('.html')) continue
        expect(body.replace(/<script src="[./]*vigie\.js" defer><\/script>/, '')).not.toContain('<script')
      }
      expect(files.get('fr/services/mail/index.html')).toContain('dir="auto"')
    }
  })

  test('a site that was never anything yet', () => {
    const picture = pictureOf([])
    expect([...filesOf(picture, { ...almanacOf(picture), blind: () => [] }).keys()]).toContain(
      'fr/history/2026-11/index.html',
    )
  })

  test('sixty services', () => {
    const services = Array.from({ length: 60 }, (_, n) =>
      serviceOf(`service-${n}`, { fr: `Service ${n}` }, 'documents'),
    )
    expect(filesOf(pictureOf([...catalogue(), ...services])).size).toBeGreaterThan(60 * 3)
  })
})
