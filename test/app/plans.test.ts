// What a check remembers, over another reading of the configuration.
import { expect, it } from 'vitest'
import { takeOver } from '../../src/app/plans.ts'
import { kinds } from '../../src/probes/index.ts'
import { readFiles } from '../config/folders.ts'

const SITES = 'sites: { home: { key: "ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" }, out: { ROLE } }'
const MAIL = `service: Mail
checks:
  - imap: mail.\${domain}:993
    login: { user: probe, password: "\${secret:probe}" }
  - tcp: mail.\${domain}:587
`

function plansOf(files: Readonly<Record<string, string>> = {}, { password = 'old', site = 'home' } = {}) {
  const key = 'key: "ed25519:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"'
  const whole = `name: Nomagic\ndomain: nomagic.test\n${SITES.replace('ROLE', `${key}, role: full`)}\n`
  const environment = { VIGIE_SECRET_PROBE: password }
  const reading = readFiles({ 'site.yaml': whole, 'mail.yaml': MAIL, ...files }, { environment, kinds, site })
  expect(reading.mistakes).toEqual([])
  return { ...reading, whole }
}

const BEFORE = plansOf()

it.each<[string, ReturnType<typeof plansOf>]>([
  ['another file is there', plansOf({ 'web.yaml': MAIL })],
  ['a remark was written beside it', plansOf({ 'mail.yaml': `# Ours.\n${MAIL}` })],
])('A check keeps what it remembers when %s.', (_what, next) => {
  const plans = takeOver(BEFORE.plans, next.plans)
  expect(plans.get('mail.imap')?.plan).toBe(BEFORE.plans.get('mail.imap')?.plan)
  expect([...plans.keys()]).toEqual([...next.plans.keys()])
})

it.each<[string, ReturnType<typeof plansOf>]>([
  ['its account is another', plansOf({ 'mail.yaml': MAIL.replace('user: probe', 'user: other') })],
  ['its secret is another', plansOf({}, { password: 'new' })],
  ['the domain is another', plansOf({ 'site.yaml': BEFORE.whole.replace('nomagic.test', 'nomagic.example') })],
])('A check begins anew when %s.', (_what, next) => {
  const plans = takeOver(BEFORE.plans, next.plans)
  expect(plans.get('mail.imap')).toBe(next.plans.get('mail.imap'))
})

it.each([
  ['an alias', 'imap: a.test:993, login: { user: *user, password: open }'],
  ['an alias of what has one', 'imap: a.test:993, login: *account'],
  ['an alias in a preset', 'preset: dovecot, only: imap-login, host: a.test, login: *account'],
])('A check begins anew when what it says by %s is another.', (_what, check) => {
  const written = `service: Mail
checks:
  - { id: first, imap: a.test:143, login: { user: &user probe, password: open } }
  - { id: second, imap: a.test:144, login: &account { user: *user, password: open } }
  - { ${check} }
`
  const [before, same, next] = [written, `# Ours.\n${written}`, written.replace('probe', 'other')].map(
    (text) => plansOf({ 'mail.yaml': text }).plans,
  )
  const id = [...before!.keys()].at(-1)!
  expect(takeOver(before!, same!).get(id)!.plan).toBe(before!.get(id)!.plan)
  expect(takeOver(before!, next!).get(id)).toBe(next!.get(id))
})

it('A check begins anew when its site is to look without logins, also where no secret is in them.', () => {
  const files = { 'mail.yaml': MAIL.replace('${secret:probe}', 'open') }
  const before = plansOf(files, { site: 'out' })
  const observer = plansOf({ ...files, 'site.yaml': BEFORE.whole.replace('full', 'observer') }, { site: 'out' })
  expect(takeOver(before.plans, observer.plans).get('mail.imap')).toBe(observer.plans.get('mail.imap'))
})

it('Of a check that was gone in between nothing stays.', () => {
  const gone = takeOver(
    BEFORE.plans,
    plansOf({ 'mail.yaml': MAIL.replace(/ {2}- imap(.*\n)*? {2}- tcp/, '  - tcp') }).plans,
  )
  expect([...gone.keys()]).toEqual(['mail.tcp'])
  const back = plansOf()
  expect(takeOver(gone, back.plans).get('mail.imap')).toBe(back.plans.get('mail.imap'))
})
