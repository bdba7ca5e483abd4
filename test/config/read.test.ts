// A good folder becomes a complete configuration.
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/core/time/time.ts'
import { briefly, readFiles } from './folders.ts'

const KEYS = [0, 1].map(() => {
  const raw = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
  return `ed25519:${raw.toString('base64')}`
})

const WHOLE = `
name: Nomagic
domain: nomagic.test
languages: [fr, en]
timezone: Europe/Paris
about: { fr: Des services libres, en: Free services }
contact: mailto:contact@nomagic.test
groups:
  - communication: { fr: Communication, en: Communication }
sites:
  home:    { url: "https://a.status.elsewhere.net", key: "${KEYS[0]}", where: { fr: Grenoble, en: Grenoble } }
  offsite: { url: "https://b.status.elsewhere.net", key: "${KEYS[1]}", where: Paris, role: observer, domain: paris }
witnesses: [ "https://www.one.example/", "80.67.169.12:53", "mx.two.example:25", "[2001:db8::1]:53", "ns.three.example:53" ]
path: [ "https://www.four.example/", "www.five.example:443" ]
policy:
  every: 60s
  timeout: 10s
  retry: 15s
  fall: 3
  lone_fall: 8
  rise: 2
  slow: 3s
  expires_in: 20%
  hold: 60s
  fresh: 45s
  taint: 60s
  witness_every: 15s
  mail_after: 10m
  takeover: 90s
  flap: { changes: 3, within: 30m, calm: 15m }
  digest: { services: 5, within: 60s }
mail:
  from: "Vigie <vigie@elsewhere.net>"
  relays: [ "smtps://vigie:\${secret:relay}@smtp.elsewhere.net", "smtp://backup.elsewhere.net:2525" ]
alerts:
  - email: admins@elsewhere.net
    on: [down, up, partial, attention, blind, twin, self]
  - email: night@elsewhere.net
listen: "127.0.0.1:8080"
proxy: [10.0.0.2, "::1"]
metrics: { token: "\${secret:metrics}" }
deadman: "https://elsewhere.net/ping/1"
admin: { lan: false }
drafts: { publish_after: 15m }
replica: false
publish: [{ to: /a/folder, every: 10m }, { to: "rsync://elsewhere.net/page", from: home }]
`

const MAIL = `
service: { fr: Courriel, en: E-mail }
group: communication
about: { fr: Envoyer et recevoir, en: Send and receive }
url: https://webmail.\${domain}/
depends: [hetzner]
checks:
  - tcp: mx.\${domain}:25
  - tcp: mail.\${domain}:587
    id: submission
    login: { user: probe, password: "\${secret:probe}" }
  - http: https://webmail.\${domain}/x
    every: 5m
    timeout: 20s
    retry: 30s
    fall: 5
    rise: 1
    slow: 1s
    family: both
    connect: 192.0.2.1:443
    depends: [mail.tcp]
    expires_in: 14d
    essential: true
    allow_private: true
    audience: admins
    from: [offsite]
    headers: { X-One: 1, X-Two: "\${domain}" }
    status: [200, "300-399"]
`

const HETZNER = `
service: Hetzner
every: 2m
checks:
  - dns: hetzner.nomagic.test
  - heartbeat: 24h
    token: "\${secret:backup}"
`

const SECRETS = {
  VIGIE_SECRET_RELAY: 'p@ss/w:rd',
  VIGIE_SECRET_METRICS: 'm',
  VIGIE_SECRET_PROBE: 'pw',
  VIGIE_SECRET_BACKUP: 'told-by-the-backup',
}

