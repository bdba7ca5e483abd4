import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Service } from '../../../src/core/check.ts'
import type { CheckPicture, Picture, ServicePicture } from '../../../src/core/shown/picture.ts'
import { HOUR, MINUTE } from '../../../src/core/time/time.ts'
import type { Served } from '../../../src/page/folder/compress.ts'
import { createPublisher, type Publisher } from '../../../src/page/folder/publish.ts'
import { openViews } from '../../../src/page/pages/views.ts'
import { lagOf } from '../../../src/showing/copying.ts'
import { almanacOf } from '../past.ts'
import { catalogue, DOWN, MOMENTS, NOON, pictureOf, serviceOf, thirtyServices } from '../pictures.ts'
import { incident, work } from '../said.ts'

const views = openViews('views')
let folder: string
let clock: number
let lag: number
let failures: string[]
let publisher: Publisher

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'public-'))
  clock = 0
  lag = 0
  failures = []
  publisher = createPublisher({
    dir: folder,
    views,
    almanac: almanacOf(),
    ticks: () => clock,
    copiesLag: () => lag,
    onFailure: (note) => failures.push(note),
  })
})

afterEach(async () => {
  await publisher.settled()
  rmSync(folder, { recursive: true, force: true })
})

/** As the app does it each minute: time passes, and what is there is verified again. */
async function verifyAgain(picture: Picture, after: number): Promise<void> {
  clock += after
  await publisher.publish(() => ({ ...picture, at: picture.at + clock, nextBy: picture.nextBy + clock }))
  await publisher.settled()
}

const kept = (path: string) => readFileSync(join(folder, path), 'utf8')
const served = (path: string) => gunzipSync(publisher.hot.get(path)!.gzip.body).toString()
/** Of every file in the folder: written anew, it is another. */
const inodes = () =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => [path, statSync(join(folder, path))] as const)
      .filter(([, stat]) => stat.isFile())
      .map(([path, { ino, ctimeMs }]) => [path, `${ino} ${ctimeMs}`]),
  )
const statusIn = (text: string) => JSON.parse(text) as { generated_at: string; next_by: string; status: string }

