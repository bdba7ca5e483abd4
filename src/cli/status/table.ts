// What `vigie status` prints for people.

import { cleanNote, type Reason } from '../../core/observation.ts'
import { REASONS } from '../../core/reason-words.ts'
import { type CopyState, isMade } from '../../core/shown/copy.ts'
import { lasting } from '../../core/time/lasting.ts'
import type { Instant } from '../../core/time/time.ts'
import type { Status } from '../../core/verdict/service.ts'
import type { StatusDocument } from '../../page/programs/status.ts'
import { CONDITIONS, layerNames } from '../../page/words/words.ts'
import type { Screen, Style } from '../terminal/screen.ts'
import { type Column, type Row, type Section, table } from '../terminal/table.ts'
import { fold } from '../terminal/width.ts'

type ServiceDocument = StatusDocument['services'][number]

const COLUMNS: readonly Column[] = [
  { title: 'SERVICE', least: 16 },
  { title: 'STATUS', least: 12 },
  { title: 'FOR', align: 'right' },
  { title: 'HOW SURE', least: 18 },
]

const MARKS: Readonly<Record<Status, readonly [mark: string, style: Style]>> = {
  operational: ['✓', 'green'],
  degraded_performance: ['!', 'yellow'],
  partial_outage: ['!', 'yellow'],
  major_outage: ['✗', 'red'],
  under_maintenance: ['~', 'blue'],
  unknown: ['?', 'blue'],
}

const STRANGE: readonly [mark: string, style: Style] = ['?', 'blue']

/** The sentence, what to think of it, and a row a service; below those that don't work, their checks. */
export function statusLines(document: StatusDocument, screen: Screen, now: Instant): readonly string[] {
  return linesOf(document, document.services, screen, now)
}

function linesOf(
  document: StatusDocument,
  shown: readonly ServiceDocument[],
  screen: Screen,
  now: Instant,
): readonly string[] {
  // Green is for what was measured.
  const unmeasured = document.status === 'operational' && document.services.some(({ status }) => status === 'unknown')
  const [, style] = (unmeasured ? undefined : MARKS[document.status]) ?? STRANGE
  const did = document.services.every(isUnverified) ? 'Written' : 'Verified'
  return [
    ...fold(cleanNote(document.sentence.en), screen.columns).map((line) => screen.paint(line, style)),
    screen.paint(`${did} ${ago(document.generated_at, now)} by ${siteOf(document)}.`, 'dim'),
    ...blindLines(document, screen, now),
    ...(document.replica === true ? ['This is a demonstration: the built-in replica stands in for the world.'] : []),
    '',
    ...table(COLUMNS, sectionsOf(shown, now), screen),
  ]
}

/** The same in so many lines: where all don't fit, services that work are counted, not listed. */
export function fittingLines(document: StatusDocument, screen: Screen, now: Instant, rows: number): readonly string[] {
  const all = statusLines(document, screen, now)
  if (all.length <= rows) return all
  const troubled = document.services.filter(({ status }) => status !== 'operational')
  const count = document.services.length - troubled.length
  const rest = screen.paint(`${count} more work; a taller window lists them.`, 'dim')
  const lines = linesOf(document, troubled, screen, now)
  // Without any, the table is only its header and the line before it.
  const shown = troubled.length === 0 ? lines.slice(0, -2) : lines
  return [...shown.slice(0, Math.max(1, rows - 2)), '', rest]
}

/** What to say of a document that nobody vouches for. One who left no word of going may have died: its page tells when. */
export function staleLine({ generated_at, next_by }: StatusDocument, vigie: 'silent' | 'gone', now: Instant): string {
  const gone = vigie === 'gone' || !(now <= Date.parse(next_by))
  return `${gone ? 'No vigie runs here' : 'The vigie here does not answer'}: this is what was left ${ago(generated_at, now)}.`
}

/** How the copies of the page elsewhere stand, a paragraph each; none where there are none. */
export function copyLines(copies: readonly CopyState[], screen: Screen, now: Instant): readonly string[] {
  return copies.length === 0 ? [] : ['', 'Copies of the page:', ...copies.flatMap(copyOf)]

  function copyOf(copy: CopyState): readonly string[] {
    const [mark, style] = MARKS[isMade(copy) ? 'operational' : 'partial_outage']
    const [first = '', ...rest] = fold(`${cleanNote(copy.to)}: ${copyWords(copy, now)}`, screen.columns - 4)
    return [`  ${screen.paint(mark, style)} ${first}`, ...rest.map((line) => `    ${line}`)]
  }
}

/** How one stands, after its place and a colon. */
export function copyWords({ by, there, at, fault, good }: CopyState, now: Instant): string {
  if (by === '') return 'made by no site, as none is full'
  if (by !== undefined) return `site ${cleanNote(by)} makes it${there === false ? ', and is not heard' : ''}`
  if (fault === null) return `made ${ago(at, now)}`
  return `${good === null ? 'never made' : `last made ${ago(good, now)}`}; the last try: ${cleanNote(fault)}`
}

