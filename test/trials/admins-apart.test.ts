// Admins of two sites: who has an account on one has it on both, also while they don't hear each other.
import { expect, it } from 'vitest'
import { becomeAdmin, codeOf, createCaller, PASSWORD } from '../http/admin/caller.ts'
import type { TestSite } from '../servers/site.ts'
import { startPair } from './pair.ts'
import { openStage, quiet, subjects } from './stage.ts'

const stage = openStage()

const hears = async (site: TestSite, other: string) => {
  const { sites } = JSON.parse(await site.get('/api/vigie/status.json')) as { sites: Record<string, { line: string }> }
  return sites[other]!.line !== 'unheard'
}

/** Logs in with a code, of the app or of the printed ones, and shows whether that led in. */
async function login(site: TestSite, name: string, code: string): Promise<boolean> {
  const caller = createCaller(site.url)
  const { status, to } = await caller.submit('/admin/login', '/admin/login', { name, password: PASSWORD, code })
  return status === 303 && to === '/admin/' && (await caller.get('/admin/')).status === 200
}

it('log in anywhere; one printed code used on both while apart is taken on both, and told once', async () => {
  const target = await stage.target()
  const relays = { home: await stage.relay(), offsite: await stage.relay() }
  const { home, offsite, cut } = await startPair(stage, {
    services: { 'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n` },
    relays: { home: [relays.home.port], offsite: [relays.offsite.port] },
    hidden: ['home'],
  })
  const together = async () => (await hears(home, 'offsite')) && (await hears(offsite, 'home'))
  await home.until('heard', together)
  const ana = await becomeAdmin(home, 'ana')
  // A code of the app counts once: what enrolled her is spent on both.
  await offsite.until('an account there', () => login(offsite, 'ana', codeOf(ana.secret, 1)))
  expect(await login(offsite, 'nobody', codeOf(ana.secret, 1))).toBe(false)

  cut()
  await home.until('apart', async () => !(await hears(home, 'offsite')) && !(await hears(offsite, 'home')))
  const [shared, alone] = ana.codes
  expect(await login(home, 'ana', shared!)).toBe(true)
  expect(await login(home, 'ana', shared!), 'twice on one site').toBe(false)
  expect(await login(offsite, 'ana', shared!)).toBe(true)
  expect(await login(offsite, 'ana', alone!)).toBe(true)

  cut(false)
  await home.until('together', together, 60_000)
  const told = () =>
    Object.values(relays).flatMap((relay) => relay.received.filter(({ body }) => /one\s+recovery\s+code/.test(body)))
  await home.until('told', () => told().length > 0, 60_000)
  await quiet()
  expect(told(), subjects(relays.home).join()).toHaveLength(1)
  expect(told()[0]!.body.replace(/\s+/g, ' ')).toContain('ana logged in with one recovery code on home and on offsite')
  expect(await login(home, 'ana', alone!), 'spent on the other').toBe(false)
}, 120_000)
