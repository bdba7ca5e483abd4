// What `vigie explain` prints for people: from the looks down to the mails, in the order in which one follows from the other.
import { type Configuration, isOnPage, type Service } from '../../core/check.ts'
import type { Became, Because, CheckExplanation, Explanation, Fate } from '../../core/history/explanation.ts'
import { cleanNote } from '../../core/observation.ts'
import { REASONS } from '../../core/reason-words.ts'
import { say } from '../../core/text.ts'
import { lasting } from '../../core/time/lasting.ts'
import { DAY, formatDuration, type Instant, MINUTE, SECOND } from '../../core/time/time.ts'
import type { LastPing } from '../../core/verdict/heartbeat.ts'
import { RULES } from '../../core/verdict/rule-words.ts'
import { CONDITIONS, layerNames } from '../../page/words/words.ts'
import { countOf } from '../reading.ts'
import type { Screen } from '../terminal/screen.ts'
import { fold, pad } from '../terminal/width.ts'
import { lookTable, sumLines } from './looks.ts'
import { type Clock, type Fact, mailLines, saidLines, workWords } from './people.ts'

export interface About {
  readonly configuration: Configuration
  readonly service: Service
  readonly explanation: Explanation
  /** Of its jobs, by check. */
  readonly pings: ReadonlyMap<string, LastPing>
  /** Until when the archive that was read knows anything. */
  readonly asOf: Instant
  readonly now: Instant
}

const TERM = 10

/** Moments are by the site's clock, and lines are folded at `screen.columns`. */
export function explanationLines(about: About, screen: Screen): readonly string[] {
  const { configuration, service, explanation, pings, asOf, now } = about
  const clock = clockFor(explanation.at, configuration.timezone)
  const name = cleanNote(say(service.name, 'en'))
  const full = new Intl.DateTimeFormat('en-GB', {
    timeZone: configuration.timezone,
    dateStyle: 'long',
    timeStyle: 'medium',
  })
  return [
    ...fold(`${name} (${service.id}) on ${full.format(explanation.at)}, ${configuration.timezone}`, screen.columns).map(
      (line) => screen.paint(line, 'bold'),
    ),
    '',
    ...explanation.checks.flatMap((one) => [
      ...checkLines(one, pings.get(one.check.id) ?? null, explanation.at, clock, screen),
      '',
    ]),
    ...facts(
      [
        ['our line', lineWords(explanation, clock)],
        ...explanation.people.work.map((one): Fact => ['planned', workWords(one, clock)]),
        ...explanation.parents.map((parent): Fact => ['depends on', parentWords(parent, explanation, clock)]),
        ['status', isOnPage(service) ? statusWords(explanation, clock) : 'on no page: it is for admins alone'],
        ...(explanation.unstable === null ? [] : [['unstable', unstableWords(explanation.unstable, clock)] as Fact]),
        ...saidLines(explanation, clock),
        ...(explanation.known === null ? [] : [['known now', knownWords(explanation, clock)] as Fact]),
        ['outage', outageWords(explanation, clock)],
        ...mailLines(explanation, clock),
      ],
      screen,
    ),
    ...letterLines(explanation, now, clock, screen),
    '',
    ...fold(asOfWords(explanation.at, asOf, now, clock), screen.columns).map((line) => screen.paint(line, 'dim')),
  ]
}

/** A term and what is said of it, folded beside it. */
function facts(list: readonly Fact[], screen: Screen, indent = ''): readonly string[] {
  return list.flatMap(([term, words]) =>
    fold(words, screen.columns - indent.length - TERM - 2).map(
      (line, at) => `${indent}${screen.paint(pad(at === 0 ? term : '', TERM), 'bold')}  ${line}`,
    ),
  )
}

function checkLines(
  one: CheckExplanation,
  ping: LastPing | null,
  at: Instant,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const { check, looks, sums, run } = one
  const { every, fall, rise } = check.rule
  const pace =
    check.heartbeat === null
      ? `every ${formatDuration(every)}; down after ${fall}, up after ${rise}`
      : `awaited every ${check.target}`
  const marks = [check.essential ? 'essential' : '', check.audience === 'admins' ? 'for admins alone' : '']
  const title = [`${check.kind} ${cleanNote(check.target)}`, pace, ...marks].filter((part) => part !== '').join(', ')
  return [
    ...fold(`${check.id}: ${title}`, screen.columns),
    ...(looks.length > 0 ? lookTable(looks, 2 * every, clock, screen) : sumLines(sums, at, clock, screen)),
    ...(ping === null ? [] : pingLines(ping, at, clock, screen)),
    ...facts(
      [
        ...(run === null ? [] : [['in a row', runWords(run, clock)] as Fact]),
        ...one.opinions.map(({ site, ...said }): Fact => ['opinion', `${site}: ${opinionWords(said)}`]),
        ['agreed', agreedWords(one, clock)],
        ...(one.agreed === null
          ? []
          : [[`rule ${one.agreed.rule}`, RULES[one.agreed.rule] ?? 'a rule of another version'] as Fact]),
      ],
      screen,
      '  ',
    ),
  ]
}

