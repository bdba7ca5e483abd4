// Outages of the past in members' words: when, what failed, how it was found and how sure that is.
import type { OutageRecord } from '../../core/history/outage-record.ts'
import { REASONS } from '../../core/reason-words.ts'
import type { ServicePicture } from '../../core/shown/picture.ts'
import { type Language, list, PUNCTUATION, say } from '../../core/text.ts'
import { type Instant, iso } from '../../core/time/time.ts'
import type { Page } from '../pages/frame.ts'
import { checkTitle } from './check-title.ts'
import { length } from './day-words.ts'
import type { Moments } from './page-moments.ts'
import { causeFirst, type Story } from './stories.ts'
import { namesOfPlaces } from './trouble.ts'

interface OutageWords {
  readonly began: (moment: string) => string
  readonly at: (clock: string) => string
  readonly ongoing: string
  readonly sure: (first: string, sure: string) => string
  /** Instead, where it had begun during planned work. */
  readonly outlasted: (end: string) => string
  readonly found: Readonly<Record<'all' | 'one' | 'lone' | 'road' | 'apart', (places: string, of: number) => string>>
  readonly partly: string
  readonly whole: string
  /** Where a place stands that isn't told. */
  readonly somewhere: string
}

const WORDS: Readonly<Record<Language, OutageWords>> = {
  fr: {
    began: (moment) => `depuis ${moment}`,
    at: (clock) => `à ${clock}`,
    ongoing: 'en cours',
    sure: (first, sure) => `Premier échec ${first}, certitude ${sure}.`,
    outlasted: (end) => `La maintenance a pris fin ${end}, la panne non.`,
    found: {
      all: (places, of) =>
        `Constatée depuis ${of} points de mesure${places && ` (${places})`} : plusieurs échecs de suite depuis chacun, alors que sa propre ligne marchait.`,
      one: (places) => `Constatée depuis ${places} : plusieurs échecs de suite, alors que notre propre ligne marchait.`,
      lone: (places) =>
        `Constatée depuis ${places} seulement, l’autre point de mesure ne pouvant rien vérifier : nous avons attendu plus d’échecs de suite.`,
      road: (places) =>
        `Rien ne répondait chez notre fournisseur, vu depuis ${places} : peut-être la liaison entre nous et lui, et non le service. Cause non confirmée.`,
      apart: (places) =>
        `Nos points de mesure n’étaient pas d’accord : le service répondait depuis ${places}, pas d’ailleurs.`,
    },
    partly: 'en partie',
    whole: 'entière',
    somewhere: 'un endroit',
  },
  en: {
    began: (moment) => `since ${moment}`,
    at: (clock) => `at ${clock}`,
    ongoing: 'not over',
    sure: (first, sure) => `First failure ${first}, certain ${sure}.`,
    outlasted: (end) => `The maintenance ended ${end}, the outage did not.`,
    found: {
      all: (places, of) =>
        `Seen from ${of} measuring points${places && ` (${places})`}: several failures in a row from each, while its own line was fine.`,
      one: (places) => `Seen from ${places}: several failures in a row, while our own line was fine.`,
      lone: (places) =>
        `Seen from ${places} only, as the other measuring point could check nothing: we waited for more failures in a row.`,
      road: (places) =>
        `Nothing answered at our provider, seen from ${places}: maybe the connection to it and not the service. Cause not confirmed.`,
      apart: (places) => `Our measuring points disagreed: the service answered from ${places}, not from elsewhere.`,
    },
    partly: 'in part',
    whole: 'whole',
    somewhere: 'one place',
  },
}

/** How the rules of the verdict came to it (verdict.md, 3), without their numbers. */
function foundBy({ rule, confidence, confirmed }: OutageRecord): keyof OutageWords['found'] {
  if (rule === '6') return 'all'
  if (confidence.note === 'road' || /^[79]b$/.test(rule)) return 'road'
  if (/^[25]/.test(rule) && !confirmed) return 'apart'
  return confidence.of > 1 ? 'lone' : 'one'
}

/** Everything a template prints of a story. `services`: of the page, by id, for names and links. */
export function storyModel(story: Story, page: Page, services: ReadonlyMap<string, ServicePicture>) {
  const { picture, language, moments, set } = page
  const words = WORDS[language]
  const told = causeFirst(story.outages, picture.services)
  const [first] = told as readonly [OutageRecord, ...OutageRecord[]]
  const found = foundBy(first)
  const named = list(namesOfPlaces(first.confidence.sites, picture, language), language)
  const places = named === '' && found !== 'all' ? words.somewhere : named
  const until = story.ended
  return {
    ongoing: until === null ? words.ongoing : null,
    partly: story.outages.every((outage) => !outage.confirmed),
    from: { iso: iso(story.since), text: moments.day(story.since), clock: moments.clock(story.since) },
    until: until === null ? null : { iso: iso(until), text: untilOf(story.since, until, moments) },
    lasted: until === null ? null : length(until - story.since, language),
    services: told.map(({ service }) => {
      const known = services.get(service)
      return {
        name: known === undefined ? service : say(known.service.name, language),
        href: known === undefined ? null : `${page.base}${language}/services/${service}/`,
      }
    }),
    what: failuresOf(first, services.get(first.service), language).map((failure) => set(failure)),
    found: set(words.found[found](places, first.confidence.confirmed)),
    sure: set(sureOf(first)),
  }

  function sureOf(outage: OutageRecord): string {
    const since = moments.when(outage.since)
    return outage.outlasted ? words.outlasted(since) : words.sure(since, clockOrWhen(outage))
  }

  function clockOrWhen({ since, opened }: OutageRecord): string {
    if (moments.day(since) !== moments.day(opened)) return moments.when(opened)
    return words.at(moments.clock(opened))
  }
}

/** The end of what began at `from`: its hour, with the day when that is another. */
export function untilOf(from: Instant, to: Instant, moments: Pick<Moments, 'day' | 'clock'>): string {
  return moments.day(from) === moments.day(to) ? moments.clock(to) : `${moments.day(to)} ${moments.clock(to)}`
}

/** What failed, each thing once: `Envoyer du courriel : la connexion est refusée`. */
function failuresOf(outage: OutageRecord, service: ServicePicture | undefined, language: Language): readonly string[] {
  const known = new Set(service?.service.checks.map(({ id }) => id))
  const said = outage.checks
    .filter(({ id }) => service === undefined || known.size === 0 || known.has(id))
    .map((check) => {
      const reason = check.reason === null ? '' : REASONS[language][check.reason]
      const title = service === undefined ? check.kind : checkTitle(check, service.service, language)
      return [title, reason].filter((text) => text !== '').join(PUNCTUATION[language].colon)
    })
  return [...new Set(said)]
}
