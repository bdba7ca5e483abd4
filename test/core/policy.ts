// The policy, a check, a whole configuration, as they are when nobody configures anything else.
import type { Check, Configuration, Policy, Rule, Service, Site } from '../../src/core/check.ts'
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

/** A service for members, in no group. */
export function serviceOf(id: string, checks: readonly Check[], more: Partial<Service> = {}): Service {
  return { id, name: { fr: id, en: id }, group: null, about: null, url: null, audience: 'members', checks, ...more }
}

/** A full site that shares its fate with none. */
export function siteOf(id: string, more: Partial<Site> = {}): Site {
  return { id, url: null, key: null, where: null, role: 'full', domain: id, ...more }
}

/** The first of its sites, or one alone, that watches these and mails nobody. */
export function configurationOf(services: readonly Service[], more: Partial<Configuration> = {}): Configuration {
  const site = more.site ?? more.sites?.[0] ?? siteOf('home')
  return {
    name: { fr: 'Nomagic', en: 'Nomagic' },
    domain: null,
    languages: ['fr', 'en'],
    timezone: 'Europe/Paris',
    about: null,
    contact: null,
    groups: [],
    sites: [site],
    former: [],
    site,
    services,
    templates: [],
    witnesses: [],
    path: [],
    policy: POLICY,
    mail: null,
    alerts: [],
    listen: { host: '127.0.0.1', port: 0 },
    proxy: [],
    security: null,
    metrics: { token: null },
    admin: { lan: false },
    deadman: null,
    drafts: { publishAfter: null },
    replica: false,
    publish: [],
    ca: [],
    edition: 'e1',
    configured: 0,
    secrets: [],
    ...more,
  }
}