describe('a good folder', () => {
  const reading = readFiles(
    { 'site.yaml': WHOLE, 'mail.yaml': MAIL, 'hetzner.yaml': HETZNER },
    { environment: SECRETS },
  )
  const { configuration, plans } = reading
  const check = (id: string) => configuration!.services.flatMap(({ checks }) => checks).find((one) => one.id === id)!

  it('has no mistake', () => expect(briefly(reading)).toEqual([]))

  it('is complete about the whole', () => {
    const { services, ...site } = configuration!
    expect(services.map(({ id }) => id)).toEqual(['hetzner', 'mail'])
    const home = {
      id: 'home',
      url: 'https://a.status.elsewhere.net/',
      key: KEYS[0],
      where: { fr: 'Grenoble', en: 'Grenoble' },
      role: 'full',
      domain: 'home',
    }
    expect(site).toEqual({
      edition: expect.stringMatching(/^[0-9a-f]{8}$/),
      configured: expect.any(Number),
      publish: [
        { to: '/a/folder', every: 600_000, from: null },
        { to: 'rsync://elsewhere.net/page', every: 600_000, from: ['home'] },
      ],
      name: { fr: 'Nomagic', en: 'Nomagic' },
      domain: 'nomagic.test',
      languages: ['fr', 'en'],
      timezone: 'Europe/Paris',
      about: { fr: 'Des services libres', en: 'Free services' },
      contact: 'mailto:contact@nomagic.test',
      groups: [{ id: 'communication', name: { fr: 'Communication', en: 'Communication' } }],
      sites: [
        home,
        {
          id: 'offsite',
          url: 'https://b.status.elsewhere.net/',
          key: KEYS[1],
          where: { fr: 'Paris', en: 'Paris' },
          role: 'observer',
          domain: 'paris',
        },
      ],
      former: [],
      site: home,
      witnesses: [
        { kind: 'https', url: 'https://www.one.example/' },
        { kind: 'dns', address: '80.67.169.12', port: 53 },
        { kind: 'tcp', host: 'mx.two.example', port: 25 },
        { kind: 'dns', address: '2001:db8::1', port: 53 },
        { kind: 'tcp', host: 'ns.three.example', port: 53 },
      ],
      path: [
        { kind: 'https', url: 'https://www.four.example/' },
        { kind: 'tcp', host: 'www.five.example', port: 443 },
      ],
      policy: {
        loneFall: 8,
        hold: MINUTE,
        fresh: 45 * SECOND,
        taint: MINUTE,
        witnessEvery: 15 * SECOND,
        mailAfter: 10 * MINUTE,
        takeover: 90 * SECOND,
        flap: { changes: 3, within: 30 * MINUTE, calm: 15 * MINUTE },
        digest: { services: 5, within: MINUTE },
      },
      mail: {
        from: 'Vigie <vigie@elsewhere.net>',
        relays: [
          {
            name: 'smtps://smtp.elsewhere.net:465',
            host: 'smtp.elsewhere.net',
            port: 465,
            secure: true,
            login: { user: 'vigie', password: 'p@ss/w:rd' },
          },
          {
            name: 'smtp://backup.elsewhere.net:2525',
            host: 'backup.elsewhere.net',
            port: 2525,
            secure: false,
            login: null,
          },
        ],
        leftOut: [],
      },
      alerts: [
        { email: 'admins@elsewhere.net', on: ['down', 'up', 'partial', 'attention', 'blind', 'twin', 'self'] },
        { email: 'night@elsewhere.net', on: ['down', 'up', 'partial', 'attention', 'blind', 'twin', 'self'] },
      ],
      listen: { host: '127.0.0.1', port: 8080 },
      proxy: ['10.0.0.2', '::1'],
      security: null,
      metrics: { token: 'm' },
      deadman: 'https://elsewhere.net/ping/1',
      admin: { lan: false },
      drafts: { publishAfter: 15 * MINUTE },
      templates: [],
      replica: false,
      secrets: ['relay', 'metrics', 'backup', 'probe'],
      ca: [],
    })
  })

  it('is complete about a service and each of its checks', () => {
    const mail = configuration!.services[1]!
    expect({ ...mail, checks: mail.checks.map(({ id }) => id) }).toEqual({
      id: 'mail',
      name: { fr: 'Courriel', en: 'E-mail' },
      group: 'communication',
      about: { fr: 'Envoyer et recevoir', en: 'Send and receive' },
      url: 'https://webmail.nomagic.test/',
      audience: 'members',
      checks: ['mail.tcp', 'mail.submission', 'mail.http'],
    })
    expect(check('mail.http')).toEqual({
      id: 'mail.http',
      service: 'mail',
      kind: 'http',
      target: 'https://webmail.nomagic.test/x',
      rule: {
        every: 5 * MINUTE,
        timeout: 20 * SECOND,
        retry: 30 * SECOND,
        fall: 5,
        rise: 1,
        slow: SECOND,
        expiresIn: { left: 14 * DAY },
      },
      family: 'both',
      depends: ['hetzner', 'mail.tcp'],
      essential: true,
      audience: 'admins',
      from: ['offsite'],
      heartbeat: null,
      definition: expect.stringMatching(/^[0-9a-f]{8}$/),
      unusable: null,
    })
    expect(plans.get('mail.http')).toMatchObject({
      connect: { host: '192.0.2.1', port: 443 },
      allowPrivate: true,
      ca: [],
      secrets: [],
    })
    expect(plans.get('mail.submission')?.secrets).toEqual(['pw'])
  })

  it('lets a kind choose where policy doesn’t fit, a service choose over it, and a check over all', () => {
    expect(check('mail.tcp').rule).toMatchObject({ every: 5 * MINUTE, timeout: 20 * SECOND, slow: 10 * SECOND })
    expect(check('mail.submission').rule).toMatchObject({
      every: MINUTE,
      timeout: 10 * SECOND,
      expiresIn: { share: 0.2 },
    })
    expect(check('hetzner.dns').rule.every).toBe(2 * MINUTE)
    expect(check('hetzner.dns').from).toBe('any')
  })

  it('gives a check that waits its period, grace and token', () => {
    expect(check('hetzner.heartbeat')).toMatchObject({
      heartbeat: { period: DAY, grace: HOUR, token: 'told-by-the-backup' },
      rule: { every: DAY },
    })
    expect(plans.get('hetzner.heartbeat')?.plan.does).toBe('wait')
  })

  it('knows a key by any spelling of its base64 (RFC 4648, 4 and 5)', () => {
    const spelt = KEYS[0]!.replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, '')
    const { configuration } = readFiles(
      { 'site.yaml': WHOLE.replace(KEYS[0]!, spelt), 'mail.yaml': MAIL, 'hetzner.yaml': HETZNER },
      { environment: SECRETS },
    )
    expect(configuration?.sites[0]?.key).toBe(KEYS[0])
  })

  it('has no warning', () => expect(reading.warnings).toEqual([]))
})

