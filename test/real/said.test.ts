// What admins post, by API and by command, as programs of others read it at once: Statuspage's client, feedparser,
// icalendar, and a reader of XEP-0455 written from its text.
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Statuspage } from 'statuspage.io'
import { afterEach, expect, it, vi } from 'vitest'
import { folderWith } from '../cli/folders.ts'
import { vigie } from '../cli/host.ts'
import { QUICK, startSite, type TestSite } from '../servers/site.ts'
import { post } from '../trials/posting.ts'
import { whenPresent } from './present.ts'

const PACKAGES = '/usr/lib/python3/dist-packages'
/** What was saved is there for everybody after so long; the machines of tests are busy with other things. */
const SOON = 3_000

/** Prints what each program understood of `{ feeds: {path: text}, calendar: text }`. */
const READERS = `
import feedparser, json, sys
from icalendar import Calendar
given = json.load(sys.stdin)
feeds = {}
for path, text in given["feeds"].items():
    d = feedparser.parse(text.encode())
    feeds[path] = { "bozo": str(d.bozo_exception) if d.bozo else None, "language": d.feed.get("language"),
        "entries": [{ "id": e.id, "title": e.title, "link": e.link,
            "text": e.get("summary", "") + "".join(c.value for c in e.get("content", [])) } for e in d.entries] }
events = [{ "uid": str(e["UID"]), "sequence": int(e["SEQUENCE"]), "status": str(e["STATUS"]), "summary": str(e["SUMMARY"]),
    "begins": e.decoded("DTSTART").isoformat(), "ends": e.decoded("DTEND").isoformat() }
    for e in Calendar.from_ical(given["calendar"]).walk("VEVENT")]
print(json.dumps({ "feeds": feeds, "events": events }))
`

interface Read {
  readonly feeds: Readonly<
    Record<
      string,
      { bozo: string | null; entries: readonly { id: string; title: string; link: string; text: string }[] }
    >
  >
  readonly events: readonly {
    uid: string
    sequence: number
    status: string
    summary: string
    begins: string
    ends: string
  }[]
}

const FEEDS = ['fr/feed.atom', 'en/feed.atom', 'fr/services/web/feed.atom', 'history.atom', 'history.rss']

/** What a program that follows XEP-0455, 2.2 makes of the document; null: all is well. Throws where it breaks the rules. */
function readOutage(
  text: string,
): { planned: boolean; beginning: Date; end: Date | null; say(language: string): string } | null {
  const document = JSON.parse(text) as Record<string, unknown>
  if (Object.keys(document).length === 0) return null
  const { planned, beginning, expected_end: end, message } = document
  const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/
  if (typeof planned !== 'boolean') throw new Error('planned is no boolean')
  for (const moment of [beginning, ...(end === undefined ? [] : [end])])
    if (typeof moment !== 'string' || !dateTime.test(moment))
      throw new Error(`${String(moment)} is no XEP-0082 DateTime`)
  if (typeof message !== 'object' || message === null) throw new Error('message is no object')
  const words = message as Record<string, unknown>
  if (typeof words.default !== 'string') throw new Error('message has no default')
  if (Object.values(words).some((one) => typeof one !== 'string')) throw new Error('a message is no text')
  return {
    planned,
    beginning: new Date(beginning as string),
    end: end === undefined ? null : new Date(end as string),
    say: (language) => (words[language] ?? words.default) as string,
  }
}

let close: (() => unknown)[] = []
afterEach(async () => {
  for (const one of close.reverse()) await one()
  close = []
})

async function open(): Promise<{ site: TestSite; run: (...argv: readonly string[]) => Promise<string> }> {
  const target = createServer((_request, response) => response.end('fine'))
  await new Promise<void>((done) => target.listen(0, '127.0.0.1', done))
  close.push(() => target.close())
  const { port } = target.address() as AddressInfo
  const files = {
    'site.yaml': `name: Essai\nlanguages: [fr, en]\ntimezone: Europe/Paris\nsites: { home: { url: "https://status.example/" } }\n${QUICK}\n`,
    'web.yaml': `service: { fr: Site, en: Website }\nchecks:\n  - http: http://127.0.0.1:${port}/\n    allow_private: true\n`,
  }
  const site = await startSite(files)
  close.push(() => site.stop())
  const checks = folderWith(files)
  const run = async (...argv: readonly string[]) => {
    const { code, out, err } = await vigie([...argv, '--data', site.data, '--checks', checks])
    expect([code, err]).toEqual([0, ''])
    return out
  }
  await site.until('up', async () => (await site.status()).get('web')?.status === 'operational')
  // The first round of the pages of the past ends with this one.
  await site.until('whole', async () => (await fetch(`${site.url}/en/method/`)).ok)
  return { site, run }
}

