import { describe, expect, test } from 'vitest'
import type { IncidentPicture, Picture } from '../../src/core/shown/picture.ts'
import { LANGUAGES, type Language } from '../../src/core/text.ts'
import { DAY, HOUR, MINUTE } from '../../src/core/time/time.ts'
import { sectionsOf } from '../../src/page/folder/past-files.ts'
import { episodesOf } from '../../src/page/pages/episodes.ts'
import { openViews } from '../../src/page/pages/views.ts'
import { serviceRow } from '../../src/page/programs/status.ts'
import { storiesOf } from '../../src/page/words/stories.ts'
import { almanacOf, hangingOn, outageOf } from './past.ts'
import { catalogue, checkOf, EVERY_MOMENT, MOMENTS, NOON, pictureOf, serviceOf } from './pictures.ts'
import { EVERY_SPOKEN, incident, over, SPOKEN, work } from './said.ts'

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

describe.each([...EVERY_MOMENT, ...EVERY_SPOKEN])('the pages of the past when it is %s', (_name, picture) => {
  const files = filesOf(picture)

  test('have one heading each, and lead only where there is something', () => {
    for (const [path, body] of files) {
      if (!path.endsWith('.html')) continue
      expect(body.match(/<h1[ >]/g), path).toHaveLength(1)
      for (const [, href] of body.matchAll(/ href="((?:\.\.\/)+[^"#]*)"/g)) {
        const target = new URL(href!, `file:///${path}`).pathname.slice(1).replace(/(^|\/)$/, '$1index.html')
        const home = /^(fr|en)?\/?index\.html$|^api\/v|\.atom$|(?:^|\/)calendar\.ics$/.test(target)
        expect(home || files.has(target), `${path} → ${href}`).toBe(true)
      }
      expect(body).not.toContain('undefined')
      expect(body).not.toContain('>null')
      expect(body).not.toContain('NaN')
    }
  })
})

test('members read no name of a site whose place nobody told', () => {
  const { hoster } = MOMENTS.oneDown
  const sites = [{ ...hoster.sites[0]!, id: 'cellar', where: null }]
  const sure = { confirmed: 1, of: 1, sites: ['cellar'], note: 'one_site' } as const
  const services = MOMENTS.oneDown.services.map((service) => ({
    ...service,
    confidence: sure,
    checks: service.checks.map((check) => ({ ...check, sites: [{ ...check.sites[0]!, site: 'cellar' }] })),
  }))
  const picture = { ...MOMENTS.oneDown, site: 'cellar', hoster: { ...hoster, sites }, services }
  const outages = [outageOf('mail', NOON - DAY, 20 * MINUTE)].map((outage) => ({
    ...outage,
    confidence: sure,
    rule: '7',
  }))
  const files = filesOf(picture, { ...almanacOf(picture), outages: () => outages })
  const pages = [...files].filter(([path]) => path.endsWith('.html'))
  expect(pages.length).toBeGreaterThan(20)
  for (const [path, body] of pages) expect(textOf(body), path).not.toContain('cellar')
  expect(textOf(files.get('fr/services/mail/index.html')!)).toContain('constaté depuis un seul endroit.')
  expect(textOf(files.get('fr/method/index.html')!)).toContain('Constatée depuis un endroit : plusieurs échecs')
})

describe('the page of a service', () => {
  const page = (picture: Picture, language: Language = 'fr') =>
    filesOf(picture).get(`${language}/services/mail/index.html`)!

  test('tells what each of several sites sees, and when one saw nothing', () => {
    const checks = [
      checkOf('mail.smtp', {
        state: 'partial',
        sites: (['up', 'down'] as const).map((state, at) => ({
          site: ['home', 'offsite'][at]!,
          state,
          at: NOON,
          failures: 0,
          suspectSince: null,
        })),
      }),
    ]
    const apart = { confirmed: 1, of: 2, sites: ['home'], note: 'disagree' } as const
    const mail = { status: 'partial_outage', state: 'partial', confidence: apart, checks } as const
    const picture = pictureOf(catalogue({ mail }), { status: 'partial_outage' })
    const text = textOf(page(picture))
    expect(text).toContain('Cela dépend du chemin : joignable depuis Grenoble, pas depuis Paris.')
    expect(text).toContain('Depuis Grenoble : fonctionne ; depuis Paris : ne fonctionne pas.')
    expect(text).toContain('Grenoble : 2 fois, 3 h 12 min en tout')
    expect(text).toContain('Les 24 dernières heures, depuis Paris')
    expect(page(picture).match(/<div class="sight">/g)).toHaveLength(2)
    const document = JSON.parse(filesOf(picture).get('api/vigie/services/mail.json')!) as {
      responses: { check: string; site: string }[]
      sites: Record<string, { blind: { from: string }[] }>
    }
    expect(document.responses.map(({ check, site }) => [check, site])).toEqual([
      ['mail.smtp', 'home'],
      ['mail.smtp', 'offsite'],
    ])
    expect(document.sites.offsite!.blind).toHaveLength(1)
  })

  test('tells its checks, days, response times and outages', () => {
    const text = textOf(page(MOMENTS.partly))
    expect(text).toContain('Envoyer du courriel Ne fonctionne pas, le serveur refuse la connexion. Vu')
    expect(text).toContain('C’est chez nous, pas chez vous : constaté depuis 2 endroits sur 2 (Grenoble et Paris).')
    expect(text).toContain('En attendant : gardez vos messages dans les brouillons')
    expect(text).toMatch(/Disponibilité depuis le \d+ [a-zé.]+ 99,98 %/)
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
    expect(document).toMatchObject(serviceRow(MOMENTS.partly.services.find(({ service }) => service.id === 'mail')!))
  })
})

describe('the history', () => {
  test('goes month by month, with a page for each', () => {
    const files = filesOf(MOMENTS.allWell)
    const months = [...files.keys()].filter((path) => /^fr\/history\/\d/.test(path))
    expect(months).toEqual(['2026-11', '2026-10', '2026-09'].map((month) => `fr/history/${month}/index.html`))
    expect(textOf(files.get('fr/history/2026-10/index.html')!)).toContain('24 octobre, 15:12 → 15:29 (17 min)')
    expect(textOf(files.get('en/history/2026-09/index.html')!)).toContain('When we could check nothing')
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

  test('tells apart two outages of one service, however close', () => {
    const twice = [outageOf('mail', NOON - HOUR, MINUTE), outageOf('mail', NOON - HOUR + 100_000, MINUTE)]
    expect(storiesOf(twice).map(({ since, ended }) => ended! - since)).toEqual([MINUTE, MINUTE])
  })

  test('names the cause first, whatever failed before it', () => {
    const picture = hangingOn('hetzner', MOMENTS.allWell)
    const fell = ['website', 'mail', 'hetzner', 'files'].map((id, at) => outageOf(id, NOON - HOUR + at * 5_000, MINUTE))
    const files = filesOf(picture, { ...almanacOf(picture), outages: () => fell })
    expect(textOf(files.get('fr/history/index.html')!)).toContain('Serveur principal · Site web · Courriel · Fichiers')
  })
})

describe('the method', () => {
  test.each(LANGUAGES)('names the witnesses and tells how each outage was found (%s)', (language) => {
    const text = textOf(filesOf(MOMENTS.oneDown).get(`${language}/method/index.html`)!)
    expect(text).toContain('www.debian.org')
    expect(text).toContain(
      language === 'fr'
        ? 'Constatée depuis 2 points de mesure (Grenoble et Paris)'
        : 'Seen from 2 measuring points (Grenoble and Paris)',
    )
  })
})

test.each([
  ['fr', 'La maintenance a pris fin hier à 14:12, la panne non.', 'Premier échec'],
  ['en', 'The maintenance ended yesterday at 14:12, the outage did not.', 'First failure'],
] as const)('names no first failure of an outage that outlasted planned work (%s)', (language, told, first) => {
  const since = NOON - DAY
  const outages = [outageOf('mail', since, HOUR, [], { opened: since, outlasted: true })]
  const past = (id: string) => ({ service: id, responses: [], sights: [], outages: id === 'mail' ? outages : [] })
  const files = filesOf(MOMENTS.allWell, { past, outagesOf: () => [], outages: () => outages, blind: () => [] })
  for (const path of ['history', 'services/mail', 'method']) {
    const text = textOf(files.get(`${language}/${path}/index.html`)!)
    expect(text, path).toContain(told)
    expect(text, path).not.toContain(first)
  }
})

test('the method says after how many good looks an outage is over', () => {
  const rule = { every: MINUTE, retry: 15_000, fall: 3 }
  const overAfter = (rise: number) => {
    const checks = [{ id: 'mail.http', kind: 'http', depends: [], heartbeat: null, rule: { ...rule, rise } }]
    const mail = serviceOf('mail', { en: 'E-mail' }, null, {}, { checks } as never)
    return textOf(filesOf(pictureOf([mail])).get('en/method/index.html')!)
  }
  expect(overAfter(4)).toContain('answers again, 4 times in a row.')
  expect(overAfter(1)).toContain('answers again.')
})

describe('the page of an incident', () => {
  const page = (picture: Picture, id: string, language: Language = 'fr') =>
    filesOf(picture).get(`${language}/incidents/${id}/index.html`)!

  test('tells what it is, how it stands, whom it concerns, and every update, the newest first', () => {
    const html = page(SPOKEN.said, 'inc000000042', 'en')
    const text = textOf(html)
    expect(text).toContain('E-mail: the server no longer answers Cause found, since 23 November 2026 at 14:02')
    expect(text).toContain('Services concerned: E-mail')
    expect(html).toContain('<div class="incident is-major_outage">')
    expect(text).toMatch(
      /Cause found 23 November 2026 at 14:10 Le disque .*Looking for the cause 23 November 2026 at 14:05/,
    )
    expect(html).toMatch(/<div class="prose" lang="fr" dir="auto">\s*<p>Le disque est plein/)
    expect(html).toContain('<strong>looking</strong>')
    expect(text).toContain('What our machines measured')
    expect(text).toContain('23 November 2026, 14:02 → not over')
  })

  test('of one that is over tells from when to when, what was corrected, and what was learnt', () => {
    const text = textOf(page(SPOKEN.said, 'inc000000007'))
    expect(text).toContain('Terminé, le 14 novembre 2026, de 14:12 à 15:47 (1 h 35 min)')
    expect(text).toContain('Messagerie instantanée Matrix · gone')
    expect(text).toContain('Corrigé le 14 novembre 2026 à 14:21.')
    expect(text).toContain('Après coup Une mise à jour a rempli la mémoire.')
    expect(text).not.toContain('Vérifié')
  })

  test('of one that is over is the same years later', () => {
    const year = 365 * DAY
    const [then, later] = [NOON, NOON + 3 * year].map((at) =>
      page({ ...SPOKEN.said, at, nextBy: at + MINUTE, changed: at }, 'inc000000007'),
    )
    expect(later).toBe(then)
  })

  test('says when nobody but the monitor wrote it', () => {
    expect(textOf(page(SPOKEN.saidAlone, 'inc000000042'))).toContain('Publié automatiquement par notre surveillance')
    expect(textOf(page(SPOKEN.said, 'inc000000042'))).not.toContain('automatiquement')
  })

  test('lets no text out of its place', () => {
    const hostile = '</div><script>alert(1)</script> [x](javascript:alert(1)) "onload="'
    const picture = {
      ...SPOKEN.said,
      incidents: [over({ title: { fr: hostile }, postmortem: { text: { en: hostile }, at: NOON } })],
    }
    const html = page(picture, 'inc000000007').replace(/<script src="[./]*vigie\.js" defer><\/script>/, '')
    expect(html).not.toContain('<script')
    expect(html).not.toContain('href="javascript')
    expect(html).not.toMatch(/<meta[^>]*"onload/)
  })
})

describe('the page of maintenance', () => {
  const page = (picture: Picture, language: Language = 'fr') =>
    filesOf(picture).get(`${language}/maintenance/index.html`)!

  test('tells what is under way, to come and past, each time at its own anchor', () => {
    const html = page(SPOKEN.planned)
    const text = textOf(html)
    expect(text).toMatch(/En ce moment New disk En cours, le 23 novembre, de 13:12 à 15:12 \(2 h\).*À venir .*Passé /)
    for (const { id } of SPOKEN.planned.maintenances) expect(html.split(` id="time-${id}"`)).toHaveLength(2)
    expect(html).toMatch(/<s>Déplacement de la baie<\/s>.*Annulée/s)
    expect(text).toContain('La moitié est faite.')
    expect(text).toContain('se répète')
    expect(html).toContain('href="../../fr/calendar.ics"')
    expect(html).toContain('<h3 dir="auto" lang="en">')
  })

  test('is in the navigation once there was any', () => {
    const history = (picture: Picture) => filesOf(picture).get('fr/history/index.html')!
    expect(history(SPOKEN.planned)).toContain('href="../../fr/maintenance/"')
    expect(history(MOMENTS.allWell)).not.toContain('maintenance/"')
    expect(textOf(page(MOMENTS.allWell))).toContain('Rien n’est prévu')
  })

  test('stays light however often work repeats', () => {
    const maintenances = Array.from({ length: 3_000 }, (_, at) =>
      work({
        id: `mnt${at}`,
        begins: NOON - (2_900 - at) * DAY,
        ends: NOON - (2_900 - at) * DAY + HOUR,
        repeats: true,
      }),
    )
    const html = page({ ...SPOKEN.planned, maintenances })
    expect(html.match(/ id="time-/g)!.length).toBeLessThan(210)
    expect(textOf(html)).toContain('Et 2800 plus anciennes.')
  })
})

describe('incidents beside outages', () => {
  test('are one story in the history and on the page of the service', () => {
    const files = filesOf(SPOKEN.said)
    for (const path of ['fr/history/index.html', 'fr/history/2026-11/index.html', 'fr/services/mail/index.html']) {
      const text = textOf(files.get(path)!)
      expect(text, path).toMatch(/23 novembre, 14:02 → en cours Courriel : le serveur ne répond plus Cause trouvée/)
      expect(text, path).toContain('Mesuré : Courriel, 23 novembre 14:02 → en cours')
      expect(text.match(/23 novembre, 14:02 →/g), path).toHaveLength(1)
    }
    expect(textOf(files.get('fr/history/index.html')!)).toContain('2 incidents')
    expect(textOf(files.get('fr/services/matrix/index.html')!)).toContain(
      'Matrix muet le temps d’un redémarrage Terminé',
    )
    expect(textOf(files.get('fr/services/files/index.html')!)).not.toContain('ne répond plus')
  })

  test('stand open on the page of their service, with its planned work', () => {
    const text = textOf(filesOf(SPOKEN.saidOfTwo).get('en/services/matrix/index.html')!)
    expect(text).toContain('Rooms out of order · outage since 14:02 At 14:10 · Looking for the cause:')
    expect(text).toContain('The team says so. Our own checks say it works.')
    expect(text).toContain('Maintenance planned on 24 November, from 14:12 to 16:12: Synapse upgrade')
    expect(text).not.toContain('New disk')
  })

  test('of months that are over stay bounded, whatever befell', () => {
    const incidents = Array.from({ length: 2_000 }, (_, n) =>
      over({ id: `inc${n}`, started: NOON - 40 * DAY - n * MINUTE, resolved: NOON - 40 * DAY - n * MINUTE + HOUR }),
    )
    const files = filesOf({ ...SPOKEN.said, incidents })
    expect(files.get('fr/history/index.html')!.length).toBeLessThan(80_000)
    expect(files.get('fr/history/2026-10/index.html')!.length).toBeLessThan(300_000)
    expect(textOf(files.get('fr/history/2026-10/index.html')!)).toMatch(/Et \d+ autres\./)
    expect([...files.keys()].filter((path) => path.startsWith('fr/incidents/'))).toHaveLength(30)
  })
})

describe('episodes', () => {
  const long = outageOf('mail', NOON - 2 * HOUR, HOUR)

  test('give an outage to the incident that was written about it, else to the first that names its service meanwhile', () => {
    const named = incident({ id: 'a', started: NOON - 90 * MINUTE })
    const other = incident({ id: 'b', started: NOON - 80 * MINUTE })
    const meant = incident({ id: 'c', services: [], started: NOON, outages: [long.id] })
    const owner = (...incidents: IncidentPicture[]) =>
      episodesOf(incidents, [long]).find(({ stories }) => stories.length > 0)?.incident?.id
    expect(owner(other, named)).toBe('a')
    expect(owner(other, named, meant)).toBe('c')
    expect(owner(incident({ services: ['files'], started: NOON - 90 * MINUTE }))).toBe(undefined)
    expect(owner(incident({ started: NOON - 30 * MINUTE }))).toBe(undefined)
    expect(owner(over({ services: ['mail'], started: NOON - 5 * HOUR, resolved: NOON - 3 * HOUR }))).toBe(undefined)
  })

  test('lose no outage and tell none twice', () => {
    const outages = Array.from({ length: 40 }, (_, n) =>
      outageOf(n % 2 ? 'mail' : 'files', NOON - n * HOUR, 20 * MINUTE),
    )
    const told = episodesOf([incident({ started: NOON - 10 * HOUR }), over()], outages)
    const ids = told.flatMap(({ stories }) => stories.flatMap((story) => story.outages.map(({ id }) => id)))
    expect(ids.toSorted()).toEqual(outages.map(({ id }) => id).toSorted())
    expect(told.map(({ since }) => since)).toEqual(told.map(({ since }) => since).toSorted((a, b) => b - a))
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
