// What comes from outside the folder, which rule wins, and what is warned of.
import { describe, expect, it } from 'vitest'
import { mailtrip } from '../../src/probes/mailtrip.ts'
import { briefly, readFiles, SERVICE, SITE } from './folders.ts'
import { KINDS } from './kinds.ts'

describe('what is asked for from outside', () => {
  it('VIGIE_DOMAIN stands for the domain and turns the replica off', () => {
    const files = {
      'site.yaml': `${SITE}replica: true\n`,
      'web.yaml': 'service: Web\nchecks:\n  - tcp: www.${domain}:80\n',
    }
    expect(readFiles(files).configuration?.replica).toBe(true)
    expect(readFiles(files, { environment: { VIGIE_DOMAIN: 'nomagic.test' } }).configuration?.replica).toBe(true)
    const { configuration } = readFiles(files, { environment: { VIGIE_DOMAIN: 'real.example' } })
    expect(configuration).toMatchObject({ replica: false, domain: 'real.example' })
    expect(configuration?.services[0]?.checks[0]?.target).toBe('www.real.example:80')
  })

  it('a site that isn’t there is a mistake at the sites', () => {
    expect(briefly(readFiles({ 'web.yaml': SERVICE }, { site: 'hom' }))).toEqual([
      'site.yaml:3:1: this site is to be "hom", which is none of them',
    ])
    expect(readFiles({ 'web.yaml': SERVICE }, { site: 'home' }).configuration?.site.id).toBe('home')
  })

  it('an address to listen on replaces the configured one', () => {
    expect(readFiles({ 'web.yaml': SERVICE }, { listen: '[::1]:0' }).configuration?.listen).toEqual({
      host: '::1',
      port: 0,
    })
    expect(readFiles({ 'web.yaml': SERVICE }, { listen: 'nowhere' }).mistakes).toHaveLength(1)
  })
})

it('the hoster may have a name a language', () => {
  const named = (name: string) =>
    readFiles({ 'site.yaml': SITE.replace('Nomagic', name), 'web.yaml': SERVICE }).configuration?.name
  expect(named('{ fr: Nomagie, en: Nomagic }')).toEqual({ fr: 'Nomagie', en: 'Nomagic' })
  expect(named('Nomagic')).toEqual({ fr: 'Nomagic', en: 'Nomagic' })
})

describe('rules', () => {
  const ruleOf = (policy: string, check: string) => {
    const files = {
      'site.yaml': `${SITE}policy: { ${policy} }\n`,
      'web.yaml': `service: Web\nchecks:\n  - { tcp: "a.example:80", ${check} }\n`,
    }
    return readFiles(files).configuration!.services[0]!.checks[0]!.rule
  }
  it('never retry later than the interval, nor wait longer for an answer unless told to', () => {
    expect(ruleOf('every: 2s', '')).toMatchObject({ every: 2000, retry: 2000, timeout: 2000 })
    expect(ruleOf('every: 2s, timeout: 4s', '')).toMatchObject({ every: 2000, retry: 2000, timeout: 4000 })
    expect(ruleOf('retry: 30s', 'every: 5s')).toMatchObject({ retry: 5000 })
  })

  it('leave a kind the patience it needs, however often it is to look', () => {
    const files = (policy: string, check: string) =>
      readFiles(
        { 'site.yaml': `${SITE}${policy}`, 'mail.yaml': `service: Mail\nchecks:\n  - ${check}\n` },
        { kinds: { ...KINDS, mailtrip } },
      )
    const patience = ({ configuration }: ReturnType<typeof files>) =>
      configuration?.services[0]?.checks[0]?.rule.timeout
    const trip =
      'mailtrip: a@b.example\n    submit: { smtp: "b.example:587", login: { user: a, password: b } }\n    collect: { imap: "b.example:993", login: { user: a, password: b } }\n    within: 15m'
    const said = files('', trip)
    expect(patience(said)).toBe(900_000)
    expect(briefly({ mistakes: said.warnings })).toContain('mail.yaml:6:13: within is longer than every')
    expect(patience(files('policy: { timeout: 4s }\n', trip))).toBe(900_000)
    const roomy = files('', `${trip}\n    every: 20m`)
    expect(roomy.warnings.filter(({ message }) => message.includes('longer'))).toEqual([])
    expect(patience(files('', '{ tcp: "mx.example:25", every: 10s }'))).toBe(20_000)
    expect(patience(files('', '{ tcp: "mx.example:25", every: 10s, timeout: 5s }'))).toBe(5_000)
  })
})