it('believes a proxy on this machine where none is named, and nobody where the list is empty', () => {
  const proxyOf = (more: string) =>
    readFiles({ 'site.yaml': `name: X\nsites: { home: {} }\n${more}` }).configuration?.proxy
  expect([proxyOf(''), proxyOf('proxy: []\n')]).toEqual([['127.0.0.1', '::1'], []])
})

describe('of sites', () => {
  const read = (site: string | undefined, ...sites: readonly string[]) =>
    readFiles({ 'site.yaml': `name: X\nsites:\n${sites.map((one) => `  ${one}`).join('\n')}\n` }, { site })
  const mistakes = (...given: Parameters<typeof read>) =>
    read(...given).mistakes.map(({ line, message, hint }) => `${line}: ${message} (${hint})`)
  const FORMER = `old: { role: former, key: "${KEYS[0]}", url: "https://b.elsewhere.net", where: Paris }`

  it('one that runs no more keeps its key, and is none of them else', () => {
    const { configuration, warnings } = read(undefined, FORMER, 'home: {}')
    expect(configuration).toMatchObject({ former: [{ id: 'old', key: KEYS[0] }], site: { id: 'home' } })
    expect(configuration?.sites.map(({ id }) => id)).toEqual(['home'])
    expect(warnings.filter(({ message }) => /url|key/.test(message))).toEqual([])
  })

  it('one that runs no more is nothing without its key, looks at nothing and is not started', () => {
    expect(mistakes(undefined, 'home: {}', 'old: { role: former }')).toEqual([
      '4: old needs `key`: what it said is known by it (as it stood here before)',
    ])
    expect(mistakes('old', 'home: {}', FORMER)).toEqual([
      '2: this site is to be "old", whose role is former (`full` or `observer` are those that run)',
    ])
    expect(mistakes(undefined, FORMER)).toEqual(['3: sites needs at least one site that runs (sites: { home: {} })'])
    expect(mistakes(undefined, 'home: {}', 'b: {}', FORMER)).toEqual([
      '3: home needs `key`, as there are several sites (vigie twin key shows it)',
      '4: b needs `key`, as there are several sites (vigie twin key shows it)',
    ])
  })
})

describe('of several sites', () => {
  const warned = (urls: readonly (string | null)[]) => {
    const entry = (url: string | null, at: number) =>
      `  s${at}: { key: "${KEYS[at]}"${url === null ? '' : `, url: "${url}"`} }`
    const reading = readFiles({ 'site.yaml': `name: X\nsites:\n${urls.map(entry).join('\n')}\n` })
    return reading.warnings.flatMap(({ line, message }) =>
      message.includes('never hear') ? [`${line}: ${message}`] : [],
    )
  }

  it('one may go without url; two could never call each other', () => {
    expect(warned([null, 'https://b.elsewhere.net'])).toEqual([])
    expect(warned([null, null])).toEqual([
      '4: s0 and s1 have no `url`, so they can’t call each other and never hear each other',
    ])
  })
})
