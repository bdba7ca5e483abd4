// The policy as it is when nobody configures anything else.
import type { Check, Policy, Rule } from '../../src/core/check.ts'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'

export const POLICY: Policy = {
  loneFall: 8,
  hold: 60 * SECOND,
  fresh: 45 * SECOND,
  taint: 60 * SECOND,
  witnessEvery: 15 * SECOND,
  mailAfter: 10 * MINUTE,
  takeover: 90 * SECOND,
  flap: { changes: 3, within: 30 * MINUTE, calm: 15 * MINUTE },
  digest: { services: 5, within: 60 * SECOND },
}

export const RULE: Rule = {
  every: 60 * SECOND,
  timeout: 10 * SECOND,
  retry: 15 * SECOND,
  fall: 3,
  rise: 2,
  slow: 3 * SECOND,
  expiresIn: { share: 0.2 },
}

/** A check for members with the default rule. */
export function checkOf(id: string, more: Partial<Check> = {}): Check {
  return {
    id,
    service: id.split('.')[0]!,
    kind: 'http',
    target: `https://${id}.nomagic.test/`,
    definition: 'd1',
    rule: RULE,
    family: null,
    depends: [],
    essential: false,
    audience: 'members',
    from: 'all',
    heartbeat: null,
    unusable: null,
    ...more,
  }
}