function blindLines({ blind }: StatusDocument, screen: Screen, now: Instant): readonly string[] {
  if (blind === null) return []
  const layers = cleanNote(layerNames(blind.layers.map(String), 'en'))
  // What is named by its address needs nobody to find one.
  const still = blind.layers.join() === 'dns' ? ' What is looked at by its address still counts.' : ''
  const text = `BLIND for ${lengthSince(blind.since, now)}: our own line is not to be trusted (${layers}).${still}`
  return fold(text, screen.columns).map((line) => screen.paint(line, 'red'))
}

/** By group, in the order of the document; a group is known by its id here. */
function sectionsOf(services: readonly ServiceDocument[], now: Instant): readonly Section[] {
  const groups = [...new Set(services.map(({ group }) => group))]
  return groups.map((group) => ({
    title: group === null ? (groups.length > 1 ? 'other' : null) : cleanNote(group),
    rows: services.filter((service) => service.group === group).flatMap((service) => rowsOf(service, now)),
  }))
}

function rowsOf(service: ServiceDocument, now: Instant): readonly Row[] {
  const [mark, style] = MARKS[service.status] ?? STRANGE
  const word = service.unstable ? CONDITIONS.en.unstable : (CONDITIONS.en[service.status] ?? cleanNote(service.status))
  const name = cleanNote(service.name.en)
  const row: Row = {
    cells: [`${mark} ${name}`, { text: word, style }, lengthSince(service.since, now), sureOf(service)],
    whole: true,
  }
  if (service.status === 'operational' || service.status === 'under_maintenance') return [row]
  return [row, ...service.checks.filter(({ state }) => state !== 'up').map((check) => checkRow(check, now))]
}

function checkRow(check: ServiceDocument['checks'][number], now: Instant): Row {
  const failures = Object.values(check.sites ?? {}).reduce(
    (most, site) => Math.max(most, Number(site?.failures) || 0),
    0,
  )
  const reason =
    check.reason === null ? (check.at === null ? 'not looked at yet' : '') : (REASONS.en[check.reason as Reason] ?? '')
  const where = check.reason !== null && TOLD_ELSEWHERE.has(check.reason) ? '`vigie explain` tells why' : ''
  const words = [reason, where, failures > 1 ? `${failures} times` : ''].filter((part) => part !== '').join(', ')
  return {
    cells: [`    ${cleanNote(check.id)}`, cleanNote(check.state), lengthSince(check.since, now), words],
    whole: true,
  }
}

/** Reasons of ours that have several causes; which one it is stands on no page. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set<Reason>(['blocked', 'config'])

function sureOf({ confidence, cause, measured, of }: ServiceDocument): string {
  const parts = [SURE[confidence.note]?.(confidence) ?? '']
  if (typeof cause === 'string') parts.push(`because of ${cleanNote(cause)}`)
  if (measured > 0 && measured < of) parts.push(`${measured} of ${of} checks`)
  return parts.filter((part) => part !== '').join(', ')
}

const SURE: Readonly<Record<string, (confidence: ServiceDocument['confidence']) => string>> = {
  confirmed: ({ confirmed, of }) => `${confirmed} of ${of} sites`,
  one_site: ({ of }) => (of > 1 ? `1 of ${of} sites` : 'one site'),
  disagree: () => 'sites disagree',
  verifying: () => 'being verified',
  road: () => 'or the road there',
  frozen: () => 'frozen: our own line',
  none: () => 'no measure',
}

/** As the page has it: what could not be measured now was verified by nobody. */
function isUnverified({ status, confidence }: ServiceDocument): boolean {
  return status === 'unknown' || confidence.note === 'frozen'
}

/** Who verified it: a site that is not heard, or whose line is bad, did not. */
function siteOf({ site, sites }: StatusDocument): string {
  const others = Object.entries(sites).filter(([id]) => id !== site)
  const seeing = others.filter(([, said]) => said?.line === 'good').length
  const without = others.flatMap(([id, said]) => (said?.line === 'unheard' ? [cleanNote(id)] : []))
  const more = seeing === 0 ? '' : ` and ${seeing} more`
  return `site ${cleanNote(site)}${more}${without.length === 0 ? '' : `; not heard: ${without.join(', ')}`}`
}

function ago(at: string, now: Instant): string {
  return Number.isFinite(Date.parse(at)) ? `${lengthSince(at, now)} ago` : 'nobody knows when'
}

/** How long it is since then, so that no reader has to wonder about time zones. */
function lengthSince(at: string, now: Instant): string {
  const since = Date.parse(at)
  return Number.isFinite(since) ? lasting(now - since, 'en') : '?'
}
