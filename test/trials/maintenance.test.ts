// Work that was planned: it begins and ends by itself, over both clock changes of the year, and mutes what breaks meanwhile.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MINUTE, SECOND } from '../../src/core/time/time.ts'
import { post } from './posting.ts'
import { openStage, siteFile, stands, stays, subjects, wait, webFile } from './stage.ts'

const stage = openStage()
const PARIS = 'languages: [fr, en]\ntimezone: Europe/Paris\n'

it('mutes what breaks while it lasts, and mails once of what is still broken at its end', async () => {
  const relay = await stage.relay()
  const [web, files, mail] = [await stage.target(), await stage.target(), await stage.target()]
  const site = await stage.site({
    'site.yaml': siteFile({ relays: [relay] }),
    'web.yaml': webFile('Web', web),
    'files.yaml': webFile('Files', files),
    'mail.yaml': webFile('Mail', mail),
  })
  await site.until('up', stands(site, 'web', 'operational'))
  const plan = {
    title: { en: 'New disk' },
    text: { en: 'Short.' },
    services: ['web', 'files'],
    begins: 'now',
    for: '2h',
  }
  const { id } = await post(site, '/maintenances', plan)
  await site.until('blue', stands(site, 'web', 'under_maintenance'))

  // One comes and goes, as what is restarted does, and stays broken; one breaks and is mended; one isn't worked on.
  for (const how of [true, false, true, false, true]) {
    web.break(how)
    files.break(how)
    const looks = [web, files].map(({ asked }) => ({ asked, before: asked.length }))
    await site.until('seen', () => looks.every(({ asked, before }) => asked.length >= before + 4))
  }
  files.break(false)
  mail.break()
  await site.until('mailed of the third', () => relay.received.length === 1)
  await stays(site, 'web', 'under_maintenance', 1_500)
  expect(subjects(relay)).toEqual([expect.stringContaining('Mail')])

  const over = Date.now()
  await post(site, `/maintenances/${id}/prolong`, { ends: 'now' })
  await site.until('red', stands(site, 'web', 'major_outage'))
  await site.until('mailed', () => relay.received.length === 2)
  await site.until('green', stands(site, 'files', 'operational'))
  // So long a mail waits after a fall (`mail_after`): none about the one that was mended meanwhile.
  await wait(2_000)
  expect(subjects(relay).slice(1)).toEqual([expect.stringMatching(/Web .*down|Web .*en panne/)])

  web.break(false)
  await site.until('mailed of its end', () => relay.received.length === 3)
  // What was broken all within it is no outage; what stayed so is one.
  const feed = () => site.get('/en/feed.atom')
  await site.until('told in the feed, with what fell beside it', async () => (await feed()).includes('again: Web.'))
  expect(await feed()).not.toContain('outage/files-')
  // What outlasted the work began, for people, where that ended.
  const { outages } = JSON.parse(await site.get('/api/vigie/services/web.json'))
  expect(outages.map(({ since }: { readonly since: string }) => Date.parse(since) >= over)).toEqual([true])
  await site.until('told on its page', async () =>
    / maintenance ended at \d\d:\d\d, the outage did not\./.test(await site.get('/en/services/web/')),
  )
}, 60_000)

describe.each([
  ['in spring', '2027-03-28T00:30:00Z', '2027-03-28T01:30:00Z', '2027-03-28 01:30', '2027-03-28 03:30'],
  ['in autumn', '2026-10-24T23:30:00Z', '2026-10-25T02:30:00Z', '2026-10-25 01:30', '2026-10-25 03:30'],
])('a time across the clock change %s', (_, begins, ends, from, to) => {
  it.each([null, 'FREQ=WEEKLY;BYDAY=SU'])(
    'begins and ends by itself, as clocks show it (repeats: %s)',
    async (repeats) => {
      const data = join(mkdtempSync(join(tmpdir(), 'vigie-trial-')), 'data')
      stage.ends(() => rmSync(join(data, '..'), { recursive: true, force: true }))
      const web = await stage.target()
      const files = { 'site.yaml': siteFile({}) + PARIS, 'web.yaml': webFile('Web', web) }
      // Its clocks stand still until it has started, however long that takes here.
      const liveAt = async (moment: number) => {
        let started: number | null = null
        const lived = () => (started === null ? 0 : performance.now() - started)
        const site = await stage.site(files, { data, wall: () => moment + lived(), monotonic: lived })
        started = performance.now()
        return site
      }
      const first = await liveAt(Date.parse(begins) - 6 * SECOND)
      const plan = { title: { fr: 'Disque' }, text: { fr: 'Bref.' }, services: ['web'], begins: from, ends: to }
      const { times } = await post(first, '/maintenances', repeats === null ? plan : { ...plan, repeats })
      expect((times as object[])[0]).toMatchObject({ begins: isoOf(begins), ends: isoOf(ends) })
      await first.until('up', stands(first, 'web', 'operational'))
      await first.until('blue', stands(first, 'web', 'under_maintenance'))
      const page = await first.get('/fr/maintenance/')
      expect(page).toContain('01:30')
      expect(page).toContain('03:30')
      const calendar = await first.get('/calendar.ics')
      expect(calendar).toContain(`DTSTART:${compact(begins)}`)
      expect(calendar).toContain(`DTEND:${compact(ends)}`)
      if (repeats !== null) expect(calendar.match(/T003000Z|T233000Z/g)?.length).toBeGreaterThan(4)
      await first.stop()

      const second = await liveAt(Date.parse(ends) - 6 * SECOND)
      await second.until('still blue', stands(second, 'web', 'under_maintenance'))
      await second.until('over', stands(second, 'web', 'operational'))
      const { services } = JSON.parse(await second.get('/api/vigie/status.json')) as {
        services: { since: string }[]
      }
      const since = Date.parse(services[0]!.since) - Date.parse(ends)
      expect(since).toBeGreaterThanOrEqual(0)
      // Not an hour off; how soon after its end it is seen is the machine's.
      expect(since).toBeLessThan(MINUTE)
    },
    60_000,
  )
})

function isoOf(moment: string): string {
  return new Date(moment).toISOString()
}

function compact(moment: string): string {
  return moment.replace(/[-:]/g, '')
}
