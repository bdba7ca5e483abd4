// `vigie explain SERVICE [TIME]`: what led to a status.
import { nearest } from '../config/nearest.ts'
import type { Configuration, Service } from '../core/check.ts'
import { type Explanation, explain as explainMoment } from '../core/history/explanation.ts'
import { saidThen } from '../core/said/as-of.ts'
import { type Instant, iso } from '../core/time/time.ts'
import { readMoment } from '../core/time/wall-time.ts'
import type { LastPing } from '../core/verdict/heartbeat.ts'
import { findRunning } from '../process/running.ts'
import { readLastPings, readLetters, readWaiting } from '../store/archive.ts'
import type { Call, Command, Host } from './command.ts'
import { gather } from './explain/evidence.ts'
import { explanationLines } from './explain/text.ts'
import { readArchive } from './folder/archive.ts'
import { idleRead } from './folder/idle.ts'
import { statementsIn } from './folder/statements.ts'
import { readSound } from './reading.ts'

export const explain: Command = {
  words: 'SERVICE [TIME]',
  about: [
    'Prints what led to the status of a service at a time, now when none is given: the last looks of each check, what a job said with its last ping, whether our own line could be trusted, each site’s opinion, the rule that made an agreement of them, the status, the outage, what it depends on, what people had said of it (maintenance, incidents, a status that an admin set, no mails for an hour, “seen”), and the mails with what each relay said.',
    'TIME is `14:02` (the last time clocks showed it), "2026-11-23 14:02" or 2026-11-23T14:02Z, by the clocks of `timezone`. Single looks are kept for 7 days, counts of five minutes for 35 days, of hours for 13 months; every change of opinion, agreement and status for ever, letters for 90 days. What is no longer known is said.',
    'It reads a copy of the data folder: what a running vigie saw in the last minute may not be in it, unless something changed. The last line says as of when it is.',
    'Exit code 0, 1 when nothing is known of that time, 2 for wrong use or a configuration with mistakes.',
  ],
  options: ['json'],
  examples: [
    { line: 'vigie explain mail', does: 'why it is what it is' },
    { line: 'vigie explain mail 14:02', does: 'what was seen at 14:02' },
    { line: 'vigie explain mail "2026-11-03 14:02"', does: 'weeks later' },
  ],
  run: runExplain,
}

async function runExplain(call: Call, host: Host): Promise<number> {
  const reading = readSound(call, host)
  if (reading === null) return 2
  const { configuration } = reading
  const now = host.wall()
  const asked = readWords(call.words, configuration, now)
  if ('wrong' in asked) {
    host.err.write(`vigie explain: ${asked.wrong}\n`)
    return 2
  }
  const { service, at } = asked
  const { data, json } = call.options
  const running = findRunning(data)
  const found = readArchive('explain', data, host, (archive, asOf) => ({
    asOf,
    evidence: gather(archive, configuration, service, at, now),
  }))
  if (found === null) return 1
  const since = Math.min(at, ...found.evidence.outages.filter((one) => one.since <= at).map((one) => one.since))
  const people = saidThen(statementsIn(data), service.id, at)
  const explanation = explainMoment({ ...found.evidence, people, ...lettersSince(since, call, host) })
  const pings = lastPings(service, call, host)
  const about = { configuration, service, explanation, pings, asOf: found.asOf, now }
  if (running === null) host.err.write(idleRead(data))
  if (asked.note !== null) host.err.write(`${asked.note}\n`)
  if (json) host.out.write(`${JSON.stringify(documentOf(explanation, pings, found.asOf), null, 2)}\n`)
  else host.out.write(`${explanationLines(about, host.out).join('\n')}\n`)
  return explanation.said === null && explanation.known === null ? 1 : 0
}

type Asked =
  | { readonly service: Service; readonly at: Instant; readonly note: string | null }
  | { readonly wrong: string }

function readWords(words: readonly string[], { services, timezone }: Configuration, now: Instant): Asked {
  const [id, ...rest] = words
  const ids = services.map((service) => service.id)
  if (id === undefined) return { wrong: `which service? There are ${ids.join(', ')}` }
  const service = services.find((one) => one.id === id.split('.')[0])
  if (service === undefined) {
    const meant = nearest(id, ids)
    return {
      wrong: `there is no service "${id}"${meant === null ? `: there are ${ids.join(', ')}` : `: did you mean "${meant}"?`}`,
    }
  }
  if (rest.length === 0) return { service, at: now, note: null }
  const read = readMoment(rest.join(' '), now, timezone)
  if ('wrong' in read) return read
  return read.at <= now ? { service, ...read } : { wrong: `${rest.join(' ')} is yet to come` }
}

/** Without them the rest is still worth telling. */
function lettersSince(since: Instant, { options }: Call, host: Host) {
  try {
    return { letters: readLetters(options.data, since, host.wall() + 1), waiting: readWaiting(options.data) }
  } catch (error) {
    host.err.write(`ledger.db can't be read, so of mails nothing is said: ${(error as Error).message}\n`)
    return { letters: [], waiting: new Set<string>() }
  }
}

/** The last ping of each of its jobs, also one that came later: of those before it nothing is kept. */
function lastPings({ checks }: Service, { options }: Call, host: Host): ReadonlyMap<string, LastPing> {
  const jobs = checks.filter(({ heartbeat }) => heartbeat !== null).map(({ id }) => id)
  if (jobs.length === 0) return new Map()
  try {
    return readLastPings(options.data, jobs)
  } catch (error) {
    host.err.write(`ledger.db can't be read, so of pings nothing is said: ${(error as Error).message}\n`)
    return new Map()
  }
}

/** Version 1: the chain as it was found. Moments (`at`, `since`, `from`, `to`, `sent` …) are ISO 8601, lengths milliseconds. */
function documentOf(explanation: Explanation, pings: ReadonlyMap<string, LastPing>, asOf: Instant) {
  const { checks, letters, people, ...rest } = explanation
  const isLater = (ping: LastPing | undefined) => ping !== undefined && ping.at > explanation.at
  return dated({
    version: 1,
    as_of: asOf,
    ...rest,
    checks: checks.map(({ check, ...one }) => ({
      id: check.id,
      kind: check.kind,
      target: check.target,
      audience: check.audience,
      essential: check.essential,
      ...(check.heartbeat === null || isLater(pings.get(check.id)) ? {} : { last_ping: pings.get(check.id) ?? null }),
      ...one,
    })),
    people: {
      ...people,
      work: people.work.map(({ id, maintenance: { id: maintenance, title, by }, begins, ends }) => {
        return { id, maintenance, title, by, begins, ends }
      }),
      incidents: people.incidents.map(({ id, title, status, raises, by, automatic, created, started }) => {
        return { id, title, status, raises, by, automatic, created, started }
      }),
    },
    letters: letters.map(({ letter, ...one }) => ({
      key: letter.key,
      event: letter.event,
      kind: letter.news.kind,
      decided: letter.at,
      ...one,
    })),
  })
}

const MOMENTS: ReadonlySet<string> = new Set([
  'as_of',
  'at',
  'since',
  'from',
  'to',
  'opened',
  'ended',
  'lastGood',
  'decided',
  'sent',
  'begins',
  'ends',
  'until',
  'created',
  'started',
])

function dated(value: unknown, moment = false): unknown {
  if (typeof value === 'number') return moment ? iso(value) : value
  if (Array.isArray(value)) return value.map((one) => dated(one))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, dated(one, MOMENTS.has(key))]))
}
