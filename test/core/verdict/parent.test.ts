// What `depends` makes an explanation of a fall, and how that stands.
import { describe, expect, it } from 'vitest'
import type { Check, Service } from '../../../src/core/check.ts'
import { DAY, HOUR, MINUTE, type Millis } from '../../../src/core/time/time.ts'
import type { Agreement } from '../../../src/core/verdict/agreement.ts'
import { nothingKnownOf, nothingKnownOfService, type ServiceKnown } from '../../../src/core/verdict/known.ts'
import type { Outage } from '../../../src/core/verdict/outage.ts'
import { explaining, lineageOf, type Parent, parentsNow } from '../../../src/core/verdict/parent.ts'
import type { State } from '../../../src/core/verdict/state.ts'
import { checkOf, RULE } from '../policy.ts'

const START = Date.UTC(2026, 10, 28)

/** `host.ssh`, `host.proxmox!` for admins, `mail.imap<host,web.http`: each with what it depends on. */
function servicesOf(...checks: readonly string[]): ReadonlyMap<string, Service> {
  const services = new Map<string, Omit<Service, 'checks'> & { checks: Check[] }>()
  for (const line of checks) {
    const [, id, hidden, depends] = /^([\w.]+)(!?)(?:<([\w,.]+))?$/.exec(line)!
    const audience = hidden === '!' ? 'admins' : 'members'
    const check = checkOf(id!, { audience, depends: depends?.split(',') ?? [] })
    const about = { id: check.service, name: { en: check.service }, group: null, about: null, url: null } as const
    const service = services.get(check.service) ?? { ...about, audience: 'members' as const, checks: [] as Check[] }
    service.checks.push(check)
    services.set(check.service, service)
  }
  return services
}

describe('what explains a fall is', () => {
  const services = servicesOf('host.ssh', 'host.web', 'host.proxmox!', 'net.router!', 'net.switch!')
  it.each([
    ['host', ['host.ssh', 'host.web']],
    ['host.ssh', ['host.ssh']],
    ['host.proxmox', ['host.proxmox']],
    ['net', ['net.router', 'net.switch']],
    ['host.gone', []],
    ['gone', []],
  ])('of %s: %j', (id, checks) => {
    expect(explaining(id, services).map((check) => check.id)).toEqual(checks)
  })
})

describe('the lineage of a check', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'is what it depends on, nearest first',
      ['mail.imap<host,ldap', 'ldap.x<disk', 'host.x', 'disk.x'],
      ['host', 'ldap', 'disk'],
    ],
    ['is not what others of its service do', ['mail.imap', 'mail.smtp<ldap', 'ldap.x'], []],
    [
      'goes on from the check that is named',
      ['mail.imap<web.http', 'web.http<host', 'web.dns<dns', 'host.x', 'dns.x'],
      ['web.http', 'host'],
    ],
    [
      'goes on from what members see',
      ['mail.imap<web', 'web.http<host', 'web.in!<rack', 'host.x', 'rack.x'],
      ['web', 'host'],
    ],
    ['is not its own service, but what that hangs on', ['mail.imap<mail.tcp', 'mail.tcp<host', 'host.x'], ['host']],
    [
      'is none of a service that hangs on its own',
      ['mail.imap<web.http', 'web.http', 'web.dns<mail.smtp', 'mail.smtp'],
      [],
    ],
    [
      'is none that hangs on it by way of a third',
      ['mail.imap<web.x', 'web.x', 'web.y<dns.x', 'dns.x', 'dns.y<mail.smtp', 'mail.smtp'],
      [],
    ],
  ])('%s', (_, checks, wanted) => {
    expect(lineageOf(servicesOf(...checks)).get('mail.imap')).toEqual(wanted)
  })
})

