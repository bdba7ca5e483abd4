// Two sites that can't hear each other while people post on both: what each knows afterwards, and what `explain` says.
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openKey } from '../../src/twin/key.ts'
import { folderWith } from '../cli/folders.ts'
import { vigie } from '../cli/host.ts'
import type { TestSite } from '../servers/site.ts'
import { startPair } from './pair.ts'
import { post } from './posting.ts'
import { openStage } from './stage.ts'

const stage = openStage()

const hears = async (site: TestSite, other: string) => {
  const { sites } = JSON.parse(await site.get('/api/vigie/status.json')) as { sites: Record<string, { line: string }> }
  return sites[other]!.line !== 'unheard'
}
const incidents = async (site: TestSite) => site.get('/api/v2/incidents.json')
const all = async (site: TestSite, ...words: readonly string[]) => {
  const told = await incidents(site)
  return words.every((word) => told.includes(word))
}

it('show what was posted on either while apart, and on both at once, and explain names both', async () => {
  const target = await stage.target()
  const service = `service: { fr: Site, en: Website }\nchecks:\n  - http: ${target.url}\n    allow_private: true\n`
  const { home, offsite, cut } = await startPair(stage, { services: { 'web.yaml': service }, hidden: ['home'] })
  await home.until('heard', async () => (await hears(home, 'offsite')) && (await hears(offsite, 'home')))
  const shared = await post(home, '/incidents', { title: 'Avant', text: 'Nous regardons.' })
  await offsite.until('there', () => all(offsite, 'Avant'))
  target.break()
  await home.until('down', async () => (await home.status()).get('web')?.note === 'confirmed')
  await home.until('down', async () => (await home.status()).get('web')?.status === 'major_outage')

  cut()
  await home.until('apart', async () => !(await hears(home, 'offsite')) && !(await hears(offsite, 'home')))
  await Promise.all([
    post(home, '/incidents', { title: 'De Grenoble', text: 'Un disque.' }),
    post(offsite, '/incidents', { title: 'De Paris', text: 'Le réseau.' }),
    post(home, `/incidents/${shared.id}/updates`, { text: 'Vu de Grenoble.' }),
    post(offsite, `/incidents/${shared.id}/updates`, { text: 'Vu de Paris.' }),
  ])
  await home.until('shown here', () => all(home, 'De Grenoble', 'Vu de Grenoble.'))
  await offsite.until('shown here', () => all(offsite, 'De Paris', 'Vu de Paris.'))
  expect(await all(home, 'De Paris')).toBe(false)
  expect(await all(offsite, 'De Grenoble')).toBe(false)

  cut(false)
  const everything = ['De Grenoble', 'De Paris', 'Vu de Grenoble.', 'Vu de Paris.']
  const together = async () => (await all(home, ...everything)) && (await all(offsite, ...everything))
  await home.until('together', together, 60_000)
  const updates = async (site: TestSite) =>
    (JSON.parse(await incidents(site)) as { incidents: { id: string; incident_updates: object[] }[] }).incidents.map(
      ({ id, incident_updates }) => [id, incident_updates],
    )
  expect(await updates(home)).toEqual(await updates(offsite))

  for (const site of [home, offsite])
    await site.until('agreed again', async () => (await site.status()).get('web')?.note === 'confirmed')
  const sites = [home, offsite].map(
    (site, at) => `${['home', 'offsite'][at]}: { key: "${openKey(site.data).publicKey}" }`,
  )
  const checks = folderWith({ 'site.yaml': `name: Essai\nsites: { ${sites.join(', ')} }\n`, 'web.yaml': service })
  for (const [site, name] of [
    [home, 'home'],
    [offsite, 'offsite'],
  ] as const) {
    const explained = () => vigie(['explain', 'web', '--checks', checks, '--data', site.data, '--site', name])
    await site.until('written', async () => /2 of 2 sites/.test((await explained()).out))
    const { out, err } = await explained()
    expect(err).toBe('')
    expect(out).toMatch(/opinion +home: down, \d+ failures/)
    expect(out).toMatch(/opinion +offsite: down, \d+ failures/)
    expect(out).toMatch(/agreed +down since .*, 2 of 2 sites/)
  }
}, 120_000)

