import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openLedger } from '../../src/store/ledger.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import { folderWith, SITE } from './folders.ts'
import { vigie } from './host.ts'

const SOUND_SITE = `name: Essai
domain: essai.test
sites: { home: { url: "https://status.example.org/" } }
witnesses: ["80.67.169.12:53", "9.9.9.9:53", "https://www.debian.org/", "https://www.ripe.net/", "https://www.free.fr/"]
path: ["https://www.hetzner.com/"]
mail: { from: vigie@example.org, relays: ["smtps://user:pass%21@smtp.example.org"] }
alerts: [{ email: admins@example.org }]
`

const BACKUPS = `service: Sauvegardes
checks:
  - heartbeat: 24h
    id: nightly
    grace: 90m
  - heartbeat: 1h
    id: hourly
    token: abcdefghijklmnopqrst
  - heartbeat: 1h
    id: hidden
    token: "\${secret:push}"
`

test('Each mistake and warning is one line with its place and a hint, in the order of the files.', async () => {
  const checks = folderWith({
    'site.yaml': `${SITE}grups: []\n`,
    'mail.yaml': 'service: Courriel\nchecks:\n  - tcp: 127.0.0.1:25\n    evry: 5m\n  - tpc: 127.0.0.1:26\n',
  })
  const { code, out, err } = await vigie(['config', '--checks', checks])
  expect(code).toBe(2)
  const lines = out.trimEnd().split('\n')
  expect(lines.filter((line) => !line.includes('warning:'))).toEqual([
    `${checks}/mail.yaml:4:5: unknown key "evry" (did you mean "every"?)`,
    `${checks}/mail.yaml:5:5: unknown kind of check "tpc" (did you mean "tcp"?)`,
    `${checks}/site.yaml:3:1: unknown key "grups" (did you mean "groups"?)`,
  ])
  for (const line of lines) expect(line).toMatch(/^\S+\.yaml:\d+:\d+: (warning: )?\S/)
  expect(err).toMatch(/^3 mistakes, \d warnings: a running vigie goes on with what it had\.\n$/)
})

