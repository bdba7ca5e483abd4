// An observer at somebody else's home: it looks without logins, agrees, publishes and mails, and holds nobody's secret.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { entriesIn } from '../../src/store/entries.ts'
import { openLedger } from '../../src/store/ledger.ts'
import { withSnapshot } from '../../src/store/snapshot.ts'
import { openKey } from '../../src/twin/key.ts'
import { sealer } from '../../src/twin/seal.ts'
import type { TestSite } from '../servers/site.ts'
import { startPair } from './pair.ts'
import { post } from './posting.ts'
import { openStage, subjects } from './stage.ts'

const stage = openStage()
const CANARIES = ['CANARY-probe', 'CANARY-totp', 'CANARY-password', 'CANARY-code']

interface Shown {
  readonly services: readonly {
    readonly id: string
    readonly state: string
    readonly confidence: { readonly of: number; readonly note: string; readonly sites: readonly string[] }
  }[]
}

async function shown(site: TestSite): Promise<readonly string[]> {
  const { services } = JSON.parse(await site.get('/api/vigie/status.json')) as Shown
  return services.map(
    ({ id, state, confidence: { of, note, sites } }) =>
      `${id} ${state} ${note} ${[...sites].sort().join('+')} of ${of}`,
  )
}

/** Every file of a folder, as it lies on the disk. */
function bytesIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .join()
}

it('looks without logins, agrees and mails, and its data folder holds no credential and no secret', async () => {
  const target = await stage.target()
  const asked: (string | undefined)[] = []
  const intranet = createServer((request, response) => {
    asked.push(request.headers['x-token'] as string | undefined)
    response.statusCode = request.headers['x-token'] === 'CANARY-probe' ? 200 : 401
    response.end()
  })
  await new Promise<void>((done) => intranet.listen(0, '127.0.0.1', done))
  stage.ends(() => intranet.close())
  const relays = { home: await stage.relay(), offsite: await stage.relay() }
  const { port } = intranet.address() as AddressInfo
  const { home, offsite } = await startPair(stage, {
    observer: true,
    relays: { home: [relays.home.port], offsite: [relays.offsite.port] },
    services: {
      'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n`,
      'inside.yaml': `service: Inside
checks: [ { http: "http://127.0.0.1:${port}/", allow_private: true, headers: { X-Token: "\${secret:probe}" } } ]
`,
    },
    before: (site, data) => {
      if (site === 'offsite') return
      mkdirSync(join(data, 'secrets'), { recursive: true })
      writeFileSync(join(data, 'secrets', 'probe'), 'CANARY-probe', { mode: 0o600 })
      const ledger = openLedger(data, { site, sealer: sealer(openKey(data)), now: Date.now })
      const credential = { password: 'CANARY-password', totp: 'CANARY-totp', codes: ['CANARY-code'] }
      ledger.say('account.credential', { name: 'ada', invitation: 'x', credential, by: 'ada', at: Date.now() })
      ledger.close()
    },
  })
  const web = 'web up confirmed home+offsite of 2'
  await home.until('confirmed', async () => (await shown(home)).includes(web))
  await offsite.until('confirmed', async () => (await shown(offsite)).includes(web))
  // What only a secret shows is home's to say, and the observer shows it.
  await home.until('inside', async () => (await shown(home)).includes('inside up one_site home of 1'))
  await offsite.until('inside', async () =>
    (await shown(offsite)).some((one) => one.startsWith('inside up one_site home')),
  )
  expect(asked.every((token) => token === 'CANARY-probe')).toBe(true)
  target.break()
  await offsite.until('down', async () => (await shown(offsite)).includes('web down confirmed home+offsite of 2'))
  await home.until('mailed', () => subjects(relays.home).length === 1)
  await home.stop()
  target.break(false)
  await offsite.until('mailed alone', () => subjects(relays.offsite).some((one) => /Web/.test(one)), 40_000)
  const bytes = bytesIn(offsite.data)
  await offsite.stop()
  for (const canary of CANARIES) expect(bytes + bytesIn(offsite.data), canary).not.toContain(canary)
  expect(bytes).toContain('account.credential')
}, 90_000)

