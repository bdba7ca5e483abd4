// The home page: from the picture to everything the template prints, so that the template decides nothing.

import type { Uptime } from '../core/history.ts'
import { lasting } from '../core/moment.ts'
import type { Picture, ServicePicture } from '../core/picture.ts'
import { type Language, say, spokenIn, type Text } from '../core/text.ts'
import { type Instant, iso, MINUTE } from '../core/time.ts'
import { ICONS, windowIcon } from './icons.ts'
import { type Moments, momentsOf, percent } from './moments.ts'
import { PROSE, type Prose } from './prose.ts'
import { sentenceOf, spokenOf } from './sentence.ts'
import { certaintyOf, conditionOf, reasonsOf, type Trouble, troublesOf } from './trouble.ts'
import type { Views } from './views.ts'
import { CERTAINTY, CONDITIONS, LANGUAGE_NAMES, layerName, list, TITLES, typeset } from './words.ts'

/** The page in one language. `base`: the way from this page to the top of the folder, `` or `../`; links are relative. */
export function renderHome(picture: Picture, language: Language, base: string, views: Views): string {
  return views.render('home', homeModel(picture, language, base))
}

interface Page {
  readonly picture: Picture
  readonly language: Language
  readonly prose: Prose
  readonly moments: Moments
  /** Sets French spaces; for every text that isn't a name. */
  readonly set: (text: string) => string
}

function homeModel(picture: Picture, language: Language, base: string) {
  const { hoster } = picture
  const prose = PROSE[language]
  const moments = momentsOf(language, hoster.timezone, picture.at)
  const page: Page = { picture, language, prose, moments, set: (text) => typeset(text, language) }
  const troubles = troublesOf(picture)
  const nothing = picture.services.every((service) => service.status === 'unknown')
  return {
    language,
    base,
    prose,
    name: hoster.name,
    title: `${TITLES[language][picture.status]} · ${hoster.name}`,
    windowIcon: windowIcon(picture.status),
    languages: hoster.languages.map((one) => ({
      code: one,
      name: LANGUAGE_NAMES[one],
      href: `${base}${one}/`,
      current: one === language,
    })),
    sentence: sentenceOf(picture, language),
    spoken: spokenOf(picture, language),
    status: picture.status,
    icon: ICONS[picture.status],
    troubles: troubles.length > 1 && !nothing ? troubles.map((trouble) => troubleModel(trouble, page)) : [],
    verified: { iso: iso(picture.at), text: moments.whole(picture.at) },
    nextBy: page.set(prose.nextBy(moments.when(picture.nextBy))),
    demonstration: picture.replica ? page.set(prose.demonstration) : null,
    notices: noticesOf(page),
    elsewhere: picture.blind === null ? [] : elsewhere(picture),
    groups: groupsOf(page).map((group) => ({
      ...group,
      services: group.services.map((service) => serviceModel(service, page)),
    })),
    about: hoster.about === null ? null : wordOf(hoster.about, page),
    method: prose.method.map(page.set),
    sites: page.set(
      prose.sites(
        list(
          hoster.sites.map((site) => (site.where ? say(site.where, language) : site.id)),
          language,
        ),
      ),
    ),
    times: page.set(prose.times(moments.zone)),
    contact: hoster.contact === null ? null : contactOf(hoster.contact),
    contactLabel: page.set(prose.contact),
    machinesLabel: page.set(prose.machines),
    elsewhereLabel: page.set(prose.elsewhere),
    plain: page.set(prose.plain),
  }
}

function troubleModel({ service, condition, children }: Trouble, page: Page) {
  return {
    id: service.service.id,
    name: wordOf(service.service.name, page),
    status: service.status,
    icon: ICONS[service.status],
    word: CONDITIONS[page.language][condition],
    since: momentOf(service.since, page),
    children: children.length > 0 ? page.prose.children(children.length) : null,
  }
}

