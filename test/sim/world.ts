// What is so, whatever any site thinks: who reaches whom and what, from the faults of a plan.

import type { Check, Witness } from '../../src/core/check.ts'
import type { FailReason, Outcome, Via } from '../../src/core/observation.ts'
import { type Millis, SECOND } from '../../src/core/time/time.ts'
import type { Layer, Testimony } from '../../src/core/verdict/blindness.ts'
import { layersOf } from '../../src/core/verdict/blindness.ts'
import { nameOf } from '../../src/core/verdict/witness.ts'
import { type Fault, type FaultKind, hangsOn, type Plan, type RelayManner } from './plan.ts'
import type { Random } from './random.ts'

/** What a look will have brought back, and how long it takes. */
export interface Seen {
  readonly took: Millis
  readonly outcome: Outcome
  readonly via: Via
}

export interface World {
  /** The faults of a kind that last just now. */
  active<K extends FaultKind>(kind: K): readonly Extract<Fault, { readonly kind: K }>[]
  /** The way from a site to the net at large. */
  lineOf(site: string): 'good' | LineManner
  dnsOf(site: string): 'good' | 'silent' | 'error'
  /** `strand`: over which family, where a check looks at each apart. */
  look(site: string, check: Check, strand: 4 | 6 | null): Seen
  ask(
    site: string,
    witness: Witness,
    inside: boolean,
    within: Millis,
  ): Omit<Testimony, 'at' | 'offset'> & { length: Millis }
  /** How long a call takes until it arrives; null: it never does. */
  reaches(from: string, to: string): Millis | null
  relayOf(site: string): RelayManner | 'good'
}

type LineManner = Extract<Fault, { readonly kind: 'line' }>['how']

const UNUSED: Via = { dns: false, family: null, port: null }
const NOWHERE: Via = { dns: true, family: null, port: null }

export function createWorld(plan: Plan, now: () => Millis, random: Random): World {
  const { faults } = plan
  return { active, lineOf, dnsOf, look, ask, reaches, relayOf }

  function active<K extends FaultKind>(kind: K): readonly Extract<Fault, { readonly kind: K }>[] {
    const at = now()
    const is = (fault: Fault): fault is Extract<Fault, { readonly kind: K }> =>
      fault.kind === kind && fault.from <= at && at < fault.to
    return faults.filter(is)
  }

  function lineOf(site: string) {
    return active('line').find((fault) => fault.site === site)?.how ?? 'good'
  }

  function dnsOf(site: string) {
    return active('dns').find((fault) => fault.site === site)?.how ?? 'good'
  }

  function relayOf(site: string) {
    return active('relay').find((fault) => fault.site === site)?.how ?? 'good'
  }

  function look(site: string, check: Check, strand: 4 | 6 | null): Seen {
    const { timeout } = check.rule
    const port = Number(check.target.slice(check.target.lastIndexOf(':') + 1))
    const via: Via = { dns: true, family: strand ?? 4, port }
    const fail = (took: Millis, reason: FailReason, road = via): Seen => ({
      took,
      outcome: { ok: false, reason, note: '' },
      via: road,
    })
    if (check.unusable !== null)
      return { took: 0, outcome: { ok: null, reason: 'config', note: check.unusable }, via: UNUSED }
    const quick = random.whole(30, 300)
    const line = lineOf(site)
    if (line === 'away') return { took: quick, outcome: { ok: null, reason: 'offline', note: '' }, via: NOWHERE }
    const silent: Seen = { took: timeout, outcome: { ok: null, reason: 'resolver', note: '' }, via: NOWHERE }
    if (line === 'dead') return silent
    if (line === 'blackhole' || (line === 'portal' && port !== 443)) return fail(timeout, 'timeout')
    if (line === 'portal') return fail(quick, 'certificate')
    const dns = dnsOf(site)
    if (dns === 'silent') return silent
    if (dns === 'error') return fail(quick, 'dns', NOWHERE)
    if (active('path').some((fault) => fault.site === site)) return fail(timeout, 'timeout')
    if (strand === 6 && active('v6').some((fault) => fault.site === site)) return fail(timeout, 'timeout')
    if (strand === 6 && active('half').some(({ service }) => service === check.service)) return fail(quick, 'refused')
    if (active('peering').some((fault) => fault.site === site && fault.service === check.service))
      return fail(timeout, 'timeout')
    if (port === 25 && active('port').some((fault) => fault.site === site)) {
      // Without a witness there, the looker finds that the host's other ports answer.
      return plan.witness25
        ? fail(timeout, 'timeout')
        : { took: timeout + SECOND, outcome: { ok: null, reason: 'blocked', note: '' }, via }
    }
    const down = active('outage').find(({ service }) => hangsOn(check.service).includes(service))
    const lies = active('lie').some((fault) => fault.site === site)
    if ((down !== undefined) === lies) return { took: quick, outcome: { ok: true, note: '' }, via }
    const how = down?.how ?? 'status'
    return fail(how === 'timeout' ? timeout : quick, how)
  }

  function ask(site: string, witness: Witness, inside: boolean, within: Millis) {
    const layers: Partial<Record<Layer, boolean>> = {}
    const quick = random.whole(10, 150)
    const line = lineOf(site)
    const dns = line === 'dead' || line === 'away' ? 'silent' : dnsOf(site)
    const own = layersOf(witness)
    const named = own.includes('dns')
    const found = !named || dns === 'good'
    const closed =
      (own.includes('port:25') && active('port').some((fault) => fault.site === site)) ||
      (own.includes('v6') && active('v6').some((fault) => fault.site === site))
    const cut = inside && active('path').some((fault) => fault.site === site)
    // A portal answers every question for an address itself.
    const passes = line === 'good' || (line === 'portal' && witness.kind === 'dns' && !own.includes('v6'))
    const ok = found && passes && !closed && !cut
    for (const layer of own) {
      if (layer === 'dns') layers.dns = found
      else if (found) layers[layer] = ok
    }
    const atOnce = line === 'away' || (line === 'portal' && witness.kind === 'https') || (dns === 'error' && named)
    const length = ok || atOnce ? quick : within
    return { witness: nameOf(witness), layers, took: ok ? quick : null, length }
  }

  function reaches(from: string, to: string): Millis | null {
    if (lineOf(from) !== 'good' || lineOf(to) !== 'good' || dnsOf(from) !== 'good') return null
    if (active('link').some((fault) => fault.site === from && fault.callee === to)) return null
    return random.whole(10, 80)
  }
}
