// A report for people, in Markdown: a table of services, a table of outages, and how to read them.

import type { Episode, ServiceReport } from '../../core/history/report.ts'
import { cleanNote } from '../../core/observation.ts'
import { REASONS } from '../../core/reason-words.ts'
import type { Incident } from '../../core/said/incident.ts'
import { type Language, PUNCTUATION, say } from '../../core/text.ts'
import { calendarOf } from '../../core/time/date-parts.ts'
import { lasting } from '../../core/time/lasting.ts'
import type { Period } from '../../core/time/period.ts'
import { type Instant, type Millis, SECOND } from '../../core/time/time.ts'
import { checkTitle } from '../../page/words/check-title.ts'
import { percent } from '../../page/words/figures.ts'
import { cut, fold, pad, widthOf } from '../terminal/width.ts'
import type { Reported } from './data.ts'

interface Words {
  readonly title: string
  readonly span: (from: string, to: string) => string
  readonly running: (now: string) => string
  readonly made: (now: string, zone: string) => string
  /** `services` null: all of them. */
  readonly later: (services: string | null, since: string) => string
  readonly never: (services: string | null) => string
  readonly columns: readonly string[]
  readonly outages: string
  readonly none: string
  readonly incidents: string
  readonly told: (from: string, to: string | null) => string
  readonly lasted: (length: string, open: boolean) => string
  readonly partly: string
  readonly reading: readonly string[]
  readonly replica: string
}

const WORDS: Readonly<Record<Language, Words>> = {
  fr: {
    title: 'disponibilité',
    span: (from, to) => `Du ${from} au ${to} inclus.`,
    running: (now) => `Période en cours : les chiffres s’arrêtent le ${now}.`,
    made: (now, zone) => `Établi le ${now} (${zone}).`,
    later: (services, since) => `Mesuré depuis le ${since} seulement${services === null ? '' : ` : ${services}`}.`,
    never: (services) =>
      services === null ? 'Rien n’a été mesuré sur cette période.' : `Jamais mesuré sur cette période : ${services}.`,
    columns: [
      'Service',
      'Disponibilité',
      'En panne',
      'En partie',
      'Sans mesure',
      'Maintenance',
      'Pannes',
      'La plus longue',
    ],
    outages: 'Pannes',
    none: 'Aucune.',
    incidents: 'Ce que l’équipe en a dit',
    told: (from, to) => (to === null ? `${from}, en cours` : `${from} – ${to}`),
    lasted: (length, open) => (open ? `en cours, depuis ${length}` : `pendant ${length}`),
    partly: 'en partie',
    reading: [
      'Disponibilité = 1 − temps en panne ÷ (temps total − temps sans mesure − maintenance).',
      '« En partie » : une partie du service ne répondait pas, ou il ne répondait pas de partout. Ce temps est compté à part.',
      '« Sans mesure » : vigie ne pouvait rien savoir, parce que sa propre ligne ne marchait pas ou qu’il était arrêté. Ce temps ne compte ni pour ni contre le service.',
      'Une panne commence au premier échec constaté et finit à la première bonne réponse.',
    ],
    replica: 'Ceci est une démonstration : les services sont imités par la machine elle-même.',
  },
  en: {
    title: 'uptime',
    span: (from, to) => `From ${from} to ${to}, both included.`,
    running: (now) => `The period isn’t over: figures end on ${now}.`,
    made: (now, zone) => `Made on ${now} (${zone}).`,
    later: (services, since) => `Measured only since ${since}${services === null ? '' : `: ${services}`}.`,
    never: (services) =>
      services === null ? 'Nothing was measured in this period.' : `Never measured in this period: ${services}.`,
    columns: ['Service', 'Uptime', 'Down', 'Partly down', 'Not measured', 'Maintenance', 'Outages', 'Longest'],
    outages: 'Outages',
    none: 'None.',
    incidents: 'What the team told of it',
    told: (from, to) => (to === null ? `${from}, not over` : `${from} – ${to}`),
    lasted: (length, open) => (open ? `not over after ${length}` : `for ${length}`),
    partly: 'partly',
    reading: [
      'Uptime = 1 − time down ÷ (all time − time not measured − maintenance).',
      '“Partly down”: a part of the service did not answer, or it did not answer everywhere. That time is counted apart.',
      '“Not measured”: vigie could not know, because its own line did not work or it was not running. That time counts neither for nor against the service.',
      'An outage begins with the first failure seen and ends with the first good answer.',
    ],
    replica: 'This is a demonstration: the services are imitated by the machine itself.',
  },
}

