// What every simulated site is configured with: the defaults, and the witnesses of a careful hoster.
import type { Check, Configuration, Policy, Service, Witness } from '../../src/core/check.ts'
import { USUAL_EVENTS } from '../../src/core/check.ts'
import { MINUTE } from '../../src/core/time/time.ts'
import { checkOf, POLICY } from '../core/policy.ts'
import type { Plan } from './plan.ts'

export interface Doctored {
  readonly policy?: Partial<Policy>
  readonly witnesses?: readonly Witness[]
  readonly path?: readonly Witness[]
  readonly depends?: readonly string[]
}

export const BEGINNING = Date.UTC(2026, 10, 23, 12)

const https = (host: string): Witness => ({ kind: 'https', url: `https://${host}/` })

/** Those that any box on the way can answer for. */
export const CREDULOUS: readonly Witness[] = [
  { kind: 'dns', address: '80.67.169.12', port: 53 },
  { kind: 'dns', address: '9.9.9.9', port: 53 },
]

const WITNESSES: readonly Witness[] = [
  ...CREDULOUS,
  https('www.wikimedia.org'),
  https('www.debian.org'),
  https('www.ripe.net'),
  https('www.switch.ch'),
]

const PORT_25: Witness = { kind: 'tcp', host: 'mx.elsewhere.example', port: 25 }
const IPV6: Witness = { kind: 'dns', address: '2620:fe::fe', port: 53 }
const PATH: readonly Witness[] = [https('www.hetzner.com'), https('mirror.hetzner.com')]

/** How often the job of service `backup` ends, and how late it may. */
export const BEAT = { period: 2 * MINUTE, grace: MINUTE, token: null }

const check = (id: string, port: number, more: Partial<Check> = {}): Check =>
  checkOf(id, { target: `${id}.nomagic.test:${port}`, ...more })

/** What a site was told last: its `checks/`, and who observes. */
export interface Told {
  edition: 'old' | 'new'
  readonly observers: Set<string>
}

function servicesOf(
  { services, near }: Plan,
  site: string,
  { edition, observers }: Told,
  { depends = ['host'] }: Doctored,
): readonly Service[] {
  const checks: Readonly<Record<string, readonly Check[]>> = {
    web: [check('web.http', 443, { definition: edition })],
    mail: [check('mail.smtp', 25), ...(edition === 'new' ? [check('mail.imap', 993)] : [])],
    host: [check('host.tcp', 22)],
    cloud: [check('cloud.http', 443, { depends })],
    backup: [checkOf('backup.heartbeat', { kind: 'heartbeat', target: '2m', from: 'any', heartbeat: BEAT })],
    trip: [check('trip.mailtrip', 587, { from: 'any' })],
    login: [check('login.imap', 993, observers.has(site) ? { unusable: 'an observer looks without logins' } : {})],
    near: [check('near.http', 443, { from: [near] })],
    dual: [check('dual.http', 443, { family: 'both' })],
  }
  const chosen = Object.entries(checks).filter(([id]) => services.includes(id))
  return chosen.map(([id, list]) => ({
    id,
    name: { fr: id, en: id },
    group: null,
    about: null,
    url: null,
    audience: 'members',
    checks: list,
  }))
}

/** `keys`: by site. */
export function configurationOf(
  plan: Plan,
  site: string,
  keys: ReadonlyMap<string, string>,
  told: Told,
  doctored: Doctored = {},
): Configuration {
  const sites = plan.sites.map((id) => ({
    id,
    url: plan.hidden.includes(id) ? null : `https://${id}.status.example`,
    key: keys.get(id)!,
    where: null,
    role: told.observers.has(id) ? ('observer' as const) : ('full' as const),
    domain: id,
  }))
  return {
    name: { fr: 'Nomagic' },
    domain: null,
    languages: ['fr'],
    timezone: 'Europe/Paris',
    about: null,
    contact: null,
    publish: [],
    secrets: [],
    groups: [],
    sites,
    former: [],
    site: sites.find(({ id }) => id === site)!,
    services: servicesOf(plan, site, told, doctored),
    templates: [],
    witnesses: doctored.witnesses ?? [
      ...WITNESSES,
      ...(plan.witness25 ? [PORT_25] : []),
      ...(plan.witness6 ? [IPV6] : []),
    ],
    path: doctored.path ?? PATH,
    policy: { ...POLICY, ...doctored.policy },
    mail: { from: 'Vigie <vigie@elsewhere.example>', relays: [], leftOut: [] },
    alerts: [{ email: 'admins@elsewhere.example', on: USUAL_EVENTS }],
    listen: { host: '127.0.0.1', port: 0 },
    proxy: [],
    security: null,
    metrics: { token: null },
    admin: { lan: false },
    deadman: null,
    drafts: { publishAfter: null },
    replica: false,
    ca: [],
    edition: told.edition,
    configured: told.edition === 'new' ? BEGINNING - 60_000 : BEGINNING - 86_400_000,
  }
}
