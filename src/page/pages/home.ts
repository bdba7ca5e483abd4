// The home page: from the picture to everything the template prints, so that the template decides nothing.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import type { IncidentPicture, Picture, ServicePicture } from '../../core/shown/picture.ts'
import type { Language } from '../../core/text.ts'
import { worse } from '../../core/verdict/service.ts'
import { beganIn } from '../words/day-words.ts'
import { causeOf, spokenOf, teamOf } from '../words/sentence.ts'
import { openIncidents, tellsOf, toldAlone, workOn, worksEnd } from '../words/telling.ts'
import { isDoubted, isNothingKnown, isToldOtherwise, type Trouble, troublesOf } from '../words/trouble.ts'
import { CONDITIONS, DOUBTED, TITLES } from '../words/words.ts'
import { saidModel, type Work, worksOf } from './announcing.ts'
import { catalogueOf } from './catalogue.ts'
import {
  frameOf,
  momentOf,
  noticesOf,
  otherPages,
  type Page,
  pageOf,
  placesSaid,
  servicePath,
  wordOf,
} from './frame.ts'
import { signOf } from './icons.ts'
import { latelyModel } from './lately.ts'
import { colourOf } from './said.ts'
import { linesOf } from './trouble-lines.ts'
import type { Views } from './views.ts'

/**
 * The page in one language. `lately`: the outages of `overLately`. `top`: it lies at the top of the folder, not under its
 * language.
 */
export function renderHome(
  picture: Picture,
  lately: readonly OutageRecord[],
  language: Language,
  top: boolean,
  views: Views,
): string {
  return views.render('home', homeModel(pageOf(picture, language, '', top), lately))
}

/** More services than this that hang on one are not named when they are all there are. */
const MANY_NAMED = 3

/** Of more troubles than this only the first are told at length. */
const AT_LENGTH = 3

function homeModel(page: Page, lately: readonly OutageRecord[]) {
  const { picture, language, prose, moments, set } = page
  const troubles = troublesOf(picture)
  const spoken = spokenOf(picture, language)
  const nothing = isNothingKnown(picture)
  const places = placesSaid(page)
  const open = openIncidents(picture)
  const told = teamOf(troubles, open) !== null
  const [gravest] = toldAlone(picture)
  const status = gravest === undefined ? picture.status : worse(picture.status, colourOf(gravest))
  const doubted = picture.services.some(isDoubted)
  const well = troubles.length === 0 && gravest === undefined && picture.services.length > 0 && !doubted
  const worst = troubles[0]
  const days = picture.services[0]?.days.length || 90
  const worked = troubles.filter(({ condition }) => condition === 'under_maintenance')
  const works = worksOf(
    page,
    null,
    worksEnd(
      worked.map(({ service }) => service),
      picture,
    ),
  )
  const begun = beganIn(
    picture.services.map((service) => service.days),
    picture.at,
  )
  const signed = troubles.length + open.length > 2 || troubles.length > 1
  const frame = frameOf(page, {
    title: status === 'operational' && doubted ? DOUBTED[language] : TITLES[language][status],
    description: [spoken.lead, spoken.rest].join(' ').trim(),
    status,
  })
  return {
    ...frame,
    status,
    sign: worst?.service.status === status ? signOf(worst.condition, status) : status,
    spoken: well && places !== '' && open.length === 0 ? { lead: spoken.lead, rest: prose.from(places) } : spoken,
    doors: nothing ? doorsOf(page) : null,
    ownLine: nothing ? null : frame.ownLine,
    signed,
    plain: !signed && gravest === undefined,
    said: open.slice(0, AT_LENGTH).map((incident) => saidModel(incident, page)),
    unsaid: open.slice(AT_LENGTH).map((incident) => saidModel(incident, page)),
    works: works.filter(({ known }) => known.length === 0),
    troubles: blocksOf(nothing ? worked : troubles, picture).map(([first, ...others], at) =>
      troubleModel(first, page, {
        heads: troubles.length > 1 ? [first, ...others].map((trouble) => headOf(trouble, page)) : [],
        atLength: at < AT_LENGTH,
        told,
        counted: first === causeOf(troubles),
        works: works.filter(({ known }) => known.includes(first.service.service.id)),
        open: signed ? open : [],
      }),
    ),
    lately: nothing ? null : latelyModel(lately, page),
    trials: well ? { title: set(open.length > 0 ? prose.trialOpen : prose.trial), steps: prose.trials.map(set) } : null,
    notices: noticesOf(page),
    past: prose.past(days),
    key: {
      asOf: nothing ? null : momentOf(picture.at, prose.asOf(moments.shortDay(picture.at), moments.clock(picture.at))),
      bars: begun === null ? prose.barsKey(days) : prose.barsSince(moments.sinceDay(begun)),
      share: prose.shareKey,
    },
    ...catalogueOf(page),
  }
}