/** Markdown either way. `columns`: of the terminal it is read on, where long lines would break anyhow; null: a file. */
export function reportText(reported: Reported, language: Language, columns: number | null): string {
  const { configuration, report, incidents, period, now } = reported
  const words = WORDS[language]
  const { date, minute } = formatsOf(language, configuration.timezone)
  const { colon } = PUNCTUATION[language]
  const measured = report.services.filter(({ since }) => since !== null)
  const facts = [
    words.span(date(period.from), date(period.to - 1)),
    ...(period.to > now ? [words.running(minute(now))] : []),
    words.made(minute(now), configuration.timezone),
    ...laterLines(report.services, period, words, minute, language),
    ...(configuration.replica ? [words.replica] : []),
  ]
  const silent = report.services.filter(({ since }) => since === null)
  if (silent.length > 0) facts.push(words.never(namesOf(silent, report.services, language)))
  const outages = report.outages.map((one) => outageLine(one, reported, words, minute, language))
  return [
    `# ${plain(say(configuration.name, language))}${colon}${words.title}, ${titleOf(period, language, configuration.timezone)}`,
    facts.join('\n'),
    ...(measured.length === 0
      ? []
      : tables(
          words.columns,
          measured.map((one) => serviceCells(one, language)),
          columns,
        )),
    ...(measured.length === 0 ? [] : [`## ${words.outages}`, outages.join('\n') || words.none]),
    ...(incidents.length === 0
      ? []
      : [
          `## ${words.incidents}`,
          incidents.map((one) => incidentLine(one, reported, words, minute, language)).join('\n'),
        ]),
    ...(measured.length === 0 ? [] : [words.reading.map((line) => `- ${line}`).join('\n')]),
  ]
    .map((part) => `${columns === null || part.startsWith('|') ? part : folded(part, columns)}\n`)
    .join('\n')
}

/** Each line in as many as it needs; of a list, below its words. */
function folded(text: string, columns: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const [, mark = '', words = ''] = /^(- |#+ )?(.*)$/.exec(line) ?? []
    const indent = ' '.repeat(mark.length)
    return fold(words, columns - mark.length).map((part, at) => (at === 0 ? mark : indent) + part)
  })
  return lines.join('\n')
}

/** History that begins within the period: said once for each beginning. */
function laterLines(
  services: readonly ServiceReport[],
  { from }: Period,
  words: Words,
  minute: (at: Instant) => string,
  language: Language,
): readonly string[] {
  const late = services.filter(({ since }) => since !== null && since > from)
  const beginnings = [...new Set(late.map(({ since }) => minute(since!)))]
  return beginnings.map((since) => {
    const then = late.filter((one) => minute(one.since!) === since)
    return words.later(namesOf(then, services, language), since)
  })
}

function serviceCells({ name, share, tally, outages, longest }: ServiceReport, language: Language): readonly string[] {
  return [
    plain(say(name, language)),
    share === null ? '–' : percent(share, language),
    ...[tally.outage, tally.partial, tally.blind, tally.maintenance].map((one) => length(one, language)),
    outages === 0 ? '–' : String(outages),
    length(longest, language),
  ]
}

