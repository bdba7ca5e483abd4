import { createHash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Service } from '../../../src/core/check.ts'
import type { Picture } from '../../../src/core/shown/picture.ts'
import { LANGUAGES, type Language, say } from '../../../src/core/text.ts'
import { DAY, MINUTE } from '../../../src/core/time/time.ts'
import { legendOf } from '../../../src/page/pages/catalogue.ts'
import { renderHome as render } from '../../../src/page/pages/home.ts'
import { openViews, type Views } from '../../../src/page/pages/views.ts'
import { isDoubted, wordOn } from '../../../src/page/words/trouble.ts'
import { CONDITIONS } from '../../../src/page/words/words.ts'
import {
  catalogue,
  checkOf,
  DOWN,
  EVERY_MOMENT,
  MOMENTS,
  NOON,
  OUTAGE,
  pictureOf,
  serviceOf,
  thirtyServices,
} from '../pictures.ts'
import { EVERY_SPOKEN, incident, SPOKEN } from '../said.ts'

const views = openViews('views')
/** With nothing over lately. */
const renderHome = (picture: Picture, language: Language, top: boolean, pages: Views) =>
  render(picture, [], language, top, pages)
const page = (moment: keyof typeof MOMENTS, language: Language) => renderHome(MOMENTS[moment], language, false, views)

const VOID = new Set(['meta', 'link', 'br', 'img', 'input', 'hr'])

/** Every tag closed, in order, every attribute quoted: what a strict reader would insist on. Returns the tags. */
function tagsOf(html: string): readonly string[] {
  const body = html.replace('<!DOCTYPE html>\n', '')
  const open: string[] = []
  const all: string[] = []
  for (const [tag, closing, name, attributes, empty] of body.matchAll(
    /<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g,
  )) {
    all.push(tag)
    if (closing === '/') expect(open.pop()).toBe(name)
    else if (empty !== '/' && !VOID.has(name!)) open.push(name!)
    expect(attributes).not.toMatch(/\sstyle=|\son[a-z]+=/)
  }
  expect(open).toEqual([])
  const rest = body.replace(/<style>.*?<\/style>/s, '').replace(/<\/?[a-zA-Z][^<>]*>/g, '')
  expect(rest).not.toMatch(/[<>]/)
  return all
}

const textOf = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]*>/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll('&#39;', "'")
    .replace(/\s+/g, ' ')