/** Where else to look and whom to write to while nothing is known, and whether the team knows; null before any look. */
function doorsOf({ picture, prose, moments, set }: Page) {
  const { services, blind } = picture
  if (services.length === 0) return null
  if (blind === null && services.every(({ checks }) => checks.every(({ at }) => at === null))) return null
  const told = blind?.told ?? null
  return {
    hrefs: otherPages(picture).slice(0, 1),
    fails: set(prose.fails),
    either: set(prose.either),
    see: set(prose.see),
    orWrite: set(prose.orWrite),
    team: blind === null ? null : set(prose.ownTeam(told === null ? null : moments.when(told))),
  }
}

/** What is told in one go: services on which the same work is under way together, every other trouble by itself. */
function blocksOf(troubles: readonly Trouble[], picture: Picture): readonly (readonly [Trouble, ...Trouble[]])[] {
  const blocks = new Map<string, [Trouble, ...Trouble[]]>()
  for (const trouble of troubles) {
    const { service, condition, children } = trouble
    const works = condition === 'under_maintenance' && children.length === 0 ? workOn(service, picture) : []
    const key =
      works.length === 0 || isToldOtherwise(service) ? service.service.id : works.map(({ id }) => id).join(' ')
    const block = blocks.get(key)
    if (block === undefined) blocks.set(key, [trouble])
    else block.push(trouble)
  }
  return [...blocks.values()]
}

function headOf({ service, condition }: Trouble, page: Page) {
  return {
    ...nameOf(service, page),
    status: service.status,
    sign: signOf(condition, service.status),
    word: CONDITIONS[page.language][condition],
    since: momentOf(service.since, page.moments.since(service.since)),
  }
}

/** The sentence says already: `told`, what the team knows; `counted`, how many it touches. `open`: the incidents that troubles point to. */
function troubleModel(
  { service, children }: Trouble,
  page: Page,
  {
    heads,
    atLength,
    told,
    counted,
    works,
    open,
  }: {
    readonly heads: readonly ReturnType<typeof headOf>[]
    readonly atLength: boolean
    readonly told: boolean
    readonly counted: boolean
    readonly works: readonly Work[]
    readonly open: readonly IncidentPicture[]
  },
) {
  const { prose } = page
  const incident = tellsOf(service, open)
  const fallen = children.every(({ status }) => status === 'major_outage')
  const all = children.length > MANY_NAMED && children.length + 1 === page.picture.services.length
  return {
    heads,
    works,
    children: all ? [] : children.map((child) => nameOf(child, page)),
    childrenAre: fallen ? prose.down : prose.affected,
    childrenAll: all && !fallen && !counted ? prose.allServices : null,
    said: incident === undefined ? null : { ...wordOf(incident.title, page), href: `#${incident.id}` },
    lines: atLength ? linesOf(service, page).filter(({ about }) => about !== 'told' || !told) : [],
  }
}

function nameOf({ service }: ServicePicture, page: Page) {
  return { name: wordOf(service.name, page), href: `${page.base}${page.language}/${servicePath(service.id)}` }
}