test('Colours don’t change what a mistake says.', async () => {
  const checks = folderWith({ 'site.yaml': `${SITE}grups: []\n` })
  const plain = await vigie(['config', '--checks', checks])
  const coloured = await vigie(['config', '--checks', checks], { columns: 80 })
  expect(coloured.out).toContain('\x1b[1m')
  expect(coloured.out.replace(/\x1b\[\d+m/g, '')).toBe(plain.out)
  const refused = await vigie(['config', '--checks', checks], { columns: 80, environment: { NO_COLOR: '1' } })
  expect(refused.out).toBe(plain.out)
})

test('As JSON it is a list of the same, severity included.', async () => {
  const checks = folderWith({ 'site.yaml': `${SITE}grups: []\n` })
  const { code, out, err } = await vigie(['config', '--checks', checks, '--json'])
  const listed = JSON.parse(out) as Record<string, unknown>[]
  expect([code, err]).toEqual([2, ''])
  expect(listed.filter(({ severity }) => severity === 'mistake')).toEqual([
    {
      file: `${checks}/site.yaml`,
      line: 3,
      column: 1,
      severity: 'mistake',
      message: 'unknown key "grups"',
      hint: 'did you mean "groups"?',
    },
  ])
  expect(listed.filter(({ severity }) => severity === 'warning').length).toBeGreaterThan(0)
})

test('Warnings alone are no failure.', async () => {
  const checks = folderWith({ 'site.yaml': SITE, 'web.yaml': 'service: Web\nchecks: [{ tcp: "127.0.0.1:80" }]\n' })
  const { code, out } = await vigie(['config', '--checks', checks])
  expect(code).toBe(0)
  expect(out).toMatch(/: warning: no witnesses/)
  expect(out).toMatch(/no mistakes, \d warnings\./)
})

test('What is sound is summed up, without a secret in it.', async () => {
  const checks = folderWith({ 'site.yaml': SOUND_SITE, 'backups.yaml': BACKUPS })
  const data = folderWith()
  const environment = { VIGIE_SECRET_PUSH: 'do-not-print-this-token' }
  const { code, out, err } = await vigie(['config', '--checks', checks, '--data', data], { environment })
  expect([code, err]).toEqual([0, ''])
  expect(out.replace(checks, 'checks')).toBe(`checks: no mistakes.

  hoster     Essai, essai.test
  services   backups
  checks     3: 3 heartbeat
  sites      home (this one)
  witnesses  5, and 1 on the path to the provider
  relays     smtps://smtp.example.org:465
  alerts     admins@example.org
  page       https://status.example.org/, listening on 127.0.0.1:8080

Jobs report to
  backups.nightly  every 24h, with 1 h 30 min of grace
    its address is made when vigie first runs
  backups.hourly  every 1h, with 6 min of grace
    https://status.example.org/push/abcdefghijklmnopqrst
  backups.hidden  every 1h, with 6 min of grace
    https://status.example.org/push/… (… is the configured secret)
`)
})

test('A heartbeat’s token that was made is shown, while vigie runs and after, and nothing is left behind.', async () => {
  const checks = folderWith({ 'site.yaml': SOUND_SITE, 'backups.yaml': BACKUPS })
  const data = folderWith()
  mkdirSync(join(data, 'keys'))
  const ledger = openLedger(data, { site: 'home', sealer: sealer(openKey(data)), now: () => 1_000 })
  const token = ledger.heartbeatToken('backups.nightly')
  const line = `    https://status.example.org/push/${token}\n`
  expect((await vigie(['config', '--checks', checks, '--data', data])).out).toContain(line)
  ledger.close()
  expect((await vigie(['config', '--checks', checks, '--data', data])).out).toContain(line)
})

test('Site, domain and address come from the command line and the environment.', async () => {
  const checks = folderWith({
    'site.yaml': SOUND_SITE,
    'web.yaml': 'service: Web\nchecks: [{ http: "https://${domain}/" }]\n',
  })
  const environment = { VIGIE_CHECKS: checks, VIGIE_LISTEN: '127.0.0.1:9000', VIGIE_DOMAIN: 'other.test' }
  const { out } = await vigie(['config'], { environment })
  expect(out).toContain('Essai, other.test')
  expect(out).toContain('listening on 127.0.0.1:9000')
  expect((await vigie(['config', '--listen', '127.0.0.1:9001'], { environment })).out).toContain('127.0.0.1:9001')
  const nowhere = await vigie(['config', '--site', 'nowhere'], { environment })
  expect(nowhere.code).toBe(2)
  expect(nowhere.out).toContain('nowhere')
})

test('A site that is not full is named as what it is.', async () => {
  const key = (at: number) => `key: "ed25519:${Buffer.alloc(32, at).toString('base64')}"`
  const sites = [`home: { ${key(1)} }`, `friend: { role: observer, url: "https://b.example.org", ${key(2)} }`]
  const all = [...sites, `old: { role: former, ${key(3)} }`].join(', ')
  const checks = folderWith({ 'site.yaml': SOUND_SITE.replace(/sites:.*/, `sites: { ${all} }`) })
  const listed = async (site: string) => (await vigie(['config', '--checks', checks, '--site', site])).out
  expect(await listed('home')).toContain('  sites      home (this one), friend (observer), old (former)\n')
  expect(await listed('friend')).toContain('  sites      friend (this one, observer), home, old (former)\n')
})

test('A count is not parted from its kind where a line is full, and kinds are listed one a line.', async () => {
  const kinds = 'http tcp dns smtp imap xmpp matrix sieve pop3 tls ping'.split(' ')
  const bare = ['dns', 'xmpp', 'matrix', 'ping']
  const targetOf = (kind: string) =>
    kind === 'http' ? 'https://a.test/' : bare.includes(kind) ? 'a.test' : 'a.test:99'
  const checks = kinds.map((kind) => `  - ${kind}: ${targetOf(kind)}\n`)
  const dir = folderWith({ 'site.yaml': SITE, 'web.yaml': `service: Web\nchecks:\n${checks.join('')}` })
  const { out } = await vigie(['config', '--checks', dir], { columns: 40 })
  expect(out).toContain('1 http')
  expect(out).not.toMatch(/[ :]1\n/)
  const help = await vigie(['help', 'config'], { columns: 80 })
  expect(help.out).toMatch(/Kinds of check[\s\S]*\n {2}tcp +a port accepts connections/)
  expect(help.out).toMatch(/\n {2}ping +[^(]*\(host\.example\.org\)\n/)
})
