// An outage as letters speak of it: facts, in no language.
import type { Service } from '../check.ts'
import type { Instant } from '../time/time.ts'
import type { Agreement, Voice } from './agreement.ts'
import { type CheckKnown, opinionOf } from './known.ts'
import type { Affected } from './letter.ts'
import { begunAt, type Outage } from './outage.ts'
import { ableTo } from './proof.ts'
import { isSuspect, wasSeenSince } from './seen.ts'
import { isWhole } from './service.ts'
import { isWorking, type State, WORST_FIRST } from './state.ts'
import type { Opinion } from './verdict.ts'

interface Knowledge {
  readonly known: (check: string) => CheckKnown | undefined
  /** All that have a say on a check, as they are known now. */
  readonly voices: (check: string) => readonly Voice[]
}

/** Checks of a service that are not well together: those of an outage, or those that are slow. */
type Ailing = Pick<Outage, 'id' | 'audience' | 'since' | 'countedFrom' | 'checks'>

/** An outage as a letter speaks of it: what fails now, worst first; when all is well again, what failed. */
export function affectedBy(outage: Ailing, service: Service, around: Knowledge): Affected {
  const checks = outage.checks.flatMap((id) => {
    const check = service.checks.find((one) => one.id === id)
    const known = around.known(id)
    if (check === undefined || known === undefined || known.agreement === null) return []
    return [{ check, agreement: known.agreement, opinion: opinionOf(known) }]
  })
  checks.sort((a, b) => WORST_FIRST.indexOf(a.agreement.state) - WORST_FIRST.indexOf(b.agreement.state))
  const good = checks.map(({ opinion }) => opinion.lastGood).filter((at) => at !== null && at < outage.since)
  const first = checks[0]?.agreement
  return {
    outage: outage.id,
    service: service.id,
    name: service.name,
    since: begunAt(outage),
    lastGood: good.length === 0 ? null : Math.max(...good.map((at) => at ?? 0)),
    confidence: first?.confidence ?? { confirmed: 0, of: 0, sites: [], note: 'none' },
    rule: first?.rule ?? '',
    ...reachOf(outage, service, around),
    checks: checks.map(({ check, agreement, opinion }) => {
      const { reason, note } = wordsOf(agreement, opinion, outage.since)
      const about = { id: check.id, kind: check.kind, note }
      // A job has no address, and its exit code is no answer of a server: its own words say it better.
      if (check.heartbeat === null) return { ...about, target: check.target, reason }
      return { ...about, target: check.id, reason: reason === 'status' ? null : reason }
    }),
  }
}

/** What failed: in our own words where we saw it fail, else what another site said of it. */
function wordsOf(agreement: Agreement, opinion: Opinion, since: Instant): Pick<Opinion, 'reason' | 'note'> {
  if (agreement.state === 'degraded' && opinion.state === 'degraded') return opinion
  const { fault } = opinion
  return fault !== null && fault.at >= since ? fault : { reason: agreement.reason, note: '' }
}

/**
 * How much of a service an outage takes. What is well counts as such once it was seen so since the outage began: a look later
 * it may be out as well, and the letter is not written anew. So two that fail and none seen well are the whole, and what works
 * is told when all is known.
 */
function reachOf(outage: Ailing, service: Service, around: Knowledge): Pick<Affected, 'extent' | 'able'> {
  const stands = service.checks
    .filter(({ audience }) => audience === outage.audience)
    .map((check) => {
      const { id, kind, essential } = check
      const state: State = around.known(id)?.agreement?.state ?? 'unknown'
      const voices = around.voices(id)
      const seen = check.heartbeat !== null || wasSeenSince(voices, outage.since, 1)
      return { id, kind, essential, state, seen, failing: state === 'down' || isSuspect(voices, 1) }
    })
  const { works, fails, doubtful } = ableTo({ service, checks: stands })
  const able = fails.length === 0 ? {} : { able: { works: doubtful.length === 0 ? works : [], fails } }
  if (outage.audience !== service.audience) return { extent: 'inside', ...able }
  const well = stands.some(({ state, seen }) => isWorking(state) && seen)
  const failing = stands.filter((check) => check.failing).length
  const whole = isWhole(stands, (check) => check.failing) || (!well && failing > 1)
  return { extent: whole ? 'whole' : 'part', ...able }
}
