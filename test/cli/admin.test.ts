// `vigie admin …` with a vigie that runs and without one.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaller } from '../http/admin/caller.ts'
import { OWN_ADDRESS } from '../http/site.ts'
import { startSite, type TestSite } from '../servers/site.ts'
import { folderWith, SITE } from './folders.ts'
import { vigie } from './host.ts'

const WEB = 'service: Web\nchecks:\n  - heartbeat: 24h\n'

describe('vigie admin, while a vigie runs', () => {
  let site: TestSite
  beforeAll(async () => {
    site = await startSite({ 'site.yaml': SITE, 'web.yaml': WEB })
  })
  afterAll(() => site.stop())

  const admin = (...words: readonly string[]) =>
    vigie(['admin', ...words], {
      environment: { VIGIE_DATA: site.data, VIGIE_CHECKS: folderWith({ 'site.yaml': SITE, 'web.yaml': WEB }) },
    })

  it('prints a link that the running one takes, and nothing twice', async () => {
    const { code, out, err } = await admin('invite', 'Ana')
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^${site.url}/admin/welcome/[\\w-]{43}\\n$`))
    expect(err).toContain('Good once, for 30 minutes')
    const { status, body } = await createCaller(site.url).get(new URL(out.trim()).pathname)
    expect([status, body.includes('Bienvenue, ana')]).toEqual([200, true])
    const json = JSON.parse((await admin('list', '--json')).out) as { invitations: { name: string }[] }
    expect(json.invitations.map(({ name }) => name)).toEqual(['ana'])
    expect(await admin('remove', 'ana')).toMatchObject({ code: 0, out: 'The account ana is removed.\n' })
    expect(await admin('remove', 'ana')).toMatchObject({
      code: 1,
      err: 'vigie admin remove: there is no account ana\n',
    })
    expect((await createCaller(site.url).get(new URL(out.trim()).pathname)).status).toBe(404)
  })

  it('leads to another full site where this one has no address', async () => {
    const keys = ['A', 'B'].map((letter) => `key: "ed25519:${letter.repeat(42)}A="`)
    const sites = `sites: { home: { ${keys[0]} }, there: { ${keys[1]}, url: "https://there.elsewhere.net" } }\n`
    const checks = folderWith({ 'site.yaml': `name: Essai\n${sites}`, 'web.yaml': WEB })
    const { out } = await vigie(['admin', 'invite', 'zoe'], {
      environment: { VIGIE_DATA: site.data, VIGIE_CHECKS: checks },
    })
    expect(out).toMatch(/^https:\/\/there\.elsewhere\.net\/admin\/welcome\/[\w-]{43}\n$/)
  })

  it('makes a key that the API takes within its scope, until it is revoked', async () => {
    const { code, out } = await admin('token', 'deploy', '--scope', 'maintenance')
    expect([code, /^vigie_[\w-]{43}\n$/.test(out)]).toEqual([0, true])
    const ask = async (what: string) =>
      (await fetch(`${site.url}/admin/api/v1/${what}`, { headers: { authorization: `Bearer ${out.trim()}` } })).status
    expect([await ask('maintenances'), await ask('incidents')]).toEqual([200, 403])
    expect((await admin('list')).out).toMatch(/deploy +maintenance; 20\d\d-\d\d-\d\d, by cli/)
    expect(await admin('token', 'deploy', '--revoke')).toMatchObject({ code: 0, out: 'The key deploy is revoked.\n' })
    expect(await ask('maintenances')).toBe(401)
  })

  it('says what is wrong with what it is asked', async () => {
    expect(await admin('invite')).toMatchObject({ code: 2 })
    expect(await admin('invite', 'a', 'b')).toMatchObject({ code: 2 })
    for (const name of ['', 'élise', 'a b', 'alice@example.org'])
      for (const does of ['invite', 'recover', 'remove', 'token'])
        expect(await admin(does, name)).toMatchObject({
          code: 2,
          err: expect.stringContaining('a name is of lowercase'),
        })
    expect(await admin('token', 'x', '--scope', 'everything')).toMatchObject({ code: 2 })
    expect((await admin('invite', 'Ana Lyse!')).err).toContain('lowercase letters')
    expect((await admin('recover', 'nobody')).err).toContain('vigie admin invite nobody')
    expect((await admin('invite', 'x', '--scope', 'incidents')).err).toContain('it takes no --scope')
  })

  it.skipIf(OWN_ADDRESS === undefined)('reaches one that listens on another address of this machine', async () => {
    const one = await startSite({ 'site.yaml': SITE, 'web.yaml': WEB }, { listen: `${OWN_ADDRESS}:0` })
    const { code, err } = await vigie(['admin', 'invite', 'ana'], {
      environment: { VIGIE_DATA: one.data, VIGIE_CHECKS: folderWith({ 'site.yaml': SITE, 'web.yaml': WEB }) },
    })
    await one.stop()
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('Good once, for 30 minutes') })
  })

  it('is heard from this machine alone, with the token of run.json alone', async () => {
    const ask = (headers: Record<string, string>) =>
      fetch(`${site.url}/admin/api/errand`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"does":"invite","name":"eve"}',
      })
    expect((await ask({})).status).toBe(403)
    expect((await ask({ authorization: 'Bearer x' })).status).toBe(403)
    expect((await admin('list', '--json')).out).not.toContain('eve')
  })
})

describe('vigie admin, when none runs', () => {
  it('writes to the ledger, where the next one finds it', async () => {
    const data = folderWith()
    const checks = folderWith({
      'site.yaml': `${SITE.replace('home: {}', 'home: { url: "https://status.example" }')}timezone: Europe/Paris\n`,
      'web.yaml': WEB,
    })
    const admin = (...words: readonly string[]) =>
      vigie(['admin', ...words], { environment: { VIGIE_DATA: data, VIGIE_CHECKS: checks } })
    await admin('invite', 'zoe')
    await admin('remove', 'zoe')
    const none = await admin('list')
    expect(none.out).toContain('Nobody may log in yet')
    expect(none.err).toBe(`No vigie runs on ${data}: this is what it last knew.\n`)
    const { out, err } = await admin('invite', 'ana')
    expect(err).toContain(`No vigie runs on ${data}: this is in its ledger, and counts once one does.`)
    expect(out).toMatch(/^https:\/\/status\.example\/admin\/welcome\//)
    expect((await admin('list')).out).toMatch(/ana +until \d\d:\d\d, Europe\/Paris/)
    const site = await startSite({ 'site.yaml': SITE, 'web.yaml': WEB }, { data })
    try {
      expect((await createCaller(site.url).get(new URL(out.trim()).pathname)).status).toBe(200)
    } finally {
      await site.stop()
    }
  })
})

it.each(['admin', 'incident', 'maintenance'])('vigie %s list makes nothing where no vigie ever ran', async (noun) => {
  const root = folderWith({ 'site.yaml': SITE, 'web.yaml': WEB })
  for (const data of [join(root, 'mistyped'), folderWith()]) {
    const environment = { VIGIE_DATA: data, VIGIE_CHECKS: root }
    expect(await vigie([noun, 'list', '--json'], { environment })).toEqual({
      code: 1,
      out: '',
      err: `vigie ${noun} list: there is no ledger in ${data}: has a vigie run there? Another folder is --data DIR.\n`,
    })
    expect(existsSync(data) ? readdirSync(data) : []).toEqual([])
  }
  expect(existsSync(join(root, 'mistyped'))).toBe(false)
})