/** Errors come last in what a job says. */
const LAST_LINES = 8

function pingLines(ping: LastPing, asked: Instant, clock: Clock, screen: Screen): readonly string[] {
  const { at, kind, exit, body } = ping
  if (at > asked) return facts([['last ping', `no longer known: another came at ${clock(at)}`]], screen, '  ')
  const lines = body
    .split(/\r\n?|\n/)
    .map(cleanNote)
    .filter((line) => line !== '')
  const how = exit === null ? PINGS[kind] : `exit code ${exit}`
  const more = lines.length > LAST_LINES ? `, its last ${LAST_LINES} lines` : ''
  return [
    ...facts([['last ping', `${how}, at ${clock(at)}${lines.length === 0 ? '' : `; it said${more}:`}`]], screen, '  '),
    ...lines
      .slice(-LAST_LINES)
      .flatMap((line) => fold(line, screen.columns - TERM - 6).map((part) => `${' '.repeat(TERM + 6)}${part}`)),
  ]
}

const PINGS: Readonly<Record<LastPing['kind'], string>> = {
  success: 'done',
  start: 'begun',
  fail: 'failed',
  log: 'a log line',
}

function runWords({ kind, length, since }: NonNullable<CheckExplanation['run']>, clock: Clock): string {
  const what = kind === 'fail' ? 'failure' : kind === 'ok' ? 'good one' : 'look that says nothing'
  const many = kind === 'unknown' && length !== 1 ? `${length} looks that say nothing` : countOf(length, what)
  return `${many}${length >= 10 ? ' or more' : `, ${length === 1 ? 'at' : 'the first at'} ${clock(since)}`}`
}

function opinionWords({ state, fails, path, reason }: Omit<CheckExplanation['opinions'][number], 'site'>): string {
  const parts = [
    state,
    fails > 0 ? countOf(fails, 'failure') : '',
    reason === null ? '' : (REASONS.en[reason] ?? reason),
    path ? '' : 'the road to the provider was bad',
  ]
  return `${parts.filter((part) => part !== '').join(', ')} (when it was agreed)`
}

function agreedWords({ agreed, confidence, next }: CheckExplanation, clock: Clock): string {
  if (agreed === null) return 'nothing yet'
  const sure =
    confidence === null || confidence.of === 0 ? '' : `, ${confidence.confirmed} of ${countOf(confidence.of, 'site')}`
  const after =
    next === null ? '' : `; ${next.state === agreed.state ? `rule ${next.rule}` : next.state} from ${clock(next.at)} on`
  return `${agreed.state} since ${clock(agreed.since)}${sure}, decided at ${clock(agreed.at)}${after}`
}

function lineWords({ line, checks }: Explanation, clock: Clock): string {
  const names = (layers: readonly string[]) => cleanNote(layerNames(layers, 'en'))
  if (line.bad !== null) {
    const until = line.bad.to === null ? '' : `, until ${clock(line.bad.to)}`
    const spared = line.bad.layers.every((layer) => layer === 'dns') ? '; what is looked at by its address does' : ''
    const cut = `cut since ${clock(line.bad.from)}${until} (${names(line.bad.layers)})`
    return `${cut}: what was seen by way of it doesn’t count${spared}`
  }
  const excused = checks.some(({ looks }) => looks.some(({ excuse }) => excuse !== null))
  if (!line.tested && line.ended === null) return 'nobody can tell: no witnesses are configured, so it counts as good'
  if (line.ended === null) return 'good; never known to be cut before'
  const last = `cut from ${clock(line.ended.from)} to ${clock(line.ended.to!)} (${names(line.ended.layers)})`
  return excused ? `good again; ${last}` : `good; last ${last}`
}

const STATUS_RULES: Readonly<Record<Because['rule'], string>> = {
  nothing: 'nothing was known',
  maintenance: 'maintenance was planned',
  all_down: 'every check was down',
  essential_down: 'an essential check was down',
  some_down: 'one of its checks was down or partial',
  all_unknown: 'no check had a known state',
  essential_unknown: 'an essential check had no known state',
  some_degraded: 'one of its checks was slow',
  well: 'no check was down, partial or slow',
}