describe('how a parent stands', () => {
  const services = servicesOf('host.ssh', 'host.web', 'host.proxmox!', 'mail.imap<host', 'mail.smtp<host.ssh')
  const outage = (id: string, from: number, to: number | null, ...checks: readonly string[]): Outage => ({
    id,
    service: 'host',
    audience: id.includes('admins') ? 'admins' : 'members',
    since: START + from * MINUTE,
    opened: START + from * MINUTE,
    confirmed: true,
    confirmedAt: START + from * MINUTE,
    planned: false,
    checks,
    ended: to === null ? null : START + to * MINUTE,
  })
  const nothing = nothingKnownOfService(START)
  const known = (open: readonly Outage[], last: readonly Outage[] = []): ServiceKnown => {
    const of = (list: readonly Outage[], wanted: string) => list.find(({ audience }) => audience === wanted) ?? null
    return {
      ...nothing,
      outages: { members: of(open, 'members'), admins: of(open, 'admins') },
      lastOutages: { members: of(last, 'members'), admins: of(last, 'admins') },
    }
  }
  const stands = (
    id: string,
    host: ServiceKnown,
    ssh: State = 'up',
    since = 1,
  ): Pick<Parent, 'outage' | 'sure' | 'back'> => {
    const confidence = { confirmed: 1, of: 1, sites: ['home'], note: 'one_site' as const }
    const at = START + since * MINUTE
    const agreement: Agreement = { state: ssh, since: at, reason: null, confidence, rule: '1', disagreeSince: null }
    const { outage, sure, back } = parentsNow([id], {
      services,
      lineage: lineageOf(services),
      stateOf: (service) => (service === 'host' ? host : nothing),
      known: (check) => ({ ...nothingKnownOf(checkOf(check), START), agreement }),
    }).get(id)!
    return { outage, sure, back }
  }
  const well = { outage: null, sure: false, back: null }
  const back = (id: string, minute: number) => ({
    ...well,
    back: { outage: id, since: START + minute * MINUTE, sure: true },
  })

  it.each<[string, object, object]>([
    ['a service down', stands('host', known([outage('h', 9, null, 'host.web')])), { ...well, outage: 'h', sure: true }],
    ['a service down for admins alone', stands('host', known([outage('h-admins', 9, null, 'host.proxmox')])), well],
    ['a service that is back', stands('host', known([], [outage('h', 9, 20, 'host.web')])), back('h', 20)],
    [
      'a service that is back, and what admins see of it later',
      stands('host', known([], [outage('h', 9, 20, 'host.web'), outage('h-admins', 9, 21, 'host.proxmox')])),
      back('h', 20),
    ],
    [
      'a check down',
      stands('host.ssh', known([outage('h', 9, null, 'host.ssh')]), 'down', 9),
      { ...well, outage: 'h', sure: true },
    ],
    [
      'a check that is partial',
      stands('host.ssh', known([outage('h', 9, null, 'host.ssh')]), 'partial', 9),
      { ...well, outage: 'h' },
    ],
    [
      'a check nothing is known of since it fell',
      stands('host.ssh', known([outage('h', 9, null, 'host.ssh')]), 'unknown', 9),
      { ...well, outage: 'h', sure: true },
    ],
    [
      'a check of a service that is down without it',
      stands('host.ssh', known([outage('h', 9, null, 'host.web')])),
      well,
    ],
    [
      'a check that is back before its service',
      stands('host.ssh', known([outage('h', 9, null, 'host.web', 'host.ssh')]), 'up', 15),
      back('h', 15),
    ],
    [
      'a check that came back before its service was',
      stands('host.ssh', known([], [outage('h', 9, 20, 'host.web', 'host.ssh')]), 'up', 15),
      back('h', 15),
    ],
    [
      'a check that was slow since',
      stands('host.ssh', known([], [outage('h', 9, 20, 'host.ssh')]), 'up', 50),
      back('h', 20),
    ],
    [
      'a check of a service that was down without it',
      stands('host.ssh', known([], [outage('h', 9, 20, 'host.web')])),
      well,
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted)
  })

  it('has as children all services that hang on it or on one of its checks', () => {
    const more = servicesOf('host.ssh', 'mail.imap<host', 'mail.smtp<host.ssh', 'chat.xmpp<host.ssh')
    const kin = { services: more, lineage: lineageOf(more), stateOf: () => nothing, known: () => undefined }
    expect([...parentsNow(['host', 'host.ssh'], kin).values()].map(({ children }) => children)).toEqual([2, 2])
  })
})

describe('what is waited for', () => {
  const patience = (more: Partial<Check>, beside: Partial<Check> = {}) => {
    const checks = [checkOf('host.a', more), checkOf('host.b', beside)]
    const services = new Map([['host', { ...servicesOf('host.a').get('host')!, checks }]])
    const kin = {
      services,
      lineage: lineageOf(services),
      stateOf: () => nothingKnownOfService(START),
      known: () => undefined,
    }
    return parentsNow(['host'], kin).get('host')!.patience
  }
  const job = { period: HOUR, grace: HOUR, token: null }
  const seldom = { rule: { ...RULE, every: DAY, retry: HOUR, fall: 1 } }
  it.each<[string, Partial<Check>, Partial<Check>, Millis]>([
    ['is the verdict of a parent', {}, {}, 85_000],
    ['is not that of what admins alone see', {}, { ...seldom, audience: 'admins' }, 85_000],
    ['is no longer than two minutes', seldom, {}, 2 * MINUTE],
    ['is no job', { heartbeat: job }, { heartbeat: job }, 0],
  ])('%s', (_, more, beside, wanted) => {
    expect(patience(more, beside)).toBe(wanted)
  })
})
