// `vigie report`: what a month or a year was like.
import type { Configuration } from '../core/check.ts'
import { isForMembers, type OutageRecord, outagesFrom, withOthers } from '../core/history/outage-record.ts'
import { type Course, type Report, reportOf } from '../core/history/report.ts'
import { inOrder } from '../core/shown/painting.ts'
import { LANGUAGES, type Language } from '../core/text.ts'
import { monthAt, type Period, periodOf } from '../core/time/period.ts'
import type { Instant } from '../core/time/time.ts'
import { findRunning } from '../process/running.ts'
import type { Archive } from '../store/archive.ts'
import type { Call, Command, Host } from './command.ts'
import { readArchive } from './folder/archive.ts'
import { idleRead } from './folder/idle.ts'
import { incidentsIn } from './folder/statements.ts'
import { readSound } from './reading.ts'
import { reportCsv, reportDocument } from './report/data.ts'
import { reportText } from './report/text.ts'

export const report: Command = {
  words: '',
  about: [
    'Uptime and outages of each service over a month, a year or some days, from the data folder, whether a vigie runs there or not; of the services that are configured. Time down, partly down, not measured and under maintenance are told apart, as on the page: uptime is 1 − outage ÷ (time − not measured − maintenance).',
    'What admins told members of it stands below the outages. Days are those of `timezone`. A period that isn’t over ends now. Where history begins later, figures begin there, and that is said. Prints Markdown, for a page or a meeting.',
    'Exit code 0, 1 when there is nothing to report from, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['month', 'year', 'from', 'to', 'lang', 'csv', 'json'],
  examples: [
    { line: 'vigie report', does: 'the last month that is over; in the first one, that one' },
    { line: 'vigie report --year 2026 --lang fr', does: 'a year, for the members’ assembly' },
    { line: 'vigie report --from 2026-11-03 --to 2026-11-09 --csv', does: 'a week, for a spreadsheet' },
  ],
  run: runReport,
}

async function runReport(call: Call, host: Host): Promise<number> {
  const { options } = call
  const reading = readSound(call, host)
  if (reading === null) return 2
  const { configuration } = reading
  const now = host.wall()
  const language = languageOf(options.lang, configuration)
  const period = periodOf(options, now, configuration.timezone)
  const wrong =
    language === null
      ? `--lang is fr or en, not ${JSON.stringify(options.lang)}`
      : options.csv && options.json
        ? '--csv or --json: one of them'
        : 'wrong' in period
          ? period.wrong
          : null
  if (wrong !== null || language === null || 'wrong' in period) {
    host.err.write(`vigie report: ${wrong}\n`)
    return 2
  }
  const running = findRunning(options.data)
  const found = readArchive('report', options.data, host, (archive, asOf) => {
    const reported = (of: Period) => {
      return { asOf, period: of, report: reportOf(coursesOf(configuration, archive, of.from), of, asOf, now) }
    }
    const asked = reported(period)
    const { month, year, from } = options
    const unsaid = month === undefined && year === undefined && from === undefined
    return unsaid && isEmpty(asked.report) ? reported(monthAt(now, configuration.timezone)) : asked
  })
  if (found === null) return 1
  if (running === null) host.err.write(idleRead(options.data))
  const shown = new Set(inOrder(configuration).map(({ id }) => id))
  const incidents = incidentsIn(options.data)
    .filter(({ started, resolved }) => started < found.period.to && (resolved ?? now) > found.period.from)
    .map((incident) => ({ ...incident, services: incident.services.filter((id) => shown.has(id)) }))
  const about = { configuration, now, incidents, ...found }
  if (options.json) host.out.write(`${JSON.stringify(reportDocument(about), null, 2)}\n`)
  else
    host.out.write(
      options.csv ? reportCsv(about, language) : reportText(about, language, host.out.live ? host.out.columns : null),
    )
  if (host.out.live && options.lang === undefined && !options.csv && !options.json)
    host.err.write('In the first language of the page; --lang fr or --lang en chooses.\n')
  return isEmpty(found.report) ? 1 : 0
}

function isEmpty({ services }: Report): boolean {
  return services.every(({ since }) => since === null)
}

function languageOf(asked: string | undefined, { languages }: Configuration): Language | null {
  return asked === undefined ? languages[0] : (LANGUAGES.find((language) => language === asked) ?? null)
}

/** The services of the page, in their order. */
function coursesOf(configuration: Configuration, archive: Archive, from: Instant): readonly Course[] {
  return inOrder(configuration).map(({ id, name }) => {
    return { id, name, spans: archive.statusSpans(id, from), outages: outagesOf(id, configuration, archive) }
  })
}

/** With those that only another site measured, as on the page. */
function outagesOf(id: string, { site, sites }: Configuration, archive: Archive): readonly OutageRecord[] {
  const told = (changes: ReturnType<Archive['changesOf']>) =>
    outagesFrom(changes.map((change) => change.sites as OutageRecord))
  const own = told(archive.changesOf(id, 'outage', 0, EVER))
  const others = sites.filter((other) => other.id !== site.id)
  const theirs = others.flatMap((other) => told(archive.changesElsewhere(other.id, id, 'outage', 0, EVER)))
  return withOthers(own, theirs).filter(isForMembers)
}

const EVER = Number.MAX_SAFE_INTEGER
