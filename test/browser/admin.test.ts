// An admin at 3 am with a phone: in real Chromium, 360 px wide, with and without JavaScript.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { codeOf, errand, PASSWORD } from '../http/admin/caller.ts'
import { whenPresent } from '../real/present.ts'
import { openDoor } from '../servers/door.ts'
import { QUICK, startSite, type TestSite } from '../servers/site.ts'
import { CHROMIUM, faults, type Manner, openReader, overflow, type Reader, type Visit } from './browser.ts'

/** What was saved is there for everybody after so long; the machines of tests are busy with other things. */
const SOON = 3_000

let reader: Reader
let site: TestSite
let door: Awaited<ReturnType<typeof openDoor>>

/** Opens a one-time link and goes through it as somebody would. */
async function enter(manner: Manner, width = 360): Promise<Visit> {
  const { path } = (await errand(site, { does: 'invite', name: 'ana' })) as { path: string }
  const visit = await reader.visit(site.url + path, { width, manner })
  const { page } = visit
  const secret = (await page.locator('code.secret').innerText()).replaceAll(' ', '')
  await page.getByLabel(/Password|Mot de passe/).fill(PASSWORD)
  await page.locator('#code').fill(codeOf(secret))
  await page.locator('button.main').click()
  expect(await page.locator('ol.codes li').count()).toBe(10)
  await page.locator('a.button.main').click()
  expect(new URL(page.url()).pathname).toBe('/admin/')
  return visit
}

/** In how many milliseconds a page says it. */
async function shown(path: string, text: string): Promise<number> {
  const began = performance.now()
  await site.until(`${text} on ${path}`, async () => {
    const said = await site.get(path)
    // French spaces are no-break ones there.
    return said.replace(/[\u00a0\u202f]/g, ' ').includes(text)
  })
  return performance.now() - began
}

async function fits(page: Page): Promise<void> {
  expect([page.url(), await overflow(page)]).toEqual([page.url(), 0])
}

/** What a thumb may miss: lower than 44 px, or out of sight on the right. */
async function missable(page: Page): Promise<readonly string[]> {
  const targets = page.locator('header a, .ways a, .rows > li > a, .rows p a, summary, button, .button, select')
  return targets.evaluateAll(
    (all, width) =>
      all.flatMap((one) => {
        const { height, right } = one.getBoundingClientRect()
        return height >= 44 && right <= width ? [] : `${one.textContent.trim()}: ${height} px high, to ${right} px`
      }),
    page.viewportSize()!.width,
  )
}

