// The control page as a browser without JavaScript uses it, and what the site makes of what it breaks.
import { request } from 'node:http'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outlook } from '../../src/demo/outlook.ts'
import { type Demonstration, startDemonstration } from './playing.ts'

let demo: Demonstration
beforeAll(async () => {
  demo = await startDemonstration()
  await demo.calm()
}, 30_000)
afterAll(() => demo.stop())

const post = (path: string, headers: Record<string, string> = {}) =>
  fetch(demo.control + path, { method: 'POST', headers, redirect: 'manual' })
const page = async (path = '/en/') => (await fetch(demo.control + path)).text()
const of = (id: string) => (outlook: Outlook) => outlook.services.get(id)!

/** Tries to mail that failed, on the first site. */
function refusedMails(): number {
  const db = new Sqlite(join(demo.data, 'ledger.db'), { readonly: true })
  const count = db.prepare<[], number>("SELECT count(*) FROM attempts WHERE outcome = 'failed'").pluck().get()!
  db.close()
  return count
}

/** Where the button with these words leads. */
async function press(words: string, path = '/en/'): Promise<Response> {
  const buttons = [...(await page(path)).matchAll(/<button[^>]*formaction="([^"]+)"[^>]*>(.*?)<\/button>/gs)]
  const found = buttons.find(([, , text]) => text!.replace(/<[^>]+>/g, '').trim() === words)
  if (found === undefined)
    throw new Error(`no button "${words}" among ${buttons.map(([, , text]) => text).join(' | ')}`)
  return post(found[1]!.replaceAll('&amp;', '&'), { origin: demo.control })
}

describe('the mailbox', () => {
  it('shows what admins got, to be read and as it was received', async () => {
    await demo.calm()
    const before = demo.stage.mailbox.all().length
    await post('/fault/files-down')
    await expect.poll(() => demo.stage.mailbox.all().length).toBeGreaterThan(before)
    const { number } = demo.stage.mailbox.all().at(-1)!
    expect(await page('/fr/')).toMatch(/Fichiers en panne/)
    expect(await page('/fr/mail/')).toContain(`/fr/mail/${number}/`)
    const one = await page(`/fr/mail/${number}/`)
    expect(one).toContain('Fichiers en panne')
    expect(one).toContain('Message-ID:')
    const raw = await fetch(`${demo.control}/mail/${number}.eml`)
    expect([raw.headers.get('content-type'), await raw.text()]).toEqual([
      'text/plain; charset=utf-8',
      demo.stage.mailbox.all().at(-1)!.text,
    ])
    expect((await fetch(`${demo.control}/fr/mail/999999/`)).status).toBe(404)
    await demo.calm()
  })

  it('gets nothing while the relay refuses', async () => {
    await post('/fault/relay-refuses')
    const before = demo.stage.mailbox.all().length
    const tries = refusedMails()
    await post('/fault/website-down')
    await expect.poll(refusedMails, { timeout: 15_000 }).toBeGreaterThan(tries)
    expect(demo.stage.mailbox.all()).toHaveLength(before)
    await demo.calm()
  })
})

describe('a fault', () => {
  it('is set and repaired by its form, and comes back to where it was', async () => {
    const broke = await press('Break Our line is cut')
    expect([broke.status, broke.headers.get('location')]).toEqual([303, '/en/?at=line#line'])
    expect(await page()).toContain('Repair<span class="unseen"> Our line is cut</span>')
    const repaired = await press('Repair Our line is cut', '/en/?live=1')
    expect(repaired.headers.get('location')).toBe('/en/?live=1&at=broken#broken')
    expect(await page()).toContain('Nothing is broken.')
    await demo.calm()
  })

  it.each([
    ['files-down', 'files', 'major_outage'],
    ['mail.submission-down', 'mail', 'partial_outage'],
    ['mail-expired', 'mail', 'major_outage'],
    ['hetzner', 'servers', 'major_outage'],
    ['line', 'files', 'unknown'],
    ['ipv6', 'website', 'degraded_performance'],
  ])('%s makes %s %s, and passes', async (name, service, condition) => {
    expect((await post(`/fault/${name}`)).status).toBe(303)
    await demo.until(condition, (outlook) => of(service)(outlook).condition === condition)
    expect((await post(`/fault/${name}/clear`)).status).toBe(303)
    await demo.calm()
  })

  it('of a busy line makes nothing worse', async () => {
    await post('/fault/busy')
    // Two rounds of looks and more: as long as an outage needs to be one.
    const end = performance.now() + 2_500
    while (performance.now() < end) {
      expect([...(await demo.outlook()).services.values()].map(({ status }) => status)).not.toContain('major_outage')
      await new Promise((done) => setTimeout(done, 100))
    }
    await post('/fault/busy/clear')
    await demo.calm()
  })

  it('of a job reaches the admins by mail', async () => {
    const before = demo.stage.mailbox.all().length
    await post('/fault/backups.nightly-failed')
    // A mail that was under way when the line was cut, some tests ago, holds others up until its relay's 30 s are over.
    await expect.poll(() => demo.stage.mailbox.all().length, { timeout: 45_000 }).toBeGreaterThan(before)
    await post('/clear')
  }, 60_000)

  it('is listed with what is broken', async () => {
    await post('/fault/files-error')
    const listed = (await (await fetch(`${demo.control}/faults.json`)).json()) as { name: string; broken: boolean }[]
    expect(listed.filter(({ broken }) => broken).map(({ name }) => name)).toEqual(['files-error'])
    expect(listed.map(({ name }) => name)).toContain('relay-hangs')
    await post('/clear')
  })

  it('survives a configuration that is read again', async () => {
    await post('/fault/files-down')
    demo.reload()
    await demo.until('down', (outlook) => of('files')(outlook).status === 'major_outage')
    await demo.calm()
  })
})

