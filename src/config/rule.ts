// The rules of one check: policy, then its kind, then its service, then itself (contract 3).
import type { Policy, Rule } from '../core/check.ts'
import { MINUTE, SECOND } from '../core/time/time.ts'
import { asFields, type Fields } from './fields.ts'
import { asDuration, asExpiry, asInteger } from './scalars.ts'

export type Overrides = Partial<Rule>

/** What holds where neither `policy`, nor the kind, nor a service file, nor a check says otherwise. */
const RULE: Rule = {
  every: 60 * SECOND,
  timeout: 10 * SECOND,
  retry: 15 * SECOND,
  fall: 3,
  rise: 2,
  slow: 3 * SECOND,
  expiresIn: { share: 0.2 },
}

const POLICY: Policy = {
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

/** Oftener than this would be a load, not a look. */
const QUICKEST = 100

/** Reads the keys that may be overridden; what isn't there isn't in the answer. */
export function readOverrides(fields: Fields): Overrides {
  return present({
    every: fields.read('every', asDuration(QUICKEST)),
    timeout: fields.read('timeout', asDuration(QUICKEST)),
    retry: fields.read('retry', asDuration(QUICKEST)),
    fall: fields.read('fall', asInteger(1, 1000)),
    rise: fields.read('rise', asInteger(1, 1000)),
    slow: fields.read('slow', asDuration(1)),
    expiresIn: fields.read('expires_in', asExpiry),
  })
}

/** Reads what holds for the whole site; `fields`: `policy`, undefined when there is none. */
export function readPolicy(fields: Fields | undefined): Policy {
  if (!fields) return POLICY
  const flap = fields.read('flap', asFields)
  const digest = fields.read('digest', asFields)
  const policy: Policy = {
    ...POLICY,
    ...present({
      loneFall: fields.read('lone_fall', asInteger(1, 1000)),
      hold: fields.read('hold', asDuration()),
      fresh: fields.read('fresh', asDuration(QUICKEST)),
      taint: fields.read('taint', asDuration()),
      witnessEvery: fields.read('witness_every', asDuration(QUICKEST)),
      mailAfter: fields.read('mail_after', asDuration()),
      takeover: fields.read('takeover', asDuration()),
    }),
    flap: {
      changes: flap?.read('changes', asInteger(2, 1000)) ?? POLICY.flap.changes,
      within: flap?.read('within', asDuration(1)) ?? POLICY.flap.within,
      calm: flap?.read('calm', asDuration(1)) ?? POLICY.flap.calm,
    },
    digest: {
      services: digest?.read('services', asInteger(1, 1000)) ?? POLICY.digest.services,
      within: digest?.read('within', asDuration()) ?? POLICY.digest.within,
    },
  }
  flap?.close()
  digest?.close()
  return policy
}

/** What each level says: `policy`, the kind's own defaults, the service file, the check. */
export interface Levels {
  readonly policy: Overrides
  readonly kind: Overrides
  readonly service: Overrides
  readonly check: Overrides
}

/**
 * The nearest word wins. `retry` is never longer than `every`; a timeout that neither somebody nor the kind chose isn't
 * either, so that looks every two seconds don't wait ten for an answer.
 */
export function ruleFrom({ policy, kind, service, check }: Levels): Rule {
  const rule = { ...RULE, ...policy, ...kind, ...service, ...check }
  const said = policy.timeout ?? kind.timeout ?? service.timeout ?? check.timeout
  const timeout = said === undefined ? Math.min(rule.timeout, rule.every) : rule.timeout
  return { ...rule, timeout, retry: Math.min(rule.retry, rule.every) }
}

/**
 * Complains where one level says a `retry` longer than the `every` that holds there; warns of such a timeout. `patience`:
 * the one that the kind chose, where it holds.
 */
export function compare(
  fields: Fields,
  own: Overrides,
  every: number = own.every ?? RULE.every,
  patience: number = 0,
): void {
  const { source } = fields.reader
  const place = (key: string) => fields.entry(key)?.at ?? fields.at
  if (own.retry !== undefined && own.retry > every) {
    source.complain(place('retry'), 'retry is longer than every', 'a failure is looked at again sooner, never later')
  }
  if ((own.timeout ?? patience) > every) {
    const key = own.timeout === undefined && fields.known.has('within') ? 'within' : 'timeout'
    source.warn(place(key), `${key} is longer than every`, 'a look that hangs holds up the next ones')
  }
}

function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
