// What every page has around it: its head, where one can go from it, when it was made, who speaks.
import type { Picture } from '../../core/shown/picture.ts'
import { type Language, list, say, spokenIn, type Text } from '../../core/text.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import type { Status } from '../../core/verdict/service.ts'
import { type Moments, momentsOf } from '../words/page-moments.ts'
import { PROSE, type Prose } from '../words/prose.ts'
import { sentenceOf } from '../words/sentence.ts'
import { isNothingKnown, placesOf } from '../words/trouble.ts'
import { LANGUAGE_NAMES, layerNames, typeset } from '../words/words.ts'
import { ICONS, windowIcon } from './icons.ts'

/** A page in the making. */
export interface Page {
  readonly picture: Picture
  readonly language: Language
  /** The way from this page to the top of the folder: ``, `../`, `../../../`; links are relative. */
  readonly base: string
  /** Where it lies within its language: `` for home, `services/mail/`. */
  readonly path: string
  readonly prose: Prose
  readonly moments: Moments
  /** Sets French spaces; for every text that isn't a name. */
  readonly set: (text: string) => string
}

/** Begins a page that lies under `/fr/` or, for the first language's home page at the top, in the folder itself. */
export function pageOf(picture: Picture, language: Language, path = '', top = false): Page {
  const base = top ? '' : '../'.repeat(1 + path.split('/').length - 1)
  const moments = momentsOf(language, picture.hoster.timezone, picture.at)
  return { picture, language, base, path, prose: PROSE[language], moments, set: (text) => typeset(text, language) }
}

/** What the frame prints; a page adds its own. `status`: whose icon the window wears. */
export function frameOf(
  page: Page,
  about: { readonly title: string; readonly description: string; readonly status: Status },
) {
  const { picture, language, base, path, prose, moments, set } = page
  const { hoster } = picture
  const home = `${base}${language}/`
  const name = say(hoster.name, language)
  const languages = hoster.languages.map((one) => ({
    code: one,
    name: LANGUAGE_NAMES[one],
    href: `${base}${one}/${path}`,
    current: one === language,
  }))
  return {
    language,
    base,
    home,
    prose,
    name,
    title: `${about.title} · ${name}`,
    description: about.description,
    windowIcon: windowIcon(about.status),
    script: `${base}vigie.js`,
    icons: Object.entries(ICONS).map(([status, d]) => ({ id: `i-${status}`, d })),
    languages,
    feeds: [{ title: name, href: `${home}feed.atom` }],
    ways: [
      { href: home, label: prose.ways.home, current: path === '' },
      { href: `${home}history/`, label: prose.ways.history, current: path === 'history/' },
      ...(picture.maintenances.length === 0
        ? []
        : [{ href: `${home}maintenance/`, label: prose.ways.maintenance, current: path === 'maintenance/' }]),
      { href: `${home}method/`, label: prose.ways.method, current: path === 'method/' },
    ],
    now: {
      at: picture.at,
      by: picture.nextBy,
      days: prose.days,
      from: `${base}api/vigie/status.json`,
      says: sentenceOf(picture, language),
    },
    stale: {
      lead: prose.stale,
      rest: set(prose.staleRest(moments.whole(picture.at))),
      tellUs: set(prose.tellUs),
      other: livingPage(page),
    },
    verified: {
      before: unverified(picture) ? prose.written : prose.verified,
      ...momentOf(picture.at, moments.whole(picture.at)),
    },
    nextBy: unverified(picture) ? '' : set(prose.nextBy(moments.when(picture.nextBy))),
    elsewhere:
      picture.copied === true
        ? { label: set(prose.living), hrefs: pagesOf(picture.hoster.sites) }
        : { label: set(prose.elsewhere), hrefs: otherPages(picture) },
    ownLine: ownLineOf(page),
    demonstration: picture.replica ? set(prose.demonstration) : null,
    about: hoster.about === null ? null : wordOf(hoster.about, page),
    contact: hoster.contact === null ? null : contactOf(hoster.contact),
    times: set(prose.times(moments.zone)),
  }
}

/** Banners for whatever makes a page less than it seems. */
export function noticesOf({ picture, prose, moments, set }: Page): readonly string[] {
  const said = picture.notices.map((notice) => {
    if (notice.kind === 'no_witnesses') return prose.notices.no_witnesses('')
    const at = notice.kind === 'history_lost' ? moments.when(notice.since) : moments.since(notice.since)
    return prose.notices[notice.kind](at)
  })
  return said.map(set)
}

/** What our own line keeps us from, and who sees what we don't; null: nothing. */
function ownLineOf({ picture, language, prose, moments, set }: Page) {
  const { blind } = picture
  if (blind === null) return null
  const layers = layerNames(blind.layers, language)
  const unsure = picture.services.some(({ status }) => status === 'unknown') ? ` ${prose.unverified}` : ''
  const text = set(prose.ourLine(moments.since(blind.since), layers) + unsure)
  return { text, label: set(prose.elsewhere), hrefs: otherPages(picture) }
}

/** Nothing of what the page shows could be measured now. */
function unverified(picture: Picture): boolean {
  return isNothingKnown(picture) || picture.services.every(({ confidence }) => confidence.note === 'frozen')
}

/** Whoever reads a page that nobody renews is sent to another site's, or from a copy to where it was made. */
function livingPage({ picture, prose }: Page) {
  const [other] = otherPages(picture)
  if (other !== undefined) return { href: other, label: prose.openOther }
  const [own] = picture.copied === true ? pagesOf(picture.hoster.sites) : []
  return own === undefined ? null : { href: own, label: prose.openLiving }
}

/** The other sites' pages, for when ours can't see. */
export function otherPages({ hoster, site }: Picture): readonly string[] {
  return pagesOf(hoster.sites.filter(({ id }) => id !== site))
}

function pagesOf(sites: Picture['hoster']['sites']): readonly string[] {
  return sites.flatMap(({ url }) => webAddress(url) ?? [])
}

/** `Grenoble et Paris`; empty when no place is told. */
export function placesSaid({ picture, language }: Page): string {
  return list(placesOf(picture, language), language)
}

/** Where a service's page lies within its language. */
export function servicePath(id: string): string {
  return `services/${id}/`
}

/** For a `<time>`: UTC for programs, and `text` for people. */
export function momentOf(at: Instant, text: string) {
  return { iso: iso(at), text }
}

/** A configured text with the language it is really in, when that isn't the page's. */
export function wordOf(text: Text, { language }: Pick<Page, 'language'>) {
  return { text: say(text, language), lang: foreign(text, language) }
}

/** What `lang` must say of it; null: nothing, it is in the page's language. */
export function foreign(text: Text, language: Language): Language | null {
  const spoken = spokenIn(text, language)
  return spoken === language ? null : spoken
}

/** The address when following it can only open a page: `javascript:` and its like stay text. */
export function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null
}

function contactOf(contact: string) {
  const href = /^(https?:\/\/|mailto:|xmpp:|tel:)/i.test(contact) ? contact : null
  return { href, text: contact.replace(/^(mailto|xmpp|tel):/i, '') }
}