whenPresent([CHROMIUM])('an admin with a phone', () => {
  beforeAll(async () => {
    reader = await openReader()
  }, 120_000)
  afterAll(async () => reader?.stop())

  beforeEach(async () => {
    door = await openDoor((socket) => socket.end('fine\r\n'))
    site = await startSite({
      'site.yaml': `name: Nomagic\nlanguages: [fr, en]\ntimezone: Europe/Paris\nsites: { home: {} }\n${QUICK}\n`,
      'web.yaml': `service: { fr: Site web, en: Website }\nchecks:\n  - { tcp: "127.0.0.1:${door.port}", allow_private: true }\n`,
      'mail.yaml': 'service: { fr: Courriel, en: E-mail }\nchecks:\n  - heartbeat: 24h\n',
    })
    await site.until('up', async () => (await site.status()).get('web')?.status === 'operational')
  }, 60_000)
  afterEach(async () => {
    await site?.stop()
    await door?.close()
  })

  for (const manner of ['no JavaScript', 'light'] as const) {
    it(`publishes a draft in three taps, updates it and ends it (${manner})`, async () => {
      const visit = await enter(manner)
      const { page } = visit
      await door.close()
      await site.until('down', async () => (await site.status()).get('web')?.status === 'major_outage')

      await page.goto(`${site.url}/admin/`)
      await page.locator('form[action="/admin/seen"] button').click()
      expect(await page.locator('.done').innerText()).toMatch(/the team has seen it|l’équipe l’a vu/)
      expect(await shown('/en/', 'een by the team')).toBeLessThan(SOON)

      // From the mail: its link, then one button.
      const began = performance.now()
      await page.goto(`${site.url}/admin/`)
      await fits(page)
      await page.locator('.is-draft button.main').click()
      expect(page.url()).toMatch(/\/admin\/incidents\/[a-z0-9]{12}\?done=published$/)
      const took = performance.now() - began
      expect(took).toBeLessThan(20_000)
      expect(await page.locator('.done').innerText()).toMatch(/Published|publié/)
      await fits(page)
      expect(await shown('/fr/feed.atom', 'Site web : en panne')).toBeLessThan(SOON)
      for (const path of ['/en/feed.atom', '/history.rss'])
        expect(await shown(path, 'Website: down')).toBeLessThan(SOON)
      expect(await shown('/api/v2/incidents.json', '"investigating"')).toBeLessThan(SOON)

      await page.locator('#update-fr').fill('Un disque a lâché, nous le changeons.')
      await page.locator('#update-en').fill('A disk gave up; we are replacing it.')
      await page.locator('#status').selectOption('identified')
      await page.locator('form[action$="/update"] button.main').click()
      const id = /incidents\/([a-z0-9]{12})/.exec(page.url())![1]!
      for (const path of ['/fr/', `/fr/incidents/${id}/`])
        expect(await shown(path, 'Un disque a lâché')).toBeLessThan(SOON)
      for (const path of ['/en/', `/en/incidents/${id}/`])
        expect(await shown(path, 'A disk gave up')).toBeLessThan(SOON)
      expect(await shown('/fr/feed.atom', 'Un disque a lâché')).toBeLessThan(SOON)
      expect(await shown('/en/feed.atom', 'A disk gave up')).toBeLessThan(SOON)

      await page.locator('details:has(form[action$="/resolve"]) > summary').click()
      await page.locator('form[action$="/resolve"] button.main').click()
      expect(page.url()).toMatch(/done=resolved$/)
      expect(await shown('/api/v2/incidents.json', '"resolved"')).toBeLessThan(SOON)
      expect(visit.complaints).toEqual([])
      await visit.close()
    }, 120_000)
  }

  it('finds nothing wrong on any page, light and dark, narrow and wide', async () => {
    const visit = await enter('light')
    await door.close()
    await site.until('down', async () => (await site.status()).get('web')?.status === 'major_outage')
    const { page } = visit
    const cookies = await page.context().cookies()
    await page.goto(`${site.url}/admin/`)
    await page.locator('.is-draft button.main').click()
    const incident = new URL(page.url()).pathname
    await page.goto(`${site.url}/admin/maintenance/new`)
    await page.locator('#title-fr').fill('Mise à jour')
    await page.locator('#text-fr').fill('Nous mettons à jour.')
    await page.locator('#services-web').check()
    await page.locator('#begins').fill('2031-01-07T22:00')
    await page.locator('#ends').fill('2031-01-07T23:30')
    await page.locator('#repeats').selectOption('weekday')
    await page.locator('button.main').click()
    const work = new URL(page.url()).pathname
    expect(await page.locator('main').innerText()).toContain('Every month, on the 1st Tuesday')
    await visit.close()

    const { path: link } = (await errand(site, { does: 'invite', name: 'bob' })) as { path: string }
    const ways = [
      '',
      'incidents/',
      'incidents/new',
      'maintenance/',
      'maintenance/new',
      'checks/',
      'checks/web.tcp',
      'mail/',
      'accounts/',
      'journal/',
      'incidents/missing',
    ]
    const paths = [...ways.map((way) => `/admin/${way}`), incident, work, link]
    for (const [width, manner] of [
      [360, 'light'],
      [320, 'dark'],
      [1280, 'dark'],
    ] as const) {
      const look = await reader.visit(`${site.url}/admin/login`, { width, manner })
      expect(await faults(look.page)).toEqual([])
      await look.page.context().addCookies(cookies)
      for (const path of paths) {
        await look.page.goto(site.url + path)
        for (const details of await look.page.locator('details').all())
          await details.evaluate((one) => one.setAttribute('open', ''))
        await fits(look.page)
        expect([path, await missable(look.page)]).toEqual([path, []])
        expect([path, await faults(look.page)]).toEqual([path, []])
      }
      await look.page.goto(site.url + incident)
      await look.page.locator('details:has(form[action$="/correct"]) > summary').click()
      await look.page.locator('#title-fr').fill('Tapé la nuit')
      await look.page.locator('#started').fill('demain')
      await look.page.locator('form[action$="/correct"] button.main').click()
      await look.page.locator('[role=alert] a').click()
      expect(await look.page.locator('#title-fr').inputValue()).toBe('Tapé la nuit')
      await fits(look.page)
      expect(await faults(look.page)).toEqual([])
      expect(look.complaints.filter((line) => !/404|422/.test(line))).toEqual([])
      await look.close()
    }
  }, 240_000)
})