describe('two sites', () => {
  const words = async (url: string) => {
    const { services } = (await (await fetch(`${url}/api/vigie/status.json`)).json()) as {
      services: { id: string; state: string; confidence: { note: string; sites: string[] } }[]
    }
    const { state, confidence } = services.find(({ id }) => id === 'website')!
    return `${state} ${confidence.note} ${[...confidence.sites].sort().join('+')}`
  }
  const both = async () => [await words(demo.site), await words(demo.twin)]
  const confirmed = ['up confirmed home+offsite', 'up confirmed home+offsite']

  it.each([
    ['line', ['unknown frozen ', 'up one_site offsite']],
    ['twin-line', ['up one_site home', 'unknown frozen ']],
    ['link', ['up one_site home', 'up one_site offsite']],
  ])(
    'say what they know by themselves while %s is cut, and agree again',
    async (name, said) => {
      await expect.poll(both, { timeout: 25_000 }).toEqual(confirmed)
      await post(`/fault/${name}`)
      await expect.poll(both, { timeout: 25_000 }).toEqual(said)
      await post(`/fault/${name}/clear`)
      await expect.poll(both, { timeout: 25_000 }).toEqual(confirmed)
    },
    80_000,
  )

  it('are both shown, and each mail says who sent it', async () => {
    const shown = await page()
    for (const url of [demo.site, demo.twin]) expect(shown).toContain(`href="${url}/en/"`)
    expect(shown).toContain('What its twin says, Paris')
    expect(await page('/en/mail/')).toContain('from the twin')
  })
})

describe('a story', () => {
  it('goes step by step to its end, is shown, and leaves nothing broken', async () => {
    const names = ['mail', 'hetzner', 'line', 'twin', 'link', 'certificate', 'flapping']
    const stories = async () =>
      (await (await fetch(`${demo.control}/stories.json`)).json()) as { name: string; step: number; steps: object[] }[]
    expect((await stories()).map(({ name }) => name)).toEqual(names)
    for (const name of names) {
      await post('/fault/dns')
      expect((await post(`/story/${name}?lang=en&live=1&at=stories`)).headers.get('location')).toBe(
        '/en/?live=1&at=stories#stories',
      )
      expect(demo.stage.faults.broken().map((fault) => fault.name)).not.toContain('dns')
      expect(demo.stage.faults.broken()).toHaveLength(1)
      expect(await page()).toContain('aria-current="step"')
      const over = async () => (await stories()).some((one) => one.name === name && one.step === one.steps.length)
      await expect.poll(over).toBe(true)
      expect(await page()).toContain('The end.')
      expect(demo.stage.faults.broken()).toEqual([])
    }
    await demo.calm()
  }, 60_000)

  it('is stopped by its form, and what it broke is repaired', async () => {
    await press('Play Hetzner is gone')
    await press('Stop Hetzner is gone', '/en/?live=1')
    expect(demo.stage.faults.broken()).toEqual([])
    expect(demo.stage.player.playing()).toBeNull()
  })
})

describe('the control page', () => {
  it('says what vigie says, in both languages, without a script', async () => {
    const [fr, en] = [await page('/fr/'), await page('/en/')]
    const { sentence } = await demo.outlook()
    expect(en).toContain(sentence.en!.replaceAll('’', '’'))
    expect(fr).toContain('<html lang="fr">')
    expect(fr).toContain(`href="${demo.site}/fr/"`)
    for (const text of [fr, en]) expect(text).not.toMatch(/<script|undefined|\[object/)
    expect(await page('/en/?live=1')).toContain('http-equiv="refresh"')
    expect(en).not.toContain('http-equiv="refresh"')
    expect((await fetch(`${demo.control}/`, { redirect: 'manual' })).headers.get('location')).toBe('/fr/')
    const style = await fetch(`${demo.control}/style.css`)
    expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
  })

  it('refuses what another site sends a browser here for', async () => {
    const refused = async (headers: Record<string, string>) => (await post('/fault/line', headers)).status
    expect(await refused({ origin: 'https://evil.example' })).toBe(403)
    expect(await refused({ origin: 'null' })).toBe(403)
    expect(await refused({ origin: demo.site })).toBe(403)
    expect(await asked({ host: 'evil.example', origin: 'http://evil.example' })).toBe(403)
    expect(await asked({ host: new URL(demo.control).host, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect(demo.stage.faults.broken()).toEqual([])
    expect(await asked({ host: new URL(demo.control).host, 'sec-fetch-site': 'same-origin' })).toBe(303)
    await post('/clear')
  })

  it('knows what it doesn’t know', async () => {
    for (const path of ['/fault/nonsense', '/fault/nonsense/clear', '/story/nonsense', '/fault/', '/en/'])
      expect((await post(path)).status, path).toBe(404)
    expect((await fetch(`${demo.control}/de/`)).status).toBe(404)
    expect((await fetch(`${demo.control}/fault/line`)).status).toBe(404)
    expect((await fetch(`${demo.control}/fault/line`, { method: 'DELETE' })).status).toBe(405)
    const astray = await post('/clear?at=%22%3E%3Cscript&lang=xx')
    expect(astray.headers.get('location')).toBe('/fr/')
  })

  /** With headers that fetch would not send. */
  function asked(headers: Record<string, string>): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(demo.control)
      request({ hostname, port, path: '/fault/line', method: 'POST', headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
  }
})

describe('a slow service', () => {
  it('becomes degraded', async () => {
    await demo.calm()
    await post('/fault/files-slow')
    await demo.until('degraded', (outlook) => of('files')(outlook).status === 'degraded_performance')
  })
})
