// The control page: from what is broken, played and mailed to all that its templates print.
import type { Configuration, Service } from '../core/check.ts'
import { LANGUAGES, type Language, LOCALES, PUNCTUATION, say } from '../core/text.ts'
import { HOUR, type Instant, SECOND } from '../core/time/time.ts'
import type { Status } from '../core/verdict/service.ts'
import type { Fault } from './faults.ts'
import { readLetter } from './letter.ts'
import type { Received } from './mailbox.ts'
import type { Condition, Opinion, Outlook } from './outlook.ts'
import { DOES, LANGUAGE_NAMES, PANEL, type PanelWords, WORLD } from './panel-words.ts'
import type { Seat } from './places.ts'
import type { Stage, StageSite } from './stage.ts'
import { type Story, storiesOf } from './stories.ts'

/** How somebody looks at it. */
export interface Glance {
  readonly language: Language
  /** Loads itself again every few seconds. */
  readonly live: boolean
  /** The part where something was just done: it stays open. */
  readonly at: string | null
}

/** How the page shows what it thinks of a service: an icon a status, a word a condition. */
export interface Look {
  readonly icons: Readonly<Record<Status, string>>
  readonly words: Readonly<Record<Language, Readonly<Record<Condition, string>>>>
}

export interface PanelSight {
  readonly stage: Stage
  /** What each site says; null: it doesn't answer. */
  readonly outlooks: Readonly<Record<Seat, Outlook | null>>
  readonly look: Look
  readonly now: Instant
}

const NEWEST_MAILS = 5

/** A site sends no more of services in an hour: whoever plays for long wonders. */
const HOURLY_CAP = 20

/** Everything on the page itself. */
export function panelModel(glance: Glance, sight: PanelSight) {
  const { stage } = sight
  const { language } = glance
  const words = PANEL[language]
  const configuration = stage.configuration()
  const hoster = say(configuration.name, language)
  const broken = stage.faults.broken()
  const mails = stage.mailbox.all().toReversed()
  return {
    ...frameModel(glance, ''),
    hoster,
    title: `${words.title} · ${hoster}`,
    paceSaid: stage.pace === null ? null : fine(words.pace, language),
    sites: stage.sites().map((site) => siteModel(site, language, sight)),
    broken: broken.map((fault) => ({
      label: fine(labelOf(fault, configuration.services, language), language),
      action: action(`/fault/${fault.name}/clear`, glance, 'broken'),
    })),
    repairAll: action('/clear', glance, 'broken'),
    stories: storiesOf(configuration, stage.faults.all()).map((story) => storyModel(story, glance, sight)),
    stop: action('/stop', glance, 'stories'),
    world: worldModel(glance, stage),
    groups: groupsOf(configuration).map(({ name, services }) => ({
      title: name === null ? null : fine(say(name, language), language),
      services: services.map((service) => serviceModel(service, glance, sight)),
    })),
    mails: mails.slice(0, NEWEST_MAILS).map((mail) => mailLine(mail, language, configuration.timezone)),
    moreMails: mails.length > NEWEST_MAILS,
    capped: stage.sites().some(({ seat }) =>
      isCapped(
        mails.filter(({ by }) => by === seat),
        sight.now,
      ),
    ),
    mailsHref: `/${language}/mail/`,
  }
}

function isCapped(mails: readonly Received[], now: Instant): boolean {
  return mails.filter(({ at }) => now - at < HOUR).length >= HOURLY_CAP
}

function siteModel({ seat, name, url }: StageSite, language: Language, { outlooks, look }: PanelSight) {
  const outlook = outlooks[seat]
  return {
    title: fine(PANEL[language].thinks(seat, say(name, language)), language),
    id: `thinks-${seat}`,
    url,
    verdict: outlook === null ? null : { status: outlook.status, icon: look.icons[outlook.status] },
    sentence: outlook === null ? PANEL[language].silent : fine(say(outlook.sentence, language), language),
  }
}

/** The list of all mails, newest first. */
export function mailboxModel(glance: Glance, stage: Stage) {
  const { language } = glance
  const { name, timezone } = stage.configuration()
  const hoster = say(name, language)
  return {
    ...frameModel(glance, 'mail/'),
    hoster,
    title: `${PANEL[language].mailbox} · ${hoster}`,
    mails: stage.mailbox
      .all()
      .toReversed()
      .map((mail) => mailLine(mail, language, timezone)),
  }
}

/** One mail, to be read, and as it was received. */
export function mailModel(mail: Received, glance: Glance, stage: Stage) {
  const { name, timezone } = stage.configuration()
  const hoster = say(name, glance.language)
  const letter = readLetter(mail.text)
  return {
    ...frameModel(glance, `mail/${mail.number}/`),
    hoster,
    title: `${letter.subject} · ${hoster}`,
    ...mailLine(mail, glance.language, timezone),
    from: letter.from,
    body: letter.body,
    raw: mail.text,
  }
}

function frameModel({ language, live, at }: Glance, path: string) {
  return {
    language,
    words: typeset(PANEL[language], language),
    languages: LANGUAGES.map((code) => ({
      code,
      name: LANGUAGE_NAMES[code],
      href: `/${code}/${path}${live ? '?live=1' : ''}`,
      current: code === language,
    })),
    home: `/${language}/`,
    live,
    follow: `/${language}/?live=1`,
    unfollow: `/${language}/`,
    refresh: at === null ? `/${language}/` : `/${language}/?at=${at}#${at}`,
  }
}