describe.each([...EVERY_MOMENT, ...EVERY_SPOKEN])('the home page when it is %s', (_name, picture) => {
  test.each(LANGUAGES)('is well-formed, with icon, word and moment for each service (%s)', (language) => {
    const html = renderHome(picture, language, false, views)
    const tags = tagsOf(html)
    expect(tags.filter((tag) => tag === '<h1>')).toHaveLength(1)
    expect(html).toContain(`<html lang="${language}">`)
    for (const service of picture.services) {
      const row = new RegExp(
        `<li class="service is-${isDoubted(service) ? 'unknown' : service.status}" id="service-${service.service.id}">.*?</li>`,
        's',
      ).exec(html)
      const text = textOf(row![0])
      expect(row![0]).toMatch(/<svg [^>]*aria-hidden="true"/)
      expect(text).toContain(say(service.service.name, language))
      expect(text).toContain(wordOn(service, language).word)
      if (isDoubted(service)) expect(text).not.toContain(CONDITIONS[language].operational)
    }
    expect(html).toContain(`<time datetime="${new Date(picture.at).toISOString()}">`)
  })

  test('asks nobody else for anything and needs no script', () => {
    const html = renderHome(picture, 'fr', true, views)
    expect(html.replace('<script src="vigie.js" defer></script>', '')).not.toMatch(
      /<script|<img|<iframe|@import|url\((?!#)|\ssrc=/,
    )
    for (const [, address] of html.matchAll(/<link [^>]*href="([^"]*)"/g)) expect(address).toMatch(/^(data:|fr\/|en\/)/)
  })
})

describe('the home page', () => {
  test('allows its own style by its hash, and nothing else', () => {
    const html = page('allWell', 'fr')
    const style = /<style>(.*?)<\/style>/s.exec(html)![1]!
    const hash = createHash('sha256').update(style).digest('base64')
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'`
    expect(html).toContain(`<meta http-equiv="Content-Security-Policy" content="${policy}">`)
    expect(views.headerPolicy).toBe(`${policy}; frame-ancestors 'none'`)
  })

  test('links every language, for people and for machines', () => {
    for (const [top, base] of [
      [true, ''],
      [false, '../'],
    ] as const) {
      const html = renderHome(MOMENTS.allWell, 'fr', top, views)
      expect(html).toContain(`<link rel="alternate" hreflang="en" href="${base}en/">`)
      expect(html).toContain(`<a href="${base}en/" lang="en" hreflang="en">English</a>`)
      expect(html).toContain(`<link rel="alternate" hreflang="fr" href="${base}fr/">`)
    }
  })

  test('leads to the same pages from the top of the folder, and says of another moment what holds then', () => {
    const { oneDown } = MOMENTS
    const hrefs = (html: string) => [...html.matchAll(/class="name" href="([^"]*)"/g)].map(([, href]) => href!)
    const [top, within] = [true, false].map((top) => hrefs(renderHome(oneDown, 'fr', top, views)))
    expect(top![0]).toMatch(/^fr\/services\//)
    expect(within).toEqual(top!.map((href) => `../${href}`))
    const later = { ...oneDown, at: oneDown.at + DAY }
    const noted = (html: string) => html.match(/class="note"><span>Depuis <time [^>]*>([^<]*)</)?.[1]
    expect(noted(renderHome(oneDown, 'fr', true, views))).toBe('14:02')
    expect(noted(renderHome(later, 'fr', true, views))).toBe('hier à 14:02')
  })

  test('puts what is broken into the sentence, and lists it when there is more than one thing', () => {
    expect(textOf(page('oneDown', 'fr'))).toContain('Courriel : en panne depuis 14:02.')
    expect(page('oneDown', 'fr')).not.toContain('class="head')
    const two = renderHome(pictureOf(catalogue({ mail: DOWN, files: DOWN })), 'en', true, views)
    expect(two).toMatch(/<ul class="troubles">.*?href="en\/services\/mail\/".*?href="en\/services\/files\/".*?<\/ul>/s)
  })

  test('blames nobody’s own side while an incident is open', () => {
    const text = (picture: Picture, language: Language) => textOf(renderHome(picture, language, false, views))
    const plain = (said: string) => said.replaceAll('\u00a0', ' ').replaceAll('\u2011', '-')
    expect(plain(text(SPOKEN.saidAlone, 'fr'))).toContain('Cela ne marche toujours pas chez vous ? Dites-le-nous')
    expect(text(SPOKEN.saidAlone, 'fr')).not.toContain('de votre côté')
    expect(text(SPOKEN.saidAlone, 'en')).toContain('Still not working for you? Tell us')
    expect(text(MOMENTS.allWell, 'fr')).toContain('de votre côté')
  })

  test('answers them or us where sites disagree, or where only the way there may be cut', () => {
    const lines = (moment: 'disputed' | 'unreached', language: Language) => {
      const html = page(moment, language)
      return textOf(html.slice(html.indexOf('class="troubles"'), html.indexOf('id="services"'))).replaceAll(
        '\u00a0',
        ' ',
      )
    }
    const apart = lines('disputed', 'fr')
    expect(apart).toContain(
      'Chez vous ou chez nous ? Cela dépend du chemin : joignable depuis Paris, pas depuis Grenoble.',
    )
    expect(apart).not.toContain('le serveur ne répond pas')
    expect(lines('disputed', 'en')).toContain(
      'Your side or ours? It depends on the way there: reachable from Paris, not from Grenoble.',
    )
    expect(lines('unreached', 'fr')).toContain(
      'Chez vous ou chez nous ? Nous ne pouvons pas le dire : injoignable depuis Grenoble ; cause non confirmée, peut-être la liaison entre nous et lui.',
    )
  })

  test('names the cause on the rows of those it explains', () => {
    expect(page('parentDown', 'fr')).toMatch(
      /id="service-mail">.*?Dépend de «\u00a0<bdi>Serveur principal<\/bdi>\u00a0» \(en panne\)/s,
    )
    expect(textOf(page('parentDown', 'en'))).toContain('Depends on “Main server” (down)')
  })

  test('says how sure it is, what fails and what was not measured', () => {
    expect(textOf(page('partly', 'fr'))).toContain('Ce qui se passe : le serveur d’envoi refuse la connexion.')
    expect(textOf(page('partly', 'en'))).toContain(
      'What is happening: the outgoing mail server refuses the connection.',
    )
    expect(textOf(page('demo', 'en'))).toContain('1 of 2 checks measured')
    expect(textOf(page('demo', 'fr'))).toContain('1 vérification mesurée sur 2')
    expect(textOf(page('unstable', 'en'))).toContain(
      'What is happening: the service stops and starts again, several times in a row.',
    )
    expect(textOf(page('degraded', 'en'))).not.toContain('What is happening')
    expect(textOf(page('oneDown', 'en'))).toContain(
      'It is on our side, not yours: seen from 2 of 2 places (Grenoble and Paris).',
    )
    expect(textOf(page('allWell', 'fr'))).toContain('99,98 %')
  })

  test('separates what befell in a day as the language does', () => {
    const cell = (language: Language) =>
      /<td>[^<]*;[^<]*<\/td>/.exec(renderHome(SPOKEN.saidOfTwo, language, false, views))?.[0]
    expect(cell('en')).toMatch(/\S; \S/)
    expect(cell('fr')).toMatch(/\S\u00a0; \S/)
  })

  test('tells work on several services in one block', () => {
    const works = { status: 'under_maintenance', since: OUTAGE } as const
    const [pads] = MOMENTS.maintenance.maintenances
    const picture = pictureOf(catalogue({ pads: works, notes: works, files: works }), {
      maintenances: [
        { ...pads!, services: ['pads', 'notes'] },
        { ...pads!, id: 'mnt000000009', of: 'mnt000000009', services: ['files'] },
      ],
    })
    const text = textOf(renderHome(picture, 'en', true, views))
    expect(text.match(/the team is doing this work/g)).toHaveLength(2)
    expect(text).toMatch(/Under maintenance since 14:02 Shared texts Under maintenance since 14:02 Meanwhile: you can/)
  })

  test('has a banner for whatever makes it less than it seems', () => {
    const demo = textOf(page('demo', 'fr'))
    expect(demo).toContain('Ceci est une démonstration')
    expect(demo).toContain('Cette page ne sait pas encore reconnaître une panne de sa propre ligne')
    expect(demo).toContain('L’historique d’avant a été perdu : les chiffres commencent à 14:02.')
    const seen = { ...MOMENTS.allWell, blind: MOMENTS.blind.blind }
    expect(textOf(renderHome(seen, 'en', true, views))).toContain(
      'Since 14:02 our own connection does not let us check everything (internet access). Our other page, which looks from elsewhere: https://b.status.example',
    )
    const unsure = seen.services.map((service, at) => (at === 0 ? { ...service, status: 'unknown' as const } : service))
    expect(textOf(renderHome({ ...seen, services: unsure }, 'en', true, views))).toContain(
      '(internet access). “Not verified” does not mean “down”. Our other page',
    )
    const paused = pictureOf(catalogue(), { notices: [{ kind: 'history_paused', since: OUTAGE }] })
    expect(textOf(renderHome(paused, 'en', true, views))).toContain('History has not been recorded since 14:02')
    expect(page('allWell', 'fr')).not.toContain('class="notice"')
    expect(textOf(page('allWell', 'en'))).toContain('Verified on 23 November 2026 at 14:12.')
    expect(textOf(page('blind', 'en'))).toContain('Page written on 23 November 2026 at 14:12.')
  })

  test('when nothing is known says in one place where to look and whom to write to', () => {
    const text = (changes: Partial<typeof MOMENTS.blind>) =>
      textOf(renderHome({ ...MOMENTS.blind, ...changes }, 'en', true, views))
    expect(text({})).toContain(
      'Is a service not working for you? The cause may be on our side or on yours. See our other page, which checks from elsewhere: b.status.example, or write to us: contact@nomagic.example',
    )
    expect(page('blind', 'en')).not.toContain('class="notice"')
    const { hoster } = MOMENTS.blind
    expect(text({ hoster: { ...hoster, sites: hoster.sites.slice(0, 1), contact: null } })).toContain(
      'Is a service not working for you? The cause may be on our side or on yours. Reload this page in a few minutes. The team',
    )
  })

  test('names the pages that live: of a copy all, of a living page the others', () => {
    const links = (copied: boolean) =>
      [...renderHome({ ...MOMENTS.allWell, copied }, 'en', true, views).matchAll(/<a href="(https:[^"]*)">/g)].map(
        ([, href]) => href,
      )
    expect(links(true)).toEqual(['https://a.status.example', 'https://b.status.example'])
    expect(links(false)).toEqual(['https://b.status.example'])
  })

  test('once nobody renews it sends its reader to one page that lives', () => {
    const other = (picture: Partial<typeof MOMENTS.allWell>) =>
      /href="([^"]*)" data-was="([^"]*)"/
        .exec(renderHome({ ...MOMENTS.allWell, ...picture }, 'en', true, views))!
        .slice(1)
    expect(other({ copied: true })).toEqual(['https://b.status.example', 'Open our other page'])
    const { hoster } = MOMENTS.allWell
    const alone = { ...hoster, sites: hoster.sites.slice(0, 1) }
    expect(other({ copied: true, hoster: alone })).toEqual(['https://a.status.example', 'Open our live page'])
    expect(other({ hoster: alone })[1]).toBe('contact@nomagic.example')
  })

  test('says that no end is known of an outage that nobody wrote of, and what becomes of mail', () => {
    const text = textOf(page('oneDown', 'en'))
    expect(text).toContain('what people send you waits with the sender and usually arrives later.')
    expect(text).toContain('Back to normal: not known yet.')
    expect(textOf(renderHome(SPOKEN.said, 'en', true, views))).not.toContain('End:')
    expect(textOf(page('maintenance', 'en'))).not.toContain('End:')
    expect(textOf(page('parentDown', 'en'))).toContain('try again later. Mail that people send you waits')
  })

  test('says what green is where no day was whole', () => {
    const down = MOMENTS.oneDown.services.filter(({ status }) => status === 'major_outage')
    const today = down.map((service) => ({ ...service, days: service.days.slice(-1) }))
    expect(legendOf({ services: today }, 'en').map(({ word }) => word)).toContain('working')
  })

  test('leaves when to reload to its script where there is one', () => {
    expect(page('allWell', 'en')).toContain('<span class="plainly">Reload for the latest; after 14:14 don’t rely')
    expect(page('allWell', 'en')).toMatch(/@media \(scripting:enabled\)\{\.plainly\{display:none\}/)
    expect(page('blind', 'en')).not.toContain('<span class="plainly">')
  })

  test('has a sign for what is slow and for what comes and goes', () => {
    expect(page('degraded', 'fr')).toMatch(/id="face" xlink:href="#i-slow".*id="service-files">.*?href="#i-slow"/s)
    expect(page('unstable', 'fr')).toMatch(/id="face" xlink:href="#i-unstable"/)
    expect(page('oneDown', 'fr')).toMatch(/id="face" xlink:href="#i-major_outage"/)
  })

  test('never promises that somebody knows, and says so', () => {
    const untold = pictureOf(catalogue({ mail: { ...DOWN, told: null } }))
    expect(textOf(renderHome(untold, 'en', true, views))).toContain('The team: we can’t be sure yet that it was told.')
    const taken = pictureOf(catalogue({ mail: { ...DOWN, acknowledged: OUTAGE + 3 * 60_000 } }))
    expect(textOf(renderHome(taken, 'en', true, views))).toContain('Seen by the team at 14:05.')
    expect(page('degraded', 'en')).toContain(
      '<b>The team:</b> most likely not told, as slowness raises no alarm. If it lasts, write to us: <a href="mailto:contact@nomagic.example">',
    )
    const unheard = { ...MOMENTS.degraded, hoster: { ...MOMENTS.degraded.hoster, contact: null } }
    expect(textOf(renderHome(unheard, 'en', true, views))).toMatch(
      /The team: most likely not told, as slowness raises no alarm\. Comm/,
    )
    expect(textOf(page('maintenance', 'en'))).toContain('It is on our side, not yours: the team is doing this work. ')
    expect(textOf(page('blind', 'en'))).toContain('The team: may not know yet.')
    const { blind } = MOMENTS.blind
    const told = { ...MOMENTS.blind, blind: { ...blind!, told: OUTAGE + 10 * 60_000 } }
    expect(textOf(renderHome(told, 'en', true, views))).toContain('The team: told at 14:12.')
    expect(textOf(page('oneDown', 'en')).match(/told/g)).toHaveLength(1)
  })

  test('tells an open incident right under the sentence, and what it explains only once', () => {
    const html = renderHome(SPOKEN.said, 'fr', false, views)
    const text = textOf(html)
    expect(text).toMatch(
      /Courriel : en panne depuis 14:02\. L’équipe a publié un message à 14:10\. Tout le reste fonctionne\. Vérifié le 23 novembre 2026 à 14:12\. Rechargez pour l’état du moment ; cette page sera périmée après 14:14\. Courriel : le serveur ne répond plus À 14:10 · Cause trouvée : Le disque est plein ; on fait de la place\. Les 2 messages de l’équipe/,
    )
    expect(html).toContain('href="../fr/incidents/inc000000042/"')
    expect(text).not.toContain('Ce qui se passe')
    expect(text).not.toContain('L’équipe :')
    expect(text).not.toContain('prévenue')
    expect(text).toContain('En attendant :')
  })

  test('has a trouble point to the incident that tells of it, and says of the others what is known', () => {
    const html = renderHome(SPOKEN.saidOfTwo, 'en', false, views)
    const text = textOf(html)
    expect(text).toContain('E-mail Down since 14:02 From the team: E-mail: sending refused')
    expect(text).toMatch(/or your password\. Files Down since 14:02 What is happening: the server does not answer\./)
    expect(text).toContain('The team says so. Our own checks say it works.')
    for (const [, id] of html.matchAll(/href="#(inc\w+)"/g)) expect(html).toContain(`<li id="${id}">`)
  })

  test('says of an incident that nobody of the team wrote it', () => {
    const text = textOf(renderHome(SPOKEN.saidAlone, 'fr', false, views))
    expect(text).toContain('Tout ce que nous pouvons vérifier fonctionne.')
    expect(text).toContain('Publié automatiquement à 14:10 · Cause trouvée :')
    expect(text).not.toContain('L’équipe a publié')
  })

  test('of an incident that is repaired says when it began, not that it lasts', () => {
    const picture = { ...SPOKEN.said, incidents: [incident({ status: 'monitoring', started: OUTAGE - 60_000 })] }
    const text = textOf(renderHome(picture, 'fr', false, views))
    expect(text).toMatch(/refusés · début : 14:01 À 14:10 · Réparé, nous surveillons :/)
  })

  test('tells when to reload the page, in plain words, with its day once that is another', () => {
    expect(textOf(page('maintenance', 'fr'))).toContain(
      'Rechargez pour l’état du moment ; cette page sera périmée après 14:14.',
    )
    const late = textOf(renderHome({ ...MOMENTS.allWell, nextBy: OUTAGE + DAY }, 'fr', true, views))
    expect(late).toContain('sera périmée après le 24 novembre à 14:02.')
  })

  test('advises to save often only where people write', () => {
    const checks = [checkOf('pads.http'), checkOf('pads.write', { state: 'down', reason: 'timeout', since: OUTAGE })]
    const broken = { ...DOWN, unstable: true, checks }
    const configured = { checks: [{ id: 'pads.write', target: 'https://pads.example', proves: 'write' }] }
    const pads = serviceOf('pads', { fr: 'Textes' }, null, broken, configured as unknown as Partial<Service>)
    expect(textOf(renderHome(pictureOf([pads]), 'fr', true, views))).toContain('enregistrez souvent ce que vous faites')
    expect(textOf(page('unstable', 'fr'))).toContain('En attendant : si cela coupe, réessayez quelques minutes')
  })

  test('goes on saying what the team knows while only the monitor wrote', () => {
    const mail = { ...DOWN, told: null }
    const picture = { ...pictureOf(catalogue({ mail })), incidents: [incident({ automatic: true })] }
    const text = textOf(renderHome(picture, 'fr', false, views))
    expect(text).toContain('L’équipe : nous n’avons pas encore la certitude qu’elle est prévenue.')
    expect(text).not.toContain('L’équipe a publié')
  })

  test('says of maintenance what may happen meanwhile and until when, or that no end is told', () => {
    const text = textOf(page('maintenance', 'fr'))
    expect(text).toContain(
      'mais le service peut s’arrêter : gardez une copie de ce que vous écrivez. C’est chez nous, pas chez vous',
    )
    expect(text.match(/16:00/g)).toHaveLength(1)
    expect(text).toContain('Maintenance en cours : Nouveau disque')
    const open = renderHome({ ...MOMENTS.maintenance, maintenances: [] }, 'fr', true, views)
    expect(textOf(open)).toContain('de ce que vous écrivez. La fin n’est pas annoncée.')
  })

  test('tells work under way and of the next seven days, of repeating work the next time', () => {
    const text = textOf(renderHome(SPOKEN.planned, 'fr', false, views))
    expect(text).toContain('Maintenance en cours, fin prévue à 15:12 : New disk (Textes à plusieurs)')
    expect(text).toContain('Maintenance prévue le 24 novembre, de 14:12 à 16:12 : Mise à jour de Synapse')
    expect(text.match(/Mise à jour de Synapse/g)).toHaveLength(1)
    expect(text).not.toContain('Déplacement de la baie')
  })

  test('says what the team says against what is measured, as what it is', () => {
    const text = textOf(renderHome(SPOKEN.overruled, 'fr', false, views))
    expect(text).toMatch(/Courriel, En service Selon l’équipe\./)
    expect(text).toContain('Selon l’équipe. Nos vérifications, elles, ne voient rien d’anormal.')
    expect(text).not.toContain('C’est chez nous')
  })

  test('says who saw it, in the sentence', () => {
    const text = textOf(renderHome(SPOKEN.acknowledged, 'fr', false, views))
    expect(text.match(/Vu par l’équipe à 14:07\./g)).toHaveLength(1)
    expect(text).not.toContain('prévenue')
  })

  test('of thirty services with three incidents and much work still fits into the first flight', () => {
    const words = 'Nous avons trouvé la cause, un disque plein, et nous faisons de la place ; cela prendra une heure. '
    const incidents = ['1', '2', '3', '4'].map((id) =>
      incident({
        id,
        services: [`service-${id}`],
        updates: [{ ...incident().updates[0], text: { fr: words.repeat(40) } }],
      }),
    )
    const picture = { ...thirtyServices(), incidents, maintenances: SPOKEN.planned.maintenances }
    const html = renderHome(picture, 'fr', true, views)
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
    expect(brotliCompressSync(html, quality).length).toBeLessThan(12_000)
  })

  test('escapes hostile names wherever they stand, and follows no address that is not a web address', () => {
    const hostile = `"><script>alert('1')</script>&amp;`
    const service = serviceOf('mail', { fr: hostile, en: hostile }, 'communication', DOWN, {
      about: { fr: hostile },
      url: 'javascript:alert(1)',
    })
    const other = serviceOf('files', { en: hostile }, null, { ...DOWN, cause: 'mail' })
    const { hoster } = MOMENTS.allWell
    const picture = pictureOf([service, other, { ...service, service: { ...service.service, id: 'third' } }], {
      hoster: {
        ...hoster,
        name: { fr: hostile },
        about: { en: hostile },
        contact: `javascript:"${hostile}`,
        groups: [{ id: 'communication', name: { fr: hostile } }],
        sites: hoster.sites.map((site) => ({ ...site, where: { fr: hostile }, url: `javascript:${hostile}` })),
      },
      blind: { since: OUTAGE, layers: [hostile], told: null },
    })
    for (const language of LANGUAGES) {
      const html = renderHome(picture, language, true, views)
      tagsOf(html)
      expect(html.replace('<script src="vigie.js" defer></script>', '')).not.toContain('<script')
      expect(html).not.toMatch(/href="javascript:/)
      expect(html).toContain('&lt;script&gt;')
    }
  })

  test('says in which language a name is that is not in the page’s', () => {
    const picture = pictureOf([serviceOf('pads', { en: 'Shared texts' }, null)])
    expect(renderHome(picture, 'fr', true, views)).toMatch(/<a class="name" [^>]*lang="en"/)
  })

  test('of thirty services fits into the first flight of packets, with few nodes', () => {
    const html = renderHome(thirtyServices(), 'fr', true, views)
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }
    expect(brotliCompressSync(html, quality).length).toBeLessThan(14_000)
    expect(tagsOf(html).length / 2).toBeLessThan(1_500)
  })
})

test('an outage of everything names no service again that stands right below', () => {
  const felled = (...spared: readonly string[]) => {
    const others = catalogue().flatMap(({ service: { id } }) =>
      id === 'hetzner' || spared.includes(id) ? [] : [[id, { ...DOWN, cause: 'hetzner' }] as const],
    )
    const picture = pictureOf(catalogue({ hetzner: DOWN, ...Object.fromEntries(others) }), { status: 'major_outage' })
    const html = renderHome(picture, 'fr', false, views)
    return html.slice(html.indexOf('<div id="now"'), html.indexOf('<div id="services"'))
  }
  expect(textOf(felled())).toContain('Tout est en panne')
  expect(felled()).not.toContain('/services/')
  expect(textOf(felled('notes'))).toContain('En panne : Courriel')
})

test('one that all others suffer from in part says that it is all of them', () => {
  const others = catalogue().map(({ service: { id } }) => [id, { ...DOWN, status: 'partial_outage', cause: 'hetzner' }])
  const picture = pictureOf(catalogue({ ...Object.fromEntries(others), hetzner: DOWN }), { status: 'major_outage' })
  expect(textOf(renderHome(picture, 'fr', false, views))).toContain('Touchés : tous les services.')
})

test('one that fells most says that once, and whom it touches beside', () => {
  const others = catalogue().map(({ service: { id } }) => [id, { ...DOWN, cause: 'hetzner' }])
  const limping = { ...DOWN, status: 'partial_outage', cause: 'hetzner' } as const
  const services = catalogue({ ...Object.fromEntries(others), hetzner: DOWN, mail: limping })
  const html = textOf(renderHome(pictureOf(services, { status: 'major_outage' }), 'fr', false, views))
  expect(html).toContain('Presque tout est en panne depuis 14:02, 1 autre service touché.')
  expect(html).not.toContain('Touchés')
})

test('says since when it is measured where that is less than all of the days', () => {
  const measuredFor = (length: number, language: Language) => {
    const services = catalogue().map((service) => {
      const days = service.days.map((day) => {
        const tally = { outage: 0, partial: 0, degraded: 0, maintenance: 0, blind: 0, measured: 0 }
        const end = Math.min(NOON, day.from + DAY)
        const measured = Math.max(0, Math.min(length - (NOON - end), end - day.from))
        return { ...day, tally: measured > 0 ? { ...tally, measured } : null }
      })
      return { ...service, days }
    })
    return textOf(renderHome(pictureOf(services, { at: NOON }), language, false, views))
  }
  expect(measuredFor(4 * MINUTE, 'fr')).toMatch(/mesuré depuis 1\d:\d\d disponibilité/)
  expect(measuredFor(20 * DAY, 'fr')).toContain('mesuré depuis le 3 nov. disponibilité')
  expect(measuredFor(20 * DAY, 'en')).toContain('measured since 3 Nov availability')
  expect(measuredFor(400 * DAY, 'en')).toContain('last 90 days availability')
})
