// What is so in a schedule while it runs, and what of it no site can know better.
import { MINUTE, type Millis, SECOND } from '../../src/core/time/time.ts'
import { POLICY } from '../core/policy.ts'
import { type Fault, type FaultKind, hangsOn, type Plan, type Span } from './plan.ts'

export type Outage = FaultOf<'outage'>
type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>

/** Where no moment is named, now. */
export interface Truth {
  /** All that are planned of a kind. */
  faults<K extends FaultKind>(kind: K): readonly FaultOf<K>[]
  /** A service is out, by itself or by what it hangs on, or was less than `slack` ago. */
  out(service: string, slack: Millis): boolean
  /** At that moment a service was well, or out for less than `slack`. */
  wasUp(service: string, slack: Millis, at: Millis): boolean
  isActive(kind: 'lie' | 'path', at?: Millis): boolean
  /** No rule can tell from an outage, or from a provider that is gone, what two sites can't reach. */
  isCutFromTwo(service: string, at?: Millis): boolean
  /** Nobody could know better than the rule that calls a service that is well down … */
  excusesRed(service: string, rule: string): boolean
  /** … or partial. */
  excusesAmber(service: string, rule: string): boolean
}

/** What was measured is said for so long after it ended: a look, its repetitions, the other site's. */
export const SLACK: Millis = 3 * MINUTE
/**
 * A disagreement shorter than this must not be seen: three looks that wait for an answer and `hold`, less the two good looks
 * after it until it is over.
 */
const BLIP: Millis = 70 * SECOND
/** Two good looks, and the other site has heard of them. */
const TAKEN_BACK: Millis = 90 * SECOND

export function truthOf(plan: Plan, now: () => Millis, heardSince: (from: Millis) => Millis | null): Truth {
  return { faults, out, wasUp, isActive, isCutFromTwo, excusesRed, excusesAmber }

  function faults<K extends FaultKind>(kind: K): readonly FaultOf<K>[] {
    return plan.faults.filter((fault): fault is FaultOf<K> => fault.kind === kind)
  }

  /** It lasts, or ended less than `slack` ago. */
  function lately({ from, to }: Span, slack: Millis, at = now()): boolean {
    return from <= at && at < to + slack
  }

  function out(service: string, slack: Millis, at = now()): boolean {
    return faults('outage').some((fault) => hangsOn(service).includes(fault.service) && lately(known(fault), slack, at))
  }

  /** A job that works again is down until somebody hears so. */
  function known({ service, from, to }: Outage): Span {
    return { from, to: service === 'backup' ? (heardSince(to) ?? Number.POSITIVE_INFINITY) : to }
  }

  function wasUp(service: string, slack: Millis, at: Millis): boolean {
    return !faults('outage').some(
      (fault) => hangsOn(service).includes(fault.service) && fault.from <= at - slack && at < fault.to,
    )
  }

  /**
   * Nothing tells one site's bad way to one service from an outage when no other site can be asked. What two said stays
   * while the one that is left counts.
   */
  function excusesRed(service: string, rule: string): boolean {
    if (rule.endsWith('c') && isCutFromTwo(service)) return true
    if (rule === '6') return isCutFromTwo(service) || (unreached(service, 0) && isActive('lie'))
    return lied(rule) || unreached(service, 0)
  }

  function excusesAmber(service: string, rule: string): boolean {
    const road = /[bc]$/.test(rule) && isActive('path')
    return road || lied(rule) || unreached(service, BLIP)
  }

  /** A liar's own page is what it is, and what it alone says is said as such. */
  function lied(rule: string): boolean {
    return rule !== '6' && isActive('lie')
  }

  function isActive(kind: 'lie' | 'path', at = now()): boolean {
    return faults(kind).some((fault) => lately(fault, SLACK, at))
  }

  function unreached(service: string, least: Millis): boolean {
    return faults('peering').some((fault) => {
      const { from, to } = believed(fault)
      return fault.service === service && lately(fault, SLACK) && to - from >= least && now() - from >= least
    })
  }

  /**
   * As long as others may believe a site that says so. A way that broke again before two good looks was broken all along;
   * what a site said that is gone before it could take it back counts until its word is old.
   */
  function believed({ site, service, from, to }: FaultOf<'peering'>): Span {
    const before = faults('peering').find(
      (one) => one.site === site && one.service === service && one.from < from && from < one.to + TAKEN_BACK,
    )
    const gone = faults('off').filter((off) => off.site === site && off.from >= from && off.from < to + TAKEN_BACK)
    return {
      from: before === undefined ? from : believed(before).from,
      to: Math.max(to, ...gone.map((off) => off.from + POLICY.fresh)),
    }
  }

  function isCutFromTwo(service: string, at = now()): boolean {
    const cut = [...faults('peering').filter((fault) => fault.service === service), ...faults('path')]
    return new Set(cut.filter((fault) => lately(fault, SLACK, at)).map(({ site }) => site)).size >= 2
  }
}