it('that was a full site lets go of credentials and secrets, and fetches them back as a full one', async () => {
  const target = await stage.target()
  const credential = { password: 'CANARY-password', totp: 'CANARY-totp', codes: ['CANARY-code'] }
  const relay = await stage.relay()
  const pair = await startPair(stage, {
    services: { 'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n` },
    relays: { home: [relay.port], offsite: [relay.port] },
    before: (site, data) => {
      mkdirSync(join(data, 'secrets'), { recursive: true })
      for (const name of ['probe', 'relay'])
        writeFileSync(join(data, 'secrets', name), name === 'probe' ? 'CANARY-probe' : 'own', { mode: 0o600 })
      const ledger = openLedger(data, { site, sealer: sealer(openKey(data)), now: Date.now })
      for (const name of ['ada', 'bob'])
        ledger.say('account.credential', {
          name: `${site}-${name}`,
          invitation: 'x',
          credential,
          by: name,
          at: Date.now(),
        })
      ledger.copy()
      ledger.close()
    },
  })
  const { home, offsite } = pair
  const credentialsOf = (site: TestSite) =>
    withSnapshot(join(site.data, 'ledger.db'), (file) =>
      [...entriesIn(file)].filter(({ type, payload }) => type === 'account.credential' && payload.length > 0),
    )!.length
  await home.until('both have all', () => credentialsOf(home) === 4 && credentialsOf(offsite) === 4)
  const asRole = (site: TestSite, role: string) => {
    const used = `metrics: { token: "$\{secret:relay}" }\n`
    const whole = readFileSync(join(site.checks, 'site.yaml'), 'utf8')
      .replace(/role: \w+, /, '')
      .replace(used, '')
    site.write('site.yaml', whole.replace('offsite: { ', `offsite: { role: ${role}, `) + used)
    site.reload()
  }
  for (const site of [home, offsite]) asRole(site, 'observer')
  await offsite.until('without credentials', () => credentialsOf(offsite) === 0, 40_000)
  await offsite.until('said', () => offsite.log.some((line) => line.includes('the secret probe')))
  for (const canary of CANARIES) expect(bytesIn(offsite.data), canary).not.toContain(canary)
  expect(readdirSync(join(offsite.data, 'secrets'))).toEqual(['relay'])
  await post(home, '/incidents', { title: 'Après', text: 'Vu.' })
  await offsite.until('in step', async () => (await offsite.get('/api/v2/incidents.json')).includes('Après'))

  // Its owner may read what is said, and say nothing.
  expect(JSON.stringify(await post(offsite, '/incidents', null, 'GET'))).toContain('Après')
  await expect(post(offsite, '/incidents', { title: 'X', text: 'X.' })).rejects.toThrow('lacks the scope')

  for (const site of [home, offsite]) asRole(site, 'full')
  await offsite.until('all of it back', () => credentialsOf(offsite) === 4, 40_000)
  expect(credentialsOf(home)).toBe(4)
}, 150_000)

it('that lies as a full site is disowned by making it one: nothing it said counts, at once, and all of it again after', async () => {
  const target = await stage.target()
  const { home, offsite } = await startPair(stage, {
    services: { 'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n` },
  })
  const says = async (what: string) => (await home.get('/api/v2/incidents.json')).includes(what)
  await post(offsite, '/incidents', { title: 'Mensonge', text: 'Tout est perdu.' })
  await home.until('heard', () => says('Mensonge'))
  const whole = readFileSync(join(home.checks, 'site.yaml'), 'utf8')
  home.write('site.yaml', whole.replace('offsite: { ', 'offsite: { role: observer, '))
  home.reload()
  await home.until('disowned', async () => !(await says('Mensonge')), 10_000)
  await post(offsite, '/incidents', { title: 'Encore', text: 'Tout.' })
  home.write('site.yaml', whole)
  home.reload()
  await home.until('counts again', async () => (await says('Mensonge')) && (await says('Encore')), 10_000)
}, 60_000)