it('a service beats the defaults of a kind, and the kind beats policy', () => {
  const files = (service: string) => ({
    'site.yaml': `${SITE}policy: { every: 30s, slow: 1s }\n`,
    'mail.yaml': `service: Mail\n${service}checks:\n  - tcp: mx.example:25\n  - { tcp: "mx.example:80", id: web }\n`,
  })
  const every = (service: string) =>
    readFiles(files(service)).configuration?.services[0]?.checks.map(({ rule }) => rule.every)
  expect(every('')).toEqual([300_000, 30_000])
  expect(every('every: 2m\n')).toEqual([120_000, 120_000])
})

describe('warnings', () => {
  const said = (files: Record<string, string>, environment = {}) =>
    readFiles(files, { environment })
      .warnings.map(({ message }) => message)
      .join('\n')

  it('speak of too few witnesses, nobody to tell and no way to', () => {
    expect(said({ 'web.yaml': SERVICE })).toMatch(/no witnesses[\s\S]*no relay[\s\S]*no alerts/)
    expect(said({ 'site.yaml': `${SITE}witnesses: ["9.9.9.9:53"]\n`, 'web.yaml': SERVICE })).toContain(
      'only 1 of at least 5 witnesses',
    )
  })

  it('speak of a token that is soon guessed', () => {
    const job = (token: string) =>
      said({ 'job.yaml': `service: Job\nchecks:\n  - { heartbeat: 24h, token: ${token} }\n` })
    expect(job('backup')).toContain('this token can be guessed')
    expect(job('backup-of-the-night')).not.toContain('guessed')
  })

  it('speak of a relay, a mailbox or a witness that falls with what it reports', () => {
    const site = `${SITE}witnesses: ["www.nomagic.test:443"]\nmail: { from: a@b.example, relays: ["smtp://mx.nomagic.test"] }\nalerts: [{ email: me@nomagic.test }]\n`
    expect(said({ 'site.yaml': site, 'web.yaml': SERVICE })).toMatch(
      /relay is under[\s\S]*mailbox is under|mailbox is under[\s\S]*relay is under/,
    )
    expect(said({ 'site.yaml': site, 'web.yaml': SERVICE })).toContain('entry 1, is under nomagic.test')
    expect(said({ 'site.yaml': site, 'web.yaml': SERVICE }, { VIGIE_DOMAIN: 'other.example' })).not.toContain(
      'is under',
    )
  })

  it('leave alone a group without services, which no page shows', () => {
    expect(said({ 'site.yaml': `${SITE}groups: [ { sites: Web } ]\n`, 'web.yaml': SERVICE })).not.toContain('group')
  })
})

describe('the kind of a check', () => {
  const web = (check: string) => readFiles({ 'web.yaml': `service: Web\nchecks:\n  - { ${check} }\n` })

  it('may be a key of another kind: who reads both is meant, in whichever order', () => {
    for (const check of ['tcp: "a.example:25", tls: none', 'tls: none, tcp: "a.example:25"']) {
      expect(web(check).configuration?.services[0]?.checks).toMatchObject([{ id: 'web.tcp', target: 'a.example:25' }])
    }
  })

  it('is unknown when the first key is, whatever else is there', () => {
    expect(briefly(web('smtp: "a.example:25", tls: none'))).toEqual(['web.yaml:3:7: unknown kind of check "smtp"'])
  })

  it('is not unknown because a key of it is misspelt', () => {
    expect(briefly(web('methd: GET, http: "https://a.example/"'))).toEqual(['web.yaml:3:7: unknown key "methd"'])
    expect(briefly(web('http: "https://a.example/", zebra: 1'))).toEqual(['web.yaml:3:35: unknown key "zebra"'])
  })
})

it('a mistake of YAML points at the word, not at its indentation', () => {
  expect(briefly(readFiles({ 'web.yaml': `${SERVICE}   every: 5m\n` }))).toEqual([
    'web.yaml:4:4: YAML: Sequence item without - indicator',
  ])
})
