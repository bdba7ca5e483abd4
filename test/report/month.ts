// A month of a hoster, lived through in seconds by the real rules and written into a real results.db: what fell when, when
// our own line was cut, when vigie was off.
import { createChronicle } from '../../src/chronicle.ts'
import type { Check, Configuration, Service, Witness } from '../../src/core/check.ts'
import type { Span } from '../../src/core/history/history.ts'
import type { Observation } from '../../src/core/observation.ts'
import { type Instant, MINUTE, SECOND } from '../../src/core/time/time.ts'
import type { Line, Testimony } from '../../src/core/verdict/blindness.ts'
import { judgeLine, needsOf, unprovenLine } from '../../src/core/verdict/blindness.ts'
import { opinionOf } from '../../src/core/verdict/known.ts'
import type { Letter } from '../../src/core/verdict/letter.ts'
import { nextLookIn } from '../../src/core/verdict/verdict.ts'
import { createCycle } from '../../src/cycle.ts'
import { recall } from '../../src/memory.ts'
import { createHistory } from '../../src/showing/history.ts'
import { openResults } from '../../src/store/results.ts'
import { checkOf, POLICY, RULE } from '../core/policy.ts'

/** Between two moments, written in the hoster's time with its offset. */
export interface Stretch {
  readonly from: string
  readonly to: string
}

export interface Month {
  readonly from: Instant
  readonly to: Instant
  /** By check: when it fails. */
  readonly faults: Readonly<Record<string, readonly Stretch[]>>
  /** No witness answers and no look succeeds. */
  readonly cut: readonly Stretch[]
  /** vigie does not run. */
  readonly off: readonly Stretch[]
  /** By service: when it is worked on. */
  readonly work: Readonly<Record<string, readonly Stretch[]>>
}

export const EVERY = 5 * MINUTE
const RETRY = MINUTE
const STEP = MINUTE
const rule = { ...RULE, every: EVERY, retry: RETRY }

const WITNESSES: readonly Witness[] = ['192.0.2.1', '198.51.100.1', '203.0.113.1'].map((address) => ({
  kind: 'dns',
  address,
  port: 53,
}))

function serviceOf(id: string, checks: readonly Check[]): Service {
  return { id, name: { fr: id, en: id }, group: null, about: null, url: null, audience: 'members', checks }
}

export const SERVICES: readonly Service[] = [
  serviceOf('web', [checkOf('web.http', { rule })]),
  serviceOf('mail', [checkOf('mail.smtp', { rule }), checkOf('mail.imap', { rule })]),
  serviceOf('files', [checkOf('files.http', { rule, essential: true }), checkOf('files.tcp', { rule })]),
]

const SITE = { id: 'home', url: null, key: null, where: null, role: 'full', domain: 'home' } as const

/** A configuration of nothing but these services; more than the rules need stays empty. */
export function configurationOf(base: Configuration, timezone: string): Configuration {
  return {
    ...base,
    timezone,
    services: SERVICES,
    sites: [SITE],
    site: SITE,
    witnesses: WITNESSES,
    path: [],
    policy: POLICY,
    alerts: [],
  }
}

export interface Lived {
  /** What the page would be drawn from at its end, by service. */
  readonly spans: ReadonlyMap<string, readonly Span[]>
  readonly letters: readonly Letter[]
}

/** Lives it through. */
export function live(month: Month, dir: string, configuration: Configuration): Lived {
  const letters: Letter[] = []
  const during = (stretches: readonly Stretch[], at: Instant) =>
    stretches.find(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to))
  const living = new Map<string, string>()
  const needs = needsOf(WITNESSES)
  let now = month.from
  let running = start()
  while (now < month.to) {
    const off = during(month.off, now)
    if (off !== undefined) {
      running.results.close()
      now = Date.parse(off.to)
      running = start()
    }
    step()
    now += STEP
  }
  const spans = new Map(SERVICES.map(({ id }) => [id, running.history.spans(id)]))
  running.results.close()
  return { spans, letters }

  function start() {
    const results = openResults(dir, { now: () => now })
    const memory = recall({
      configuration,
      living,
      line: unprovenLine(needs, now),
      measuredUntil: results.measuredUntil(),
      clock: now,
    })
    const history = createHistory(results, memory, () => now)
    const chronicle = createChronicle({ ...results, changed: history.changed }, () => SITE.id)
    const cycle = createCycle({
      memory,
      peers: () => [],
      chronicle,
      board: { mutedUntil: () => null, maintained },
      ledger: {
        statements: () => [],
        onNews: () => () => {},
        remember: (decision) => {
          letters.push(...decision.letters.map(({ letter }) => letter))
          for (const [key, value] of decision.living) value === null ? living.delete(key) : living.set(key, value)
        },
      },
      now: () => now,
      act: () => {},
    })
    const begun = now
    const due = new Map(SERVICES.flatMap(({ checks }) => checks).map(({ id }, at) => [id, begun + at * MINUTE]))
    return { results, memory, history, cycle, due }
  }

  function maintained(at: Instant): ReadonlySet<string> {
    return new Set(Object.keys(month.work).filter((service) => during(month.work[service]!, at) !== undefined))
  }

  function step() {
    const { memory, cycle, due } = running
    const blind = during(month.cut, now) !== undefined
    memory.line = judgeLine(
      memory.line,
      WITNESSES.map((_, at) => testimony(at, !blind)),
      true,
      needs,
      true,
      now,
    ) as Line
    for (const service of SERVICES) {
      for (const check of service.checks) {
        if (due.get(check.id)! <= now)
          cycle.see(lookOf(check.id, blind || during(month.faults[check.id] ?? [], now) !== undefined))
      }
    }
    cycle.tick()
    for (const [id, at] of due) {
      if (at <= now) due.set(id, now + nextLookIn(opinionOf(memory.checks.get(id)!), rule))
    }
  }

  function testimony(at: number, good: boolean): Testimony {
    return { witness: String(at), at: now, layers: { v4: good }, took: good ? 20 : null, offset: null }
  }

  function lookOf(check: string, fails: boolean): Observation {
    return {
      check,
      strand: null,
      site: SITE.id,
      // Looks of one minute end apart, as real ones do.
      at: now - 5 * SECOND + check.length * 10,
      took: fails ? 800 : 40,
      phases: {},
      via: { dns: false, family: 4, port: 443 },
      outcome: fails ? { ok: false, reason: 'timeout', note: 'silent' } : { ok: true, note: 'fine' },
    }
  }
}