function outageLine(
  { record, service, within }: Episode,
  { configuration }: Reported,
  { lasted, partly }: Words,
  minute: (at: Instant) => string,
  language: Language,
): string {
  const { since, ended, confirmed, checks } = record
  const measured = configuration.services.find(({ id }) => id === record.service)!
  const { colon } = PUNCTUATION[language]
  const length = lasted(lasting(ended === null ? within : ended - since, language), ended === null)
  const seen = [...new Set(checks.map(({ reason }) => reason))].map((reason) => {
    const failed = checks.filter((check) => check.reason === reason).map((one) => checkTitle(one, measured, language))
    return `${[...new Set(failed)].join(', ')}${reason === null ? '' : ` (${REASONS[language][reason]})`}`
  })
  const what = [plain(say(service, language)), ...(confirmed ? [] : [partly]), ...seen.map(plain)]
  return `- ${minute(since)}, ${length}${colon}${what.join(' · ')}`
}

function incidentLine(
  { title, services, started, resolved }: Incident,
  { report }: Reported,
  { told }: Words,
  minute: (at: Instant) => string,
  language: Language,
): string {
  const { colon } = PUNCTUATION[language]
  const names = services.map((id) => say(report.services.find((one) => one.id === id)?.name ?? { fr: id }, language))
  const about = names.length === 0 ? '' : ` (${names.map(plain).join(' · ')})`
  return `- ${told(minute(started), resolved === null ? null : minute(resolved))}${colon}${plain(say(title, language))}${about}`
}

/** One table; two where one is too wide: how good it was, and where the time went. */
function tables(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | null,
): readonly string[] {
  const whole = grid(titles, rows)
  if (columns === null || whole.indexOf('\n') <= columns) return [whole]
  return HALVES.map((half) => {
    const pick = (cells: readonly string[]) => half.map((at) => cells[at]!)
    const table = grid(pick(titles), rows.map(pick))
    const over = table.indexOf('\n') - columns
    return over <= 0 ? table : grid(pick(titles), withShortNames(rows.map(pick), over))
  })
}

/** As long as fits, if that still says which service it is. */
function withShortNames(rows: readonly (readonly string[])[], over: number): readonly (readonly string[])[] {
  const widest = Math.max(...rows.map(([name = '']) => widthOf(name)))
  return rows.map(([name = '', ...cells]) => [cut(name, Math.max(SHORTEST, widest - over)), ...cells])
}

const SHORTEST = 12

/** Columns of each: service, uptime, outages, longest; service and lengths of time. */
const HALVES: readonly (readonly number[])[] = [
  [0, 1, 6, 7],
  [0, 2, 3, 4, 5],
]

/** A table whose source can be read as it is; all but the first column are numbers, set to the right. */
function grid(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, at) => Math.max(...[title, ...rows.map((row) => row[at] ?? '')].map(widthOf)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, at) => pad(text, widths[at]!, at === 0 ? 'left' : 'right')).join(' | ')} |`
  const rule = widths.map((width, at) => (at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(titles), line(rule), ...rows.map(line)].join('\n')
}

function titleOf({ kind, name, from, to }: Period, language: Language, timezone: string): string {
  if (kind === 'year') return name
  if (kind === 'month') {
    const { month, year } = calendarOf(language, timezone).partsOf(from)
    return `${month} ${year}`
  }
  const { date } = formatsOf(language, timezone)
  return `${date(from)} – ${date(to - 1)}`
}

function formatsOf(language: Language, timezone: string) {
  const { partsOf, shortDate } = calendarOf(language, timezone)
  return {
    date: (at: Instant) => `${partsOf(at).date} ${partsOf(at).year}`,
    minute: (at: Instant) => `${shortDate(at)} ${partsOf(at).year}, ${partsOf(at).time}`,
  }
}

function length(one: Millis, language: Language): string {
  return one < SECOND / 2 ? '–' : lasting(one, language)
}

/** Names with commas in them are not taken apart; null: all services. */
function namesOf(some: readonly ServiceReport[], all: readonly ServiceReport[], language: Language): string | null {
  return some.length === all.length ? null : some.map(({ name }) => plain(say(name, language))).join(' · ')
}

/** One line that is no Markdown. */
function plain(text: string): string {
  return cleanNote(text).replace(/[\\|*_`<>[\]]/g, '\\$&')
}