function serviceModel(service: ServicePicture, page: Page) {
  const { picture, language, prose, set } = page
  const condition = conditionOf(service)
  const cause = picture.services.find((other) => other.service.id === service.cause)
  return {
    id: service.service.id,
    name: wordOf(service.service.name, page),
    url: webAddress(service.service.url),
    about: service.service.about === null ? null : wordOf(service.service.about, page),
    status: service.status,
    icon: ICONS[service.status],
    word: CONDITIONS[language][condition],
    since: momentOf(service.since, page),
    facts: [
      set(CERTAINTY[language](certaintyOf(service, picture, language))),
      ...(service.measured > 0 && service.measured < service.of ? [prose.measured(service.measured, service.of)] : []),
    ],
    uptime: set(uptimeOf(service.uptime, page)),
    why: cause === undefined ? set(capitalised(whyOf(service, page))) : '',
    because:
      cause === undefined
        ? null
        : { label: set(prose.because), id: cause.service.id, name: wordOf(cause.service.name, page) },
  }
}

/** `2 vérifications sur 3 échouent : pas de réponse à temps`; empty when there is nothing to say that isn't said. */
function whyOf(service: ServicePicture, { language, prose }: Page): string {
  if (conditionOf(service) === 'operational' || service.confidence.note === 'frozen') return ''
  const { failing, reasons } = reasonsOf(service, language)
  const some = service.status !== 'unknown' && failing > 0 && failing < service.checks.length
  const counted = some ? prose.failing(failing, service.checks.length) : ''
  const why = [counted, reasons.join(', ')].filter((text) => text !== '').join(' : ')
  const worst = service.unstable ? prose.worst(CONDITIONS[language][service.status].toLowerCase()) : ''
  const said = [worst, why].filter((text) => text !== '').join(' ; ')
  return language === 'fr' ? said : said.replaceAll(' : ', ': ').replaceAll(' ; ', '; ')
}

function uptimeOf(uptime: Uptime, { language, prose }: Page): string {
  if (uptime.share === null) return prose.noUptime
  const lengths = [
    [prose.outage, uptime.outage],
    [prose.partial, uptime.partial],
    [prose.blind, uptime.blind],
    [prose.maintenance, uptime.maintenance],
  ] as const
  const details = lengths
    .filter(([, length]) => length >= MINUTE)
    .map(([word, length]) => `${lasting(length, language).replaceAll(' ', '\u00a0')} ${word}`)
  return `${prose.uptime(percent(uptime.share, language), uptime.days)}${details.length > 0 ? `, ${prose.of} ${details.join(', ')}` : ''}`
}

function noticesOf({ picture, language, prose, moments, set }: Page): readonly string[] {
  const said = picture.notices.map((notice) => {
    if (notice.kind === 'no_witnesses') return prose.notices.no_witnesses('')
    const at = notice.kind === 'history_lost' ? moments.when(notice.since) : moments.since(notice.since)
    return prose.notices[notice.kind](at)
  })
  const { blind } = picture
  if (blind !== null) {
    const layers = blind.layers.map((layer) => layerName(layer, language)).join(', ')
    said.unshift(prose.ourLine(moments.since(blind.since), layers))
  }
  return said.map(set)
}

/** The other sites' pages, for when ours can't see. */
function elsewhere(picture: Picture): readonly string[] {
  return picture.hoster.sites.filter((site) => site.id !== picture.site).flatMap((site) => webAddress(site.url) ?? [])
}

function groupsOf({ picture, language, prose }: Page) {
  const { groups } = picture.hoster
  const known = new Set(groups.map((group) => group.id))
  const homeless = picture.services.filter(({ service }) => service.group === null || !known.has(service.group))
  const titled = groups.map((group) => ({
    title: say(group.name, language),
    lang: foreign(group.name, language),
    services: picture.services.filter(({ service }) => service.group === group.id),
  }))
  const alone = titled.every((group) => group.services.length === 0)
  const rest = { title: alone ? prose.alone : prose.ungrouped, lang: null, services: homeless }
  return [...titled, rest].filter((group) => group.services.length > 0)
}

function momentOf(at: Instant, { moments }: Page) {
  return { iso: iso(at), text: moments.since(at) }
}

/** A configured text with the language it is really in, when that isn't the page's. */
function wordOf(text: Text, { language }: Page) {
  return { text: say(text, language), lang: foreign(text, language) }
}

function foreign(text: Text, language: Language): Language | null {
  const spoken = spokenIn(text, language)
  return spoken === language ? null : spoken
}

/** The address when following it can only open a page: `javascript:` and its like stay text. */
function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null
}

function contactOf(contact: string) {
  const href = /^(https?:\/\/|mailto:|xmpp:|tel:)/i.test(contact) ? contact : null
  return { href, text: contact.replace(/^(mailto|xmpp|tel):/i, '') }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