/** Milliseconds until all of these say so; those that never did fail it. */
async function published(site: TestSite, says: Readonly<Record<string, (text: string) => boolean>>): Promise<number> {
  const began = performance.now()
  for (const [path, holds] of Object.entries(says)) {
    await site.until(`${path} says it`, async () => holds(await site.get(`/${path}`)), 5_000)
  }
  return performance.now() - began
}

async function readAll(site: TestSite): Promise<Read> {
  const feeds = Object.fromEntries(await Promise.all(FEEDS.map(async (path) => [path, await site.get(`/${path}`)])))
  const input = JSON.stringify({ feeds, calendar: await site.get('/calendar.ics') })
  const read = JSON.parse(execFileSync('/usr/bin/python3', ['-c', READERS], { input, encoding: 'utf8' })) as Read
  for (const path of FEEDS) expect([path, read.feeds[path]!.bozo]).toEqual([path, null])
  return read
}

function statuspageOf(site: TestSite) {
  const client = new Statuspage('essai')
  client.setApiUrl(site.url)
  vi.stubEnv('no_proxy', '127.0.0.1')
  return client.api
}

const has = (words: string) => (text: string) => text.includes(words)

whenPresent(['python3', `${PACKAGES}/feedparser/__init__.py`, `${PACKAGES}/icalendar/__init__.py`])(
  'programs of others',
  () => {
    it('read an incident from its opening to its end, in both languages', async () => {
      const { site, run } = await open()
      const api = statuspageOf(site)
      const title = { fr: 'Envois & « retards »', en: 'Sending <late>' }
      const text = { fr: 'Nous **regardons**.', en: 'We are *looking*.' }
      const { id } = await post(site, '/incidents', {
        title,
        text,
        services: ['web'],
        impact: 'major',
        started: '2026-11-01T09:00Z',
      })
      const opened = await published(site, {
        'fr/': has('retards'),
        'en/': has('Sending &lt;late&gt;'),
        [`en/incidents/${id}/`]: has('We are <em>looking</em>'),
        'api/v2/summary.json': has(id),
        'api/vigie/status.json': has(id),
        'fr/feed.atom': has(id),
        'en/feed.atom': has(id),
        'history.rss': has(id),
        'outage.json': has('Sending'),
      })
      expect(opened).toBeLessThan(SOON)

      expect((await api.incidents.getUnresolved()).incidents).toMatchObject([
        {
          id,
          name: title.fr,
          status: 'investigating',
          impact: 'major',
          incident_updates: [{ body: 'Nous regardons.' }],
        },
      ])
      const outage = readOutage(await site.get('/outage.json'))!
      expect([outage.planned, outage.beginning.toISOString(), outage.end]).toEqual([
        false,
        '2026-11-01T09:00:00.000Z',
        null,
      ])
      expect([outage.say('en'), outage.say('fr'), outage.say('de')]).toEqual([
        'Sending <late>\nWe are looking.',
        'Envois & « retards »\nNous regardons.',
        'Envois & « retards »\nNous regardons.',
      ])
      const { feeds } = await readAll(site)
      expect(feeds['en/feed.atom']!.entries[0]).toMatchObject({
        title: expect.stringContaining('Sending'),
        link: `https://status.example/en/incidents/${id}/`,
        text: expect.stringContaining('We are <em>looking</em>'),
      })
      for (const path of FEEDS) expect(feeds[path]!.entries.filter((entry) => entry.id.includes(id))).not.toEqual([])

      // One language only: the other page shows it all the same, and says in which language it is.
      await run('incident', 'update', id, 'Le disque est plein.', '--status', 'identified')
      expect(
        await published(site, { 'en/': has('Le disque est plein.'), 'en/feed.atom': has('Le disque est plein.') }),
      ).toBeLessThan(SOON)
      expect(await site.get('/en/')).toMatch(/lang="fr"[^>]*>[\s\S]{0,200}Le disque est plein\./)
      expect((await api.incidents.getAll()).incidents[0]!.incident_updates.map(({ status }) => status)).toEqual([
        'identified',
        'investigating',
      ])

      await run('incident', 'resolve', id)
      expect(
        await published(site, {
          'outage.json': (said) => readOutage(said) === null,
          'api/v2/incidents/unresolved.json': (said) => !said.includes(id),
        }),
      ).toBeLessThan(SOON)
      expect((await api.incidents.getAll()).incidents[0]).toMatchObject({ id, status: 'resolved' })
      const entries = (await readAll(site)).feeds['fr/feed.atom']!.entries.filter((entry) => entry.id.includes(id))
      expect(entries).toHaveLength(1)
      expect(entries[0]!.text).toContain('Nous <strong>regardons</strong>')
      expect(entries[0]!.text).toContain('Le disque est plein')
    }, 40_000)

    it('read planned work, prolonged and called off, once and repeating', async () => {
      const { site, run } = await open()
      const api = statuspageOf(site)
      const planned = await post(site, '/maintenances', {
        ...{ title: { fr: 'Disque', en: 'Disk' }, text: { fr: 'Bref.', en: 'Short.' }, services: ['web'] },
        ...{ begins: 'now', for: '1h' },
      })
      const begun = await published(site, {
        'fr/': has('Disque'),
        'en/': has('Disk'),
        'calendar.ics': has(planned.id),
        'outage.json': has('"planned":true'),
        'api/v2/scheduled-maintenances/active.json': has(planned.id),
        'api/v2/components.json': has('under_maintenance'),
        'en/feed.atom': has('Disk'),
        'history.atom': has('Disk'),
      })
      expect(begun).toBeLessThan(SOON)
      const before = (await readAll(site)).events[0]!
      expect(before).toMatchObject({ sequence: 0, status: 'CONFIRMED', summary: 'Essai : Disque' })
      const outage = readOutage(await site.get('/outage.json'))!
      expect([outage.planned, outage.end!.getTime(), outage.say('en')]).toEqual([
        true,
        Date.parse(before.ends),
        'Disk\nShort.',
      ])
      // Its `getActive` asks for what is upcoming.
      expect((await api.getSummary()).scheduled_maintenances).toMatchObject([
        { id: planned.id, status: 'in_progress', scheduled_until: expect.any(String) },
      ])

      await run('maintenance', 'prolong', planned.id, '--for', '30m')
      expect(await published(site, { 'calendar.ics': has('SEQUENCE:1') })).toBeLessThan(SOON)
      const after = (await readAll(site)).events[0]!
      expect([after.uid, after.sequence, Date.parse(after.ends) - Date.parse(before.ends)]).toEqual([
        before.uid,
        1,
        1_800_000,
      ])

      await run('maintenance', 'prolong', planned.id, '--ends', 'now')
      const repeating = JSON.parse(
        await run(
          'maintenance',
          'plan',
          '--title',
          'Sauvegarde',
          '--text',
          'La nuit.',
          '--services',
          'web',
          '--begins',
          '2027-01-04 02:30',
          '--for',
          '1h',
          '--repeats',
          'FREQ=WEEKLY;COUNT=3',
          '--json',
        ),
      ) as { id: string; times: { id: string; begins: string }[] }
      expect(
        await published(site, {
          'calendar.ics': has('Sauvegarde'),
          'outage.json': (said) => readOutage(said) === null,
        }),
      ).toBeLessThan(SOON)
      await run('maintenance', 'cancel', repeating.id, '--time', '2027-01-11 02:30')
      expect(await published(site, { 'calendar.ics': has('STATUS:CANCELLED') })).toBeLessThan(SOON)
      const times = (await readAll(site)).events.filter(({ summary }) => summary.includes('Sauvegarde'))
      expect(times.map(({ begins, status }) => [begins, status])).toEqual([
        ['2027-01-04T01:30:00+00:00', 'CONFIRMED'],
        ['2027-01-11T01:30:00+00:00', 'CANCELLED'],
        ['2027-01-18T01:30:00+00:00', 'CONFIRMED'],
      ])
      expect(new Set(times.map(({ uid }) => uid)).size).toBe(3)
      const { scheduled_maintenances: upcoming } = await api.scheduledMaintenances.getUpcoming()
      const [first, , third] = repeating.times
      expect(new Set(upcoming.map(({ id }) => id))).toEqual(new Set([first!.id, third!.id]))
    }, 40_000)
  },
)