it('tell as one an outage that began and ended while they were apart, and what people published of it on both', async () => {
  const target = await stage.target()
  const service = `service: { fr: Site, en: Website }\nchecks:\n  - http: ${target.url}\n    allow_private: true\n`
  const pair = await startPair(stage, { services: { 'web.yaml': service }, hidden: ['home'] })
  const { home, offsite, cut } = pair
  const both = [home, offsite]
  const each = <T>(read: (site: TestSite) => Promise<T>) => Promise.all(both.map(read))
  const outages = async (site: TestSite) =>
    (JSON.parse(await site.get('/api/vigie/services/web.json')) as { outages: { id: string; ended: string | null }[] })
      .outages
  await home.until('heard', async () => (await hears(home, 'offsite')) && (await hears(offsite, 'home')))
  cut()
  await home.until('apart', async () => !(await hears(home, 'offsite')) && !(await hears(offsite, 'home')))
  target.break()
  const open = async () => (await each(outages)).every((known) => known[0]?.ended === null)
  await home.until('down on both', open, 30_000)
  const [here, there] = await each(async (site) => (await outages(site))[0]!.id)
  expect(here).not.toBe(there)
  const published = [
    await post(home, '/incidents', { draft: here!, text: 'Vu de Grenoble.' }),
    await post(offsite, '/incidents', { draft: there!, text: 'Vu de Paris.' }),
  ]
  target.break(false)
  await home.until('up on both', async () => (await each(outages)).every((known) => known[0]!.ended !== null), 30_000)
  cut(false)
  const first = [here!, there!].sort()[0]!
  const one = async () => (await each(outages)).every((known) => known.length === 1 && known[0]!.id === first)
  await home.until('one outage', one, 60_000)
  await home.until('both texts', async () =>
    (await each((site) => all(site, 'Vu de Grenoble.', 'Vu de Paris.'))).every(Boolean),
  )
  const ids = async (site: TestSite) =>
    (JSON.parse(await incidents(site)) as { incidents: { id: string }[] }).incidents.map(({ id }) => id).join()
  await home.until('one incident', async () => {
    const told = await each(ids)
    return told[0]!.length === 12 && told[0] === told[1]
  })
  for (const { id } of published)
    for (const site of both)
      await site.until('its page', async () => (await site.get(`/fr/incidents/${id}/`)).includes('Vu de Paris.'))
}, 120_000)

it('a site that is put back to an old image has its past again, says so once, and goes on', async () => {
  const target = await stage.target()
  const relay = await stage.relay()
  const pair = await startPair(stage, {
    services: { 'web.yaml': `service: Web\nchecks: [ { http: "${target.url}", allow_private: true } ]\n` },
    relays: { home: [relay.port] },
  })
  const { data } = pair.home
  const both = async () => (await hears(pair.home, 'offsite')) && (await hears(pair.offsite, 'home'))
  await pair.home.until('heard', both)
  await pair.home.stop()
  const image = mkdtempSync(join(tmpdir(), 'vigie-image-'))
  stage.ends(() => rmSync(image, { recursive: true, force: true }))
  cpSync(data, image, { recursive: true })
  const after = await pair.start('home')
  await post(after, '/incidents', { title: 'Après', text: 'Vu.' })
  await pair.offsite.until('there', () => all(pair.offsite, 'Après'))
  await after.stop()
  rmSync(data, { recursive: true })
  cpSync(image, data, { recursive: true })
  const restored = await pair.start('home')
  await restored.until('back', () => all(restored, 'Après'), 30_000)
  await post(restored, '/incidents', { title: 'Ensuite', text: 'Vu.' })
  await pair.offsite.until('goes on', () => all(pair.offsite, 'Après', 'Ensuite'), 30_000)
  const said = () => relay.received.filter(({ body }) => body.includes('is fetched back')).length
  await restored.until('said', () => said() > 0)
  expect(said()).toBe(1)
}, 120_000)