function storyModel(story: Story, glance: Glance, { stage, now }: PanelSight) {
  const { language } = glance
  const words = PANEL[language]
  const playing = stage.player.playing()
  const step = playing?.story.name === story.name ? playing.step : null
  const runs = step !== null && step < story.steps.length
  const seconds = story.steps.reduce((sum, { lasts }) => sum + lasts, 0) / SECOND
  return {
    title: fine(say(story.title, language), language),
    lasts: words.lasts(seconds * stage.stretch),
    action: action(`/story/${story.name}`, { ...glance, live: true }, 'stories'),
    runs,
    over: step !== null && !runs,
    steps:
      step === null
        ? []
        : story.steps.map(({ text }, at) => ({
            text: fine(say(text, language), language),
            state: at < step ? 'done' : at === step ? 'current' : 'later',
            left: at === step ? words.left(Math.max(0, Math.ceil(((playing?.until ?? now) - now) / SECOND))) : null,
          })),
  }
}

function worldModel(glance: Glance, { faults }: Stage) {
  const { language } = glance
  const offered = new Set(faults.all().map(({ name }) => name))
  const broken = new Set(faults.broken().map(({ name }) => name))
  return WORLD.map((group) => ({
    title: fine(say(group.title, language), language),
    faults: Object.entries(group.faults)
      .filter(([name]) => offered.has(name))
      .map(([name, { title, about }]) => ({
        id: name,
        title: fine(say(title, language), language),
        about: fine(say(about, language), language),
        broken: broken.has(name),
        action: action(`/fault/${name}${broken.has(name) ? '/clear' : ''}`, glance, name),
      })),
  })).filter((group) => group.faults.length > 0)
}

/** As on the page: group by group, what is in none at the end. */
function groupsOf({ groups, services }: Configuration) {
  const known = new Set(groups.map(({ id }) => id))
  return [
    ...groups.map(({ id, name }) => ({ name, services: services.filter(({ group }) => group === id) })),
    { name: null, services: services.filter(({ group }) => group === null || !known.has(group)) },
  ].filter((group) => group.services.length > 0)
}

function serviceModel(service: Service, glance: Glance, sight: PanelSight) {
  const { language } = glance
  const { faults } = sight.stage
  const broken = new Set(faults.broken().map(({ name }) => name))
  const own = faults.all().filter((fault) => fault.service === service.id)
  const count = own.filter(({ name }) => broken.has(name)).length
  const id = `service-${service.id}`
  const rows = [...new Set(own.map(({ check }) => check))].map((check) => ({
    label: check === null ? PANEL[language].whole : check.slice(service.id.length + 1),
    target: service.checks.find((one) => one.id === check)?.target ?? null,
    faults: own
      .filter((fault) => fault.check === check)
      .map(({ name }) => ({
        does: doesOf(name, language),
        broken: broken.has(name),
        action: action(`/fault/${name}${broken.has(name) ? '/clear' : ''}`, glance, id),
      })),
  }))
  return {
    id,
    name: fine(say(service.name, language), language),
    verdict: verdictModel(sight.outlooks.home?.services.get(service.id), sight.look, language),
    broken: count > 0 ? PANEL[language].count(count) : null,
    open: count > 0 || glance.at === id,
    rows,
  }
}

function verdictModel(opinion: Opinion | undefined, { icons, words }: Look, language: Language) {
  if (opinion === undefined) return null
  return { status: opinion.status, icon: icons[opinion.status], word: words[language][opinion.condition] }
}

function mailLine(mail: Received, language: Language, timezone: string) {
  const { subject } = readLetter(mail.text)
  return {
    subject: subject === '' ? '…' : subject,
    to: mail.to.join(', '),
    by: PANEL[language].by[mail.by],
    time: new Date(mail.at).toLocaleTimeString(LOCALES[language], { timeZone: timezone }),
    iso: new Date(mail.at).toISOString(),
    href: `/${language}/mail/${mail.number}/`,
    rawHref: `/mail/${mail.number}.eml`,
  }
}

/** `E-mail, submission: refuses`. */
function labelOf({ name, service, check }: Fault, services: readonly Service[], language: Language): string {
  if (service === null) {
    const known = WORLD.flatMap(({ faults }) => Object.entries(faults)).find(([one]) => one === name)
    return known === undefined ? name : say(known[1].title, language)
  }
  const found = services.find(({ id }) => id === service)
  const who = found === undefined ? service : say(found.name, language)
  const part = check === null ? '' : ` (${check.slice(service.length + 1)})`
  return `${who}${part}${PUNCTUATION[language].colon}${doesOf(name, language)}`
}

function doesOf(name: string, language: Language): string {
  const word = name.slice(name.lastIndexOf('-') + 1)
  return say(DOES[word] ?? { [language]: word }, language)
}

/** Where a form goes, and where one is afterwards. */
function action(path: string, { language, live }: Glance, at: string): string {
  return `${path}?lang=${language}${live ? '&live=1' : ''}&at=${at}`
}

function typeset(words: PanelWords, language: Language): PanelWords {
  const set = Object.entries(words).map(([key, value]) => [
    key,
    typeof value === 'string' ? fine(value, language) : value,
  ])
  return Object.fromEntries(set) as PanelWords
}

const SPACING: Readonly<Record<Language, (text: string) => string>> = {
  fr: (text) => text.replace(/ (?=[:;?!»])/g, '\u00a0').replace(/« /g, '«\u00a0'),
  en: (text) => text,
}

/** French spaces at which no line ends. */
function fine(text: string, language: Language): string {
  return SPACING[language](text)
}