function statusWords({ said, because }: Explanation, clock: Clock): string {
  if (said === null) return 'nothing was known of it yet'
  const guilty = because.checks.length === 0 ? '' : `: ${because.checks.join(', ')}`
  const measured =
    because.measured < because.of ? `; ${because.measured} of ${countOf(because.of, 'check')} measured` : ''
  return `${CONDITIONS.en[said.state]} ${spanned(said, clock)}: ${STATUS_RULES[because.rule]}${guilty}${measured}`
}

function unstableWords({ since, worst }: NonNullable<Explanation['unstable']>, clock: Clock): string {
  return `since ${clock(since)} it had changed too often: the page called it unstable, at its worst ${CONDITIONS.en[worst].toLowerCase()}`
}

function spanned({ since, at }: Became, clock: Clock): string {
  return `since ${clock(since)}${at - since < SECOND ? '' : `, decided at ${clock(at)}`}`
}

function knownWords({ known, at }: Explanation, clock: Clock): string {
  const { from, to, status } = known!
  const until = to === null ? '' : ` to ${clock(to)}`
  const later = from <= at ? ' Later looks told more: ask for a moment a little later to see them.' : ''
  return `${CONDITIONS.en[status]}, from ${clock(from)}${until}.${later}`
}

function parentWords(
  { id, outage }: Explanation['parents'][number],
  { outage: own }: Explanation,
  clock: Clock,
): string {
  if (outage === null) return `${id}: no outage then`
  const over = outage.ended === null ? '' : `, over at ${clock(outage.ended)}`
  return `${id}: an outage since ${clock(outage.since)}${over}${own === null ? '' : ', which explains this one'}`
}

function outageWords({ outage }: Explanation, clock: Clock): string {
  if (outage === null) return 'none'
  const { since, opened, ended, confirmed, rule } = outage
  const over = ended === null ? 'not over' : `over at ${clock(ended)}, after ${lasting(ended - since, 'en')}`
  return `${outage.id}: since ${clock(since)}, sure at ${clock(opened)} (rule ${rule}${confirmed ? '' : ', partial'}), ${over}`
}

function letterLines(
  { outage, letters, waits, parents, people }: Explanation,
  now: Instant,
  clock: Clock,
  screen: Screen,
) {
  if (outage === null) return []
  if (letters.length === 0) {
    const held = parents.find((parent) => parent.outage !== null)
    const old = now - outage.since > 90 * DAY ? 'no longer known: letters are kept for 90 days' : null
    const quiet = people.work.length > 0 ? 'none: maintenance mutes them' : people.mute && 'none: they were silenced'
    if (waits) return facts([['mails', WAITING]], screen)
    const why = quiet ?? (held === undefined ? 'none was decided' : `none of its own: ${held.id} explains it`)
    return facts([['mails', old ?? why]], screen)
  }
  return letters.flatMap((fate, index) => [
    ...facts([[index === 0 ? 'mails' : '', letterWords(fate, clock)]], screen),
    ...fate.attempts.flatMap(({ at, relay, outcome, note }) =>
      fold(
        `${clock(at)} ${relay}: ${OUTCOMES[outcome]}${note === '' ? '' : ` (${cleanNote(note)})`}`,
        screen.columns - TERM - 4,
      ).map((line, part) => `${' '.repeat(TERM + (part === 0 ? 2 : 4))}${line}`),
    ),
  ])
}

const WAITING =
  'decided, and waits for its turn: what falls together goes in one mail, and of services no more than twenty go in an hour'

const OUTCOMES: Readonly<Record<Fate['attempts'][number]['outcome'], string>> = {
  begun: 'begun, and no end of it is known',
  sent: 'taken',
  failed: 'not taken',
  uncertain: 'no answer after the whole letter',
}

function letterWords({ letter, recipient, state, attempts }: Fate, clock: Clock): string {
  const fate =
    state === 'sent'
      ? 'went out'
      : state === 'withdrawn'
        ? 'withdrawn'
        : attempts.length === 0
          ? 'waits'
          : 'is tried again'
  return `${letter.news.kind}, decided at ${clock(letter.at)}, to ${cleanNote(recipient)}: ${fate}`
}

function asOfWords(at: Instant, asOf: Instant, now: Instant, clock: Clock): string {
  const fresh = now - asOf < 3 * MINUTE
  if (at <= asOf) return `As of ${clock(asOf)}.`
  return fresh
    ? `As of ${clock(asOf)}: looks that changed nothing are written once a minute.`
    : `As of ${clock(asOf)}: nothing was written since. Does vigie run? \`vigie status\` tells.`
}

/** Times of the day asked for as `14:02:30`, others with their date before. */
function clockFor(day: Instant, timezone: string): Clock {
  const dates = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short' })
  const times = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, timeStyle: 'medium' })
  return (at) => `${dates.format(at) === dates.format(day) ? '' : `${dates.format(at)} `}${times.format(at)}`
}