describe('the publisher', () => {
  test('tells in every feed at once what people say, however fast the rest changes', async () => {
    await publisher.publish(() => MOMENTS.allWell)
    await publisher.settled()
    await publisher.publish(() => MOMENTS.oneDown)
    const said = incident()
    await publisher.publish(() => ({ ...MOMENTS.oneDown, incidents: [said] }))
    const began = performance.now()
    const told = () =>
      ['/fr/feed.atom', '/en/feed.atom', '/history.rss'].every((path) => served(path).includes(said.id))
    while (!told() && performance.now() - began < 4_000) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('tells everywhere at once that a status turned, however shortly after its suspicion', async () => {
    await publisher.publish(() => MOMENTS.allWell)
    await publisher.settled()
    const suspected = MOMENTS.allWell.services.map((service) => ({
      ...service,
      confidence: { ...service.confidence, note: 'verifying' as const },
    }))
    await publisher.publish(() => ({ ...MOMENTS.allWell, services: suspected }))
    await new Promise((resolve) => setTimeout(resolve, 50))
    await publisher.publish(() => MOMENTS.oneDown)
    // The next minute's comes before all of it is made.
    void publisher.publish(() => ({ ...MOMENTS.oneDown, at: MOMENTS.oneDown.at + MINUTE }))
    const began = performance.now()
    const told = () =>
      served('/badge/mail.json').includes('"red"') && served('/api/vigie/services/mail.json').includes('"major_outage"')
    while (!told() && performance.now() - began < 4_000) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(performance.now() - began).toBeLessThan(2_000)
  })

  test('makes in a storm at once what is urgent, the history and the rest at a pace', async () => {
    await publisher.publish(() => MOMENTS.allWell)
    await publisher.settled()
    const made = new Map<string, number>()
    const hot = publisher.hot as Map<string, Served>
    const { set } = hot
    hot.set = (path, file) => {
      made.set(path, (made.get(path) ?? 0) + 1)
      return set.call(hot, path, file)
    }
    const ids = MOMENTS.allWell.services.map(({ service }) => service.id)
    const fallen = (count: number): Picture => ({
      ...MOMENTS.allWell,
      services: MOMENTS.allWell.services.map((service) =>
        ids.indexOf(service.service.id) < count ? { ...service, status: 'major_outage' } : service,
      ),
    })
    for (const count of [1, 2, 3, 4]) {
      await publisher.publish(() => fallen(count))
      const last = `/badge/${ids[count - 1]}.json`
      await expect.poll(() => served(last), { timeout: 4_000, interval: 20 }).toContain('"red"')
    }
    await publisher.settled()
    expect(made.get('/badge/mail.json')).toBeGreaterThanOrEqual(4)
    expect(made.get('/fr/history/')).toBeLessThanOrEqual(2)
    expect(ids.map((id) => made.has(`/fr/services/${id}/feed.atom`))).toEqual(ids.map((_, at) => at < 4))
  })

  test.each([
    ['an incident of one', { incidents: [incident({ services: ['mail'] })] }, ['mail']],
    ['an incident of all', { incidents: [incident({ services: [] })] }, null],
    ['work on one', { maintenances: [work()] }, null],
  ])('makes anew the feed of every service that %s concerns', async (_, changes, concerned) => {
    await publisher.publish(() => MOMENTS.allWell)
    await publisher.settled()
    const ids = MOMENTS.allWell.services.map(({ service }) => service.id)
    const feedOf = (id: string) => served(`/en/services/${id}/feed.atom`)
    const before = ids.map(feedOf)
    const made: string[] = []
    const hot = publisher.hot as Map<string, Served>
    const { set } = hot
    hot.set = (path, file) => {
      made.push(path)
      return set.call(hot, path, file)
    }
    await publisher.publish(() => ({ ...MOMENTS.allWell, ...changes }))
    await publisher.settled()
    const anew = ids.filter((id) => made.includes(`/en/services/${id}/feed.atom`))
    expect(anew).toEqual(concerned ?? ids)
    expect(ids.filter((id, at) => feedOf(id) !== before[at]).length).toBeGreaterThan(0)
  })

  test('names in no feed a service that left the page', async () => {
    const both = { ...MOMENTS.allWell, incidents: [incident({ services: ['mail', 'files'] })] }
    await publisher.publish(() => both)
    await publisher.settled()
    expect(served('/en/services/mail/feed.atom')).toContain('Files')
    const services = both.services.filter(({ service }) => service.id !== 'files')
    await publisher.publish(() => ({ ...both, services, incidents: [incident({ services: ['mail'] })] }))
    await publisher.settled()
    expect(served('/en/services/mail/feed.atom')).not.toContain('Files')
  })

  test('turns a badge before any page of the past, which take their time', async () => {
    await publisher.publish(() => MOMENTS.allWell)
    await publisher.settled()
    const changes: string[] = []
    const hot = publisher.hot as Map<string, Served>
    const { set } = hot
    hot.set = (path, file) => {
      if (hot.get(path)?.gzip.etag !== file.gzip.etag) changes.push(path)
      return set.call(hot, path, file)
    }
    await publisher.publish(() => MOMENTS.oneDown)
    const ofNow = changes.length
    await publisher.settled()
    expect(JSON.parse(served('/badge/mail.json'))).toMatchObject({ color: 'red' })
    expect(changes.slice(ofNow, ofNow + 2)).toEqual(['/badge/mail.svg', '/badge/mail.json'])
    expect(changes.slice(ofNow + 2)).toContain('/fr/services/mail/')
  })

  test('serves from memory at once and fills a folder that is a complete page', async () => {
    await publisher.publish(() => MOMENTS.oneDown)
    const atOnce = [...publisher.hot.keys()].filter((path) => !/services|history|method|feed|badge/.test(path))
    expect(atOnce.sort()).toEqual([
      '/',
      '/api/v2/components.json',
      '/api/v2/incidents.json',
      '/api/v2/incidents/unresolved.json',
      '/api/v2/scheduled-maintenances.json',
      '/api/v2/scheduled-maintenances/active.json',
      '/api/v2/scheduled-maintenances/upcoming.json',
      '/api/v2/status.json',
      '/api/v2/summary.json',
      '/api/vigie/status.json',
      '/calendar.ics',
      '/en/',
      '/en/calendar.ics',
      '/fr/',
      '/fr/calendar.ics',
      '/outage.json',
      '/vigie.js',
    ])
    await publisher.settled()
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const copied = [...publisher.hot.values()].filter((file) => gunzipSync(file.gzip.body).length > 4096)
    expect(files).toHaveLength(publisher.hot.size + copied.length)
    expect(kept('fr/index.html')).toContain('Courriel\u00a0: en panne depuis 14:02.')
    expect(kept('api/v2/summary.json')).toBe(served('/api/v2/summary.json'))
  })

  test('has every encoding say the same, under an ETag of its own', async () => {
    await publisher.publish(() => MOMENTS.allWell)
    for (const file of publisher.hot.values()) {
      if (!('identity' in file)) continue
      const { identity, gzip, br } = file
      expect(gunzipSync(gzip.body)).toEqual(identity.body)
      expect(brotliDecompressSync(br.body)).toEqual(identity.body)
      expect(new Set([identity.etag, gzip.etag, br.etag]).size).toBe(3)
    }
  })

  test('moves "verified at" in memory each time, in the folder once an hour', async () => {
    await verifyAgain(MOMENTS.allWell, 0)
    await verifyAgain(MOMENTS.allWell, MINUTE)
    expect(statusIn(served('/api/vigie/status.json')).generated_at).toBe('2026-11-23T13:13:00.000Z')
    expect(served('/fr/')).toContain('14:13')
    expect(statusIn(kept('api/vigie/status.json')).generated_at).toBe('2026-11-23T13:12:00.000Z')
    await verifyAgain(MOMENTS.allWell, HOUR)
    expect(statusIn(kept('api/vigie/status.json')).generated_at).toBe('2026-11-23T14:13:00.000Z')
  })

  test('rewrites nothing of the folder while mere time passes and figures creep', async () => {
    const crept = (turn: number): Picture => ({
      ...MOMENTS.oneDown,
      changed: NOON + turn,
      services: MOMENTS.oneDown.services.map((service) => ({
        ...service,
        uptime: { ...service.uptime, share: 0.9 + turn / 1e6, outage: turn * MINUTE },
        days: service.days.map((day) => ({ ...day })),
        checks: service.checks.map((check) => ({
          ...check,
          took: turn,
          at: NOON + turn,
          sites: check.sites.map((one) => ({ ...one, at: NOON + turn, failures: turn, suspectSince: NOON + turn })),
        })),
      })),
    })
    await verifyAgain(crept(1), 0)
    const before = inodes()
    const memory = served('/fr/services/mail/')
    for (const turn of [2, 3, 4]) await verifyAgain(crept(turn), 11 * MINUTE)
    expect(inodes()).toEqual(before)
    expect(served('/fr/services/mail/')).not.toBe(memory)
  })

  test('serves what is doubted, and writes the folder once more only where it was written meanwhile', async () => {
    const doubted = (picture: Picture): Picture => ({
      ...picture,
      restSeen: false,
      services: picture.services.map((service) => ({
        ...service,
        suspect: true,
        checks: service.checks.map((check) => ({ ...check, seen: false })),
      })),
    })
    await verifyAgain(MOMENTS.allWell, 0)
    const [before, home, service] = [inodes(), served('/fr/'), served('/fr/services/mail/')]
    await verifyAgain(doubted(MOMENTS.allWell), MINUTE)
    expect(inodes()).toEqual(before)
    expect(served('/fr/')).not.toBe(home)
    expect(served('/fr/services/mail/')).not.toBe(service)
    await verifyAgain(MOMENTS.allWell, MINUTE)
    expect(inodes()).toEqual(before)
    await verifyAgain(doubted(MOMENTS.oneDown), MINUTE)
    const [fallen, pages] = [inodes(), ['index.html', 'fr/services/mail/index.html']]
    await verifyAgain(MOMENTS.oneDown, MINUTE)
    expect(pages.filter((path) => inodes().get(path) === fallen.get(path))).toEqual([])
  })

  const mail = serviceOf('mail', { en: 'E-mail' }, null)
  const [first, ...others] = mail.checks as [CheckPicture, ...CheckPicture[]]
  const withCheck = (check: object): Picture => pictureOf([{ ...mail, checks: [{ ...first, ...check }, ...others] }])
  const NEWS: Readonly<Record<string, Picture>> = {
    'the state of a check at one site': withCheck({ sites: [{ ...first.sites[0], state: 'down' }, first.sites[1]] }),
    'how sure it is': pictureOf([{ ...mail, confidence: { ...mail.confidence, note: 'disagree' } }]),
    'what is configured, whatever its name': pictureOf([
      { ...mail, service: { ...mail.service, at: NOON, days: 30 } as Service },
    ]),
    'what a service newly tells': pictureOf([{ ...mail, mood: 'calm' } as ServicePicture]),
    'what a check newly tells': withCheck({ mood: 'calm' }),
    'what a site newly tells': withCheck({ sites: [{ ...first.sites[0], mood: 'calm' }, first.sites[1]] }),
    'what the whole newly tells': { ...pictureOf([mail]), mood: 'calm' } as Picture,
  }

  test.each(Object.entries(NEWS))(
    'rewrites the page and the JSON of a service when there is another: %s',
    async (...[, picture]) => {
      const told = [
        'index.html',
        'api/vigie/status.json',
        'fr/services/mail/index.html',
        'api/vigie/services/mail.json',
      ]
      await verifyAgain(pictureOf([mail]), 0)
      const before = inodes()
      await verifyAgain(picture, MINUTE)
      const after = inodes()
      expect(told.filter((path) => !before.has(path) || before.get(path) === after.get(path))).toEqual([])
    },
  )

  test('writes a change at once, and of it only the files it changes', async () => {
    await verifyAgain(pictureOf(catalogue()), 0)
    const incidents = statSync(join(folder, 'api/v2/incidents.json')).ino
    await verifyAgain(pictureOf(catalogue({ mail: DOWN })), MINUTE)
    expect(kept('en/index.html')).toContain('E-mail: down since 14:02.')
    expect(statSync(join(folder, 'api/v2/incidents.json')).ino).toBe(incidents)
  })

  test('promises of each copy what holds for it', async () => {
    await verifyAgain(MOMENTS.allWell, 0)
    expect(statusIn(served('/api/vigie/status.json')).next_by).toBe('2026-11-23T13:14:00.000Z')
    expect(Date.parse(statusIn(kept('api/vigie/status.json')).next_by)).toBeGreaterThan(NOON + HOUR)
  })

  test('promises of a folder that is copied elsewhere no more than the slowest copy keeps', async () => {
    lag = lagOf({
      replica: false,
      publish: [
        { to: '/srv/status', every: 10 * MINUTE, from: null },
        { to: '/mnt/usb', every: 6 * HOUR, from: null },
      ],
    })
    await verifyAgain(MOMENTS.allWell, 0)
    const promised = (path: string) => Date.parse(statusIn(kept(path)).next_by) - NOON
    // The next writing in an hour, six hours until a copy begins, five minutes for it.
    const inHours = (path: string) => Math.floor(promised(path) / HOUR)
    expect(promised('api/vigie/status.json')).toBeGreaterThan(7 * HOUR + 5 * MINUTE)
    expect(['status', 'services/mail'].map((name) => inHours(`api/vigie/${name}.json`))).toEqual([7, 31])
    expect(statusIn(served('/api/vigie/status.json')).next_by).toBe('2026-11-23T13:14:00.000Z')
  })

  test('of pictures that come faster than it works shows the last', async () => {
    const all = [MOMENTS.oneDown, MOMENTS.degraded, MOMENTS.blind, MOMENTS.allWell].map((picture) =>
      publisher.publish(() => picture),
    )
    await Promise.all(all)
    expect(statusIn(served('/api/vigie/status.json')).status).toBe('operational')
    await publisher.settled()
    expect(statusIn(kept('api/vigie/status.json')).status).toBe('operational')
  })

  test('writes a storm of changes into the folder a few times, and ends with the last', async () => {
    await verifyAgain(pictureOf(catalogue()), 0)
    const first = statSync(join(folder, 'api/vigie/status.json')).ino
    for (let turn = 0; turn < 3; turn++)
      await publisher.publish(() => pictureOf(catalogue(turn % 2 ? {} : { mail: DOWN })))
    expect(served('/en/')).toContain('E-mail: down')
    expect(statSync(join(folder, 'api/vigie/status.json')).ino).toBe(first)
    await publisher.settled()
    expect(kept('en/index.html')).toContain('E-mail: down')
  })

  test('drops the pages of a language that is no longer spoken', async () => {
    await verifyAgain(MOMENTS.allWell, 0)
    const { hoster } = MOMENTS.allWell
    await verifyAgain({ ...MOMENTS.allWell, hoster: { ...hoster, languages: ['fr'] } }, MINUTE)
    expect(publisher.hot.has('/en/')).toBe(false)
    expect(() => kept('en/index.html')).toThrow('ENOENT')
  })

  test('goes on serving when the disk is full, says so, and tries again', async () => {
    symlinkSync('/dev/full', join(folder, '.index.html.tmp'))
    await verifyAgain(MOMENTS.oneDown, 0)
    expect(failures).toEqual([expect.stringContaining('ENOSPC')])
    expect(publisher.state()).toMatchObject({ served: 0, failure: expect.stringContaining('ENOSPC') })
    expect(served('/en/')).toContain('E-mail: down')
    await verifyAgain(MOMENTS.oneDown, MINUTE)
    expect(failures).toHaveLength(1)
    expect(publisher.state()).toEqual({ served: MINUTE, failure: null })
    expect(kept('index.html')).toContain('Courriel')
  })

  test('never rejects where there can be no folder', async () => {
    writeFileSync(join(folder, 'file'), '')
    const nowhere = createPublisher({
      dir: join(folder, 'file/public'),
      views,
      almanac: almanacOf(),
      ticks: () => 0,
      copiesLag: () => 0,
      onFailure: (note) => failures.push(note),
    })
    await nowhere.publish(() => MOMENTS.allWell)
    await nowhere.settled()
    expect(failures.length).toBeGreaterThan(0)
    for (const failure of failures) expect(failure).toContain('ENOTDIR')
    expect(nowhere.hot.has('/fr/')).toBe(true)
  })

  test('keeps the old page when a picture cannot be shown', async () => {
    await verifyAgain(MOMENTS.allWell, 0)
    const { hoster } = MOMENTS.allWell
    await verifyAgain({ ...MOMENTS.allWell, hoster: { ...hoster, timezone: 'Nowhere/Land' } }, MINUTE)
    expect(failures).toEqual([expect.stringContaining('Nowhere/Land')])
    expect(served('/fr/')).toContain('14:12')
    await verifyAgain(MOMENTS.allWell, MINUTE)
    expect(served('/fr/')).toContain('14:14')
  })

  test('lets others work while it renders thirty services', async () => {
    const picture = thirtyServices()
    let turns = 0
    let rendering = true
    const count = () => {
      turns++
      if (rendering) setImmediate(count)
    }
    setImmediate(count)
    await publisher.publish(() => picture)
    rendering = false
    expect(turns).toBeGreaterThanOrEqual(publisher.hot.size)
  })

  test('carries hostile names through to the folder', async () => {
    await verifyAgain(pictureOf([serviceOf('mail', { fr: '<script>' }, null)]), 0)
    expect(kept('index.html')).not.toContain('<script>')
    expect(JSON.parse(kept('api/v2/components.json')).components[0].name).toBe('<script>')
  })
})
